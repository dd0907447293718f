from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr.git.changes import changes_asked
from okr.git.text import safe_paragraph
from okr.log_lines import record_line
from okr.operations.audit.auditing import Kind, audit
from okr.operations.checkin.messages import trailer
from okr.operations.record.listening import listening
from okr.operations.record.log_names import Names
from okr.operations.record.plan_history import plan_commits, plan_commits_heard
from okr.operations.record.recorded import Past
from okr.sources import Folder
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okr.operations.audit.auditing import AuditFinding
    from okr.operations.record.listening import Listening

PLAN = """\
objectives:
  - id: a
    title: Be known
    key_results:
      - {id: x, title: Visits, from: 0, to: TARGET}
      - {id: y, title: Leads, from: 0, to: 100}
"""
FILES = {
    "okr.yaml": "name: Acme\n",
    "org.yaml": "teams: [{id: t0, name: T0}, {id: t1, name: T1}]\n"
    "people: [{id: p0, name: P0, email: p0@acme.example}, {id: p1, name: P1, email: p1@acme.example}]\n",
    "okrs/2026-Q4/t0.yaml": PLAN.replace("TARGET", "100"),
    "okrs/2026-Q4/t1.yaml": PLAN.replace("TARGET", "100"),
}
NOTES = [
    "",
    "Live now",
    "Live now",
    "Live",
    "5 new: all good",
    'say "x"',
    "🎉",
    "one\n\ntwo",
    "see OKR-Checkin: x",
    "now",
]
STEPS = [
    "round", "hand", "signed_off", "other_author", "late", "empty", "hidden_edit", "hidden_note", "hidden_author",
    "hidden_removal", "edit", "remove", "again", "layout", "broken", "plan", "revert", "branch", "merge", "squash",
]  # fmt: skip

Files = dict[str, str]
Fields = dict[str, int | float | str]


@dataclass
class Draft:
    """A commit about to be made: to begin with, a check-in as `okr checkin` makes it."""

    author: str
    message: str
    files: Files
    parents: list[int]
    day: date
    path: str
    before: str
    line: str
    team: str
    fields: Fields


class History:
    """A history under way: each step makes a commit, out of what there is and of chance."""

    def __init__(self, folder: Path, data: st.DataObject) -> None:
        self.folder = folder
        self.data = data
        self.day = date(2026, 10, 5)
        self.parts: list[bytes] = []
        self.versions: list[Files] = [{}]
        self.side = 1
        self.borrowed: set[str] = set()
        self.commit("p0", "Plan everything", FILES, [], self.day)

    def pick(self, choices: Sequence[str]) -> str:
        return self.data.draw(st.sampled_from(choices))

    def commit(self, person: str, message: str, files: Files, parents: Sequence[int], day: date) -> None:
        number = len(self.versions)
        when = datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=number)
        who = f"{person.upper()} <{person}@acme.example> {when.timestamp():.0f} +0000"
        part = f"commit refs/heads/main\nmark :{number}\nauthor {who}\ncommitter {who}\n".encode() + told(
            message
        )
        for kind, parent in zip(("from", "merge"), parents, strict=False):
            part += f"{kind} :{parent}\n".encode()
        gone = {path for parent in parents for path in self.versions[parent]} - {*files}
        part += b"".join(f"M 644 inline {path}\n".encode() + told(text) for path, text in files.items())
        self.parts.append(part + "".join(f"D {path}\n" for path in gone).encode())
        self.versions.append(files)

    def step(self, what: str) -> None:
        self.day += timedelta(days=self.data.draw(st.integers(0, 2)))
        draft = self.checkin(self.pick(["t0", "t1"]), self.pick(["p0", "p1"]))
        getattr(self, what, lambda _: None)(draft)
        self.commit(draft.author, draft.message, draft.files, draft.parents, draft.day)

    def checkin(self, team: str, person: str) -> Draft:
        files = self.versions[-1]
        path = f"checkins/2026-Q4/{team}.yaml"
        fields = self.fields(person, self.pick(["a/x", "a/y"]))
        line = f"- {record_line(fields)}\n"
        note = safe_paragraph(str(fields.get("note", "")))
        message = f"okr: {team}/{fields['kr']} 1\n\n" + (f"{note}\n\n" if note else "") + claim(team, fields)
        before = files.get(path, "")
        parents = [len(self.versions) - 1]
        return Draft(
            person,
            message,
            files | {path: before + line},
            parents,
            self.day,
            path,
            before,
            line,
            team,
            fields,
        )

    def fields(self, person: str, kr: str) -> Fields:
        time = f"T09:{len(self.versions):02}:00+02:00" if self.data.draw(st.booleans()) else ""
        fields: Fields = {
            "date": f"{self.day}{time}",
            "kr": kr,
            "value": self.data.draw(st.sampled_from([1, 1.5])),
        }
        fields["by"] = person
        if note := self.pick(NOTES):
            fields["note"] = note
        return fields

    # Steps: what is odd about a commit

    def round(self, draft: Draft) -> None:
        other = self.fields(draft.author, "a/y" if draft.fields["kr"] == "a/x" else "a/x")
        both = (draft.fields, other)
        listed = "\n".join(
            f"{draft.team}/{each['kr']} 1"
            + (f": {' '.join(str(each['note']).split())}" if "note" in each else "")
            for each in both
        )
        claims = "".join(claim(draft.team, each) for each in both)
        draft.message = f"okr: 2 check-ins\n\n{safe_paragraph(listed)}\n\n{claims}"
        draft.files = draft.files | {draft.path: f"{draft.files[draft.path]}- {record_line(other)}\n"}

    def hand(self, draft: Draft) -> None:
        draft.message = "By hand"

    def signed_off(self, draft: Draft) -> None:
        draft.message += "Signed-off-by: P0 <p0@acme.example>\n"

    def other_author(self, draft: Draft) -> None:
        draft.author = "p1" if draft.author == "p0" else "p0"
        self.borrowed.add(draft.line)

    def late(self, draft: Draft) -> None:
        draft.day += timedelta(days=10)

    def empty(self, draft: Draft) -> None:
        draft.files = self.versions[-1]

    def change(self, draft: Draft, old: str, new: str, *, hidden: bool) -> None:
        lines = draft.before.splitlines(keepends=True)
        places = [at for at, line in enumerate(lines) if old in line]
        if places:
            at = self.data.draw(st.sampled_from(places))
            lines[at] = lines[at].replace(old, new) if old else ""
            draft.files = draft.files | {draft.path: "".join(lines) + (draft.line if hidden else "")}
            draft.message = draft.message if hidden else "Correct"

    def hidden_edit(self, draft: Draft) -> None:
        self.change(draft, "value: 1,", "value: 2,", hidden=True)

    def hidden_note(self, draft: Draft) -> None:
        self.change(draft, "note: Live now", "note: Live", hidden=True)

    def hidden_author(self, draft: Draft) -> None:
        if not any(line in draft.before for line in self.borrowed):  # which contents alone tell of: see below
            self.change(draft, "by: p0", "by: p1", hidden=True)

    def hidden_removal(self, draft: Draft) -> None:
        self.change(draft, "", "", hidden=True)

    def edit(self, draft: Draft) -> None:
        self.change(draft, "value: 1", "value: 2", hidden=False)

    def remove(self, draft: Draft) -> None:
        self.change(draft, "", "", hidden=False)

    def again(self, draft: Draft) -> None:
        draft.files = draft.files | {
            draft.path: draft.before + "".join(draft.before.splitlines(keepends=True)[-1:])
        }

    def layout(self, draft: Draft) -> None:
        draft.files, draft.message = draft.files | {draft.path: f"# Log\n{draft.before}"}, "Tidy"

    def broken(self, draft: Draft) -> None:
        draft.files, draft.message = draft.files | {draft.path: f"<<<<\n{draft.before}"}, "Oops"

    def plan(self, draft: Draft) -> None:
        plan = PLAN.replace("TARGET", self.pick(["100", "80"]))
        draft.files, draft.message = self.versions[-1] | {f"okrs/2026-Q4/{draft.team}.yaml": plan}, "Move"

    def revert(self, draft: Draft) -> None:
        draft.files, draft.message = self.versions[-2] or draft.files, "Revert"

    def branch(self, _: Draft) -> None:
        self.side = len(self.versions) - 1

    def merge(self, draft: Draft) -> None:
        there = self.versions[self.side]
        self.commit(
            draft.author, draft.message, there | {draft.path: there.get(draft.path, "") + draft.line}, [self.side],
            draft.day,
        )  # fmt: skip
        draft.files = draft.files | {draft.path: draft.before + self.pick([draft.line, draft.line, ""])}
        draft.parents, draft.message = [*draft.parents, len(self.versions) - 1], "Merge"

    def squash(self, draft: Draft) -> None:
        draft.message = "Squashed commit\n\n    " + draft.message.replace("\n", "\n    ") + "\n"

    # The end

    def write(self) -> None:
        whole = {path: text.replace("<<<<\n", "") for path, text in self.versions[-1].items()}
        if whole != self.versions[-1]:
            self.commit("p0", "Mend", whole, [len(self.versions) - 1], self.day)
        environment = {name: each for name, each in os.environ.items() if not name.startswith("GIT_")}
        environment["GIT_CONFIG_GLOBAL"] = os.devnull
        for arguments, said in (
            (("init", "--quiet", "--initial-branch=main"), b""),
            (("fast-import", "--quiet"), b"".join(self.parts)),
            (("reset", "--quiet", "--hard"), b""),
        ):
            subprocess.run(["git", *arguments], cwd=self.folder, input=said, env=environment, check=True)


def told(text: str) -> bytes:
    """A text as `git fast-import` takes it."""
    said = text.encode()
    return f"data {len(said)}\n".encode() + said + b"\n"


def claim(team: str, fields: Fields) -> str:
    key, value = trailer(f"2026-Q4/{team}/{fields['kr']}", fields)
    return f"{key}: {value}\n"


def findings(folder: Path, *, every_commit: bool) -> tuple[AuditFinding, ...]:
    workspace = Workspace(Folder(folder), as_of=date(2026, 12, 31), title="acme")
    with listening(folder) as heard:
        return audit(workspace, heard, every_commit=every_commit).findings


def merged(heard: Listening) -> set[str]:
    """The merges whose plans none of their parents has."""
    assert heard.messages is not None
    with changes_asked(heard.repo, ["okrs"]) as asked:
        for head in heard.messages.heads:
            asked.ask(head.partition(b" ")[0])
        return {each.commit for each in asked.answers() if len(each.before) > 1}


def agree(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        history = History(Path(temporary), data)
        for what in data.draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=3)):
            for _ in range(data.draw(st.integers(0, 3))):
                history.step("nothing odd")
            history.step(what)
        history.write()
        assert findings(history.folder, every_commit=False) == findings(history.folder, every_commit=True)
        with listening(history.folder) as heard:
            assert heard is not None
            assert heard.messages is not None
            assert [*heard.messages]
            past = Past(heard.repo, Names("", {}), shallow=False, empty=False)
            as_git_has_it = plan_commits(past.repo, past.names)
            assert plan_commits_heard(past, heard.messages, None) == as_git_has_it
            own = merged(heard)
            assert plan_commits_heard(past, heard.messages, None, own) == as_git_has_it


@settings(max_examples=14, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_messages_are_believed_only_where_contents_say_the_same(data: st.DataObject) -> None:
    agree(data)


class Scripted:
    """Chance that gives what it was told to."""

    def __init__(self, *drawn: object) -> None:
        self.drawn = iter(drawn)

    def draw(self, _: object) -> object:
        return next(self.drawn)


LIVE_NOW = (0, "t1", "p0", "a/x", False, 1, "Live now")
"""A check-in: the days since the one before, team, person, key result, whether it has a time, value, note."""


@pytest.mark.parametrize(
    ("steps", "drawn", "expected"),
    [
        pytest.param(
            ["nothing odd", "hidden_note", "edit"],
            [*LIVE_NOW, 0, "t1", "p0", "a/x", False, 1.5, "", 0, 0, "t1", "p0", "a/x", False, 1, "", 0],
            ["value 1 → 2", "note “Live now” → Live"],
            id="a note changed under cover, the value openly afterwards",
        ),
        pytest.param(
            ["nothing odd", "hidden_author", "edit"],
            [
                0,
                "t1",
                "p0",
                "a/x",
                True,
                1,
                "",
                0,
                "t1",
                "p0",
                "a/x",
                False,
                1,
                "",
                0,
                0,
                "t1",
                "p0",
                "a/x",
                False,
                1,
                "",
                0,
            ],
            ["value 1 → 2", "by p0 → p1"],
            id="a name changed under cover, the value openly afterwards",
        ),
        pytest.param(
            ["hand", "hidden_removal"],
            [0, "t1", "p0", "a/x", False, 1, "", *LIVE_NOW, 0],
            ["note none → “Live now”"],
            id="a line by hand replaced under cover",
        ),
    ],
)
def test_what_is_changed_under_cover_is_found(
    steps: list[str], drawn: list[object], expected: list[str], tmp_path: Path
) -> None:
    history = History(tmp_path, Scripted(*drawn))  # type: ignore[arg-type] # stands in for what hypothesis draws
    for step in steps:
        history.step(step)
    history.write()
    found = findings(tmp_path, every_commit=False)
    assert found == findings(tmp_path, every_commit=True)
    changed = [each.message for each in found if each.kind is Kind.LINE_CHANGED]
    assert [message.partition(": ")[2].removesuffix(".") for message in changed] == expected


def test_a_borrowed_name_that_was_given_back_under_cover_is_found_in_contents_alone(tmp_path: Path) -> None:
    history = History(tmp_path, Scripted(*LIVE_NOW, 0, "t1", "p0", "a/y", False, 1, "", 0))  # type: ignore[arg-type] # as above
    history.step("other_author")
    history.borrowed.clear()
    history.step("hidden_author")
    history.write()
    assert [each.kind for each in findings(tmp_path, every_commit=False)] == []
    assert Kind.LINE_CHANGED in {each.kind for each in findings(tmp_path, every_commit=True)}


@pytest.mark.slow
@settings(max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_in_very_many_histories(data: st.DataObject) -> None:
    agree(data)

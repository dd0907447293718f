"""Every way in which a file can't be read, and what is found of it: nothing else, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Place, Severity
from okr.rules.engine import diagnose, reading_diagnostics
from okr.sources import Folder
from okr.workspace import Workspace
from tests.conftest import TODAY
from tests.rules.cases import TWO, expect

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace, WriteWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
CYCLE = "okrs/2026-Q4/cycle.yaml"

MARKED = {
    "an indentation that fits nothing": (PLAN, "objectives:\n  - id: a\n  ⟦title⟧: b\n", "OKR104", ""),
    "a tab": (PLAN, "objectives:\n⟦\t⟧- id: a\n", "OKR105", "tab"),
    "a conflict": (
        PLAN,
        "⟦<<<<<<<⟧ HEAD\nobjectives: []\n=======\nobjectives: [1]\n>>>>>>> other\n",
        "OKR106",
        "merge conflict",
    ),
    "a key twice": (PLAN, TWO.replace("title: Make", "id: a\n    title: Make", 1).replace("    id: a", "    ⟦id⟧: a"), "OKR107", "`id` stands twice"),
    "two documents": (PLAN, TWO + "⟦---⟧\nobjectives: []\n", "OKR108", "document"),
    "an anchor": (PLAN, TWO.replace("id: first", "id: ⟦&a first⟧"), "OKR109", "anchor"),
    "a tag": (PLAN, TWO.replace("id: first", "id: ⟦!!str first⟧"), "OKR110", "tag"),
    "another tool's settings": ("okr.yaml", "⟦repos⟧: []\n", "OKR111", "another tool's"),
    "an unknown key": (PLAN, TWO.replace("id: first", "id: first\n    ⟦titel⟧: x"), "OKR112", "has no key “titel”"),
    "an unknown setting": ("okr.yaml", "name: A\n⟦year_start⟧: 2\n", "OKR112", "“year_start”"),
    "no title": (PLAN, TWO.replace("- id: first\n    title: Make people come back\n", "- ⟦id: first⟧\n", 1), "OKR113", "no `title`"),
    "an empty plan": (PLAN, "⟦⟧# to come\n", "OKR113", "this plan is empty"),
    "a text for a list": (PLAN, "objectives: ⟦none⟧\n", "OKR114", "`objectives` must be a list"),
    "a number for a text": (PLAN, TWO.replace("Make people come back", "⟦7⟧", 1), "OKR114", "“7” is not a text"),
    "an empty value": (PLAN, TWO.replace("title: Make people come back", "⟦title⟧:", 1), "OKR114", "`title` is empty"),
    "a number with separators": (PLAN, TWO.replace("to: 200", "to: ⟦'20,000'⟧", 1), "OKR114", "“20,000” is not a number"),
    "infinity": (PLAN, TWO.replace("to: 200", "to: ⟦.inf⟧", 1), "OKR114", "too large"),
    "a line that is no mapping": (LOG, "- ⟦nothing⟧\n", "OKR114", "must be a mapping"),
    "a log that is no list": (LOG, "⟦a: b⟧\n", "OKR114", "must be a list"),
    "capitals in an id": (PLAN, TWO.replace("id: first", "id: ⟦First⟧"), "OKR115", "“First” is no id"),
    "a state that isn't one": (CYCLE, "state: ⟦over⟧\n", "OKR115", "“over”"),
    "a day that isn't one": (CYCLE, "starts: ⟦2026-02-30⟧\n", "OKR115", "there is no day 2026-02-30"),
    "a grade above 1": (PLAN, TWO.replace("to: 200", "to: 200, grade: ⟦7⟧", 1), "OKR115", "“7” is more than 1"),
    "dates the wrong way round": (
        CYCLE,
        "starts: 2026-12-31\nends: ⟦2026-10-01⟧\n",
        "OKR118",
        "ends on 2026-10-01, before it starts on 2026-12-31",
    ),
}  # fmt: skip

STRAYS = {
    "okrs/2026-Q4/sales.yml": "rename it to sales.yaml",
    "okrs/2026-Q4/Sales Team.yaml": "rename it to sales-team.yaml, or otherwise after its owner's id",
    "okrs/2026-Q4/営業.yaml": "name it after its owner: lower-case letters, digits and hyphens",
    "okrs/sales.yaml": "move it to okrs/<cycle>/sales.yaml",
    "checkins/sales.yaml": "move it to checkins/<cycle>/sales.yaml",
    "okrs/2026-Q4/team/sales.yaml": "move it to okrs/2026-Q4/sales.yaml",
}


@pytest.mark.parametrize(("path", "text", "code", "phrase"), MARKED.values(), ids=MARKED)
def test_what_is_wrong_with_a_file_is_found_once(
    open_workspace: OpenWorkspace, path: str, text: str, code: str, phrase: str
) -> None:
    (found,) = expect(open_workspace, {PLAN: TWO} | {path: text}, [(code, phrase)])
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize("text", ["objectives: [\n", 'objectives: "\n', "a: b: c\n"])
def test_what_is_no_yaml(open_workspace: OpenWorkspace, text: str) -> None:
    (found,) = diagnose(open_workspace({PLAN: text}))
    assert (found.code, found.finding.path) == ("OKR104", PLAN)
    assert found.finding.place.line in {1, 2}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"objectives: \xff\n", "OKR102"), (b"objectives: a\x00b\n", "OKR102"), (b"[" * 5000, "OKR103")],
    ids=["no UTF-8", "a NUL byte", "too deep"],
)
def test_bytes_that_are_no_text(write_workspace: WriteWorkspace, content: bytes, code: str) -> None:
    root = write_workspace({PLAN: ""})
    (root / PLAN).write_bytes(content)
    (found,) = diagnose(Workspace(Folder(root), as_of=TODAY, title="acme"))
    assert (found.code, found.finding.path, found.finding.place.line) == (code, PLAN, 1)


def test_a_link_out_of_the_workspace_is_not_followed(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({PLAN: TWO})
    outside = root.parent / "outside.yaml"
    outside.write_text(TWO)
    (root / PLAN).unlink()
    (root / PLAN).symlink_to(outside)
    (found,) = diagnose(Workspace(Folder(root), as_of=TODAY, title="acme"))
    assert (found.code, found.finding.path) == ("OKR101", PLAN)


@pytest.mark.parametrize(
    "text", ["\ufeff" + TWO, TWO.replace("\n", "\r\n")], ids=["a byte order mark", "CRLF"]
)
def test_what_is_unusual_but_clear_is_fine(open_workspace: OpenWorkspace, text: str) -> None:
    expect(open_workspace, {PLAN: text})


@pytest.mark.parametrize(("path", "hint"), STRAYS.items(), ids=STRAYS)
def test_files_that_nothing_reads(open_workspace: OpenWorkspace, path: str, hint: str) -> None:
    found = [each for each in diagnose(open_workspace({PLAN: TWO, path: TWO})) if each.code == "OKR116"]
    assert [(each.finding.path, each.finding.place, each.finding.hint) for each in found] == [
        (path, Place(), hint)
    ]


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"okrs/summer/marketing.yaml": TWO}, "okrs/summer/marketing.yaml"),
        ({"okrs/2026-Q5/marketing.yaml": TWO}, "okrs/2026-Q5/marketing.yaml"),
        ({"okrs/summer/cycle.yaml": "starts: 2026-06-01\n"}, "okrs/summer/cycle.yaml"),
        ({"checkins/summer/marketing.yaml": "[]\n"}, "checkins/summer/marketing.yaml"),
        ({"okrs/summer/notes.txt": ""}, "okrs/summer"),
    ],
    ids=["a name", "a quarter that isn't one", "no end", "a log", "no file of ours"],
)
def test_a_cycle_has_days(open_workspace: OpenWorkspace, files: dict[str, str], path: str) -> None:
    found = [each for each in diagnose(open_workspace({PLAN: TWO} | files)) if each.code == "OKR117"]
    assert [(each.finding.path, each.finding.place) for each in found] == [(path, Place())]


@pytest.mark.parametrize(
    ("facts", "code"),
    [("starts: soon\nends: 2026-07-01\n", "OKR115"), ("starts: [\n", "OKR104")],
)
def test_a_cycle_whose_days_cannot_be_read_is_one_finding(
    open_workspace: OpenWorkspace, facts: str, code: str
) -> None:
    found = diagnose(open_workspace({"okrs/summer/cycle.yaml": facts, "okrs/summer/marketing.yaml": TWO}))
    assert [each.code for each in found] == [code]


def test_a_cycle_of_its_own_days_is_fine(open_workspace: OpenWorkspace) -> None:
    facts = "starts: 2026-06-01\nends: 2026-06-01\n"
    expect(open_workspace, {"okrs/summer/cycle.yaml": facts, "okrs/summer/marketing.yaml": TWO})


def test_everything_is_found_at_once(open_workspace: OpenWorkspace) -> None:
    """A file that isn't YAML keeps nothing of the others from being read."""
    expect(
        open_workspace,
        {
            "okr.yaml": "name: A\n⟦nmae⟧: B\n",
            "okrs/2026-Q4/a.yaml": "objectives:\n⟦\t⟧- id: a\n",
            PLAN: TWO.replace("id: first", "id: ⟦First⟧").replace("to: 200", "to: ⟦many⟧", 1),
        },
        [("OKR112", "“nmae”"), ("OKR105", "tab"), ("OKR115", "“First”"), ("OKR114", "“many”")],
    )


def test_an_answer_knows_what_it_could_not_read(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace({PLAN: TWO.replace("to: 200", "to: many", 1), "okrs/2026-Q3/a.yaml": "a: [\n"})
    workspace.plans("2026-Q4")
    assert [(each.code, each.name, each.severity) for each in reading_diagnostics(workspace)] == [
        ("OKR114", "wrong-type", Severity.ERROR)
    ]
    workspace.load_everything()
    assert [each.code for each in reading_diagnostics(workspace)] == ["OKR104", "OKR114"]

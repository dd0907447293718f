"""`okr demo`: an example workspace as a git repository in which a quarter of check-ins has been made.

The plans are committed as the quarter begins; then every check-in is a commit of its own, with its day and its
author. What the demo shows of it is for the command.
"""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from okr.contents import CheckIn, KeyResult, Objective
from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.model import ObjectiveType
from okr.operations.assessing import assess_key_result, readings
from okr.operations.checkin.messages import Said, commit_message, trailer
from okr.operations.checkin.recording import fields_of
from okr.repository import Repository, create_repository, run, safe_line
from okr.scoring import Span, assess
from okr.sources import Folder, Overlay
from okr.workspace import LOGS, PLANS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable

    from okr.contents import Record
    from okr.cycles import Cycle
    from okr.operations.assessing import KeyResultState
    from okr.scoring import Assessment

TODAY = date(2026, 11, 23)
"""The day that counts as today in the examples."""

_REPORT = "this is a bug of okr's; please report it"
_STEP = timedelta(minutes=7)
_MORNING = time(9, 0, tzinfo=UTC)
_KEPT_OF_GIT = "GIT_EXEC_PATH"  # where a git that was moved keeps its programs


@dataclass(frozen=True, slots=True)
class CheckinToShow:
    """A check-in that the demo makes before the reader's eyes."""

    by: str
    reference: str
    value: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Example:
    """An example workspace and what the demo does with it.

    Attributes:
        name: its folder below `examples/`.
        broken_file: the file in which something is mistyped, to be found by `okr validate`.
        slips: what is mistyped in it: pairs of right and wrong text.
        checkin: the check-in that is made.
    """

    name: str
    broken_file: str
    slips: tuple[tuple[str, str], ...]
    checkin: CheckinToShow

    def broken(self, text: str) -> str:
        """The text of the broken file, with each slip made once."""
        for right, wrong in self.slips:
            text = text.replace(right, wrong, 1)
        return text


EXAMPLES = {
    "en": Example(
        "startup",
        "okrs/2026-Q4/growth.yaml",
        (
            ("supports: 2026/company/habit ", "supports: 2026/company/habits"),
            ("        weight: 2\n", "        wieght: 2\n"),
            (
                "title: Win a loyal following among German developers",
                "title: Win 500 loyal German developers",
            ),
        ),
        CheckinToShow("priya", "signups", "296", "0.8", "Referral link is in every footer"),
    ),
    "fr": Example(
        "agence",
        "okrs/2026-Q4/communication.yaml",
        (
            ("supports: 2026/agence/reference ", "supports: 2026/agence/references"),
            ("        weight: 2\n", "        wieght: 2\n"),
            ("title: Renforcer la notoriété de la marque", "title: Augmenter la notoriété de 30 %"),
        ),
        CheckinToShow("jules", "publications", "13", "0.7", "Deux articles dans la presse régionale"),
    ),
}
"""The examples by language."""


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A check-in of the running quarter: its record, and the moment of its commit."""

    record: Record
    owner: str
    cycle: str
    moment: datetime

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line that it stands on."""
        return self.record.source.path, self.record.source.place().line


@dataclass(frozen=True, slots=True)
class _Commit:
    """A commit to be made: the files that it writes, whole."""

    files: Mapping[str, bytes]
    message: str
    who: _Person
    moment: datetime


def example_files(name: str) -> dict[str, bytes]:
    """An example workspace's files, by their paths: from the installed package or from the checkout.

    Raises:
        OkrError: okr was installed without its examples.
    """
    package = resources.files("okr")
    # In a checkout the examples lie beside the package; a wheel carries them inside it.
    for folder in (package / "examples" / name, Path(str(package)).parent / "examples" / name):
        if folder.is_dir():
            return dict(_files_below(folder, ""))
    raise OkrError(f"the example “{name}” was not installed with okr", "install okr again, from its wheel")


def _files_below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _files_below(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry.read_bytes()


@contextlib.contextmanager
def git_of_its_own(nowhere: Path) -> Iterator[None]:
    """Lets git, here and in what is started meanwhile, see no setting, template or identity of the user's.

    Args:
        nowhere: an empty folder, which stands for the user's home and for git's templates.
    """
    before = dict(os.environ)
    for variable in before:
        if variable.startswith("GIT_") and variable != _KEPT_OF_GIT:
            del os.environ[variable]
    os.environ.update(
        {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TEMPLATE_DIR": str(nowhere),
            "GIT_TERMINAL_PROMPT": "0",
            # Git before 2.32 does not know GIT_CONFIG_GLOBAL.
            "HOME": str(nowhere),
            "XDG_CONFIG_HOME": str(nowhere),
        }
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def build(files: Mapping[str, bytes], folder: Path, today: date) -> Repository:
    """Makes a folder the repository of a workspace, with the commits of its running cycle.

    What was before the cycle is the first commit; the plans of the cycle follow, one commit an owner; then every
    check-in as a commit of its own; drafts of later cycles two weeks before today. In the end each file is byte
    for byte as it was given.

    Args:
        files: the workspace's files as they are today.
        folder: an empty folder.
        today: the day that counts as today.
    """
    whole = Workspace(Overlay(Folder(folder), dict(files)), as_of=today, title=folder.name)
    repository = create_repository(folder)
    # What is long past needs no hooks, locks or checks: a hundred commits in one go, in a blink.
    run(repository, "fast-import", "--quiet", input=_stream(_Replay(whole, files).commits()))
    run(repository, "reset", "--hard", "--quiet")
    return repository


def set_identity(repository: Repository, workspace: Workspace, person: str) -> None:
    """Makes a person of the workspace the one at the keyboard, in this repository alone."""
    who = _person(workspace, person)
    run(repository, "config", "user.name", who.name)
    run(repository, "config", "user.email", who.email)


class _Replay:
    """A workspace's files, turned into commits in the order in which they would have come about."""

    def __init__(self, whole: Workspace, files: Mapping[str, bytes]) -> None:
        self.whole = whole
        self.files = files
        self.cycle: Cycle = whole.current_cycle
        self.lines = self._lines()
        self.moments = {line.place: line.moment for line in self.lines}
        self.head = next((team.id for team in whole.org.teams if team.parent is None), "")

    def commits(self) -> list[_Commit]:
        """All commits, the earliest first."""
        eve = datetime.combine(self.cycle.starts - timedelta(days=1), _MORNING)
        drafts_at = datetime.combine(self.whole.as_of - timedelta(days=14), _MORNING) - _STEP
        drafts = {path: content for path, content in self.files.items() if self._begins_later(path)}
        plans = {path for path in self.files if path.startswith(f"{PLANS}/{self.cycle.name}/")}
        logs = {line.record.source.path for line in self.lines}
        first = {path: text for path, text in self.files.items() if path not in {*drafts, *plans, *logs}}
        for path in logs:
            # A log without any check-in yet is not there yet.
            if text := self._log_at(path, eve):
                first[path] = text
        commits = [self._commit(first, "Keep our goals in git", self.head, eve)]
        commits += self._plans(plans, eve)
        commits += [self._checkin(line) for line in self.lines]
        if drafts:
            commits.append(self._commit(drafts, "Draft what comes next", self.head, drafts_at))
        return sorted(commits, key=lambda commit: commit.moment)

    def _lines(self) -> list[_Line]:
        """The check-ins since the cycle began, in the order of their commits."""
        found: list[tuple[str, str, Record]] = []
        for name in self.whole.cycles:
            for log in self.whole.logs(name):
                found += [(name, log.owner, record) for record in log.records]
        kpis = self.whole.kpi_log
        found += [("", "", record) for record in (kpis.records if kpis else ())]
        made: dict[date, int] = {}
        lines = []
        for cycle, owner, record in sorted(found, key=lambda each: each[2].definition.date.order):
            said = record.definition.date
            if said.day < self.cycle.starts:
                continue
            earlier = made.get(said.day, 0)
            made[said.day] = earlier + 1
            moment = said.time or datetime.combine(said.day, _MORNING) + earlier * _STEP
            lines.append(_Line(record, owner, cycle, moment))
        return sorted(lines, key=lambda line: line.moment)

    def _begins_later(self, path: str) -> bool:
        top, _, rest = path.partition("/")
        cycle = self.whole.cycles.get(rest.partition("/")[0]) if top in {PLANS, LOGS} else None
        return cycle is not None and cycle.span is not None and cycle.span.starts > self.whole.as_of

    def _plans(self, plans: set[str], eve: datetime) -> Iterator[_Commit]:
        """One commit for each owner's plan; the cycle's own facts come with the first."""
        facts = {path for path in plans if path.endswith("/cycle.yaml")}
        for number, plan in enumerate(self.whole.plans(self.cycle.name), start=1):
            files = {path: self.files[path] for path in {plan.path, *facts}}
            subject = f"Plan {self.cycle.name}: {self.whole.owner(plan.owner).name}"
            yield self._commit(files, subject, plan.owner, eve + timedelta(hours=5) + number * _STEP)
            facts = set()

    def _checkin(self, line: _Line) -> _Commit:
        """The commit of one check-in, with the message that `okr checkin` would have given it."""
        path = line.record.source.path
        definition = line.record.definition
        said = self._said_of_kpi(line) if definition.kr is None else self._said(line)
        message = commit_message([said])
        if definition.retracts is not None:
            message = f"okr: {said.reference.partition('/')[2]} takes back {definition.retracts}"
        # As on the day: by the id that the line has, though it may have got another one since.
        written = f"kpis/{definition.kpi}" if definition.kpi else f"{line.cycle}/{line.owner}/{definition.kr}"
        key, value = trailer(written, said.fields)
        author = definition.by or line.owner or self.head
        files = {path: self._log_at(path, line.moment)}
        return self._commit(files, f"{message}\n\n{key}: {safe_line(value)}", author, line.moment)

    def _said_of_kpi(self, line: _Line) -> Said:
        kpi = self.whole.kpi(line.record.definition.kpi or "")
        if kpi is None:
            raise OkrError(
                f"the example measures a KPI it does not have: {line.record.definition.kpi}", _REPORT
            )
        measured = [
            made for made in self._made(self.whole.measurements(kpi.definition.id), line) if made.counts
        ]
        last = measured[-1].record.definition.value if measured else None
        fields = fields_of(line.record.source.data)
        return Said(f"kpis/{kpi.definition.id}", fields, kpi.definition.unit, last, None, None, None)

    def _said(self, line: _Line) -> Said:
        written = f"{line.cycle}/{line.owner}/{line.record.definition.kr}"
        objective, key_result = self._named(written)
        state = assess_key_result(self.whole, objective, key_result)
        earlier = self._made(state.checkins, line)
        own = CheckIn(line.record)
        was, now = (self._assess(objective, state, made, line) for made in (earlier, (*earlier, own)))
        reference, fields = str(key_result.reference), fields_of(line.record.source.data)
        before = was.score if earlier else None
        return Said(reference, fields, state.unit, was.value, was.confidence, before, now.score)

    def _named(self, written: str) -> tuple[Objective, KeyResult]:
        reference = self.whole.parse(written, "")
        key_result = self.whole.find(reference) if reference else None
        objective = self.whole.find(reference.parent) if reference and reference.parent else None
        if not isinstance(key_result, KeyResult) or not isinstance(objective, Objective):
            raise OkrError(f"the example has a check-in for {written}, which no plan holds", _REPORT)
        return objective, key_result

    def _made(self, checkins: tuple[CheckIn, ...], line: _Line) -> tuple[CheckIn, ...]:
        """Those check-ins that were committed before a line's; what took them back later is not known yet."""
        return tuple(
            CheckIn(each.record, each.retracted_by if self._is_before(each.retracted_by, line) else None)
            for each in checkins
            if self._is_before(each.record, line)
        )

    def _is_before(self, record: Record | None, line: _Line) -> bool:
        if record is None:
            return False
        place = (record.source.path, record.source.place().line)
        return place not in self.moments or self.moments[place] < line.moment

    def _assess(
        self, objective: Objective, state: KeyResultState, made: tuple[CheckIn, ...], line: _Line
    ) -> Assessment:
        cycle = self.whole.cycle(objective.reference.cycle)
        return assess(
            state.metric,
            readings(made),
            Span(cycle.starts, cycle.ends),
            line.record.definition.date.day,
            committed=objective.definition.type is ObjectiveType.COMMITTED,
            checkin_every=self.whole.settings.checkin_every,
        )

    def _log_at(self, path: str, moment: datetime) -> bytes:
        """A log as it stood at a moment; empty where it held no check-in yet."""
        coming = {place[1] for place, made in self.moments.items() if place[0] == path and made > moment}
        lines = self.files[path].decode().splitlines(keepends=True)
        kept = [line for number, line in enumerate(lines, start=1) if number not in coming]
        return "".join(kept).encode() if any(line.startswith("- ") for line in kept) else b""

    def _commit(self, files: Mapping[str, bytes], message: str, author: str, moment: datetime) -> _Commit:
        return _Commit(files, message, _person(self.whole, author), moment)


def _stream(commits: Iterable[_Commit]) -> bytes:
    """Commits as `git fast-import` reads them."""
    parts: list[bytes] = []
    for commit in commits:
        who = f"{commit.who.name} <{commit.who.email}> {int(commit.moment.timestamp())} {commit.moment:%z}"
        parts.append(f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode())
        parts.append(_data(f"{commit.message}\n".encode()))
        for path, content in sorted(commit.files.items()):
            parts.append(f"M 100644 inline {path}\n".encode())
            parts.append(_data(content))
    return b"".join(parts)


def _data(content: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(content), content)


def _person(workspace: Workspace, owner: str) -> _Person:
    """The person who acts for an owner: themselves, or a team's lead."""
    lead = next((team.lead for team in workspace.org.teams if team.id == owner), None)
    person = next((person for person in workspace.org.people if person.id == (lead or owner)), None)
    if person is None or person.name is None or not person.email:
        raise OkrError(f"the example has no name and address for {owner}", _REPORT)
    return _Person(safe_line(person.name), person.email[0])

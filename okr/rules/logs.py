"""OKR507, OKR509 to OKR511: whether logs are written so that git can merge them and a line can be taken back.

What a line says about a key result is for `checkins.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.attributes import UNION, Layer, merge_driver, read_merge_lines
from okr.contents import Log
from okr.dataclass import replace
from okr.diagnostics import Finding, Place, Severity
from okr.documents import LocatedList, LocatedMapping
from okr.files import UnreadableFile
from okr.history import by_subject
from okr.patterns import LINE_BREAK
from okr.rules.catalogue import rule
from okr.rules.lookup import subject_finder
from okr.workspace import ATTRIBUTES, KPI_LOG, LOGS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.attributes import MergeLine
    from okr.contents import CheckIn, Record
    from okr.model import Moment

UNION_LINE = f"{LOGS}/** merge={UNION}"
_UNION_WHY = (
    "git's union merge keeps whole lines of both sides: what is spread over several lines, or shares one, "
    "comes out mixed or incomplete, in merges that report no conflict."
)
_DATES_SHOWN = 3


@rule(
    "OKR507", "not-one-line", Log, why=_UNION_WHY,
    remedy="Write it as one line, `- {date: …, kr: …, value: …}`.",
)  # fmt: skip
def not_one_line(log: Log, _: Workspace) -> Iterator[Finding]:
    """Each record of a log is a mapping in braces on a line of its own."""
    root = log.document.root
    if not isinstance(root, LocatedList):
        return
    if root.flow and root:
        message = (
            "this log is a list in brackets, so that its lines end with commas and depend on one another"
        )
        yield Finding(log.path, root.place, message, "write each record on a line of its own after `- `")
        return
    lines = LINE_BREAK.split(log.document.text)
    for record in root:
        if not isinstance(record, LocatedMapping):
            continue
        place = record.place
        if not record.flow:
            message = "this record is not in braces on one line, so that a merge can mix it with another"
        elif place.end_line > place.line:
            message = f"this record goes over {place.end_line - place.line + 1} lines, so that a merge can mix it with another"
        elif lines[place.line - 1][: place.column - 1].strip() != "-":
            message = "this record does not stand on the line of its `-`, so that a merge can part the two"
        else:
            continue
        yield Finding(log.path, place, message)


@rule(
    "OKR509", "unknown-retraction", Log,
    why="A line that takes back nothing leaves standing what its author believes to be gone.",
    remedy="Give `retracts` the date of the check-in exactly as the log has it, time and offset included.",
)  # fmt: skip
def unknown_retraction(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """A line that takes a check-in back names the date of one of the same key result."""
    retracting = [record for record in log.records if record.definition.retracts is not None]
    if not retracting or not log.document.readable:
        return
    subject_of = subject_finder(log, workspace)
    standing = by_subject(_all_records(log, workspace), subject_of)
    for record in retracting:
        subject, wanted = subject_of(record), record.definition.retracts
        if subject is None or wanted is None:
            continue
        dates = {each.record.definition.date for each in standing.get(subject, ())}
        if wanted not in dates:
            message = f"{subject} has no check-in of {wanted} that could be taken back"
            yield record.source.finding(message, key="retracts", hint=_dates_hint(wanted, dates))


def _dates_hint(wanted: Moment, dates: set[Moment]) -> str:
    near = sorted(dates, key=lambda date: (abs((date.day - wanted.day).days), date.order))[:_DATES_SHOWN]
    if not near:
        return "it has no check-ins at all: correct `kr`, or leave the line out"
    if near[0].day == wanted.day:
        return f'write it as it stands there: "{near[0]}"'
    return f"its nearest check-ins are of {', '.join(map(str, near))}"


@rule(
    "OKR510", "ambiguous-date", Log,
    why="Which of two check-ins holds is told by their dates alone, and a line takes back all that bear one date.",
    remedy="Give each its time with the offset, such as \"2026-10-12T09:31:07+02:00\".",
    severity=Severity.WARNING,  # the later line wins: there is an answer, though perhaps not the one meant
)  # fmt: skip
def ambiguous_date(log: Log, workspace: Workspace) -> Iterator[Finding]:
    """No two check-ins of a key result bear the same date, or date and time."""
    standing = by_subject(_all_records(log, workspace), subject_finder(log, workspace))
    for subject, checkins in standing.items():
        first: CheckIn | None = None
        for checkin in checkins:  # in the order of their dates, equal ones by their line
            if checkin.counts:
                if first is None or checkin.record.definition.date != first.record.definition.date:
                    first = checkin
                elif checkin.record.source.path == log.path:
                    yield _same_date(subject, first.record, checkin.record)


def _same_date(subject: str, first: Record, second: Record) -> Finding:
    line = f"line {first.source.place().line}"
    if first.source.path != second.source.path:
        line += f" of {first.source.path}"
    if dict(first.source.data) == dict(second.source.data):
        message = f"this check-in stands twice, here and on {line}, as a merge of the same one may leave it"
        hint = "nothing is lost: both say the same, and one of them may go"
        return replace(second.source.finding(message, hint=hint), severity=Severity.INFO)
    message = f"{subject} has another check-in of {second.definition.date}, on {line}"
    return second.source.finding(message, key="date")


def _all_records(log: Log, workspace: Workspace) -> list[Record]:
    logs = workspace.owner_logs(log.cycle, log.owner) if log.owner else (log,)
    return [record for each in logs for record in each.records]


@rule(
    "OKR511", "missing-union-merge", Workspace,
    why="Check-ins made at the same time on many machines merge by themselves only where git keeps both sides' lines.",
    remedy=f"Add the line `{UNION_LINE}` to {ATTRIBUTES}.",
)  # fmt: skip
def missing_union_merge(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """A .gitattributes gives every log git's union merge."""
    above = workspace.files.attributes_above()
    if above is None and not (workspace.files.folders(LOGS) or workspace.files.files(LOGS)):
        return
    try:
        layers = [Layer(_merge_lines(content), prefix=way_down) for way_down, content in above or ()]
        layers += _own_layers(workspace)
    except UnreadableFile as error:
        yield Finding(ATTRIBUTES, Place(), f"{ATTRIBUTES} can't be read: {error.reason}", error.remedy)
        return
    for path in _paths_of_logs(workspace):
        decided = merge_driver(path, layers)
        if decided is None or decided[1].driver != UNION:
            yield _not_by_union(path, decided, workspace)
            return


def _own_layers(workspace: Workspace) -> Iterator[Layer]:
    for folder in ("", f"{LOGS}/", *(f"{LOGS}/{name}/" for name in workspace.files.folders(LOGS))):
        content = workspace.files.read(folder + ATTRIBUTES)
        if content is not None:
            yield Layer(_merge_lines(content), below=folder)


def _merge_lines(content: bytes) -> tuple[MergeLine, ...]:
    return read_merge_lines(content.decode("utf-8-sig", "replace"))


def _paths_of_logs(workspace: Workspace) -> list[str]:
    """The logs there are, then those that there will be: the owners' of all plans and the KPIs'."""
    found = [path for cycle in workspace.cycles for path in workspace.log_paths(cycle)]
    found += [f"{LOGS}/{name}" for name in workspace.files.files(LOGS) if f"{LOGS}/{name}" == KPI_LOG]
    plans = [each for cycle in workspace.cycles for each in workspace.plan_paths(cycle).values()]
    to_come = [f"{LOGS}/{folder}/{stem}.yaml" for folder, stem in plans]
    if not found and not to_come:
        to_come = [f"{LOGS}/{workspace.current_cycle.name}/owner.yaml"]
    return [*found, *to_come, KPI_LOG]


def _not_by_union(path: str, decided: tuple[Layer, MergeLine] | None, workspace: Workspace) -> Finding:
    if workspace.files.read(ATTRIBUTES) is None and (decided is None or decided[0].prefix):
        message = f"there is no {ATTRIBUTES} that gives {LOGS}/** the union merge"
        return Finding(ATTRIBUTES, Place(), message, f"make it, with the line `{UNION_LINE}`")
    add = f"add the line `{UNION_LINE}` to {ATTRIBUTES}"
    if decided is None or decided[0].prefix:
        message = f"no line of {ATTRIBUTES} gives {path} the union merge"
        return Finding(ATTRIBUTES, Place(), message, add)
    layer, line = decided
    place = Place(line.line, 1, line.line, 1)
    message = f"this line gives {path} another merge than git's union"
    hint = f"{add}, below this one" if not layer.below else "remove it"
    return Finding(layer.below + ATTRIBUTES, place, message, hint)

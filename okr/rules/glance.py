"""What a log shows at a glance: that no rule would find anything in it, so that none need look line by line. No rules here.

The rules alone say what is wrong. Whatever is not plainly right at a glance is theirs to judge, and tests hold that they
find nothing where a glance says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.model import KeyResult as KeyResultModel
from okr.rules.reading import may_say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from datetime import date

    from okr.contents import KeyResult, Log, Plan
    from okr.cycles import Cycle
    from okr.log_table import LogTable
    from okr.workspace import Workspace

JUDGED = frozenset(
    ("OKR501", "OKR502", "OKR503", "OKR504", "OKR505", "OKR506", "OKR507", "OKR508", "OKR509", "OKR510")
)
"""The rules on logs and their lines, all of which a glance stands for."""
JUDGED_OF_KEY_RESULTS = frozenset(
    (
        "OKR402", "OKR403", "OKR404", "OKR405", "OKR406", "OKR407", "OKR408", "OKR409", "OKR413", "OKR414", "OKR422",
        "OKR607",
    )
)  # fmt: skip
"""The rules on key results for which a glance stands: all but those that read titles."""

_OF_A_PLAIN_NUMBER = frozenset(
    ("id", "title", "owner", "unit", "start", "target", "weight", "initiatives", "tags", "depends_on", "formerly")
)  # fmt: skip
_LEAST_WAY = 1e-9
_LATEST = "key results of the latest plan"

_OFFSET = slice(-6, None)
_DAY = len("2026-10-05")


def is_measured_plainly(key_result: KeyResult) -> bool:
    """Whether a key result goes from one number to another and says nothing that its measure could disagree with.

    Then none of `JUDGED_OF_KEY_RESULTS` finds anything in it.
    """
    definition = key_result.definition
    start, target = definition.start, definition.target
    return (
        isinstance(start, (int, float))
        and isinstance(target, (int, float))
        and abs(target - start) > _LEAST_WAY
        and definition.__dict__.keys() <= _OF_A_PLAIN_NUMBER
        and not key_result.source.data.damaged
    )


def finds_nothing(log: Log, workspace: Workspace) -> bool:
    """Whether none of the rules on logs and their lines finds anything in a log."""
    table = log.document.table
    return table is not None and _lines_fit(log, workspace) and _dates_differ(table)


def counts_as_written(log: Log, workspace: Workspace) -> bool:
    """Whether they find nothing but that two check-ins of a key result bear one date, and no line takes one back.

    Then what counts of one date is the later line.
    """
    table = log.document.table
    if table is None or any(table.retracted) or len({time[_OFFSET] for time in table.times if time}) > 1:
        return False
    return _lines_fit(log, workspace)


def numbers_count_as_written(table: LogTable, named: AbstractSet[str], span: Cycle, today: date) -> bool:
    """The same of the only log of a plan that plainly measures by numbers alone.

    Args:
        table: the log's lines.
        named: the plan's key results as the log names them, each once.
        span: the cycle.
        today: the day that counts as today.
    """
    if any(table.retracted) or any(table.texts) or len({time[_OFFSET] for time in table.times if time}) > 1:
        return False
    if "" in table.confidences and not all(map(any, zip(table.confidences, table.numbers, strict=True))):
        return False
    return named >= set(table.subjects) and _days_fit(table, span, today)


def _lines_fit(log: Log, workspace: Workspace) -> bool:
    """Whether each line of a log by itself is within the cycle and says of a key result of the plan what can be said."""
    table = log.document.table
    plan = None if table is None or not log.owner else workspace.plan(log.cycle, log.owner)
    if table is None or plan is None:
        return False
    logs, span, named = (
        workspace.owner_logs(log.cycle, log.owner), workspace.cycles[log.cycle].span, _key_results(plan, workspace)
    )  # fmt: skip
    return (
        len(logs) == 1
        and logs[0] is log
        and named is not None
        and span is not None
        and named.keys() >= set(table.subjects)
        and _days_fit(table, span, workspace.as_of)
        and _values_fit(table, named)
        and (not any(table.retracted) or _retractions_fit(table))
    )


def last_days(plan: Plan, workspace: Workspace) -> dict[str, str] | None:
    """A day of each key result that was checked in, `objective/key-result`: its last one, or one before it.

    None where that can't be told at a glance, as where a line is of a day to come.
    """
    table = _of(plan, workspace)
    if table is None or max(table.days) > workspace.as_of.isoformat():
        return None
    days: Iterable[tuple[str, str]] = zip(table.subjects, table.days, strict=True)
    if any(table.retracted):
        gone = {(subject, date.strip('"')[:_DAY]) for subject, date in _retracted(table)}
        lines = zip(table.subjects, table.days, table.retracted, strict=True)
        days = ((subject, day) for subject, day, back in lines if not back and (subject, day) not in gone)
    return dict(days)


def early_values(plan: Plan, before: date, workspace: Workspace) -> dict[str, list[float]] | None:
    """The numbers that each key result was checked in with before a day; None where that can't be told at a glance."""
    table = _of(plan, workspace)
    if table is None:
        return None
    limit = before.isoformat()
    found: dict[str, list[float]] = {}
    for subject, day, number in zip(table.subjects, table.days, table.numbers, strict=True):
        if day < limit and number:
            found.setdefault(subject, []).append(float(number))
    return found


def _of(plan: Plan, workspace: Workspace) -> LogTable | None:
    """The only log of a plan, where each of its lines names a key result by its present id."""
    logs = workspace.owner_logs(plan.cycle, plan.owner)
    table = logs[0].document.table if len(logs) == 1 else None
    named = _key_results(plan, workspace) if table is not None else None
    return table if table is not None and named is not None and named.keys() >= set(table.subjects) else None


def _key_results(plan: Plan, workspace: Workspace) -> dict[str, KeyResult] | None:
    """The key results of a plan as its log names them; None where two would have one name."""
    latest: tuple[Plan, dict[str, KeyResult] | None] | None = workspace.worked_out.get(_LATEST)
    if latest is None or latest[0] is not plan:  # a plan is asked for a few times in a row
        latest = workspace.worked_out[_LATEST] = (plan, _named(plan))
    return latest[1]


def _named(plan: Plan) -> dict[str, KeyResult] | None:
    found = {
        f"{objective.definition.id}/{each.definition.id}": each
        for objective in plan.objectives
        for each in objective.key_results
    }
    objectives = {objective.definition.id for objective in plan.objectives}
    count = sum(len(objective.key_results) for objective in plan.objectives)
    return found if len(found) == count and len(objectives) == len(plan.objectives) else None


def _days_fit(table: LogTable, span: Cycle, today: date) -> bool:
    last = max(table.days)
    return span.starts.isoformat() <= min(table.days) and last <= min(span.ends, today).isoformat()


def _values_fit(table: LogTable, named: dict[str, KeyResult]) -> bool:
    """Whether each line says something, and each value is of the kind by which its key result is measured."""
    if "" in table.confidences:
        said = zip(table.confidences, table.numbers, table.texts, table.retracted, strict=True)
        if not all(map(any, said)):
            return False
    with_number = set(table.subjects)
    if any(table.texts):
        pairs = set(zip(table.subjects, table.texts, strict=True))
        if not all(_is_milestone(text, named[subject]) for subject, text in pairs if text):
            return False
    if "" in table.numbers:
        with_number = {
            subject for subject, number in zip(table.subjects, table.numbers, strict=True) if number
        }
    definitions = [named[subject].definition for subject in with_number]
    return all(each.kpi is None and each.milestones is None for each in definitions)


def _is_milestone(text: str, key_result: KeyResult) -> bool:
    definition, source = key_result.definition, key_result.source
    unread = may_say(source, KeyResultModel, "kpi", "milestones", "to", "at_least", "at_most")
    return not unread and definition.kpi is None and text in (definition.milestones or ())


def _dates_differ(table: LogTable) -> bool:
    """Whether no two check-ins of a key result bear one date. The same moment can be written with several offsets."""
    if len(set(zip(table.subjects, table.days, strict=True))) == len(table.days):
        return True
    lines = [*zip(table.subjects, table.days, table.times, strict=True)]
    if any(table.retracted):
        gone = set(_retracted(table))
        told = zip(lines, table.retracted, strict=True)
        lines = [line for line, back in told if not back and _written(line) not in gone]
    return len({time[_OFFSET] for _, _, time in lines if time}) <= 1 and len(set(lines)) == len(lines)


def _retractions_fit(table: LogTable) -> bool:
    """Whether each line that takes a check-in back says nothing else, and there is one of that date as it writes it."""
    said = zip(table.retracted, table.confidences, table.numbers, table.texts, strict=True)
    if any(back and any(others) for back, *others in said):
        return False
    lines = zip(table.subjects, table.days, table.times, table.retracted, strict=True)
    made = {_written(line) for *line, back in lines if not back}
    return made.issuperset(_retracted(table))


def _retracted(table: LogTable) -> Iterable[tuple[str, str]]:
    """What is taken back: subject and date."""
    return ((subject, back) for subject, back in zip(table.subjects, table.retracted, strict=True) if back)


def _written(line: Iterable[str]) -> tuple[str, str]:
    """Subject and date of a line, as a retraction would write them."""
    subject, day, time = line
    return subject, f'"{day}{time}"' if time else day

"""OKR4xx, how a key result is measured: in exactly one way, from somewhere to somewhere else.

What its title says is for `wording.py`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective, Plan
from okr.dataclass import replace
from okr.diagnostics import Severity
from okr.documents import LocatedList, LocatedMapping
from okr.model import CycleState, MetricKind, RelativeTarget, quoted
from okr.model import KeyResult as KeyResultModel
from okr.rules.catalogue import rule
from okr.rules.limits import weighs_nothing
from okr.rules.reading import may_say, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okr.contents import Log, Record
    from okr.diagnostics import Finding
    from okr.workspace import Workspace

_VERIFIABLE = "A key result is specific, quantified and verifiable: it can be scored without an argument."
_ONE_MEANING = "A metric that can be read in two ways gives a score that can be argued about."
_PERCENT = 100
_NUMBER_KEYS = ("from", "to", "commit", "stretch")
BOUNDS_KEYS = ("at_least", "at_most")
METRIC_KEYS = (*_NUMBER_KEYS, *BOUNDS_KEYS, "milestones", "kpi")
"""The keys of a key result that say how it is measured."""

_KINDS = "write `from` and `to`; or `at_least` or `at_most`; or `milestones`; or `kpi` with `to` or bounds"


@rule(
    "OKR402",
    "key-result-without-metric",
    KeyResult,
    why=_VERIFIABLE,
    remedy=f"Choose one kind of metric: {_KINDS}.",
)
def key_result_without_metric(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A key result says how it is measured."""
    definition = key_result.definition
    if definition.kind is not None or _metric_unread(key_result) or definition.commit or definition.stretch:
        return
    name = quoted(definition.id)
    data = key_result.source.data
    empty = next((key for key in METRIC_KEYS if key in data and data[key] is None), None)
    if empty is not None:
        found = key_result.finding(f"`{empty}` of {name} is empty", hint="give it a value, or remove the key")
        yield replace(found, place=key_result.source.key_place(empty))
    elif definition.start is not None:
        yield key_result.finding(
            f"{name} says where it starts, but not where it is to get", key="from", hint="add `to`"
        )
    else:
        yield key_result.finding(f"{name} has no metric, so that it can't be scored", hint=_KINDS)


@rule(
    "OKR403", "mixed-metrics", KeyResult, why=_ONE_MEANING,
    remedy="Keep the keys of one kind of metric and remove the others, or split the key result.",
)  # fmt: skip
def mixed_metrics(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A key result has exactly one kind of metric, and all that belongs to it."""
    definition, source = key_result.definition, key_result.source
    name, kinds = quoted(definition.id), kinds_said(definition)
    if len(kinds) > 1:
        first, second = sorted(kinds.values(), key=source.key_place)[:2]
        found = key_result.finding(
            f"{name} is measured in more than one way: `{first}` and `{second}` don't go together"
        )
        yield replace(found, place=source.key_place(second))
    elif _metric_unread(key_result):
        return
    elif definition.kind is MetricKind.KPI and definition.target is None and not definition.has_bounds:
        message = f"{name} draws on a KPI, but doesn't say where that is to get"
        yield key_result.finding(message, key="kpi", hint="add `to`, `at_least` or `at_most`")
    elif definition.kind is None and (definition.commit is not None or definition.stretch is not None):
        key = "commit" if definition.commit is not None else "stretch"
        yield key_result.finding(f"{name} has `{key}`, but no target", key=key, hint="add `to`")


@rule(
    "OKR404", "from-equals-to", KeyResult,
    why="Progress is the part of the way from baseline to target; here there is no way to go.",
    remedy="Correct one of the two; to keep a value where it is, write bounds (`at_least`, `at_most`).",
)  # fmt: skip
def from_equals_to(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A key result's target differs from its baseline."""
    start, target = key_result.definition.start, key_result.definition.target
    same = target is not None and target == start
    if isinstance(target, RelativeTarget):
        same = target.share == 0 and start != 0
    if same:
        written = quoted(key_result.source.data["to"])
        yield key_result.finding(
            f"{quoted(key_result.definition.id)} is to get from where it is to {written}", key="to"
        )


@rule(
    "OKR405", "relative-to-zero", KeyResult,
    why="Any percentage of zero is zero.", remedy="Write the target as a number.",
)  # fmt: skip
def relative_to_zero(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A relative target has a baseline other than zero."""
    definition = key_result.definition
    targets = {"to": definition.target, "commit": definition.commit, "stretch": definition.stretch}
    if definition.start == 0:
        for key in [key for key, target in targets.items() if isinstance(target, RelativeTarget)][:1]:
            written = quoted(key_result.source.data[key])
            yield key_result.finding(f"`{key}` is {written} of a baseline of 0, which is 0 again", key=key)


@rule(
    "OKR406", "milestones-ladder", KeyResult,
    why="A ladder of milestones is scored in advance, so that nobody has to argue afterwards; at its top is 1.0.",
    remedy="Let the scores rise from milestone to milestone, from 0 up to 1.0.",
)  # fmt: skip
def milestones_ladder(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """The scores of milestones lie within 0 and 1, rise, and end at 1.0."""
    ladder, written = key_result.definition.milestones, key_result.source.data.get("milestones")
    if ladder is None or not isinstance(written, LocatedMapping) or written.damaged:
        return
    message, name = _fault_of(ladder)
    if message is not None:
        found = key_result.finding(message, key="milestones", hint=_as_shares(ladder, name))
        yield found if name is None else replace(found, place=written.values_at[name])


@rule(
    "OKR407", "thresholds-order", KeyResult,
    why="`commit` is the least that is promised and `stretch` lies beyond the target: the score rises from one to the "
        "next.",
    remedy="Put them in order: from, commit, to, stretch, each further on than the one before.",
)  # fmt: skip
def thresholds_order(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """From baseline to `commit`, target and `stretch` it always goes the same way."""
    steps, data = _thresholds(key_result), key_result.source.data
    if "to" not in steps or steps.get("from") == steps["to"]:  # other rules say so
        return
    way = (
        steps["to"] - steps["from"]
        if "from" in steps
        else list(steps.values())[-1] - next(iter(steps.values()))
    )
    for before, after in pairwise(steps):
        if (steps[after] - steps[before]) * way <= 0:
            key, other, side = (
                (before, after, "short of") if before == "commit" else (after, before, "beyond")
            )
            message = f"`{key}`, {quoted(data[key])}, isn't {side} `{other}`, {quoted(data[other])}"
            yield key_result.finding(message, key=key)
            return


@rule(
    "OKR408", "bounds-order", KeyResult,
    why="No value is within such bounds, so that the key result could never score.",
    remedy="Let `at_least` be no more than `at_most`.",
)  # fmt: skip
def bounds_order(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A key result's bounds leave room for a value."""
    low, high = key_result.definition.at_least, key_result.definition.at_most
    if low is not None and high is not None and low > high:
        data = key_result.source.data
        message = f"no value is at least {data['at_least']} and at most {data['at_most']}"
        yield key_result.finding(message, key="at_most")


@rule(
    "OKR409", "unknown-baseline", KeyResult, timely=True, severity=Severity.WARNING,
    why="While a cycle is planned a baseline may be unknown; once it runs, nothing can be reckoned until somebody "
        "measures it. The first check-in mends that, so it is no error.",
    remedy="Measure it and check the value in: it becomes the baseline. Or write it in `from`.",
)  # fmt: skip
def unknown_baseline(key_result: KeyResult, workspace: Workspace) -> Iterator[Finding]:
    """In a running cycle every baseline is known, from the plan or from a first check-in."""
    cycle = key_result.reference.cycle
    span = workspace.cycles[cycle].span
    begun = span is not None and span.starts <= workspace.as_of
    running = begun and state_of(cycle, workspace) is CycleState.ACTIVE
    if key_result.definition.start == "unknown" and running and not _is_measured(key_result, workspace):
        message = (
            f"{cycle} has begun, and the baseline of {quoted(key_result.definition.id)} is still unknown"
        )
        yield key_result.finding(message, key="from")


@rule(
    "OKR412", "never-scored", Objective, severity=Severity.WARNING,
    why="A weight of 0 makes bounds a guardrail: watched, never scored. What is to be moved somewhere counts for "
        "nothing with it; it harms no other number, so it is no error.",
    remedy="Give it a weight above 0, or watch it as a KPI instead.",
)  # fmt: skip
def never_scored(objective: Objective, _: Workspace) -> Iterator[Finding]:
    """Only a key result with bounds weighs 0."""
    weightless = [each for each in objective.key_results if each.definition.weight == 0]
    if not weightless or weighs_nothing(objective):  # another rule says so, of all of them at once
        return
    for key_result in weightless:
        definition = key_result.definition
        scorable = (
            definition.kind is not None and not definition.has_bounds and not _metric_unread(key_result)
        )
        if scorable:
            message = f"{quoted(definition.id)} weighs 0, though it has no bounds: it is never scored"
            yield key_result.finding(message, key="weight")


@rule(
    "OKR413", "missing-baseline", KeyResult,
    why="Progress is the part of the way from baseline to target: without a baseline there is no way to measure.",
    remedy="Add `from`: where the number stands at the cycle's start, or `unknown` while the cycle is planned.",
)  # fmt: skip
def missing_baseline(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A key result with a target has a baseline."""
    definition = key_result.definition
    if definition.kind is MetricKind.NUMBER and definition.start is None and not _metric_unread(key_result):
        written = quoted(key_result.source.data["to"])
        message = f"{quoted(definition.id)} is to get to {written}, but doesn't say from where"
        yield key_result.finding(message, key="to")


@rule(
    "OKR414", "grade-in-open-cycle", KeyResult, severity=Severity.WARNING,
    why="A grade is a person's last word on a cycle that is over; given earlier, it hides what the check-ins say.",
    remedy="Remove the grade, or close the cycle: `okr cycle close`.",
)  # fmt: skip
def grade_in_open_cycle(key_result: KeyResult, workspace: Workspace) -> Iterator[Finding]:
    """A key result has a grade only once its cycle is closed."""
    cycle = key_result.reference.cycle
    if key_result.definition.grade is None or state_of(cycle, workspace) in {CycleState.CLOSED, None}:
        return
    yield key_result.finding(
        f"{quoted(key_result.definition.id)} has a grade, but {cycle} isn't closed", key="grade"
    )


@rule(
    "OKR421", "next-in-open-cycle", Objective, severity=Severity.WARNING,
    why="What becomes of a goal in the following cycle is decided when its own is closed, on what came of it.",
    remedy="Remove `next`, or close the cycle: `okr cycle close`.",
)  # fmt: skip
def next_in_open_cycle(objective: Objective, workspace: Workspace) -> Iterator[Finding]:
    """Objectives and key results say what comes `next` only once their cycle is closed."""
    cycle = objective.reference.cycle
    things: tuple[Objective | KeyResult, ...] = (objective, *objective.key_results)
    deciding = [each for each in things if each.definition.next is not None]
    if not deciding or state_of(cycle, workspace) in {CycleState.CLOSED, None}:
        return
    for each in deciding:
        yield each.finding(
            f"{quoted(each.definition.id)} says what comes next, but {cycle} isn't closed", key="next"
        )


@rule(
    "OKR422", "reason-without-grade", KeyResult, severity=Severity.WARNING,
    why="A reason says why a person's grade isn't the reckoned score; without a grade nobody can tell what it is about.",
    remedy="Add `grade`, or put the sentence into `learned`.",
)  # fmt: skip
def reason_without_grade(key_result: KeyResult, _: Workspace) -> Iterator[Finding]:
    """A key result with a `grade_reason` has a grade."""
    definition = key_result.definition
    if definition.grade_reason is None or definition.grade is not None:
        return
    if not may_say(key_result.source, KeyResultModel, "grade"):
        yield key_result.finding(
            f"{quoted(definition.id)} says why its grade is what it is, but has none", key="grade_reason"
        )


def kinds_said(definition: KeyResultModel) -> dict[MetricKind, str]:
    """The kinds of metric whose keys a key result has, each with the key that stands for it.

    A KPI supplies the values for a target or for bounds, so that it is a kind of its own only beside milestones.
    """
    kinds: dict[MetricKind, str] = {}
    numbers = zip(
        ("to", "from", "commit", "stretch"),
        (definition.target, definition.start, definition.commit, definition.stretch),
        strict=True,
    )
    for key, value in (*numbers, ("unit", definition.unit if definition.milestones is not None else None)):
        if value is not None:
            kinds.setdefault(MetricKind.NUMBER, key)
    if definition.has_bounds:
        kinds[MetricKind.BOUNDS] = "at_least" if definition.at_least is not None else "at_most"
    if definition.milestones is not None:
        kinds[MetricKind.MILESTONES] = "milestones"
        if definition.kpi is not None:
            kinds[MetricKind.KPI] = "kpi"
    return kinds


def is_binary(key_result: KeyResult) -> bool:
    """Whether a key result is either done or not: it has one milestone, and nothing else that measures it."""
    definition = key_result.definition
    alone = definition.kind is MetricKind.MILESTONES and len(kinds_said(definition)) == 1
    return alone and len(definition.milestones or ()) == 1 and not _metric_unread(key_result)


def _metric_unread(key_result: KeyResult) -> bool:
    return may_say(key_result.source, KeyResultModel, *METRIC_KEYS)


def _fault_of(ladder: Mapping[str, float]) -> tuple[str | None, str | None]:
    """What is wrong with a ladder, and at which milestone; Nones where nothing is."""
    if not ladder:
        return "these milestones are empty", None
    reached, last = 0.0, ""
    for name, score in ladder.items():
        if not 0 <= score <= 1:
            return f"the score of {quoted(name)} is {score:g}, outside 0 to 1", name
        if last and score <= reached:
            return (
                f"{quoted(name)} scores {score:g}, no more than {quoted(last)} before it with {reached:g}",
                name,
            )
        reached, last = score, name
    if reached < 1:
        return f"the last milestone, {quoted(last)}, scores {reached:g}, not 1.0", last
    return None, None


def _as_shares(ladder: Mapping[str, float], name: str | None) -> str | None:
    """How to write a score that is most likely a percentage."""
    if name is None or not 1 < ladder[name] <= _PERCENT or max(ladder.values()) > _PERCENT:
        return None
    return f"write {ladder[name] / _PERCENT:g} if {ladder[name]:g} % is meant: scores rise from 0 to 1.0"


def _thresholds(key_result: KeyResult) -> dict[str, float]:
    """The numbers along the way, as far as they are known, in the order in which they should stand."""
    definition = key_result.definition
    start = None if isinstance(definition.start, str) else definition.start
    steps: dict[str, float] = {} if start is None else {"from": start}
    targets = (("commit", definition.commit), ("to", definition.target), ("stretch", definition.stretch))
    for key, target in targets:
        if not isinstance(target, RelativeTarget):
            steps |= {} if target is None else {key: target}
        elif start is not None and start != 0:
            steps[key] = start + target.share * abs(start)
    return steps


def _is_measured(key_result: KeyResult, workspace: Workspace) -> bool:
    """Whether a check-in in the cycle bears a value, or may do so in a log that can't be read."""
    reference, kpi = key_result.reference, key_result.definition.kpi
    if kpi is None:
        logs = workspace.owner_logs(reference.cycle, reference.owner)
    else:
        logs = (workspace.kpi_log,) if workspace.kpi_log else ()
    if any(not _can_be_read(log) for log in logs):
        return True
    about = [record for log in logs for record in log.records if _is_about(record, key_result, workspace)]
    taken_back = {
        str(record.definition.retracts) for record in about if record.definition.retracts is not None
    }
    return any(
        record.definition.value is not None or record.source.is_damaged("value")
        for record in about
        if str(record.definition.date) not in taken_back
    )


def _can_be_read(log: Log) -> bool:
    return log.document.readable and isinstance(log.document.root, LocatedList | None)


def _is_about(record: Record, key_result: KeyResult, workspace: Workspace) -> bool:
    reference, kpi = key_result.reference, key_result.definition.kpi
    if kpi is not None:
        named = workspace.kpi(record.definition.kpi) if record.definition.kpi else None
        span = workspace.cycles[reference.cycle].span
        return (
            named is not None
            and named == workspace.kpi(kpi)
            and (span is None or span.contains(record.definition.date.day))
        )
    if record.definition.kr is None:
        return False
    found = workspace.parse(f"{reference.cycle}/{reference.owner}/{record.definition.kr}", reference.cycle)
    target = None if found is None else workspace.find(found)
    return target is not None and target.reference == reference


# The same twice


@rule(
    "OKR419", "repeated-metric", Plan, severity=Severity.WARNING,
    why="A metric that stands twice counts twice: moving one number would move two scores. Two things may be counted "
        "alike, so it is no error.",
    remedy="Keep it where it says most, or say in the titles and units what is different.",
)  # fmt: skip
def repeated_metric(plan: Plan, workspace: Workspace) -> Iterator[Finding]:
    """No two key results of a plan measure the same thing on the same way."""
    first: dict[tuple[object, ...], KeyResult] = {}
    for objective in plan.objectives:
        for key_result in objective.key_results:
            metric = _metric_of(key_result, workspace)
            other = None if metric is None else first.setdefault(metric, key_result)
            if metric is not None and other is not None and other is not key_result:
                own, where = quoted(key_result.definition.id), other.reference.within_log
                key = "kpi" if metric[0] is MetricKind.KPI else "to"
                found = key_result.finding(f"{own} is measured by the same numbers as {where}", key=key)
                yield replace(found, severity=None if key == "kpi" else Severity.INFO)


def _metric_of(key_result: KeyResult, workspace: Workspace) -> tuple[object, ...] | None:
    """What a key result measures, and from where to where; None where it may well be another's, too."""
    definition = key_result.definition
    if may_say(key_result.source, KeyResultModel, *METRIC_KEYS, "unit"):
        return None
    if definition.kind is MetricKind.KPI:
        kpi = workspace.kpi(definition.kpi or "")
        goals = (definition.target is None, definition.at_least is None, definition.at_most is None)
        return None if kpi is None else (MetricKind.KPI, kpi.definition.id, *goals)
    # Shares are alike in many things: 0 to 100 % is how far anything has got.
    known = definition.kind is MetricKind.NUMBER and isinstance(definition.start, (int, float))
    if not known or definition.unit is None or definition.unit.strip() == "%":
        return None
    return MetricKind.NUMBER, definition.unit.casefold(), definition.start, definition.target

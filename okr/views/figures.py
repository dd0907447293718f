"""Figures in words: values with their units, what a metric asks for, ages, days, statuses with sign and style.

Plain text only, fit for any layout; text from files still has to pass through `printable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.model import CycleState, Next, ObjectiveType
from okr.quantities import format_amount, format_number, format_score
from okr.scoring import (
    BoundsMetric,
    Disagreement,
    MilestonesMetric,
    NumberMetric,
    Relative,
    Status,
    disagreement,
)
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from okr.operations.assessing import KeyResultState
    from okr.operations.overview import Frame
    from okr.quantities import Language
    from okr.scoring import Assessment, Metric, ObjectiveAssessment

NOTHING = "–"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

SIGNS = {
    Status.ACHIEVED: "✓",
    Status.ON_TRACK: "●",
    Status.AT_RISK: "▲",
    Status.OFF_TRACK: "▼",
    Status.NOT_STARTED: "○",
    Status.STALE: "…",
}
STYLES = {
    Status.ACHIEVED: "bold green",
    Status.ON_TRACK: "green",
    Status.AT_RISK: "yellow",
    Status.OFF_TRACK: "red",
    Status.NOT_STARTED: "dim",
    Status.STALE: "magenta",
}
# A cycle that is over has outcomes, not prospects.
OUTCOMES = {
    Status.ACHIEVED: "achieved",
    Status.ON_TRACK: "met",
    Status.AT_RISK: "partly met",
    Status.OFF_TRACK: "missed",
    Status.NOT_STARTED: "never started",
    Status.STALE: "missed",
}


_NEXT = {
    Next.KEEP: "keep: goes on as it is",
    Next.CARRY: "carry: goes on from its last value",
    Next.DROP: "drop: left behind",
}


def next_words(decided: Next) -> str:
    """What becomes of something in the following cycle: `carry: goes on from its last value`."""
    return _NEXT[decided]


def type_words(kind: ObjectiveType) -> str:
    """What an objective's type says of its success."""
    if kind is ObjectiveType.COMMITTED:
        return "committed: a success only if reached in full"
    return "aspirational: 0.7 is a success"


def widest_status(*, over: bool) -> int:
    """How many characters the longest status takes, with its sign."""
    return 2 + max(map(len, OUTCOMES.values() if over else Status))


def status_words(status: Status, *, over: bool) -> str:
    """A status with its sign: `▲ at risk`; in a cycle that is over, what came of it: `▲ partly met`."""
    return f"{SIGNS[status]} {OUTCOMES[status] if over else status.value}"


def short_day(day: date, *, beside: date | None = None) -> str:
    """A day as tables show it: `23 Nov`, with the year where it is not that of the day beside."""
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    return text if beside is not None and beside.year == day.year else f"{text} {day.year}"


def days(count: int) -> str:
    """`1 day`, `2 days`."""
    return counted(count, "day")


def age(last: date | None, frame: Frame) -> str:
    """How long ago the last check-in was; its day where the cycle is over."""
    if last is None:
        return "no check-in"
    if frame.over:
        return short_day(last, beside=frame.cycle.ends)
    count = (frame.as_of - last).days
    return {0: "today", 1: "yesterday"}.get(count, f"{count} days ago")


def time_words(frame: Frame) -> str:
    """Where a cycle stands: `day 54 of 92, 38 left`."""
    cycle, state = frame.cycle, frame.state
    if frame.as_of < cycle.starts:
        ahead = (cycle.starts - frame.as_of).days
        words = f"begins in {days(ahead)}, on {short_day(cycle.starts)}"
    elif frame.as_of > cycle.ends:
        words = f"ended {days((frame.as_of - cycle.ends).days)} ago, on {short_day(cycle.ends)}"
    else:
        left = (cycle.ends - frame.as_of).days
        words = f"day {(frame.as_of - cycle.starts).days + 1} of {cycle.days}, "
        words += f"{left} left" if left else "the last one"
    if state is CycleState.CLOSED:
        if frame.closed_on is not None and frame.as_of <= cycle.ends:
            return f"{words} · closed on {short_day(frame.closed_on)}"
        return f"{words} · closed"
    if state is CycleState.PLANNING:
        return f"{words} · planning"
    return f"{words} · not closed yet" if frame.as_of > cycle.ends else words


def no_plan(frame: Frame, planned: Iterable[str], whose: str | None = None) -> str:
    """That there is no plan for a cycle, what starts one, and for which cycles there are some.

    Args:
        frame: the cycle.
        planned: the cycles in which there are plans.
        whose: the owner whose plan is missing; None where nobody has one.
    """
    cycle = frame.cycle.name
    missing = "There is no plan" if whose is None else f"{whose} has no plan"
    start = f"`okr new objective` with `--cycle {cycle}` starts one."
    return f"{missing} for {cycle} yet. {(opening(frame) if whose is None else None) or start}{elsewhere(cycle, planned)}"


def elsewhere(cycle: str, planned: Iterable[str]) -> str:
    """For which cycles other than one there are plans, as a sentence that follows another; empty where for none."""
    others = [name for name in planned if name != cycle]
    return f" There are plans for {', '.join(others)}: `okr status --cycle {others[-1]}`." if others else ""


def opening(frame: Frame) -> str | None:
    """What makes the plans of a cycle without any, in a sentence; None unless it is to come and nobody plans it yet."""
    if frame.as_of >= frame.cycle.starts or frame.state is not CycleState.ACTIVE:
        return None
    return f"`okr plan open {frame.cycle.name}` makes everybody's."


def value_words(state: KeyResultState, language: Language) -> str | None:
    """The latest value with its unit, or the milestone reached; None where there is none."""
    value = state.assessment.value
    if value is None or isinstance(value, str):
        return value
    return format_amount(value, state.unit, language)


def standing_words(state: KeyResultState, language: Language) -> str:
    """The value beside what was planned, briefly: `1,010 teams (862 → 1,200)`."""
    metric, value = state.metric, value_words(state, language)
    if isinstance(metric, MilestonesMetric):
        return _ladder_words(metric, value)
    unit = state.unit if value is None else ("%" if state.unit == "%" else None)
    if isinstance(metric, BoundsMetric):
        planned = bounds_words(metric, unit, language)
    else:
        start = state.assessment.start
        first = "unknown" if start is None else _bare(start, unit, language)
        planned = f"{first} → {_target(state.assessment, metric, unit, language)}"
    return f"{value} ({planned})" if value is not None else f"nothing measured yet ({planned})"


def metric_words(state: KeyResultState, language: Language) -> str:
    """What a key result asks for, in words: `from 42,000 to 100,000 visits`."""
    metric, unit = state.metric, state.unit
    if isinstance(metric, BoundsMetric):
        return f"keep it {bounds_words(metric, unit, language)}"
    if isinstance(metric, MilestonesMetric):
        return _milestone_words(metric, language)
    start = state.assessment.start
    first = "an unknown baseline" if start is None else _bare(start, unit, language)
    words = f"from {first} to {_target(state.assessment, metric, unit, language)}"
    if isinstance(metric.target, Relative) and state.assessment.target is not None:
        words += f" ({metric.target.share * 100:+g}%)".replace("-", "\u2212")
    for name, amount in (("commit", metric.commit), ("stretch", metric.stretch)):
        if amount is not None:
            words += f", {name} {_amount(amount, unit, language)}"
    return words


def bounds_words(metric: BoundsMetric, unit: str | None, language: Language) -> str:
    """`at least 99.9%`, `at most 5`, `between 3 and 5 days`."""
    low, high = metric.at_least, metric.at_most
    if low is not None and high is not None:
        return f"between {format_number(low, language)} and {format_amount(high, unit, language)}"
    if low is not None:
        return f"at least {format_amount(low, unit, language)}"
    return f"at most {format_amount(high or 0, unit, language)}"


def outlook_words(assessment: Assessment | ObjectiveAssessment) -> list[str]:
    """Forecast and stated confidence: apart where they agree, face to face where they contradict each other."""
    forecast, stated = assessment.forecast, assessment.confidence
    ahead = None if forecast is None else f"forecast {format_score(forecast.score)}"
    said = None if stated is None else f"confidence {confidence(stated)}"
    contradiction = disagreement(stated, forecast)
    if contradiction is not None:
        return [f"{said} {'>' if contradiction is Disagreement.HOPEFUL else '<'} {ahead}"]
    return [words for words in (ahead, said) if words is not None]


def confidence(stated: float) -> str:
    """A confidence as people say it: `0.7`, `0.65`."""
    return format_number(stated, "en", decimals=2).removesuffix("0")


def _bare(number: float, unit: str | None, language: Language) -> str:
    """A number without its unit, except for signs that stand at it."""
    return format_amount(number, unit, language) if unit == "%" else format_number(number, language)


def _target(assessment: Assessment, metric: NumberMetric, unit: str | None, language: Language) -> str:
    if assessment.target is not None:
        return format_amount(assessment.target, unit, language)
    return _amount(metric.target, unit, language)


def _amount(amount: float | Relative, unit: str | None, language: Language) -> str:
    if isinstance(amount, Relative):
        return f"{amount.share * 100:+g}%".replace("-", "\u2212")
    return format_amount(amount, unit, language)


def _ladder_words(metric: MilestonesMetric, reached: str | None) -> str:
    if not metric.ladder:
        return "no metric"
    rungs = sorted(metric.ladder, key=lambda name: metric.ladder[name])
    if len(rungs) == 1:
        return reached or f"not yet {rungs[0]}"
    if reached is None:
        return f"no milestone yet (next: {rungs[0]})"
    place = rungs.index(reached) + 1
    following = f", next: {rungs[place]}" if place < len(rungs) else ""
    return f"{reached} ({place} of {len(rungs)}{following})"


def _milestone_words(metric: Metric, language: Language) -> str:
    if not isinstance(metric, MilestonesMetric) or not metric.ladder:
        return "none: the plan does not say how it is measured"
    if len(metric.ladder) == 1:
        return f"yes or no: {next(iter(metric.ladder))}"
    return ", ".join(f"{name} {format_number(score, language)}" for name, score in metric.ladder.items())

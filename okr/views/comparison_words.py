"""What changed, in few words with arrows: `target 100,000 → 80,000 visits (−20%)`. Plain text, not yet made printable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.comparison.eased import eased
from okr.operations.comparison.org_changes import SubjectAdded, SubjectChanged, SubjectDropped, SubjectRenamed
from okr.operations.comparison.results import Tie
from okr.patterns import pattern
from okr.plan_changes import (
    Graded,
    Moved,
    Reassigned,
    Renamed,
    Retagged,
    Retargeted,
    Retyped,
    Reweighted,
    Reworded,
)
from okr.quantities import MINUS, format_amount, format_number, format_score
from okr.views.change_words import CYCLE_FACTS, KEYS, amount_words, change_words
from okr.views.figures import confidence
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.comparison.org_changes import SettingChanged, SubjectChange
    from okr.operations.comparison.results import (
        CheckInsDifference,
        Comparison,
        KeyResultDifference,
        MeasurementsDifference,
        Pair,
        ReferredDifference,
    )
    from okr.plan_changes import CycleChanged, PlanChange
    from okr.quantities import Language
    from okr.revisions import Moment

NOTHING = "–"
_MANY_OWNERS, _MOST_OWNERS = 4, 12
_WHOLE_ID = pattern("[0-9a-f]{40,64}")
SHORT_ID = 7
_TIES = {
    Tie.SUPPORTS: ("objective", "supports", "support", "supported by", "anyone"),
    Tie.DEPENDS_ON: ("other", "waits for", "wait for", "waited for by", "anything"),
    Tie.KPI: ("key result", "draws on", "draw on", "drawn on by", "any key result"),
}
"""What refers, the verb for one and for many, the verb turned round, and who does it no more."""

_SUBJECT_KEYS = {
    "why": "reason",
    "owner": "owner",
    "at_least": "lower bound",
    "at_most": "upper bound",
    "parent": "parent team",
    "email": "address",
}


def side_words(moment: Moment | None) -> str:
    """A side as the person named it, with its commit: `main (3f2c1a9)`."""
    if moment is None:
        return "working tree"
    short = moment.commit[:SHORT_ID]
    return short if moment.commit.startswith(moment.asked) else f"{moment.asked} ({short})"


def sides_words(comparison: Comparison) -> str:
    """Which two were compared: `main (3f2c1a9) → working tree`, or since when one has gone its own way."""
    old, new = side_words(comparison.old), side_words(comparison.new)
    if comparison.fork is None:
        return f"{old} → {new}"
    left = comparison.fork[:SHORT_ID] if _WHOLE_ID.fullmatch(comparison.fork) else comparison.fork
    return f"{new} since it left {left} at {old}"


def plan_words(change: PlanChange, language: Language) -> str:  # noqa: PLR0911 # one case for each kind of change
    """What changed in an objective or a key result."""
    match change:
        case Moved():
            return f"moved from {change.old}"
        case Renamed():
            old, new = change.old.segments[-1], change.reference.segments[-1]
            return f"id {old} → {new}"
        case Reworded(key="title"):
            return f"title was “{change.old}”"
        case Retargeted():
            return retargeted_words(change, language)
        case Reweighted():
            return f"weight {format_number(change.old, language)} → {format_number(change.new, language)}"
        case Reassigned():
            return f"accountable {change.old or NOTHING} → {change.new or NOTHING}"
        case Retyped():
            return f"type {change.old} → {change.new}"
        case Graded():
            old, new = (NOTHING if each is None else format_score(each) for each in (change.old, change.new))
            return f"grade {old} → {new}"
        case Retagged():
            return f"tags {', '.join(change.old) or NOTHING} → {', '.join(change.new) or NOTHING}"
        case _:
            return change_words(change, language)


def retargeted_words(change: Retargeted, language: Language) -> str:
    """Where something is to get: `target 100,000 → 80,000 visits (−20%)`."""
    unit = change.unit if isinstance(change.new, (int, float)) and change.key != "unit" else None
    old, new = amount_words(change.old, None, language), amount_words(change.new, unit, language)
    if change.old is None or change.new is None:
        return f"{KEYS[change.key]} {NOTHING if change.old is None else old} → {NOTHING if change.new is None else new}"
    share = share_words(change.old, change.new, language)
    return f"{KEYS[change.key]} {old} → {new}" + (f" ({share})" if share else "")


def share_words(old: object, new: object, language: Language) -> str | None:
    """By what share a number moved: `−20%`; None where that says nothing."""
    if not isinstance(old, (int, float)) or not isinstance(new, (int, float)) or old == 0:
        return None
    moved = (new - old) / abs(old) * 100
    decimals = 0 if abs(moved) >= 10 else 1  # noqa: PLR2004 # figures enough to tell small moves apart
    written = format_number(abs(moved), language, decimals=decimals)
    if language == "en":
        written = written.removesuffix(".0")
    sign = "+" if moved > 0 else MINUS
    return format_amount(0, "%", language).replace("0", f"{sign}{written}", 1)


def figure_words(found: KeyResultDifference, language: Language) -> Iterator[str]:
    """What check-ins, or a change of their plan, did to a key result's value and confidence."""
    lines = checkin_words(found.checkins)
    value = value_words(found.value, found.unit, language) if found.value.differs else ""
    if lines:
        yield f"{lines}: {value}" if value else lines
    elif value:
        yield f"value {value}"
    if found.confidence.differs:
        old, new = (
            NOTHING if each is None else confidence(each)
            for each in (found.confidence.old, found.confidence.new)
        )
        yield f"confidence {old} → {new}"


def measurement_words(found: MeasurementsDifference, language: Language) -> str:
    """What became of a KPI's measurements."""
    lines = checkin_words(found.checkins, "measurement")
    return f"{lines}: {value_words(found.value, found.unit, language)}" if found.value.differs else lines


def checkin_words(lines: CheckInsDifference, noun: str = "check-in") -> str:
    """What became of lines of a log: `2 check-ins added, 1 taken back`."""
    parts = [f"{counted(lines.added, noun)} added"] if lines.added else []
    if lines.removed:
        parts.append(f"{counted(lines.removed, noun)} no longer there")
    if lines.taken_back:
        number = abs(lines.taken_back)
        what = str(number) if parts else counted(number, noun)
        parts.append(f"{what} {'taken back' if lines.taken_back > 0 else 'restored'}")
    return ", ".join(parts)


def value_words(pair: Pair[float | str], unit: str | None, language: Language) -> str:
    """A latest value on both sides."""
    old, new = pair.old, pair.new
    shown_old = _value(old, None if new is not None else unit, language)
    return f"{shown_old} → {_value(new, unit, language)}"


def _value(value: float | str | None, unit: str | None, language: Language) -> str:
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else format_amount(value, unit, language)


def score_words(pair: Pair[float]) -> str:
    """A score on both sides, where it differs; nothing where that can't be seen in two decimals."""
    old, new = (NOTHING if each is None else format_score(each) for each in (pair.old, pair.new))
    return f"{old} → {new}" if old != new else ""


def cycle_words(change: CycleChanged, language: Language) -> str:
    """What changed in the facts of a cycle."""
    if change.key == "review":
        return change_words(change, language)
    return f"{CYCLE_FACTS[change.key]} {change.old or NOTHING} → {change.new or NOTHING}"


def setting_words(change: SettingChanged, language: Language) -> str:
    """What changed in okr.yaml."""
    old, new = (plain_words(each, language) for each in (change.old, change.new))
    return f"{change.key} {old} → {new}"


def subject_words(change: SubjectChange, language: Language) -> str:
    """What changed of a team, a person or a KPI, without its name."""
    match change:
        case SubjectAdded():
            return f"{change.kind} {change.id} added"
        case SubjectDropped():
            return f"{change.kind} {change.id} dropped"
        case SubjectRenamed():
            return f"id {change.old} → {change.id}"
        case SubjectChanged():
            old, new = (plain_words(each, language) for each in (change.old, change.new))
            return f"{_SUBJECT_KEYS.get(change.key, change.key)} {old} → {new}"
        case _:
            raise AssertionError(change)


def referred_words(found: ReferredDifference) -> str:
    """To what more or fewer refer than before: `2026/company/lead is no longer supported by anyone in 2026-Q4`."""
    noun, one, many, passive, nobody = _TIES[found.tie]
    lost, gained = len(found.lost), len(found.gained)
    if found.forsaken:
        return f"{found.target} is no longer {passive} {nobody} in {found.cycle}"
    if not found.others and not lost:
        return f"{found.target} is now {passive} {counted(gained, noun)} of {found.cycle}"
    parts = [f"{gained} more {one if gained == 1 else many} it"] if gained else []
    if lost:
        does = "does" if lost == 1 else "do"
        parts.append(
            f"{lost} no longer {does}"
            if parts
            else f"{lost} no longer {one if lost == 1 else many} it, others still do"
        )
    return f"{found.target}: in {found.cycle} {', '.join(parts)}"


def summary_words(comparison: Comparison) -> str:
    """How much changed: `Objectives: 1 added, 2 changed. Key results: 3 changed. Check-ins: 4 added.`."""
    sentences = []
    key_results = [each for objective in comparison.objectives for each in objective.key_results]
    for noun, counts in (
        ("Objectives", _counts([(each.presence, each.changes) for each in comparison.objectives])),
        ("Key results", _counts([(each.presence, each.changes) for each in key_results])),
    ):
        parts = [f"{count} {word}" for word, count in counts.items() if count]
        sentences += [f"{noun}: {', '.join(parts)}."] if parts else []
    easier = sum(bool(eased(each.changes)) for each in key_results)
    sentences += [f"Easier to reach: {easier}."] if easier else []
    less = sum(bool(each.less) for each in comparison.objectives)
    ask = "asks" if less == 1 else "ask"
    sentences += [f"{counted(less, 'objective')} {ask} for less than in the cycle before."] if less else []
    added = sum(each.checkins.added for each in key_results)
    added += sum(each.checkins.added for each in comparison.measurements)
    sentences += [f"Check-ins: {added} added."] if added else []
    whose = whose_plans(comparison, "and", "{} more")
    sentences += [f"In the plans of {whose}."] if whose else []
    return " ".join(sentences)


def whose_plans(comparison: Comparison, and_: str, more: str) -> str:
    """Whose plans changed, where they are too many to be seen at a glance; `and_` and `more` are of the language."""
    owners = {
        owner.owner.id: owner.owner.name for owner in comparison.owners if owner.changed or owner.departed
    }
    *names, last = owners.values() if len(owners) >= _MANY_OWNERS else [""]
    if len(owners) > _MOST_OWNERS:
        names = names[: _MOST_OWNERS - 1]
        last = more.format(len(owners) - len(names))
    return f"{', '.join(names)} {and_} {last}" if names else ""


def _counts(found: list[tuple[str, tuple[PlanChange, ...]]]) -> dict[str, int]:
    counts = dict.fromkeys(("added", "dropped", "moved", "changed"), 0)
    for presence, changes in found:
        if presence in counts:
            counts[presence] += 1
        elif any(isinstance(each, Moved) for each in changes):
            counts["moved"] += 1
        elif changes:
            counts["changed"] += 1
    return counts


def plain_words(value: str | float | None, language: Language) -> str:
    """A value of a setting, or of a key of org.yaml."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else format_number(value, language)

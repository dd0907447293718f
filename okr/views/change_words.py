"""Changes of plans in words: `target moved from 100,000 to 80,000 visits`. Plain text, not yet made printable."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from okr.model import RelativeTarget
from okr.plan_changes import (
    CycleChanged,
    Graded,
    GradeExplained,
    InitiativeChanged,
    InitiativesChanged,
    KeyResultAdded,
    KeyResultDropped,
    Learned,
    Moved,
    NextDecided,
    ObjectiveAdded,
    ObjectiveDropped,
    OwnerRenamed,
    PlanChange,
    Realigned,
    Reassigned,
    Renamed,
    Retagged,
    Retargeted,
    Retyped,
    Reweighted,
    Reworded,
)
from okr.quantities import format_amount, format_number, format_score
from okr.views.text import counted

if TYPE_CHECKING:
    from okr.quantities import Language

KEYS = {
    "from": "baseline",
    "to": "target",
    "commit": "commitment",
    "stretch": "stretch target",
    "at_least": "lower bound",
    "at_most": "upper bound",
    "milestones": "milestones",
    "kpi": "KPI",
    "unit": "unit",
    "supports": "supports",
    "depends_on": "depends on",
}
"""What the keys of a plan are called."""

CYCLE_FACTS = {
    "state": "state",
    "closed": "day of closing",
    "starts": "first day",
    "ends": "last day",
    "owners": "who plans",
}
"""What the keys of cycle.yaml are called, but for the review."""

AMOUNTS = {"from", "to", "commit", "stretch", "at_least", "at_most"}


def subject_words(change: PlanChange | OwnerRenamed | CycleChanged) -> str:
    """What changed, as a reference: `2026-Q4/marketing/brand/visits`; a cycle, or an owner in one."""
    if isinstance(change, PlanChange):
        return str(change.reference)
    return change.cycle if isinstance(change, CycleChanged) else f"{change.cycle}/{change.new}"


def change_words(change: PlanChange | OwnerRenamed | CycleChanged, language: Language) -> str:  # noqa: C901, PLR0911, PLR0912 # one case for each kind of change
    """What happened to it, in a few words without its name."""
    match change:
        case ObjectiveAdded():
            return f"objective added with {counted(change.key_results, 'key result')}: {change.title}"
        case ObjectiveDropped():
            return f"objective dropped with {counted(change.key_results, 'key result')}: {change.title}"
        case KeyResultAdded():
            return f"key result added: {change.title}"
        case KeyResultDropped():
            return f"key result dropped: {change.title}"
        case Renamed():
            old, new = change.old.within_log, change.reference.within_log
            return f"id changed from {old} to {new}"
        case Moved():
            return f"moved from {change.old}"
        case Reworded():
            return _texts("title" if change.key == "title" else "reason", change.old, change.new)
        case Retargeted():
            return _retargeted(change, language)
        case Reweighted():
            return f"weight changed from {format_number(change.old, language)} to {format_number(change.new, language)}"
        case Reassigned():
            return _named("accountable person", change.old, change.new)
        case Realigned():
            return _lists(KEYS[change.key], change.old, change.new)
        case Retyped():
            return f"type changed from {change.old} to {change.new}"
        case Graded():
            return _named("grade", _score(change.old), _score(change.new))
        case GradeExplained():
            return _texts("reason of the grade", change.old, change.new)
        case NextDecided():
            return _named("what comes next", change.old, change.new)
        case Learned():
            return _texts("what was learned", change.old, change.new)
        case Retagged():
            return _named("tags", ", ".join(change.old) or None, ", ".join(change.new) or None)
        case InitiativesChanged():
            return "; ".join(initiative_words(change))
        case InitiativeChanged():
            what = "link" if change.key == "link" else "person"
            return _named(f"{what} of the initiative “{change.initiative}”", change.old, change.new)
        case OwnerRenamed():
            return f"owner renamed from {change.old} to {change.new}"
        case CycleChanged():
            return _cycle(change)
        case PlanChange():
            raise AssertionError(change)
        case _:
            assert_never(change)


def _retargeted(change: Retargeted, language: Language) -> str:
    old, new = (amount_words(each, None, language) for each in (change.old, change.new))
    unit = change.unit if change.key in AMOUNTS else None
    if change.new is not None:
        new = amount_words(change.new, unit, language)
    name = KEYS[change.key]
    if change.old is None:
        return f"{name} set to {new}"
    if change.new is None:
        return f"{name} removed (it was {amount_words(change.old, unit, language)})"
    return f"{name} {'moved' if change.key in AMOUNTS else 'changed'} from {old} to {new}"


def amount_words(value: object, unit: str | None, language: Language) -> str:
    """What a metric's key holds: a number with its unit, a relative target, a ladder, a name."""
    if isinstance(value, (int, float)):
        return format_amount(value, unit, language)
    if isinstance(value, dict):
        return ", ".join(f"{name} {format_number(score, language)}" for name, score in value.items())
    return str(value) if isinstance(value, (str, RelativeTarget)) else "nothing"


def _score(grade: float | None) -> str | None:
    return None if grade is None else format_score(grade)


def _named(what: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{what} set to {new}"
    return f"{what} removed ({old})" if new is None else f"{what} changed from {old} to {new}"


def _texts(what: str, old: str | None, new: str | None) -> str:
    old, new = (None if each is None else each.strip() for each in (old, new))
    if old is None:
        return f"{what} given: “{new}”"
    return f"{what} removed: “{old}”" if new is None else f"{what} reworded from “{old}” to “{new}”"


def _lists(what: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    added = [each for each in new if each not in old]
    dropped = [each for each in old if each not in new]
    parts = [f"{what} {', '.join(added)}"] if added else []
    return "; ".join([*parts, *([f"no longer {what} {', '.join(dropped)}"] if dropped else [])])


def initiative_words(change: InitiativesChanged) -> list[str]:
    """What became of initiatives, one by one."""
    old, new = dict(change.old), dict(change.new)
    parts = [f"initiative added: {title}" for title in new if title not in old]
    parts += [f"initiative dropped: {title}" for title in old if title not in new]
    for title, done in new.items():
        if title in old and done != old[title]:
            parts.append(f"initiative {'done' if done else 'taken up again'}: {title}")
    return parts or ["initiatives changed"]


def _cycle(change: CycleChanged) -> str:
    if change.key == "review":
        return _texts("review", change.old, change.new)
    return _named(CYCLE_FACTS[change.key], change.old, change.new)

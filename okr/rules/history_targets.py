"""OKR704 to OKR707: what was agreed when a cycle began, and has been moved since so that it is reached more easily.

What is harder to reach than it was is nobody's trouble.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Finding, Place, Severity
from okr.documents import LocatedMapping
from okr.easing import is_easier
from okr.measures import BoundsMetric, MilestonesMetric, NumberMetric, Relative
from okr.model import MetricKind, RelativeTarget, quoted
from okr.rules.catalogue import history_rule
from okr.rules.earlier import Earlier, Pair, as_written, key_results_of, objectives_of
from okr.rules.identities import is_another, renames
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr import model
    from okr.contents import KeyResult, Objective, Plan
    from okr.measures import Metric
    from okr.rules.earlier import Both, Z

_NAMES = {
    "to": ("target", "the target"),
    "commit": ("commit", "the commitment"),
    "stretch": ("stretch", "the stretch target"),
    "at_least": ("at_least", "the lower bound"),
    "at_most": ("at_most", "the upper bound"),
    "milestones": ("milestones", "the ladder of milestones"),
    "kpi": ("kpi", "the KPI"),
}
"""The keys that say where a key result is to get, each with the model's name for it and with ours."""

_KINDS = {
    MetricKind.NUMBER: "by a number",
    MetricKind.BOUNDS: "by bounds",
    MetricKind.MILESTONES: "by milestones",
    MetricKind.KPI: "by a KPI",
}
_AGREED = (
    "What is to be reached is agreed when a cycle begins: moved once results are known, it says little. Reviews do "
    "adjust plans, so that it is no error, but everybody should see it."
)
_SAY_WHY = (
    "Put it back, or say in a comment who agreed to it: `# okr: ignore[{}] agreed in the review of May`."
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A key result that was there when its cycle had begun, and is there still."""

    cycle: str
    then: model.KeyResult
    now: KeyResult

    @property
    def changed(self) -> list[str]:
        """The keys that say where it is to get and say something else than they did."""
        definition = self.now.definition
        return [
            key for key, (name, _) in _NAMES.items() if getattr(self.then, name) != getattr(definition, name)
        ]


@history_rule(
    "OKR704", "target-lowered", Workspace, severity=Severity.WARNING, why=_AGREED, remedy=_SAY_WHY.format("OKR704"),
)  # fmt: skip
def target_lowered(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """Once its cycle has begun, what a key result is to reach is not made easier."""
    for kept in _kept(earlier):
        changed, definition = kept.changed, kept.now.definition
        if not changed or kept.then.kind is None:
            continue
        name = quoted(definition.id)
        if definition.kind is not kept.then.kind:
            was, is_now = _KINDS[kept.then.kind], _KINDS[definition.kind] if definition.kind else "not at all"
            message = f"{name} was measured {was} when {kept.cycle} began, and is now measured {is_now}"
            yield _at(kept, changed, message)
            continue
        start = kept.then.start
        before, after = metric_written(kept.then, start), metric_written(definition, start)
        another_kpi = _kpi(kept.then, earlier) != _kpi(definition, earlier)
        easier = before is None or after is None or is_easier(before, after)
        if another_kpi or easier is not False:
            told = "" if another_kpi or easier is None else ", which is easier to reach"
            yield _at(kept, changed, f"{_moves(kept, changed)}{told}, and {kept.cycle} has begun")


@history_rule(
    "OKR705", "baseline-moved", Workspace, severity=Severity.WARNING, why=_AGREED, remedy=_SAY_WHY.format("OKR705"),
)  # fmt: skip
def baseline_moved(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """Once its cycle has begun, a key result's baseline is not moved so that its score rises."""
    for kept in _kept(earlier):
        old, new = kept.then.start, kept.now.definition.start
        if old == new or not isinstance(old, (int, float)):
            continue  # what nobody had measured is known now
        before, after = (metric_written(kept.now.definition, start) for start in (old, new))
        if before is not None and after is not None and is_easier(before, after) is not False:
            raised = ": scores rise by that" if isinstance(new, (int, float)) else ""
            message = f"the baseline of {quoted(kept.now.definition.id)} was {as_written(old)} and is {as_written(new)}{raised}, and {kept.cycle} has begun"
            yield _at(kept, ["from"], message)


@history_rule(
    "OKR706", "weight-changed", Workspace, severity=Severity.WARNING, why=_AGREED, remedy=_SAY_WHY.format("OKR706"),
)  # fmt: skip
def weight_changed(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """Once its cycle has begun, the key results of an objective keep their weights."""
    for pair, then, now in _kept_objectives(earlier):
        both = [(old, new) for old, new in key_results_of(then, now) if old and new]
        if _shares([old.definition.weight for old, _ in both]) == _shares(
            [new.definition.weight for _, new in both]
        ):
            continue
        for old, new in both:
            was, weighs = old.definition.weight, new.definition.weight
            if was != weighs:
                how = "lowered" if weighs < was else "raised, so that the others weigh less,"
                message = f"the weight of {quoted(new.definition.id)} was {how} from {as_written(was)} to {as_written(weighs)}"
                yield new.finding(
                    f"{message} after {pair.cycle} had begun",
                    key="weight" if new.source.says("weight") else "id",
                )


@history_rule(
    "OKR707", "dropped-after-start", Workspace, severity=Severity.WARNING, why=_AGREED,
    remedy="Put it back; or leave it out, and tell those whom it concerns why.",
)  # fmt: skip
def dropped_after_start(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """Once its cycle has begun, no objective and no key result is dropped without a word."""
    moved = _titles_that_came(earlier)
    for pair in earlier.plans:
        if not earlier.has_begun(pair.cycle):
            continue
        after = f"was dropped after {pair.cycle} had begun"
        for gone in _dropped(objectives_of(pair)):
            if (pair.cycle, gone.title) not in moved:
                message = f"the objective {quoted(gone.definition.id)} {after}"
                yield Finding(pair.path, _place_of_list(pair), message, ref=str(gone.reference))
    for pair, then, now in _kept_objectives(earlier):
        for each in _dropped(key_results_of(then, now)):
            message = f"the key result {quoted(each.definition.id)} was dropped after {pair.cycle} had begun"
            yield now.finding(message, key="id")


def _dropped(both: list[Both[Z]]) -> list[Z]:
    """What is gone, and has not only got another id."""
    renamed = {id(then) for then, _ in renames(both)}
    return [then for then, now in both if then is not None and now is None and id(then) not in renamed]


def _kept_objectives(earlier: Earlier) -> Iterator[tuple[Pair[Plan], Objective, Objective]]:
    """The objectives of plans that differ, in cycles that have begun, that were there and are the same still."""
    for pair in earlier.plans:
        if earlier.has_begun(pair.cycle):
            for then, now in objectives_of(pair):
                if then is not None and now is not None and not is_another(then, now):
                    yield pair, then, now


def _kept(earlier: Earlier) -> Iterator[_Kept]:
    for pair, then, now in _kept_objectives(earlier):
        for old, new in key_results_of(then, now):
            if old is not None and new is not None and not is_another(old, new):
                yield _Kept(pair.cycle, old.definition, new)


def metric_written(definition: model.KeyResult, start: float | str | None) -> Metric | None:
    """How a key result is measured, from a baseline; None where it says nothing that can be scored."""
    if definition.milestones is not None:
        return MilestonesMetric(definition.milestones)
    if definition.has_bounds:
        return BoundsMetric(definition.at_least, definition.at_most)
    target, commit, stretch = (
        Relative(amount.share) if isinstance(amount, RelativeTarget) else amount
        for amount in (definition.target, definition.commit, definition.stretch)
    )
    if target is None:
        return None
    return NumberMetric(start if isinstance(start, (int, float)) else None, target, commit, stretch)


def _kpi(definition: model.KeyResult, earlier: Earlier) -> str | None:
    found = None if definition.kpi is None else earlier.now.kpi(definition.kpi)
    return definition.kpi if found is None else found.definition.id


def _moves(kept: _Kept, keys: list[str]) -> str:
    """`the target of “visits” was “100000” and is “90000”`; of several, the first says of what."""
    said: list[str] = []
    for key in keys:
        field, name = _NAMES[key]
        of = "" if said else f" of {quoted(kept.now.definition.id)}"
        old, new = getattr(kept.then, field), getattr(kept.now.definition, field)
        said.append(
            f"{name}{of} has been changed"
            if isinstance(old, dict) and isinstance(new, dict)
            else f"{name}{of} was {as_written(old)} and is {as_written(new)}"
        )
    return ", ".join(said)


def _at(kept: _Kept, keys: list[str], message: str) -> Finding:
    key = next((key for key in keys if kept.now.source.says(key)), "id")
    return kept.now.finding(message, key=key)


def _shares(weights: list[float]) -> list[float]:
    """The share of each weight in all of them."""
    whole = sum(weights) or 1.0
    return [round(each / whole, 9) for each in weights]


def _titles_that_came(earlier: Earlier) -> set[tuple[str, str]]:
    """What is new in some plan, by cycle and title: what another owner has taken over has not been dropped."""
    return {
        (pair.cycle, now.title)
        for pair in earlier.plans
        for then, now in objectives_of(pair)
        if then is None and now is not None
    }


def _place_of_list(pair: Pair[Plan]) -> Place:
    """Where the plan's list of objectives begins; the whole file where there is none any more."""
    root = pair.now[0].document.root if pair.now else None
    return (
        root.keys_at["objectives"] if isinstance(root, LocatedMapping) and "objectives" in root else Place()
    )

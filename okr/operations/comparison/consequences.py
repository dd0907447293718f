"""What changes of goals bring about: findings of the rules that come and go, and what is referred to by whom.

The rules on limits, alignment, metrics, people and KPIs are run on both sides, those on history on the two together;
those on files and on how logs are written are left out: layout is no change.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from okr.contents import LoadedCycle
from okr.operations.comparison.results import FindingDifference, ReferredDifference, Tie
from okr.operations.comparison.translation import PlanKey, kpi_of
from okr.patterns import pattern
from okr.references import KPI_PREFIX
from okr.rules.catalogue import rules_by_name, rules_on_targets
from okr.rules.earlier import EarlierPlans
from okr.rules.engine import Examination, examine, in_order, run_rules
from okr.workspace import ORG, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from okr.contents import KeyResult, Plan
    from okr.diagnostics import Diagnostic
    from okr.operations.comparison.translation import Translation
    from okr.references import Reference
    from okr.rules.catalogue import Rule

_FAMILIES = ("OKR2", "OKR3", "OKR4", "OKR6", "OKR7")
_ON_LOGS = {"OKR501", "OKR502", "OKR503", "OKR505"}
"""What a change of a plan can bring about in a log: lines about nothing, of the wrong kind, outside the cycle."""
_TOLD_OTHERWISE = {"OKR310"}
"""That nobody supports an annual plan needs every plan to be read; who supports what is counted here."""
_DROPPED = "OKR707"
_ON_EVERYTHING = {Workspace, LoadedCycle}
_WEIGHTS = ("error", "warning", "info")
_LINE = pattern(r"\bline \d+")
_REASON = pattern(r"(?<= names nothing): .*")
"""Why something is not there may change; that it is not has not."""
_NUMBER = pattern(r"\d[\d,.]*")


_ON_ORG = {"OKR603", "OKR604", "OKR605", "OKR612"}
"""What looks at org.yaml alone."""
_ON_ORG_AND_CYCLES = {"OKR609"}
"""What looks at org.yaml, and at which cycles there are."""


def bears_on_goals(rule: Rule) -> bool:
    """Whether what a rule finds is a consequence of what goals say."""
    return (rule.code.startswith(_FAMILIES) or rule.code in _ON_LOGS) and rule.code not in _TOLD_OTHERWISE


def finding_differences(
    old: Workspace,
    new: Workspace,
    translation: Translation,
    keys: Collection[PlanKey],
    files: Mapping[str, PlanKey],
) -> tuple[FindingDifference, ...]:
    """The findings that came, went or say other numbers; the new ones first, the heaviest first.

    What a comment silences on the new side has not come; what it silenced on the old side has not come either.

    Args:
        old: the state before.
        new: the state after.
        translation: what old things are called.
        keys: the plans that may differ; a rule on single plans is asked about these.
        files: the plans and logs that either side lists, by path.
    """
    left_out: set[str] = set()
    if old.shares_org(new) or old.document(ORG) is new.document(ORG):
        left_out |= _ON_ORG
        left_out |= _ON_ORG_AND_CYCLES if _have_days(old) == _have_days(new) else set()

    def wanted(rule: Rule) -> bool:
        return bears_on_goals(rule) and rule.code not in left_out

    names = translation.renamings
    asked = _Asked(files, keys)
    sides = (
        _Findings(examine(old, wanted, within=asked.about), files, translation, names, asked),
        _Findings(examine(new, wanted, then=old, within=asked.about), files, None, names, asked),
    )
    return _differences(sides, set(_said_to_be_dropped(translation)))


def target_differences(
    old: Workspace, new: Workspace, plans: Collection[tuple[Plan, Plan]]
) -> tuple[FindingDifference, ...]:
    """What `finding_differences` finds in plans in which nothing but targets differ, and no rule is silenced.

    Args:
        old: the state before.
        new: the state after.
        plans: each plan before and after.
    """
    if not plans:
        return ()
    earlier = EarlierPlans(new, old, plans)
    files = {is_now.path: PlanKey(is_now.cycle, is_now.owner) for _, is_now in plans}
    found: list[_Findings] = []
    for workspace, side, then in ((old, 0, None), (new, 1, earlier)):
        things = chain.from_iterable(_aiming_elsewhere(*pair, side) for pair in plans)
        ran = run_rules(workspace, (workspace, *things), earlier=then, rules=rules_on_targets())
        found.append(_Findings(Examination(in_order(ran), (), frozenset()), files, None, {}, None))
    return _differences((found[0], found[1]), set())


def _aiming_elsewhere(was: Plan, is_now: Plan, side: int) -> Iterator[Plan | KeyResult]:
    """On one side, the key results that are to get elsewhere, and their plan."""
    for then, now in zip(was.objectives, is_now.objectives, strict=True):
        for pair in zip(then.key_results, now.key_results, strict=True):
            if repr(pair[0].definition.target) != repr(
                pair[1].definition.target
            ):  # 60 and 60.0 are said otherwise
                yield pair[side]
    yield (was, is_now)[side]


def _differences(
    sides: tuple[_Findings, _Findings], found_again: Collection[tuple[str, str]]
) -> tuple[FindingDifference, ...]:
    """The findings that came, went or say other numbers.

    Args:
        sides: what is found on either.
        found_again: of what it would be wrong to say that it was dropped.
    """
    came = (
        each
        for each in _without(sides[1].standing, sides[0].every)
        if each.code != _DROPPED or (each.finding.ref, _quoted_in(each)) not in found_again
    )
    went = _without(sides[0].standing, sides[1].every)
    earlier: dict[tuple[str, ...], list[Diagnostic]] = {}
    for each in went:
        earlier.setdefault(sides[0].likeness(each), []).append(each)
    found: list[FindingDifference] = []
    for each in came:
        alike = earlier.get(sides[1].likeness(each))
        found.append(FindingDifference(alike.pop(0) if alike else None, each))
    found += [FindingDifference(each, None) for alike in earlier.values() for each in alike]
    return heaviest_first(found)


def heaviest_first(found: Iterable[FindingDifference]) -> tuple[FindingDifference, ...]:
    """Differences in the order in which they are told: the new ones first, the heaviest first."""
    return tuple(sorted(found, key=_weight))


def _have_days(workspace: Workspace) -> dict[str, bool]:
    return {name: cycle.span is not None for name, cycle in workspace.cycles.items()}


def _said_to_be_dropped(translation: Translation) -> Iterator[tuple[str, str]]:
    """How OKR707, which looks at one plan, would speak of what has only moved: under which reference, by which id."""
    for old in translation.moves:
        parent = old.parent
        if parent is None or old.key_result is None:
            yield str(old), old.objective
        else:
            yield str(translation.reference(parent)), old.key_result


def _quoted_in(diagnostic: Diagnostic) -> str:
    return diagnostic.finding.message.partition("“")[2].partition("”")[0]


class _Asked:
    """Of which plans and logs findings count."""

    def __init__(self, files: Mapping[str, PlanKey], keys: Collection[PlanKey]) -> None:
        self._files = files
        self._keys = keys

    def about(self, path: str) -> bool:
        """Whether a file is one of those, or no plan and no log."""
        key = self._files.get(path)
        return key is None or key in self._keys

    def __call__(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding counts."""
        whole = rules_by_name()[diagnostic.code].subject in _ON_EVERYTHING
        return whole or self.about(diagnostic.finding.path)


class _Findings:
    """What the rules find on one side, and by what a finding is known on both."""

    def __init__(
        self,
        found: Examination,
        files: Mapping[str, PlanKey],
        translation: Translation | None,
        names: Mapping[str, str],
        asked: Callable[[Diagnostic], bool] | None,
    ) -> None:
        self._files = files
        self._translation = translation
        self._names = names
        longest = sorted(map(re.escape, names), key=len, reverse=True)
        self._named = re.compile(rf"(?<![\w-])(?:{'|'.join(longest)})(?![\w-])") if names else None
        self.standing = {
            self._known(each): each for each in reversed(found.diagnostics) if not asked or asked(each)
        }
        silenced = (self._known(each) for each in found.suppressed)
        self.every = {*self.standing, *silenced}

    def likeness(self, diagnostic: Diagnostic) -> tuple[str, ...]:
        """What is the same in two findings that differ in their numbers."""
        *about, message = self._known(diagnostic)
        return (*about, _NUMBER.sub("0", message))

    def _known(self, diagnostic: Diagnostic) -> tuple[str, ...]:
        finding = diagnostic.finding
        key = self._files.get(finding.path)
        about = finding.ref or (finding.path if key is None else "/".join(key))
        message = _REASON.sub("", _LINE.sub("line", finding.message))
        if self._translation is not None:
            about = self._translation.written(about)
        if self._named is not None:  # on both sides, for an old name may be a common word
            message = self._named.sub(lambda found: self._names[found[0]], message)
        return diagnostic.code, about, message


def _without(
    findings: Mapping[tuple[str, ...], Diagnostic], known: Collection[tuple[str, ...]]
) -> Iterator[Diagnostic]:
    return (each for key, each in findings.items() if key not in known)


def _weight(difference: FindingDifference) -> tuple[object, ...]:
    diagnostic = difference.diagnostic
    gone = difference.new is None
    return gone, _WEIGHTS.index(diagnostic.severity.value), diagnostic.sort_key


# Who refers to what

Ties = dict[tuple[Tie, str, str], set[str]]
"""By tie, target and the referring cycle: who refers."""


def referred_differences(
    old: Workspace, new: Workspace, translation: Translation
) -> tuple[ReferredDifference, ...]:
    """What on both sides is referred to by something that did not before, or no more by what did.

    By the referring cycle, then by target.
    """
    before, after = ties(old, old.all_plans, translation), ties(new, new.all_plans, None)
    known, titles = set(_targets(old, translation)), _titles(new)
    found: list[ReferredDifference] = []
    for tie, target, cycle in {*before, *after}:
        was, is_now = (each.get((tie, target, cycle), set()) for each in (before, after))
        if was != is_now and target in titles and target in known:
            lost, gained = tuple(sorted(was - is_now)), tuple(sorted(is_now - was))
            others = bool(was & is_now)
            found.append(ReferredDifference(tie, target, titles[target], cycle, lost, gained, others))
    order = {name: place for place, name in enumerate(dict.fromkeys((*new.cycles, *old.cycles)))}
    return tuple(sorted(found, key=lambda each: (order[each.cycle], each.tie, each.target)))


def ties(workspace: Workspace, plans: Iterable[Plan], translation: Translation | None) -> Ties:
    """What plans refer to, each by its new name.

    Args:
        workspace: whose plans they are.
        plans: those that are looked at.
        translation: what old things are called; None for the new side.
    """
    found: Ties = {}
    name: Callable[[Reference], Reference] = translation.reference if translation else _itself
    kpi: Callable[[str], str] = translation.kpi if translation else (lambda each: kpi_of(workspace, each))
    for plan in plans:
        for source, tie, text in _written(plan):
            if tie is Tie.KPI:
                target = f"{KPI_PREFIX}{kpi(text)}"
            else:
                reference = workspace.parse(text, plan.cycle)
                thing = None if reference is None else workspace.find(reference)
                if thing is None or _objective(thing.reference) == _objective(source):
                    continue
                target = str(name(thing.reference))
            found.setdefault((tie, target, plan.cycle), set()).add(str(name(source)))
    return found


def _written(plan: Plan) -> Iterator[tuple[Reference, Tie, str]]:
    """What a plan refers to, as it writes it."""
    for objective in plan.objectives:
        own, said = objective.reference, objective.definition
        yield from ((own, Tie.SUPPORTS, each) for each in said.supports)
        yield from ((own, Tie.DEPENDS_ON, each) for each in said.depends_on)
        for each in objective.key_results:
            yield from ((each.reference, Tie.DEPENDS_ON, text) for text in each.definition.depends_on)
            if each.definition.kpi is not None:
                yield each.reference, Tie.KPI, each.definition.kpi


def _titles(workspace: Workspace) -> dict[str, str]:
    """What can be referred to, with its title."""
    found = {f"{KPI_PREFIX}{each.definition.id}": each.definition.name for each in workspace.kpis}
    for plan in workspace.all_plans:
        for objective in plan.objectives:
            found[str(objective.reference)] = objective.title
            found.update((str(each.reference), each.title) for each in objective.key_results)
    return found


def _targets(old: Workspace, translation: Translation) -> Iterator[str]:
    """What could be referred to before, by its new name."""
    yield from (f"{KPI_PREFIX}{translation.kpi(each.definition.id)}" for each in old.kpis)
    for plan in old.all_plans:
        for objective in plan.objectives:
            yield str(translation.reference(objective.reference))
            yield from (str(translation.reference(each.reference)) for each in objective.key_results)


def _objective(reference: Reference) -> Reference:
    return reference.parent or reference


def _itself(reference: Reference) -> Reference:
    return reference

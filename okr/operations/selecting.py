"""What a reference typed on the command line means: an owner, an objective or a key result of this workspace.

Any unambiguous tail will do. A reference that names its owner reads that owner's plans and no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.cycles import canonical_name, looks_standard
from okr.dataclass import dataclass
from okr.errors import UsageError, shortened
from okr.references import BELOW as BELOW
from okr.references import KPI_PREFIX as KPI_PREFIX
from okr.references import Reference, matches, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okr.contents import Located, Owner
    from okr.model import Kpi
    from okr.workspace import Workspace

MOST_CANDIDATES = 8
_LONGEST_QUOTE = 80

Selected = Objective | KeyResult


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose plans an answer is about.

    Attributes:
        name: as it may be typed again: the owner's id, and `/...` behind it where all below it are meant as well.
        owner: the owner that was named.
        ids: the owners that are meant.
    """

    name: str
    owner: Owner
    ids: frozenset[str]

    @property
    def all_below(self) -> bool:
        """Whether all below the owner are meant as well."""
        return self.name.endswith(BELOW)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for: what is meant, in a word, and which references count."""

    noun: str
    counts: Callable[[Reference], bool]


_ANYTHING = _Wanted("objective or key result", lambda _: True)
_KEY_RESULT = _Wanted("key result", lambda reference: reference.key_result is not None)


def select(workspace: Workspace, text: str, *, cycle: str | None = None) -> Selected:
    """The objective or key result that a typed reference means.

    A reference that names the owner (`marketing/brand`) is taken so before it is taken as the tail of
    another (an objective `marketing` with a key result `brand`). The current cycle counts first, then the
    others that hold today, then all the rest.

    Args:
        workspace: where to look.
        text: what was typed.
        cycle: the only cycle to look in, by any of its names; None for all of them.

    Raises:
        UsageError: nothing is called so, or more than one thing is; the remedy lists the candidates.
        OkrError: there is no such cycle.
    """
    return _select(workspace, text, cycle, _ANYTHING)


def select_key_result(
    workspace: Workspace, text: str, cycle: str | None = None
) -> tuple[Objective, KeyResult]:
    """The key result that a typed reference means, with its objective; objectives don't count.

    Raises:
        UsageError: nothing is called so, more than one thing is, or it is an objective.
        OkrError: there is no such cycle.
    """
    found = _select(workspace, text, cycle, _KEY_RESULT)
    if isinstance(found, Objective):
        inside = [_short(workspace, each.reference) for each in found.key_results]
        raise UsageError(
            f"“{_quoted(text)}” is an objective: a check-in is made on one of its key results",
            _listed("Name one of them:", inside) if inside else "it has none yet; add one to its plan",
        )
    return objective_of(workspace, found), found


def select_any(workspace: Workspace, text: str, *, cycle: str | None = None) -> Owner | Selected:
    """The owner, objective or key result that a typed reference means; an owner's own id comes first.

    Raises:
        UsageError: nothing is called so, more than one thing is, or it is a KPI.
        OkrError: there is no such cycle.
    """
    _refuse_below(workspace, text)
    kpi = named_kpi(workspace, text)
    if kpi is not None:
        raise UsageError(
            f"“{_quoted(text)}” is a KPI: it is measured, and has no progress of its own",
            f"`okr show {KPI_PREFIX}{kpi.definition.id}` shows its measurements and what draws on them",
        )
    owner = _owner(workspace, text, _cycle_names(workspace, cycle))
    return owner if owner is not None else _select(workspace, text, cycle, _ANYTHING, owners=True)


def select_any_or_below(
    workspace: Workspace, text: str, *, cycle: str | None = None
) -> Owner | Whose | Selected:
    """What a typed reference means, as `select_any` has it; of `ID/...` the team and all below it.

    Raises:
        UsageError: nothing is called so, more than one thing is, or it is a KPI.
        OkrError: there is no such cycle.
    """
    if text.endswith(BELOW):
        return select_owners(workspace, text, cycle=cycle)
    return select_any(workspace, text, cycle=cycle)


def named_kpi(workspace: Workspace, text: str) -> Located[Kpi] | None:
    """The KPI that a text names as `kpis/ID`; None where it names something else.

    Raises:
        UsageError: it is written so, but there is no such KPI; the remedy names those that are near.
    """
    typed = text.strip().strip("/")
    if not typed.startswith(KPI_PREFIX):
        return None
    found = workspace.kpi(typed.removeprefix(KPI_PREFIX))
    if found is None:
        near = [
            f"{KPI_PREFIX}{name}"
            for name in nearest(
                typed.removeprefix(KPI_PREFIX), [each.definition.id for each in workspace.kpis]
            )
        ]
        remedy = _suggestion(near) if near else "kpis.yaml lists the KPIs"
        raise UsageError(f"there is no KPI “{_quoted(text)}”", remedy)
    return found


def select_owner(workspace: Workspace, text: str, *, cycle: str | None = None) -> Owner:
    """The owner that a typed id means, by its present id or one it had before.

    Raises:
        UsageError: no owner is called so; the remedy lists the nearest.
        OkrError: there is no such cycle.
    """
    _refuse_below(workspace, text)
    return _named_owner(workspace, text, cycle, "")


def select_owners(workspace: Workspace, text: str, *, cycle: str | None = None) -> Whose:
    """The owner that a typed id means, and with `/...` behind it whoever is below it in org.yaml.

    Raises:
        UsageError: no owner is called so; the remedy lists the nearest.
        OkrError: there is no such cycle.
    """
    named = text.removesuffix(BELOW)
    owner = _named_owner(workspace, named, cycle, text[len(named) :])
    if named == text:
        return Whose(owner.id, owner, frozenset((owner.id,)))
    return Whose(f"{owner.id}{BELOW}", owner, frozenset((owner.id, *below(workspace, owner.id))))


def below(workspace: Workspace, owner: str) -> tuple[str, ...]:
    """The teams and people below a team in org.yaml, at any distance, in no order that means anything."""
    under: dict[str, list[str]] = {}
    for name, above in workspace.above.items():
        if above is not None:
            under.setdefault(above, []).append(name)
    found: dict[str, None] = {}
    ahead = [owner]
    while ahead:
        for name in under.get(ahead.pop(), ()):
            if name not in found and name != owner:  # teams may, by mistake, be below each other
                found[name] = None
                ahead.append(name)
    return tuple(found)


def objective_of(workspace: Workspace, key_result: KeyResult) -> Objective:
    """The objective that a key result of this workspace belongs to.

    Raises:
        LookupError: it is another workspace's.
    """
    parent = key_result.reference.parent
    found = None if parent is None else workspace.find(parent)
    if isinstance(found, Objective):
        return found
    raise LookupError(key_result.reference)


def _named_owner(workspace: Workspace, text: str, cycle: str | None, behind: str) -> Owner:
    """An owner by an id; what stands behind it on the command line stands behind those that are near as well."""
    cycles = _cycle_names(workspace, cycle)
    owner = _owner(workspace, text, cycles)
    if owner is not None:
        return owner
    known = _owner_ids(workspace, cycles)
    near = [f"{each}{behind}" for each in _with_name(workspace, text, known) or nearest(text, known)]
    remedy = _suggestion(near) if near or not known else _listed("The owners are:", sorted(known))
    raise UsageError(f"there is no owner “{_quoted(text)}”", remedy)


def _refuse_below(workspace: Workspace, text: str) -> None:
    """Refuses `ID/...` where one thing is asked for."""
    if text.endswith(BELOW):
        name = select_owners(workspace, text).name
        raise UsageError(
            f"“{name}” is a team and all below it, and just one thing is asked for here",
            f"`okr status {name}` and `okr tree {name}` show what they have",
        )


def _select(
    workspace: Workspace, text: str, cycle: str | None, wanted: _Wanted, *, owners: bool = False
) -> Selected:
    _refuse_below(workspace, text)
    typed = text.strip().strip("/")
    _refuse_other_cycle(workspace, typed, cycle)
    tiers = _tiers(workspace, cycle)
    first = _by_owner(workspace, typed, tiers)
    if first is not None and wanted.counts(first.reference):
        return first
    for tier in tiers:
        found = _by_tail(workspace, typed, tier, wanted)
        if len(found) > 1:
            raise _ambiguous(workspace, text, found, wanted)
        if found:
            return _existing(workspace, found[0])
    if wanted is not _ANYTHING:
        # Perhaps an objective is called so: then that is the better thing to say.
        objectives = [found for tier in tiers for found in _by_tail(workspace, typed, tier, _ANYTHING)]
        if first is not None or len(objectives) == 1:
            return first or _existing(workspace, objectives[0])
    owner = None if owners else _owner(workspace, text, _cycle_names(workspace, cycle))
    if owner is not None:
        raise UsageError(
            f"“{_quoted(text)}” is an owner, and neither an objective nor a key result",
            f"`okr status {owner.id}` shows what it has",
        )
    raise _unknown(workspace, text, cycle, wanted, owners=owners)


def _by_owner(workspace: Workspace, typed: str, tiers: list[list[str]]) -> Selected | None:
    """What `[cycle/]owner/objective[/key-result]` names, in the first tier where just one thing is called so."""
    for tier in tiers:
        named = dict.fromkeys(workspace.parse(typed, own_cycle=name) for name in tier)
        found = {
            each.reference: each
            for reference in named
            if reference is not None and (each := workspace.find(reference)) is not None
        }
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            return None
    return None


def _by_tail(workspace: Workspace, typed: str, tier: list[str], wanted: _Wanted) -> list[Reference]:
    present: list[Reference] = []
    former: dict[Reference, Reference] = {}
    for name in tier:
        for called, reference in _names(workspace, name):
            if not wanted.counts(reference):
                continue
            if called == reference:
                present.append(reference)
            else:
                former.setdefault(called, reference)
    return matches(typed, present, cycle=None, aliases=former)


def _names(workspace: Workspace, cycle: str) -> Iterator[tuple[Reference, Reference]]:
    """Every name that something of a cycle has or had, with its present one."""
    for plan in workspace.plans(cycle):
        owners = [plan.owner, *workspace.former_names(plan.owner)]
        for objective in plan.objectives:
            for owner in owners:
                for name in (objective.definition.id, *objective.definition.formerly):
                    yield Reference(cycle, owner, name), objective.reference
                    for each in objective.key_results:
                        for inner in (each.definition.id, *each.definition.formerly):
                            yield Reference(cycle, owner, name, inner), each.reference


def _tiers(workspace: Workspace, cycle: str | None) -> list[list[str]]:
    """The cycles to look in, nearest first: the one asked for; else the current one, those of today, the rest."""
    if cycle is not None:
        return [[workspace.cycle(cycle).name]]
    current = workspace.current_cycle.name
    today: list[str] = []
    rest: list[str] = []
    for name, loaded in workspace.cycles.items():
        if name != current:
            holds = loaded.span is not None and loaded.span.contains(workspace.as_of)
            (today if holds else rest).append(name)
    return [tier for tier in ([current], today, rest) if tier]


def _refuse_other_cycle(workspace: Workspace, typed: str, cycle: str | None) -> None:
    if cycle is None:
        return
    asked = workspace.cycle(cycle).name
    named = canonical_name(typed.partition("/")[0])
    if named != asked and "/" in typed and (named in workspace.cycles or looks_standard(named)):
        raise UsageError(
            f"“{_quoted(typed)}” is of the cycle {_quoted(named)}, and --cycle asks for {asked}",
            "leave out one of the two",
        )


def _cycle_names(workspace: Workspace, cycle: str | None) -> list[str]:
    return list(workspace.cycles) if cycle is None else [workspace.cycle(cycle).name]


def _owner_ids(workspace: Workspace, cycles: Iterable[str]) -> dict[str, None]:
    """Every owner there is: those of org.yaml, and those with a plan."""
    files = (stem for name in cycles for _, stem in workspace.plan_paths(name).values())
    return dict.fromkeys((*workspace.owners, *(workspace.former_owners.get(stem, stem) for stem in files)))


def _owner(workspace: Workspace, text: str, cycles: Iterable[str]) -> Owner | None:
    typed = text.strip().strip("/")
    name = workspace.former_owners.get(typed, typed)
    known = name in workspace.owners or any(workspace.plan_paths_of(each, name) for each in cycles)
    return workspace.owner(name) if known else None


def _existing(workspace: Workspace, reference: Reference) -> Selected:
    found = workspace.find(reference)
    if found is None:
        # Two plans for one owner: `find` reads the one that counts, and validation reports the other.
        raise UsageError(
            f"{reference} stands in a plan that does not count: its owner has two in this cycle",
            "`okr validate` names both files",
        )
    return found


def _ambiguous(workspace: Workspace, text: str, found: list[Reference], wanted: _Wanted) -> UsageError:
    def far(reference: Reference) -> tuple[int, Reference]:
        span = workspace.cycles[reference.cycle].span
        return abs((span.ends - workspace.as_of).days) if span else 0, reference

    shown = [_short(workspace, reference) for reference in sorted(found, key=far)]
    plural = wanted.noun.replace("objective or key result", "objectives or key results")
    plural = plural if plural.endswith("s") else f"{plural}s"
    return UsageError(
        f"“{_quoted(text)}” may mean any of {len(found)} {plural}",
        _listed("Name one of them:", shown),
    )


def _unknown(
    workspace: Workspace, text: str, cycle: str | None, wanted: _Wanted, *, owners: bool
) -> UsageError:
    cycles = _cycle_names(workspace, cycle)
    name = _cycle_called(workspace, text)
    if name is not None:
        return UsageError(
            f"“{_quoted(text)}” is a cycle, and no {f'owner, {wanted.noun}' if owners else wanted.noun}",
            f"give it behind --cycle; `okr cycle show {name}` shows it",
        )
    known = [
        _short(workspace, reference)
        for name in cycles
        for called, reference in _names(workspace, name)
        if called == reference and wanted.counts(reference)
    ]
    ids = _owner_ids(workspace, cycles) if owners else ()
    known += ids
    noun = f"owner, {wanted.noun}" if owners else wanted.noun
    where = "" if cycle is None else f" in {workspace.cycle(cycle).name}"
    if not known:
        return UsageError(
            f"there is no {noun} “{_quoted(text)}”{where}",
            "no plan has an objective yet: `okr new objective`",
        )
    near = _with_name(workspace, text, ids) or nearest(text, known)
    return UsageError(f"there is no {noun} “{_quoted(text)}”{where}", _suggestion(near))


def _with_name(workspace: Workspace, text: str, ids: Iterable[str]) -> list[str]:
    """The owners whom a text calls by their name, such as `Alice Martin` for `alice`."""
    return [each for each in ids if workspace.owner(each).name.casefold() == text.casefold()]


def _cycle_called(workspace: Workspace, text: str) -> str | None:
    """The cycle that a text names; None where it names none."""
    try:
        return workspace.cycle(text).name
    except UsageError:
        return None


def _short(workspace: Workspace, reference: Reference) -> str:
    """The shortest form that is sure to be understood: without the cycle where it is the current one."""
    named = reference.segments
    return "/".join(named[1:] if reference.cycle == workspace.current_cycle.name else named)


def _suggestion(near: list[str]) -> str:
    if not near:
        return "`okr status` and `okr tree` show what there is"
    return f"did you mean {near[0]}?" if len(near) == 1 else _listed("The nearest are:", near)


def _listed(heading: str, items: list[str]) -> str:
    more = len(items) - MOST_CANDIDATES
    shown = items if more == 1 else items[:MOST_CANDIDATES]  # one more is as short
    tail = [f"  and {more} more"] if more > 1 else []
    return "\n".join((heading, *(f"  {item}" for item in shown), *tail))


def _quoted(text: str) -> str:
    return shortened(text, _LONGEST_QUOTE)

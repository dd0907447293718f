"""OKR708 and OKR709: whether an id still stands for what it stood for, and an old one can still be followed.

Whether an id is unique now is for other rules. That two things are the same, or not, is often a guess, and weighs no
more than a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective
from okr.dataclass import replace
from okr.diagnostics import Severity
from okr.model import quoted
from okr.rules.catalogue import history_rule
from okr.rules.earlier import Earlier, key_results_of, objectives_of
from okr.rules.identities import is_another, renames
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okr.diagnostics import Finding
    from okr.rules.earlier import Both, Thing

_FOR_GOOD = (
    "An id names one thing for good: logs, references and what people remember go on naming it, and no line of a log is "
    "ever rewritten."
)


@history_rule(
    "OKR708", "renamed-without-formerly", Workspace, severity=Severity.WARNING, why=_FOR_GOOD,
    remedy="Keep the old id in `formerly`, so that what names it stays true.",
)  # fmt: skip
def renamed_without_formerly(_: Workspace, __: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """What gets another id keeps the ids it had in `formerly`."""
    for both in _families(earlier):
        yield from _renamed(both)


def _renamed(both: Sequence[Both[Thing]]) -> Iterator[Finding]:
    for gone, new in renames(both):
        old = gone.definition.id
        message = f"this seems to be {quoted(old)} under another id, but doesn't say so"
        hint = f"add `formerly: [{old}]` if it is the same"
        yield _finding(new, message, "id", hint)
    taken = {now.definition.id for _, now in both if now is not None}
    for then, now in both:
        if then is None or now is None:
            continue
        had = dict.fromkeys((then.definition.id, *then.definition.formerly))
        lost = [each for each in had if each not in {now.definition.id, *now.definition.formerly} | taken]
        if lost:
            one = len(lost) == 1
            message = f"{quoted(now.definition.id)} was called {' and '.join(map(quoted, lost))} before, and no longer says so"
            hint = f"add {'it' if one else 'them'} to `formerly`: what names the old id{'' if one else 's'} leads nowhere now"
            yield _finding(now, message, "formerly" if now.source.says("formerly") else "id", hint)


@history_rule(
    "OKR709", "id-reused", Workspace, why=_FOR_GOOD,
    remedy="Give the new thing an id that nothing has ever had.",
)  # fmt: skip
def id_reused(workspace: Workspace, _: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """An id, present or former, does not come to stand for something else."""
    for both in _families(earlier):
        yield from _reused(both)
    yield from _changed_kind(workspace, earlier)


def _reused(both: Sequence[Both[Thing]]) -> Iterator[Finding]:
    former = {name: then for then, now in both if then and now for name in then.definition.formerly}
    for then, now in both:
        if now is None:
            continue
        name = now.definition.id
        bearer = former.get(name)
        if then is None and bearer is not None:
            message = f"{quoted(name)} was an id of {quoted(bearer.definition.id)} before: logs and references that name it come to mean this one"
            yield _finding(now, message, "id")
        elif then is not None and then.definition.id == name and is_another(then, now):
            said = _title(then)
            message = f"{quoted(name)} stood for something else: {quoted(said)}"
            hint = "if it is the same in other words, say so in a comment: `# okr: ignore[OKR709] reworded`; else give it an id of its own"
            yield replace(_finding(now, message, "id", hint), severity=Severity.WARNING)


def _changed_kind(workspace: Workspace, earlier: Earlier) -> Iterator[Finding]:
    """Teams and people share their ids: whoever was a team is no person."""
    if not (earlier.teams or earlier.people):
        return
    teams, people = (
        {each.definition.id for each in things} for things in (earlier.then.teams, earlier.then.people)
    )
    for each in workspace.people:
        if each.definition.id in teams - people:
            yield each.source.finding(
                f"{quoted(each.definition.id)} was a team, and is a person now", key="id"
            )
    for team in workspace.teams:
        if team.definition.id in people - teams:
            yield team.source.finding(
                f"{quoted(team.definition.id)} was a person, and is a team now", key="id"
            )


def _families(earlier: Earlier) -> Iterator[Sequence[Both[Thing]]]:
    """Things that share their ids, then and now: of org.yaml and kpis.yaml, and of plans whose cycle has begun."""
    yield earlier.teams
    yield earlier.people
    yield earlier.kpis
    for pair in earlier.plans:
        if earlier.has_begun(pair.cycle):
            objectives = objectives_of(pair)
            yield objectives
            for then, now in objectives:
                if then is not None and now is not None:
                    yield key_results_of(then, now)


def _title(thing: Thing) -> str:
    if isinstance(thing, (Objective, KeyResult)):
        return thing.title
    return thing.definition.name or thing.definition.id


def _finding(thing: Thing, message: str, key: str, hint: str | None = None) -> Finding:
    if isinstance(thing, (Objective, KeyResult)):
        return thing.finding(message, key=key, hint=hint)
    return thing.source.finding(message, key=key, hint=hint)

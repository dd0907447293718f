"""Ids for what is added: as asked for, or made from a title; never one that something else has or had."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from okr.errors import UsageError
from okr.references import is_id, slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from okr.contents import KeyResult, Objective, Source
    from okr.workspace import Workspace


_UNTELLING = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "by", "each", "every", "for", "from", "in", "into", "is",
    "it", "its", "of", "on", "our", "than", "that", "the", "their", "them", "they", "to", "we", "with",
    "your",
    "au", "aux", "avec", "ce", "chaque", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les",
    "leur", "leurs", "nos", "notre", "par", "pour", "que", "qui", "s", "se", "sur", "un", "une", "vos",
))  # fmt: skip
_MOST_WORDS, _LONGEST_ID = 4, 28
"""What an id made from a title may have: it is typed every week."""


def logged_names(workspace: Workspace, cycle: str, owner: str) -> set[str]:
    """What the owner's logs name: an id that stood in a plan once must not come to mean something else."""
    return {
        record.definition.kr
        for log in workspace.owner_logs(cycle, owner)
        for record in log.records
        if record.definition.kr
    }


def id_among(
    siblings: Iterable[Objective | KeyResult], asked: str | None, title: str, logged: set[str]
) -> str:
    """The id asked for, or one made from the title that neither siblings nor logs have."""
    taken = {name: each for each in siblings for name in (each.definition.id, *each.definition.formerly)}
    if asked is None:
        return slug(title, {*taken, *logged})
    kind = "objective or key result"
    check_id(asked, kind)
    if asked in taken:
        source = taken[asked].source
        raise id_taken(asked, kind, source.path, source.place().line)
    return asked


def short_id(title: str, taken: Collection[str]) -> str:
    """An id of the few words of a title that tell it from others: `deploys-week` of “15 deploys a week”."""
    words = [word for word in slug(title).split("-") if word not in _UNTELLING and not word.isdigit()]
    kept: list[str] = []
    for word in words[:_MOST_WORDS]:
        if kept and len("-".join((*kept, word))) > _LONGEST_ID:
            break
        kept.append(word)
    return slug("-".join(kept) or title, taken)


def check_org_id(workspace: Workspace, asked: str, kind: str) -> None:
    """Refuses an id for a team or person that is none, or that another of them has or had."""
    check_id(asked, kind)
    taken: dict[str, Source] = {}
    for team in workspace.teams:
        taken |= dict.fromkeys((team.definition.id, *team.definition.formerly), team.source)
    for person in workspace.people:
        taken |= dict.fromkeys((person.definition.id, *person.definition.formerly), person.source)
    if asked in taken:
        raise id_taken(asked, "team or person", taken[asked].path, taken[asked].place().line)


def check_id(asked: str, kind: str) -> None:
    """Refuses what can't be an id at all."""
    if not is_id(asked):
        remedy = f"such as {slug(asked)}; what people read is its title or name"
        if kind in {"team", "person", "KPI"} and asked.isprintable():
            remedy = f"what people read is its name: `okr new {kind.lower()} {slug(asked)} --name {shlex.quote(asked[:60])}`"
        raise UsageError(
            f"“{asked[:60]}” is no id for a {kind}: ids have lower-case letters, digits and hyphens", remedy
        )


def id_taken(asked: str, kind: str, path: str, line: int) -> UsageError:
    """What to raise where something else has, or had, an id."""
    return UsageError(
        f"the id {asked} is, or was, another {kind}'s: {path}:{line}",
        "choose another one: an id is never reused for something else",
    )

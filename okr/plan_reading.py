"""A plan's file as a plan: its objectives and key results with their places, and who answers for them.

Which files are plans is for `owned_files.py`; what keys they may have, for `model.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr import model
from okr.contents import KeyResult, Located, Objective, Plan, Source, mentioned_ids
from okr.diagnostics import Finding, Place, Problem
from okr.documents import LocatedList
from okr.references import Reference
from okr.roots import LOGS
from okr.shapes import list_for_a_plan

if TYPE_CHECKING:
    from okr.documents import Document
    from okr.org import WithOrg
    from okr.reader import Reader


def read_plan(reader: Reader, org: WithOrg, cycle: str, owner: str, document: Document) -> Plan:
    """A plan; what is wrong with its shape becomes a problem of the reader's, and then it has no objectives.

    Args:
        reader: who has read the file.
        org: the teams and people, by whatever ids they had.
        cycle: the plan's cycle.
        owner: whose it is, by the present id.
        document: the plan's file.
    """
    found: Located[model.Plan] | None = None
    if document.root is None and document.readable:
        message = "this plan is empty"
        hint = "write `objectives:` and the objectives below it, or remove the file"
        reader.note(document, [Problem("missing-key", Finding(document.path, Place(), message, hint))])
    elif isinstance(document.root, LocatedList):
        reader.note(document, [list_for_a_plan(document, f"{LOGS}/{cycle}/")])
    elif document.root is not None:
        found = reader.whole_file(document.path, model.Plan)
    if found is None:
        return Plan(cycle, owner, document, (), mentioned_ids(document.root))
    items = found.source.data["objectives"]
    objectives = tuple(
        _objective(org, cycle, owner, definition, Source(document, data))
        for definition, data in zip(found.definition.objectives, items, strict=True)
    )
    return Plan(cycle, owner, document, objectives, mentioned_ids(document.root))


def _objective(
    org: WithOrg, cycle: str, owner: str, definition: model.Objective, source: Source
) -> Objective:
    reference = Reference(cycle, owner, definition.id)
    person = owner if org.owner(owner).kind == "person" else None
    accountable = _person(org, definition.owner) or person
    key_results = tuple(
        KeyResult(
            Reference(cycle, owner, definition.id, each.id), each, Source(source.document, data),
            _person(org, each.owner) or accountable,
        )
        for each, data in zip(definition.key_results, source.data.get("key_results") or (), strict=True)
    )  # fmt: skip
    return Objective(reference, definition, source, accountable, key_results)


def _person(org: WithOrg, name: str | None) -> str | None:
    return None if name is None else org.former_owners.get(name, name)

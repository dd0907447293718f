"""Validating only what has changed: which findings a change has brought, or lie in what it has touched.

What is compared is what files say: comments, layout and order are no change. Reading the earlier version is for
`bases.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass, replace
from okr.diagnostics import Place
from okr.documents import LocatedList, LocatedMapping
from okr.rules.catalogue import rules_by_name
from okr.rules.engine import examine
from okr.rules.severities import can_be_silenced
from okr.workspace import ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.diagnostics import Diagnostic
    from okr.documents import Document
    from okr.operations.validation.bases import Base
    from okr.operations.validation.validating import Selection, Validation
    from okr.workspace import Workspace

_LINE_NUMBERS = re.compile(r"\b(lines?) [\d,]+")
_SILENT = "stale-key-result"
_WHOLE = Place(1, 1, 1 << 60, 1)


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in a workspace's files since an earlier version.

    Attributes:
        places: the files that differ, each with the stretches of it that say something else: the items of its lists
            (objectives, lines of a log, teams, people, KPIs) and its other keys. One that is new, or could not be
            read, differs as a whole; one that is gone has none.
    """

    places: Mapping[str, tuple[Place, ...]]

    def touch(self, path: str, place: Place) -> bool:
        """Whether a stretch that has changed holds the beginning of a place."""
        return any(each[:2] <= place[:2] < each[2:] for each in self.places.get(path, ()))


def changes_since(workspace: Workspace, then: Workspace | None) -> Changes:
    """What has changed in a workspace, all of which has been read; everything where there was none."""
    if then is None:
        return Changes({document.path: (_WHOLE,) for document in workspace.documents})
    then.load_everything()
    before = {document.path: document for document in then.documents}
    now = {document.path: document for document in workspace.documents}
    places = {
        path: _changed_places(before.get(path), now.get(path))
        for path in sorted(before.keys() | now.keys())
        if before.get(path) is not now.get(path)
    }
    if then.files.read(ATTRIBUTES) != workspace.files.read(ATTRIBUTES):
        places[ATTRIBUTES] = (_WHOLE,)
    return Changes(places)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A validation of what has changed.

    Attributes:
        validation: what is reported.
        left_out: how many findings are not, because nothing that has changed has to do with them.
        files: how many of the files asked about differ.
    """

    validation: Validation
    left_out: int
    files: int


def narrow(validation: Validation, base: Base, changes: Changes, selection: Selection) -> Narrowed:
    """Keeps of a validation what has to do with a change.

    That is what stands in a stretch that has changed; what the earlier version does not have, wherever it stands, for a
    change may have caused it; what rules on history find; and what keeps a file from being read. That
    nobody has checked something in is not said of what is new.

    Args:
        validation: of the workspace.
        base: what it is compared with.
        changes: what has changed since then.
        selection: the files asked about.
    """
    before = examine(base.workspace) if base.workspace and changes.places else None
    known = Counter(map(_identity, before.diagnostics if before else ()))
    silenced = known + Counter(map(_identity, before.suppressed if before else ()))
    all_is_known = base.workspace is not None and before is None
    found, suppressed = (
        tuple(
            _not_just_planned(
                _concerned(each, changes, known_then, all_is_known=all_is_known), base.workspace
            )
        )
        for each, known_then in ((validation.diagnostics, known), (validation.suppressed, silenced))
    )
    differing = {path for path in changes.places if selection.holds(path)}
    looked_at = differing | {each.finding.path for each in found}
    return Narrowed(
        replace(
            validation, diagnostics=found, suppressed=suppressed, files=len(looked_at), since=base.moment
        ),
        len(validation.diagnostics) - len(found),
        len(differing),
    )


def _concerned(
    diagnostics: Iterable[Diagnostic],
    changes: Changes,
    known: Counter[tuple[str, ...]],
    *,
    all_is_known: bool,
) -> Iterator[Diagnostic]:
    left = Counter(known)
    for each in diagnostics:
        rule, identity = rules_by_name()[each.code], _identity(each)
        was_there = all_is_known or left[identity] > 0
        left[identity] -= 1
        touched = changes.touch(each.finding.path, each.finding.place)
        if touched or not was_there or rule.history or not can_be_silenced(rule):
            yield each


def _not_just_planned(found: Iterable[Diagnostic], then: Workspace | None) -> Iterator[Diagnostic]:
    """All, but that nobody checks in what the earlier version does not have yet: nobody could."""
    for each in found:
        ref = each.finding.ref
        if then is None or ref is None or each.name != _SILENT:
            yield each
            continue
        named = then.parse(ref, ref.partition("/")[0])
        if named is None or then.find(named) is not None:
            yield each


def _identity(diagnostic: Diagnostic) -> tuple[str, ...]:
    """What a finding is the same by, then and now: all that it says but the numbers of lines, which move."""
    finding = diagnostic.finding
    said = _LINE_NUMBERS.sub(r"\1 N", finding.message)
    return diagnostic.code, finding.path, finding.ref or "", said


def _changed_places(then: Document | None, now: Document | None) -> tuple[Place, ...]:
    if now is None:
        return ()
    if then is None or not then.readable or not now.readable:
        return (_WHOLE,)
    if isinstance(then.root, LocatedMapping) and isinstance(now.root, LocatedMapping):
        return tuple(_changed_keys(then.root, now.root))
    if isinstance(then.root, LocatedList) and isinstance(now.root, LocatedList):
        return tuple(_changed_items(then.root, now.root))
    return () if then.root == now.root else (_WHOLE,)


def _changed_keys(then: LocatedMapping, now: LocatedMapping) -> Iterator[Place]:
    for key, value in now.items():
        before = then.get(key)
        if isinstance(value, LocatedList) and isinstance(before, LocatedList):
            yield from _changed_items(before, value)
        elif key not in then or before != value:
            start, end = now.keys_at[key], now.values_at[key]
            yield Place(start.line, start.column, end.end_line, end.end_column)


def _changed_items(then: LocatedList, now: LocatedList) -> Iterator[Place]:
    """The items that were not there, or said something else; whatever their order."""
    left = Counter(map(_frozen, then))
    for item, place in zip(now, now.items_at, strict=True):
        frozen = _frozen(item)
        if left[frozen] > 0:
            left[frozen] -= 1
        else:
            yield place


def _frozen(value: Any) -> object:  # noqa: ANN401 # whatever YAML can hold
    """A value that can be counted; mappings are the same in whatever order their keys stand."""
    if isinstance(value, dict):
        return frozenset((key, _frozen(each)) for key, each in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value

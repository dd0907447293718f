"""Fixes for misspelt names of things that okr itself names: keys, rules, and the words that a key may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.documents import LocatedMapping
from okr.key_words import key_called
from okr.operations.fixes.registry import Fix, mends, obvious
from okr.operations.formatting import choices_of, kind_of, shape_of
from okr.rules.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.fixes.registry import Spot


@mends("unknown-key")
def rename_key(spot: Spot) -> Iterator[Fix]:
    """Corrects a key that is like one known one, which is missing there. Safe: an unknown key means nothing else.

    Not safe where people or other tools call the key so: they may mean something else by it.
    """
    kind, steps = kind_of(spot.document.path), spot.key_steps
    if kind is None or steps is None:  # a log's line is never changed
        return
    holder = spot.at(steps[:-1])
    known = [key for key in shape_of(kind).at(steps[:-1]).keys if key not in holder.keys_at]
    written = str(steps[-1])
    alike = obvious(written, known)
    meant = alike or key_called(written, known)
    if meant is not None:
        edit = spot.replaced(spot.place, meant)
        yield spot.fix(f"Rename the key to “{meant}”", [edit], safe=alike is not None)


@mends("unknown-rule")
def rename_rule(spot: Spot) -> Iterator[Fix]:
    """Corrects a rule's name in okr.yaml. Safe: it names no other. A code that is wrong could mean many others."""
    written = spot.source(spot.place)
    meant = obvious(written.strip("\"'"), (rule.name for rule in catalogue()))
    if meant is not None and spot.key_steps is not None:
        yield spot.fix(f"Write “{meant}”", [spot.replaced(spot.place, meant)], safe=True)


@mends("bad-value")
def correct_word(spot: Spot) -> Iterator[Fix]:
    """Corrects one of the words that a key may have, such as `commited`. Safe: it may have no other like it."""
    kind, value = kind_of(spot.document.path), spot.value
    if kind is None or not isinstance(value, str) or not isinstance(spot.holder, LocatedMapping):
        return
    meant = obvious(value, choices_of(kind, spot.steps or ()))
    if meant is not None:
        yield spot.fix(f"Write “{meant}”", [spot.replaced(spot.place, meant)], safe=True)

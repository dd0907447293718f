"""What the answers of `okr plan` have in common: objectives that go on, and what stays behind, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.plan_changes import Realigned, Retargeted
from okr.views.change_words import change_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okr.plan_changes import PlanChange
    from okr.quantities import Language
    from okr.references import Reference

MOST_NAMED = 6
"""How many owners or objectives are named where there are more."""

_TIMES = {1: "", 2: "for the second time", 3: "for the third time"}


def times_words(times: int) -> str:
    """How often something is carried over: nothing for the first time, `for the second time`."""
    return _TIMES.get(times, f"for the {times}th time")


def moves(changes: Iterable[PlanChange], language: Language) -> Iterator[tuple[Reference, str]]:
    """What is measured or supported otherwise, each with what it is about."""
    for each in changes:
        if isinstance(each, Retargeted) or (isinstance(each, Realigned) and each.key == "supports"):
            yield each.reference, change_words(each, language)


def some_names(names: Sequence[str], more: str) -> str:
    """A few names, and how many more there are."""
    left = len(names) - MOST_NAMED
    return ", ".join(names) if left < 2 else f"{', '.join(names[:MOST_NAMED])} {more.format(left)}"  # noqa: PLR2004 # one more name is as short

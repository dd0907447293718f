"""OKR123: whether keys stand where they are read for what they are. Any other order is a matter of taste, and `okr format` has one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from okr.contents import Plan
from okr.diagnostics import Finding, Severity
from okr.model import quoted
from okr.rules.catalogue import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.contents import KeyResult, Objective
    from okr.workspace import Workspace

_HEAD = frozenset({"id", "title"})
_KEY_RESULTS = "key_results"
_BELOW_ALL = frozenset({"learned", "next"})
"""What is written when all is over; it may stand below the key results, as `okr format` has it."""

_MEASURED_BY = frozenset({"from", "commit", "to", "stretch", "at_least", "at_most", "milestones"})
_WITH_IT = _MEASURED_BY | {"unit", "kpi", "weight"}
"""What may stand among the former: it tells how their numbers are meant."""


@rule(
    "OKR123", "key-order", Plan, severity=Severity.INFO,
    why="What stands below a list of key results is read as a part of the last one, or not at all; and a number is only "
        "understood once one knows of what it is. The file says the same in any order, so this is only a remark.",
    remedy="Let `id` and `title` come first, the numbers stand together and `key_results` come last; `--fix` does.",
)  # fmt: skip
def key_order(plan: Plan, _: Workspace) -> Iterator[Finding]:
    """Nothing of an objective stands below its key results, and a key result's numbers stand together below its title."""
    for objective in plan.objectives:
        data = objective.source.data
        key = None if data.flow else _below_key_results(tuple(data))
        if key is not None:
            yield _finding(objective, key, "below its key results")
        for key_result in objective.key_results:
            key = _below_numbers(tuple(key_result.source.data))
            if key is not None:
                yield _finding(key_result, key, "below its numbers" if key in _HEAD else "among its numbers")


def _finding(of: Objective | KeyResult, key: str, where: str) -> Finding:
    message = f"`{key}` of {quoted(of.definition.id)} stands {where}"
    return Finding(of.source.path, of.source.key_place(key), message, ref=str(of.reference))


@lru_cache(maxsize=1024)
def _below_key_results(keys: tuple[str, ...]) -> str | None:
    """The first key of an objective that stands where nobody looks for it; most files have the same few orders."""
    if _KEY_RESULTS not in keys:
        return None
    below = keys[keys.index(_KEY_RESULTS) + 1 :]
    return next((key for key in below if key not in _BELOW_ALL), None)


@lru_cache(maxsize=1024)
def _below_numbers(keys: tuple[str, ...]) -> str | None:
    """The first key of a key result that stands above its head, or parts its numbers from one another."""
    numbers = [place for place, key in enumerate(keys) if key in _MEASURED_BY]
    if not numbers:
        return None
    behind = keys[numbers[0] + 1 :]
    among = set(keys[numbers[0] : numbers[-1]]) - _WITH_IT
    return next((key for key in behind if key in _HEAD or key in among), None)

"""A row of values as a line of blocks: where it stood, from the lowest to the highest of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int) -> str:
    """The last of some values, one block each; of equal ones the middle block.

    Args:
        values: the values, in order.
        width: how many are drawn at most.
    """
    shown = values[-width:]
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    if low == high:
        return BLOCKS[len(BLOCKS) // 2 - 1] * len(shown)
    steps = len(BLOCKS) - 1
    return "".join(BLOCKS[round((value - low) / (high - low) * steps)] for value in shown)

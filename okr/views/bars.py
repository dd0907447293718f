"""Bars: a score as a length, with the progress that is expected marked in it. Works without colour."""

from __future__ import annotations

from rich.text import Text

FULL, EMPTY, MARK = "█", "░", "│"
_PARTS = " ▏▎▍▌▋▊▉"


def bar(score: float, expected: float | None, width: int, style: str = "") -> Text:
    """A score between 0 and 1 as a bar.

    Args:
        score: how much of it is filled, to an eighth of a character.
        expected: where the mark stands, 0 to 1; None for no mark. It takes one character of its own.
        width: characters, the mark's included.
        style: the style of the filled part.
    """
    cells = width if expected is None else width - 1
    eighths = round(min(1.0, max(0.0, score)) * cells * 8)
    if score > 0 and eighths == 0:
        eighths = 1
    full, part = divmod(eighths, 8)
    filled = FULL * full + (_PARTS[part] if part else "")
    empty = EMPTY * (cells - len(filled))
    if expected is None:
        return Text.assemble((filled, style), (empty, "dim"))
    at = round(min(1.0, max(0.0, expected)) * cells)
    above = max(at - len(filled), 0)
    return Text.assemble(
        (filled[:at], style),
        (empty[:above], "dim"),
        (MARK, "bold"),
        (filled[at:], style),
        (empty[above:], "dim"),
    )

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
    return Text.assemble(*bar_parts(filled_eighths(score, expected, width), expected, width, style))


def filled_eighths(score: float, expected: float | None, width: int) -> int:
    """How much of a bar is filled, in eighths of a character."""
    cells = width if expected is None else width - 1
    return round(min(1.0, max(0.0, score)) * cells * 8) or int(score > 0)


def bar_parts(eighths: int, expected: float | None, width: int, style: str) -> list[tuple[str, str]]:
    """What a bar consists of, each part with its style; some may be empty."""
    cells = width if expected is None else width - 1
    full, part = divmod(eighths, 8)
    filled = FULL * full + (_PARTS[part] if part else "")
    empty = EMPTY * (cells - len(filled))
    if expected is None:
        return [(filled, style), (empty, "dim")]
    at = round(min(1.0, max(0.0, expected)) * cells)
    above = max(at - len(filled), 0)
    return [
        (filled[:at], style),
        (empty[:above], "dim"),
        (MARK, "bold"),
        (filled[at:], style),
        (empty[above:], "dim"),
    ]

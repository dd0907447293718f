"""Alignment as a Mermaid flowchart, as GitHub and GitLab draw it: each objective an arrow below what it supports.

Text from files stands in quotes with every sign spelled as a number, so that none of it is read as a part of the
chart, as markup, or as the end of the block that the chart stands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.errors import shortened
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.references import Reference

LONGEST_LABEL = 80
MOST_EDGES = 400
"""Mermaid refuses a chart of more than 500, and nobody reads one of so many."""


def flowchart(
    groups: Iterable[tuple[str, Sequence[tuple[Reference, str]]]],
    edges: Sequence[tuple[Reference, Reference]],
) -> str | None:
    """A chart.

    Args:
        groups: what stands together: a title, and the objectives with their titles.
        edges: an objective, and what it supports; both are in some group.

    Returns:
        Its text, with a line break at the end; None where it has too many arrows to be drawn.
    """
    if len(edges) > MOST_EDGES:
        return None
    lines = ["flowchart BT"]
    names: dict[Reference, str] = {}
    for place, (title, objectives) in enumerate(groups, start=1):
        lines.append(f"  subgraph g{place}[{label(title)}]")
        for reference, text in objectives:
            names[reference] = f"n{len(names) + 1}"
            lines.append(f"    {names[reference]}[{label(text)}]")
        lines.append("  end")
    lines += [f"  {names[below]} --> {names[above]}" for below, above in edges]
    return "\n".join(lines) + "\n"


def label(text: str) -> str:
    """A text in quotes that is shown as it is."""
    short = shortened(" ".join(printable(text).split()), LONGEST_LABEL)
    return f'"{"".join(map(_spelled, short)) or " "}"'


def _spelled(letter: str) -> str:
    return letter if letter.isalnum() or letter == " " else f"#{ord(letter)};"

"""What became of a report's files, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.text import counted, printable

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.publishing import Published


def published_words(folder: Path, published: Published) -> str:
    """Where the pages are, and how many were written, left as they were, and removed."""
    return f"{_told(folder, published, 'page')}\nOpen {printable(folder / 'index.html')}"


def exported_words(folder: Path, published: Published) -> str:
    """The same of tables."""
    return _told(folder, published, "file")


def _told(folder: Path, published: Published, noun: str) -> str:
    total = published.written + published.unchanged
    told = f"{counted(total, noun)} in {printable(folder)}: {published.written} written"
    if published.unchanged:
        told += f", {published.unchanged} as they were"
    if published.removed:
        told += f", {published.removed} removed"
    return f"{told}."

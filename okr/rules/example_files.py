"""The rules' examples: for each a small workspace that breaks it and one that doesn't, in `examples/<code>.yaml`.

Read only when they are shown or tested. A file holds `bad` and `good`, each a mapping of paths to texts; in the place
of a text may stand `{link: target}` for a symbolic link, and `before` holds the files as they were committed first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from okr.dataclass import dataclass, field
from okr.documents import read_document

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "examples"

EXAMPLE_DAY = "2026-11-23"
"""The day that counts as today in the examples."""

BASIS = {
    "okr.yaml": "limits:\n  objectives: {min: 1, max: 3}\n  key_results: {min: 1, max: 5}\n",
    ".gitattributes": "checkins/** merge=union\n",
}
"""What every example's workspace has unless it says otherwise: few objectives and key results keep examples short."""


@dataclass(frozen=True, slots=True)
class Example:
    """A workspace.

    Attributes:
        files: the text of each file, by path.
        links: where each symbolic link leads, by path.
        before: the files as they were committed first, where the rule looks at what has changed since.
    """

    files: Mapping[str, str]
    links: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examples:
    """An example that a rule finds something in, and one that it doesn't."""

    bad: Example
    good: Example


@cache
def examples_of(code: str) -> Examples | None:
    """The examples of a rule; None where it has none."""
    path = FOLDER / f"{code}.yaml"
    return read_examples(path.read_bytes()) if path.is_file() else None


def read_examples(content: bytes) -> Examples:
    """Reads a file of examples."""
    root = read_document("examples", content).root
    return Examples(_example(root["bad"]), _example(root["good"]))


def _example(data: Mapping[str, str | Mapping[str, str]]) -> Example:
    files = {path: text for path, text in data.items() if isinstance(text, str)}
    nested = {path: held for path, held in data.items() if not isinstance(held, str)}
    before = nested.pop("before", {})
    return Example(files, {path: held["link"] for path, held in nested.items()}, before)

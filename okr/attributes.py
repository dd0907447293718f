"""What .gitattributes files say about merging, read without git: which of their lines decides for a path.

Only the attribute `merge` is looked at, and only files that travel with the repository; which paths matter is for
the caller to know.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

UNION = "union"
"""git's own merge driver that keeps the lines of both sides."""

_LINE = pattern(r'[ \t]*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^"\s]\S*))(?P<attributes>.*)')
_ESCAPED = pattern(r"\\(.)")
_MACRO = "[attr]"
_DEEP = "**"


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A line that says something about `merge`.

    Attributes:
        line: its number, from 1.
        pattern: what it matches: the parts between slashes, of one part where it matches names in any folder.
        anchored: whether the pattern begins at the file's own folder.
        driver: the driver's name; None where the line takes `merge` away or sets it to git's ordinary merge.
    """

    line: int
    pattern: tuple[str, ...]
    anchored: bool
    driver: str | None

    def matches(self, path: str) -> bool:
        """Whether it speaks of a path, which is relative to the folder of its file."""
        parts = path.split("/")
        if self.anchored:
            return _parts_match(self.pattern, parts)
        return fnmatchcase(parts[-1], self.pattern[0])


@dataclass(frozen=True, slots=True)
class Layer:
    """One .gitattributes file, by where it stands in regard to the paths that are asked about.

    Attributes:
        lines: what it says about `merge`.
        prefix: what a path must be given in front to start at the file's folder: `goals/` for a file above.
        below: the folder that it stands in and speaks of, `checkins/` for one inside; empty for all paths.
    """

    lines: tuple[MergeLine, ...]
    prefix: str = ""
    below: str = ""


def read_merge_lines(text: str) -> tuple[MergeLine, ...]:
    """The lines of a .gitattributes file that say something about `merge`, macros of the same file included."""
    found: list[MergeLine] = []
    macros = {"binary": ["-merge"]}
    for number, line in enumerate(re.split(r"\r\n|\n", text), start=1):
        matched = _LINE.match(line)
        if matched is None or line.lstrip().startswith("#"):
            continue
        pattern = _ESCAPED.sub(r"\1", matched["quoted"]) if matched["plain"] is None else matched["plain"]
        attributes = [each for name in matched["attributes"].split() for each in macros.get(name, [name])]
        if pattern.startswith(_MACRO):
            macros[pattern.removeprefix(_MACRO)] = attributes
            continue
        said = [each for each in attributes if each.lstrip("-!").partition("=")[0] == "merge"]
        if said and not pattern.startswith("!") and not pattern.endswith("/"):
            found.append(_merge_line(number, pattern, said[-1]))
    return tuple(found)


def merge_driver(path: str, layers: Iterable[Layer]) -> tuple[Layer, MergeLine] | None:
    """The line that decides how a path is merged, and where it stands: the last that matches, the nearest file's first.

    Args:
        path: relative to the workspace's root, with forward slashes.
        layers: the files that may speak of it, from the repository's root downwards.

    Returns:
        None where no line speaks of the path.
    """
    decided: tuple[Layer, MergeLine] | None = None
    for layer in layers:
        if path.startswith(layer.below):
            within = layer.prefix + path.removeprefix(layer.below)
            for line in layer.lines:
                if line.matches(within):
                    decided = (layer, line)
    return decided


def _merge_line(number: int, pattern: str, attribute: str) -> MergeLine:
    name, _, driver = attribute.partition("=")
    globbed = _ESCAPED.sub(lambda found: f"[{found[1]}]" if found[1] in "*?[" else found[1], pattern)
    parts = tuple(part.replace("[^", "[!") for part in globbed.lstrip("/").split("/"))
    return MergeLine(number, parts, "/" in globbed, driver if name == "merge" and driver else None)


def _parts_match(pattern: tuple[str, ...], parts: list[str]) -> bool:
    """Whether a pattern matches all parts of a path, `**` standing for any number of folders.

    Every place in the pattern that the parts so far can have led to is followed at once, so that the work is
    bounded by the product of both lengths, whatever the pattern.
    """
    last = len(pattern) - 1

    def opened(places: set[int]) -> set[int]:
        for place in sorted(places):
            following = place
            while following < last and pattern[following] == _DEEP:
                following += 1
                places.add(following)
        return places

    places = opened({0})
    for part in parts:
        reached: set[int] = set()
        for place in places:
            if place > last:
                continue
            if pattern[place] == _DEEP:
                reached |= {place, place + 1} if place == last else {place}
            elif fnmatchcase(part, pattern[place]):
                reached.add(place + 1)
        places = opened(reached)
    return last + 1 in places

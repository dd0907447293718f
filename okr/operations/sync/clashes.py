"""What two sides changed in the same place of a plan: which objective or key result, and both versions.

It reads the sides' YAML where it can, and falls back to the lines that git could not join.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping, read_document
from okr.errors import OkrError, shortened
from okr.owned_files import place_of
from okr.workspace import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okr.git.replay import ConflictedFile
    from okr.git.sync import CommitLine

LONGEST_VALUE = 80
MOST_LINES = 6
"""Of one side, where lines are shown."""

_NESTED = ("key_results",)


@dataclass(frozen=True, slots=True)
class Difference:
    """A key of an objective or key result, as each side has it; None where a side has no such key."""

    key: str
    before: str | None
    own: str | None
    theirs: str | None

    def __str__(self) -> str:
        """As a sentence's end shows it."""
        words = (("yours", self.own), ("theirs", self.theirs), ("before", self.before))
        return f"{self.key}: " + ", ".join(
            f"{name} {'absent' if text is None else text}" for name, text in words
        )


@dataclass(frozen=True, slots=True)
class Clash:
    """One place that both sides changed.

    Attributes:
        path: the file, relative to the workspace's root where it lies in it.
        line: where it is in the own version; None where that has none.
        reference: the objective or key result; None where it could not be told.
        title: its title in the own version, or else in theirs.
        differences: what each side says of it.
        own: the own version's lines, where no YAML could be read.
        theirs: the other version's lines, likewise.
    """

    path: str
    line: int | None
    reference: str | None = None
    title: str | None = None
    differences: tuple[Difference, ...] = ()
    own: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """As text: what it is and where, then both versions."""
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        title = f" “{self.title}”" if self.title else ""
        yield f"{self.reference}{title} ({place})" if self.reference else place
        yield from (f"  {difference}" for difference in self.differences)
        if not self.differences:
            for name, side in (("yours", self.own), ("theirs", self.theirs)):
                yield from (f"  {name}: {line}" for line in side or ("nothing",))


class SyncConflictError(OkrError):
    """A plan was changed in the same place here and on the remote; everything is as it was.

    Attributes:
        clashes: where, and both versions.
    """

    def __init__(
        self, upstream: str, commit: CommitLine | None, clashes: Sequence[Clash], command: str
    ) -> None:
        what = clashes[0].reference or clashes[0].path
        more = f" (and {len(clashes) - 1} more)" if len(clashes) > 1 else ""
        lines = [f"{what}{more} was changed here and on {upstream}, and git can't tell which is meant."]
        lines += [line for clash in clashes for line in clash.lines()]
        if commit is not None:
            lines.append(f"Your commit: {commit.id[:7]} {commit.subject}")
        paths = ", ".join(dict.fromkeys(clash.path for clash in clashes))
        super().__init__(
            "\n".join(lines),
            f"Nothing was changed here. To decide by hand: `{command}`, choose in {paths}, `git add` it and go on "
            "as git says; then repeat `okr sync`.",
        )
        self.clashes = tuple(clashes)


def clashes_in(files: Sequence[ConflictedFile], prefix: str) -> list[Clash]:
    """What two sides changed in the same place of some files.

    Args:
        files: the files.
        prefix: the way from the repository's top to the workspace, such as `goals/`; empty at the top.
    """
    return [clash for file in files for clash in _clashes(file, file.path.removeprefix(prefix))]


def _clashes(file: ConflictedFile, path: str) -> list[Clash]:
    place = place_of(path)
    if place is not None and place[0] == PLANS:
        found = _in_plan(file, path, "/".join(place[1:]))
        if found:
            return found
    return _in_lines(file, path)


def _in_plan(file: ConflictedFile, path: str, owner: str) -> list[Clash]:
    before, own, theirs = (_things(path, side, owner) for side in (file.base, file.own, file.theirs))
    if before is None or own is None or theirs is None:
        return []
    changed_here = {each for each in before | own if _facts(before, each) != _facts(own, each)}
    changed_there = {each for each in before | theirs if _facts(before, each) != _facts(theirs, each)}
    both = {each for each in changed_here & changed_there if _facts(own, each) != _facts(theirs, each)}
    # Where each side changed another one, they stand too close together for git: all of them are shown.
    chosen = both or changed_here | changed_there
    return [
        _clash(path, each, before, own, theirs)
        for each in dict.fromkeys((*own, *theirs, *before))
        if each in chosen
    ]


def _clash(path: str, reference: str, *sides: Mapping[str, LocatedMapping]) -> Clash:
    before, own, theirs = (_facts(side, reference) for side in sides)
    keys = dict.fromkeys((*(own or {}), *(theirs or {}), *(before or {})))
    differences = []
    for key in keys:
        values = [_shown(side, key) for side in (before, own, theirs)]
        if len(set(values)) > 1:
            differences.append(Difference(key, *values))
    there = sides[1].get(reference)
    titled = sides[1].get(reference) or sides[2].get(reference) or sides[0][reference]
    title = titled.get("title")
    return Clash(
        path, there.place.line if there else None, reference, title if isinstance(title, str) else None,
        tuple(differences),
    )  # fmt: skip


def _facts(side: Mapping[str, LocatedMapping], reference: str) -> dict[str, Any] | None:
    """What a side says of a thing itself, not of what is in it; None where it has no such thing."""
    thing = side.get(reference)
    return None if thing is None else {key: value for key, value in thing.items() if key not in _NESTED}


def _shown(side: Mapping[str, Any] | None, key: str) -> str | None:
    if side is None or key not in side:
        return None
    value = side[key]
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return shortened(text, LONGEST_VALUE)


def _things(path: str, content: bytes | None, owner: str) -> dict[str, LocatedMapping] | None:
    """The objectives and key results of a plan by reference; None where it can't be read."""
    if content is None:
        return {}
    document = read_document(path, content)
    if not document.readable or not isinstance(document.root, LocatedMapping):
        return None
    found: dict[str, LocatedMapping] = {}
    for objective in _mappings(document.root.get("objectives")):
        reference = f"{owner}/{objective.get('id')}"
        found[reference] = objective
        for key_result in _mappings(objective.get("key_results")):
            found[f"{reference}/{key_result.get('id')}"] = key_result
    return found


def _mappings(value: object) -> list[LocatedMapping]:
    return (
        [each for each in value if isinstance(each, LocatedMapping)] if isinstance(value, LocatedList) else []
    )


def _in_lines(file: ConflictedFile, path: str) -> list[Clash]:
    if file.own is None or file.theirs is None:
        gone = ("the file was removed",)
        own = gone if file.own is None else ("the file was changed",)
        theirs = gone if file.theirs is None else ("the file was changed",)
        return [Clash(path, None, own=own, theirs=theirs)]
    found = [Clash(path, line, own=_cut(own), theirs=_cut(theirs)) for line, own, theirs in _hunks(file)]
    return found or [Clash(path, None, own=("changed",), theirs=("changed otherwise",))]


def _hunks(file: ConflictedFile) -> list[tuple[int, list[str], list[str]]]:
    """The places that git marked: the line in the own version, and both versions' lines."""
    text = (file.marked or b"").decode("utf-8", "replace")
    found: list[tuple[int, list[str], list[str]]] = []
    sides: tuple[list[str], list[str]] = ([], [])
    at, side = 1, -1
    for line in text.splitlines():
        if line.startswith("<<<<<<< "):
            sides, side = ([], []), 0
        elif side == 0 and line == "=======":
            side = 1
        elif side == 1 and line.startswith(">>>>>>> "):
            own, theirs = sides if file.own_first else sides[::-1]
            found.append((at, own, theirs))
            at, side = at + len(own), -1
        elif side < 0:
            at += 1
        else:
            sides[side].append(line)
    return found


def _cut(lines: list[str]) -> tuple[str, ...]:
    more = len(lines) - MOST_LINES
    kept = [line[:LONGEST_VALUE] for line in lines[:MOST_LINES]]
    return (*kept, f"… {more} more lines") if more > 0 else tuple(kept)

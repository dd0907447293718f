"""Fixing: which fixes go together, whether each mends what it is for and harms nothing, and what the files come to.

Every round of fixes is tried on the workspace as it would be before anything is written: a fix whose finding stays, or
that brings another one as heavy, is left out. What fixes there are stands in the modules beside this one.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import HEAVIEST_FIRST
from okr.documents import Document
from okr.edits import apply
from okr.files import replace_file
from okr.operations.fixes.registry import Fix, fixes_for
from okr.rules.engine import diagnose
from okr.sources import Overlay, ReadOnce
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from okr.diagnostics import Diagnostic
    from okr.edit_text import Edit
    from okr.sources import Files

MOST_ROUNDS = 10
"""A fix may bring another one to light, but not without end."""

_READING = "OKR1"
"""The family of rules on what could not be read; what is mended there may show findings that it hid."""
_READ = frozenset({"OKR119", "OKR120", "OKR121", "OKR122", "OKR123"})
"""Those of the family on files that were read: what is mended there has hidden nothing."""

_NUMBER = re.compile(r"\d+")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file, and what it comes to.

    Attributes:
        path: relative to the workspace's root.
        before: its bytes; None where there is no such file yet.
        after: its bytes once fixed.
    """

    path: str
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class Fixing:
    """What fixing comes to.

    Attributes:
        files: those that change, by path.
        fixes: what has been mended, in the order in which it was.
        left: how many more findings would be mended by fixes that are not safe; 0 where these were asked for.
        workspace: the workspace as it would be.
    """

    files: tuple[FixedFile, ...]
    fixes: tuple[Fix, ...]
    left: int
    workspace: Workspace


def fix(workspace: Workspace, asked: Callable[[Diagnostic], bool], *, unsafe: bool = False) -> Fixing:
    """Mends what can be mended; writes nothing.

    Args:
        workspace: as it is.
        asked: which findings are to be mended.
        unsafe: also apply fixes that change what the files say.

    Returns:
        The files as they would be: each fix mends its finding there, and none brings a new one that weighs as much,
        but for what a mistake that kept a part from being read has hidden.
    """
    workspace = Workspace(ReadOnce(workspace.files), as_of=workspace.as_of, title=workspace.title)
    changed: dict[str, bytes] = {}
    done: list[Fix] = []
    latest = _Round(workspace, changed, asked)
    for _ in range(MOST_ROUNDS):
        found = latest.accepted(unsafe=unsafe)
        if not found.fixes:
            break
        done += found.fixes
        changed = found.changed
        latest = _Round(workspace, changed, asked)
    left = 0 if unsafe else latest.count(unsafe=True)
    files = tuple(
        FixedFile(path, workspace.files.read(path), content) for path, content in sorted(changed.items())
    )
    return Fixing(files, tuple(done), left, latest.workspace)


def write_fixing(root: Path, fixing: Fixing) -> None:
    """Writes the fixed files, each unless it has changed since it was read.

    Raises:
        OkrError: one has changed, leads out of the workspace, or can't be written; those before it, by path, are
            written.
    """
    if not fixing.files:
        return
    from okr.operations.committing import changing

    with changing(root):
        for each in fixing.files:
            replace_file(root / each.path, each.after, expected=each.before, root=root)


@dataclass(frozen=True)
class _Candidate:
    """A finding, and what is to mend it."""

    diagnostic: Diagnostic
    fix: Fix


@dataclass(frozen=True)
class _Trial:
    """Some fixes of one round, applied."""

    candidates: tuple[_Candidate, ...]
    changed: dict[str, bytes]

    @property
    def fixes(self) -> list[Fix]:
        """The fixes, in the order of their findings."""
        return [each.fix for each in self.candidates]


class _Round:
    """One round: the fixes for what is found now, as many of them as go together."""

    def __init__(
        self, workspace: Workspace, changed: dict[str, bytes], asked: Callable[[Diagnostic], bool]
    ) -> None:
        self._original = workspace
        self._changed = changed
        self._asked = asked
        self.workspace = self._overlaid(changed)
        self._found = diagnose(self.workspace)
        self._counts = _counted(self._found)

    def accepted(self, *, unsafe: bool) -> _Trial:
        """The fixes that go together, mend what they are for and bring nothing new.

        What can't be read is mended first, by itself: only that may show what was hidden.
        """
        return next((trial for trial in self._trials(unsafe=unsafe) if trial.candidates), self._nothing)

    def count(self, *, unsafe: bool) -> int:
        """How many findings could be mended."""
        return sum(len(trial.candidates) for trial in self._trials(unsafe=unsafe))

    @property
    def _nothing(self) -> _Trial:
        return _Trial((), self._changed)

    def _trials(self, *, unsafe: bool) -> Iterator[_Trial]:
        candidates = self._candidates(unsafe=unsafe)
        for reading in (True, False):
            group = [each for each in candidates if _is_reading(each.diagnostic.code) is reading]
            yield self._grown(self._nothing, group)

    def _candidates(self, *, unsafe: bool) -> list[_Candidate]:
        """The first fix of each finding, without those that touch what another one touches."""
        touched: dict[str, list[Edit]] = {}
        candidates = []
        for diagnostic in filter(self._asked, self._found):
            for each in fixes_for(self.workspace, diagnostic):
                if (each.safe or unsafe) and not any(
                    _overlap(edit, other) for path, edit in each.edits for other in touched.get(path, ())
                ):
                    for path, edit in each.edits:
                        touched.setdefault(path, []).append(edit)
                    candidates.append(_Candidate(diagnostic, each))
                    break
        return candidates

    def _grown(self, base: _Trial, candidates: list[_Candidate]) -> _Trial:
        """As many candidates as hold, by halves: one that does not hold costs few trials among many that do."""
        if not candidates:
            return base
        trial = self._tried((*base.candidates, *candidates))
        if trial is not None:
            return trial
        if len(candidates) == 1:
            return base
        middle = len(candidates) // 2
        return self._grown(self._grown(base, candidates[:middle]), candidates[middle:])

    def _tried(self, candidates: tuple[_Candidate, ...]) -> _Trial | None:
        changed = dict(self._changed)
        edits: dict[str, list[Edit]] = {}
        for each in candidates:
            for path, edit in each.fix.edits:
                edits.setdefault(path, []).append(edit)
        for path, several in edits.items():
            changed[path] = _applied(self.workspace.files, path, several)
        workspace = self._overlaid(changed)
        holds = self._holds([each.diagnostic for each in candidates], diagnose(workspace))
        return _Trial(candidates, changed) if holds else None

    def _holds(self, mended: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> bool:
        """Whether what was to be mended is gone, and nothing as heavy is there that was not."""
        gone, now = _counted(mended), _counted(after)
        allowed = self._counts - gone
        more = {key for key in now if now[key] > allowed[key]}
        read_anew = {each.finding.path for each in mended if _is_reading(each.code)}
        lightest = max((HEAVIEST_FIRST.index(each.severity) for each in mended), default=0)
        return not more & gone.keys() and all(
            HEAVIEST_FIRST.index(each.severity) > lightest or (read_anew and _was_hidden(each, read_anew))
            for each in after
            if _key(each) in more
        )

    def _overlaid(self, changed: dict[str, bytes]) -> Workspace:
        original = self._original
        if not changed:
            return original
        return Workspace(Overlay(original.files, changed), as_of=original.as_of, title=original.title)


def _counted(found: Iterable[Diagnostic]) -> Counter[tuple[str, str, str]]:
    return Counter(map(_key, found))


def _key(found: Diagnostic) -> tuple[str, str, str]:
    """What findings count alike by: their rule and file, for their words change with what is mended beside them.

    Of what could not be read each finding counts by itself, for what it hid may be of the same kind.
    """
    said = _NUMBER.sub("0", found.finding.message) if _is_reading(found.code) else ""
    return found.code, found.finding.path, said


def _is_reading(code: str) -> bool:
    return code.startswith(_READING) and code not in _READ


def _was_hidden(found: Diagnostic, read_anew: set[str]) -> bool:
    """Whether a new finding may come from what could not be read before: it stands there, or is a consequence."""
    return found.finding.path in read_anew or not _is_reading(found.code)


def _overlap(one: Edit, other: Edit) -> bool:
    if one.offset == one.end or other.offset == other.end:
        return one.offset <= other.end and other.offset <= one.end
    return one.offset < other.end and other.offset < one.end


def _applied(files: Files, path: str, edits: Sequence[Edit]) -> bytes:
    content = files.read(path) or b""
    mark = _MARK if content.startswith(_MARK) else b""
    return mark + apply(Document(path, content.removeprefix(mark).decode(), None), edits).encode()

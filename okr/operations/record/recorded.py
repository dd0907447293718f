"""The records of the logs as the working tree has them and as the last commit has them, and where git stands.

What `okr log` and `okr audit` both begin with; made for reading every log of a large workspace quickly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.files import UnreadableFile
from okr.git.history import has_commits
from okr.git.paths import name_in, status_command
from okr.git.run import ahead, at_top
from okr.operations.record.log_columns import LogColumns, columns_of, read_columns
from okr.operations.record.log_names import LogKey, Names
from okr.operations.record.log_records import LineRecord, LogRows, read_records, read_rows
from okr.patterns import DAY
from okr.repository import (
    RevisionUnknown,
    find_repository,
    has_uncommitted_changes,
    head_blob,
    is_shallow,
    resolve_revision,
)
from okr.revisions import Revision
from okr.roots import KPI_LOG, LOGS
from okr.sources import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from okr.operations.record.listening import Listening
    from okr.operations.record.log_records import Texts
    from okr.repository import Repository
    from okr.workspace import Workspace


class Line(NamedTuple):
    """A record with the place where it stands; the path is relative to the workspace's root."""

    path: str
    number: int
    record: LineRecord


_Read = LogRows | LogColumns | list[Line]


class LogLines(Sequence[Line]):
    """The lines of one log, in the order of its files; made into records only when they are asked for.

    Args:
        log: what trailers call it.
    """

    def __init__(self, log: str = "") -> None:
        self._log = log.encode()
        self._count = 0
        self._files: list[tuple[str, _Read]] = []
        self._lines: list[Line] | None = None
        self._texts: Texts | None = None

    def add(self, path: str, found: _Read) -> None:
        """Adds the lines of one more file."""
        self._files.append((path, found))
        self._count += _count(found)
        self._lines = self._texts = None

    @property
    def columns(self) -> LogColumns | None:
        """What stands in all lines, as bytes; None where a file is not written as `okr` writes them, or has none."""
        if not self._count or any(isinstance(found, list) for _, found in self._files):
            return None
        if len(self._files) == 1:
            only = self._files[0][1]
            if isinstance(only, LogRows):
                return columns_of(only.texts, only.numbers[0] - 1, only.content, self._log)
            if isinstance(only, LogColumns):
                return only
        texts = self.texts
        return None if texts is None else columns_of(texts, log=self._log)

    def keep_columns(self) -> None:
        """Makes room: what stands in the lines is kept as bytes alone, where that says all of it."""
        if len(self._files) == 1:
            path, only = self._files[0]
            if isinstance(only, LogRows) and only.content and not only.odd:
                columns = self.columns
                if columns is not None:
                    self._files = [(path, columns)]
                    self._texts = None

    @property
    def paths(self) -> Sequence[str]:
        """The files, relative to the workspace's root."""
        return [path for path, _ in self._files]

    @property
    def texts(self) -> Texts | None:
        """What stands in all lines, as text; None where a file is not written as `okr` writes them."""
        if self._texts is None and not any(isinstance(found, list) for _, found in self._files):
            parts = [_texts(found) for _, found in self._files if not isinstance(found, list)]
            self._texts = parts[0] if len(parts) == 1 else tuple(map(_joined, zip(*parts, strict=True)))
        return self._texts

    @property
    def odd(self) -> Mapping[int, LineRecord]:
        """The records of lines that are not as `okr` writes them, by their place; their rows are what it would write."""
        found: dict[int, LineRecord] = {}
        start = 0
        for _, read in self._files:
            if isinstance(read, LogRows):
                found.update((start + at, record) for at, record in read.odd.items())
            start += _count(read)
        return found

    def __len__(self) -> int:
        """How many lines there are."""
        return self._count

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        """One line, or some."""
        if isinstance(at, int) and self._lines is None and len(self._files) == 1:
            path, found = self._files[0]
            if isinstance(found, LogRows):
                return Line(path, found.numbers[at], found.record(at))
            if isinstance(found, LogColumns):
                return Line(path, found.above + at + 1, found.record(at))
        return self._all[at]

    def __iter__(self) -> Iterator[Line]:
        """All lines."""
        return iter(self._all)

    @property
    def _all(self) -> list[Line]:
        if self._lines is None:
            self._lines = [line for path, found in self._files for line in _made(path, found)]
        return self._lines


def _count(found: _Read) -> int:
    return len(found.numbers if isinstance(found, LogRows) else found)


def _texts(found: LogRows | LogColumns) -> Texts:
    return found.texts if isinstance(found, LogRows) else found.texts()


def _joined(parts: Sequence[Sequence[str]]) -> Sequence[str]:
    return [*chain.from_iterable(parts)]


def _made(path: str, found: _Read) -> Iterable[Line]:
    if isinstance(found, list):
        return found
    numbers = (
        found.numbers if isinstance(found, LogRows) else range(found.above + 1, found.above + 1 + len(found))
    )
    return (Line(path, number, found.record(at)) for at, number in enumerate(numbers))


@dataclass(frozen=True, slots=True)
class Past:
    """The repository that a workspace lies in.

    Attributes:
        repo: where it is.
        names: how its files are named.
        shallow: it is a clone without its older commits.
        empty: nothing has been committed yet.
    """

    repo: Repository
    names: Names
    shallow: bool
    empty: bool


def past_of(workspace: Workspace, heard: Listening | None = None) -> Past | None:
    """The repository of a workspace, of the working tree or of a commit; None where it lies in none.

    Args:
        workspace: which.
        heard: what is known of the repository already, where its commits are being told.

    Raises:
        OkrError: there is no git, or it refuses to use the repository.
    """
    if heard is not None:
        names = Names(heard.prefix, workspace.former_owners)
        return Past(heard.repo, names, heard.shallow, heard.messages is None)
    root = workspace.files.root if isinstance(workspace.files, (Folder, Revision)) else Path()
    repo = find_repository(root)
    if repo is None:
        return None
    name = name_in(repo, root.resolve())
    names = Names("" if name == "." else f"{name}/", workspace.former_owners)
    return Past(repo, names, is_shallow(repo), not has_commits(repo))


def revision_or_day(past: Past | None, text: str) -> str:
    """What `--since` was given: a day as it is, anything else as the full id of the commit it names.

    Raises:
        UsageError: it is no day, and there is no repository.
        RevisionUnknown: it names no commit.
    """
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        if DAY.fullmatch(text):
            raise UsageError(f"There is no day {text}.", "Write one as 2026-11-23.") from None
        if past is None or past.empty:
            message = f"--since: “{text[:60]}” is not a day, and there are no commits to name"
            raise UsageError(message, "write it as 2026-11-23") from None
        try:
            return resolve_revision(past.repo, text)
        except RevisionUnknown as error:
            from okr.days import days_meant

            meant = " or ".join(map(str, days_meant(text))) or "2026-11-23"
            raise RevisionUnknown(error.message, f"{error.remedy} A day is written as {meant}.") from None


def recorded(
    workspace: Workspace, matters: Callable[[LogKey], bool], *, in_columns: bool = False
) -> dict[LogKey, LogLines]:
    """Every record of the logs that matter, in order of file and line.

    A log that can't be read is left out, and the workspace's `problems` say why.

    Args:
        workspace: whose logs are read.
        matters: whether a log does.
        in_columns: few of the lines will be made into records.
    """
    return dict(each_recorded(workspace, matters, in_columns=in_columns))


def each_recorded(
    workspace: Workspace, matters: Callable[[LogKey], bool], *, in_columns: bool = False
) -> Iterator[tuple[LogKey, LogLines]]:
    """The same, a log at a time: each is read when it is asked for."""
    for key, paths in log_files(workspace, matters).items():
        lines = LogLines(key.in_trailers)
        for path in paths:
            lines.add(path, _lines(workspace, path, key, in_columns=in_columns))
        yield key, lines


def log_files(workspace: Workspace, matters: Callable[[LogKey], bool]) -> dict[LogKey, list[str]]:
    """The files of the logs that matter, relative to the workspace's root; that of the KPIs need not exist."""
    found: dict[LogKey, list[str]] = {}
    for cycle in workspace.cycles:
        for path, (_, stem) in workspace.log_paths(cycle).items():
            key = LogKey(cycle, workspace.former_owners.get(stem, stem))
            if matters(key):
                found.setdefault(key, []).append(path)
    if matters(LogKey("", "")):
        found[LogKey("", "")] = [KPI_LOG]
    return found


def _lines(workspace: Workspace, path: str, key: LogKey, *, in_columns: bool) -> _Read:
    try:
        content = workspace.files.read(path)
    except UnreadableFile:
        workspace.document(path)
        return []
    if content is None:
        return []
    rows = (read_columns(content, key.in_trailers.encode()) if in_columns else None) or read_rows(content)
    if rows is not None:
        return rows
    text = read_records(path, content)
    if text.problems:
        # The workspace's own reading notes the same problems, where everybody looks for them.
        _ = workspace.owner_logs(key.cycle, key.owner) if key.owner else workspace.kpi_log
        return []
    return [Line(path, number, record) for number, record in text.records]


@dataclass(frozen=True, slots=True)
class Committed:
    """The records of the last commit beside those of the working tree.

    Attributes:
        logs: the records that the last commit has.
        not_committed: lines of the working tree that it does not have.
        taken_away: its records that the working tree no longer has, with their files.
        changed: the logs of which a file differs between the two.
    """

    logs: dict[LogKey, Sequence[LineRecord]]
    not_committed: frozenset[Line]
    taken_away: tuple[tuple[LogKey, str, LineRecord], ...]
    changed: frozenset[LogKey]


class _Records(Sequence["LineRecord"]):
    """The records of lines, looked at only when they are asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> LineRecord: ...
    @overload
    def __getitem__(self, at: slice) -> list[LineRecord]: ...
    def __getitem__(self, at: int | slice) -> LineRecord | list[LineRecord]:
        return [line.record for line in self._lines[at]] if isinstance(at, slice) else self._lines[at].record

    def __iter__(self) -> Iterator[LineRecord]:
        return iter([line.record for line in self._lines])


def looking_at_logs(past: Past) -> AbstractContextManager[None]:
    """Within it git looks which logs differ from the last commit, as `committed` asks."""
    asked = status_command([past.names.in_repository(LOGS)])
    return ahead(at_top(past.repo, asked))


def committed(
    past: Past, logs: Mapping[LogKey, Sequence[Line]], matters: Callable[[LogKey], bool]
) -> Committed:
    """What the last commit holds of the logs that matter; only files that differ from it are read from git."""
    folder = past.repo.top / past.names.in_repository(LOGS)
    changed = has_uncommitted_changes(past.repo, [folder])
    at_head: dict[LogKey, Sequence[LineRecord]] = {key: _Records(lines) for key, lines in logs.items()}
    by_key: defaultdict[LogKey, list[tuple[str, Path]]] = defaultdict(list)
    for file in changed:
        path = past.names.in_workspace(name_in(past.repo, file))
        key = past.names.log_key(path)
        if key is not None and matters(key):
            by_key[key].append((path, file))
    new: set[Line] = set()
    gone: list[tuple[LogKey, str, LineRecord]] = []
    for key, files in by_key.items():
        before: Counter[LineRecord] = Counter()
        place: dict[LineRecord, str] = {}
        for path, file in files:
            found = read_records(path, head_blob(past.repo, file) or b"").records
            before.update(record for _, record in found)
            place.update((record, path) for _, record in found)
        paths = {path for path, _ in files}
        lines = [line for line in logs.get(key, ()) if line.path in paths]
        left = before.copy()
        for line in lines:
            if left[line.record]:
                left[line.record] -= 1
            else:
                new.add(line)
        gone.extend((key, place[record], record) for record in left.elements())
        others = [line.record for line in logs.get(key, ()) if line.path not in paths]
        at_head[key] = [*others, *before.elements()]
    return Committed(at_head, frozenset(new), tuple(gone), frozenset(by_key))

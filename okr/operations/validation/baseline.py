"""A baseline: findings that were there when the tool was adopted, and are left out until their lines change.

A JSON file to be committed: sorted, one finding an entry, without line numbers, so that it survives lines that move and
merges well. What can't be read in a file is never left out.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.files import MissingFile, UnreadableFile, read_regular_file, replace_file
from okr.rules.catalogue import rules_by_name
from okr.rules.fingerprints import fingerprint, line_of
from okr.rules.severities import can_be_silenced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from okr.diagnostics import Diagnostic
    from okr.documents import Document

SCHEMA = 1
LARGEST_BASELINE = 64 * 1024 * 1024
"""Bytes: a quarter of a million findings."""

_KEYS: dict[str, type | tuple[type, ...]] = {
    "path": str,
    "rule": str,
    "ref": (str, type(None)),
    "fingerprint": str,
    "count": int,
}


class Entry(NamedTuple):
    """A finding as a baseline knows it; the parts in the order in which entries are sorted."""

    path: str
    rule: str
    ref: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings held against a baseline.

    Attributes:
        new: those that are not in it.
        known: how many are in it.
        gone: how many of its entries, of those asked about, are found no more.
    """

    new: tuple[Diagnostic, ...]
    known: int
    gone: int


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each finding was there."""

    counts: Mapping[Entry, int]

    def compare(
        self,
        diagnostics: Iterable[Diagnostic],
        documents: Mapping[str, Document],
        asked: Callable[[str, str], bool],
    ) -> Compared:
        """Parts the findings that are new from those that were there.

        Args:
            diagnostics: the findings; of several alike, the first ones are those that were there.
            documents: the files that were read, by path.
            asked: whether a file and a rule, by its code, are among those asked about.
        """
        left = Counter(self.counts)
        new: list[Diagnostic] = []
        known = 0
        for diagnostic in diagnostics:
            entry = _entry(diagnostic, documents)
            if left[entry] > 0 and _may_be_left_out(diagnostic):
                left[entry] -= 1
                known += 1
            else:
                new.append(diagnostic)
        gone = sum(count for entry, count in left.items() if count > 0 and asked(entry.path, entry.rule))
        return Compared(tuple(new), known, gone)


def baseline_of(diagnostics: Iterable[Diagnostic], documents: Mapping[str, Document]) -> Baseline:
    """The baseline that leaves these findings out, save for what can't be read in a file."""
    kept = (diagnostic for diagnostic in diagnostics if _may_be_left_out(diagnostic))
    return Baseline(Counter(_entry(diagnostic, documents) for diagnostic in kept))


def read_baseline(path: Path) -> Baseline:
    """Reads a baseline.

    Raises:
        OkrError: there is no such file, or it is no baseline.
    """
    anew = "`okr validate --write-baseline FILE` writes one"
    try:
        content = read_regular_file(path, root=path.parent, limit=LARGEST_BASELINE)
    except MissingFile as error:
        raise OkrError(f"there is no baseline {path}", anew) from error
    except UnreadableFile as error:
        raise OkrError(f"the baseline {path} can't be read: {error.reason}", error.remedy) from error
    try:
        return _parsed(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise OkrError(f"{path} is no baseline of okr's: {_why(error)}", anew) from error


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Writes a baseline, whole or not at all; what stood in the file is replaced.

    Raises:
        OkrError: the file can't be written.
    """
    entries = [
        {
            "path": entry.path, "rule": entry.rule, "ref": entry.ref or None,
            "fingerprint": entry.fingerprint, "count": count,
        }
        for entry, count in sorted(baseline.counts.items())
    ]  # fmt: skip
    text = json.dumps({"schema": SCHEMA, "findings": entries}, ensure_ascii=False, indent=1)
    try:
        before = read_regular_file(path, root=path.parent, limit=LARGEST_BASELINE)
    except MissingFile:
        before = None
    except UnreadableFile as error:
        raise OkrError(f"the baseline {path} can't be replaced: {error.reason}", error.remedy) from error
    replace_file(path, f"{text}\n".encode("utf-8", "surrogateescape"), expected=before)


def _entry(diagnostic: Diagnostic, documents: Mapping[str, Document]) -> Entry:
    known = fingerprint(diagnostic, line_of(diagnostic, documents))
    return Entry(diagnostic.finding.path, diagnostic.code, diagnostic.finding.ref or "", known)


def _may_be_left_out(diagnostic: Diagnostic) -> bool:
    return can_be_silenced(rules_by_name()[diagnostic.code])


def _parsed(data: Any) -> Baseline:  # noqa: ANN401 # whatever JSON can hold
    if (
        not isinstance(data, dict)
        or data.get("schema") != SCHEMA
        or not isinstance(data.get("findings"), list)
    ):
        raise ValueError(f'it is not of the form {{"schema": {SCHEMA}, "findings": […]}}')
    counts: Counter[Entry] = Counter()
    for number, item in enumerate(data["findings"], start=1):
        if not isinstance(item, dict) or not all(
            isinstance(item.get(key), kind) for key, kind in _KEYS.items()
        ):
            raise ValueError(f"entry {number} does not have the keys {', '.join(_KEYS)}")
        counts[Entry(item["path"], item["rule"], item["ref"] or "", item["fingerprint"])] += item["count"]
    return Baseline(counts)


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it nests too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno} is not JSON"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)

"""How logs are named: by their paths, in the trailers of commits, and as keys under which they are known.

Names alone; whether there is such a log, and what its lines say, is for others.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from okr.cycles import canonical_name
from okr.dataclass import dataclass
from okr.operations.checkin.messages import trailer
from okr.references import is_id
from okr.roots import KPI_LOG, LOGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okr.operations.record.log_records import LineRecord


class LogKey(NamedTuple):
    """Whose log it is: one owner's in one cycle, under all their names; the KPIs' where both are empty."""

    cycle: str
    owner: str

    @property
    def in_trailers(self) -> str:
        """What trailers call it, with a slash at the end; the owner by the present id."""
        return f"{self.cycle}/{self.owner}/" if self.cycle else "kpis/"


@dataclass(frozen=True, slots=True)
class Names:
    """How files in the repository are named, and whose they are.

    Attributes:
        prefix: the workspace's folder in the repository, with a slash at its end; empty where it is its root.
        former_owners: the present id of each owner who had another one.
    """

    prefix: str
    former_owners: Mapping[str, str]

    def in_workspace(self, name: str) -> str:
        """A file's path relative to the workspace's root."""
        return name.removeprefix(self.prefix)

    def in_repository(self, path: str) -> str:
        """A file's name relative to the repository's top."""
        return self.prefix + path

    def log_key(self, path: str) -> LogKey | None:
        """Whose log a file of the workspace is; None where it is no log."""
        if path == KPI_LOG:
            return LogKey("", "")
        return self.key_below(LOGS, path)

    def key_below(self, folder: str, path: str) -> LogKey | None:
        """The cycle and owner of `FOLDER/CYCLE/OWNER.yaml`; None for any other path."""
        parts = path.split("/")
        if len(parts) != 3 or parts[0] != folder or not parts[2].endswith(".yaml"):  # noqa: PLR2004 # as named
            return None
        stem = parts[2].removesuffix(".yaml")
        return LogKey(canonical_name(parts[1]), self.present(stem)) if is_id(stem) else None

    def present(self, owner: str) -> str:
        """An owner's present id."""
        return self.former_owners.get(owner, owner)

    def announcement(self, key: LogKey, record: LineRecord) -> str:
        """What the trailer of the commit that brings a record says."""
        subject, date, value, confidence, _, _, retracts = record
        said = f"{key[0]}/{key[1]}/{subject} date={date}" if key[0] else f"{subject} date={date}"
        if value is not None:
            said += f" value={value}" if type(value) is int else f" value={_token(value)}"
        if confidence is not None:
            said += f" confidence={_token(confidence)}"
        return said if retracts is None else f"{said} retracts={retracts}"

    def announced_key(self, announcement: str) -> LogKey | None:
        """Whose log a trailer speaks of, under the present id; None where no log can be called so."""
        cycle, _, rest = announcement.partition("/")
        if cycle == "kpis":
            return LogKey("", "")
        owner = rest.partition("/")[0]
        return LogKey(canonical_name(cycle), self.present(owner)) if is_id(owner) else None

    def present_announcement(self, announcement: str) -> str:
        """A trailer as it would be with the owner's present id."""
        cycle, _, rest = announcement.partition("/")
        owner, _, rest = rest.partition("/")
        return f"{cycle}/{self.present(owner)}/{rest}"


@lru_cache(maxsize=4096)
def _token(value: float | str) -> str:
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return trailer("", {"value": value})[1].removeprefix(" value=")

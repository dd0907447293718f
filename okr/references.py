"""References: how objectives and key results are named in files and on the command line; how ids are made.

Pure functions on text. What exists, and which ids things had formerly, the caller knows and passes in.
"""

from __future__ import annotations

import heapq
import unicodedata
from functools import total_ordering
from typing import TYPE_CHECKING

from okr.cycles import canonical_name, looks_standard
from okr.dataclass import dataclass
from okr.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

BELOW = "/..."
"""Behind a team's id: the team and all teams and people below it."""

KPI_PREFIX = "kpis/"
"""What a typed reference to a KPI begins with."""

ID_PATTERN = r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$"
MAX_REFERENCE_LENGTH = 400
MAX_SLUG_LENGTH = 40

_ID = pattern(ID_PATTERN.removeprefix("^").removesuffix("$"))
_CYCLE = pattern(r"\w(?:[\w .+-]*\w)?")
_OBJECTIVE_ALONE, _WITH_ONE_MORE, _WHOLE = 2, 3, 4

_UNDECOMPOSED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'"}
)
_THOUSANDS = pattern(r"(?<=[0-9])[ ,._](?=[0-9]{3}(?![0-9]))")
_ELISION = pattern(r"(?<![a-z0-9'])(?:[cdjlmnst]|qu)'(?=[a-z0-9])")
_WORD = pattern(r"[a-z0-9]+")


@total_ordering
@dataclass(frozen=True, slots=True)
class Reference:
    """The whole name of an objective or, with `key_result`, of a key result.

    References sort by cycle, owner, objective, key result; an objective comes before its key results.
    """

    cycle: str
    owner: str
    objective: str
    key_result: str | None = None

    def __str__(self) -> str:
        return "/".join(self.segments)

    def __lt__(self, other: Reference) -> bool:
        return self.segments < other.segments

    @property
    def segments(self) -> tuple[str, ...]:
        """The three or four parts between the slashes."""
        objective = (self.cycle, self.owner, self.objective)
        return objective if self.key_result is None else (*objective, self.key_result)

    @property
    def parent(self) -> Reference | None:
        """The objective of a key result; None for an objective."""
        if self.key_result is None:
            return None
        return Reference(self.cycle, self.owner, self.objective)

    @property
    def within_log(self) -> str:
        """What a log of the same owner and cycle calls it: `brand/visits`."""
        return self.objective if self.key_result is None else f"{self.objective}/{self.key_result}"


def ids_of_files(names: Iterable[str]) -> list[str]:
    """What stands before `.yaml` in those names of files where that is an id; of thousands of names at once.

    Args:
        names: names of files; none of them holds a slash.
    """
    import re  # like `pattern`, for those commands that have so many names

    return re.findall(rf"(?<![^/])({_ID.pattern})\.yaml(?![^/])", "/".join(names))


def is_id(text: str) -> bool:
    """Whether the text is an id: lower-case letters a to z, digits and inner hyphens."""
    return _ID.fullmatch(text) is not None


def is_cycle_name(text: str) -> bool:
    """Whether a folder of a cycle may be called so: letters, digits and `_`, with blanks, `.`, `+` and `-` between."""
    return _CYCLE.fullmatch(text) is not None


def slug(title: str, taken: Iterable[str] = (), *, fallback: str = "item") -> str:
    """Make an id from a title.

    Accents and French elisions go (`Améliorer l'accueil` gives `ameliorer-accueil`), groups of thousands are
    joined (`100 000` gives `100000`), and what is too long is cut at a word.

    Args:
        title: what people wrote, in any script.
        taken: ids that must not be given again; a suffix `-2`, `-3`, … keeps the new one apart.
        fallback: the id to start from where the title has no letter or digit that an id may hold.

    Returns:
        An id of at most `MAX_SLUG_LENGTH` characters.
    """
    words = _WORD.findall(_plain_letters(title)) or [fallback]
    base = _joined(words, MAX_SLUG_LENGTH)
    unavailable = set(taken)
    candidate, number = base, 1
    while candidate in unavailable:
        number += 1
        suffix = f"-{number}"
        candidate = _joined(base.split("-"), MAX_SLUG_LENGTH - len(suffix)) + suffix
    return candidate


def parse_reference(text: str, *, own_cycle: str, known_cycles: Collection[str]) -> Reference | None:
    """Read a reference as it stands in a file: `[cycle/]owner/objective[/key-result]`.

    Of three parts the first is the cycle if it looks like a standard cycle's name or is a known one; an owner
    can't be told from a cycle of the same name, so the cycle wins.

    Args:
        text: what the file says.
        own_cycle: the cycle of that file, meant where none is named.
        known_cycles: names of the cycles that the workspace has.

    Returns:
        None for anything that is no reference. Whether what it names exists is not looked at.
    """
    if len(text) > MAX_REFERENCE_LENGTH:
        return None
    parts = text.split("/")
    if not _OBJECTIVE_ALONE <= len(parts) <= _WHOLE:
        return None
    cycle = own_cycle
    first = canonical_name(parts[0])
    known = first in known_cycles or looks_standard(first)
    if len(parts) == _WHOLE or (len(parts) == _WITH_ONE_MORE and known):
        if not known and _CYCLE.fullmatch(first) is None:
            return None
        cycle, parts = first, parts[1:]
    return Reference(cycle, *parts) if all(map(is_id, parts)) else None


def matches(
    text: str,
    candidates: Iterable[Reference],
    *,
    cycle: str | None,
    aliases: Mapping[Reference, Reference] | None = None,
) -> list[Reference]:
    """What a reference typed on the command line may mean: any tail of whole parts, such as `brand/visits`.

    A whole reference means itself. Else the matches of `cycle`, if there are any, else those of other cycles;
    and each time a former name counts only where no present one matches.

    Args:
        text: what was typed.
        candidates: the objectives and key results there are.
        cycle: the current cycle, or None to prefer none.
        aliases: former references and what they are called now (`formerly`), with a pair for every key result
            of an objective that was renamed.

    Returns:
        Present references, sorted: none (unknown), one, or several (ambiguous).
    """
    wanted = _typed_segments(text)
    if wanted is None:
        return []
    preferred = None if cycle is None else canonical_name(cycle)
    best: int | None = None
    found: set[Reference] = set()
    present = ((reference, reference, 0) for reference in candidates)
    former = ((old, new, 1) for old, new in (aliases or {}).items())
    for called, reference, is_former in (*present, *former):
        closeness = _closeness(wanted, called, preferred)
        if closeness is None:
            continue
        rank = 2 * closeness + is_former
        if best is None or rank < best:
            best, found = rank, set()
        if rank == best:
            found.add(reference)
    return sorted(found)


def _plain_letters(title: str) -> str:
    """Lower case without accents, elisions, apostrophes and separators of thousands."""
    decomposed = unicodedata.normalize("NFKD", title.casefold().translate(_UNDECOMPOSED))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _ELISION.sub("", _THOUSANDS.sub("", bare)).replace("'", "")


def _joined(words: Sequence[str], longest: int) -> str:
    """As many words as fit, joined by hyphens; a first word that is too long by itself is cut."""
    text = words[0][:longest]
    for word in words[1:]:
        if len(text) + 1 + len(word) > longest:
            break
        text = f"{text}-{word}"
    return text.rstrip("-")


def _typed_segments(text: str) -> tuple[str, ...] | None:
    """The parts of a typed reference, as they would have to stand at the end of a whole one."""
    if len(text) > MAX_REFERENCE_LENGTH:
        return None
    parts = text.strip().split("/")
    if len(parts) > _WHOLE or not all(parts):
        return None
    return tuple(parts)


def _closeness(wanted: tuple[str, ...], called: Reference, cycle: str | None) -> int | None:
    """0 for the whole reference, 1 for a tail in the given cycle, 2 for one elsewhere, None for no match."""
    if wanted[-1] != (called.key_result or called.objective):
        return None
    segments = called.segments
    if len(wanted) == len(segments):
        return 0 if (canonical_name(wanted[0]), *wanted[1:]) == segments else None
    if wanted != segments[-len(wanted) :]:
        return None
    return 1 if called.cycle == cycle else 2


_POOL = 200
_LONGEST_COMPARED = 60
_MOST_GRAMS = 24
_LEFT_OUT_BEFORE, _LEFT_OUT_WITHIN, _TOO_MANY = 0.02, 0.15, 1.0
_PART_OF_A_WORD = 0.3
_FARTHEST = 0.6


def nearest(text: str, candidates: Iterable[str], limit: int = 5) -> list[str]:
    """Those that may have been meant by something unknown, nearest first.

    Parts between slashes are compared one by one, by edit distance over the longer one's length; parts left
    out cost little, so that tails and gaps are forgiven. Only the 200 candidates that share most pairs of
    letters with the text are looked at closely, which bounds the work.

    Args:
        text: what was typed or written.
        candidates: whole references, or ids, or any names.
        limit: how many to give at most.

    Returns:
        At most `limit` of the candidates; none where nothing is like the text. The order of the candidates
        does not matter.
    """
    wanted = [part[:_LONGEST_COMPARED] for part in text.strip().casefold().split("/") if part][-_WHOLE:]
    if not wanted:
        return []
    grams = list(dict.fromkeys(part[i : i + 2] for part in wanted for i in range(max(1, len(part) - 1))))
    grams = grams[-_MOST_GRAMS:]
    length = sum(map(len, wanted)) + len(wanted) - 1

    def rough(candidate: str) -> tuple[int, int, str]:
        folded = candidate.casefold()
        tail = len("/".join(folded.rsplit("/", len(wanted))[-len(wanted) :]))
        return -sum([gram in folded for gram in grams]), abs(tail - length), candidate

    seen: dict[tuple[str, str], float] = {}
    ranked: list[tuple[float, str]] = []
    for candidate in heapq.nsmallest(_POOL, set(candidates), key=rough):
        parts = [part[:_LONGEST_COMPARED] for part in candidate.casefold().split("/")][-_WHOLE:]
        cost = _alignment(wanted, parts, seen)
        if cost <= _FARTHEST * len(wanted):
            ranked.append((cost, candidate))
    return [candidate for _, candidate in sorted(ranked)[:limit]]


def _alignment(wanted: list[str], parts: list[str], seen: dict[tuple[str, str], float]) -> float:
    """The least cost of reading the wanted parts, in order, as some of the candidate's parts."""
    before = [_LEFT_OUT_BEFORE * j for j in range(len(parts) + 1)]
    for i, want in enumerate(wanted, start=1):
        row = [_TOO_MANY * i]
        for j, part in enumerate(parts, start=1):
            if (want, part) not in seen:
                seen[want, part] = _unlikeness(want, part)
            row.append(
                min(before[j - 1] + seen[want, part], before[j] + _TOO_MANY, row[j - 1] + _LEFT_OUT_WITHIN)
            )
        before = row
    return before[-1]


def _unlikeness(one: str, other: str) -> float:
    """0.0 for equal parts, 1.0 for parts that share nothing."""
    if one == other:
        return 0.0
    longer = max(len(one), len(other))
    distance = edit_distance(one, other) / longer
    return min(distance, _PART_OF_A_WORD) if one in other else distance


def edit_distance(one: str, other: str) -> int:
    """Optimal string alignment distance (Damerau): insertions, deletions, replacements, adjacent swaps."""
    earlier: list[int] = []
    before = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        earlier, before = before, row
    return before[-1]

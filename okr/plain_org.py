"""Looking up teams and people in an org.yaml with one line for each, as `okr` writes it, without reading all of it.

One regular expression says of all of a text whether it is of that form and nothing is wrong in it. Whatever is not is
left to the reader; what is comes to the very same, and tests hold the two against each other.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zlib import crc32

from okr.model import Person, Team
from okr.plain_lines import LARGEST_PLAIN
from okr.references import is_id
from okr.user_cache import is_kept
from okr.user_cache import keep as keep_file

if TYPE_CHECKING:
    from collections.abc import Iterator

# No parser takes it for a number, a truth or nothing: it begins with a letter, or holds what no number does.
_WORD = "(?!(?:true|True|TRUE|false|False|FALSE|null|Null|NULL)[],}])"
_PLAIN = (
    rf"{_WORD}(?:[^\W\d_]|[0-9](?=[^],}}\n]*[g-np-wyzG-NP-WYZ ]))"
    r"[\w .;!/()+%&@=~*€$£«»’'…–—-]*+(?<! )"
)
_BREAKS = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
_TEXT = rf'(?:{_PLAIN}|"(?=\S)[^"\\{_BREAKS}]++")'
_ID = rf"{_WORD}(?![a-z0-9-]{{101}})(?:[a-z]|[0-9](?=[a-z0-9-]*[g-np-wyz]))[a-z0-9]*+(?:-[a-z0-9]++)*+"
_FORMERLY = rf"(?:, formerly: (?:{_ID}|\[{_ID}(?:, {_ID})*+\]))?+"
_TEAM = (
    rf"- \{{id: {_ID}(?:, name: {_TEXT})?+(?:, (parent|lead): {_ID}(?:, (?!\1)(?:parent|lead): {_ID})?+)?+"
    rf"{_FORMERLY}\}}\n"
)
_PERSON = rf"- \{{id: {_ID}(?:, name: {_TEXT})?+(?:, email: {_TEXT})?+(?:, team: {_ID})?+{_FORMERLY}\}}\n"
_ASIDE = rf" *+(?:#[^{_BREAKS}]*+)?\n"
_FOLDER = "org"
_MOST_BYTES = 16 << 20
_MOST_SEARCHES = 40
"""Searches through the text, after which finding out where everything stands takes less."""
_NEAR = 1 << 14
"""Characters in which the next one asked for is likely to stand."""
_TEAMS, _PEOPLE = "teams:\n", "people:\n"
_PAIR = r'([a-z]+): (?:"([^"]+)"|\[([^]]+)\]|([^],}]+))[,}]'


def plain_org(content: bytes, *, keep: bool = False) -> PlainOrg | None:
    """A file of that form; None for any other, and for one in which something is wrong or an id stands twice.

    Args:
        content: the file's bytes.
        keep: whether the user's cache folder may say of these very bytes that they are of the form, and learn it.
    """
    if keep and _LAST[:1] == [content]:
        found: PlainOrg = _LAST[1]
        return found
    if len(content) > LARGEST_PLAIN:
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    org = PlainOrg(text)
    if not keep:
        return org if org.is_right() else None
    # All that was looked at stands there, expression and bytes: nothing else can ever be taken for it.
    name, form = f"{len(content)}-{crc32(content)}", org.form.encode() + b"\0"
    if not is_kept(_FOLDER, name, form, content):
        if not org.is_right():
            return None
        keep_file(_FOLDER, name, (form, content), length=len(form) + len(content), most=_MOST_BYTES)
    _LAST[:] = content, org
    return org


_LAST: list[Any] = []
"""The bytes that were found to be right last, and what stands in them: a check-in opens its workspace three times."""


class PlainOrg:
    """A text of that form.

    Attributes:
        has_people: whether it lists any.
    """

    def __init__(self, text: str) -> None:
        """Looks at nothing yet but for where things begin."""
        self._text = text if text.endswith("\n") else f"{text}\n"
        self._asked = self._asked_teams = 0
        self._found: dict[str, int | None] = {}
        first = self._text.find("- {id: ")
        self._indent = self._text[self._text.rfind("\n", 0, first) + 1 : first]
        found = 0 if self._text.startswith(_PEOPLE) else self._text.find(f"\n{_PEOPLE}")
        self.has_people = found >= 0
        self._people_at = found if self.has_people else len(self._text)
        self._last = [0, self._people_at]  # where the last team was found, and the last person

    @property
    def form(self) -> str:
        """The expression that all of it has to match."""
        begins = rf"(?=(?:{_ASIDE})*+{self._indent}- )"
        return (
            rf"(?:{_ASIDE})*+(?:{_TEAMS}{begins}(?:{self._indent}{_TEAM}|{_ASIDE})*+)?+"
            rf"(?:{_PEOPLE}{begins}(?:{self._indent}{_PERSON}|{_ASIDE})*+)?+"
        )

    def is_right(self) -> bool:
        """Whether it is of that form indeed, with nothing wrong in it."""
        if self._indent not in {"", "  ", "    "} or re.fullmatch(self.form, self._text) is None:
            return False
        return 0 < len(self._ids) == len(set(self._ids))

    def find(self, owner: str) -> Team | Person | None:
        """The team or the person with an id."""
        start = self.place(owner)
        return None if start is None else self._entry(start)

    def place(self, owner: str) -> int | None:
        """Where an owner stands in the text; None for one who isn't there."""
        if owner not in self._found:
            self._found[owner] = self._search(owner)
        return self._found[owner]

    def _search(self, owner: str) -> int | None:
        if not is_id(owner):
            return None
        self._asked += 1
        if self._asked > _MOST_SEARCHES:
            return self._places.get(owner)
        begin = f"\n{self._indent}- {{id: {owner}"
        # Teams often stand in the order in which they are asked for, and people in theirs; no id stands twice.
        for last in self._last:
            found = self._search_within(begin, last, last + _NEAR)
            if found is not None:
                break
        else:
            found = self._search_within(begin, 0, len(self._text))
        if found is None:
            return None
        self._last[found >= self._people_at] = found
        return found + 1

    def _search_within(self, begin: str, start: int, end: int) -> int | None:
        at = self._text.find(begin, start, end)
        while at >= 0 and self._text[at + len(begin)] not in ",}":
            at = self._text.find(begin, at + 1, end)
        return None if at < 0 else at

    def places(self) -> dict[str, int]:
        """Where each of them stands."""
        return dict(self._places)

    @cached_property
    def _places(self) -> dict[str, int]:
        begin = f"\n{self._indent}- {{id: "
        first, *parts = self._text.split(begin)
        found: dict[str, int] = {}
        at = len(first) + 1
        for part in parts:
            name = part[: part.find(",")]
            found[name if "}" not in name else part[: part.find("}")]] = at
            at += len(part) + len(begin)
        return found

    @cached_property
    def leads_are_people(self) -> bool:
        """Whether each team's lead has the present id of a person; where something else says `lead: x`, perhaps not."""
        leads = set(re.findall(r", lead: ([a-z0-9-]+)", self._text))
        people = re.findall(
            rf"^{self._indent}- \{{id: ([a-z0-9-]+)", self._text[self._people_at :], re.MULTILINE
        )
        return leads.issubset(people)

    @cached_property
    def former(self) -> dict[str, str]:
        """The present id of each team or person that had another one."""
        former = [(old, each.id) for each in self._holding(", formerly: ") for old in each.formerly]
        present = set(self._ids) if former else set()
        return {old: new for old, new in former if old not in present}

    @property
    def person_ids(self) -> list[str]:
        """The ids of the people, in their order."""
        return self._ids_from(self._people_at)

    def members(self, team: str) -> tuple[str, ...]:
        """The people of a team."""
        return tuple(
            each.id for each in self._in_teams(team) if isinstance(each, Person) and each.team == team
        )

    def _in_teams(self, team: str) -> Iterator[Team | Person]:
        """The people of a team, and perhaps others."""
        self._asked_teams += 1
        if not is_id(team) or self._asked_teams <= _MOST_SEARCHES:
            held = self._holding(f", team: {team}", ",}", self._people_at)
            return held if is_id(team) else iter(())
        return (self._entry(start) for start in self._of_teams.get(team, ()))

    @cached_property
    def _of_teams(self) -> dict[str, list[int]]:
        """Where the lines begin that say `team: x`, be it in another sense."""
        found: dict[str, list[int]] = {}
        for each in re.finditer(r", team: ([a-z0-9-]+)", self._text):
            start = self._text.rfind("\n", 0, each.start()) + 1
            if self._text.startswith(f"{self._indent}- ", start):
                starts = found.setdefault(each[1], [])
                starts += [] if starts[-1:] == [start] else [start]
        return found

    def person_at(self, address: str) -> str | None:
        """The first person with an e-mail address.

        Args:
            address: without blanks around it, and case-folded.
        """
        people = self._text[self._people_at :]
        plain = people.isascii()
        folded = people.lower() if plain else people.casefold()
        starts: list[int] = []
        at = folded.find(address)
        while at >= 0:
            if plain:
                start = people.rfind("\n", 0, at) + 1
            else:  # folded, a line may be of another length, but there are as many
                starts = starts or [0, *(each.end() for each in re.finditer("\n", people))]
                start = starts[folded.count("\n", 0, at)]
            if people.startswith(f"{self._indent}- ", start):
                each = self._entry(self._people_at + start)
                if isinstance(each, Person) and any(
                    known.strip().casefold() == address for known in each.email
                ):
                    return each.id
            at = folded.find(address, folded.index("\n", at))
        return None

    @cached_property
    def _ids(self) -> list[str]:
        return self._ids_from(0)

    def _ids_from(self, start: int) -> list[str]:
        pattern = re.compile(rf"^{self._indent}- \{{id: ([a-z0-9-]+)", re.MULTILINE)
        return pattern.findall(self._text, start)

    def _holding(self, what: str, before: str = "", start: int = 0) -> Iterator[Team | Person]:
        """The teams and people whose lines hold something, be it in another sense; where given, before one of some signs."""
        at = self._text.find(what, start)
        while at >= 0:
            end = at + len(what)
            if before and self._text[end] not in before:
                at = self._text.find(what, end)
                continue
            start = self._text.rfind("\n", 0, at) + 1
            if self._text.startswith(f"{self._indent}- ", start):
                yield self._entry(start)
            at = self._text.find(what, self._text.index("\n", at))

    def _entry(self, start: int) -> Team | Person:
        """What the line says that begins somewhere."""
        line = self._text[start : self._text.index("\n", start)]
        said = {
            key: quoted or plain or several.split(", ")
            for key, quoted, several, plain in re.findall(_PAIR, line)
        }
        found = (Team if start < self._people_at else Person).read(said)
        if found is None:
            raise ValueError(line)  # of such a line nothing is wrong
        return found

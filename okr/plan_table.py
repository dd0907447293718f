"""A plan at a glance: one in blocks, with keys in the order in which `okr format` puts them, that measures by plain numbers alone.

A form that `plain_blocks.py` reads as well, narrower: each value is such that nothing can be wrong with it by itself, and all
that it says is what its key results say, texts aside. Tests hold the two against each other.
"""

from __future__ import annotations

from functools import lru_cache

from okr.dataclass import NamedTuple
from okr.patterns import pattern
from okr.plain_lines import LARGEST_PLAIN

# No text are the names of nothing and of truth.
_NO_NAME = r"(?!(?i:null|true|false)[,}\n])"
_ID = rf"(?=[a-z0-9-]{{1,100}}[,}}\n]){_NO_NAME}[a-z][a-z0-9]*+(?:-[a-z0-9]++)*+"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]{1,9})?"
_WEIGHT = r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,9})?"
_QUOTED = r'"(?=\S)[^"\\#\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u2028\u2029]+"'
_IN_BRACES = r"[\w .;!/()+%&@=~*€$£«»’'…–—-]"
_IN_BLOCKS = r"[\w .,;!?/()+%&@=~*€$£«»’'…–—-]"
_TEXT = rf"(?:{_NO_NAME}[^\W\d_]{_IN_BLOCKS}*(?<! )|{_QUOTED})"
_TEXT_WITHIN = rf"(?:{_NO_NAME}[^\W\d_](?(1){_IN_BRACES}|{_IN_BLOCKS})*(?<! )|{_QUOTED})"
_LINK = r"[a-z]++://[\w.,;!?/()+%&=~*@-]++"
_REFERENCE = r"(?:[a-z0-9][A-Za-z0-9-]*+/)++[a-z0-9-]++"
_NEXT = r"(?(1), |\n {8})"
_INITIATIVES = (
    rf"(?:\n {{8}}initiatives:(?:\n {{10}}- title: {_TEXT}(?:\n {{12}}link: {_LINK})?"
    rf"(?:\n {{12}}owner: {_ID})?(?:\n {{12}}done: (?:true|false))?)++)?"
)
_OBJECTIVE = pattern(
    rf" {{2}}- id: ({_ID})\n {{4}}title: ({_TEXT})\n(?: {{4}}why: {_TEXT}\n)?(?: {{4}}owner: {_ID}\n)?"
    rf"(?: {{4}}type: (?:aspirational|committed)\n)?(?: {{4}}supports: ({_REFERENCE})\n)? {{4}}key_results:\n"
)
_KEY_RESULT = pattern(
    rf" {{6}}- (\{{)?id: ({_ID}){_NEXT}title: ({_TEXT_WITHIN})(?:{_NEXT}owner: {_ID})?(?:{_NEXT}unit: ({_TEXT_WITHIN}))?"
    rf"{_NEXT}from: ({_NUMBER}){_NEXT}to: ({_NUMBER})(?:{_NEXT}weight: ({_WEIGHT}))?(?(1)\}}|{_INITIATIVES})\n"
)
_START = "objectives:\n"
_LEAST_WAY = 1e-9


class KeyResultRow(NamedTuple):
    """What a key result says: numbers as they are written, and None for what it does not say.

    Attributes:
        id: its own.
        title: as it reads.
        unit: likewise.
        start: the number that it goes from.
        target: the one that it is to get to, which is plainly another.
        weight: how much it weighs.
        target_at: where in the text the target begins.
        begins: where its lines begin.
        ends: where they end.
    """

    id: str
    title: str
    unit: str | None
    start: str
    target: str
    weight: str | None
    target_at: int
    begins: int
    ends: int


class ObjectiveRow(NamedTuple):
    """What an objective says of itself, and its key results; `supports` is one reference, if any."""

    id: str
    title: str
    supports: str | None
    key_results: list[KeyResultRow]


@lru_cache(maxsize=100)
def read_plan_table(text: str) -> list[ObjectiveRow] | None:
    """The objectives of a plan of this form, no two things of which have one name; None for any other file."""
    end = len(text)
    if not text.startswith(_START) or end > LARGEST_PLAIN:
        return None
    objectives: list[ObjectiveRow] = []
    place = len(_START)
    while place < end:
        head = _OBJECTIVE.match(text, place)
        if head is None:
            return None
        key_results: list[KeyResultRow] = []
        place = head.end()
        while (row := _KEY_RESULT.match(text, place)) is not None:
            _, name, title, unit, start, target, weight = row.groups()
            if abs(float(start) - float(target)) <= _LEAST_WAY:
                return None
            said = (name, _read(title), unit and _read(unit), start, target, weight)
            key_results.append(KeyResultRow(*said, row.start(6), place, row.end()))
            place = row.end()
        if len({each[0] for each in key_results}) != len(key_results) or not key_results:
            return None
        name, title, supports = head.groups()
        objectives.append(ObjectiveRow(name, _read(title), supports, key_results))
    return objectives if len({each[0] for each in objectives}) == len(objectives) else None


def number_in(text: str) -> int | float:
    """A number as it is written."""
    return float(text) if "." in text else int(text)


def _read(text: str) -> str:
    return text[1:-1] if text[0] == '"' else text

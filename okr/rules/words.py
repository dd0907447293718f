"""What the wording rules read in titles, in English and in French: numbers that count something, and vague words.

No rules here, and nothing about files. Numbers as people type them on a command line are `quantities.py`'s.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.patterns import pattern

if TYPE_CHECKING:
    from okr.quantities import Language

_SPACES = " \u00a0\u202f\u2009"
_NUMBER = pattern(
    rf"(?P<sign>(?<!\S)[+\-\u2212±~<>≥≤×x][{_SPACES}]?)?(?P<currency>[€$£][{_SPACES}]?)?"
    rf"(?P<figures>\d{{1,3}}(?:[{_SPACES}'’]\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    rf"(?:[{_SPACES}]?(?P<power>[kK]|Md|M|bn|Bn|B)(?!\w)|(?P<unit>h|min|ms|km|kg|j|x|×)(?!\w))?"
    rf"(?:[{_SPACES}]?(?P<percent>%|per ?cent\b|pour cent\b|‰))?(?:[{_SPACES}]?(?P<behind>[€$£]))?"
)
_POWERS = {"k": 1e3, "K": 1e3, "M": 1e6, "Md": 1e9, "bn": 1e9, "Bn": 1e9, "B": 1e9}
_POWER_WORDS = {
    "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9,
    "mille": 1e3, "milliard": 1e9, "milliards": 1e9,
}  # fmt: skip
_TIMES = frozenset({"times", "fois", "x", "percent", "percentage"})
_WORD = pattern(r"[^\W\d_]+")
_DIGIT = pattern(r"\d")
_FOUR_DIGITS = pattern(r"\d{4}")
_BETWEEN_FIGURES = pattern(rf"[{_SPACES}'’]")
_STICKS_BEFORE, _STICKS_BEHIND = pattern(r"[\w/#°.,\-–:]"), pattern(r"[\w/°]")
_NEXT_WORD = pattern(rf"[{_SPACES}]+([^\W\d_]+)")
_BEHIND_A_WORD = frozenset(".°'’")
_MOST_READ = 1000
"""Characters of a title; no title is that long, and reading must take bounded time whoever wrote it."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_THOUSANDS = pattern(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_PLURAL = pattern(r"[a-zà-ÿœ]{2,}[sx]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a number of four figures these mean that it is a year: "by 2027", "our 2027 launch", "d'ici 2027".
_BEFORE_A_YEAR = _words(
    """in by for since until before after during through our the this next last year spring summer autumn fall winter
    january february march april may june july august september october november december
    en pour depuis avant après dès ici le la notre nos an année printemps été automne hiver
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre"""
)
# Behind these a number is a name, not a quantity: "phase 2", "industry 4.0", "n° 1".
_BEFORE_A_LABEL = _words(
    """article chapter class factor floor generation industry iso level lot no norm number part phase plan priority
    release rfc room scope series stage standard step tier track type version volume wave web windows zone
    axe chapitre classe étape industrie lot n niveau no norme numéro palier partie phase priorité rang série site
    standard tome tranche vague zone"""
)
_MONTHS = _words(
    """January February March April May June July August September October November December
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre"""
)
_LAST_DAY = 31
_NONE = pattern(r"\b(?:zero|no|none|never|aucune?s?|nulle? part|jamais|sans)\b")
_SMALL_WORDS = _words(
    """a an and at by for from in of on or our over than the to under up with
    à au aux d de des du en et l la le les ou par pour que sous sur un une vers"""
)

_VAGUE = {
    "en": pattern(
        r"\b(improv(?:e[sd]?|ing|ements?)|better|more|enhanc(?:e[sd]?|ing|ements?)|(?:opt|max)imi[sz](?:e[sd]?|ing|ation)"
        r"|strengthen(?:s|ed|ing)?|streamlin(?:e[sd]?|ing)|work(?:ing)? on|focus(?:ing)? on|(?:in)?efficient(?:ly)?"
        r"|effective(?:ly)?|as (?:much|many|far|fast|soon|often) as possible)\b"
    ),
    "fr": pattern(
        r"\b(amelior(?:er|ees?|es?|ant|ations?)|mieux|meilleure?s?|davantage|plus de|(?:opt|max)imis(?:er|ees?|es?|ant|ations?)"
        r"|renforc(?:er|ees?|es?|ements?)|renforcant|favoris(?:er|ees?|es?|ant)|travailler sur|efficace(?:s|ment)?"
        r"|fluidifi(?:er|ees?|es?)|autant que possible|au maximum|le plus (?:vite|souvent|tot) possible)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number in a title that counts something.

    Attributes:
        text: as the title writes it, with its sign and percent sign.
        start: where in the title it begins.
        readings: what it may mean; more than one where the separators leave it open.
        percent: whether it is a percentage.
    """

    text: str
    start: int
    readings: frozenset[float]
    percent: bool


@lru_cache(maxsize=4096)
def numbers_in(title: str, language: Language) -> tuple[NumberInText, ...]:
    """The numbers in a title that are quantities.

    Years (`2027`), names (`Q4`, `B2B`, `ISO 27001`, `24/7`, `phase 2`) and ranks (`1st`, `#1`) are none. Where it
    can't be told, a number counts as a name: a rule that cries wolf gets turned off.
    """
    found: list[NumberInText] = []
    title = title[:_MOST_READ]
    if not _DIGIT.search(title):
        return ()
    for match in _NUMBER.finditer(title):
        readings = _readings(match["figures"], language)
        if (
            not readings
            or _is_part_of_a_name(title, match)
            or _is_year(title, match)
            or _is_day(title, match)
            or _is_label(title, match)
        ):
            continue
        power = _POWERS.get(match["power"] or "") or _POWER_WORDS.get(_word_after(title, match), 1.0)
        number = NumberInText(
            match[0].strip(), match.start() + len(match[0]) - len(match[0].lstrip()),
            frozenset(reading * power for reading in readings), match["percent"] is not None,
        )  # fmt: skip
        found.append(number)
    return tuple(found)


def vague_word(title: str, language: Language) -> str | None:
    """The first word of a title that promises something which nobody can check, as written; None without one."""
    found = _VAGUE[language].search(folded(title))
    return None if found is None else title[found.start() : found.end()]


def says_none(title: str) -> bool:
    """Whether a title says in a word that there is to be none of something: `no outage on 50 sites`."""
    return _NONE.search(folded(title)) is not None


def folded(title: str) -> str:
    """A title in lower case and without accents, letter for letter, as far as titles are read."""
    read = title[:_MOST_READ]
    return read.lower() if read.isascii() else "".join(map(_bare, read))


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    """One letter for one: lower case, without its accent, so that places in the text stay true."""
    return unicodedata.normalize("NFKD", letter.casefold())[:1] or letter


def _readings(figures: str, language: Language) -> frozenset[float]:
    """What digits and separators may mean; nothing where they are no number, such as 2.0.1."""
    bare = figures if figures.isdecimal() else _BETWEEN_FIGURES.sub("", figures)
    grouped = _THOUSANDS.fullmatch(bare)
    separator = grouped[1] if grouped else None
    if separator == "," and language == "en":
        return frozenset({float(bare.replace(",", ""))})
    if bare.count(".") + bare.count(",") <= 1:
        decimal = float(bare.replace(",", "."))
        if separator == "." and language == "fr":
            return frozenset({decimal, float(bare.replace(".", ""))})
        return frozenset({decimal})
    if grouped:
        return frozenset({float(bare.replace(separator or "", ""))})
    last = max(bare.rfind("."), bare.rfind(","))
    whole, part = bare[:last], bare[last + 1 :]
    if bare[last] in whole or not _THOUSANDS.fullmatch(whole):
        return frozenset()
    return frozenset({float(f"{re.sub('[.,]', '', whole)}.{part}")})


def _is_part_of_a_name(title: str, match: re.Match[str]) -> bool:
    """Whether letters or signs stick to the number: `Q4`, `B2B`, `24/7`, `5G`, `1st`, `#1`."""
    before, after = title[: match.start()][-1:], title[match.end() :][:1]
    return bool(_STICKS_BEFORE.fullmatch(before) or _STICKS_BEHIND.fullmatch(after))


def _is_year(title: str, match: re.Match[str]) -> bool:
    figures = match["figures"]
    if not (
        _is_bare(match) and _FOUR_DIGITS.fullmatch(figures) and _FIRST_YEAR <= int(figures) <= _LAST_YEAR
    ):
        return False
    return _word_before(title, match).casefold() in _BEFORE_A_YEAR or not _counts_what_follows(title, match)


def _is_day(title: str, match: re.Match[str]) -> bool:
    """Whether it is the day of a month: `12 mars`, `12 March`, `March 12`."""
    if not _is_bare(match) or not match["figures"].isdecimal() or not 1 <= int(match["figures"]) <= _LAST_DAY:
        return False
    before = _word_before(title, match)
    return _word_after(title, match) in _MONTHS or (before in _MONTHS and before[0].isupper())


def _is_label(title: str, match: re.Match[str]) -> bool:
    before = _word_before(title, match)
    if not _is_bare(match) or not before or re.search(r"\s", match["figures"]):
        return False
    if before.casefold() in _BEFORE_A_LABEL:
        return True
    if title.isupper() or before.casefold() in _SMALL_WORDS:
        return False
    if before.isupper() and len(before) > 1:  # an acronym
        return True
    first = _WORD.search(title)
    inside = first is not None and first.start() < title.rfind(before, 0, match.start())
    return inside and before[0].isupper() and not _counts_what_follows(title, match)


def _is_bare(match: re.Match[str]) -> bool:
    return not any(match.group("sign", "currency", "power", "unit", "percent", "behind"))


def _counts_what_follows(title: str, match: re.Match[str]) -> bool:
    """Whether the next word is a plural, or one that multiplies: `3 markets`, `5 million`."""
    word = _word_after(title, match)
    return word in _POWER_WORDS or word in _TIMES or _PLURAL.fullmatch(word) is not None


def _word_before(title: str, match: re.Match[str]) -> str:
    end = match.start("figures")
    while end and (title[end - 1] in _BEHIND_A_WORD or title[end - 1].isspace()):
        end -= 1
    start = end
    while start and title[start - 1].isalnum() and not title[start - 1].isdecimal():
        start -= 1
    return title[start:end]


def _word_after(title: str, match: re.Match[str]) -> str:
    following = _NEXT_WORD.match(title, match.end())
    return following[1] if following else ""

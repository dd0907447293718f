"""A log at a glance: one in which every line is as people and `okr` write them, taken apart all at once.

It is a form that `plain_lines.py` reads as well, narrower: each value is such that nothing can be wrong with it by itself.
So whoever only asks for the days and values need not read the lines one by one. Tests hold the two against each other.
"""

from __future__ import annotations

import re

from okr.dataclass import NamedTuple
from okr.patterns import pattern
from okr.plain_lines import LARGEST_PLAIN

USUAL_DAY = "[12][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_TIME = "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
_ID = "[a-z][a-z0-9-]*+"
_NUMBER = r"-?[0-9]{1,14}(?:\.[0-9]{1,9})?"
_CONFIDENCE = r"0(?:\.[0-9]{1,9})?|1(?:\.0{1,9})?"
# No text are the names of nothing and of truth; nor is a number, which has no blank.
_NO_NAME = r"(?!(?i:null|true|false)[,}])"
_MILESTONE = rf"{_NO_NAME}[A-Za-z](?:[\w -]*\w)?"
_PLAIN = r"[A-Za-z0-9 .;!/()+%&@=~*'-]*(?<! )"
_OTHER = r"[\w .;!/()+%&@=~*€$£«»’'…–—-]*(?<! )"
_NOTE = rf"{_NO_NAME}[A-Za-z]{_PLAIN}|{_NO_NAME}[^\W\d_]{_OTHER}|[0-9]+ {_OTHER}"
_QUOTED = '[^"\\\\\\x00-\\x1f\\x7f-\\x9f\\ufeff\\ufffe\\uffff\\u2028\\u2029]+'
_LINE = pattern(
    rf'^- \{{date: (?:({USUAL_DAY})|"({USUAL_DAY})({_TIME})"), kr: ({_ID}/{_ID})'
    rf"(?:, value: (?:({_NUMBER})|({_MILESTONE})))?(?:, confidence: ({_CONFIDENCE}))?"
    rf'(?:, retracts: ({USUAL_DAY}|"{USUAL_DAY}{_TIME}"))?(?:, by: {_NO_NAME}({_ID}))?(?:, note: ({_NOTE}|"{_QUOTED}"))?\}}$',
    re.MULTILINE,
)
_COMMENT = pattern("#[^\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\ufeff\\ufffe\\uffff\\u2028\\u2029\\n]*\n")
_START = "- {date: "


class LogTable(NamedTuple):
    """The lines of a log, column by column; what a line does not say is an empty text.

    Attributes:
        above: how many lines of comment stand above them, and nowhere else.
        days: the day of each date, as written.
        times: the rest of each date, with its offset.
        subjects: what each is about: `objective/key-result`.
        numbers: the values that are numbers.
        texts: those that are milestones' names.
        confidences: from 0 to 1.
        retracted: the dates of check-ins that are taken back, as written, a time in its quotes.
        authors: who made each.
        notes: what was said besides, as written: in quotes where it needs them.
    """

    above: int
    days: list[str]
    times: tuple[str, ...]
    subjects: tuple[str, ...]
    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    confidences: tuple[str, ...]
    retracted: tuple[str, ...]
    authors: tuple[str, ...]
    notes: tuple[str, ...]


def read_log_table(text: str) -> LogTable | None:
    """The lines of a log of this form; None for any other file, and for one without any."""
    start = above = 0
    while (comment := _COMMENT.match(text, start)) is not None:
        start = comment.end()
        above += 1
    if not text.startswith(_START, start) or len(text) > LARGEST_PLAIN:
        return None
    found = _LINE.findall(text, start)
    if len(found) != text.count("\n", start) + (not text.endswith("\n")):
        return None
    bare, quoted, *others = zip(*found, strict=True)
    return LogTable(above, [day or other for day, other in zip(bare, quoted, strict=True)], *others)

"""The patterns of a log's lines, as `okr` and people write them; what the groups say is `log_records.py`'s.

`okr/log_table.py` has another one, for the workspace: of fewer lines, but with all that the model asks of them.
"""

from __future__ import annotations

import re

from okr.log_table import USUAL_DAY
from okr.patterns import pattern

_DAY = (
    "(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|[12][0-9]))"
)
_TIME = "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:[01][0-9]|2[0-3]):[0-5][0-9]"
WORD = r"(?!(?:true|false|null)[,}])[a-z][a-z0-9-]*"
# A text without quotes holds nothing that could mean anything, and is neither a number nor one of YAML's words; in
# one with quotes there are no other escapes than these.
_BARE = (
    r"""(?!(?i:true|false|null|yes|no|on|off|y|n)\})(?![-?!|>'%@`=<~+.&*]|[0-9][-0-9a-fA-FxXoOinINtTzZ_.+ ]*\})"""
    r"""[^\s,:?#"\\\[\]{}](?:[^,:?#\\\[\]{}\n\r\t]*[^\s,:?#\\\[\]{}]|)"""
)
_QUOTED = r'[^"\\\r\n]*(?:\\["\\nt][^"\\\r\n]*)*'
# What may be left out is written `(?:…|)`: to Python's engine that is far less work than `(?:…)?`.
GROUPS = 7


def _moment(group: str = "(") -> str:
    return f'"?{group}(?<="){_DAY}{_TIME}(?=")|(?<!"){_DAY}(?=[,}}]))"?'


def _amounts(value: str, confidence: str, group: str = "(") -> str:
    """The pattern of what stands between a line's subject and its author, with three groups."""
    retracted = f"(?:, retracts: {_moment(group)}|)"
    return rf"(?:, value: {group}{value}|{WORD})|)(?:, confidence: {group}{confidence})|){retracted}"


def _line(amounts: str, quoted: str) -> str:
    """The pattern of a line as `okr` writes it, with a group for each of the `Fields`."""
    return (
        rf"- \{{date: {_moment()}, k(?:r|pi): ((?<=kr: )[a-z0-9-]+/[a-z0-9-]+|(?<=kpi: ){WORD}){amounts}"
        rf'(?:, by: ({WORD})|)(?:, note: "?((?<!"){_BARE}(?=\}})|(?<="){quoted}(?="))"?|)\}}'
    )


_NUMBER = r"(?!-0[,}])-?(?:(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{0,5}[1-9]|)|[1-9][0-9]{9,14})"
_SHARE = r"0|1|0\.[0-9]{0,3}[1-9]"
_PLAIN_QUOTED = f'(?!"){_QUOTED}'
_PLAIN_LINE = _line(_amounts(_NUMBER, _SHARE), _PLAIN_QUOTED)

PLAIN_LINE = pattern(_PLAIN_LINE)
"""A line in which numbers are written in the one way in which trailers write them."""
PLAIN_ROWS = pattern(f"^{_PLAIN_LINE}\n", re.MULTILINE)
"""All lines of this kind."""
ALL_LINES = pattern(f"^(?:{_PLAIN_LINE}|([^\n]*))(?:\n|\\Z)", re.MULTILINE)
"""All lines: what stands in the plain ones; and any other whole, as the eighth group."""
PLAIN_COLUMNS = pattern((_line(f"({_amounts(_NUMBER, _SHARE, '(?:')})", _PLAIN_QUOTED) + "\n").encode())
"""The same as bytes with fewer groups: date, subject, value to date taken back, by, note."""
_ANY_NUMBER, _ANY_SHARE = r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?", r"[0-9](?:\.[0-9]{1,12})?"
ANY_LINE = pattern(f" *{_line(_amounts(_ANY_NUMBER, _ANY_SHARE), _QUOTED)} *\r?")
"""The same with numbers as people write them, and blanks where they don't matter."""

_USUAL_WORD = r"(?!(?:true|false|null)[,}])[a-z][a-z0-9-]*+"
_USUAL_BARE = r"""(?![TFNYOtfnyo][A-Za-z]{0,4}\})[A-Za-z][^,:?#"\\\[\]{}\n\r\t]*+(?<!\s)"""
_USUAL_QUOTED = r'(?!")[^"\\\r\n]*+(?:\\["\\nt][^"\\\r\n]*+)*+'
_USUAL_VALUE = r"(?:0|-?[1-9][0-9]{0,8}+)(?:\.[0-9]{0,5}[1-9])?+"
_USUAL_SHARE = r"0\.[0-9]{0,3}[1-9]|0|1"


def _usual_line(amounts: str) -> str:
    """The same of a line that has a time, a value and a confidence, which is found in two thirds of the time."""
    # No day is a leap day; a bare note begins with a letter, and is no short word with that of one of YAML's.
    return (
        rf'- \{{date: "({USUAL_DAY}{_TIME})", kr: ([a-z0-9-]++/[a-z0-9-]++){amounts}, by: ({_USUAL_WORD})'
        rf'(?:, note: "?((?<!"){_USUAL_BARE}(?=\}})|(?<="){_USUAL_QUOTED}(?="))"?|)\}}\n'
    )


USUAL_ROWS = pattern(
    f"^{_usual_line(f', value: ({_USUAL_VALUE}), confidence: ({_USUAL_SHARE})()')}", re.MULTILINE
)
"""All lines of this kind, with the groups of `PLAIN_ROWS`."""
USUAL_COLUMNS = pattern(_usual_line(f"(, value: {_USUAL_VALUE}, confidence: (?:{_USUAL_SHARE}))").encode())
"""The same with the groups of `PLAIN_COLUMNS`."""

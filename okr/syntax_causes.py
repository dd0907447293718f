"""What somebody most likely did where the YAML parser gave up, and where: often above the place that it names.

The parser says what it can't read; people want to know what they wrote wrong. Each function here knows one slip; the
first that recognises its own answers, and where none does, the parser's own message is put in words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.diagnostics import Place
from okr.errors import shortened
from okr.syntax_lines import CLOSING, Line, Lines, scanned
from okr.syntax_messages import explained

if TYPE_CHECKING:
    from collections.abc import Callable

_CONFLICT = re.compile(r"(<{7}|>{7}|\|{7})( |$)")
_CONFLICT_MIDDLE = re.compile(r"={7}$")
_NO_SPACE = re.compile(r"[ ]*(?:-[ ]+)*(?P<key>[A-Za-z_][\w-]*):(?![ /]|$)(?P<value>.*)")
_DASH_STUCK = re.compile(r"[ ]*(?P<dash>-)(?P<rest>[A-Za-z_{\[\"'].*)")
_TWO_DASHES = re.compile(r"[ ]*-[ ]+(?P<dash>-) ")
_ALIAS = re.compile(r"[*&][^\s,\[\]{}]*$")
_NEXT_RECORD = re.compile(r"[ ,]*-?[ ]*\{")
_LONGEST_SHOWN = 40
_SUCH_SPACES = "a space that is none"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a file is no YAML: the name of the rule that stands for it, where, what is wrong, and how to mend it."""

    rule: str
    place: Place
    message: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Where the parser gave up.

    Attributes:
        line: from 1, and within the file.
        column: from 1.
        said: what it could not read.
        context: what it was reading; None where it says nothing.
        began: the line and column on which that began; None likewise.
    """

    line: int
    column: int
    said: str
    context: str | None = None
    began: tuple[int, int] | None = None

    @property
    def in_brackets(self) -> bool:
        """Whether it was within brackets or braces."""
        return "flow" in (self.context or "")


def cause_of(texts: list[str], given_up: GivenUp) -> Cause:
    """What is most likely wrong.

    Args:
        texts: all lines of the file.
        given_up: where the parser gave up, and why.
    """
    lines = Lines(texts, given_up.line)
    found = (slip(lines, given_up) for slip in _SLIPS)
    return next((cause for cause in found if cause is not None), None) or _unknown(lines, given_up)


def _conflict(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A merge conflict that nobody has resolved."""
    near = {given_up.line, given_up.line - 1}
    for line in lines.all:
        if _CONFLICT.match(line.text) or (line.number in near and _CONFLICT_MIDDLE.match(line.text)):
            return Cause(
                "merge-conflict", Place(line.number, 1, line.number, 8), "this file holds an unresolved merge conflict",
                "decide between the two sides and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`",
            )  # fmt: skip
    return None


def _tab(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A tab in a line's indentation."""
    for number in (given_up.line, given_up.line - 1):
        matched = re.match(r"[ -]*\t", lines.line(number).text)
        if matched:
            place = Place(number, matched.end(), number, matched.end() + 1)
            hint = "indent with spaces: YAML allows no tabs there"
            return Cause("tab-indentation", place, "a tab indents this line", hint)
    return None


def _hard_space(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A space that YAML takes for a letter, as web pages and word processors have them, before a line's text."""
    for number in (given_up.line, given_up.line - 1):
        for first, letter in enumerate(lines.line(number).text):
            if letter not in " -" and not _is_blank(letter):
                break
            if _is_blank(letter):
                text = lines.line(number).text
                end = next((at for at in range(first, len(text)) if not _is_blank(text[at])), len(text))
                message = f"{_SUCH_SPACES} indents this line: U+{ord(letter):04X}, as web pages have it"
                return _at(lines.line(number), first, message, "indent with ordinary spaces", end - first)
    return None


def _unclosed_quote(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A quote that is still open where the next entry begins."""
    for line in lines.structure:
        if line.number > given_up.line:
            break
        quote = line.scan.quote
        if quote is not None:
            below = lines.after(line.number)
            if below is None or below.begins_entry:
                hint = f"close it with `{quote.sign}` on the same line"
                return _at(line, quote.column, "a quote is not closed on this line", hint)
    return None


def _unclosed_bracket(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A bracket that is still open where the next entry begins."""
    if not given_up.in_brackets or given_up.began is None:
        return None
    line = lines.line(given_up.began[0])
    column = given_up.began[1] - 1
    opened = next((each for each in line.scan.brackets if each.column == column), None)
    below = lines.after(line.number)
    if opened is None or (below is not None and not (below.begins_entry and below.indent <= line.indent)):
        return None
    hint = f"close it with `{CLOSING[opened.sign]}` at the end of the line"
    return _at(line, column, f"a `{opened.sign}` is not closed on this line", hint)


def _two_records(lines: Lines, given_up: GivenUp) -> Cause | None:
    """Two lines of a log that have become one."""
    line = lines.line(given_up.line)
    if not line.text.lstrip(" ").startswith("- {") or not line.scan.ended:
        return None
    first = line.scan.ended[0]
    if not _NEXT_RECORD.match(line.text, first):
        return None
    start = first + len(line.text[first:]) - len(line.text[first:].lstrip(" ,"))
    return _at(line, start, "two records on one line", "put each on a line of its own, after `- `")


def _after_a_value(lines: Lines, given_up: GivenUp) -> Cause | None:
    """Text behind a value that has ended: behind a closing quote or bracket, or a `*` that was to be text."""
    line = lines.line(given_up.line)
    before = line.text[: given_up.column - 1].rstrip(" ")
    if not before.strip(" -"):
        return None
    if len(before) in line.scan.closed:
        hint = 'put the whole text in quotes, and write a `\\` before each `"` in it'
        if before.endswith("'"):
            hint = "write `''` for an apostrophe within single quotes, or put the text in double quotes"
        return _at(line, given_up.column - 1, "text follows after the closing quote", hint)
    if len(before) in line.scan.ended and not line.text.lstrip(" -").startswith("{"):
        opens = "[" if before.endswith("]") else "{"
        message = f"text follows after the closing `{before[-1]}`"
        hint = f"put a text that begins with `{opens}` in quotes"
        return _at(line, given_up.column - 1, message, hint)
    alias = _ALIAS.search(before)
    if alias is not None:
        what = "an alias" if alias[0][0] == "*" else "an anchor"
        message = f"a text that begins with `{alias[0][0]}` is taken for {what}"
        return _at(line, alias.start(), message, "put the text in quotes", len(alias[0]))
    return None


def _block_text(lines: Lines, given_up: GivenUp) -> Cause | None:
    """The lines below `why: |` are not indented."""
    for number in {given_up.began[0] if given_up.began else given_up.line, given_up.line}:
        line, above = lines.line(number), lines.before(number)
        if above is not None and above.opens_text and above.key and line.indent <= above.key_column:
            key = above.key["key"]
            message = f"this is no part of the text that is to stand below `{key}: {above.text.split()[-1]}`"
            return _at(line, line.indent, message, f"indent each line of the text further than `{key}`")
    return None


def _stuck(lines: Lines, given_up: GivenUp) -> Cause | None:
    """No space behind a dash or a colon."""
    above = lines.before(given_up.line)
    numbers = [
        given_up.line,
        *([given_up.began[0]] if given_up.began else []),
        *([above.number] if above else []),
    ]
    for number in dict.fromkeys(numbers):
        line = lines.line(number)
        dash, colon = _DASH_STUCK.match(line.text), _NO_SPACE.match(line.text)
        if dash is not None and not given_up.in_brackets:
            hint = f"write `- {shortened(dash['rest'], _LONGEST_SHOWN)}`"
            return _at(line, dash.start("dash"), "no space after the `-`", hint)
        if colon is not None and not line.scan.brackets:
            hint = f"write `{shortened(colon['key'] + ': ' + colon['value'].strip(), _LONGEST_SHOWN)}`"
            return _at(line, colon.start("key"), "no space after the `:`", hint, len(colon["key"]) + 1)
    return None


def _two_dashes(lines: Lines, given_up: GivenUp) -> Cause | None:
    """An item that begins with two dashes, so that its second line fits neither."""
    above = lines.before(given_up.line)
    matched = _TWO_DASHES.match(above.text) if above else None
    if above is None or matched is None:
        return None
    return _at(above, matched.start("dash"), "two dashes begin this line", "write one `- `")


def _no_colon(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A key without its colon."""
    above = lines.before(given_up.line)
    numbers: list[int] = []
    if given_up.said == "could not find expected ':'" and given_up.began:
        numbers = [given_up.began[0]]
    elif given_up.said.startswith("mapping values") and above is not None:
        numbers = [above.number] if above.key and not above.key["colon"] else []
    for number in numbers:
        line = lines.line(number)
        if line.text.lstrip(" ").startswith("{"):
            hint = "begin it with `- `"
            return _at(line, line.indent, "this line is not an item of the list above it", hint)
        if line.key is not None and not line.scan.brackets:
            message, known = explained("could not find expected ':'", None)
            return _at(line, line.key.start("key"), message, known, len(line.key["key"]))
    return None


def _indentation(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A line that is indented as no line above it."""
    line = lines.line(given_up.line)
    bare = line.text.lstrip(" ")
    dashes = bare.startswith("- ")
    if given_up.in_brackets or not line.begins_entry or not given_up.column - 1 <= _key_end(line):
        return None
    column = line.indent
    levels = lines.levels(line.number, dashes=dashes)
    if not levels or column in levels:
        return None
    meant = min(levels, key=lambda level: (abs(level - column), -level))
    length = 1 if dashes or line.key is None else len(line.key["key"])
    message = f"this line is indented by {_spaces(column)}, which fits nothing above it"
    hint = f"indent it by {_spaces(meant)}" if meant else "let it begin without a space"
    return _at(line, column, message, f"{hint}, like line {levels[meant]}", length)


def _cannot_begin(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A sign that no text may begin with, such as `%` or `@`."""
    line = lines.line(given_up.line)
    if given_up.said != "found character that cannot start any token":
        return None
    start = given_up.column - 1
    bracketed = given_up.in_brackets or bool(scanned(line.text[:start]).brackets)
    rest = re.split(r" #|[,}\]]" if bracketed else r" #", line.text[start:])[0].rstrip(" ")
    sign = {"\t": "a tab", "`": "a backtick"}.get(rest[:1], f"`{rest[:1]}`")
    hint = "put the text in quotes"
    if rest and not set(rest) & set('"\\\t`') and len(rest) <= _LONGEST_SHOWN:
        key = line.key["key"] + ": " if line.key and line.key["colon"] and not bracketed else ""
        hint += f': write `{key}"{rest}"`'
    return _at(line, start, f"no text may begin with {sign}", hint)


def _colon_in_brackets(lines: Lines, given_up: GivenUp) -> Cause | None:
    """A second colon within one value of a mapping in braces."""
    line = lines.line(given_up.line)
    if not given_up.in_brackets or line.text[given_up.column - 1 : given_up.column] != ":":
        return None
    message = f"a second `: ` in this value, or a `,` is missing before it{_far(given_up)}"
    return _at(line, given_up.column - 1, message, "separate with `, `; put a text that holds `: ` in quotes")


def _unknown(lines: Lines, given_up: GivenUp) -> Cause:
    """What the parser said, in words."""
    message, hint = explained(given_up.said, given_up.context)
    number, column = given_up.line, given_up.column
    message += _far(given_up)
    end = column + (column <= len(lines.line(number).text))
    return Cause("yaml-syntax", Place(number, column, number, end), message, hint)


_SLIPS: tuple[Callable[[Lines, GivenUp], Cause | None], ...] = (
    _conflict, _tab, _hard_space, _unclosed_quote, _unclosed_bracket, _two_records, _after_a_value, _block_text, _stuck,
    _two_dashes, _no_colon, _indentation, _cannot_begin, _colon_in_brackets,
)  # fmt: skip
"""The surest first: what comes later is only asked where nothing before it fits."""


def _at(line: Line, start: int, message: str, hint: str | None, length: int = 1) -> Cause:
    place = Place(line.number, start + 1, line.number, min(start + length, max(len(line.text), start)) + 1)
    return Cause("yaml-syntax", place, message, hint)


def _far(given_up: GivenUp) -> str:
    """Where what could not be read began, if that is another line."""
    began = given_up.began[0] if given_up.began else given_up.line
    return f" (in what begins on line {began})" if began < given_up.line else ""


def _key_end(line: Line) -> int:
    return line.key.end() if line.key else line.indent + 1


def _spaces(number: int) -> str:
    return "no space" if number == 0 else f"{number} space{'s' if number > 1 else ''}"


def _is_blank(letter: str) -> bool:
    """Whether a letter looks like a space, or like nothing, and is no space to YAML."""
    return letter not in {" ", "\t"} and unicodedata.category(letter) in {"Zs", "Cf"}

"""Answers for screen readers: the same words without bars, charts, guides and signs, a line for each thing said.

Every sign has its word beside it, so nothing is lost; columns become parts of a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.patterns import pattern
from okr.views.unread import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WIDTH = 1000
"""Characters: what is said of one thing stays on one line."""

_GUIDES = pattern(r"^(?P<above>(?:│  |   )*)(?:├─ |└─ )")
_LEADING = pattern(r"^[│ ]+")
_BAR = pattern(r"[█▉▊▋▌▍▎▏░│]{4,}|[▁▂▃▄▅▆▇█]{2,}|[\u2800-\u28ff]+")
_STATUS = "achieved|on track|at risk|off track|not started|stale|met|partly met|missed|never started|within|outside|never measured|no bounds"
_SIGN = pattern(rf"(?<!\S)(?:[✓●▲▼○…◆] (?=\d|(?:{_STATUS})(?!\w))|›(?= ))")
_GAP = pattern(r" {2,}")
_WORDS = (
    (pattern(r" · "), ", "),
    (pattern(r"→ see "), "see "),
    (pattern(r" → "), " to "),
    (pattern(r"(confidence [\d.]+) > (?=forecast)"), r"\1, above the "),
    (pattern(r"(confidence [\d.]+) < (?=forecast)"), r"\1, below the "),
    (pattern(r"(\d) – (\d)"), r"\1 to \2"),
)


class PlainConsole(Told):
    """A console for a screen reader; views draw no charts on it, and what they lay out is said in words."""


def plain_lines(lines: Iterable[str]) -> Iterator[str]:
    """An answer's lines in words, without those that only drew something and with no two blank ones in a row."""
    before: str | None = None
    for line in lines:
        said = plain_line(line)
        if said is not None and (said or before):
            yield said
        before = said if said is not None else before


def plain_line(line: str) -> str | None:
    """A line of an answer in words; None where it only drew something.

    Args:
        line: as it was laid out, with its guides, bars and gaps.
    """
    if not line.strip():
        return ""
    guides = _GUIDES.match(line)
    text = line[guides.end() :] if guides else _LEADING.sub("", line)
    text = _SIGN.sub("", _BAR.sub("  ", text))
    for sign, word in _WORDS:
        text = sign.sub(word, text)
    text = _GAP.sub("; ", text.strip())
    if not text:
        return None
    level = 2 + len(guides["above"]) // 3 if guides else 0
    return f"level {level}: {text}" if level else text

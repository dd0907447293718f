"""Signs for terminals that lack ours: where an encoding has no `█` or `→`, one character that says as much.

Each stands for one character, so that what was laid out stays in its columns. Python calls it while writing.
"""

from __future__ import annotations

import codecs
import unicodedata

HANDLER = "okr-plain-signs"
"""The name under which streams know it, for their `errors`."""

_BLOCKS = {"█": "#", "░": "-", "▏": "-", "▎": "-", "▍": "-", "▌": "#", "▋": "#", "▊": "#", "▉": "#"}
_SMALL_BLOCKS = dict(zip("▁▂▃▄▅▆▇", "__..::#", strict=True))
_LINES = {"─": "-", "│": "|", "┊": "!", "┤": "|", "├": "|", "└": "+", "┴": "+", "┬": "+", "═": "="}
_SIGNS = {"✓": "+", "●": "*", "▲": "^", "▼": "v", "○": "o", "◆": "x", "•": "*", "·": ":"}
_PUNCTUATION = {
    "…": "~", "→": ">", "←": "<", "↳": ">", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "’": "'",
    "‘": "'", "«": '"', "»": '"', "×": "x", "≥": ">", "≤": "<", "≠": "!",
}  # fmt: skip
_PLAIN = _BLOCKS | _SMALL_BLOCKS | _LINES | _SIGNS | _PUNCTUATION
_BRAILLE = range(0x2800, 0x2900)


def plain_sign(character: str) -> str:
    """What stands for a character where it can't be written: one of ASCII, a question mark at worst."""
    if character in _PLAIN:
        return _PLAIN[character]
    if ord(character) in _BRAILLE:
        return "."
    if unicodedata.category(character) == "Zs":
        return " "
    basis = unicodedata.normalize("NFKD", character)[0]
    return basis if basis.isascii() else "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    """What codecs call in place of failing."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(map(plain_sign, missing)), error.end


codecs.register_error(HANDLER, _replace)

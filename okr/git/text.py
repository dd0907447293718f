"""Words of people, of programs and of git, made fit for a commit message or an error, or read: pure text, no git is called."""

from __future__ import annotations

import re
import unicodedata

from okr.patterns import pattern

_LINE_BREAKS = pattern("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_LAST_LINES = 20
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MEANS_SOMETHING_TO_GIT = pattern(
    r"""
      [A-Za-z0-9-]+[ \t]*[:=\#]       # a trailer; git's separator is `:`, `trailer.separators` adds others
    | \(cherry[ ]picked[ ]from        # a trailer without a separator
    | ---                             # the end of the message to `interpret-trailers` and `git am`
    | \S?[ ]?-{3,}.*>8                # the scissors, below which git cuts
    | (?:diff[ ]-|From[ ]|Index:)     # where `git am` takes a patch or a mail to begin
    """,
    re.VERBOSE,
)

_PROMISED = pattern(rb"could not fetch \w+ from promisor remote")
_INDEX_DAMAGED = pattern(
    rb"index file (?:corrupt|smaller than expected|open failed: Is a directory)|bad signature 0x|bad index (?:version|file)"
    rb"|unordered stage entries|cache entry has null|malformed name field in the index|unknown index entry format"
)


def plain_text(text: str) -> str:
    r"""The text without control characters, direction marks and lone surrogates; every line break is `\n`."""
    lines = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    return "".join(letter for letter in lines if letter == "\n" or _is_plain(letter))


def _is_plain(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _BIDIRECTIONAL


def id_or_none(text: str) -> str | None:
    """An id, or a mode, as git lists differences; None for all zeros, which stand for nothing being there."""
    return text if text.strip("0") else None


def safe_paragraph(text: str) -> str:
    """A person's text as paragraphs of a commit message, no line of which git can take for a trailer.

    A line that git (or a tool that re-indents a message) could read as a trailer, a scissors line or the
    beginning of a patch is quoted with `> `, as in a mail. Blank lines at both ends go, several become one.

    Args:
        text: whatever a person wrote.

    Returns:
        The lines, without a line break at the end; empty where nothing is left.
    """
    lines = [_safe(line) for line in plain_text(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def safe_line(text: str) -> str:
    """A person's text on one line, for a subject or the value of a trailer."""
    return " ".join(plain_text(text).split())


def _safe(line: str) -> str:
    bare = line.strip()
    return f"> {bare}" if _MEANS_SOMETHING_TO_GIT.match(bare) else line.rstrip()


def quoted_output(output: bytes) -> str:
    """The end of what a program said, fit for a terminal: its last lines, control characters gone."""
    without_colours = re.sub(rb"\x1b\[[0-9;?]*[ -/]*[@-~]", b"", output)
    kept = [line.rstrip() for line in plain_text(without_colours.decode("utf-8", "replace")).split("\n")]
    return "\n".join([line for line in kept if line][-_LAST_LINES:])


def out_of_reach(output: bytes) -> tuple[str, str] | None:
    """The same where git says that it can't fetch what a partial clone left out.

    Args:
        output: what git said.
    """
    if not _PROMISED.search(output):
        return None
    message = (
        "This clone is partial: older contents are fetched when they are asked for, and now they can't be."
    )
    return (
        f"{message} Git said:\n{quoted_output(output)}",
        "Repeat the command when the remote can be reached, or clone anew without --filter.",
    )


def index_damage(output: bytes, top: str) -> tuple[str, str] | None:
    """What is wrong and the remedy, where git says that it can't read its index; None where it says anything else.

    Args:
        output: what git said.
        top: the root of the work tree.
    """
    if not _INDEX_DAMAGED.search(output):
        return None
    message = f"The index of the repository at {top} is damaged, in which git keeps what is staged."
    remedy = "Have git write a new one there. Files and commits stay as they are; what was staged has to be staged again:"
    mending = 'rm "$(git rev-parse --git-dir)/index" && git reset'
    return f"{message} It said:\n{quoted_output(output)}", f"{remedy}\n{mending}"

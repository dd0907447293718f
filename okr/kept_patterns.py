"""What Python has made of a command's regular expressions, for the next time: compiling them is a tenth of `okr diff`.

Kept in the user's cache folder, by their texts, and for no other Python. What is kept was seen to be the same as what
`re.compile` gives; whatever is not whole, or of another Python, is passed over.
"""

from __future__ import annotations

import atexit
import marshal
import sys

from okr import patterns
from okr.user_cache import fetch_behind, keep

try:
    from _blake2 import blake2b  # as in `operations/kept_answers.py`
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from okr.patterns import Code

    Made = dict[tuple[str | bytes, int], Code]

_FOLDER = "patterns"
_MOST_BYTES = 4 << 20
_MOST = 400
"""Expressions; a command has fewer, but each version of okr may have others."""
_DIGEST = 20


def keep_patterns(command: str) -> None:
    """Takes over what is kept for a command, and has what it compiles besides kept once the process ends.

    Args:
        command: its name.
    """
    made = _fetched(command)
    patterns.know(made)
    atexit.register(_keep, command, made)


def _place(command: str) -> tuple[str, bytes]:
    """The name of what is kept for a command, and what it begins with: all that an expression's code depends on."""
    import _sre  # type: ignore[import-not-found]

    python = f"{sys.version} {sys.implementation.cache_tag} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}\0"
    return f"{command}-{sys.hexversion:x}", python.encode()


def _fetched(command: str) -> Made:
    name, head = _place(command)
    begins, rest = fetch_behind(_FOLDER, name, len(head) + _DIGEST)
    content = memoryview(rest)
    if begins != head + blake2b(content, digest_size=_DIGEST).digest():
        return {}
    made: Made = marshal.loads(content)  # noqa: S302 # the digest says that we wrote it, and no code comes of it
    return made


def _keep(command: str, made: Made) -> None:
    compiled = ((text, int(flags)) for text, flags in patterns.compiled_here())
    found = {each: code for each in compiled if (code := _code(*each)) is not None}
    if not found.keys() - made.keys():
        return
    name, head = _place(command)
    content = marshal.dumps({**(made if len(made) < _MOST else {}), **found})
    pieces = head, blake2b(content, digest_size=_DIGEST).digest(), content
    keep(_FOLDER, name, pieces, length=sum(map(len, pieces)), most=_MOST_BYTES)


def _code(text: str | bytes, flags: int) -> Code | None:
    """What Python makes of an expression; None where it does that otherwise than we know."""
    import re

    compiled = re.compile(text, flags)
    try:
        import _sre
        from re import _compiler, _parser  # type: ignore[attr-defined]

        parsed = _parser.parse(text, flags)
        code = [int(each) for each in _compiler._code(parsed, flags)]  # noqa: SLF001 # looked at below
        names: list[str | None] = [None] * parsed.state.groups
        for name, number in compiled.groupindex.items():
            names[number] = name
        made = compiled.flags, code, compiled.groups, dict(compiled.groupindex), tuple(names)
        return made if _sre.compile(text, *made) == compiled else None
    except (ImportError, AttributeError, TypeError):
        return None

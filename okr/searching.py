"""Looking through many files' bytes at once for references: by words that say nothing of what a reference means.

It imports next to nothing, for the process that reads ahead begins with it.
"""

from __future__ import annotations

from okr.small_files import is_plain

TYPE_CHECKING = False  # not from `typing`, as in `forking.py`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from okr.small_files import Together


def found_in(
    files: Iterable[Together],
    tails: Sequence[str],
    known: Sequence[str],
    read: Callable[[str], bytes | None],
) -> list[str]:
    """Those files in which a reference may have one of some tails, by their names.

    Args:
        files: the files.
        tails: such as `marketing/brand`; with a slash at the end, more may stand behind it.
        known: those that count in any case.
        read: reads a file that must be read by itself; None where it can't be.
    """
    wanted, counted = _Wanted(tails), frozenset(known)
    found: list[str] = []
    for some in files:
        if not some.apart and not wanted.may_be_in(
            some.content, plain=some.plain
        ):  # nearly always none of them has it
            found += [name for name in some.names if name in counted]
            continue
        for name, held in some.each():
            if name not in counted:
                content = read(name) if name in some.apart else held
                if content is not None and not wanted.may_be_in(content):
                    continue
            found.append(name)
    return found


class _Wanted:
    """What is looked for."""

    def __init__(self, tails: Sequence[str]) -> None:
        self._tails = [tail.encode() for tail in tails]

    def may_be_in(self, content: bytes | bytearray, *, plain: bool = False) -> bool:
        """Whether a text may hold it, be it `plain` or not; where the bytes are UTF-8, ASCII letters stand there as they are."""
        if any(_stands_in(content, tail) for tail in self._tails):
            return True
        return not plain and not is_plain(content) and may_say_anything(content)


def may_say_anything(content: bytes | bytearray) -> bool:
    """Whether letters may stand in a text otherwise than as their bytes: escaped, or in another encoding than UTF-8."""
    if b"\\" in content or b"\0" in content:
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False


OF_REFERENCES = b"abcdefghijklmnopqrstuvwxyz0123456789-/"
_OF_IDS = frozenset(OF_REFERENCES.replace(b"/", b""))


def _stands_in(content: bytes | bytearray, tail: bytes) -> bool:
    """Whether whole ids stand somewhere: `a/b` in `x/a/b`, not in `x-a/b` or `a/b/c`; `a/b/` in `x/a/b` and `a/b/c`."""
    whole = not tail.endswith(b"/")
    tail = tail.removesuffix(b"/")
    at = content.find(tail)
    while at >= 0:
        around = content[max(at - 1, 0) : at], content[at + len(tail) : at + len(tail) + 1]
        if _OF_IDS.isdisjoint(around[0] + around[1]) and not (whole and around[1] == b"/"):
            return True
        at = content.find(tail, at + 1)
    return False

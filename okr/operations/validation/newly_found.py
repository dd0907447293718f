"""Which findings a change of files brings: those of before that stand elsewhere now are not among them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from okr.diagnostics import Diagnostic

_LINE_NUMBER = re.compile(r"line \d+")


def newly_found(
    before: list[Diagnostic], after: list[Diagnostic], paths: Collection[str]
) -> list[Diagnostic]:
    """The findings that a change of some files brings.

    Elsewhere a finding of a rule that found the same number of things there before is that one, worded anew.
    """
    known = Counter(_gist(each) for each in before)
    fresh: list[Diagnostic] = []
    for each in after:
        known[_gist(each)] -= 1
        if known[_gist(each)] < 0:
            fresh.append(each)
    gone: Counter[tuple[str, str]] = Counter()
    for (code, where, _), count in known.items():
        gone[code, where] += max(count, 0)
    found: list[Diagnostic] = []
    for each in fresh:
        gone[each.code, each.finding.path] -= 1
        if each.finding.path in paths or gone[each.code, each.finding.path] < 0:
            found.append(each)
    return found


def _gist(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """What stays the same of a finding when lines move."""
    finding = diagnostic.finding
    return diagnostic.code, finding.path, _LINE_NUMBER.sub("line", finding.message)

"""What a rule's findings weigh in a workspace: its own severity, and what okr.yaml says, for all files or for some.

No rules here. A rule on files that can't be read is always an error: nothing in okr.yaml silences that.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from okr.diagnostics import HEAVIEST_FIRST, Severity
from okr.documents import Document
from okr.rules.catalogue import prefix_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from okr.diagnostics import Finding
    from okr.model import RuleSeverity, Settings
    from okr.rules.catalogue import Rule

_ANY_FOLDERS = "**"


def can_be_silenced(rule: Rule) -> bool:
    """Whether a workspace may weigh a rule otherwise, or silence it; not where a file can't be read for what it is."""
    return rule.subject is not Document


def severity_of(rule: Rule, settings: Settings, finding: Finding | None = None) -> Severity:
    """What a rule's findings, or one of them, weigh in this workspace.

    What okr.yaml says holds: `rules`, and above it each of `overrides` that speaks of the finding's file, the later
    before the earlier. In each of them a code goes before a name, a name before a family, a longer beginning of
    codes before a shorter one. Else it is the rule's own severity, or that of the finding where it is lighter.
    """
    if not can_be_silenced(rule):
        return Severity.ERROR
    if finding is not None:
        for override in reversed(settings.overrides):
            if any(path_matches(pattern, finding.path) for pattern in override.paths):
                said = _said_of(rule, override.rules)
                if said is not None:
                    return said
    said = _said_of(rule, settings.rules)
    if said is not None:
        return said
    if finding is None or finding.severity is None:
        return rule.severity
    return max(rule.severity, finding.severity, key=HEAVIEST_FIRST.index)


def is_off(rule: Rule, settings: Settings) -> bool:
    """Whether a rule finds nothing in any file: it is off, and no override turns it on for some."""
    return severity_of(rule, settings) is Severity.OFF and not any(
        _said_of(rule, override.rules) not in {None, Severity.OFF} for override in settings.overrides
    )


def _said_of(rule: Rule, wanted: Mapping[str, RuleSeverity]) -> Severity | None:
    for key in (rule.code, rule.name):
        if key in wanted:
            return Severity(wanted[key].value)
    starts = {start: key for key in wanted if (start := prefix_of(key)) and rule.code.startswith(start)}
    return Severity(wanted[starts[max(starts, key=len)]].value) if starts else None


def path_matches(pattern: str, path: str) -> bool:
    """Whether a pattern speaks of a file, much as a line of .gitignore does.

    `*` stands for anything within a name, `?` for one character, `[ab]` for one of these, `**` for any number of
    folders. A pattern without a slash matches a name in any folder; one that matches a folder holds for all in it.

    Args:
        pattern: relative to the workspace's root.
        path: the file, relative to the root, with forward slashes.
    """
    parts = tuple(part for part in pattern.split("/") if part)
    names = path.split("/")
    if "/" not in pattern.rstrip("/"):
        return any(fnmatchcase(name, part) for part in parts for name in names)
    return _leads_to(parts, names)


def _leads_to(pattern: tuple[str, ...], names: list[str]) -> bool:
    """Whether a pattern matches the path or a folder on its way; work is bounded by the product of both lengths."""
    places = {0}
    for name in names:
        places = _opened(pattern, places)
        if len(pattern) in places:
            return True
        places = {
            place if pattern[place] == _ANY_FOLDERS else place + 1
            for place in places
            if pattern[place] == _ANY_FOLDERS or fnmatchcase(name, pattern[place])
        }
    return bool(places) and len(pattern) in _opened(pattern, places)


def _opened(pattern: tuple[str, ...], places: set[int]) -> set[int]:
    """The places in a pattern that can be reached without a further name: `**` may stand for no folder at all."""
    opened, left = set(places), list(places)
    while left:
        following = left.pop() + 1
        if following <= len(pattern) and pattern[following - 1] == _ANY_FOLDERS and following not in opened:
            opened.add(following)
            left.append(following)
    return opened

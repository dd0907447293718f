"""OKR610, OKR614 and OKR616: whether what okr.yaml sets is there to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import Source
from okr.diagnostics import Finding, Severity
from okr.documents import LocatedList, LocatedMapping
from okr.model import quoted
from okr.rules.catalogue import rule, rules_meant, selectors
from okr.rules.lookup import did_you_mean
from okr.rules.severities import can_be_silenced, path_matches
from okr.workspace import ATTRIBUTES, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.diagnostics import Place


_MOST_PATTERNS = 200
"""Overrides that are held against the files, and patterns of one: nobody writes more by hand."""


@rule(
    "OKR610", "unknown-rule", Workspace,
    why="A rule that is silenced under a misspelt name goes on speaking, and one that is made strict stays lax.",
    remedy="Name a rule by its code or its name, or a whole family, such as OKR4xx.",
)  # fmt: skip
def unknown_rule(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Every rule that okr.yaml sets exists."""
    for path, name, place, _severity in _set_in(workspace):
        if not rules_meant(name):
            hint = did_you_mean(name, selectors, otherwise="`okr rules` lists all")
            yield Finding(path, place, f"there is no rule {quoted(name)}", hint)


@rule(
    "OKR614", "fixed-severity", Workspace, severity=Severity.WARNING,
    why="A file that can't be read is an error of the whole answer: silenced, its goals would vanish unseen. The "
        "setting changes nothing, so it is no error.",
    remedy="Remove the setting, and mend the file.",
)  # fmt: skip
def fixed_severity(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """No rule on files that can't be read is given another severity than error."""
    for path, name, place, severity in _set_in(workspace):
        meant = rules_meant(name)
        if meant and severity != Severity.ERROR and not any(can_be_silenced(each) for each in meant):
            yield Finding(path, place, f"{quoted(name)} stays an error, whatever is set here")


@rule(
    "OKR616", "unused-override", Workspace, severity=Severity.WARNING,
    why="An override of files that are not there changes nothing, though whoever wrote it believes it does; and one day it "
        "may speak of files that nobody has thought of. It harms nothing yet, so it is no error.",
    remedy="Correct the pattern, or remove it.",
)  # fmt: skip
def unused_override(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Each pattern of an override's `paths` matches a file of the workspace."""
    settings = workspace.settings_file
    if settings is None or not settings.source.says("overrides"):
        return
    known = workspace.paths | {finding.path for finding in workspace.strays.findings} | {ATTRIBUTES}
    overrides = settings.source.data.get("overrides")
    for override in overrides[:_MOST_PATTERNS] if isinstance(overrides, LocatedList) else ():
        source = Source(settings.source.document, override)
        written = override.get("paths")
        patterns = written if isinstance(written, LocatedList) else [written]
        for item, pattern in enumerate(patterns[:_MOST_PATTERNS]):
            if isinstance(pattern, str) and not any(path_matches(pattern, path) for path in known):
                message = f"no file of the workspace matches {quoted(pattern)}"
                yield source.finding(message, key="paths", item=item, hint=_meant_pattern(pattern, known))


def _meant_pattern(pattern: str, known: Iterable[str]) -> str:
    """What a pattern that matches nothing may have been meant to be."""
    plain = pattern.replace("\\", "/").removeprefix("./")
    for meant in (plain, f"**/{plain}", f"{plain.rstrip('/')}*/**"):
        if meant != pattern and any(path_matches(meant, path) for path in known):
            return f"did you mean {meant}?"
    return "correct it: patterns start at the workspace's root, such as okrs/2025*/**"


def _set_in(workspace: Workspace) -> Iterator[tuple[str, str, Place, str]]:
    """The file, name, place and severity of each rule that okr.yaml sets, for all files or for some."""
    settings = workspace.settings_file
    if settings is None:
        return
    data = settings.source.data
    overrides = data.get("overrides")
    holders = [data, *(overrides if isinstance(overrides, LocatedList) else ())]
    for holder in holders:
        rules = holder.get("rules")
        if isinstance(rules, LocatedMapping):
            for name, severity in rules.items():
                yield settings.source.path, name, rules.keys_at[name], severity

"""OKR1xx: whether each file can be read, and says only what its kind of file may say.

What these rules report was met while reading; the rules give it a code, a reason and a remedy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import LoadedCycle
from okr.cycles import cycle_meant
from okr.diagnostics import Finding, Place, Severity
from okr.documents import Document
from okr.rules.catalogue import rule
from okr.rules.log_facts import facts_of_logs, quoted_days
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOT_SKIPPED = (
    "A file that can't be read is an error of the whole answer: skipped, its goals would vanish unseen."
)
_ONE_MEANING = "Whoever reads the file, person or program, must read the same thing out of it."


@rule(
    "OKR101", "unreadable-file", Document,
    why=_NOT_SKIPPED, remedy="Make it an ordinary file inside the workspace that you may read.",
)  # fmt: skip
def unreadable_file(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Every file is an ordinary file inside the workspace that can be read."""
    yield from workspace.found("unreadable-file", document)


@rule("OKR102", "not-text", Document, why=_NOT_SKIPPED, remedy="Save the file as plain UTF-8 text.")
def not_text(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Every file is UTF-8 text without control characters."""
    yield from workspace.found("not-text", document)


@rule(
    "OKR103", "file-too-large", Document,
    why="Reading must take bounded time and memory, whoever wrote the file.",
    remedy="Split the file, or remove what doesn't belong there.",
)  # fmt: skip
def file_too_large(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """No file is larger, deeper or fuller than any plan or log could be."""
    yield from workspace.found("file-too-large", document)


@rule(
    "OKR104",
    "yaml-syntax",
    Document,
    why=_NOT_SKIPPED,
    remedy="Mend the YAML where the caret points, or just above.",
)
def yaml_syntax(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Every file is YAML."""
    yield from workspace.found("yaml-syntax", document)


@rule(
    "OKR105", "tab-indentation", Document,
    why="YAML gives a tab no width, so that nobody can tell what the line belongs to.",
    remedy="Indent with spaces.",
)  # fmt: skip
def tab_indentation(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Lines are indented with spaces, never with tabs."""
    yield from workspace.found("tab-indentation", document)


@rule(
    "OKR106", "merge-conflict", Document,
    why="Both sides of a conflict stand in the file, and only a person can say which one holds.",
    remedy="Choose, and remove the conflict's markers.",
)  # fmt: skip
def merge_conflict(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """No file holds an unresolved merge conflict."""
    yield from workspace.found("merge-conflict", document)


@rule(
    "OKR107", "duplicate-key", Document, why=_ONE_MEANING, remedy="Keep one of the two and remove the other."
)
def duplicate_key(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """A key stands only once in its mapping."""
    yield from workspace.found("duplicate-key", document)


@rule(
    "OKR108", "several-documents", Document,
    why="A file's path is its identity: one file, one thing.", remedy="Move the second document to a file of its own.",
)  # fmt: skip
def several_documents(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """A file holds one YAML document."""
    yield from workspace.found("several-documents", document)


@rule("OKR109", "anchor-or-alias", Document, why=_ONE_MEANING, remedy="Write the value out in each place.")
def anchor_or_alias(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Values are written out, without anchors and aliases."""
    yield from workspace.found("anchor-or-alias", document)


@rule("OKR110", "tag", Document, why=_ONE_MEANING, remedy="Remove the tag.")
def tag(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Values bear no YAML tags: the kind of each is known."""
    yield from workspace.found("tag", document)


@rule(
    "OKR111", "foreign-settings", Document,
    why="The file's presence marks a workspace's root; another tool's file of the same name is no workspace.",
    remedy="Run okr in the right folder, or give the workspace a folder of its own.",
)  # fmt: skip
def foreign_settings(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """An okr.yaml holds settings of okr, not another tool's."""
    yield from workspace.found("foreign-settings", document)


@rule(
    "OKR112", "unknown-key", Document,
    why="A misspelt key would be ignored in silence, and what it says with it.", remedy="Correct the key, or remove it.",
)  # fmt: skip
def unknown_key(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """A file has only keys that its kind of file knows."""
    yield from workspace.found("unknown-key", document)


@rule(
    "OKR113", "missing-key", Document,
    why="Without it nobody can say what is meant.", remedy="Add the key and its value.",
)  # fmt: skip
def missing_key(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """A file has the keys that its kind of file needs."""
    yield from workspace.found("missing-key", document)


@rule(
    "OKR114", "wrong-type", Document,
    why="A number must be a number and a list a list before anything can be reckoned from it.",
    remedy="Write the value as its key asks for.",
)  # fmt: skip
def wrong_type(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Each value is of its key's type."""
    yield from workspace.found("wrong-type", document)


@rule(
    "OKR115", "bad-value", Document,
    why="A value that its key doesn't allow has no meaning.", remedy="Write one of the values that the key allows.",
)  # fmt: skip
def bad_value(document: Document, workspace: Workspace) -> Iterator[Finding]:
    """Each value is one that its key allows."""
    yield from workspace.found("bad-value", document)


@rule(
    "OKR116", "stray-file", Workspace,
    why="A file's path is its identity; under another path nothing reads it, and its goals would be missing unseen.",
    remedy="Put it at okrs/<cycle>/<owner>.yaml or checkins/<cycle>/<owner>.yaml.",
)  # fmt: skip
def stray_file(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """YAML files of the workspace stand where they are read."""
    yield from workspace.strays.findings


@rule(
    "OKR117", "unknown-cycle", LoadedCycle,
    why="A cycle has a first and a last day; without them nobody can say how much of it has passed.",
    remedy="Name the folder 2026, 2026-H2, 2026-Q4 or 2026-11, or give its cycle.yaml `starts` and `ends`.",
)  # fmt: skip
def unknown_cycle(cycle: LoadedCycle, workspace: Workspace) -> Iterator[Finding]:
    """A folder below okrs/ or checkins/ is named after a cycle, or its cycle.yaml says when it starts and ends."""
    damaged = cycle.source and (cycle.source.is_damaged("starts") or cycle.source.is_damaged("ends"))
    unread = any(
        (document := workspace.document(f"okrs/{folder}/cycle.yaml")) and not document.readable
        for folder in cycle.folders
    )
    if cycle.span is None and not damaged and not unread and not _ends_before_it_starts(cycle):
        folder = cycle.folders[0]
        path = (
            cycle.source.path
            if cycle.source
            else next(
                iter((*workspace.plan_paths(cycle.name), *workspace.log_paths(cycle.name))), f"okrs/{folder}"
            )
        )
        message = f"“{folder}” is no cycle okr knows, and no cycle.yaml says when it starts and ends"
        meant = cycle_meant(folder)
        hint = f"rename the folder to {meant}, or give its cycle.yaml `starts` and `ends`" if meant else None
        yield Finding(path, Place(), message, hint)


@rule(
    "OKR118", "cycle-dates", LoadedCycle,
    why="Everything expected of a cycle is reckoned from its days.", remedy="Let `ends` be a day after `starts`.",
)  # fmt: skip
def cycle_dates(cycle: LoadedCycle, _: Workspace) -> Iterator[Finding]:
    """A cycle ends on or after the day it starts."""
    if _ends_before_it_starts(cycle) and cycle.source is not None:
        message = f"this cycle ends on {cycle.facts.ends}, before it starts on {cycle.facts.starts}"
        yield cycle.source.finding(message, key="ends")


@rule(
    "OKR122", "quoted-day", Workspace, severity=Severity.INFO,
    why="Days stand in thousands of lines, and are easier to read, to search and to compare where all are written alike. "
        "Both say the same, so this is only a remark.",
    remedy="Write the day without quotes; a time keeps them, for its colons.", of_all=True,
)  # fmt: skip
def quoted_day(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Days stand without quotes."""
    for cycle in workspace.cycles.values():
        if cycle.source is not None:
            yield from quoted_days([cycle.source], "starts", "ends")
    for facts in facts_of_logs(workspace):
        yield from facts.quoted_days


def _ends_before_it_starts(cycle: LoadedCycle) -> bool:
    facts = cycle.facts
    return facts.starts is not None and facts.ends is not None and facts.ends < facts.starts

"""The formats of `okr validate`: on stdout, and in files as `--output FORMAT=PATH` asks."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from okr.documents import Document
    from okr.operations.validation.validating import Selection, Validation
    from okr.views.findings_report import Report
    from okr.workspace import Workspace

_LARGEST_REPLACED = 1 << 30


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to hold the findings in one format."""

    format: Format
    path: Path
    written: str


def outputs_from(given: Sequence[str], directory: Path) -> list[Output]:
    """Reads what `--output` says, as often as it was given.

    Args:
        given: each `FORMAT=PATH`.
        directory: where relative paths start.

    Raises:
        UsageError: one is no such thing, or two name the same file.
    """
    outputs = [_output(each, directory) for each in given]
    paths = [os.path.realpath(output.path) for output in outputs]
    for number, output in enumerate(outputs):
        if paths[number] in paths[:number]:
            raise UsageError(
                f"--output: {output.written} is named twice", "give each format a file of its own"
            )
    return outputs


def report_of(validation: Validation, workspace: Workspace, selection: Selection, *, strict: bool) -> Report:
    """What every format is made from.

    Args:
        validation: what was found.
        workspace: where.
        selection: the files that a format may name though nothing was found in them.
        strict: whether warnings count as failures.
    """
    from okr.operations.surroundings import folder_in_repository
    from okr.views.findings_report import Report

    return Report(
        selection.root,
        validation,
        _Documents(workspace, validation.read),
        selection.those_of(validation.read),
        folder_in_repository(selection.root),
        lambda path: os.path.relpath(selection.root / path),
        strict,
    )


class _Documents(Mapping[str, "Document"]):
    """The files that were read, by path; one that is held no more is read again when somebody asks for it."""

    def __init__(self, workspace: Workspace, paths: frozenset[str]) -> None:
        self._workspace = workspace
        self._paths = paths

    def __getitem__(self, path: str) -> Document:
        found = self._workspace.document(path) if path in self._paths else None
        if found is None:
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._paths))

    def __len__(self) -> int:
        return len(self._paths)


def write_outputs(outputs: Iterable[Output], report: Report) -> None:
    """Writes the files, each atomically; what was in them is replaced.

    Raises:
        UsageError: a path names a file of the workspace.
        OkrError: a file can't be written.
    """
    chosen = list(outputs)
    own = {os.path.realpath(report.root / path) for path in (report.documents if chosen else ())}
    for output in chosen:
        if os.path.realpath(output.path) in own:
            raise UsageError(
                f"--output: {output.written} is a file of the workspace",
                "name another file; this one is read, not written",
            )
    for output in chosen:
        _replace(output.path, rendered(output.format, report))


def rendered(wanted: Format, report: Report) -> str:
    """The findings in any of the formats, without colours."""
    if wanted is Format.JSON:
        from okr.views.findings_json import findings_as_json

        return f"{findings_as_json(report.validation)}\n"
    if wanted is Format.TEXT:
        from io import StringIO

        from rich.console import Console

        from okr.views.findings_text import show_findings

        file = StringIO()
        console = Console(
            file=file,
            width=80,
            color_system=None,
            markup=False,
            emoji=False,
            highlight=False,
            force_terminal=False,
        )
        show_findings(console, report.validation, report.documents, report.shown)
        return file.getvalue()
    from okr.views.findings_report import render

    return render(wanted.value, report)


def print_findings(wanted: Format, report: Report, *, color: bool | None) -> None:
    """Writes the findings to stdout."""
    from okr.views.workflow_commands import for_log, in_ci

    if wanted is not Format.TEXT:
        text = rendered(wanted, report)
        sys.stdout.write(for_log(text) if wanted is Format.CONCISE else text)
        return
    if not report.diagnostics and not report.validation.suppressed:
        from okr.views.findings_report import summary

        sys.stdout.write(f"{summary(report.validation)}.\n")  # what needs no console need not wait for one
        return
    from okr.views.findings_text import show_findings
    from okr.views.terminal import stdout

    console = stdout(color=color)
    if not in_ci():
        show_findings(console, report.validation, report.documents, report.shown)
        return
    with console.capture() as captured:
        show_findings(console, report.validation, report.documents, report.shown)
    sys.stdout.write(for_log(captured.get()))


def _output(given: str, directory: Path) -> Output:
    name, separator, path = given.partition("=")
    if name == "md":
        name = Format.MARKDOWN
    if not separator:
        raise UsageError(
            f"--output: “{given[:60]}” does not say both format and file", "write it as sarif=okr.sarif"
        )
    if name not in list(Format):
        raise UsageError(f"--output: there is no format “{name[:60]}”", f"write one of {', '.join(Format)}")
    if path in {"", "-"}:
        raise UsageError(f"--output: {name} has no file to go to", f"`--format {name}` writes to stdout")
    return Output(Format(name), directory / path, path)


def _replace(path: Path, text: str) -> None:
    from okr.files import MissingFile, read_regular_file, replace_file

    before: bytes | None
    try:
        before = read_regular_file(path, root=path.parent, limit=_LARGEST_REPLACED)
    except MissingFile:
        before = None
    replace_file(path, text.encode("utf-8", "replace"), expected=before)

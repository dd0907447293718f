"""What `okr report` writes in each of its formats: which extra it needs, what it asks for, where it goes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from okr.commands.answering import answering
from okr.commands.extras import require_extra
from okr.commands.running import invocation
from okr.dataclass import dataclass
from okr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.selecting import Whose
    from okr.operations.site import Site
    from okr.workspace import Workspace

_EXTRAS = {"html": ("report", "jinja2"), "xlsx": ("xlsx", "xlsxwriter"), "ics": ("ics", "icalendar")}
_DEFAULT_TABLE = "key_results"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    form: str
    output: Path | None
    cycle: str | None
    language: Literal["en", "fr"] | None
    audit: bool
    digest: bool
    table: str | None
    owner: str | None


def check(asked: Asked) -> None:
    """Refuses what does not go together, and a format whose extra is missing.

    Raises:
        UsageError: an option is of another format, or the output is missing.
        OkrError: an extra is missing.
    """
    for given, name, form in (
        (asked.digest, "--digest", "markdown"), (asked.table, "--table", "csv"),
    ):  # fmt: skip
        if given and asked.form != form:
            raise UsageError(
                f"{name} goes with --format {form} only", f"write `--format {form}`, or leave it out"
            )
    if asked.owner is not None and asked.form == "html":
        raise UsageError(
            "--owner does not go with --format html, which has a page for every team and person",
            "leave it out, or write another format: markdown, json, csv, xlsx or ics",
        )
    if asked.output is None and asked.form in {"html", "xlsx"}:
        what = "many files" if asked.form == "html" else "no text"
        example = "public" if asked.form == "html" else "okr.xlsx"
        raise UsageError(f"--format {asked.form} is {what}", f"say where it goes: `-o {example}`")
    if asked.form in _EXTRAS:
        extra, package = _EXTRAS[asked.form]
        require_extra(extra, package, f"okr report --format {asked.form}")


def write_site(workspace: Workspace, asked: Asked) -> None:
    """Writes the site, and says what became of its pages."""
    import typer

    from okr.operations.kept_pages import keep_published, published_before
    from okr.operations.publishing import publish_made
    from okr.views.publishing import published_words
    from okr.views.site.pages import pages_to_make

    found = _site(workspace, asked, audited=asked.audit, alone=False)
    if asked.output is not None:  # `check` saw to it
        before = published_before(asked.output) if invocation().cache else {}
        published, kept = publish_made(asked.output, pages_to_make(found), before, maker="report")
        if invocation().cache and kept != before:
            keep_published(asked.output, kept)
        typer.echo(published_words(asked.output, published), err=True)


def write_one(workspace: Workspace, asked: Asked) -> None:
    """Writes a report that is one file, or one text on stdout."""
    content = {
        "markdown": _markdown, "json": _json, "csv": _csv, "xlsx": _xlsx, "ics": _ics,
    }[asked.form](workspace, asked)  # fmt: skip
    if asked.output is None:
        from okr.views.workflow_commands import for_log

        sys.stdout.write(for_log(content.decode("utf-8", "replace")))
        return
    from okr.operations.publishing import write_file

    write_file(asked.output, content)


def _site(workspace: Workspace, asked: Asked, *, audited: bool, alone: bool = True) -> Site:
    from okr.operations.site import gather_site

    with answering(workspace):
        return gather_site(
            workspace,
            cycle=asked.cycle,
            language=asked.language,
            audited=audited,
            alone=alone,
            owner=asked.owner,
            kept=invocation().cache,
        )


def _markdown(workspace: Workspace, asked: Asked) -> bytes:
    from okr.views.digest import digest
    from okr.views.report_markdown import report_markdown

    found = _site(workspace, asked, audited=False)
    return f"{digest(found) if asked.digest else report_markdown(found)}\n".encode("utf-8", "replace")


def _json(workspace: Workspace, asked: Asked) -> bytes:
    from okr.operations.tables import tables
    from okr.views.tables import tables_json

    with answering(workspace):
        found = tables(workspace, cycle=_cycle(workspace, asked), whose=_whose(workspace, asked))
    return f"{tables_json(found, workspace.name, workspace.as_of)}\n".encode("utf-8", "replace")


def _csv(workspace: Workspace, asked: Asked) -> bytes:
    from okr.operations.tables import tables
    from okr.views.tables import csv_text

    with answering(workspace):
        (found,) = tables(
            workspace,
            [asked.table or _DEFAULT_TABLE],
            cycle=_cycle(workspace, asked),
            whose=_whose(workspace, asked),
        )
    return csv_text(found).encode("utf-8", "replace")


def _xlsx(workspace: Workspace, asked: Asked) -> bytes:
    from okr.operations.tables import tables
    from okr.views.workbook import workbook

    with answering(workspace):
        cycle, whose = _cycle(workspace, asked), _whose(workspace, asked)
        found = tables(workspace, cycle=cycle, whose=whose)
    language = asked.language or workspace.settings.language
    about = workspace.name if whose is None else f"{workspace.name} {whose.name}"
    return workbook(found, f"{about} {cycle}", workspace.as_of, language)


def _ics(workspace: Workspace, asked: Asked) -> bytes:
    from okr.operations.appointments import appointments
    from okr.views.calendar import calendar

    with answering(workspace):
        found = appointments(workspace, whose=_whose(workspace, asked), language=asked.language)
    return calendar(found, workspace.name, workspace.as_of)


def _whose(workspace: Workspace, asked: Asked) -> Whose | None:
    from okr.operations.selecting import select_owners

    return None if asked.owner is None else select_owners(workspace, asked.owner)


def _cycle(workspace: Workspace, asked: Asked) -> str:
    return (workspace.cycle(asked.cycle) if asked.cycle is not None else workspace.current_cycle).name

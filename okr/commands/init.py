"""`okr init`: reads where and how a workspace is to start, has it made, tells what was made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from okr.operations.planning.paperwork import Paperwork
    from okr.operations.starting.ci_files import CiSystem

app = typer.Typer()


@app.command()
def init(
    folder: Annotated[
        str | None,
        typer.Argument(metavar="[DIR]", help="The workspace's root; the current folder by default."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="TEXT", help="What to call it; the folder's name by default."),
    ] = None,
    team: Annotated[
        str | None, typer.Option("--team", metavar="TEXT", help="The team that gets the first plan.")
    ] = None,
    language: Annotated[
        str, typer.Option("--language", metavar="en|fr", help="The language of the first files.")
    ] = "en",
    year_starts: Annotated[
        int,
        typer.Option("--year-starts", metavar="MONTH", help="The month in which your year begins, 1 to 12."),
    ] = 1,
    empty: Annotated[
        bool,
        typer.Option(
            "--empty", help="Without the example goals and KPI: `okr new` and `okr import` add yours."
        ),
    ] = False,
    no_git: Annotated[bool, typer.Option("--no-git", help="Make no git repository, and use none.")] = False,
    ci: Annotated[
        str,
        typer.Option(
            "--ci",
            metavar="github|gitlab|none",
            help="The CI system that is to check the workspace; in one that is there already, only that is added.",
        ),
    ] = "none",
    paperwork: Annotated[
        bool,
        typer.Option(
            "--paperwork",
            help="With --ci: also a description for pull requests, CODEOWNERS from org.yaml, and a comment that says "
            "what changes.",
        ),
    ] = False,
    pages: Annotated[
        bool,
        typer.Option("--pages", help="With --ci: also what publishes `okr report` as a site on every push."),
    ] = False,
) -> None:
    """Start a workspace.

    Makes settings, teams, a KPI, an annual and a quarterly plan to begin with, and a git repository unless the
    folder is in one. Files that are there already stay as they are. Nothing is committed.

    \b
    Examples:
      okr init                                     in the current folder
      okr init goals --name Acme --team Marketing  in a folder of its own
      okr init --empty --team Product              without examples
      okr init --language fr --year-starts 9       in French, from September on
      okr init --ci github                         a workflow checks pull requests
      okr init --ci gitlab --paperwork             and planning in merge requests
    """
    import os

    from okr.commands.running import invocation
    from okr.errors import UsageError
    from okr.operations.starting.starting import Start, start_workspace
    from okr.sources import SETTINGS
    from okr.views.starting import show_next, show_start

    if language not in {"en", "fr"}:
        raise UsageError(f"--language: okr does not know “{language[:60]}”", "write en or fr")
    if ci not in {"github", "gitlab", "none"}:
        raise UsageError(f"--ci: okr does not know “{ci[:60]}”", "write github, gitlab or none")
    if paperwork and ci == "none":
        raise UsageError("--paperwork is for a CI system", "add --ci github or --ci gitlab")
    if pages and ci == "none":
        raise UsageError("--pages is for a CI system", "add --ci github or --ci gitlab")
    asked = invocation()
    root = Path(os.path.abspath(asked.directory / (folder or "")))  # noqa: PTH100 # `resolve` would follow links
    there = ci != "none" and (root / SETTINGS).exists()
    if there and (name or team or empty):
        raise UsageError(
            f"{root} is a workspace already; --name, --team and --empty are for a new one",
            "give --ci alone",
        )
    started = None
    if not there:
        start = Start(
            root,
            asked.today,
            name,
            team,
            "fr" if language == "fr" else "en",
            year_starts,
            git=not no_git,
            empty=empty,
        )
        started = start_workspace(start)
        show_start(started)
    others = (
        []
        if ci == "none"
        else _add_ci(root, "github" if ci == "github" else "gitlab", paperwork=paperwork, pages=pages)
    )
    if started is not None:
        show_next(started, Path.cwd(), others)


def _add_ci(root: Path, system: CiSystem, *, paperwork: bool, pages: bool) -> list[Path]:
    """Adds what a CI system needs, and shows it; gives the files that were made or changed."""
    from okr.operations.starting.ci_files import add_ci_files, add_pages_files
    from okr.views.ci_files import show_ci_files, show_pages_files

    files = add_ci_files(root, system)
    show_ci_files(files, Path.cwd())
    changed = [files.top / files.path] if files.made else []
    if paperwork:
        papers = do_paperwork(root, system)
        changed += [papers.top / path for path in (*papers.made, *papers.updated)]
    if pages:
        files = add_pages_files(root, system)
        show_pages_files(files, Path.cwd())
        changed += [files.top / files.path] if files.made else []
    return changed


def do_paperwork(root: Path, system: CiSystem) -> Paperwork:
    """Makes the paperwork of planning in pull requests, and shows what was made.

    Raises:
        BrokenFilesError: org.yaml or okr.yaml can't be read.
    """
    from okr.commands.answering import answering
    from okr.commands.opening import workspace_at
    from okr.operations.planning.paperwork import add_paperwork
    from okr.views.ci_files import show_paperwork

    workspace = workspace_at(root)
    with answering(workspace):
        made = add_paperwork(workspace, root, system)
    show_paperwork(made, Path.cwd())
    return made

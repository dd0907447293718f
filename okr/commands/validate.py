"""`okr validate`: reads its arguments, runs the rules, shows what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from okr.commands.completion import complete_rule
from okr.commands.validate_outputs import Format
from okr.errors import UsageError

if TYPE_CHECKING:
    from okr.operations.validation.validating import Selection
    from okr.workspace import Workspace

app = typer.Typer()


@app.command()
def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Report on these files and folders only. [default: the whole workspace]"
        ),
    ] = None,
    *,
    as_format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="text (the default) or concise for people, json or jsonl for programs, markdown, or what CI reads: "
            "github, gitlab, sarif, junit.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    outputs: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            metavar="FORMAT=PATH",
            help="Write the findings to a file as well; repeat it for several formats.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings as well.")] = False,
    selected: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="RULES",
            help="Only these rules, such as OKR4,long-title.",
            autocompletion=complete_rule,
        ),
    ] = None,
    ignored: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULES", help="All rules but these.", autocompletion=complete_rule),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option("--baseline", metavar="FILE", help="Leave out the findings in FILE.")
    ] = None,
    new_baseline: Annotated[
        str | None, typer.Option("--write-baseline", metavar="FILE", help="Write all findings into FILE.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--changed-since",
            metavar="REV",
            help="Only what has to do with changes since REV: a branch, a commit, a day. `main...` is where this branch "
            "left main.",
        ),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what has one obvious meaning, then report the rest.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Only show what --fix would do, and fail if that is anything.")
    ] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also what changes the meaning.")
    ] = False,
) -> int:
    """Check every file and explain what is wrong.

    The whole workspace is read, whichever PATHs are given: a mistake in one file may only show in another. PATH may
    also be the folder of a workspace somewhere else. Git is not needed; in a repository, the rules on history
    (OKR7xx) compare with the last commit, or with REV.

    Ends with 1 if there is an error (with --strict, a warning is enough), else with 0. Text names files as seen
    from the current folder; JSON names them as seen from the workspace's root, the same on every machine; the
    formats of CI systems as seen from the repository's.

    --fix changes files only where a mistake is, and only if validating again finds it gone and nothing new except
    what it hid. It never changes what a line of a log says.

    With --changed-since, only two kinds of findings are reported: those in what has changed (an objective, a line
    of a log, a team, a setting), and those that REV does not have, wherever they are, because a change may have
    caused them. Comments and layout don't count as changes.

    RULES are codes, names or beginnings of codes (`okr rules` lists them), between commas. For old files:
    --write-baseline keeps their findings in a file, and --baseline leaves those out, so that only new ones fail.

    \b
    Examples:
      okr validate                          the whole workspace
      okr validate okrs/2026-Q4             one cycle's plans
      okr validate --strict                 in CI: warnings fail as well
      okr validate --fix                    mend what has one obvious meaning
      okr validate --changed-since main...  on a branch: what it brings
      okr validate --select OKR4 --ignore long-title
      okr validate --baseline okr-baseline.json
      okr validate --format json > found.json
      okr validate --format github --output sarif=okr.sarif --output junit=okr.xml
    """
    from okr.commands.registry import invocation
    from okr.operations.validation.looking_again import looking_at_files
    from okr.sources import root_above

    asked = invocation()
    in_parts = since is None and baseline is None and new_baseline is None
    again = in_parts and asked.cache and not (fix or diff)
    with looking_at_files(root_above(asked.directory) if again else None) as look:
        from okr.commands.validate_outputs import outputs_from, print_findings, report_of, write_outputs
        from okr.commands.validate_since import Comparison
        from okr.operations.validation.validating import select
        from okr.operations.validation.validating import validate as run_rules
        from okr.operations.validation.wanted_rules import wanted_codes

        wanted = _format(as_format, as_json=as_json)
        _refuse(unsafe=unsafe_fixes and not (fix or diff), narrow=None not in {since, new_baseline})
        codes = wanted_codes(selected or [], ignored or [])
        files_to_write = outputs_from(outputs or [], asked.directory)
        selection = select(asked.directory, paths or [])
        comparison = Comparison(_opened(selection, watched=in_parts and not (fix or diff)), selection, since)
        if diff:
            from okr.commands.validate_fixes import show_fixes

            return show_fixes(comparison.workspace, comparison.to_fix, unsafe=unsafe_fixes, color=asked.color)
        if fix:
            from okr.commands.validate_fixes import apply_fixes

            apply_fixes(comparison.workspace, comparison.to_fix, unsafe=unsafe_fixes)
            comparison = Comparison(_opened(selection, watched=in_parts), selection, since)
        workspace = comparison.workspace
        validation = run_rules(
            *(workspace, selection, codes, comparison.then, comparison.between),
            in_parts=in_parts,
            cache=asked.cache,
            look=look,
        )
    if new_baseline is not None:
        from okr.commands.validate_baseline import record_baseline

        record_baseline(asked.directory / new_baseline, validation, workspace)
    if known := new_baseline or baseline:
        from okr.commands.validate_baseline import without_baseline

        validation = without_baseline(asked.directory / known, validation, workspace, selection, codes)
    validation = comparison.narrowed(validation)
    report = report_of(validation, workspace, comparison.reported, strict=strict)
    write_outputs(files_to_write, report)
    print_findings(wanted, report, color=asked.color)
    return 0 if validation.passes(strict=strict) else 1


def _refuse(*, unsafe: bool, narrow: bool) -> None:
    """Refuses options that mean nothing together."""
    if unsafe:
        raise UsageError("--unsafe-fixes says what --fix and --diff may do", "add one of them")
    if narrow:
        raise UsageError(
            "a baseline holds all findings, and --changed-since leaves some out", "give one of the two"
        )


def _opened(selection: Selection, *, watched: bool) -> Workspace:
    """The workspace, so that it shows where files change while it is being validated."""
    from okr.commands.opening import workspace_at
    from okr.sources import Folder, Watched

    return workspace_at(selection.root, Watched(Folder(selection.root)) if watched else None)


def _format(given: Format | None, *, as_json: bool) -> Format:
    if as_json and given not in {None, Format.JSON}:
        raise UsageError(f"--json and --format {given} contradict each other", "give one of them")
    return Format.JSON if as_json else given or Format.TEXT

"""`okr validate`: what its command line may say. `validate_answer.py` answers it."""

from __future__ import annotations

from typing import Annotated

import typer

from okr.commands.completion import complete_owner_or_below, complete_rule
from okr.commands.options import JsonFormatOption
from okr.commands.validate_answer import answer
from okr.commands.validate_outputs import Format

app = typer.Typer()


@app.command()
def validate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH|ID]...",
            help="Report on these files, folders and owners only; ID/... is a team and all below it. "
            "[default: the whole workspace]",
            autocompletion=complete_owner_or_below,
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
    as_json: JsonFormatOption = False,
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

    The whole workspace is read, whatever is named: a mistake in one file may only show in another. PATH may also be
    the folder of a workspace somewhere else; where there is none of that name, an owner's plans and logs are meant. Git is not needed; in a repository, the rules on history
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
      okr validate sales/...                what a team has, and all below it
      okr validate --strict                 in CI: warnings fail as well
      okr validate --fix                    mend what has one obvious meaning
      okr validate --changed-since main...  on a branch: what it brings
      okr validate --select OKR4 --ignore long-title
      okr validate --baseline okr-baseline.json
      okr validate --format json > found.json
      okr validate --format github --output sarif=okr.sarif --output junit=okr.xml
    """
    return answer(
        paths=paths or [],
        as_format=as_format,
        as_json=as_json,
        outputs=tuple(outputs or ()),
        strict=strict,
        selected=tuple(selected or ()),
        ignored=tuple(ignored or ()),
        baseline=baseline,
        new_baseline=new_baseline,
        since=since,
        fix=fix,
        diff=diff,
        unsafe_fixes=unsafe_fixes,
    )

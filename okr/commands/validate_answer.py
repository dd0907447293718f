"""What `okr validate` answers: runs the rules, mends what it is asked to mend, shows what they find.

It needs no typer, as `diff_answer.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.formats import form_of, one_of
from okr.commands.plain_words import PlainWords
from okr.commands.running import invocation
from okr.commands.validate_outputs import Format, outputs_from, print_findings, report_of, write_outputs
from okr.errors import UsageError
from okr.operations.validation.looking_again import looking_at_files
from okr.sources import root_above

if TYPE_CHECKING:
    from pathlib import Path

    from okr.commands.validate_since import Comparison
    from okr.operations.validation.validating import Selection
    from okr.workspace import Workspace


def _once(text: str) -> tuple[str, ...]:
    """What may be said several times, said once."""
    return (text,)


PLAINLY = PlainWords(
    {
        "--format": ("as_format", one_of(Format)),
        "--json": ("as_json", None),
        "--output": ("outputs", _once),
        "--strict": ("strict", None),
        "--select": ("selected", _once),
        "--ignore": ("ignored", _once),
        "--baseline": ("baseline", str),
        "--write-baseline": ("new_baseline", str),
        "--changed-since": ("since", str),
        "--fix": ("fix", None),
        "--diff": ("diff", None),
        "--unsafe-fixes": ("unsafe_fixes", None),
    },
    names=("paths",),
    many=True,
)


def answer(
    *,
    paths: list[str],
    as_format: Format | None = None,
    as_json: bool = False,
    outputs: tuple[str, ...] = (),
    strict: bool = False,
    selected: tuple[str, ...] = (),
    ignored: tuple[str, ...] = (),
    baseline: str | None = None,
    new_baseline: str | None = None,
    since: str | None = None,
    fix: bool = False,
    diff: bool = False,
    unsafe_fixes: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        paths: the files, folders and owners that are asked about; the whole workspace if there are none.
        as_format: how the answer is written.
        as_json: the same as the format of that name.
        outputs: the files that are written as well, each with its format.
        strict: whether warnings are as bad as errors.
        selected: the only rules that are asked about; all if there are none.
        ignored: the rules that are not.
        baseline: the file whose findings are left out.
        new_baseline: the file that all findings are written into.
        since: the revision since which something must have changed.
        fix: whether what has one obvious meaning is mended first.
        diff: whether only that is shown.
        unsafe_fixes: whether both may change what a file means.

    Raises:
        OkrError: there is no answer.
    """
    asked = invocation()
    in_parts = since is None and baseline is None and new_baseline is None
    watched = in_parts and not (fix or diff)
    with looking_at_files(root_above(asked.directory) if watched and asked.cache else None) as look:
        # Git looks while all these are imported.
        from okr.commands.validate_since import Comparison
        from okr.operations.validation.validating import select, validate, with_owners
        from okr.operations.validation.wanted_rules import wanted_codes

        form = form_of(as_format, Format.JSON, Format.TEXT, as_json=as_json)
        _refuse(unsafe=unsafe_fixes and not (fix or diff), narrow=None not in {since, new_baseline})
        codes = wanted_codes(selected, ignored)
        files = outputs_from(outputs, asked.directory)
        selection = select(asked.directory, paths)
        workspace = _opened(selection, watched=watched)
        selection = with_owners(selection, workspace)
        comparison = Comparison(workspace, selection, since)
        if diff:
            return _shown(comparison, unsafe=unsafe_fixes)
        if fix:
            _mend(comparison, unsafe=unsafe_fixes)
            comparison = Comparison(_opened(selection, watched=in_parts), selection, since)
        workspace = comparison.workspace
        validation = validate(
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
    write_outputs(files, report)
    print_findings(form, report, color=asked.color)
    if since is None:  # what is not here has not been changed
        _note_left_out(asked.directory)
    return 0 if validation.passes(strict=strict) else 1


def _note_left_out(directory: Path) -> None:
    """Says which files a sparse checkout leaves out: what others say of them is at fault only here."""
    from okr.commands.answering import note_left_out

    root = root_above(directory)
    if root is not None:
        note_left_out(root)


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


def _shown(comparison: Comparison, *, unsafe: bool) -> int:
    """Shows what would be mended, and gives the exit status."""
    from okr.commands.validate_fixes import show_fixes

    return show_fixes(comparison.workspace, comparison.to_fix, unsafe=unsafe, color=invocation().color)


def _mend(comparison: Comparison, *, unsafe: bool) -> None:
    """Mends what has one obvious meaning."""
    from okr.commands.validate_fixes import apply_fixes

    apply_fixes(comparison.workspace, comparison.to_fix, unsafe=unsafe)

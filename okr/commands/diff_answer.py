"""What `okr diff` answers: finds out which two states are meant, compares them, shows what changed.

It needs no typer: of a command line that says plainly what it means (`okr/plainly.py`) nothing else is imported.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from okr.commands.formats import form_of, one_of
from okr.commands.plain_words import PlainWords
from okr.commands.running import invocation
from okr.errors import UsageError
from okr.sources import find_root

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from okr.operations.comparison.results import Comparison
    from okr.operations.comparison.sides import Sides


class Format(StrEnum):
    """How a comparison is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


PLAINLY = PlainWords(
    {
        "--cycle": ("cycle", str),
        "--format": ("as_format", one_of(Format)),
        "--json": ("as_json", None),
        "--plain": ("plain", None),
        "--exit-code": ("exit_code", None),
    },
    names=("names",),
    many=True,
)


def answer(
    *,
    names: list[str],
    cycle: str | None = None,
    as_format: Format | None = None,
    as_json: bool = False,
    plain: bool = False,
    exit_code: bool = False,
) -> int:
    """Answers, and gives the exit status.

    Args:
        names: the revisions, and what the comparison is limited to.
        cycle: the only one that is asked about.
        as_format: how the answer is written.
        as_json: the same as the format of that name.
        plain: whether a screen reader reads it.
        exit_code: whether the status tells of changes.

    Raises:
        OkrError: there is no answer.
    """
    form = form_of(as_format, Format.JSON, Format.TEXT, as_json=as_json)
    root = find_root(invocation().directory)
    sides, limits, revision = _meant(names, root)

    def work() -> int:
        found = _compared(sides, limits, cycle, revision=revision, as_text=form is Format.TEXT)
        _write(found, root, form, plain=plain)
        return 1 if exit_code and found.any else 0

    with _looking(sides):
        if sides.new is None:
            return work()
        from okr.commands.kept import answered_of_commits

        sides.look_ahead()
        folder = invocation().directory.resolve()
        commits = (sides.old, sides.new, sides.fork, revision)
        asked = (*commits, "diff", root, limits, cycle, form, plain, exit_code, folder)
        return answered_of_commits(root, sides.repository.common_dir, asked, work)


def _meant(names: list[str], root: Path) -> tuple[Sides, list[str], bool]:
    """Which two states are meant, what the comparison is limited to, and whether a revision was named."""
    from okr.operations.looking import looking_for_commits

    with looking_for_commits(root, names[0] if names else ""):
        from okr.operations.comparison.sides import sides_of  # git looks while this is imported

        asked, limits = _parted(names, root)
        return sides_of(root, asked), limits, asked is not None


def _looking(sides: Sides) -> AbstractContextManager[None]:
    """Within it git looks for the files that differ."""
    from okr.git.differences import difference_commands
    from okr.git.paths import name_in
    from okr.git.run import ahead, at_top

    new = None if sides.new is None else sides.new.commit
    commands = difference_commands(sides.old.commit, new, name_in(sides.repository, sides.root))
    return ahead(*(at_top(sides.repository, each) for each in commands))


def _parted(names: list[str], root: Path) -> tuple[str | None, list[str]]:
    """The revisions, and what the comparison is limited to: what comes first is a revision wherever it names one."""
    from okr.operations.comparison.sides import is_revision

    if names and is_revision(root, names[0]):
        return names[0], names[1:]
    return None, names


def _compared(
    sides: Sides, limits: list[str], cycle: str | None, *, revision: bool, as_text: bool
) -> Comparison:
    from okr.commands.both_sides import require_both_readable  # git looks while all these are imported
    from okr.dataclass import replace

    sides.look_further_ahead()
    from okr.operations.comparison.comparing import compare_workspaces
    from okr.operations.comparison.narrowing import opened_sides

    if as_text and sides.new is not None:
        _import_views()
    wanted = None
    if limits or cycle is not None:
        from okr.operations.comparison.limiting import limits_of

        whole = sides.opened(invocation().today, keep=invocation().cache)
        try:
            wanted = limits_of(whole, limits, cycle, sides.root, invocation().directory)
        except UsageError as error:
            require_both_readable(*whole)
            raise _explained(error, sides, limits, revision=revision) from None
    opened = opened_sides(sides, invocation().today, keep=invocation().cache)
    found = compare_workspaces(*opened)
    require_both_readable(opened.old, opened.new)
    sides.rest()
    if wanted is not None:
        from okr.operations.comparison.limiting import limited

        found = limited(found, wanted)
    return replace(found, fork=sides.fork)


def _import_views() -> None:
    """Imports what shows the answer: git is still looking."""
    import okr.commands.answering
    import okr.views.comparison_outline
    import okr.views.comparison_piped
    import okr.views.piped  # noqa: F401 # for whoever shows it


def _explained(error: UsageError, sides: Sides, limits: list[str], *, revision: bool) -> UsageError:
    """An error about what is asked about, with what may have been meant where that is a commit."""
    from okr.git.differences import named_commits
    from okr.operations.comparison.moments import in_figures
    from okr.operations.comparison.sides import is_revision
    from okr.references import nearest
    from okr.repository import UNSHALLOW, is_shallow

    if not limits:
        return error
    first = limits[0]
    if revision:
        if len(limits) == 1 and is_revision(sides.root, first):
            both = f"{sides.old.asked}..{first}"
            return UsageError(f"{error.message}; it is a commit", f"Two are compared as `okr diff {both}`")
        return error
    near = nearest(first, named_commits(sides.repository), 1)
    message = f"“{first[:80]}” names no commit, and {error.message}"
    remedy = f"Did you mean {near[0]}?" if near else in_figures(first) or error.remedy
    if is_shallow(sides.repository):
        remedy = f"{UNSHALLOW} {remedy}" if remedy else UNSHALLOW
    return UsageError(message, remedy)


def _write(found: Comparison, root: Path, wanted: Format, *, plain: bool) -> None:
    import sys

    from okr.commands.answering import print_json

    if wanted is Format.JSON:
        from okr.views.comparison_json import comparison_json

        print_json(comparison_json(found))
    elif wanted is Format.TEXT:
        _show(found, plain=plain)
    elif wanted is Format.HTML:
        from okr.views.comparison_html import comparison_html

        sys.stdout.write(comparison_html(found))
    else:
        from okr.operations.surroundings import folder_in_repository
        from okr.views.comparison_markdown import comparison_markdown

        sys.stdout.write(comparison_markdown(found, folder_in_repository(root)))


def _show(found: Comparison, *, plain: bool) -> None:
    from okr.commands.answering import console
    from okr.views.piped import asked_width, is_piped, write_lines

    if is_piped() and not plain:
        from okr.views.comparison_outline import outline_of
        from okr.views.comparison_piped import outline_lines

        lines = outline_lines(outline_of(found), asked_width())
        if lines is not None:
            write_lines(lines)
            return
    from okr.views.comparison_text import show_comparison

    show_comparison(console(plain=plain), found)

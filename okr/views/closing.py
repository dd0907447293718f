"""What closing a cycle did, as text: each owner with the grades, what comes next, and the commit; and what reopening did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.contents import Objective
from okr.operations.closing.grading import is_score
from okr.operations.overview import MANY
from okr.quantities import format_score
from okr.views.layout import GAP, beside, indented, packed, show
from okr.views.terminal import cell, stderr, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.assessing import OwnerState
    from okr.operations.closing.commit import Closed, Reopened
    from okr.operations.closing.grading import Decision


def show_closed(console: Console, result: Closed, *, color: bool | None, whole: bool = True) -> None:
    """Writes what was closed to stdout, and what a person should know besides to stderr.

    Args:
        console: for stdout.
        result: what was done.
        color: False where colours were refused.
        whole: the grades as well; False where a summary has shown them already.
    """
    if whole:
        show(console, graded_lines(console, result.owners, result.decisions))
    show(console, indented(console, cell(_closed(result))))
    for remark in result.commit.remarks if result.commit else ():
        stderr(color=color).print(cell(remark), soft_wrap=True)


def show_reopened(console: Console, result: Reopened, *, color: bool | None) -> None:
    """Writes what was opened again to stdout, and what a person should know besides to stderr."""
    name = result.frame.cycle.name
    if not result.written:
        words = f"Nothing was written: {name} would be active again, in {result.path}."
    elif result.commit is None:
        words = f"{name} is active again, in {result.path}; nothing was committed."
    else:
        words = f"{name} is active again, committed as {result.commit.id[:7]}."
    show(console, indented(console, cell(words)))
    if result.graded:
        count = counted(result.graded, "grade")
        stays = "stays in the plans and counts" if result.graded == 1 else "stay in the plans and count"
        words = f"{count} {stays} no more, until `okr cycle close {name}`."
        show(console, indented(console, cell(words)))
    for remark in result.commit.remarks if result.commit else ():
        stderr(color=color).print(cell(remark), soft_wrap=True)


def graded_lines(
    console: Console, owners: tuple[OwnerState, ...], decisions: tuple[Decision, ...]
) -> Iterator[Text]:
    """Each owner with the score, and below it each key result with its grade and what comes next.

    Of many owners only what a person has decided stands below: a grade that is not the score, a lesson, what comes next.
    """
    of_owner: dict[str, list[Decision]] = {}
    for decision in decisions:
        if len(owners) < MANY or _notes(decision):
            of_owner.setdefault(decision.subject.reference.owner, []).append(decision)
    for owner in owners:
        yield from beside(console, cell(owner.owner.name, "bold underline"), _score(owner.score))
        for decision in of_owner.get(owner.owner.id, ()):
            yield from _decision(console, decision)
    yield Text()


def _decision(console: Console, decision: Decision) -> Iterator[Text]:
    right = Text() if decision.grade is None else _score(decision.grade)
    title = title_cell(decision.subject.title)
    if isinstance(decision.subject, Objective):
        title = Text.assemble(("objective · ", "dim"), title)
    yield from beside(console, title, right, first=GAP, rest=GAP)
    yield from packed(console, [cell(each, "dim") for each in _notes(decision)], margin=GAP * 3)


def _notes(decision: Decision) -> list[str]:
    notes = []
    if (
        decision.score is not None
        and decision.grade is not None
        and not is_score(decision.grade, decision.score)
    ):
        notes.append(f"score {format_score(decision.score)}: {decision.reason}")
    if decision.next is not None:
        notes.append(decision.next.value)
    if decision.learned:
        notes.append(f"learned: {decision.learned}")
    return notes


def _score(score: float) -> Text:
    return Text(format_score(score), style="bold")


def _closed(result: Closed) -> str:
    name = result.frame.cycle.name
    files = ", ".join(result.paths)
    if len(result.paths) >= MANY:
        folders = dict.fromkeys(path.rpartition("/")[0] for path in result.paths)
        files = f"{len(result.paths)} files of {' and '.join(folders)}"
    if not result.written:
        return f"Nothing was written: {name} would be closed, in {files}."
    if result.commit is None:
        return f"Closed {name} in {files}; nothing was committed."
    return f"Closed {name}, committed as {result.commit.id[:7]}."

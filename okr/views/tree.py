"""How `okr tree` looks: each objective with its owner, cycle, score and status, below what it supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.operations.alignment import Branch
from okr.operations.selecting import BELOW
from okr.quantities import format_score
from okr.views.figures import STYLES, status_words, widest_status
from okr.views.heading import heading
from okr.views.layout import beside, indented, packed, show
from okr.views.terminal import cell, title_cell
from okr.views.tree_lines import TreeLines, guide_below, guides, told_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.operations.aligning import Aligned, AlignedKeyResult
    from okr.operations.alignment import Alignment, Step

_HEADINGS = {
    Branch.SUPPORTS_NOTHING: (
        "Supports nothing",
        "`supports:` in the plan says which objective above these are there for.",
    ),
    Branch.NOT_FOUND: (
        "Supports what is not there",
        "What `supports:` names in these plans can't be found: `okr validate` says why.",
    ),
    Branch.CIRCLE: (
        "In a circle",
        "These support each other in a circle: `okr validate` says where to break it.",
    ),
}


def show_tree(console: Console, found: Alignment[Aligned]) -> None:
    """Prints the tree."""
    show(console, _lines(console, found, TreeLines(console, found)))


def lines_of(console: Console, found: Alignment[Aligned]) -> Iterator[Text]:
    """The tree as lines that fit the console."""
    for line in _lines(console, found, None):
        yield line if isinstance(line, Text) else Text(line)


def _lines(console: Console, found: Alignment[Aligned], at_once: TreeLines | None) -> Iterator[Text | str]:
    """The lines, those of objectives as they are written wherever that can be told at once."""
    yield from heading(console, found.frame, expected=False)
    if not found.objectives:
        yield Text()
        yield from indented(console, cell(_nothing(found)))
        return
    current: Branch | None = None
    for branch, step in found.steps():
        if not step.lasts:
            yield ""
        if branch is not current:
            current = branch
            yield from _heading(console, branch)
        yield from (at_once and at_once.of(step)) or _step(console, found, step)


def _step(console: Console, found: Alignment[Aligned], step: Step) -> Iterator[Text]:
    by_kind = _objective if step.reference.key_result is None else _key_result
    return by_kind(console, found, step)


def _nothing(found: Alignment[Aligned]) -> str:
    """That there is nothing to show, and what to type instead."""
    where = f"in {found.frame.cycle.name} and the cycles around it"
    if found.asked is None:
        return f"There is no objective {where} yet. `okr new objective` starts one."
    if not found.of_below:
        return f"{found.asked} has no objective {where} yet."
    has = "one below it has" if found.of_below == 1 else f"{found.of_below} below it have"
    cycle = "" if found.current else f" --cycle {found.frame.cycle.name}"
    return f"{found.asked} has no objective {where}, but {has}: `okr tree {found.asked}{BELOW}{cycle}`."


def _heading(console: Console, branch: Branch) -> Iterator[Text]:
    if branch in _HEADINGS:
        title, words = _HEADINGS[branch]
        yield Text(title, style="bold underline")
        yield from indented(console, cell(words, "dim"))


def _objective(console: Console, found: Alignment[Aligned], step: Step) -> Iterator[Text]:
    said = found.objectives[step.reference]
    first, rest = _guides(console, step)
    if step.pointer:
        pointer = Text.assemble(("→ see ", "dim"), title_cell(said.title), (" above", "dim"))
        yield from indented(console, pointer, first=first, rest=rest)
        return
    title = Text.assemble(_mark(found, step), title_cell(said.title, "bold"))
    right = _right(said, over=step.reference.cycle in found.over)
    below = Text.assemble(rest, (guide_below(step), "dim"))
    yield from beside(console, title, right, first=first, rest=below)
    yield from packed(console, [cell(word, "dim") for word in told_below(found, step)], margin=below)


def _key_result(console: Console, found: Alignment[Aligned], step: Step) -> Iterator[Text]:
    parent = step.reference.parent or step.reference
    said = next(each for each in found.objectives[parent].key_results if each.id == step.reference.key_result)
    first, rest = _guides(console, step)
    title = Text.assemble(_mark(found, step), ("key result · ", "dim"), title_cell(said.title))
    right = _right(said, over=parent.cycle in found.over)
    below = Text.assemble(rest, (guide_below(step), "dim"))
    yield from beside(console, title, right, first=first, rest=below)


def _mark(found: Alignment[Aligned], step: Step) -> Text:
    """What was asked for is marked, as its surroundings are shown too."""
    return Text("▶ " if step.reference in found.targets else "", style="bold")


def _right(said: Aligned | AlignedKeyResult, *, over: bool) -> Text:
    words = Text(status_words(said.status, over=over), style=STYLES[said.status])
    words.pad_right(max(widest_status(over=True), widest_status(over=False)) - words.cell_len)
    return Text.assemble((format_score(said.score), "bold"), "  ", words)


def _guides(console: Console, step: Step) -> tuple[Text, Text]:
    """What the first line of a step begins with, and what the others do."""
    first, rest = guides(console.width, step)
    return Text(first, style="dim"), Text(rest, style="dim")

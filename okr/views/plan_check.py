"""How `okr plan check` looks: the verdict, each owner's plan in a line, findings, and a coach's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.diagnostics import Severity
from okr.model import CycleState
from okr.rules.catalogue import rules_by_name
from okr.views.heading import heading
from okr.views.layout import columns, fitted, indented, show
from okr.views.plan_words import times_words
from okr.views.terminal import cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from okr.diagnostics import Diagnostic
    from okr.operations.planning.check import OwnersPlan, Readiness

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_HEAD = ("", "objectives", "new", "carried over", "key results", "committed")


def show_readiness(console: Console, found: Readiness, *, strict: bool) -> None:
    """Prints whether the plans are ready, and what there is to do and to ask."""
    show(console, lines_of(console, found, strict=strict))


def lines_of(console: Console, found: Readiness, *, strict: bool) -> Iterator[Text]:
    """The answer as lines that fit the console."""
    yield from heading(console, found.frame, expected=False)
    yield Text()
    yield from indented(console, _verdict(found, strict=strict))
    if found.plans:
        yield Text()
        yield from _table(console, found.plans)
        yield from _novelty(console, found.plans)
    if found.diagnostics:
        yield Text()
        planning = found.frame.state is CycleState.PLANNING
        head = "Findings, as they will be once it is active" if planning else "Findings"
        yield Text(head, style="bold underline")
        for each in sorted(found.diagnostics, key=lambda each: _SEVERITIES.index(each.severity)):
            yield from _finding(console, each)
    if found.questions:
        yield Text()
        yield Text("Questions", style="bold underline")
        for question in found.questions:
            text = Text.assemble(cell(question.fact), " ", cell(question.question, "bold"))
            yield from indented(console, text, first="? ", rest="  ")


def verdict(found: Readiness, *, strict: bool) -> str:
    """Whether the plans are ready, and what keeps them from it, in a sentence; not yet made printable."""
    counts = found.counts
    in_the_way = [
        counted(counts[each], each.value) for each in _SEVERITIES[: 2 if strict else 1] if counts[each]
    ]
    if found.missing:
        in_the_way.append(f"no plan yet of {', '.join(each.owner.name for each in found.missing)}")
    if strict and found.questions:
        in_the_way.append(counted(len(found.questions), "question"))
    if not found.plans:
        in_the_way.append("nobody has a plan")
    if in_the_way:
        return f"Not ready: {', '.join(in_the_way)}."
    rest = [counted(counts[each], each.value) for each in _SEVERITIES[1:2] if counts[each]]
    rest += [counted(len(found.questions), "question")] if found.questions else []
    return f"Ready, with {' and '.join(rest)}." if rest else "Ready."


def _verdict(found: Readiness, *, strict: bool) -> Text:
    style = "bold green" if found.is_ready(strict=strict) else "bold red"
    return cell(verdict(found, strict=strict), style)


def _table(console: Console, plans: tuple[OwnersPlan, ...]) -> Iterator[Text]:
    rows = [_row(plan) for plan in plans]
    if any(plan.objectives for plan in plans):
        rows = [[cell(word, "dim") for word in _HEAD], *rows]
    whole = [row for row in rows if len(row) == len(_HEAD)]
    widths = [max(row[place].cell_len for row in whole) for place in range(len(_HEAD))] if whole else [0]
    widths = fitted(widths, console.width - 2 * (len(widths) - 1))
    for row in rows:
        if len(row) == len(_HEAD):
            yield from columns(console, row, widths, right=range(1, len(_HEAD)))
        else:
            yield from indented(console, Text.assemble(row[0], "  ", row[1]))


def _novelty(console: Console, plans: tuple[OwnersPlan, ...]) -> Iterator[Text]:
    """Which objectives are new, and which are carried over how often."""
    every = [each for plan in plans for each in plan.objectives]
    names = ["/".join(each.objective.reference.segments[1:]) for each in every]
    new = [name for name, each in zip(names, every, strict=True) if not each.times_carried]
    carried = [
        f"{name} ({times})" if (times := times_words(each.times_carried)) else name
        for name, each in zip(names, every, strict=True)
        if each.times_carried
    ]
    if every:
        yield Text()
    for title, listed in (("New: ", new), ("Carried over: ", carried)):
        if listed:
            text = Text.assemble((title, "bold"), cell(", ".join(listed)))
            yield from indented(console, text, rest="  ")


def _row(plan: OwnersPlan) -> list[Text]:
    name = cell(plan.owner.name, "bold")
    if not plan.objectives:
        return [name, Text("no plan yet" if plan.path else "no plan yet, and no file", style="red")]
    count = len(plan.objectives)
    figures = (count, count - plan.carried, plan.carried, plan.key_results, plan.committed)
    return [name, *(Text(str(each)) for each in figures)]


def _finding(console: Console, diagnostic: Diagnostic) -> Iterator[Text]:
    finding = diagnostic.finding
    head = Text.assemble(
        (diagnostic.severity.value, _STYLES[diagnostic.severity]),
        f" {diagnostic.code} ",
        cell(f"{finding.path}:{finding.place.line}"),
    )
    yield from indented(console, head)
    yield from indented(console, cell(finding.message), first="  ", rest="  ")
    hint = finding.hint or rules_by_name()[diagnostic.code].remedy
    yield from indented(console, cell(hint, "dim"), first="  ", rest="  ")

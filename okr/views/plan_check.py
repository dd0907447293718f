"""How `okr plan check` looks: the verdict, each owner's plan in a line, findings, and a coach's questions."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from okr.diagnostics import Severity
from okr.model import CycleState
from okr.rules.catalogue import rules_by_name
from okr.views.heading import heading
from okr.views.layout import columns, fitted, indented, show
from okr.views.plan_words import MOST_NAMED, some_names, times_words
from okr.views.terminal import cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from okr.contents import Owner
    from okr.diagnostics import Diagnostic
    from okr.operations.planning.check import OwnersPlan, Readiness
    from okr.operations.planning.questions import Question

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_HEAD = ("", "objectives", "new", "carried over", "key results", "committed")
_MOST_ALIKE = 5
"""How many findings of a rule, or questions of a kind, are told one by one where there are more."""


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
        yield from _table(console, found)
        yield from _novelty(console, found.plans)
    if found.diagnostics:
        yield Text()
        planning = found.frame.state is CycleState.PLANNING
        head = "Findings, as they will be once it is active" if planning else "Findings"
        yield Text(head, style="bold underline")
        yield from _findings(console, found)
    if found.questions:
        yield Text()
        yield Text("Questions", style="bold underline")
        for _, alike in groupby(found.questions, key=lambda each: each.about):
            yield from _questions(console, list(alike))
    if len(found.groups) > 1:
        yield Text()
        yield from indented(console, _one_by_one(found))


def verdict(found: Readiness, *, strict: bool) -> str:
    """Whether the plans are ready, and what keeps them from it, in a sentence; not yet made printable."""
    counts = found.counts
    in_the_way = [
        counted(counts[each], each.value) for each in _SEVERITIES[: 2 if strict else 1] if counts[each]
    ]
    if found.missing:
        names = some_names([each.owner.name for each in found.missing], "and {} more")
        in_the_way.append(f"no plan yet of {names}")
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


def _table(console: Console, found: Readiness) -> Iterator[Text]:
    """A line for each plan; or, where they are many, for all those below a team."""
    groups = found.groups
    rows = [_row(plan) for plan in found.plans] if len(groups) == 1 else [_sums(*group) for group in groups]
    if any(plan.objectives for plan in found.plans):
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
    new = [] if len(new) == len(every) > MOST_NAMED else new  # the table says so already
    carried = [
        f"{name} ({times})" if (times := times_words(each.times_carried)) else name
        for name, each in zip(names, every, strict=True)
        if each.times_carried
    ]
    if new or carried:
        yield Text()
    for title, listed in (("New: ", new), ("Carried over: ", carried)):
        if listed:
            text = Text.assemble((title, "bold"), cell(some_names(listed, "and {} more")))
            yield from indented(console, text, rest="  ")


def _row(plan: OwnersPlan) -> list[Text]:
    name = cell(plan.owner.name, "bold")
    if not plan.objectives:
        return [name, Text("no plan yet" if plan.path else "no plan yet, and no file", style="red")]
    return [name, *(Text(str(each)) for each in _figures(plan))]


def _figures(plan: OwnersPlan) -> tuple[int, ...]:
    count = len(plan.objectives)
    return count, count - plan.carried, plan.carried, plan.key_results, plan.committed


def _sums(above: Owner | None, plans: Sequence[OwnersPlan]) -> list[Text]:
    name = Text.assemble(
        cell("above all others" if above is None else above.name, "bold"), (f" ({len(plans)})", "dim")
    )
    return [name, *(Text(str(sum(figures))) for figures in zip(*map(_figures, plans), strict=True))]


def _one_by_one(found: Readiness) -> Text:
    largest = max(found.groups, key=lambda group: len(group[1]) if group[0] else 0)[0]
    whose = shlex.quote(f"{largest.id}/..." if largest else "ID/...")
    return Text.assemble(
        "Each plan of some of them: ",
        cell(f"okr plan check {shlex.quote(found.frame.cycle.name)} --owner {whose}"),
    )


def _findings(console: Console, found: Readiness) -> Iterator[Text]:
    """The gravest first; of many of one rule that are no errors the first few."""

    def order(each: Diagnostic) -> tuple[int, str]:
        return _SEVERITIES.index(each.severity), each.code

    for (severity, code), grouped in groupby(sorted(found.diagnostics, key=order), key=order):
        alike = list(grouped)
        left = 0 if _SEVERITIES[severity] is Severity.ERROR else len(alike) - _MOST_ALIKE
        for each in alike if left < 2 else alike[:_MOST_ALIKE]:  # noqa: PLR2004 # one more is as short as saying so
            yield from _finding(console, each)
        if left > 1:
            text = Text(
                f"and {left} more of {code}: `okr validate --select {code}` has them all", style="dim"
            )
            yield from indented(console, text, first="  ", rest="  ")


def _questions(console: Console, alike: Sequence[Question]) -> Iterator[Text]:
    left = len(alike) - _MOST_ALIKE
    for question in alike if left < 2 else alike[:_MOST_ALIKE]:  # noqa: PLR2004 # likewise
        text = Text.assemble(cell(question.fact), " ", cell(question.question, "bold"))
        yield from indented(console, text, first="? ", rest="  ")
    if left > 1:
        text = Text(f"and {left} more like it: `okr plan check --json` has them all", style="dim")
        yield from indented(console, text, first="  ", rest="  ")


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

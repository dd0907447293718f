"""What `okr plan open` made, as text: each plan with what goes on in it and what does not, and what comes next."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

from okr.operations.overview import MANY
from okr.quantities import format_score
from okr.views.ci_files import paperwork_lines
from okr.views.errors import tell
from okr.views.plan_words import moves, some_names, times_words
from okr.views.text import counted, folded, printable
from okr.views.workflow_commands import for_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from okr.operations.planning.carry import Offer
    from okr.operations.planning.open import Carried, Left, Opened, OpenedPlan
    from okr.operations.planning.paperwork import Paperwork
    from okr.quantities import Language

_WIDTH = 80


def show_opened(
    opened: Opened,
    language: Language,
    root: Path,
    here: Path,
    paperwork: Paperwork | None,
    *,
    branch: str | None,
    written: bool,
) -> None:
    """Writes what was made, or would be, to stdout.

    Args:
        opened: the cycle as opened.
        language: how numbers are written.
        root: the workspace's root.
        here: the folder in which somebody will type the next commands.
        paperwork: what was made of it; None where none was asked for.
        branch: the branch that was made for it, or None.
        written: whether anything was written.
    """
    lines = [
        line for each in _lines(opened, language, written=written) for line in folded(printable(each), _WIDTH)
    ]
    if paperwork is not None:
        lines += map(printable, paperwork_lines(paperwork, here))
    if written:
        if branch is not None:
            lines.append(f"You are on the new branch {printable(branch)}.")
        paths = [os.path.relpath(each, here) for each in _made(opened, root, paperwork)]
        lines += ["Next:", *(f"  {printable(each)}" for each in _next(opened, paths, branch))]
    sys.stdout.write(for_log("".join(f"{line}\n" for line in lines)))
    if opened.unplanned is not None:
        longer = printable(opened.unplanned)
        tell([f"note: {longer} has no plan yet that these could support: okr plan open {longer}"])


def show_offer(offer: Offer) -> None:
    """Writes to stderr which objective may be carried over, before that is asked."""
    times = times_words(offer.times_carried + 1)
    reference, score = offer.objective.reference, format_score(offer.state.assessment.score)
    told = f"{reference.owner}/{reference.objective} ({score}{f', {times}' if times else ''}): {offer.objective.title}"
    tell([printable(told)])


def _lines(opened: Opened, language: Language, *, written: bool) -> Iterator[str]:
    cycle = opened.cycle
    verb = "Opened" if written else "Would open"
    if opened.present:
        verb = "Added to" if written else "Would add to"
    after = f", after {opened.before.name}" if opened.before else ""
    yield f"{verb} {cycle.name} for planning: {cycle.starts} to {cycle.ends}{after}"
    plans = {plan.path for plan in opened.plans}
    yield from (f"  {each.path}" for each in opened.files if each.path not in plans)
    if len(opened.plans) < MANY:
        for plan in opened.plans:
            yield from _plan(plan, language)
    else:
        yield from _teams(opened)
    if opened.present:
        yield f"As it was: the plan of {some_names([each.id for each in opened.present], 'and {} more')}"


def _teams(opened: Opened) -> Iterator[str]:
    """Many plans, by the team right above them."""
    groups: dict[str, list[OpenedPlan]] = {}
    for plan in opened.plans:
        groups.setdefault(plan.above.name if plan.above else "above all others", []).append(plan)
    for name, plans in groups.items():
        carried, left = sum(len(plan.carried) for plan in plans), sum(len(plan.left) for plan in plans)
        yield f"  {name}: {counted(len(plans), 'plan')}, {counted(carried, 'objective')} carried over, {left} left"
        if empty := [plan.owner.id for plan in plans if not plan.carried]:
            yield f"      empty: {some_names(empty, 'and {} more')}"
    name = shlex.quote(opened.cycle.name)
    yield f"What goes on in each, and from where: okr plan summary {name}"


def _plan(plan: OpenedPlan, language: Language) -> Iterator[str]:
    what = counted(len(plan.carried), "objective") + " carried over" if plan.carried else "empty"
    yield f"  {plan.path}  {what}"
    for each in plan.carried:
        yield from _carried(each, language)
    for left in plan.left:
        yield f"      left: {left.reference.objective} ({format_score(left.score)}), {_why(left)}"


def _carried(carried: Carried, language: Language) -> Iterator[str]:
    times = times_words(carried.times)
    often = f", {times}" if times else ""
    yield f"      {carried.reference.objective} ({format_score(carried.score)}){often}: {carried.title}"
    for reference, words in moves(carried.changes, language):
        about = f"{reference.key_result}: " if reference.key_result else ""
        yield f"        {about}{words}"
    for left in carried.left:
        yield f"        {left.reference.key_result}: left, {_why(left)}"


def _why(left: Left) -> str:
    return left.reason.value if left.detail is None else f"{left.reason.value}: {left.detail}"


def _made(opened: Opened, root: Path, paperwork: Paperwork | None) -> Iterator[Path]:
    """What belongs into the commit: the folders of the cycle, of the schemas and of the paperwork."""
    yield (root / opened.plans[-1].path).parent
    yield from {(root / each.path).parent: None for each in opened.files if each.path.startswith(".okr/")}
    if paperwork is not None:
        yield from {paperwork.top / path.split("/")[0]: None for path in paperwork.made}
        yield from (paperwork.top / path for path in paperwork.updated)


def _next(opened: Opened, paths: Iterable[str], branch: str | None) -> Iterator[str]:
    name = shlex.quote(opened.cycle.name)
    empty = next((plan.owner.id for plan in opened.plans if not plan.carried), None)
    if empty is not None:
        yield f"okr new objective TITLE --owner {empty} --cycle {name}"
    yield f"okr plan check {name}"
    yield f"git add {shlex.join(paths)} && git commit -m {shlex.quote(f'Plan {opened.cycle.name}')}"
    if branch is not None:
        yield "git push -u origin HEAD"

"""What `okr plan start` did, as text: which plans are the agreement now, and what is still open."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from okr.views.errors import tell
from okr.views.plan_words import some_names
from okr.views.text import counted, folded, printable
from okr.views.workflow_commands import for_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.planning.start import Started

_WIDTH = 80
_MOST_TOLD = 5
"""Notes of a kind."""


def show_started(started: Started) -> None:
    """Writes what was started to stdout, and what is still open to stderr."""
    lines = [line for each in _lines(started) for line in folded(printable(each), _WIDTH)]
    sys.stdout.write(for_log("".join(f"{line}\n" for line in lines)))
    tell(printable(each) for each in _notes(started))


def _lines(started: Started) -> Iterator[str]:
    plans = [each for each in started.readiness.plans if each.objectives]
    objectives = sum(len(each.objectives) for each in plans)
    key_results = sum(each.key_results for each in plans)
    yield f"{started.cycle.name} is active, from {started.cycle.starts} to {started.cycle.ends}."
    yield (
        f"The agreement: {counted(len(plans), 'plan')}, {counted(objectives, 'objective')}, "
        f"{counted(key_results, 'key result')}."
    )
    where = f"committed as {started.commit.id[:7]}" if started.commit else "not committed"
    yield f"Recorded in {started.path}, {where}."


def _notes(started: Started) -> Iterator[str]:
    unknown, missing = started.unknown, started.readiness.missing
    for each in unknown[:_MOST_TOLD]:
        yield f"note: the baseline of {each.reference} is unknown: the first check-in becomes it."
    if len(unknown) > _MOST_TOLD:
        more = len(unknown) - _MOST_TOLD
        yield f"note: {more} more baselines are unknown: `okr plan check {shlex.quote(started.cycle.name)} --json` names them."
    for plan in missing if len(missing) <= _MOST_TOLD else ():
        yield f"note: {plan.owner.id} has no plan in {started.cycle.name}."
    if len(missing) > _MOST_TOLD:
        names = some_names([plan.owner.id for plan in missing], "and {} more")
        yield f"note: these have no plan in {started.cycle.name}: {names}."
    yield from (f"note: {remark}" for remark in (started.commit.remarks if started.commit else ()))

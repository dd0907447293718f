"""What became of an owner, from the texts of plan and log alone, if these are so plain that no model is needed.

It finds the same as `grown.py`, which looks at all others; tests hold the two against each other. The results are
plain values, quick to hand from one process to another; `difference_of` turns them into what is shown.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from okr.dataclass import NamedTuple
from okr.documents import read_document
from okr.files import UnreadableFile
from okr.log_table import read_log_table
from okr.model import KeyResult
from okr.operations.comparison.glanced_logs import day_of, lines_before, lines_by_subject
from okr.operations.comparison.results import (
    CheckInsDifference,
    KeyResultDifference,
    ObjectiveDifference,
    OwnerDifference,
    Pair,
    Presence,
)
from okr.plan_changes import key_result_changes
from okr.plan_table import number_in, read_plan_table
from okr.references import Reference, is_id
from okr.rules.glance import numbers_count_as_written
from okr.rules.words import numbers_in
from okr.scoring import mean_score, number_progress, plain_mean, plain_score, reaches
from okr.workspace import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from okr.cycles import Cycle
    from okr.operations.comparison.glanced_logs import Line, Standing
    from okr.operations.comparison.translation import PlanKey
    from okr.plan_changes import PlanChange
    from okr.plan_table import KeyResultRow, ObjectiveRow
    from okr.workspace import Workspace

_ABOVE = "key_results"


class Told(NamedTuple):
    """What became of an owner.

    Attributes:
        objectives: how many there are, on both sides.
        score: on either side.
        changed: the objectives in which something changed.
        asked: whether the plan aims elsewhere than it did, so that a rule may find something else than before.
    """

    objectives: int
    score: tuple[float, float]
    changed: list[ToldObjective]
    asked: bool


class ToldObjective(NamedTuple):
    """The same of an objective, with its id and title."""

    id: str
    title: str
    score: tuple[float, float]
    key_results: list[ToldKeyResult]


class ToldKeyResult(NamedTuple):
    """The same of a key result.

    Attributes:
        id: its id.
        title: its title.
        unit: what its values count.
        written: its target before and its lines now, where its target differs.
        before: how it stood.
        now: how it stands.
        added: how many check-ins were added.
    """

    id: str
    title: str
    unit: str | None
    written: tuple[str, str] | None
    before: Standing
    now: Standing
    added: int


def told_owner(
    old: Workspace,
    new: Workspace,
    key: PlanKey,
    log: str | None,
    plan: str | None,
    changed: AbstractSet[PlanKey],
) -> Told | None:
    """What became of an owner, as `grown_owner` has it; None where that takes more than a glance at the texts.

    Args:
        old: the state before.
        new: the state after.
        key: whose plan; its cycle has days and one folder, and its owner never had another name.
        log: the log's path, where it differs.
        plan: the plan's, likewise.
        changed: whose plans differ in more than targets, besides this one.
    """
    cycle = new.cycles[key.cycle]
    path = f"/{cycle.folders[0]}/{key.owner}.yaml"
    if not is_id(key.owner) or key.owner in new.former_owners:
        return None
    rows = _plan(new, PLANS + path)
    was = rows if plan is None else _plan(old, PLANS + path)
    span = cycle.span
    if (
        rows is None
        or was is None
        or span is None
        or any(_may_depend(new, key, each, changed) for each in rows[1])
    ):
        return None
    targets = _moved_targets(was, rows)
    lines = None if targets is None else _lines(old, new, key, log, rows[1])
    if targets is None or lines is None:
        return None
    return _told(new, span, rows, targets, lines)


def aims_elsewhere_plainly(old: Workspace, new: Workspace, path: str) -> bool:
    """Whether a plan is plainly seen to say the same as before but for the targets of numbers."""
    was, now = _plan(old, path), _plan(new, path)
    return was is not None and now is not None and _moved_targets(was, now) is not None


Rows = tuple[str, "list[ObjectiveRow]"]
"""A plan's text, and what it says."""


def _plan(workspace: Workspace, path: str) -> Rows | None:
    text = _text(workspace, path)
    rows = None if text is None else read_plan_table(text)
    return None if text is None or rows is None else (text, rows)


def _text(workspace: Workspace, path: str) -> str | None:
    try:
        content = workspace.files.read(path)
        return None if content is None else content.decode()
    except (UnreadableFile, UnicodeDecodeError):  # whoever looks closer tells
        return None


def _may_depend(workspace: Workspace, key: PlanKey, row: ObjectiveRow, changed: AbstractSet[PlanKey]) -> bool:
    """Whether an objective supports something in one of some plans."""
    if not changed or row.supports is None:
        return False
    meant = workspace.parse(row.supports, key.cycle)
    return meant is not None and (meant.cycle, meant.owner) in changed


def _moved_targets(was: Rows, now: Rows) -> list[str] | None:
    """The targets before, one behind the other; None where the texts differ in anything else."""
    if was is now or was[0] == now[0]:
        return [each.target for objective in now[1] for each in objective.key_results]
    before, targets = _without_targets(was)
    return targets if before == _without_targets(now)[0] else None


def _without_targets(rows: Rows) -> tuple[list[str], list[str]]:
    text, objectives = rows
    pieces, targets, start = [], [], 0
    for objective in objectives:
        for each in objective.key_results:
            pieces.append(text[start : each.target_at])
            targets.append(each.target)
            start = each.target_at + len(each.target)
    return [*pieces, text[start:]], targets


def _lines(
    old: Workspace, new: Workspace, key: PlanKey, log: str | None, rows: Iterable[ObjectiveRow]
) -> Mapping[str, list[Line]] | None:
    """The lines of an owner's log by what they are about; None where they take a closer look, as in `grown.py`."""
    (path,) = new.log_paths_of(key.cycle, key.owner)
    text = _text(new, path)
    if text is None:
        return None
    table = read_log_table(text)
    span = new.cycles[key.cycle].span
    names = {f"{objective.id}/{each.id}" for objective in rows for each in objective.key_results}
    if table is None or span is None or not numbers_count_as_written(table, names, span, new.as_of):
        return None
    count = len(table.days)
    if log is None:
        return lines_by_subject(table, repeat(True, count))
    there = lines_before(old, log, text.encode())
    if there is None or (not any(there) and new.settings.overrides):
        return None
    there += [False] * (table.above + count - len(there))
    return lines_by_subject(table, there[table.above : table.above + count])


def _told(
    workspace: Workspace,
    span: Cycle,
    rows: Rows,
    targets: list[str],
    lines: Mapping[str, list[Line]],
) -> Told | None:
    before = iter(targets)
    changed: list[ToldObjective] = []
    olds, news = [], []
    asked = False
    for row in rows[1]:
        scores: list[tuple[float, float]] = []
        found: list[ToldKeyResult] = []
        for each in row.key_results:
            target = next(before)
            after = lines.get(f"{row.id}/{each.id}", [])
            earlier = [line for line in after if line[-1]]
            old = new = _standing(after, each.start, each.target)
            added = len(after) - len(earlier)
            moved = target != each.target and number_in(target) != number_in(each.target)
            asked = asked or (
                target != each.target and not _is_harder(each, target, earlier, after, span, workspace)
            )
            if moved or added:
                if not moved and not _reads_the_same(each, earlier, after, span, workspace):
                    return None
                old = _standing(earlier, each.start, target)
                written = (target, rows[0][each.begins : each.ends]) if target != each.target else None
                found.append(ToldKeyResult(each.id, each.title, each.unit, written, old, new, added))
            scores.append((old[0], new[0]))
        old_score, new_score = (_mean([each[side] for each in scores], row.key_results) for side in (0, 1))
        old_score = old_score if found else new_score
        olds.append(old_score)
        news.append(new_score)
        told = ToldObjective(row.id, row.title, (old_score, new_score), found)
        if found or Pair(old_score, new_score).differs:
            changed.append(told)
    return Told(
        len(olds), (plain_mean(olds), plain_mean(news)), changed, asked or _repeats_a_metric(rows[1], targets)
    )


def _mean(scores: list[float], rows: list[KeyResultRow]) -> float:
    if not any(each.weight for each in rows):
        return plain_mean(scores)
    return mean_score(zip(scores, (float(each.weight or 1) for each in rows), strict=True))


def _standing(lines: Iterable[Line], start: str, target: str) -> Standing:
    """The score, the latest value and the latest confidence, as `scoring.standing` gives them for a plain number."""
    number = confidence = ""
    for line in lines:
        number = line[2] or number
        confidence = line[4] or confidence
    said = float(confidence) if confidence else None
    if not number:
        return 0.0, None, said
    value = float(number)
    return plain_score(value, start=float(start), target=float(target)), value, said


def _reads_the_same(
    said: KeyResultRow, before: list[Line], after: list[Line], span: Cycle, workspace: Workspace
) -> bool:
    """As `_says_the_same_of_plan` in `grown.py`: whether what was measured first is the same, or reaches no target."""
    old, new = (next((line for line in lines if line[2]), None) for lines in (before, after))
    return old == new or not any(_may_reach(said, each, span, workspace) for each in (old, new))


def _is_harder(
    said: KeyResultRow, before: str, earlier: list[Line], after: list[Line], span: Cycle, workspace: Workspace
) -> bool:
    """Whether a target was plainly moved further away, and no other rule on targets says anything of it, then or now.

    OKR411 says nothing of a title that has the baseline among several numbers, nor of one without any.
    """
    start, old, new = (number_in(each) for each in (said.start, before, said.target))
    if not (start < old < new or start > old > new):
        return False
    numbers = numbers_in(said.title, workspace.settings.language)
    if numbers and (len(numbers) == 1 or not any(abs(start) in each.readings for each in numbers)):
        return False
    firsts = [next((line for line in lines if line[2]), None) for lines in (earlier, after)]
    aims = (said._replace(target=before), said)
    return not any(_may_reach(aim, first, span, workspace) for aim in aims for first in firsts)


def _repeats_a_metric(rows: list[ObjectiveRow], targets: list[str]) -> bool:
    """Whether two key results may be measured by the same numbers, then or now: OKR419 says so where a target was moved."""
    said = [each for row in rows for each in row.key_results]
    now = [each.target for each in said]
    if now == targets:
        return False
    for side in (targets, now):
        ways = {
            ((each.unit or "").casefold(), float(each.start), float(target))
            for each, target in zip(said, side, strict=True)
        }
        if len(ways) != len(said):
            return True
    return False


def _may_reach(said: KeyResultRow, first: Line | None, span: Cycle, workspace: Workspace) -> bool:
    if first is None or (day_of(first[0]) - span.starts).days >= workspace.settings.checkin_every:
        return False
    start, target = number_in(said.start), number_in(said.target)
    return reaches(number_progress(float(first[2]), start=start, target=target), 1.0)


def difference_of(workspace: Workspace, key: PlanKey, told: Told) -> OwnerDifference:
    """What was told of an owner as it is shown."""
    return OwnerDifference(
        key.cycle,
        workspace.owner(key.owner),
        Presence.BOTH,
        Pair(told.objectives, told.objectives),
        Pair(*told.score),
        tuple(_objective(key, each) for each in told.changed),
        (),
    )


def _objective(key: PlanKey, told: ToldObjective) -> ObjectiveDifference:
    reference = Reference(key.cycle, key.owner, told.id)
    return ObjectiveDifference(
        reference,
        reference,
        told.title,
        Presence.BOTH,
        (),
        Pair(*told.score),
        tuple(
            _key_result(Reference(key.cycle, key.owner, told.id, each.id), each) for each in told.key_results
        ),
        (),
    )


def _key_result(own: Reference, told: ToldKeyResult) -> KeyResultDifference:
    changes: tuple[PlanChange, ...] = ()
    if told.written is not None:
        target, lines = told.written
        now = _definition(lines)
        was = now.model_copy(update={"target": number_in(target)})
        changes = tuple(key_result_changes(own, own, was, now))
    return KeyResultDifference(
        own,
        own,
        told.title,
        Presence.BOTH,
        changes,
        Pair(told.before[0], told.now[0]),
        Pair(told.before[1], told.now[1]),
        Pair(told.before[2], told.now[2]),
        CheckInsDifference(told.added, 0, 0),
        told.unit,
        None,
    )


def _definition(lines: str) -> KeyResult:
    """What the lines of a key result say."""
    root = read_document("", f"{_ABOVE}:\n{lines}".encode()).root
    return KeyResult.model_validate(root[_ABOVE][0])

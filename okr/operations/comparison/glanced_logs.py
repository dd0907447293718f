"""The lines of a log, taken apart at a glance into what scores are worked out from, without a record for each.

Only of logs in which no rule finds anything that bears on goals (`rules/glance.py`): each line names a key result of
the plan by its present id, is of a day of the cycle up to today, and none takes another back.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING

from okr.files import UnreadableFile
from okr.measures import number_of
from okr.rules.glance import counts_as_written
from okr.scoring import BoundsMetric, NumberMetric, Reading, latest_score, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.contents import Log
    from okr.log_table import LogTable
    from okr.scoring import Metric, Span
    from okr.workspace import Workspace

Standing = tuple[float, float | str | None, float | None]
"""A score, the latest value, the latest confidence."""
Line = tuple[str, str, str, str, str, bool]
"""What a line of a log says, as text: its day, the rest of its date, a number, a milestone's name, a confidence; and
whether it was there before."""
Lines = dict[str, list[Line]]
"""By `objective/key-result`: the lines about it, in the order in which they count."""

_DATE = itemgetter(0, 1)


def counting_table(log: Log, workspace: Workspace) -> LogTable | None:
    """A log in columns where all of its lines count and no rule finds in them what bears on goals; else None."""
    return log.document.table if counts_as_written(log, workspace) else None


def lines_before(old: Workspace, path: str, now: bytes) -> list[bool] | None:
    """Which lines of a log were there before; None where others were, or in another order.

    Args:
        old: the state before.
        path: the log's.
        now: what it holds.
    """
    try:
        content = old.files.read(path)
    except UnreadableFile:
        return None
    if content is not None and content[-1:] == b"\n" and now.startswith(content):
        count = content.count(b"\n")
        return [True] * count + [False] * (now.count(b"\n") + 1 - count)
    lines = now.split(b"\n")
    if content is None:
        return [False] * len(lines)
    before = content.split(b"\n")
    if before[-1] == b"":
        before.pop()
    if lines[: len(before)] == before:
        return [place < len(before) for place in range(len(lines))]
    left = set(before)
    if len(left) != len(before) or len({*lines}) != len(lines) or not left.issubset(lines):
        return None
    there = [line in left for line in lines]
    return there if list(compress(lines, there)) == before else None


def lines_by_subject(table: LogTable, there: Iterable[bool]) -> Lines:
    """The lines of a log by what they are about."""
    found: Lines = {}
    lines = zip(table.days, table.times, table.numbers, table.texts, table.confidences, there, strict=True)
    for subject, line in zip(table.subjects, lines, strict=True):
        found.setdefault(subject, []).append(line)
    for each in found.values():
        each.sort(key=_DATE)  # of one date counts the later line; all times are written with one offset
    return found


def standing_of(metric: Metric, lines: Sequence[Line], span: Span, today: date) -> Standing:
    """The score, the latest value and the latest confidence, as `scoring.standing` gives them.

    Args:
        metric: what is measured.
        lines: those about it, in the order in which they count; none is of a day after today.
        span: the cycle.
        today: the day asked about.
    """
    if not isinstance(metric, NumberMetric) or number_of(metric.start) is None:
        return standing(metric, _readings(metric, lines), span, today)
    number = next((line[2] for line in reversed(lines) if line[2]), None)
    confidence = next((line[4] for line in reversed(lines) if line[4]), None)
    latest = None if number is None else float(number)
    return latest_score(metric, latest), latest, None if confidence is None else float(confidence)


def _readings(metric: Metric, lines: Sequence[Line]) -> list[Reading]:
    """The check-ins as the formulas take them; where these ask for no more, the first and last value and confidence."""
    if not isinstance(metric, BoundsMetric):
        valued = [place for place, line in enumerate(lines) if line[2] or line[3]]
        stated = next((place for place in range(len(lines) - 1, -1, -1) if lines[place][4]), None)
        places = {*valued[:1], *valued[-1:], *(() if stated is None else (stated,))}
        lines = [lines[place] for place in sorted(places)]
    return [
        Reading(
            day_of(day),
            float(number) if number else text or None,
            float(confidence) if confidence else None,
        )
        for day, _, number, text, confidence, _ in lines
    ]


@lru_cache(maxsize=1000)
def day_of(text: str) -> date:
    """The day that a text names."""
    return date.fromisoformat(text)

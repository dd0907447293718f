"""The lines of a log as a glance takes them apart, and what scores are reckoned from: no record is made of any.

Only of logs in which no rule finds anything (`rules/glance.py`): each line names a key result of the plan by its present id,
is of a day of the cycle up to today, no two of one key result bear one date, and none takes another back.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from okr.files import UnreadableFile
from okr.rules.glance import finds_nothing
from okr.scoring import BoundsMetric, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.contents import Log
    from okr.log_table import LogTable
    from okr.scoring import Metric
    from okr.workspace import Workspace

Standing = tuple[float, float | str | None, float | None]
"""A score, the latest value, the latest confidence."""
Line = tuple[str, str, str, str, str, bool]
"""What a line of a log says, as text: its day, the rest of its date, a number, a milestone's name, a confidence; and
whether it was there before."""
Lines = dict[str, list[Line]]
"""By `objective/key-result`: the lines about it, in the order in which they count."""


def counting_table(log: Log, workspace: Workspace) -> LogTable | None:
    """A log in columns where all of its lines count and no rule finds anything in them; else None."""
    table = log.document.table
    if table is None or any(table.retracted) or not finds_nothing(log, workspace):
        return None
    return table


def lines_before(old: Workspace, path: str, text: str) -> list[bool] | None:
    """Which lines of a log were there before; None where others were."""
    try:
        content = old.files.read(path)
    except UnreadableFile:
        return None
    lines = text.encode().split(b"\n")
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
    return [line in left for line in lines]


def lines_by_subject(table: LogTable, there: Iterable[bool]) -> Lines:
    """The lines of a log by what they are about."""
    found: Lines = {}
    lines = zip(table.days, table.times, table.numbers, table.texts, table.confidences, there, strict=True)
    for subject, line in zip(table.subjects, lines, strict=True):
        found.setdefault(subject, []).append(line)
    for each in found.values():
        each.sort()  # no two are of one date, and the times of one day are all written with one offset
    return found


def readings(metric: Metric, lines: Sequence[Line]) -> list[Reading]:
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

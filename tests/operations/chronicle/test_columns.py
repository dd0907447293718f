"""Lines that are put in order by their times alone stand as they do where each is told by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from okr.git.messages import facts_of
from okr.operations.chronicle.columns import StoryColumns, TimedLines, timed_lines
from okr.operations.chronicle.entries import PlanTold, ToldPlan
from okr.operations.chronicle.lines import Origins, StoryLines
from okr.operations.chronicle.subject_lines import SubjectLines
from okr.operations.record.announced import AnnouncedLog
from okr.operations.record.log_columns import read_columns
from okr.operations.record.log_names import LogKey
from okr.operations.record.log_records import read_rows
from okr.operations.record.plan_history import PlanEvent
from okr.operations.record.recorded import Committed, LogLines

if TYPE_CHECKING:
    from okr.git.messages import CommitRow
    from okr.operations.chronicle.entries import Told

NOON = datetime(2026, 10, 5, 23, 30, tzinfo=UTC)
ZONES = [timezone(timedelta(hours=hours)) for hours in (0, 0, 2, -9)]
MOMENTS = st.tuples(st.integers(0, 3), st.sampled_from(ZONES))
ROWS: list[CommitRow] = [
    [b"%040x " % at, b"2026-10-05 %d 0" % (NOON.timestamp() + at // 2), b"Bob\nbob@acme.example", b"\nx"]
    for at in range(4)
]
LINES = st.lists(
    st.tuples(MOMENTS, st.sampled_from(["a/x", "a/y"]), st.integers(0, len(ROWS) - 1)), min_size=1, max_size=6
)
Lines = list[tuple[tuple[int, timezone], str, int]]


def log_of(key: LogKey, said: Lines) -> tuple[list[SubjectLines], AnnouncedLog]:
    """A log with lines about something at some moments, each brought by a commit."""
    moments = [(NOON + timedelta(seconds=after)).astimezone(zone) for (after, zone), _, _ in said]
    content = "".join(
        f'- {{date: "{moment.isoformat()}", kr: {name}, value: 2}}\n'
        for moment, (_, name, _) in zip(moments, said, strict=True)
    ).encode()
    lines, rows, columns = LogLines(key.in_trailers), read_rows(content), read_columns(content)
    assert rows is not None
    assert columns is not None
    lines.add(f"checkins/{key.cycle}/{key.owner}.yaml", rows)
    days, times = [f"{moment:%Y-%m-%d}" for moment in moments], [moment.timestamp() for moment in moments]
    subjects = [
        SubjectLines(
            key, lines, f"{key.owner}/{name}", moments=(days, times),
            orders=sorted((days[at], times[at], at) for at, each in enumerate(said) if each[1] == name),
        )
        for name in dict.fromkeys(name for _, name, _ in said)
    ]  # fmt: skip
    return subjects, AnnouncedLog(lines, columns, [commit for _, _, commit in said], ROWS)


def plan_of(row: CommitRow, number: int) -> ToldPlan:
    commit = facts_of(row)
    event = PlanEvent(commit, LogKey("2026-Q4", "t0"), "okrs/2026-Q4/t0.yaml", ())
    entry = PlanTold(commit.day, None, commit, committed=True, event=event, changes=())
    return ToldPlan((commit.day, commit.time, 0, 0, number), entry)


def seen(told: Told) -> object:
    if isinstance(told, ToldPlan):
        return told
    order, subject, at, brought, known = told
    return order, subject.reference, at, brought, known


@given(
    st.lists(LINES, min_size=1, max_size=3),
    st.lists(st.integers(0, len(ROWS) - 1), max_size=2),
    st.booleans(),
)
def test_lines_in_columns_stand_as_they_do_one_by_one(
    logs: list[Lines], changed: list[int], one_is_thorough: bool
) -> None:
    keys = [LogKey("2026-Q4", f"t{number}") for number in range(len(logs))]
    found = {key: log_of(key, said) for key, said in zip(keys, logs, strict=True)}
    settled = {key: log for key, (_, log) in found.items()}
    at_head = Committed({}, frozenset(), (), frozenset())
    lines = StoryLines({}, tuple(each for subjects, _ in found.values() for each in subjects), at_head)
    places = {facts_of(row).id: at for at, row in enumerate(ROWS)}
    origins = Origins(settled, {}, lambda: places)
    plans = [plan_of(ROWS[row], number) for number, row in enumerate(changed)]
    timed = timed_lines(lines)
    assert len(timed.days) == sum(map(len, logs))
    if one_is_thorough:
        timed = (
            TimedLines()
            if len(logs) == 1
            else timed.brought(Origins({key: settled[key] for key in keys[1:]}))
        )
    told: list[Told] = [*lines.told(origins, apart=timed.subjects), *plans]
    columns = StoryColumns(timed, told, origins)
    plainly = StoryColumns(TimedLines(), [*lines.told(origins), *plans], origins)
    assert [seen(columns.told(each)) for each in columns.newest_first] == [
        seen(plainly.told(each)) for each in plainly.newest_first
    ]
    assert [columns.days[each] for each in columns.newest_first] == [
        columns.told(each)[0][0] for each in columns.newest_first
    ]
    for each in columns.newest_first:
        entry = columns.told(each)
        if not isinstance(entry, ToldPlan):
            assert columns.rows[columns.commits[each]] is entry[3]

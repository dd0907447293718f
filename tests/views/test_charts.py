from __future__ import annotations

from dataclasses import replace
from datetime import date

from rich.console import Console

from okr.operations.showing import Course, Line
from okr.views.charts import chart
from okr.views.round_chart import small_chart

COURSE = Course(
    starts=date(2026, 10, 1), ends=date(2026, 10, 31), today=date(2026, 10, 16),
    points=((date(2026, 10, 1), 0.0), (date(2026, 10, 16), 50.0)),
    levels=(Line("target", 100.0),), expected=(0.0, 100.0), forecast=(100.0, 80.0, 100.0),
    unit="calls", scores=False,
)  # fmt: skip


def drawn(course: Course, width: int = 60) -> list[str]:
    console = Console(width=width, color_system=None)
    return [line.plain.rstrip() for line in chart(console, course, "en")]


def test_everything_has_its_place() -> None:
    lines = drawn(COURSE)
    assert len(lines) == 16
    first = lines[0].index("┤") + 1
    assert lines[0].startswith("target 100 ┤───")
    assert lines[0].endswith("◆")
    assert lines[11].startswith("         0 ┤●")
    # Half the way on the middle day of the cycle: the check-in lies where expected, in the middle of the chart.
    middle = next(line for line in lines[5:7] if "●" in line)
    assert middle.index("●") - first == round(15 / 30 * (60 - first - 1))
    assert {line[-1] for line in lines[1:3]} == {"│"}
    assert lines[13].split() == ["1", "Oct", "today", "31", "Oct"]
    assert lines[14:] == ["● check-in  · expected  ─ target  ┊ today", "◆ forecast with its interval"]


def test_points_outside_the_cycle_stand_at_its_edges() -> None:
    lines = drawn(
        replace(COURSE, points=((date(2026, 9, 1), 0.0), (date(2026, 12, 1), 100.0)), forecast=None)
    )
    assert lines[0].endswith("●")
    assert lines[11].startswith("         0 ┤●")


def test_a_level_course_is_drawn_in_the_middle() -> None:
    flat = replace(
        COURSE, points=((date(2026, 10, 2), 5.0), (date(2026, 10, 9), 5.0)), levels=(), expected=None, forecast=None
    )  # fmt: skip
    lines = drawn(flat)
    assert [number for number, line in enumerate(lines[:12]) if "●" in line] == [6]
    assert lines[0].startswith("6 ┤")
    assert lines[11].startswith("4 ┤")


def test_too_few() -> None:
    assert drawn(replace(COURSE, points=())) == ["No check-in to draw yet."]
    one = replace(COURSE, points=COURSE.points[:1])
    assert drawn(one) == ["Checked in on one day, 1 Oct 2026: a chart begins with two."]


def test_a_cycle_of_one_day() -> None:
    day = date(2026, 10, 1)
    lines = drawn(
        replace(COURSE, starts=day, ends=day, today=day, points=((day, 1.0), (day, 2.0)), forecast=None)
    )
    assert len(lines) == 15


def test_today_outside_the_cycle_is_not_marked() -> None:
    lines = drawn(replace(COURSE, today=date(2026, 12, 1), forecast=None))
    assert not any("┊" in line or "today" in line for line in lines)


def test_long_names_leave_room() -> None:
    named = replace(COURSE, levels=(Line("a-very-long-milestone-name-indeed", 100.0),))
    assert max(map(len, drawn(named, 40))) <= 40


def test_figures_beside_a_narrow_chart_are_whole() -> None:
    high = replace(COURSE, levels=(Line("target", 100000.0),))
    assert drawn(high, 40)[0].startswith("targ… 100,000 ┤")
    assert drawn(high, 24)[0].startswith(" 100,000 ┤")
    assert drawn(high, 18)[0].startswith("100,0… ┤")
    small = list(small_chart(Console(width=24, color_system=None), high, "en", margin=""))
    assert small[0].plain.startswith(" 100,000 │")


def test_hostile_names_are_made_safe() -> None:
    lines = drawn(replace(COURSE, levels=(Line("\x1b[2J[red]", 100.0),)))
    assert "\x1b" not in "".join(lines)
    assert "[red]" in lines[0]

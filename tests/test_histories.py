"""What counts is read at a glance from a log's columns, and is what its records say."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from okr.operations.assessing import assess_owner, readings
from okr.workspace import Workspace
from tests.operations.test_formatting import _InMemory

PLAN = """\
objectives:
  - id: brand
    title: Make our brand known
    formerly: fame
    key_results:
      - {id: visits, title: Visits, from: 1, to: 9, formerly: [hits]}
      - {id: news, title: News, milestones: {begun: 0.3, done: 1}}
      - {id: share, title: Share, at_least: 3}
"""
DATES = st.sampled_from(
    [
        "2026-10-05",
        "2026-10-12",
        '"2026-10-12T09:31:07+02:00"',
        '"2026-10-12T08:00:00+02:00"',
        '"2026-10-19T23:59:59+02:00"',
        "2026-11-01",
    ]
)
ODD_DATES = st.sampled_from(['"2026-10-12T23:00:00-05:00"', '"2026-10-12T00:10:00Z"'])
SUBJECTS = st.sampled_from(["brand/visits", "brand/news", "brand/share", "brand/nothing"])
FORMER = st.sampled_from(["fame/hits", "brand/hits", "fame/news"])
VALUES = st.sampled_from(["", "", "4", "-0", "-0.0", "007", "3.50", "begun", "done", "nowhere"])
CONFIDENCES = st.sampled_from(["", "0", "1", "0.65", "1.0"])
RETRACTS = st.sampled_from(["2026-10-05", '"2026-10-12T09:31:07+02:00"'])


@st.composite
def logs(draw: st.DrawFn) -> str:
    dates = DATES if draw(st.booleans()) else DATES | ODD_DATES
    subjects = SUBJECTS if draw(st.booleans()) else SUBJECTS | FORMER
    retracting = draw(st.integers(0, 3)) == 0
    lines = []
    for _ in range(draw(st.integers(0, 12))):
        line = f"- {{date: {draw(dates)}, kr: {draw(subjects)}"
        if retracting and draw(st.integers(0, 4)) == 0:
            line += f", retracts: {draw(RETRACTS)}"
        else:
            line += "".join(
                f", {key}: {said}"
                for key, said in (("value", draw(VALUES)), ("confidence", draw(CONFIDENCES)))
                if said
            )
        lines.append(line + "}\n")
    return draw(st.sampled_from(["", "# what counts\n", "# a\n# b\n"])) + "".join(lines)


def _opened(log: str, **others: str) -> Workspace:
    files = {
        "okr.yaml": "name: Acme\n",
        "okrs/2026-Q4/growth.yaml": PLAN,
        "checkins/2026-Q4/growth.yaml": log,
    }
    contents = {name: text.encode() for name, text in (files | others).items()}
    return Workspace(_InMemory(contents), as_of=date(2026, 11, 20), title="acme")


def _at_a_glance(workspace: Workspace) -> list[str] | None:
    """What counts at a glance, beside what the records say; None where it takes the records."""
    owner = assess_owner(workspace, workspace.cycle("2026-Q4"), "growth")
    assert owner is not None
    found = []
    for state in owner.objectives[0].key_results:
        glanced = workspace.readings(state.key_result)
        told = readings(workspace.checkins(state.key_result))
        assert state.readings == told
        assert state.checkins == workspace.checkins(state.key_result)
        for record in (each.record for each in state.checkins):
            stands = record.stands
            assert stands == (record.source.path, record.source.place().line)
        if glanced is None:
            return None
        assert repr(glanced) == repr(told)  # a zero that is negative equals one that is not
        found.append(state.key_result.reference.within_log + repr(glanced))
    return found


@given(logs())
@settings(max_examples=200)
def test_what_counts_at_a_glance_is_what_the_records_say(log: str) -> None:
    _at_a_glance(_opened(log))


def test_only_what_is_not_plain_takes_the_records() -> None:
    lines = (
        "- {date: 2026-10-05, kr: brand/visits, value: 2}\n- {date: 2026-10-12, kr: fame/news, value: done}\n"
    )
    assert _at_a_glance(_opened(lines)) is not None
    assert _at_a_glance(_opened("")) is None  # the log is there, and says nothing
    assert (
        _at_a_glance(_opened(lines + "- {date: 2026-10-13, kr: brand/visits, retracts: 2026-10-05}\n"))
        is None
    )
    assert _at_a_glance(_opened(lines + "- {date: 2026-10-13, kr: fame/hits, value: 3}\n")) is None
    offsets = '- {date: "2026-10-13T09:00:00+02:00", kr: brand/visits, value: 3}\n'
    assert _at_a_glance(_opened(lines + offsets)) is not None
    assert _at_a_glance(_opened(lines + offsets + offsets.replace("+02", "+01"))) is None
    org = "teams: [{id: growth, name: Growth, formerly: [marketing]}]\n"
    both = {"org.yaml": org, "checkins/2026-Q4/marketing.yaml": lines}
    assert _at_a_glance(_opened(lines, **both)) is None

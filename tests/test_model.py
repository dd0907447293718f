from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from okr import model
from okr.model import MetricKind, Moment, RelativeTarget


@pytest.mark.parametrize("number", [0, -1, 1.5, 1e15, -1e15])
def test_a_finite_number_is_itself(number: float) -> None:
    assert model.read_number(number) == number


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "true is not a number"),
        (None, "nothing is not a number"),
        ([], "a list is not a number"),
        ("many", "“many” is not a number"),
        ("100 000", "“100 000” is not a number: write 100000, without spaces or quotes"),
        ("1_000", "“1_000” is not a number: write 1000, without spaces or quotes"),
        ("100\u202f000", "“100\u202f000” is not a number: write 100000, without spaces or quotes"),
        ("100,000", "“100,000” is not a number: write 100000, without separators"),
        ("0,5", "“0,5” is not a number: write 0.5, with a point"),
        ("45%", '“45%” is not a number: write 45 and `unit: "%"`, or +45% for a change of the baseline'),
        (float("inf"), "this number is too large, or none at all"),
        (float("nan"), "this number is too large, or none at all"),
        (10**400, "this number is too large, or none at all"),
        (-1.1e15, "this number is too large, or none at all"),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_number_is_quoted_with_how_to_write_it(value: object, message: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        model.read_number(value)
    assert raised.value.message() == message


@pytest.mark.parametrize(
    ("value", "target"),
    [
        (5, 5),
        ("+30%", RelativeTarget(0.30)),
        ("-20 %", RelativeTarget(-0.20)),
        ("\u221212,5%", RelativeTarget(-0.125)),
        (RelativeTarget(0.1), RelativeTarget(0.1)),
    ],
)
def test_a_target_is_a_number_or_a_change_of_the_baseline(value: object, target: object) -> None:
    assert model.read_target(value) == target


@pytest.mark.parametrize("value", ["30%", "+x%", "+%", "++3%", True])
def test_anything_else_is_no_target(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        model.read_target(value)


@pytest.mark.parametrize(("share", "written"), [(0.3, "+30%"), (-0.125, "-12.5%")])
def test_a_change_is_written_as_people_do(share: float, written: str) -> None:
    assert str(RelativeTarget(share)) == written


TWO_HOURS_EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "moment", "written"),
    [
        ("2026-10-05", Moment(date(2026, 10, 5)), "2026-10-05"),
        (date(2026, 10, 5), Moment(date(2026, 10, 5)), "2026-10-05"),
        (
            "2026-10-12T09:31:07+02:00",
            Moment(date(2026, 10, 12), datetime(2026, 10, 12, 9, 31, 7, tzinfo=TWO_HOURS_EAST)),
            "2026-10-12T09:31:07+02:00",
        ),
        (
            "2026-10-12 09:31z",
            Moment(date(2026, 10, 12), datetime(2026, 10, 12, 9, 31, tzinfo=UTC)),
            "2026-10-12T09:31:00+00:00",
        ),
        (Moment(date(2026, 10, 5)), Moment(date(2026, 10, 5)), "2026-10-05"),
    ],
    ids=str,
)
def test_a_moment_is_a_day_or_a_time_with_its_offset(value: object, moment: Moment, written: str) -> None:
    assert model.read_moment(value) == moment
    assert str(model.read_moment(value)) == written


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-10-12T09:31", "the time “2026-10-12T09:31” has no offset: write it as 2026-10-12T09:31+00:00"),
        ("2026-10-12 09:31", "the time “2026-10-12 09:31” has no offset: write it as 2026-10-12T09:31+00:00"),
        ("2026-10-12T25:00Z", "there is no such time as “2026-10-12T25:00Z”"),
        ("2026-13-01", "there is no day 2026-13-01"),
        ("12.10.2026", "“12.10.2026” is not a day: write it as 2026-10-05"),
        (20261012, "“20261012” is not a day: write it as 2026-10-05"),
        (None, "nothing is not a day: write it as 2026-10-05"),
    ],
    ids=str,
)
def test_what_is_no_moment_is_quoted(value: object, message: str) -> None:
    with pytest.raises(PydanticCustomError) as raised:
        model.read_moment(value)
    assert raised.value.message() == message


def test_moments_sort_by_the_day_as_written_then_by_the_time() -> None:
    day = model.read_moment("2026-10-12")
    early = model.read_moment("2026-10-12T00:30:00+14:00")
    late = model.read_moment("2026-10-12T09:00:00Z")
    next_day = model.read_moment("2026-10-13T00:00:00+14:00")
    assert sorted([next_day, late, early, day], key=lambda moment: moment.order) == [
        day, early, late, next_day,
    ]  # fmt: skip


@pytest.mark.parametrize(("value", "read"), [("a-1", "a-1"), (12, "12"), ("0", "0")])
def test_an_id(value: object, read: str) -> None:
    assert model.read_id(value) == read


@pytest.mark.parametrize(
    "value", ["A", "a_b", "-a", "a-", "a--b", "", "é", "a" * 101, "a\n", None, 1.5, True, []]
)
def test_no_id(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        model.read_id(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "nothing"),
        (True, "true"),
        ({}, "a mapping"),
        ([], "a list"),
        ("a", "“a”"),
        (1.5, "“1.5”"),
        ("x" * 60, "“" + "x" * 60 + "”"),
        ("x" * 61, "“" + "x" * 59 + "…”"),
    ],
)
def test_a_value_is_quoted_short(value: object, shown: str) -> None:
    assert model.quoted(value) == shown


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ({"from": 1, "to": 2}, MetricKind.NUMBER),
        ({"to": "+30%"}, MetricKind.NUMBER),
        ({"at_least": 1}, MetricKind.BOUNDS),
        ({"at_most": 1}, MetricKind.BOUNDS),
        ({"milestones": {"done": 1.0}}, MetricKind.MILESTONES),
        ({"kpi": "visits", "to": 3}, MetricKind.KPI),
        ({"kpi": "visits", "at_least": 3}, MetricKind.KPI),
        ({"from": 1}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_kind_of_metric_follows_from_what_the_plan_says(says: dict[str, object], kind: object) -> None:
    assert model.KeyResult.model_validate({"id": "a", "title": "b", **says}).kind is kind


def test_what_a_file_leaves_out_has_a_meaning() -> None:
    settings = model.Settings.model_validate({})
    assert (settings.year_starts, settings.checkin_every, settings.language) == (1, 7, "en")
    assert (settings.limits.objectives, settings.limits.key_results) == (
        model.Limit(min=2, max=3), model.Limit(min=2, max=5),
    )  # fmt: skip
    key_result = model.KeyResult.model_validate({"id": "a", "title": "b", "from": "unknown", "tags": "x"})
    assert (key_result.start, key_result.weight, key_result.tags) == ("unknown", 1, ("x",))
    objective = model.Objective.model_validate({"id": "a", "title": "b", "supports": "c/d"})
    assert (objective.type, objective.supports) == (model.ObjectiveType.ASPIRATIONAL, ("c/d",))
    record = model.LogRecord.model_validate({"date": "2026-10-05", "retracts": "2026-10-04"})
    assert record.retracts == Moment(date(2026, 10, 4))
    assert model.LogRecord.model_validate({"date": "2026-10-05", "retracts": None}).retracts is None


def test_unknown_keys_are_refused_and_nothing_can_be_changed() -> None:
    with pytest.raises(ValidationError):
        model.Team.model_validate({"id": "a", "boss": "b"})
    team = model.Team(id="a")
    with pytest.raises(AttributeError, match="frozen"):
        del team.id
    with pytest.raises(AttributeError, match="frozen"):
        team.id = "b"  # type: ignore[misc] # what is tested

"""What is read without pydantic is just what pydantic reads, and no more; whatever it refuses is refused."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from okr import model

KINDS: tuple[type[model.FileModel], ...] = (
    model.Limit, model.Limits, model.CheckIn, model.Override, model.Settings, model.Team, model.Person, model.Org,
    model.Kpi, model.Kpis, model.Initiative, model.KeyResult, model.Objective, model.Plan, model.CycleFacts,
    model.LogRecord,
)  # fmt: skip

TEXTS = (
    "", " ", "\u00a0", "a", "a-b", "A", "-a", "a\n", "é", "\ud800", "unknown", "start", "end", "en", "aspirational",
    "committed", "closed", "error", "carry", "+30%", "-20 %", "\u221212,5%", "30%", "2026-10-05", "2026-02-30",
    "2026-10-05T09:31:07+02:00", "2026-10-05 09:31", "0001-01-01T00:00+14:00", "a/b", "a" * 101, "1", "true",
)  # fmt: skip
NUMBERS = (
    0,
    1,
    -1,
    2,
    7,
    12,
    13,
    366,
    367,
    0.5,
    1.0,
    1e15,
    1.1e15,
    10**400,
    float("inf"),
    float("nan"),
    -0.0,
)
scalars = st.sampled_from((*TEXTS, *NUMBERS, None, True, False))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(("a", "done", "OKR4", "\ud800")), inner, max_size=2),
    ),
    max_leaves=4,
)
RIGHT: dict[str, tuple[object, ...]] = {
    "id": ("a", "a-b", 7), "title": ("a",), "date": ("2026-10-05", "2026-10-05T09:31:07+02:00"), "min": (0, 1),
    "max": (1, 3), "name": ("a",), "paths": ("a", ["a", "b"]), "rules": ({"OKR4": "off"}, {}), "from": (1, "unknown"),
    "to": (2, "+30%"), "weight": (0, 2.5), "grade": (0, 1, 0.7), "next": ("keep",), "type": ("committed",),
    "state": ("closed",), "starts": ("2026-10-05",), "milestones": ({"done": 1.0},), "done": (True,), "push": (False,),
    "supports": ("a/b", ["a/b"]), "formerly": ("a", ["b", 3]), "value": (1, 1.5, "live", None), "language": ("fr",),
}  # fmt: skip
"""Values that stand in files, so that many cases are right altogether."""
INNER: dict[str, type[model.FileModel]] = {
    "teams": model.Team, "people": model.Person, "kpis": model.Kpi, "initiatives": model.Initiative,
    "key_results": model.KeyResult, "objectives": model.Objective, "overrides": model.Override,
}  # fmt: skip


@st.composite
def written(draw: st.DrawFn, kind: type[model.FileModel]) -> dict[str, Any]:
    """What a file of a kind may say: mostly what fits, sometimes anything."""
    found: dict[str, Any] = {}
    required = {
        key
        for key in kind.file_keys()
        if key in {"id", "title", "date", "min", "max", "paths", "rules", "objectives"}
    }
    keys = draw(st.sets(st.sampled_from((*kind.file_keys(), "colour")), max_size=4)) | (
        required if draw(st.booleans()) else set()
    )
    for key in sorted(keys):
        if draw(st.integers(0, 7)) == 0:
            found[key] = draw(values)
        elif key in INNER and kind is not model.Limits:
            found[key] = draw(st.lists(written(INNER[key]), max_size=2))
        else:
            found[key] = draw(st.sampled_from(RIGHT.get(key, ("a", 1, None, True, 0.5, ["a"]))))
    return found


@given(st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(st.just(kind), written(kind))))
@settings(max_examples=300)
def test_what_is_read_without_pydantic_is_what_pydantic_reads(
    case: tuple[type[model.FileModel], dict[str, Any]],
) -> None:
    kind, said = case
    plain = kind.read(said)
    try:
        checked = kind.check(said)
    except ValidationError:
        assert plain is None
        return
    if plain is None:  # rare enough to be left to pydantic
        assert isinstance(said.get("value"), bool) or "\\ud800" in repr(said)
        return
    assert repr(plain) == repr(checked)  # which tells 1 from 1.0 and from true, too
    assert plain.model_fields_set == checked.model_fields_set


def test_kinds_can_be_kept_compared_and_copied() -> None:
    team = model.Team(id="a", name="A", parent=None)
    pickled = pickle.loads(pickle.dumps(team))
    assert (pickled, copy.deepcopy(team)) == (team, team)
    assert team == model.Team(id="a", name="A")
    assert hash(team) == hash(model.Team(id="a", name="A"))
    assert team != model.Person(id="a", name="A")
    assert (team.model_copy(update={"id": "b"}), team.id) == (model.Team(id="b", name="A"), "a")
    assert repr(team) == "Team(id='a', name='A', parent=None, lead=None, formerly=())"
    assert model.Team.model_validate(team) is team


def test_a_kind_that_lacks_what_it_must_say_is_refused_by_pydantic() -> None:
    with pytest.raises(ValidationError, match="max"):
        model.Limits.model_validate({"objectives": {"min": 2}})
    with pytest.raises(ValidationError):
        model.Limit.model_validate("2 to 3")


def test_settings_are_told_as_json_has_them() -> None:
    said = model.Settings.model_validate(
        {"rules": {"OKR4": "off"}, "overrides": [{"paths": "a", "rules": {}}]}
    )
    assert said.model_dump() == {
        "name": None, "year_starts": 1, "year_named_after": "end",
        "limits": {"objectives": {"min": 2, "max": 3}, "key_results": {"min": 2, "max": 5}},
        "checkin_every": 7, "checkin": {"push": False}, "language": "en", "rules": {"OKR4": "off"},
        "overrides": [{"paths": ["a"], "rules": {}}],
    }  # fmt: skip

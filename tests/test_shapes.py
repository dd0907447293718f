from __future__ import annotations

import pytest

from okr import model
from okr.diagnostics import Place, Problem
from okr.documents import LocatedMapping, read_document
from okr.model import FileModel, MetricKind
from okr.shapes import expect_mapping, log_items, shape

PLAN = """\
objectives:
  - id: brand
    title: Make our brand known
    key_results:
      - {id: visits, title: Visits, from: 1, to: 2}
"""


def shaped(
    text: str, kind: type[FileModel]
) -> tuple[FileModel | None, LocatedMapping, list[tuple[str, Place, str, str | None]]]:
    document = read_document("file.yaml", text.encode())
    data, _ = expect_mapping(document, "file.yaml")
    assert data is not None
    found, kept, problems = shape(document, kind, data)
    return (
        found,
        kept,
        [(each.rule, each.finding.place, each.finding.message, each.finding.hint) for each in problems],
    )


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        (
            "name: A\nyear_strats: 2", model.Settings,
            ("unknown-key", Place(2, 1, 2, 12), "this mapping has no key “year_strats”", "did you mean `year_starts`?"),
        ),
        (
            "name: A\nlimits: {objectives: {min: 1, max: 2, most: 3}}", model.Settings,
            ("unknown-key", Place(2, 39, 2, 43), "this mapping has no key “most”", "known here: max, min"),
        ),
        (
            "limits: {zzz: 1}", model.Settings,
            ("unknown-key", Place(1, 10, 1, 13), "this mapping has no key “zzz”", "known here: key_results, objectives"),
        ),
        (
            "kpis:\n  - {id: a, name: }", model.Kpis,
            ("wrong-type", Place(2, 13, 2, 17), "`name` is empty", "give it a value, or remove the key"),
        ),
        (
            "name: 12", model.Settings,
            ("wrong-type", Place(1, 7, 1, 9), "`name`: “12” is not a text", "put it in quotes if it is meant as text"),
        ),
        ("name: ' '", model.Settings, ("wrong-type", Place(1, 7, 1, 10), "`name`: this text is empty", None)),
        (
            "language: de", model.Settings,
            ("bad-value", Place(1, 11, 1, 13), "`language`: “de” is not one of its values", "write en or fr"),
        ),
        (
            "rules: {OKR101: loud}", model.Settings,
            (
                "bad-value", Place(1, 17, 1, 21), "`OKR101`: “loud” is not one of its values",
                "write error, warning, info or off",
            ),
        ),
        (
            "checkin_every: 1.5", model.Settings,
            ("wrong-type", Place(1, 16, 1, 19), "`checkin_every`: “1.5” is not a whole number", "write it as a number of days, such as 7"),
        ),
        (
            "checkin_every: 0", model.Settings,
            ("bad-value", Place(1, 16, 1, 17), "`checkin_every`: “0” is less than 1", "write 1 or more"),
        ),
        (
            "teams: 3", model.Org,
            ("wrong-type", Place(1, 8, 1, 9), "`teams` must be a list, not “3”", "write each item on a line of its own after `- `"),
        ),
        (
            "teams: [company]", model.Org,
            ("wrong-type", Place(1, 9, 1, 16), "this item must be a mapping, not “company”", "write `id: company`, and what else there is to say of it below"),
        ),
        (
            "teams:\n  - {id: A Team}", model.Org,
            ("bad-value", Place(2, 10, 2, 16), "`id`: “A Team” is no id", "write a-team, in lower-case letters, digits and hyphens"),
        ),
        (
            "teams:\n  - {name: A}", model.Org,
            ("missing-key", Place(2, 5, 2, 14), "this mapping has no `id`", "add `id:`"),
        ),
        (
            "people:\n  - {id: a, email: [b, 3]}", model.Org,
            ("wrong-type", Place(2, 24, 2, 25), "this item: “3” is not a text", "put it in quotes if it is meant as text"),
        ),
        (
            "starts: 2026-02-30", model.CycleFacts,
            ("bad-value", Place(1, 9, 1, 19), "`starts`: there is no day 2026-02-30", "February 2026 has 28 days"),
        ),
        (
            "starts: soon", model.CycleFacts,
            ("bad-value", Place(1, 9, 1, 13), "`starts`: “soon” is not a day", "write it as 2026-10-05"),
        ),
        (
            "plan: []", model.Plan,
            ("missing-key", Place(1, 1, 1, 9), "this mapping has no `objectives`", "write `objectives:` and the objectives below it"),
        ),
        (
            PLAN.replace("from: 1", "from: 61 000"), model.Plan,
            ("wrong-type", Place(5, 43, 5, 49), "`from`: “61 000” is not a number", "write 61000, without spaces or quotes"),
        ),
        (
            PLAN.replace("to: 2", "to: 1e400"), model.Plan,
            ("wrong-type", Place(5, 50, 5, 55), "`to`: this number is too large, or none at all", "write a number, such as 61000 or 4.5"),
        ),
        (
            PLAN.replace("to: 2", "to: 2, initiatives: [{title: x, done: maybe}]"), model.Plan,
            ("wrong-type", Place(5, 84, 5, 89), "`done`: “maybe” is neither true nor false", "write true or false"),
        ),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, str) else "",
)  # fmt: skip
def test_each_mistake_is_one_problem_where_it_stands(
    text: str, kind: type[FileModel], problem: tuple[str, Place, str, str | None]
) -> None:
    _, _, problems = shaped(text, kind)
    assert problem in problems
    assert [each for each in problems if each[0] != "unknown-key"] == [problem] or problems == [problem]


def test_only_the_smallest_part_that_cannot_be_read_is_left_out() -> None:
    found, kept, problems = shaped(
        PLAN
        + """\
      - {id: launch, milestones: {done: 1}}
      - {id: hours, title: Hours, from: x, to: 4, weight: heavy}
  - {title: No id}
  - id: speed
    title: Be fast
    supports: {a: b}
""",
        model.Plan,
    )
    assert isinstance(found, model.Plan)
    assert [objective.id for objective in found.objectives] == ["brand", "speed"]
    assert [each.id for each in found.objectives[0].key_results] == ["visits", "hours"]
    hours = found.objectives[0].key_results[1]
    assert (hours.start, hours.target, hours.weight, hours.kind) == (None, 4, 1, MetricKind.NUMBER)
    assert kept["objectives"][0]["key_results"][1].damaged == {"from", "weight"}
    assert kept["objectives"][1].damaged == {"supports"}
    assert sorted((rule, place.line) for rule, place, _, _ in problems) == [
        ("missing-key", 6), ("missing-key", 8), ("wrong-type", 7), ("wrong-type", 7), ("wrong-type", 11),
    ]  # fmt: skip


def test_what_stands_under_a_misspelt_key_is_read_as_what_was_meant() -> None:
    text = "objectivs:\n  - id: brand\n    titel: Be first\n    key_results:\n      - {id: visits, title: Visits, frm: x, to: 3}\n"
    found, _, problems = shaped(text, model.Plan)
    assert isinstance(found, model.Plan)
    assert found.objectives[0].title == "Be first"
    assert found.objectives[0].key_results[0].target == 3
    assert [(rule, place.line, hint) for rule, place, _, hint in problems] == [
        ("unknown-key", 1, "did you mean `objectives`?"),
        ("unknown-key", 3, "did you mean `title`?"),
        ("unknown-key", 5, "did you mean `from`?"),
        ("wrong-type", 5, "write a number, or `unknown` until somebody has measured it"),
    ]


def test_a_missing_key_whose_value_could_not_be_read_is_no_second_problem() -> None:
    found, _, problems = shaped(PLAN.replace("id: visits", "id: [x]"), model.Plan)
    assert isinstance(found, model.Plan)
    assert found.objectives[0].key_results == ()
    assert [(rule, message) for rule, _, message, _ in problems] == [
        ("wrong-type", "`id`: a list is not a text")
    ]


def test_nothing_is_left_of_a_file_without_what_it_must_have() -> None:
    found, kept, problems = shaped("objectives: 3\n", model.Plan)
    assert found is None
    assert kept.damaged == {"objectives"}
    assert [rule for rule, *_ in problems] == ["wrong-type"]


@pytest.mark.parametrize(
    ("text", "as_mapping", "as_list"),
    [
        ("", True, True),
        ("a: 1", True, "“"),
        ("- {}", "a list", True),
        ("word", "“word”", "“word”"),
        ("12", "“12”", "“12”"),
    ],
)
def test_the_root_is_what_the_file_is_to_be(text: str, as_mapping: bool | str, as_list: bool | str) -> None:
    document = read_document("file.yaml", text.encode())
    mapping, problems = expect_mapping(document, "file.yaml")
    assert (mapping is not None) is (as_mapping is True)
    assert [each.finding.message for each in problems] == (
        [] if as_mapping is True else [f"file.yaml must be a mapping of keys to values, not {as_mapping}"]
    )
    expected = "a mapping" if text == "a: 1" else as_list
    assert [each.finding.message for each in log_items(document) if isinstance(each, Problem)] == (
        [] if as_list is True else [f"a log must be a list, one item a line, not {expected}"]
    )

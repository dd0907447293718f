"""What files name: where it is defined, every place that refers to it, and what stands at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Place
from okr.operations.editor.things import (
    Kind,
    Mention,
    Role,
    Thing,
    definition_of,
    mention_at,
    mentions_in,
    mentions_of,
)

if TYPE_CHECKING:
    from okr.workspace import Workspace
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
FILES = {
    "org.yaml": """\
        teams:
          - {id: company, lead: ann}
          - {id: marketing, formerly: [sales], parent: company}
        people:
          - {id: ann, team: company, formerly: anna}
        """,
    "kpis.yaml": "kpis:\n  - {id: mau, formerly: [users], name: Users, owner: sales}\n",
    "checkins/kpis.yaml": "- {date: 2026-10-01, kpi: users, value: 3, by: anna}\n",
    "okrs/2026/company.yaml": """\
        objectives:
          - id: lead
            formerly: [first]
            title: Lead
            key_results:
              - {id: share, title: Share, from: 1, to: 2, owner: ann, formerly: [part]}
        """,
    PLAN: """\
        objectives:
          - id: brand
            title: Brand
            owner: anna
            supports: 2026/company/first
            depends_on: ["sales/speed", '2026/company/lead/part', "\\x73ales/speed", gone/away/now, no reference, 7]
            key_results:
              - id: visits
                title: Visits
                kpi: users
                initiatives:
                  - {title: Do, owner: ann}
          - {id: 2026, title: A number for an id, supports: marketing/brand}
        """,
    "checkins/2026-Q4/sales.yaml": """\
        - {date: 2026-10-01, kr: brand/visits, value: 3, by: ann}
        - {date: 2026-10-02, kr: brand, confidence: 0.5}
        - not a mapping
        """,
}


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(FILES)


def told(mention: Mention) -> str:
    return f"{mention.path}:{mention.place.line}:{mention.place.column} {mention.role.value}"


def in_plan(workspace: Workspace) -> list[tuple[str, str, str]]:
    document = workspace.document(PLAN)
    assert document is not None
    found = []
    for each in mentions_in(workspace, document):
        assert each.place.line == each.place.end_line
        source = document.line(each.place.line)[each.place.column - 1 : each.place.end_column - 1]
        found.append((each.thing.name, each.role.value, source))
    return found


def test_a_plan_names_things_by_their_present_names_at_the_place_of_their_ids(workspace: Workspace) -> None:
    assert in_plan(workspace) == [
        ("2026-Q4/marketing/brand", "definition", "brand"),
        ("ann", "reference", "anna"),
        ("company", "reference", "company"),
        ("2026/company/lead", "reference", "first"),
        ("marketing", "reference", "sales"),
        ("2026-Q4/marketing/speed", "reference", "speed"),
        ("company", "reference", "company"),
        ("2026/company/lead", "reference", "lead"),
        ("2026/company/lead/share", "reference", "part"),
        ("2026-Q4/marketing/speed", "reference", '"\\x73ales/speed"'),
        ("marketing", "reference", '"\\x73ales/speed"'),
        ("gone", "reference", "gone"),
        ("2026-Q4/gone/away", "reference", "away"),
        ("2026-Q4/gone/away/now", "reference", "now"),
        ("2026-Q4/marketing/brand/visits", "definition", "visits"),
        ("mau", "reference", "users"),
        ("ann", "reference", "ann"),
        ("2026-Q4/marketing/2026", "definition", "2026"),
        ("marketing", "reference", "marketing"),
        ("2026-Q4/marketing/brand", "reference", "brand"),
    ]


@pytest.mark.parametrize(
    ("thing", "where"),
    [
        (
            Thing(Kind.OBJECTIVE, "2026/company/lead"),
            [f"{PLAN}:5:28 reference", f"{PLAN}:6:47 reference", "okrs/2026/company.yaml:2:9 definition",
             "okrs/2026/company.yaml:3:16 former id"],
        ),
        (
            Thing(Kind.KEY_RESULT, "2026-Q4/marketing/brand/visits"),
            ["checkins/2026-Q4/sales.yaml:1:32 reference", f"{PLAN}:8:13 definition"],
        ),
        (
            Thing(Kind.OWNER, "marketing"),
            ["kpis.yaml:2:54 reference", f"{PLAN}:6:19 reference", f"{PLAN}:6:59 reference",
             f"{PLAN}:13:53 reference", "org.yaml:3:10 definition", "org.yaml:3:32 former id"],
        ),
        (
            Thing(Kind.KPI, "mau"),
            ["checkins/kpis.yaml:1:27 reference", "kpis.yaml:2:10 definition", "kpis.yaml:2:26 former id",
             f"{PLAN}:10:14 reference"],
        ),
        (Thing(Kind.OWNER, "nobody"), []),
    ],
    ids=lambda value: value.name if isinstance(value, Thing) else "",
)  # fmt: skip
def test_every_place_that_names_a_thing_under_any_of_its_ids(
    workspace: Workspace, thing: Thing, where: list[str]
) -> None:
    assert [told(each) for each in mentions_of(workspace, thing)] == where


@pytest.mark.parametrize(
    ("line", "column", "name"),
    [
        (2, 9, "2026-Q4/marketing/brand"),
        (2, 14, "2026-Q4/marketing/brand"),  # right behind it
        (2, 6, None),
        (5, 15, "2026/company/lead"),  # the cycle: what the whole names
        (5, 21, "company"),
        (5, 31, "2026/company/lead"),
        (6, 18, "2026-Q4/marketing/speed"),  # the quote
        (6, 20, "marketing"),
        (6, 53, "2026/company/lead/share"),
        (6, 65, "2026-Q4/marketing/speed"),  # not told apart: the last thing that it names
        (3, 13, None),
    ],
)
def test_what_stands_at_a_place(workspace: Workspace, line: int, column: int, name: str | None) -> None:
    document = workspace.document(PLAN)
    assert document is not None
    found = mention_at(workspace, document, line, column)
    assert (None if found is None else found.thing.name) == name


def test_where_things_are_defined(workspace: Workspace) -> None:
    found = {
        thing: definition_of(workspace, thing)
        for thing in (
            Thing(Kind.OBJECTIVE, "2026/company/lead"),
            Thing(Kind.KEY_RESULT, "2026/company/lead/share"),
            Thing(Kind.OWNER, "ann"),
            Thing(Kind.OWNER, "marketing"),
            Thing(Kind.KPI, "mau"),
            Thing(Kind.KPI, "none"),
            Thing(Kind.OWNER, "gone"),
            Thing(Kind.OBJECTIVE, "2026-Q4/gone/away"),
        )
    }
    assert list(found.values()) == [
        ("okrs/2026/company.yaml", Place(2, 9, 2, 13)),
        ("okrs/2026/company.yaml", Place(6, 14, 6, 19)),
        ("org.yaml", Place(5, 10, 5, 13)),
        ("org.yaml", Place(3, 10, 3, 19)),
        ("kpis.yaml", Place(2, 10, 2, 13)),
        None,
        None,
        None,
    ]


def test_a_plan_of_which_little_can_be_read_still_tells_what_it_names(open_workspace: OpenWorkspace) -> None:
    workspace = open_workspace(
        {PLAN: "objectives:\n  - {id: brand, supports: a/b, key_results: 3, owner: {}}\n"}
    )
    assert [name for name, _, _ in in_plan(workspace)] == ["2026-Q4/marketing/brand", "a", "2026-Q4/a/b"]


def test_files_that_okr_does_not_read_name_nothing(open_workspace: OpenWorkspace) -> None:
    files = {
        "okrs/2026-Q4/Not An Id.yaml": "objectives: [{id: a}]\n",
        "okr.yaml": "name: Acme\n",
        "x.yaml": "id: a\n",
    }
    workspace = open_workspace(files)
    for path in files:
        document = workspace.document(path)
        assert document is not None
        assert mentions_in(workspace, document) == ()
    assert Role.REFERENCE.value == "reference"

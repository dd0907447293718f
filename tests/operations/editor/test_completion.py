"""What may be typed where the cursor is, `|`, in files that are rarely whole while one types."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.operations.editor.completion import MOST_OFFERED, Choices, Offer, choices_at
from okr.operations.editor.cursor import Cursor, cursor_at
from okr.sources import Folder
from okr.workspace import Workspace
from tests.cli.conftest import SMALL_WORKSPACE

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
FILES = SMALL_WORKSPACE | {
    "kpis.yaml": "kpis:\n  - {id: mau, name: Monthly users, unit: users}\n  - {id: nps, name: NPS}\n",
    "okrs/2026-Q3/marketing.yaml": "objectives:\n  - {id: old, title: What was}\n",
    "okrs/2027/company.yaml": "objectives:\n  - {id: next, title: What comes}\n",
    "okrs/later/bob.yaml": "objectives:\n  - {id: some-day, title: Some day}\n",
    "okrs/2026-Q4/bob.yaml": "objectives:\n  - {id: loved, title: Be loved, tags: [care, craft]}\n",
}


@pytest.fixture
def workspace(open_workspace: OpenWorkspace) -> Workspace:
    return open_workspace(FILES)


def at(path: str, marked: str) -> tuple[Cursor | None, str]:
    offset = marked.index("|")
    text = marked[:offset] + marked[offset + 1 :]
    return cursor_at(path, text, offset), text


def chosen(workspace: Workspace, path: str, marked: str) -> Choices:
    cursor, text = at(path, marked)
    assert cursor is not None
    assert text[cursor.start :].startswith(cursor.typed)
    return choices_at(workspace, path, cursor)


def labels(workspace: Workspace, path: str, marked: str) -> list[str]:
    return [each.label for each in chosen(workspace, path, marked).found]


HEAD = "objectives:\n  - id: x\n    title: X\n"

KEYS = {
    "an empty plan": (PLAN, "|", ["objectives:"]),
    "the first key of an item": (PLAN, "objectives:\n  - |", ["id: ", "title: ", "why: "]),
    "a key on a line of its own": (PLAN, f"{HEAD}    w|", ["why: "]),
    "a key above others": (PLAN, f"{HEAD}    su|\n    key_results: []\n", ["supports: "]),
    "a key that has its colon": (PLAN, f"{HEAD}    su|pports: a/b\n", ["supports"]),
    "a list of things within": (PLAN, f"{HEAD}    key_r|", ["key_results:"]),
    "within braces": (PLAN, f"{HEAD}    key_results:\n      - {{id: a, mile|}}\n", ["milestones: "]),
    "within braces not closed yet": (PLAN, f"{HEAD}    key_results:\n      - {{id: a, mile|", ["milestones: "]),
    "within braces over two lines": (PLAN, f"{HEAD}    key_results:\n      - {{id: a,\n         gra|}}\n", ["grade: "]),
    "an initiative's": (PLAN, f"{HEAD}    key_results:\n      - id: a\n        initiatives:\n          - li|", ["link: "]),
    "a measurement's KPI, in no other log": ("checkins/kpis.yaml", "- {k|}", ["kpi: "]),
    "a check-in's key result, in no other log": (LOG, "- {k|}", ["kr: "]),
    "a log's line": (LOG, "- {date: 2026-10-05, conf|", ["confidence: "]),
    "the settings": ("okr.yaml", "name: Acme\nlang|", ["language: "]),
    "within a mapping of the settings": ("okr.yaml", "limits:\n  obj|", ["objectives:"]),
    "a cycle's facts": ("okrs/2026-Q4/cycle.yaml", "sta|", ["starts: ", "state: "]),
    "CRLF": (PLAN, f"{HEAD}    w|\n".replace("\n", "\r\n"), ["why: "]),
    "though a line above is broken": (PLAN, f"{HEAD}    : [}}\n    w|", ["why: "]),
    "though lines below are broken": (PLAN, f"{HEAD}    w|\n   ] ]\n  - {{\n", ["why: "]),
}  # fmt: skip


@pytest.mark.parametrize(("path", "marked", "texts"), KEYS.values(), ids=KEYS)
def test_keys(workspace: Workspace, path: str, marked: str, texts: list[str]) -> None:
    found = chosen(workspace, path, marked)
    assert [each.text for each in found.found][: len(texts)] == texts
    assert {each.offer for each in found.found} == {Offer.KEY}
    assert found.whole


def test_a_key_that_is_there_is_not_offered_again_and_each_says_what_it_means(workspace: Workspace) -> None:
    found = chosen(workspace, PLAN, f"{HEAD}    |").found
    assert {"id", "title"}.isdisjoint(each.label for each in found)
    (why,) = (each for each in found if each.label == "why")
    assert (why.detail, why.told) == ("", "Why it matters now.")
    first = chosen(workspace, PLAN, "objectives:\n  - |").found[0]
    assert (first.label, first.detail) == ("id", "required")


VALUES = {
    "people": (PLAN, f"{HEAD}    owner: |", ["alice", "bob"]),
    "people whose id begins so": (PLAN, f"{HEAD}    owner: bo|b # yes", ["bob"]),
    "whoever a team is led by": ("org.yaml", "teams:\n  - {id: a, lead: |}", ["alice", "bob"]),
    "teams": ("org.yaml", "teams:\n  - {id: company, parent: |}", ["marketing"]),
    "a person's team": ("org.yaml", "people:\n  - id: a\n    team: |", ["company", "marketing"]),
    "who cares for a KPI": ("kpis.yaml", "kpis:\n  - id: a\n    owner: |", ["alice", "bob", "company", "marketing"]),
    "KPIs": (PLAN, f"{HEAD}    key_results:\n      - {{id: a, kpi: |", ["mau", "nps"]),
    "KPIs in their log": ("checkins/kpis.yaml", "- {date: 2026-11-23, kpi: |, value: 3}", ["mau", "nps"]),
    "a log's key results": (LOG, "- {date: 2026-11-23, kr: |", ["brand/visits", "brand/launch", "speed/hours", "speed/uptime"]),
    "a log's author": (LOG, "- {by: |}", ["alice", "bob"]),
    "milestones": (LOG, "- {kr: brand/launch, value: |}", ["signed", "beta", "live"]),
    "no milestones of a number": (LOG, "- {kr: brand/visits, value: |}", []),
    "today": (LOG, "- {date: |", ["2026-11-23"]),
    "an objective's type": (PLAN, f"{HEAD}    type: |", ["aspirational", "committed"]),
    "yes or no": (PLAN, f"{HEAD}    key_results:\n      - id: a\n        initiatives: [{{title: T, done: |", ["true", "false"]),
    "a baseline that nobody knows": (PLAN, f"{HEAD}    key_results:\n      - id: a\n        from: |", ["unknown"]),
    "units": (PLAN, f"{HEAD}    key_results:\n      - id: a\n        unit: |", ["users", "visits", "hours", "%"]),
    "tags": (PLAN, f"{HEAD}    tags: [|]", ["care", "craft"]),
    "a reference by a word of its title": (PLAN, f"{HEAD}    supports: [place|]", ["2026/company/team"]),
    "a person by name": (PLAN, f"{HEAD}    owner: marti|", ["alice"]),
    "check-ins to be taken back, the latest first": (LOG, "- {kr: brand/visits, retracts: |}", ["2026-10-12", "2026-10-05"]),
    "who plans": ("okrs/2026-Q4/cycle.yaml", "owners: [c|]", ["alice", "company"]),
    "a cycle's state": ("okrs/2026-Q4/cycle.yaml", "state: |", ["planning", "active", "closed"]),
    "severities": ("okr.yaml", "rules: {OKR308: |}", ["error", "warning", "info", "off"]),
    "a rule by its name": ("okr.yaml", "rules:\n  long-t|", ["OKR415 long-title"]),
    "a rule that is not named yet, in an override": (
        "okr.yaml", "overrides:\n  - paths: a\n    rules: {OKR415: off, long-title|}", [],
    ),
    "a rule in an override": ("okr.yaml", "overrides:\n  - paths: a\n    rules: {long-title|}", ["OKR415 long-title"]),
    "nothing for words of one's own": (PLAN, "objectives:\n  - id: x\n    title: b|", []),
}  # fmt: skip


@pytest.mark.parametrize(("path", "marked", "wanted"), VALUES.values(), ids=VALUES)
def test_values(workspace: Workspace, path: str, marked: str, wanted: list[str]) -> None:
    assert labels(workspace, path, marked) == wanted


ALL_REFERENCES = [
    "2026/company/lead", "2026/company/lead/share", "2026/company/lead/churn",
    "2026/company/team", "2026/company/team/stay", "2026/company/team/survey",
    "bob/loved",
    "marketing/brand", "marketing/brand/visits", "marketing/brand/launch",
    "marketing/speed", "marketing/speed/hours", "marketing/speed/uptime",
    "2026-Q3/marketing/old",
    "2027/company/next",
    "later/bob/some-day",
]  # fmt: skip


@pytest.mark.parametrize(
    "marked",
    [f"{HEAD}    supports: |", f"{HEAD}    supports:\n      - |\n", f'{HEAD}    supports: [a/b, "|"]',
     f"{HEAD}    key_results:\n      - {{id: a, depends_on: |}}"],
    ids=["bare", "an item", "quoted in brackets", "of a key result"],
)  # fmt: skip
def test_references_of_the_longer_cycles_then_the_own_then_the_others(
    workspace: Workspace, marked: str
) -> None:
    found = chosen(workspace, PLAN, marked).found
    assert [each.label for each in found] == ALL_REFERENCES
    assert [each.text for each in found] == ALL_REFERENCES
    assert found[0].detail == "Lead our market"
    assert found[2].detail == "Keep churn at 2% or less"


def test_a_reference_begun_is_replaced_whole_and_nothing_supports_itself(workspace: Workspace) -> None:
    text = SMALL_WORKSPACE[PLAN].replace("supports: 2026/company/lead", "supports: mar|keting/spe", 1)
    cursor, whole = at(PLAN, text)
    assert cursor is not None
    assert whole[cursor.start : cursor.end] == "marketing/spe"
    found = [each.label for each in choices_at(workspace, PLAN, cursor).found]
    assert "marketing/speed" in found
    assert "marketing/brand" not in found


def test_what_needs_quotes_gets_them_unless_it_stands_in_some(open_workspace: OpenWorkspace) -> None:
    plan = 'objectives:\n  - id: a\n    title: A\n    key_results:\n      - {id: b, title: B, milestones: {"on": 0.5, "a, b": 1}}\n'
    workspace = open_workspace({PLAN: plan})
    bare = chosen(workspace, LOG, "- {kr: a/b, value: |}").found
    assert [(each.label, each.text) for each in bare] == [("on", '"on"'), ("a, b", '"a, b"')]
    quoted = chosen(workspace, LOG, '- {kr: a/b, value: "|"}').found
    assert [each.text for each in quoted] == ["on", "a, b"]


NOWHERE = {
    "a comment": (PLAN, "objectives: # |"),
    "a comment's line": (PLAN, "# o|"),
    "the dash of an item": (PLAN, "objectives:\n  -|"),
    "a file that okr does not read": ("README.yaml", "|"),
    "a mapping in place of a text": (PLAN, "objectives:\n  - id: {a|}"),
    "a key that okr does not know": (PLAN, "objectives:\n  - strange:\n      - a: |"),
    "a list in place of a mapping": (PLAN, "- a\n- |"),
    "a line that can't be read": (PLAN, "objectives:\n  - id: x\n   w|\n"),
    "after many lines that can't be read": (PLAN, "a\n: [}\n" * 9 + "|"),
    "the mark itself": (PLAN, "okrcursormark: |"),
}


@pytest.mark.parametrize(("path", "marked"), NOWHERE.values(), ids=NOWHERE)
def test_nothing_is_offered(path: str, marked: str) -> None:
    assert at(path, marked)[0] is None


def test_an_answer_has_an_end(open_workspace: OpenWorkspace) -> None:
    people = "".join(f"  - {{id: p{number}}}\n" for number in range(MOST_OFFERED + 1))
    workspace = open_workspace({"org.yaml": f"people:\n{people}"})
    found = chosen(workspace, PLAN, f"{HEAD}    owner: |")
    assert (len(found.found), found.whole) == (MOST_OFFERED, False)
    assert labels(workspace, PLAN, f"{HEAD}    owner: p399|") == ["p399"]


@pytest.mark.unmeasured
def test_every_place_of_the_examples_can_be_asked_about() -> None:
    root = Path(__file__).parents[3] / "examples" / "agence"
    workspace = Workspace(Folder(root), as_of=date(2026, 11, 23), title="agence")
    path = "okrs/2026-Q4/jules.yaml"
    text = (root / path).read_text(encoding="utf-8")
    found = 0
    for offset in range(0, len(text), 7):
        cursor = cursor_at(path, text, offset)
        found += cursor is not None and len(choices_at(workspace, path, cursor).found) > 0
    assert found > 10


DIVISION = """teams:
  - {id: group, name: Group}
  - {id: labs, name: Labs, parent: group}
  - {id: sales, name: Sales, parent: group}
  - {id: paris, name: Paris, parent: sales}
people:
  - {id: ann, name: Ann, team: group}
  - {id: bo, name: Bo, team: paris}
  - {id: cy, name: Cy, team: sales}
"""


def test_what_is_near_comes_first(open_workspace: OpenWorkspace) -> None:
    plan = "objectives:\n  - {id: aim, title: Aim}\n"
    names = ("group", "labs", "sales")
    files = {f"okrs/2026/{name}.yaml": plan for name in names} | {
        f"okrs/2026-Q4/{name}.yaml": plan for name in (*names, "paris")
    }
    division = open_workspace({"okr.yaml": "name: Acme\n", "org.yaml": DIVISION, **files})
    path = "okrs/2026-Q4/paris.yaml"
    assert labels(division, path, f"{HEAD}    supports: |") == [
        "2026/sales/aim", "2026/group/aim", "2026/labs/aim", "sales/aim", "group/aim", "labs/aim", "paris/aim",
    ]  # fmt: skip
    assert labels(division, path, f"{HEAD}    owner: |") == ["bo", "ann", "cy"]
    assert labels(division, "checkins/2026-Q4/sales.yaml", "- {by: |}") == ["cy", "ann", "bo"]
    assert labels(division, "org.yaml", "teams:\n  - {id: paris, lead: |}") == ["bo", "ann", "cy"]


def test_a_day_is_written_as_logs_have_it_and_a_time_with_quotes(open_workspace: OpenWorkspace) -> None:
    timed = '- {date: "2026-10-13T09:31:07+02:00", kr: brand/visits, value: 48000}\n'
    known = open_workspace(FILES | {LOG: SMALL_WORKSPACE[LOG] + timed})
    found = chosen(known, LOG, "- {kr: brand/visits, retracts: |}").found
    assert [(each.text, each.detail) for each in found] == [
        ('"2026-10-13T09:31:07+02:00"', "48000"), ("2026-10-12", "47500"), ("2026-10-05", "44000"),
    ]  # fmt: skip

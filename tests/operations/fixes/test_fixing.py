"""Fixes: each mends what it is for, changes only its own bytes, and brings nothing new."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr.diagnostics import Severity
from okr.errors import OkrError
from okr.operations.fixes import metrics as fixes_metrics
from okr.operations.fixes.fixing import fix, write_fixing
from okr.operations.fixes.registry import catalogue_of_fixes, fixes_for, obvious
from okr.operations.formatting import Laid, format_text
from okr.rules.catalogue import rules_by_name
from okr.rules.engine import diagnose
from okr.sources import Folder
from okr.workspace import Workspace
from tests.conftest import TODAY
from tests.rules.cases import TWO, plan, with_key_result

if TYPE_CHECKING:
    from tests.conftest import OpenWorkspace, WriteWorkspace

PLAN = "okrs/2026-Q4/marketing.yaml"
YEAR = "okrs/2026/company.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
ORG = """\
teams:
  - {id: company, name: Acme}
  - {id: marketing, name: Marketing, parent: company}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
"""
COMPANY = TWO.replace("id: first", "id: lead").replace("id: second", "id: place")
FOLLOWING = TWO.replace("key_results:", "supports: 2026/company/lead\n    key_results:", 1)
SMALL = "unit: visits, from: 1"


def _objective(*lines: str) -> str:
    return plan(
        "id: brand\n"
        + "\n".join(lines)
        + "\nkey_results:\n  - {id: a, title: Visits a day, unit: v, from: 1, to: 2}\n  - {id: b, title: Visits a week, unit: v, from: 1, to: 2}"
    )


ORDERED = (
    """\
objectives:
  # What we are here for.
  - key_results:   # few
    - {id: a, title: Visits a day, unit: v, from: 1, to: 2}
    # a week is
    # enough
    - id: b
      unit:  v
      title: "Visits a week"
      from: 1
      to: 2
      # and no more

    # whose
    owner: alice

    title: >-   # folded
      Be the brand
      people love
    id: brand   # short
    # all
""",
    """\
objectives:
  # What we are here for.
  - id: brand   # short

    title: >-   # folded
      Be the brand
      people love

    # whose
    owner: alice
    key_results:   # few
    - {id: a, title: Visits a day, unit: v, from: 1, to: 2}
    # a week is
    # enough
    - id: b
      unit:  v
      title: "Visits a week"
      from: 1
      to: 2
      # and no more
    # all
""",
)


# before → after, as parts of a file; everything else in it must keep every byte
SAFE = {
    "missing union line": (".gitattributes", "*.png binary", "*.png binary\ncheckins/** merge=union\n"),
    "union line, other line breaks": (".gitattributes", "a -text\r\n", "a -text\r\ncheckins/** merge=union\r\n"),
    "misspelt key": (PLAN, TWO.replace("title", "titel", 1), TWO),
    "key in another spelling": (PLAN, TWO.replace("key_results", "Key-Results"), TWO),
    "misspelt key in braces": (PLAN, TWO.replace("title: Visits", "titel: Visits"), TWO),
    "nested misspellings": (PLAN, TWO.replace("key_results", "keyresults").replace("from:", "form:"), TWO),
    "spaces between thousands": (PLAN, TWO.replace("to: 200", "to: 2 000"), TWO.replace("to: 200", "to: 2000")),
    "number in quotes": (PLAN, TWO.replace("from: 100", "from: '-100.5'"), TWO.replace("from: 100", "from: -100.5")),
    "number with commas": (PLAN, TWO.replace("to: 200", 'to: "2,000"'), TWO.replace("to: 200", "to: 2000")),
    "text that looks like a number": (PLAN, _objective("title: Be loved", "tags: [2026, x]"), _objective("title: Be loved", 'tags: ["2026", x]')),
    "word for a state": ("okrs/2026-Q4/cycle.yaml", "state: Activ # now\n", "state: active # now\n"),
    "day with slashes": ("okrs/2026-Q4/cycle.yaml", "starts: 2026/10/1\n", "starts: 2026-10-01\n"),
    "day in English": ("okrs/2026-Q4/cycle.yaml", "starts: October 1st, 2026\n", None),
    "day in words": ("okrs/2026-Q4/cycle.yaml", "starts: 1 October 2026\n", "starts: 2026-10-01\n"),
    "day in French": ("okrs/2026-Q4/cycle.yaml", "ends: 31 décembre 2026\n", "ends: 2026-12-31\n"),
    "day that can be no other": ("okrs/2026-Q4/cycle.yaml", "ends: 31.12.2026\n", "ends: 2026-12-31\n"),
    "day without hyphens": ("okrs/2026-Q4/cycle.yaml", "ends: 20261231\n", "ends: 2026-12-31\n"),
    "day in the German order": ("okrs/2026-Q4/cycle.yaml", "ends: 3.12.2026\n", "ends: 2026-12-03\n"),
    "days in quotes": ("okrs/2026-Q4/cycle.yaml", "starts: '2026-10-02'\nends: \"2026-12-31\" # x\n", "starts: 2026-10-02\nends: 2026-12-31 # x\n"),
    "day that can be two": ("okrs/2026-Q4/cycle.yaml", "ends: 3/12/2026\n", None),
    "no such day": ("okrs/2026-Q4/cycle.yaml", "ends: 2026/13/31\n", None),
    "truth in words": (PLAN, TWO.replace("from: 100", "initiatives: [{title: X, done: Yes}], from: 100"), TWO.replace("from: 100", "initiatives: [{title: X, done: true}], from: 100")),
    "name for an id": (PLAN, _objective("title: Be loved", "owner: Alice Martin"), _objective("title: Be loved", "owner: alice")),
    "misspelt person, twice": (PLAN, _objective("title: Be loved", "owner: 'alise'").replace("{id: a, ", "{id: a, owner: alise, "), _objective("title: Be loved", "owner: 'alice'").replace("{id: a, ", "{id: a, owner: alice, ")),
    "misspelt team": ("org.yaml", ORG.replace("parent: company", "parent: compani"), ORG),
    "misspelt reference": (PLAN, FOLLOWING.replace("company/lead", "company/laed"), FOLLOWING),
    "reference without its cycle": (PLAN, FOLLOWING.replace("2026/company/lead", "company/lead"), FOLLOWING),
    "misspelt reference without its cycle": (PLAN, FOLLOWING.replace("2026/company/lead", "compny/lead"), FOLLOWING),
    "reference with other separators": (PLAN, FOLLOWING.replace("2026/company/lead", "2026 > company > lead"), FOLLOWING),
    "reference that could be two": (PLAN, FOLLOWING.replace("2026/company/lead", "2026/company/xyz"), None),
    "misspelt KPI": (PLAN, with_key_result("{id: k, title: Visits to our site, kpi: visitz, from: 1, to: 200}"), with_key_result("{id: k, title: Visits to our site, kpi: visits, from: 1, to: 200}")),
    "misspelt rule": ("okr.yaml", "name: Acme\nrules: {long-titel: off}\n", "name: Acme\nrules: {long-title: off}\n"),
    "tabs": ("kpis.yaml", "kpis:\n\t- id: visits\n\t  name: Visits\n", "kpis:\n  - id: visits\n    name: Visits\n"),
    "tabs that could mean two things": ("kpis.yaml", "kpis:\n    - id: visits\n\tname: Visits\n", None),
    "the same key twice": (PLAN, TWO.replace("    key_results", "    title: Make people come back\n    key_results", 1), TWO),
    "a key twice, said otherwise": (PLAN, TWO.replace("    key_results", "    title: Make people go away\n    key_results", 1), None),
    "record over two lines": (LOG, "# x\n- {date: 2026-10-05,kr: first/one,\n   value: 120}   # y\n", "# x\n- {date: 2026-10-05, kr: first/one, value: 120}   # y\n"),
    "record indented otherwise": (LOG, "# x\n- {date: 2026-10-05, kr: first/one, value: 120}\n - {date: 2026-10-06, kr: first/one, value: 121}   # y\n- {date: 2026-10-07, kr: first/one, value: 122}\n", "# x\n- {date: 2026-10-05, kr: first/one, value: 120}\n- {date: 2026-10-06, kr: first/one, value: 121}   # y\n- {date: 2026-10-07, kr: first/one, value: 122}\n"),
    "a log that is broken otherwise": (LOG, "- {date: 2026-10-05, kr: first/one, value: 120}\n - {date: 2026-10-06, kr: first/one value: 121}\n", None),
    "a plan's indentation": (PLAN, TWO.replace("    title", "   title", 1), None),
    "unknown key in another mapping": ("org.yaml", ORG.replace("teams:", "tems:"), ORG),
    "name of a team": ("org.yaml", ORG.replace("parent: company", "parent: compamy").replace("{id: company, name: Acme}", "{id: company}"), ORG.replace("{id: company, name: Acme}", "{id: company}")),
    "key twice in braces": ("org.yaml", ORG.replace("name: Acme}", "name: Acme, name: Acme}"), None),
    "no number in it": (PLAN, TWO.replace("to: 200", "to: '-'"), None),
    "a number that is a change": (PLAN, TWO.replace("from: 100", "from: '+ 5 0 0'"), None),
    "a date in no order": ("okrs/2026-Q4/cycle.yaml", "ends: tomorrow\n", None),
    "nobody of that name": (PLAN, _objective("title: Be loved", "owner: Bob Stone"), None),
    "attributes that overrule": ("checkins/.gitattributes", "** -merge\n", None),
    "title among numbers": (PLAN, with_key_result("{id: k, from: 1,  title: Visits to our site, to: 2 , unit: x}"), with_key_result("{id: k, title: Visits to our site,  unit: x, from: 1 , to: 2}")),
    "keys in an order of taste": (PLAN, with_key_result("{title: Visits to our site, id: k, unit: x, to: 2, from: 1, owner: alice}"), None),
    "title among numbers with a comment": (PLAN, with_key_result("{id: k, from: 1, # why\n         title: Visits to our site, to: 2}"), None),
    "title below key results": (PLAN, ORDERED[0], ORDERED[1]),
    "title below key results, other line breaks": (PLAN, ORDERED[0].replace("\n", "\r\n"), ORDERED[1].replace("\n", "\r\n")),
    "title below key results, no last line break": (PLAN, ORDERED[0].rstrip("\n").removesuffix("    # all").rstrip("\n"), ORDERED[1].removesuffix("    # all\n").rstrip("\n")),
    "what goes to the dash has a comment above": (PLAN, ORDERED[0].replace("    id: brand", "    # named so since 2020\n    id: brand"), None),
    "a text that keeps its last lines": (PLAN, ORDERED[0].replace("    # all\n", "    why: |+\n      So.\n\n\n"), None),
    "a log's key": (LOG, "- {date: 2026-10-05, kr: first/one, valeu: 120}\n", None),
    "a log's reference": (LOG, "- {date: 2026-10-05, kr: first/onee, value: 120}\n", None),
}  # fmt: skip

UNSAFE = {
    "key called otherwise": (PLAN, TWO.replace("to: 200", "target: 200", 1), TWO),
    "days in quotes in a log": (LOG, "- {date: '2026-10-05', kr: first/one, value: 120}\n- {date: \"2026-10-06T10:00:00+02:00\", kr: first/one, value: 125}\n", "- {date: 2026-10-05, kr: first/one, value: 120}\n- {date: \"2026-10-06T10:00:00+02:00\", kr: first/one, value: 125}\n"),
    "bounds": (PLAN, with_key_result("{id: k, title: Between 2 and 5 calls, unit: calls, at_least: 5, at_most: 2}"), with_key_result("{id: k, title: Between 2 and 5 calls, unit: calls, at_least: 2, at_most: 5}")),
    "limits": ("okr.yaml", "name: Acme\nlimits:\n  objectives: {min: 3, max: 1}\n", "name: Acme\nlimits:\n  objectives: {min: 1, max: 3}\n"),
    "days": ("okrs/2026-Q4/cycle.yaml", "starts: 2026-12-31 # a\nends: 2026-10-01 # b\n", "starts: 2026-10-01 # a\nends: 2026-12-31 # b\n"),
    "thresholds": (PLAN, with_key_result(f"{{id: k, title: Visits to our site, {SMALL}, commit: 9, to: 5.0, stretch: 7}}"), with_key_result(f"{{id: k, title: Visits to our site, {SMALL}, commit: 5.0, to: 7, stretch: 9}}")),
    "falling thresholds": (PLAN, with_key_result("{id: k, title: Hours to answer, unit: hours, from: 26, commit: 4, to: 8}"), with_key_result("{id: k, title: Hours to answer, unit: hours, from: 26, commit: 8, to: 4}")),
    "ladder": (PLAN, with_key_result("{id: k, title: The site is live, milestones: {beta: 0.5, live: 0.9}}"), with_key_result("{id: k, title: The site is live, milestones: {beta: 0.5, live: 1.0}}")),
    "ladder in percent": (PLAN, with_key_result("{id: k, title: The site is live, milestones: {beta: 35, live: 100}}"), with_key_result("{id: k, title: The site is live, milestones: {beta: 0.35, live: 1.0}}")),
    "ladder that falls": (PLAN, with_key_result("{id: k, title: The site is live, milestones: {beta: 0.8, live: 0.5}}"), None),
    "ladder without numbers": (PLAN, with_key_result("{id: k, title: The site is live, milestones: {}}"), None),
    "relative thresholds": (PLAN, with_key_result("{id: k, title: Visits to our site, from: 10, commit: +50%, to: +30%}"), None),
    "id": (PLAN, TWO.replace("id: first", "id: First Thing"), TWO.replace("id: first", "id: first-thing")),
    "repeated in brackets": (PLAN, FOLLOWING.replace("2026/company/lead", "[2026/company/lead, 2026/company/lead]"), FOLLOWING.replace("2026/company/lead", "[2026/company/lead]")),
    "repeated in lines": (PLAN, FOLLOWING.replace("2026/company/lead", "\n      - 2026/company/lead\n      - 2026/company/lead"), FOLLOWING.replace("2026/company/lead", "\n      - 2026/company/lead")),
    "repeated with a reason": (PLAN, FOLLOWING.replace("2026/company/lead", "\n      - 2026/company/lead\n      - 2026/company/lead # why"), None),
}  # fmt: skip


def _files(path: str, text: str) -> dict[str, str]:
    basis = {
        LOG: "",
        "org.yaml": ORG,
        PLAN: TWO,
        YEAR: COMPANY,
        "kpis.yaml": "kpis:\n  - {id: visits, name: Visits}\n",
    }
    return basis | {path: text}


def _fixed(workspace: Workspace, *, unsafe: bool) -> dict[str, bytes]:
    return {each.path: each.after for each in fix(workspace, lambda _: True, unsafe=unsafe).files}


@pytest.mark.parametrize(("path", "before", "after"), SAFE.values(), ids=SAFE)
def test_safe_fixes(open_workspace: OpenWorkspace, path: str, before: str, after: str | None) -> None:
    expected = {} if after is None or after == before else {path: after.encode()}
    assert _fixed(open_workspace(_files(path, before)), unsafe=False) == expected


@pytest.mark.parametrize(("path", "before", "after"), UNSAFE.values(), ids=UNSAFE)
def test_unsafe_fixes(open_workspace: OpenWorkspace, path: str, before: str, after: str | None) -> None:
    workspace = open_workspace(_files(path, before))
    asked = fix(workspace, lambda _: True)
    assert (asked.files, asked.left) == ((), 0 if after is None else 1)
    assert _fixed(workspace, unsafe=True) == ({} if after is None else {path: after.encode()})


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("path", "before", "after"), [*SAFE.values(), *UNSAFE.values()], ids=[*SAFE, *UNSAFE]
)
def test_what_is_mended_is_gone_and_nothing_is_new(
    open_workspace: OpenWorkspace, path: str, before: str, after: str | None
) -> None:
    workspace = open_workspace(_files(path, before))
    fixing = fix(workspace, lambda _: True, unsafe=True)
    codes = {rules_by_name()[each.rule].code for each in fixing.fixes}
    found, left = diagnose(workspace), diagnose(fixing.workspace)
    assert bool(codes) == (after is not None)
    assert not codes & {each.code for each in left}
    if not any(code.startswith("OKR1") for code in codes):
        assert {each.code for each in left if each.severity is Severity.ERROR} <= {
            each.code for each in found
        }


def test_every_fix_is_a_rules_and_says_why_it_is_safe_or_not() -> None:
    for name, mends in catalogue_of_fixes().items():
        assert name in rules_by_name()
        for mend in mends:
            assert re.search(r"[Ss]afe", mend.__doc__ or "") or "None is safe" in (
                fixes_metrics.__doc__ or ""
            )


def test_the_guide_lists_every_fix() -> None:
    guide = (Path(__file__).parents[3] / "docs/fixing.md").read_text(encoding="utf-8")
    table = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `")]
    assert {name for cell in table for name in re.findall(r"`([\w-]+)`", cell)} == set(catalogue_of_fixes())


@pytest.mark.parametrize("break_", ["\r\n", "\r"])
def test_line_breaks_marks_and_quotes_stay(write_workspace: WriteWorkspace, break_: str) -> None:
    root = write_workspace(_files(PLAN, TWO))
    text = TWO.replace("title", '"titel"', 1).replace("\n", break_)
    (root / PLAN).write_bytes(b"\xef\xbb\xbf" + text.encode())
    fixing = fix(Workspace(Folder(root), as_of=TODAY, title="a"), lambda _: True)
    write_fixing(root, fixing)
    assert (root / PLAN).read_bytes() == b"\xef\xbb\xbf" + text.replace('"titel"', "title").encode()


def test_the_layout_agrees_with_the_fix_on_the_order_of_keys() -> None:
    one, other = (format_text(PLAN, each.encode()) for each in ORDERED)
    assert isinstance(one, Laid)
    assert isinstance(other, Laid)
    assert one.after.split() == other.after.split()


def test_a_fix_that_would_bring_a_new_finding_is_left_out(open_workspace: OpenWorkspace) -> None:
    # The reference's one likeness is the objective itself, and nothing supports itself.
    text = TWO.replace("key_results:", "supports: marketing/frist\n    key_results:", 1)
    other = TWO.replace("key_results:", "titel: Twice\n    key_results:", 1)
    workspace = open_workspace({PLAN: text, "okrs/2026-Q4/sales.yaml": other})
    assert [each.rule for each in fix(workspace, lambda _: True, unsafe=True).fixes] == []
    (finding,) = (each for each in diagnose(workspace) if each.name == "unknown-support")
    assert [each.message for each in fixes_for(workspace, finding)] == ["Write marketing/first"]


def test_what_is_silenced_stays_so_when_keys_are_put_in_order(open_workspace: OpenWorkspace) -> None:
    silenced = "  # okr: ignore[OKR401] the board asked for it\n  - title: Win 20% more people"
    text = TWO.replace("  - id: first\n    title: Make people come back", silenced, 1)
    text = text.replace("  - id: second", "    id: first\n  - id: second", 1)
    workspace = open_workspace({PLAN: text})
    assert [each.name for each in diagnose(workspace)] == ["key-order"]
    fixing = fix(workspace, lambda _: True)
    assert [each.rule for each in fixing.fixes] == ["key-order"]
    assert diagnose(fixing.workspace) == []


def test_one_that_does_not_hold_does_not_keep_back_the_others(open_workspace: OpenWorkspace) -> None:
    supporting = TWO.replace("key_results:", "supports: marketing/frist\n    key_results:", 1)
    text = supporting.replace("to: 20}", "to: '20'}")
    assert _fixed(open_workspace({PLAN: text}), unsafe=False) == {PLAN: text.replace("'20'", "20").encode()}


def test_only_what_was_asked_about(open_workspace: OpenWorkspace) -> None:
    misspelt = TWO.replace("title", "titel", 1)
    workspace = open_workspace({PLAN: misspelt, "okrs/2026-Q4/sales.yaml": misspelt})
    fixing = fix(workspace, lambda found: found.finding.path == PLAN)
    assert [each.path for each in fixing.files] == [PLAN]


def test_a_file_that_changed_meanwhile_is_not_overwritten(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({PLAN: TWO.replace("title", "titel", 1)})
    fixing = fix(Workspace(Folder(root), as_of=TODAY, title="a"), lambda _: True)
    (root / PLAN).write_text("# mine\n")
    with pytest.raises(OkrError, match="changed"):
        write_fixing(root, fixing)
    assert (root / PLAN).read_text() == "# mine\n"


def test_nothing_outside_of_the_workspace_is_mended(write_workspace: WriteWorkspace) -> None:
    root = write_workspace({PLAN: TWO})
    outside = root.parent / "outside"
    outside.write_text("*.png binary\n")
    (root / ".gitattributes").unlink()
    (root / ".gitattributes").symlink_to(outside)
    fixing = fix(Workspace(Folder(root), as_of=TODAY, title="a"), lambda _: True, unsafe=True)
    assert fixing.files == ()


@pytest.mark.parametrize(
    ("text", "candidates", "meant"),
    [
        ("titel", ["title", "type"], "title"),
        ("Key Results", ["key_results"], "key_results"),
        ("too", ["to", "tags"], "to"),
        ("xx", ["to"], None),
        ("", ["to"], None),
        ("goal-3", ["goal-1"], None),
        ("brand", ["brands", "brandt"], None),
        ("brand", ["Brand", "brandt"], "Brand"),
        ("absolutely", ["nothing", "like", "it"], None),
    ],
)
def test_what_is_obvious(text: str, candidates: list[str], meant: str | None) -> None:
    assert obvious(text, candidates) == meant

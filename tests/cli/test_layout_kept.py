"""Every command that writes, on files as people write them: comments, line endings and all that was not meant stay.

A quarter is lived through in one workspace, as it may be laid out: the same commands, file by file compared.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

_ORG = """\
# Who we are
teams:
  - {id: company, name: Acme}  # all of us

  # The loud ones
  -   id:  marketing
      name: 'Marketing'\t# a tab before it
      parent: company
      lead: alice
people:
- {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}  # since 2019
# end of people
"""
_KPIS = """\
kpis:
  - id: churn   # watched by all
    name: Customers lost in the month
    unit: "%"
    owner: company
    at_most: 3
# end of KPIs
"""
_CYCLE = """\
# Ours
starts: 2026-10-01   # a Thursday
ends: 2026-12-31
# the state:
state: active   # not closed
"""
_BLOCKS = """\
# Marketing's own words
objectives:

  # What we are known for
  -   id: brand   # never renamed
      title: "Make our brand the one people think of first"
      supports:
        # the year's
        - 2026/company/lead  # all of it
      key_results:
      # by Google's count
      - id: visits
        title:   Reach 100,000 monthly visits
        unit: visits
        from: 42000   # last September
        to: 100000\t# a tab
      - {id: calls, title: Take 900 calls, unit: calls, from: 100, to: 900}  # by hand
  # How fast we are
  -   id: speed
      title: Answer everyone while they still remember the question
      supports: 2026/company/lead  # that too
      key_results:
      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}  # hours
      - {id: mails, title: Answer 90% of mails, unit: "%", from: 10, to: 90}
# the end
"""
_BRACKETS = """\
# Marketing's own words
{objectives: [  # few
  # What we are known for
  {id: brand,   # never renamed
   title: "Make our brand the one people think of first",
   supports: [2026/company/lead],  # all of it
   key_results: [
     # by Google's count
     {id: visits, title: Reach 100 000 monthly visits, unit: visits,
      from: 42000,   # last September
      to: 100000},
     {id: calls, title: Take 900 calls, unit: calls, from: 100, to: 900}  # by hand
   ]},  # behind it
  # How fast we are
  {id: speed,
   title: Answer everyone while they still remember the question,
   supports: 2026/company/lead,  # that too
   key_results: [{id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4},  # hours
     {id: mails, title: "Answer 90% of mails", unit: "%", from: 10, to: 90}]}
]}  # the end
"""
_YEAR = """\
objectives:
  - id: lead
    title: Lead our market
    key_results:
      - {id: share, title: Reach a market share of 20%, unit: "%", from: 12, to: 20}
      - {id: churn, title: Keep churn at 2% or less, unit: "%", at_most: 2}
"""
_LOG = """\
# By hand until the dashboard is there
- {date: 2026-10-05, kr: brand/visits, value: 44000, confidence: 0.6, by: alice}  # counted twice
- {date: 2026-10-12, kr: brand/visits, value: 47500, by: alice}
# speed below
- {date: 2026-10-12, kr: speed/hours, value: 20, by: alice}
"""
_MEASURED = "# from billing\n- {date: 2026-10-05, kpi: churn, value: 4.5, by: alice}\n"

_STYLES = {
    "as most write": (_BLOCKS, "\n", "", "\n"),
    "CRLF": (_BLOCKS, "\r\n", "", "\r\n"),
    "CRLF, a byte order mark, no line break at the end": (_BLOCKS, "\r\n", "\ufeff", ""),
    "brackets": (_BRACKETS, "\n", "", "\n"),
    "brackets, CRLF, no line break at the end": (_BRACKETS, "\r\n", "\ufeff", ""),
}

_QUARTER = {
    "new objective": ('new', 'objective', 'Win a loyal following', '--owner', 'marketing', '--supports', 'lead'),
    "new key-result": ('new', 'key-result', 'Reach 9 cities', '--objective', 'brand', '--from', '1', '--to', '9'),
    "into the new one": ('new', 'key-result', 'Reach 9 towns', '--objective', 'win-a-loyal-following',
                         '--from', '1', '--to', '9'),
    "new team": ("new", "team", "sales", "--name", "Sales", "--parent", "company"),
    "new person": ("new", "person", "bob", "--name", "Bob Stone", "--team", "marketing"),
    "new kpi": ("new", "kpi", "staff", "--name", "Staff", "--unit", "people", "--owner", "company"),
    "kpi promote": ("kpi", "promote", "churn", "--objective", "marketing/brand"),
    "checkin": ("checkin", "visits", "61000", "-m", "Live", "--no-commit"),
    "a correction": ("checkin", "visits", "58000", "--replace", "--no-commit"),
    "undo": ("undo", "hours", "--no-commit"),
    "kpi record": ("kpi", "record", "churn", "4", "--no-commit"),
    "cycle close": ("cycle", "close", "2026-Q4", "--early", "We merge", "--from", "-", "--all-scores", "--review",
                    "Too much.\nAnd too late.", "--no-commit"),
    "cycle reopen": ("cycle", "reopen", "2026-Q4", "--no-commit"),
    "cycle close again": ("cycle", "close", "2026-Q4", "--early", "We merge", "--all-scores", "--no-commit"),
    "plan open": ("plan", "open", "2027-Q1"),
}  # fmt: skip
_GRADES = (
    "ref,grade,reason,learned,next\nbrand/visits,0.5,Counted anew,Count early,carry\nbrand/calls,,,Ask,drop\n"
)

_STATE = re.compile(r"(?m)^state: \w+|^closed: .*\n")

_CARRIED = {
    _BLOCKS: """\
objectives:
  # What we are known for
  -   id: brand   # never renamed
      title: "Make our brand the one people think of first"
      key_results:
      # by Google's count
      - id: visits
        title:   Reach 100,000 monthly visits
        unit: visits
        from: 58000  # last value of 2026-Q4
        to: 100000\t# a tab
      - {id: reach-9-cities, title: Reach 9 cities, from: 1, to: 9}
      - {id: churn, title: "Customers lost in the month: at most 3%", kpi: churn, to: 3}

  # How fast we are
  -   id: speed
      title: Answer everyone while they still remember the question
      key_results:
      - {id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4}  # hours
""",
    _BRACKETS: """\
objectives:
  # What we are known for
  - {id: brand,   # never renamed
     title: "Make our brand the one people think of first",
     key_results: [
       # by Google's count
       {id: visits, title: Reach 100 000 monthly visits, unit: visits,
        from: 58000,  # last value of 2026-Q4
        to: 100000},
       {id: reach-9-cities, title: Reach 9 cities, from: 1, to: 9},
       {id: churn, title: "Customers lost in the month: at most 3%", kpi: churn, to: 3}
     ]}  # behind it

  # How fast we are
  - {id: speed,
     title: Answer everyone while they still remember the question,
     key_results: [{id: hours, title: Answer within 4 hours, unit: hours, from: 26, to: 4},  # hours
       {id: mails, title: "Answer 90% of mails", unit: "%", from: 10, to: 90}]}

  - id: win-a-loyal-following
""",
}


@pytest.mark.unmeasured
@pytest.mark.parametrize(("plan", "newline", "mark", "end"), _STYLES.values(), ids=_STYLES)
def test_what_people_wrote_is_still_there(
    workspace: Shell, plan: str, newline: str, mark: str, end: str
) -> None:
    workspace.write({"okr.yaml": "limits: {objectives: {min: 1, max: 3}, key_results: {min: 1, max: 5}}\n"})
    texts = {
        "org.yaml": _ORG,
        "kpis.yaml": _KPIS,
        "okrs/2026-Q4/cycle.yaml": _CYCLE,
        "okrs/2026-Q4/marketing.yaml": plan,
        "okrs/2026/company.yaml": _YEAR,
        "checkins/2026-Q4/marketing.yaml": _LOG,
        "checkins/kpis.yaml": _MEASURED,
    }
    workspace.write(
        {path: mark + text.rstrip("\n").replace("\n", newline) + end for path, text in texts.items()}
    )
    for name, command in _QUARTER.items():
        before = {path: workspace.read(path) for path in texts}
        done = workspace.okr(*command, stdin=_GRADES)
        assert done.status == 0, (name, done.err)
        after = {path: workspace.read(path) for path in texts}
        assert before != after or name == "plan open"
        for path in texts:
            _nothing_gone(before[path], after[path])
            _same_bytes(after[path], newline, mark)
    org = workspace.read("org.yaml")
    workspace.write({"org.yaml": org.replace("email:", "emial:")})
    assert workspace.okr("validate", "--fix").status == 0
    assert workspace.read("org.yaml") == org
    opened = workspace.read("okrs/2027-Q1/marketing.yaml")
    assert _CARRIED[plan] in opened.replace(newline, "\n")
    _same_bytes(opened, newline, "")
    _same_bytes(workspace.read("okrs/2027-Q1/cycle.yaml"), newline, "")


def _nothing_gone(before: str, after: str) -> None:
    """All that was written is still there, in its order, but for a state; and each comment is whole."""
    there = iter(_STATE.sub("", after))
    assert all(character in there for character in _STATE.sub("", before))
    comments = iter(_comments(after))
    assert all(comment in comments for comment in _comments(before))


def _comments(text: str) -> list[str]:
    return re.findall(r"(?m)(?:^|\s)#[^\r\n]*", text)


def _same_bytes(text: str, newline: str, mark: str) -> None:
    assert set(re.findall(r"\r\n|\n|\r", text)) == {newline}
    assert text.startswith("\ufeff") == bool(mark)

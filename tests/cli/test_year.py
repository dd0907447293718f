"""A whole year of a company, from its annual plan to the first quarter of the next one.

Three people work in clones of their own. The quarters are opened in branches and merged in the four ways a host
knows. What status, diff, log, review, audit and plan check must say at each step stands in tables that were
reckoned by hand: with four decimals, from the values in WEEKLY.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.cli import year_tables as says
from tests.cli.company import Company, Person, found_company, merge
from tests.cli.year_plans import APP, BRAND, COMPANY, EVENTS, FILES, REACH, RETAIN, STEADY
from tests.cli.year_tables import table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Weekly = dict[str, "tuple[Callable[[int], float | str | None], float | None]"]
WEEKLY: dict[str, dict[str, Weekly]] = {
    "2027-Q1": {
        "alice": {
            "brand/visits": (lambda week: 40000 + 1500 * week, 0.5),
            "brand/leads": (lambda week: 100 + 8 * week, 0.9),
        },
        "bob": {"app/hours": (lambda week: 24 - week, 0.3)},
        "carol": {
            "app/launch": (lambda week: None if week < 4 else "design" if week < 9 else "beta", 0.6),
        },
    },
    "2027-Q2": {
        "alice": {
            "brand/visits": (lambda week: 59500 + 1500 * week, 0.8),
            "events/attendees": (lambda week: 20 * week, 0.4),
        },
        "bob": {
            "app/hours": (lambda week: 11 - 0.5 * week, 0.9),
            "app/launch": (lambda week: "live" if week == 8 else None, None),
        },
    },
    "2027-Q3": {
        "alice": {"retain/nps": (lambda week: 30 + week, 0.7)},
        "bob": {"app/hours": (lambda week: 4.5 if week < 10 else 4, None)},
    },
    "2027-Q4": {
        "alice": {"reach/readers": (lambda week: 1000 * week, 0.9)},
        "bob": {"steady/uptime": (lambda week: 99.5 if week == 5 else 99.95, None)},
    },
}
"""What people say in each week of a quarter, and how sure they are."""
FIRST_MONDAY = {
    f"2027-Q{1 + month // 3}": date(2027, month, day) for month, day in ((1, 4), (4, 5), (7, 5), (10, 4))
}
NOTES = {("2027-Q1", "app/launch", 6): "blocked by the store"}


@dataclass
class Year:
    """The company, its people, and the week up to which each has checked in."""

    company: Company
    every_week: bool
    alice: Person
    bob: Person
    carol: Person
    host: Person
    done: dict[tuple[str, str], int] = field(default_factory=dict)

    def check_in(self, person: Person, cycle: str, last: int) -> None:
        """Checks in up to a week and sends it: each week by itself, or what has gathered in one commit."""
        weeks = range(self.done.get((person.name, cycle), 0) + 1, last + 1)
        self.done[person.name, cycle] = last
        for batch in [[week] for week in weeks] if self.every_week else [list(weeks)]:
            rows = [
                f"{cycle}/{'marketing' if person.name == 'alice' else 'product'}/{ref},{said(week)},"
                f"{'' if sure is None else sure},{NOTES.get((cycle, ref, week), '')},{monday(cycle, week)}\n"
                for week in batch
                for ref, (said, sure) in WEEKLY[cycle][person.name].items()
                if said(week) is not None
            ]
            if rows:
                text = "ref,value,confidence,note,date\n" + "".join(rows)
                person.okr(monday(cycle, batch[-1]), "checkin", "--from", "-", "--push", stdin=text)

    def everybody_home(self, day: str) -> None:
        for person in (self.alice, self.bob, self.carol):
            person.home(day)

    def start(self, person: Person, day: str, cycle: str) -> None:
        """Starts a cycle and sends that."""
        person.okr(day, "plan", "start", cycle)
        person.git(day, "push", "--quiet")

    def close(self, person: Person, day: str, cycle: str, rows: str = "", review: str = "") -> None:
        """Closes a cycle with what was decided, and sends that."""
        options = (*(("--from", "-") if rows else ()), *(("--review", review) if review else ()))
        text = "ref,grade,reason,learned,next\n" + rows
        person.okr(day, "cycle", "close", cycle, "--all-scores", *options, stdin=text)
        person.git(day, "push", "--quiet")


def monday(cycle: str, week: int) -> str:
    return (FIRST_MONDAY[cycle] + timedelta(7 * (week - 1))).isoformat()


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "every_week",
    [pytest.param(False, id="gathered"), pytest.param(True, id="every-week", marks=pytest.mark.slow)],
)
def test_a_year(tmp_path: Path, every_week: bool) -> None:
    company = found_company(tmp_path, FILES, "2026-12-01")
    alice, bob, carol, host = (company.clone(name) for name in ("alice", "bob", "carol", "host"))
    year = Year(company, every_week, alice, bob, carol, host)
    plan_the_year(year)
    first_quarter(year)
    second_quarter(year)
    third_quarter(year)
    fourth_quarter(year)
    next_year(year)


def plan_the_year(year: Year) -> None:
    """Carol plans the year in a branch, which is merged by moving main forward."""
    carol = year.carol
    carol.okr("2026-12-14", "plan", "open", "2027", "--owners", "company", "--branch")
    assert says.check(carol, "2026-12-14", status=1) == ["not ready"]
    carol.edit("okrs/2027/company.yaml", ("objectives: []\n", COMPANY))
    assert says.check(carol, "2026-12-14") == table("""
        ready
        lead    carried 0
        people  carried 0
    """)
    assert says.diff(carol, "2026-12-14", "main") == table("""
        added 2027/company
        added lead
        added lead/share
        added lead/customers
        added people
        added people/survey
        2027 state None → planning
        2027 owners None → company
        kpis/customers lost 0 gained 1
    """)
    carol.propose("2026-12-14", "plan-2027", "Plan 2027")
    merge(year.host, "2026-12-16", "plan-2027", "fast-forward")
    carol.home("2026-12-16")
    year.start(carol, "2026-12-16", "2027")
    carol.okr("2026-12-31", "kpi", "record", "customers", "1000", "--push")


def first_quarter(year: Year) -> None:
    """Two people plan in one branch, merged by a merge commit; something is taken back; a grade is not the score."""
    alice, bob, carol = year.alice, year.bob, year.carol
    alice.home("2026-12-17")
    alice.okr("2026-12-17", "plan", "open", "2027-Q1", "--branch")
    alice.edit("okrs/2027-Q1/marketing.yaml", ("objectives: []\n", BRAND))
    alice.propose("2026-12-17", "plan-2027-Q1", "Open 2027-Q1, and plan Marketing")
    bob.git("2026-12-18", "fetch", "--quiet")
    bob.git("2026-12-18", "switch", "--quiet", "plan-2027-Q1")
    assert says.check(bob, "2026-12-18", status=1) == table("""
        not ready
        brand carried 0
        unsupported 2027/company/people
    """)
    bob.edit("okrs/2027-Q1/product.yaml", ("objectives: []\n", APP))
    bob.propose("2026-12-18", "plan-2027-Q1", "Plan Product")
    assert says.check(bob, "2026-12-18") == ["ready", "brand carried 0", "app carried 0"]
    merge(year.host, "2026-12-21", "plan-2027-Q1", "merge commit")
    year.everybody_home("2026-12-21")
    year.start(alice, "2026-12-21", "2027-Q1")
    assert says.log(alice, "2026-12-21", "--cycle", "2027-Q1") == table("""
        2026-12-21 Alice cycle-changed state planning active
        2026-12-18 Bob objective-added 2027-Q1/product/app
        2026-12-17 Alice objective-added 2027-Q1/marketing/brand
        2026-12-17 Alice cycle-changed state planning
    """)
    for person in (alice, bob, carol):
        year.check_in(person, "2027-Q1", 6)
    bob.okr("2027-02-09", "checkin", "app/hours", "7")
    bob.okr("2027-02-09", "undo", "-m", "It was 17", "--push")
    alice.okr("2027-02-09", "sync")
    # Week 6: 9,000 of 40,000 visits (weight 2), 48 of 100 leads; 6 of 20 hours, and the design of the app.
    assert says.status(alice, "2027-02-09") == table("""
        marketing     0.3100
        brand         0.3100  at risk
        brand/visits  0.2250  at risk   49000
        brand/leads   0.4800  on track  148
        product       0.3000
        app           0.3000  off track
        app/hours     0.3000  off track 18
        app/launch    0.3000  off track design
    """)
    assert says.weekly(alice, "2027-02-09") == {
        "moved": ["brand/leads 140 → 148", "app/hours 19 → 18", "brand/visits 47500 → 49000"],
        "unmoved": ["app/launch"],
        "attention": ["app/hours off track", "app/launch off track", "brand/visits at risk"],
        "disagreements": ["app/hours doubtful"],
        "blockers": ["app/launch blocked by the store"],
        "plans": [],
        "due": [],
    }
    # 6 + 6 of Alice's, 6 + 1 of Bob's and 1 that takes one back, 3 of Carol's; and one of a KPI.
    assert says.audit(alice, "2027-02-09") == ["24 lines in 3 logs"]
    end_first_quarter(year)


def end_first_quarter(year: Year) -> None:
    alice, bob, carol = year.alice, year.bob, year.carol
    before = alice.git("2027-02-09", "rev-parse", "HEAD")
    for person in (alice, bob, carol):
        year.check_in(person, "2027-Q1", 13)
    carol.okr("2027-03-31", "kpi", "record", "customers", "1150")
    carol.okr("2027-03-31", "checkin", "2027/company/lead/share", "12", "--push")
    alice.okr("2027-04-01", "sync")
    # Week 13: 19,500 of 40,000 visits, 104 of 100 leads; 13 of 20 hours, and the beta.
    scores = """
        marketing     0.6583
        brand         0.6583  at risk
        brand/visits  0.4875  at risk    59500
        brand/leads   1.0000  achieved   204
        product       0.6750
        app           0.6750  off track
        app/hours     0.6500  off track  11
        app/launch    0.7000  at risk    beta
    """
    assert says.status(alice, "2027-04-01", "--cycle", "2027-Q1") == table(scores)
    # As of one day on both sides: the year's 12 % of 10 to 20, and 1,150 of 1,000 to 2,000 customers.
    assert says.diff(alice, "2027-04-01", f"{before}..HEAD") == table("""
        both 2027/company      0.0000 → 0.0875
        both lead              0.0000 → 0.1750
        both lead/share        0.0000 → 0.2000  added 1
        both lead/customers    0.0000 → 0.1500
        both 2027-Q1/marketing 0.3100 → 0.6583
        both brand             0.3100 → 0.6583
        both brand/visits      0.2250 → 0.4875  added 7
        both brand/leads       0.4800 → 1.0000  added 7
        both 2027-Q1/product   0.3000 → 0.6750
        both app               0.3000 → 0.6750
        both app/hours         0.3000 → 0.6500  added 7
        both app/launch        0.3000 → 0.7000  added 7
    """)
    year.close(
        alice, "2027-04-01", "2027-Q1",
        "marketing/brand,,,Leads come from talks,carry\n"
        "app/hours,,,,keep\n"
        "app/launch,0.9,A day late in one store,,carry\n",
        "We began too slowly.",
    )  # fmt: skip
    # (2 × 0.49 + 1) / 3 and (0.65 + 0.9) / 2. Of 49 confidences, 13 of 0.9 came true; 13 of 0.5, 13 of 0.3 and
    # 10 of 0.6 did not: (13 × 0.01 + 13 × 0.25 + 13 × 0.09 + 10 × 0.36) / 49.
    assert says.retrospective(alice, "2027-04-01", "2027-Q1") == {
        "owners": ["marketing 0.6600", "product 0.7750"],
        "hits": ["brand/leads"],
        "misses": ["brand/visits", "app/hours", "app/launch"],
        "ambition": ["aspirational 2 0.7450 near", "committed 2 0.7750 low"],
        "said": 49,
        "brier": 0.166327,
    }
    assert says.diff(alice, "2027-04-01", "HEAD~") == table("""
        both 2027-Q1/marketing 0.6583 → 0.6600
        both brand             0.6583 → 0.6600  learned next-decided
        both brand/visits      0.4875 → 0.4900  graded
        both brand/leads       graded
        both 2027-Q1/product   0.6750 → 0.7750
        both app               0.6750 → 0.7750
        both app/hours         next-decided graded
        both app/launch        0.7000 → 0.9000  next-decided graded grade-explained
        2027-Q1 state active → closed
        2027-Q1 review None → We began too slowly.
    """)


def second_quarter(year: Year) -> None:
    """What goes on begins where it was left; squash-merged; a target is lowered in a pull request of its own."""
    alice, bob, carol = year.alice, year.bob, year.carol
    bob.home("2027-04-01")
    refused = bob.okr(
        "2027-04-01", "checkin", "2027-Q1/product/app/hours", "9", "--date", "2027-03-31", status=1
    )
    assert "2027-Q1 is closed" in refused.err
    bob.okr("2027-04-01", "plan", "open", "2027-Q2", "--branch")
    carried = bob.shell.read("okrs/2027-Q2/marketing.yaml")
    assert carried.endswith(
        BRAND.replace("from: 40000", "from: 59500  # last value of 2027-Q1").rsplit("      - {id: leads")[0]
    )
    assert "{id: hours, title: Answer within 4 hours, unit: hours, from: 24, to: 4}" in bob.shell.read(
        "okrs/2027-Q2/product.yaml"
    )
    bob.shell.write({"okrs/2027-Q2/marketing.yaml": carried + EVENTS})
    bob.propose("2027-04-01", "plan-2027-Q2", "Open 2027-Q2")
    assert says.check(bob, "2027-04-01") == ["ready", "brand carried 1", "events carried 0", "app carried 1"]
    goes_on = [
        each for owner in bob.asks("2027-04-01", "plan", "summary")["since"] for each in owner["continued"]
    ]
    assert [[says.tail(done) for done in each["finished"]] for each in goes_on] == [["brand/leads"], []]
    merge(year.host, "2027-04-02", "plan-2027-Q2", "squash")
    year.everybody_home("2027-04-02")
    year.start(bob, "2027-04-02", "2027-Q2")
    for person in (alice, bob):
        year.check_in(person, "2027-Q2", 6)
    alice.home("2027-05-12")
    alice.git("2027-05-12", "switch", "--quiet", "--create", "fewer")
    plan = "okrs/2027-Q2/marketing.yaml"
    alice.edit(plan, ("400 people", "300 people"), ("to: 400", "to: 300"))
    # 120 people of 400, then of 300. Visits: 9,000 of 20,500 from 59,500 to 80,000.
    lowered = """
        both 2027-Q2/marketing 0.3695 → 0.4195
        both events            0.3000 → 0.4000
        both events/attendees  0.3000 → 0.4000  reworded retargeted
        added OKR704
    """
    assert says.diff(alice, "2027-05-12") == table(lowered)
    alice.propose("2027-05-12", "fewer", "Aim for 300 people: the hall is smaller")
    assert says.diff(alice, "2027-05-12", "main...") == table(lowered)
    merge(year.host, "2027-05-13", "fewer", "squash")
    year.everybody_home("2027-05-13")
    assert says.status(carol, "2027-05-13") == table("""
        marketing         0.4195
        brand             0.4390  on track
        brand/visits      0.4390  on track  68500
        events            0.4000  on track
        events/attendees  0.4000  on track  120
        product           0.4000
        app               0.4000  off track
        app/hours         0.8000  on track  8
        app/launch        0.0000  not started None
    """)
    # The day before the merge, read from git.
    assert says.status(carol, "2027-05-12", "--at", "2027-05-12")[3:5] == table("""
        events            0.3000  at risk
        events/attendees  0.3000  at risk   120
    """)
    assert says.log(carol, "2027-05-13", "attendees") == table("""
        2027-05-13 Host reworded 2027-Q2/marketing/events/attendees title 400 people come to our evenings 300 people come to our evenings
        2027-05-13 Host retargeted 2027-Q2/marketing/events/attendees to 400 300
        2027-04-02 Host objective-added 2027-Q2/marketing/events
    """)
    attendees = "2027-Q2/marketing/events/attendees"
    review = says.weekly(carol, "2027-05-13")
    assert review["plans"] == [f"reworded {attendees}", f"retargeted {attendees}"]
    assert (review["unmoved"], review["due"]) == (["app/launch"], ["app/launch"])
    # 49 of the first quarter that count and 2 that do not, 12 + 6 of this one, 2 of the KPI, 1 of the year.
    assert says.audit(carol, "2027-05-13") == ["72 lines in 6 logs", f"warning target-moved {attendees}"]
    for person in (alice, bob):
        year.check_in(person, "2027-Q2", 12)


def third_quarter(year: Year) -> None:
    """Opened before the last one is over, rebased upon what came meanwhile; a KPI feeds a key result."""
    alice, bob, carol = year.alice, year.bob, year.carol
    carol.home("2027-06-21")
    carol.okr("2027-06-21", "plan", "open", "2027-Q3", "--branch")
    carol.edit("okrs/2027-Q3/marketing.yaml", ("objectives: []\n", RETAIN))
    carol.propose("2027-06-21", "plan-2027-Q3", "Open 2027-Q3, and plan it")
    asked = ["ready", "retain carried 0", "app carried 2", "carried-again 2027-Q3/product/app"]
    assert says.check(carol, "2027-06-21") == asked
    for person in (alice, bob):
        year.check_in(person, "2027-Q2", 13)
    carol.home("2027-06-30")
    carol.okr("2027-06-30", "kpi", "record", "customers", "1300")
    carol.okr("2027-06-30", "checkin", "2027/company/lead/share", "14", "--push")
    merge(year.host, "2027-06-30", "plan-2027-Q3", "rebase")
    year.everybody_home("2027-06-30")
    # Hours stood at 5 when the branch was made, and at 4.5 a week later.
    assert says.check(bob, "2027-06-30") == [*asked, "baseline-behind 2027-Q3/product/app/hours"]
    bob.edit("okrs/2027-Q3/product.yaml", ("from: 5,", "from: 4.5,"))
    assert says.diff(bob, "2027-06-30") == ["both 2027-Q3/product", "both app", "both app/hours retargeted"]
    bob.git("2027-06-30", "commit", "--quiet", "--all", "--message", "Begin where the quarter ended")
    year.start(bob, "2027-06-30", "2027-Q3")
    refused = bob.okr(
        "2027-07-01", "cycle", "close", "2027-Q2", "--from", "-", status=1, stdin="ref,grade\napp/launch,1\n"
    )
    assert refused.err.startswith(
        "error: Nothing was recorded.\n  standard input: 3 key results have no grade: "
    )
    year.close(
        bob, "2027-07-01", "2027-Q2", "2027-Q2/product/app/hours,1,Half an hour is nobody's loss,,drop\n"
    )
    # Grades 0.95 (19,500 of 20,500) and 0.87 (260 of 300). Confidences: 13 of 0.8, 13 of 0.4 and 13 of 0.9, all of
    # which came true: (8.15 + 13 × 0.04 + 13 × 0.36 + 13 × 0.01) / 88.
    assert says.retrospective(bob, "2027-07-01", "2027-Q2") == {
        "owners": ["marketing 0.9100", "product 1.0000"],
        "hits": ["brand/visits", "events/attendees", "app/hours", "app/launch"],
        "misses": [],
        "ambition": ["aspirational 2 0.9100 high", "committed 2 1.0000 near"],
        "said": 88,
        "brier": 0.153182,
    }
    year.check_in(alice, "2027-Q3", 13)
    year.check_in(bob, "2027-Q3", 13)
    moved = carol.asks("2027-07-31", "kpi", "record", "customers", "1400")["checkins"][0]["key_results"]
    assert moved == [
        {"ref": "2027/company/lead/customers", "score": 0.4, "score_before": 0.3},
        {"ref": "2027-Q3/marketing/retain/customers", "score": 0.333333, "score_before": 0.0},
    ]
    carol.okr("2027-09-30", "kpi", "record", "customers", "1540")
    carol.okr("2027-09-30", "checkin", "2027/company/lead/share", "17", "--push")
    # 1,540 of 1,300 to 1,600 customers, 13 of 20 points.
    assert says.status(carol, "2027-09-30") == table("""
        marketing         0.7250
        retain            0.7250  on track
        retain/customers  0.8000  on track  1540
        retain/nps        0.6500  at risk   43
        product           1.0000
        app               1.0000  achieved
        app/hours         1.0000  achieved  4
    """)
    year.close(carol, "2027-10-01", "2027-Q3")
    # 13 confidences of 0.7 did not come true: (13.48 + 13 × 0.49) / 101.
    assert says.retrospective(carol, "2027-10-01", "2027-Q3") == {
        "owners": ["marketing 0.7250", "product 1.0000"],
        "hits": ["retain/customers", "app/hours"],
        "misses": ["retain/nps"],
        "ambition": ["aspirational 2 0.7250 near", "committed 1 1.0000 near"],
        "said": 101,
        "brier": 0.196535,
    }


def fourth_quarter(year: Year) -> None:
    """All is new; merged by moving main forward; a check-in reaches the others after the closing."""
    alice, bob, carol = year.alice, year.bob, year.carol
    carol.okr("2027-10-01", "plan", "open", "2027-Q4", "--branch")
    carol.edit("okrs/2027-Q4/marketing.yaml", ("objectives: []\n", REACH))
    carol.edit("okrs/2027-Q4/product.yaml", ("objectives: []\n", STEADY))
    carol.propose("2027-10-01", "plan-2027-Q4", "Open 2027-Q4, and plan it")
    assert says.check(carol, "2027-10-01") == ["ready", "reach carried 0", "steady carried 0"]
    merge(year.host, "2027-10-01", "plan-2027-Q4", "fast-forward")
    year.everybody_home("2027-10-01")
    year.start(carol, "2027-10-01", "2027-Q4")
    for person in (alice, bob):
        year.check_in(person, "2027-Q4", 13)
    bob.okr("2027-12-31", "checkin", "steady/uptime", "99.97")
    carol.okr("2027-12-31", "kpi", "record", "customers", "1900")
    carol.okr("2027-12-31", "checkin", "--from", "-", "--push", stdin=(
        "ref,value\n2027/company/lead/share,19\n2027/company/people/survey,answered\n"
    ))  # fmt: skip
    # 89 days since the first check-in, 7 of them (from 1 November) below 99.9.
    assert says.status(carol, "2028-01-03", "--cycle", "2027-Q4") == table("""
        marketing      1.0000
        reach          1.0000  achieved
        reach/readers  1.0000  achieved  13000
        product        0.9213
        steady         0.9213  at risk
        steady/uptime  0.9213  at risk   99.95
    """)
    year.close(carol, "2028-01-03", "2027-Q4")
    synced = bob.asks("2028-01-04", "sync")
    assert synced["closed"] == ["2027-Q4"]
    bob.okr("2028-01-04", "cycle", "reopen", "2027-Q4", "-m", "One check-in came late")
    year.close(bob, "2028-01-04", "2027-Q4", "steady/uptime,,,,carry\n")
    # 49 + 2, 40, 26 and 27 of the quarters, 6 of the KPI, 5 of the year.
    assert says.audit(bob, "2028-01-04") == table("""
        155 lines in 10 logs
        warning cycle-reopened 2027-Q4
        warning target-moved   2027-Q2/marketing/events/attendees
    """)
    # 13 confidences of 0.9 came true: (19.85 + 13 × 0.01) / 114.
    assert says.retrospective(bob, "2028-01-04", "2027-Q4") == {
        "owners": ["marketing 1.0000", "product 0.9200"],
        "hits": ["reach/readers"],
        "misses": ["steady/uptime"],
        "ambition": ["aspirational 1 1.0000 high", "committed 1 0.9200 near"],
        "said": 114,
        "brier": 0.175263,
    }


def next_year(year: Year) -> None:
    """The year is closed, the next one planned; what goes on supports the new year's objective of the same id."""
    carol = year.carol
    carol.home("2028-01-05")
    year.close(carol, "2028-01-05", "2027", review="A good year.")
    # Shares 19 of 10 to 20, customers 1,900 of 1,000 to 2,000: 0.9 each. The survey is answered.
    assert says.cycles(carol, "2028-01-05") == table("""
        2027     closed  1  2   5  3  0.9500
        2027-Q1  closed  2  2  49  4  0.7175
        2027-Q2  closed  2  3  40  4  0.9550
        2027-Q3  closed  2  2  26  3  0.8625
        2027-Q4  closed  2  2  27  2  0.9600
    """)
    carol.okr("2028-01-05", "plan", "open", "2028", "--branch-name", "plan-2028")
    carol.edit(
        "okrs/2028/company.yaml", ("objectives: []\n", COMPANY.replace("lead", "grow").split("      - {id: cus")[0] +
        "  - id: people" + COMPANY.split("  - id: people")[1])
    )  # fmt: skip
    carol.okr("2028-01-05", "plan", "open", "2028-Q1")
    assert "    supports: 2028/company/people\n" in carol.shell.read("okrs/2028-Q1/product.yaml")
    known = REACH.replace("id: reach", "id: known").replace("2027/company/lead", "2028/company/grow")
    carol.edit("okrs/2028-Q1/marketing.yaml", ("objectives: []\n", known))
    assert says.check(carol, "2028-01-05", "2028-Q1") == ["ready", "known carried 0", "steady carried 1"]
    assert carol.okr("2028-01-05", "validate").out == "32 files, nothing to report.\n"

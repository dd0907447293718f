"""A check-in made before a closing and synced after it, one made after it: sync, audit and validate agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.company import Person
from tests.cli.conftest import SMALL_WORKSPACE
from tests.cli.team import everything, make_team

if TYPE_CHECKING:
    from pathlib import Path

LOG, PLAN, KPI_LOG = "checkins/2026-Q4/marketing.yaml", "okrs/2026-Q4/marketing.yaml", "checkins/kpis.yaml"
FILES = SMALL_WORKSPACE | {
    "kpis.yaml": 'kpis:\n  - {id: churn, name: Customers lost in the month, unit: "%"}\n',
    KPI_LOG: "- {date: 2026-09-30, kpi: churn, value: 4, by: alice}\n",
    PLAN: SMALL_WORKSPACE[PLAN].replace(
        "  - id: speed\n",
        "      - {id: lost, title: Fewer customers lost, kpi: churn, to: 2}\n  - id: speed\n",
    ),
}
CLOSING, BEFORE, AFTER = "2026-12-10", "2026-12-08", "2026-12-12"


@pytest.fixture
def people(tmp_path: Path) -> tuple[Person, Person]:
    """Alice and Bob; he closes the quarter early and sends that."""
    team = make_team(tmp_path, FILES)
    alice, bob = (Person(name, team.clone(name)) for name in ("alice", "bob"))
    bob.okr(CLOSING, "cycle", "close", "2026-Q4", "--early", "Merged", "--all-scores")
    bob.okr(CLOSING, "sync")
    return alice, bob


def audited(person: Person, *arguments: str) -> list[tuple[str, str]]:
    """What an audit finds about closings: severity and kind, and the message's end."""
    found = person.shell.okr("audit", "--json", *arguments)
    again = person.shell.okr("audit", "--json", "--every-commit", *arguments)
    kinds = ("after-closing", "closed-cycle-changed")
    listed: list[dict[str, Any]] = json.loads(found.out)["findings"]
    assert json.loads(again.out)["findings"] == listed
    said = [
        (f"{each['severity']} {each['kind']}", each["message"]) for each in listed if each["kind"] in kinds
    ]
    return sorted(said)


def validated(person: Person, base: str) -> list[tuple[str, str]]:
    """What OKR701 finds since a revision."""
    outcome = person.shell.okr(
        "--as-of", AFTER, "validate", "--json", "--select", "OKR701", "--changed-since", base
    )
    return [(each["severity"], each["message"]) for each in json.loads(outcome.out)["diagnostics"]]


def test_made_before_it_is_kept_and_said(people: tuple[Person, Person]) -> None:
    alice, bob = people
    base = bob.git(CLOSING, "rev-parse", "HEAD")
    grades = bob.shell.read(PLAN)
    alice.okr(BEFORE, "checkin", "visits", "62000")
    alice.okr(BEFORE, "kpi", "record", "churn", "3")
    done = alice.okr(AFTER, "sync")
    assert "Sent 2 commits to origin/main." in done.out
    assert done.err.splitlines()[-1] == (
        "2026-Q4 was closed meanwhile: your check-ins in it, made before, are kept, and its grades stand. "
        "`okr cycle reopen 2026-Q4` opens it, to grade with them."
    )
    assert alice.shell.read(PLAN) == grades
    end = (
        "made by Alice Martin on 2026-12-08, before Bob Stone closed 2026-Q4 on 2026-12-10, and came in after that: "
        "the grades do not count it."
    )
    expected = [
        (
            "warning after-closing",
            f"The check-in on 2026-Q4/marketing/brand/visits of 2026-12-08 (62000, by alice) was {end}",
        ),
        ("warning after-closing", f"The check-in on kpis/churn of 2026-12-08 (3, by alice) was {end}"),
    ]
    assert audited(alice) == audited(alice, "--since", base) == expected
    assert validated(alice, base) == [
        (
            "info",
            "2026-Q4 is closed, and a check-in has come in, made before: its grades do not count it",
        ),
        (
            "info",
            (
                "2026-Q4 is closed, and a measurement that 2026-Q4/marketing/brand/lost counts has come in, made "
                "before: its grades do not count it"
            ),
        ),
    ]
    assert alice.okr(AFTER, "validate", "--changed-since", base, "--strict", "--select", "OKR7").status == 0
    # The others see the same; opened and closed once more, it is graded with them, and there is nothing left to say.
    bob.okr(AFTER, "sync")
    bob.okr(AFTER, "cycle", "reopen", "2026-Q4")
    bob.okr(AFTER, "cycle", "close", "2026-Q4", "--early", "Merged", "--all-scores")
    assert audited(bob) == []
    assert validated(bob, "HEAD~1") == validated(bob, "HEAD~2") == []


def test_made_after_it_is_refused_and_nothing_changes(people: tuple[Person, Person]) -> None:
    alice, bob = people
    base = bob.git(CLOSING, "rev-parse", "HEAD")
    alice.okr(AFTER, "checkin", "visits", "62000")
    commit = alice.git(AFTER, "rev-parse", "HEAD")[:7]
    before = everything(alice.shell)["files"]
    head = alice.git(AFTER, "rev-parse", "HEAD")
    refused = alice.okr(AFTER, "sync", status=1)
    assert refused.out == ""
    assert refused.err.endswith(
        "error: 2026-Q4 was closed by Bob Stone on 2026-12-10, and a check-in of yours in it was made after that: "
        f"{commit}. Nothing was sent or brought in.\n"
        f"  `okr undo {commit}` takes it back; or have the cycle opened (`okr cycle reopen 2026-Q4` and `okr sync`, where "
        "it was closed). Then repeat `okr sync`.\n"
    )
    assert (everything(alice.shell)["files"], alice.git(AFTER, "rev-parse", "HEAD")) == (before, head)
    # Taken back it changes nothing, and may come.
    alice.okr(AFTER, "undo", commit)
    alice.okr(AFTER, "sync")
    assert [each for each, _ in audited(alice)] == ["warning after-closing"] * 2
    assert all(
        message.endswith("; a check-in and the line that takes it back change nothing.")
        for _, message in audited(alice)
    )
    assert [each for each, _ in validated(alice, base)] == ["info", "info"]
    # Brought in by hand, past okr, it is what it was: an error everywhere.
    alice.shell.write(
        {
            LOG: alice.shell.read(LOG) + "- {date: 2026-12-11, kr: brand/visits, value: 7, by: alice}\n",
            KPI_LOG: alice.shell.read(KPI_LOG)
            + "- {date: 2026-12-10, kpi: churn, value: 1}\n- {date: 2026-12-11, kpi: churn, value: 2}\n",
        }
    )
    alice.git(AFTER, "commit", "--quiet", "--all", "--message", "By hand")
    found = audited(alice)
    assert [each for each, _ in found] == [
        *["error closed-cycle-changed"] * 2,
        *["warning after-closing"] * 2,
    ]
    assert (
        "check-in on kpis/churn of 2026-12-10 (1) was committed by Alice Martin on 2026-12-12, when"
        in found[1][1]
    )
    assert sorted(each for each, _ in validated(alice, base)) == ["error", "error", "info", "info"]


@pytest.mark.unmeasured
def test_where_it_is_opened_meanwhile_it_may_come(people: tuple[Person, Person]) -> None:
    alice, bob = people
    alice.okr(AFTER, "checkin", "visits", "62000")
    alice.okr(AFTER, "sync", status=1)
    bob.okr("2026-12-13", "cycle", "reopen", "2026-Q4")
    bob.okr("2026-12-13", "sync")
    assert alice.okr("2026-12-14", "sync").err.splitlines()[-1] == "Sending to origin/main …"
    assert audited(alice) == []


def test_two_branches_that_are_merged(people: tuple[Person, Person]) -> None:
    alice, bob = people
    base = bob.git(CLOSING, "rev-parse", "HEAD")
    alice.okr(BEFORE, "checkin", "visits", "62000")
    alice.okr(AFTER, "checkin", "hours", "20")
    alice.git(AFTER, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    found = audited(alice)
    assert [each for each, _ in found] == ["error closed-cycle-changed", "warning after-closing"]
    assert "20, by alice" in found[0][1]
    assert "62000, by alice" in found[1][1]
    assert sorted(each for each, _ in validated(alice, base)) == ["error", "info"]
    # A merge that is ours is sent the same way: refused for the one, which names it.
    assert "check-in of yours in it was made after that" in alice.okr(AFTER, "sync", status=1).err
    # A branch that was there before the closing and is merged once the cycle is open again.
    bob.okr("2026-12-13", "cycle", "reopen", "2026-Q4")
    bob.okr("2026-12-13", "sync")
    alice.git("2026-12-14", "reset", "--quiet", "--hard", "HEAD^1")
    alice.git("2026-12-14", "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    assert audited(alice) == []
    alice.okr("2026-12-14", "sync")

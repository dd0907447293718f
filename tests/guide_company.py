"""The small company that `docs/guides/quarter.md` accompanies through a quarter: where the guide begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.company import found_company
from tests.cli.conftest import Shell

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "okr.yaml": "name: Acme\nlimits:\n  objectives: {min: 1, max: 3}\n",
    ".gitattributes": "checkins/** merge=union\n",
    "org.yaml": """\
teams:
  - {id: company, name: Acme, lead: carol}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
  - {id: support, name: Support, parent: company, lead: bob}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob Stone, email: bob@acme.example, team: support}
  - {id: carol, name: Carol Reed, email: carol@acme.example, team: company}
""",
    "okrs/2026/cycle.yaml": "state: closed\n",
    "okrs/2026/company.yaml": """\
objectives:
  - id: lead
    title: Be known in our market
    owner: carol
    next: carry
    key_results:
      - {id: share, title: An eighth of the market is ours, unit: "%", from: 7, to: 12.5, grade: 0.9}
      - {id: churn, title: At most 3% leave in a month, unit: "%", at_most: 3, grade: 1.0}
""",
    "okrs/2027/cycle.yaml": "state: active\n",
    "okrs/2027/company.yaml": """\
objectives:
  - id: lead
    title: Lead our market
    owner: carol
    key_results:
      - {id: share, title: A fifth of the market is ours, unit: "%", from: 12, to: 20}
      - {id: churn, title: At most 2% leave in a month, unit: "%", at_most: 2}
""",
    "okrs/2026-Q4/cycle.yaml": "state: closed\nreview: Two goals each were right.\n",
    "okrs/2026-Q4/marketing.yaml": """\
objectives:
  # Not the loudest brand: the first one.
  - id: brand
    title: Make our brand the one people think of first
    owner: alice
    supports: 2026/company/lead
    learned: Articles bring more visits than advertisements
    next: carry
    key_results:
      - id: visits          # as the web server counts them
        title: 60 thousand visits a month
        unit: visits
        from: 42000
        to: 60000
        grade: 0.5
      - {id: launch, title: The new site is live, milestones: {beta: 0.7, live: 1.0}, grade: 1.0}
""",
    "okrs/2026-Q4/support.yaml": """\
objectives:
  - id: calm
    title: Keep calm when all of them call at once
    type: committed
    owner: bob
    supports: 2026/company/lead
    key_results:
      - {id: backlog, title: At most 20 questions wait overnight, unit: questions, from: 90, to: 20, grade: 1.0}
      - {id: handbook, title: The handbook is written, milestones: {done: 1.0}, grade: 1.0}
""",
    "checkins/2026/company.yaml": """\
- {date: 2026-12-30, kr: lead/share, value: 12, by: carol}
- {date: 2026-12-30, kr: lead/churn, value: 2.4, by: carol}
""",
    "checkins/2026-Q4/marketing.yaml": """\
- {date: 2026-12-28, kr: brand/visits, value: 51000, confidence: 0.3, by: alice}
- {date: 2026-12-14, kr: brand/launch, value: live, by: alice}
""",
    "checkins/2026-Q4/support.yaml": """\
- {date: 2026-12-28, kr: calm/backlog, value: 18, confidence: 0.9, by: bob}
- {date: 2026-12-07, kr: calm/handbook, value: done, by: bob}
""",
}
GRADES = """\
ref,grade,reason,learned,next
marketing/brand,,,Whoever comes to an evening comes back,
brand/evenings,,,,drop
support/answers,,,A rota is not enough: say who is next,
answers/hours,,,,carry
answers/handover,0.9,Running since Wednesday,,drop
"""
"""What the guide calls grades.csv."""


def company(folder: Path) -> Shell:
    """A remote, and the clones of Alice, Bob and Carol: `goals` in the home of each."""
    work = folder / "work"
    work.mkdir()
    found = found_company(work, FILES, "2027-01-02")
    Shell(work / "remote.git", found.home).git("tag", "closed-2026-Q4")
    for name in ("alice", "bob", "carol"):
        found.clone(name, f"{name}/goals")
        (work / name / "grades.csv").write_text(GRADES, encoding="utf-8")
    return Shell(work / "alice" / "goals", found.home)

"""What the company of `test_year.py` is, and what its people plan, as they write it."""

from __future__ import annotations

FILES = {
    "okr.yaml": "name: Acme\nlimits:\n  objectives: {min: 1, max: 3}\n  key_results: {min: 1, max: 3}\n",
    ".gitattributes": "checkins/** merge=union\n",
    "org.yaml": """\
teams:
  - {id: company, name: Acme, lead: carol}
  - {id: marketing, name: Marketing, parent: company, lead: alice}
  - {id: product, name: Product, parent: company, lead: bob}
people:
  - {id: alice, name: Alice Martin, email: alice@acme.example, team: marketing}
  - {id: bob, name: Bob Stone, email: bob@acme.example, team: product}
  - {id: carol, name: Carol Reed, email: carol@acme.example, team: product}
""",
    "kpis.yaml": """\
kpis:
  - {id: customers, name: Paying customers, unit: customers, at_least: 1000, owner: carol}
""",
}
COMPANY = """\
objectives:
  - id: lead
    title: Lead our market
    owner: carol
    key_results:
      - {id: share, title: A fifth of the market is ours, unit: "%", from: 10, to: 20}
      - {id: customers, title: Twice as many customers, kpi: customers, from: 1000, to: 2000}
  - id: people
    title: Be a place where people want to stay
    owner: carol
    key_results:
      - {id: survey, title: Everybody was asked, milestones: {asked: 0.5, answered: 1.0}}
"""
BRAND = """\
objectives:
  # Inbound first.
  - id: brand
    title: Make our brand the one people think of first
    owner: alice
    supports: 2027/company/lead
    key_results:
      - id: visits        # counted by hand
        title: 80 thousand visits a month
        unit: visits
        from: 40000
        to: 80000
        weight: 2
      - {id: leads, title: Twice as many leads, unit: leads, from: 100, to: 200}
"""
APP = """\
objectives:
  - id: app
    title: Have an app that people open before breakfast
    type: committed
    owner: bob
    supports: 2027/company/people
    key_results:
      - {id: hours, title: Answer within 4 hours, unit: hours, from: 24, to: 4}
      - id: launch
        title: The app is live
        owner: carol
        milestones:       # agreed beforehand
          design: 0.3
          beta: 0.7
          live: 1.0
"""
EVENTS = """\
  - id: events
    title: Be where our customers meet
    owner: alice
    supports: 2027/company/lead
    key_results:
      - {id: attendees, title: 400 people come to our evenings, unit: people, from: 0, to: 400}
"""
RETAIN = """\
objectives:
  - id: retain
    title: Be worth coming back to
    owner: alice
    supports: 2027/company/lead
    key_results:
      - {id: customers, title: 1600 customers pay us, kpi: customers, to: 1600}
      - {id: nps, title: 50 of 100 recommend us, unit: points, from: 30, to: 50}
"""
REACH = """\
objectives:
  - id: reach
    title: Be read by whoever matters to us
    owner: alice
    supports: 2027/company/lead
    key_results:
      - {id: readers, title: 13 thousand readers, unit: readers, from: 0, to: 13000}
"""
STEADY = """\
objectives:
  - id: steady
    title: Never let anybody wait
    type: committed
    owner: bob
    supports: 2027/company/people
    key_results:
      - {id: uptime, title: The app is up 99.9% of the time, unit: "%", at_least: 99.9}
"""

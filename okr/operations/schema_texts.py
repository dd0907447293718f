"""What editors show of each key of each file, and examples of its values: the words of the JSON Schemas.

By model and by key as files write it. A test holds that each key of the models is here and nothing else is, and
that each example is a value its key may have. `docs/files.md` says the same at greater length.
"""

from __future__ import annotations

TEXTS: dict[str, dict[str, str]] = {
    "Limit": {
        "min": "The fewest; fewer is an error, while the cycle is being planned a warning.",
        "max": "The most.",
    },
    "Limits": {
        "objectives": "Objectives of each owner in a cycle.",
        "key_results": "Key results of each objective.",
    },
    "CheckIn": {
        "push": "Whether a check-in is sent to the others at once.",
    },
    "Override": {
        "paths": "The files, as patterns from the workspace's root: `*` within a name, `**` for any folders.",
        "rules": "The severities there, as in `rules` of the settings.",
    },
    "Settings": {
        "name": "The workspace's name on the screen.",
        "year_starts": "The month in which the year begins, 1 to 12.",
        "year_named_after": "Whether the calendar year of the year's start or of its end names it.",
        "limits": "How many OKRs are allowed.",
        "checkin_every": "Days within which a check-in is due; after twice as long a key result is stale.",
        "checkin": "What `okr checkin` does unless told otherwise.",
        "language": "What the wording rules read, and what reports, Markdown and messages are written in.",
        "rules": "Severities of rules, by their code, their name or the beginning of codes.",
        "overrides": "Other severities for some of the files; the last one that names a rule counts.",
    },
    "Team": {
        "id": "Its id: the name of its files.",
        "name": "Its name on the screen.",
        "parent": "The team that it belongs to.",
        "lead": "The person who leads it.",
        "formerly": "Ids that it had before.",
    },
    "Person": {
        "id": "Their id: the name of their files.",
        "name": "Their name on the screen.",
        "email": "The address they use in git, or a list of them.",
        "team": "The team that they belong to.",
        "formerly": "Ids that they had before.",
    },
    "Org": {
        "teams": "The teams, parents usually first.",
        "people": "The people.",
    },
    "Kpi": {
        "id": "Its id.",
        "name": "What is measured.",
        "unit": "What its numbers count.",
        "owner": "The team or person in whose care it is.",
        "why": "Why it is watched.",
        "at_least": "The least that is healthy.",
        "at_most": "The most that is healthy.",
        "formerly": "Ids that it had before.",
    },
    "Kpis": {
        "kpis": "The KPIs.",
    },
    "Initiative": {
        "title": "What is to be done.",
        "link": "Where it is followed.",
        "owner": "The person who does it.",
        "done": "Whether it is done.",
    },
    "KeyResult": {
        "id": "Its id.",
        "title": "An outcome that can be verified.",
        "owner": "The person accountable; the objective's if left out.",
        "unit": "What its numbers count; the KPI's if left out.",
        "from": "The baseline, or `unknown` where nobody has measured it yet: then the first check-in is the baseline.",
        "to": "The target, above or below the baseline; `+30%` and `-20%` are relative to it.",
        "commit": "The least that is promised, on the way to the target; scores 0.3.",
        "stretch": "Beyond the target; scores 1.0, and the target then 0.7.",
        "at_least": "Keep it at this or above.",
        "at_most": "Keep it at this or below.",
        "milestones": "A ladder of names with the score of each, rising to 1.0.",
        "kpi": "The KPI that it draws its numbers from, with `to` or bounds.",
        "weight": "How much it counts in the objective's score; 0 makes it a guardrail, watched and never scored.",
        "initiatives": "How we mean to get there; never scored.",
        "tags": "Words to find it by.",
        "depends_on": "What it waits for: a reference, or a list of them.",
        "formerly": "Ids that it had before.",
        "grade": "In a closed cycle, the score that people agreed on, 0.0 to 1.0.",
        "grade_reason": "Why the grade is not the score that was reckoned.",
        "learned": "What was learned.",
        "next": "In a closed cycle, what becomes of it in the next: kept as it is, carried on from its last value, or dropped.",
    },
    "Objective": {
        "id": "Its id.",
        "title": "A direction, in words: no number.",
        "why": "Why it matters now.",
        "owner": "The person accountable; in a person's own file, that person.",
        "type": "Aspirational (0.7 is a good result) or committed (a promise).",
        "supports": "What it contributes to: a reference to an objective or key result, or a list of them.",
        "key_results": "The key results that it is measured by.",
        "tags": "Words to find it by.",
        "depends_on": "What it waits for: a reference, or a list of them.",
        "formerly": "Ids that it had before.",
        "learned": "What was learned, once the cycle is over.",
        "next": "In a closed cycle, what becomes of those of its key results that do not say so themselves.",
    },
    "Plan": {
        "objectives": "The objectives, two to three.",
    },
    "CycleFacts": {
        "starts": "Its first day; as its name says if left out.",
        "ends": "Its last day; as its name says if left out.",
        "state": "Planning, active, or closed once it is graded.",
        "closed": "The day on which it was closed: its grades count what was so until then.",
        "owners": "The teams and people who plan in it; all teams, and who planned before, if left out.",
        "review": "What was found when looking back.",
    },
    "LogRecord": {
        "date": "The day, or the day and time with its offset, that it is true of.",
        "kr": "The key result, as `objective/key-result` of the log's own owner and cycle.",
        "kpi": "The KPI, in checkins/kpis.yaml.",
        "value": "The value: a number, or a milestone's name.",
        "confidence": "How sure people are that the target will be reached, 0.0 to 1.0; it never changes a score.",
        "by": "Who says so.",
        "note": "What is behind it.",
        "retracts": "Takes back every record of the same key result with exactly this `date`.",
    },
}
"""What each key means."""

EXAMPLES: dict[str, dict[str, list[object]]] = {
    "Limit": {"min": [2], "max": [3]},
    "Limits": {"objectives": [{"min": 2, "max": 3}], "key_results": [{"min": 2, "max": 5}]},
    "Override": {"paths": [["okrs/2025*/**"]], "rules": [{"OKR4": "info", "OKR203": "off"}]},
    "Settings": {
        "name": ["Acme"],
        "year_starts": [9],
        "checkin_every": [7, 14],
        "checkin": [{"push": True}],
        "rules": [{"OKR401": "off", "OKR203": "error"}],
        "overrides": [[{"paths": ["okrs/2025*/**"], "rules": {"OKR4": "info"}}]],
    },
    "Team": {
        "id": ["marketing"],
        "name": ["Marketing"],
        "parent": ["company"],
        "lead": ["alice"],
        "formerly": [["communication"]],
    },
    "Person": {
        "id": ["alice"],
        "name": ["Alice Martin"],
        "email": ["alice@acme.example", ["alice@acme.example", "a.martin@acme.example"]],
        "team": ["marketing"],
        "formerly": [["alice-m"]],
    },
    "Org": {
        "teams": [[{"id": "marketing", "name": "Marketing", "parent": "company", "lead": "alice"}]],
        "people": [[{"id": "alice", "name": "Alice Martin", "email": "alice@acme.example"}]],
    },
    "Kpi": {
        "id": ["site-visits"],
        "name": ["Visits in a month"],
        "unit": ["visits", "%", "euros"],
        "owner": ["marketing"],
        "why": ["Whoever buys from us was here before."],
        "at_least": [40000],
        "at_most": [3],
        "formerly": [["visits"]],
    },
    "Kpis": {"kpis": [[{"id": "site-visits", "name": "Visits in a month", "unit": "visits"}]]},
    "Initiative": {
        "title": ["Rewrite the landing pages"],
        "link": ["https://example.org/issues/12"],
        "owner": ["alice"],
    },
    "KeyResult": {
        "id": ["visits"],
        "title": ["Reach 100,000 monthly visits"],
        "owner": ["alice"],
        "unit": ["visits", "%", "euros"],
        "from": [42000, "unknown"],
        "to": [100000, "+30%", "-20%"],
        "commit": [60000],
        "stretch": [120000],
        "at_least": [99.9],
        "at_most": [5],
        "milestones": [{"signed": 0.3, "beta": 0.7, "live": 1.0}, {"done": 1.0}],
        "kpi": ["site-visits"],
        "weight": [2, 0],
        "initiatives": [[{"title": "Rewrite the landing pages", "owner": "alice", "done": False}]],
        "tags": [["brand"]],
        "depends_on": ["marketing/site/launch", ["marketing/site/launch", "2026/company/lead"]],
        "formerly": [["monthly-visits"]],
        "grade": [0.7],
        "grade_reason": ["A third of the readers came for a giveaway."],
        "learned": ["Articles bring more visits than advertisements."],
    },
    "Objective": {
        "id": ["brand"],
        "title": ["Make our brand the one people think of first"],
        "why": ["Inbound leads cost a third of bought ones."],
        "owner": ["alice"],
        "supports": ["2026/company/lead", ["2026/company/lead", "2026/company/place"]],
        "key_results": [
            [{"id": "visits", "title": "Reach 100,000 monthly visits", "from": 42000, "to": 100000}]
        ],
        "tags": [["brand"]],
        "depends_on": ["marketing/site/launch"],
        "formerly": [["notoriety"]],
        "learned": ["Two channels are enough."],
    },
    "Plan": {
        "objectives": [
            [{"id": "brand", "title": "Make our brand the one people think of first", "key_results": []}]
        ]
    },
    "CycleFacts": {
        "starts": ["2026-10-01"],
        "ends": ["2026-12-31"],
        "closed": ["2027-01-04"],
        "owners": [["marketing", "alice"]],
        "review": ["We planned too much and finished what mattered."],
    },
    "LogRecord": {
        "date": ["2026-10-05", "2026-10-12T09:31:07+02:00"],
        "kr": ["brand/visits"],
        "kpi": ["site-visits"],
        "value": [44000, "beta"],
        "confidence": [0.7],
        "by": ["alice"],
        "note": ["The campaign went live on Tuesday."],
        "retracts": ["2026-10-12T09:31:07+02:00"],
    },
}
"""Values that each key may have; keys whose few values the schema lists need none."""

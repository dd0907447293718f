"""What okr says, brought into the form of tables that people write by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.company import Person


def table(text: str) -> list[str]:
    """The lines of a hand-written table, without what only sets them out."""
    return [" ".join(line.split()) for line in text.strip().splitlines()]


def status(person: Person, day: str, *arguments: str) -> list[str]:
    """Each owner, objective and key result: its score, its status, its latest value."""
    found = person.asks(day, "status", *arguments)
    lines = []
    for owner in found["owners"]:
        lines.append(f"{owner['id']} {owner['score']:.4f}")
        for objective in owner["objectives"]:
            lines.append(f"{tail(objective)} {objective['score']:.4f} {objective['status']}")
            lines += [
                f"{tail(each)} {each['score']:.4f} {each['status']} {each['value']}"
                for each in objective["key_results"]
            ]
    return lines


def diff(person: Person, day: str, *arguments: str) -> list[str]:
    """Each plan, objective and key result that differs, with its score on both sides and what changed."""
    found = person.asks(day, "diff", *arguments)
    lines = []
    for owner in found["owners"]:
        lines.append(f"{owner['presence']} {owner['cycle']}/{owner['id']} {_pair(owner['score'])}")
        for objective in owner["objectives"]:
            lines.append(_differs(objective))
            for each in objective["key_results"]:
                number = each["checkins"]
                counts = [f"{name} {count}" for name, count in number.items() if count] if number else []
                lines.append(" ".join((_differs(each), *counts)))
    lines += [f"{each['cycle']} {each['key']} {each['old']} → {each['new']}" for each in found["cycles"]]
    lines += [
        f"{each['ref']} lost {len(each['lost'])} gained {len(each['gained'])}" for each in found["referred"]
    ]
    lines += [f"{each['presence']} {each['rule']}" for each in found["findings"]]
    return [" ".join(line.split()) for line in lines]


def log(person: Person, day: str, *arguments: str) -> list[str]:
    """Each change of plans: the day, who committed it, what it is about, and what it was and is."""
    return [
        f"{entry['date']} {entry['commit']['author'].split()[0]} {change['change']} "
        + " ".join(str(change[key]) for key in ("ref", "key", "old", "new") if change[key] is not None)
        for entry in person.asks(day, "log", "--plan", *arguments)["entries"]
        for change in entry["changes"]
    ]


def weekly(person: Person, day: str, *arguments: str) -> dict[str, list[str]]:
    """What the weekly review speaks of."""
    found = person.asks(day, "review", *arguments)
    assert found["kind"] == "weekly"
    return {
        "moved": [f"{tail(each)} {each['value_before']} → {each['value']}" for each in found["moved"]],
        "unmoved": [tail(each) for each in found["unmoved"]],
        "attention": [f"{tail(each)} {each['status']}" for each in found["attention"]],
        "disagreements": [f"{tail(each)} {each['kind']}" for each in found["disagreements"]],
        "blockers": [f"{tail(each)} {each['note']}" for each in found["blockers"]],
        "plans": [
            f"{change['change']} {change['ref']}"
            for each in found["plan_changes"]
            for change in each["changes"]
        ],
        "due": [tail(each) for each in found["due"]],
    }


def retrospective(person: Person, day: str, cycle: str) -> dict[str, object]:
    """What the look back on a cycle says."""
    found = person.asks(day, "review", cycle)
    assert (found["kind"], found["state"], found["ungraded"]) == ("retrospective", "closed", 0)
    return {
        "owners": [f"{each['id']} {each['score']:.4f}" for each in found["owners"]],
        "hits": [tail(each) for each in found["hits"]],
        "misses": [tail(each) for each in found["misses"]],
        "ambition": [
            f"{each['type']} {each['key_results']} {each['average']:.4f} {each['verdict']}"
            for each in found["ambition"]
        ],
        "said": found["calibration"]["count"],
        "brier": found["calibration"]["brier"],
    }


def check(person: Person, day: str, *arguments: str, status: int = 0) -> list[str]:
    """Whether a plan is ready, how often each objective was carried over, and what a coach would ask."""
    found = person.asks(day, "plan", "check", *arguments, status=status)
    lines = ["ready" if found["ready"] else "not ready"]
    lines += [
        f"{tail(each)} carried {each['times_carried']}"
        for plan in found["plans"]
        for each in plan["objectives"]
    ]
    lines += [f"{each['about']} {each['ref']}" for each in found["questions"]]
    return lines


def audit(person: Person, day: str) -> list[str]:
    """What makes the record doubtful, but for what was committed late: how many lines, then each finding."""
    found = person.asks(day, "audit")
    lines = [f"{found['lines']} lines in {found['logs']} logs"]
    return lines + [
        f"{each['severity']} {each['kind']} {each['ref']}"
        for each in found["findings"]
        if each["kind"] != "late"
    ]


def cycles(person: Person, day: str) -> list[str]:
    """The cycles: state, owners, objectives, check-ins that count, grades, score."""
    return [
        f"{each['name']} {each['state']} {len(each['owners'])} {each['objectives']} {each['checkins']} "
        f"{each['graded']} {each['score']:.4f}" + (" current" if each["current"] else "")
        for each in person.asks(day, "cycle", "list")["cycles"]
    ]


def tail(found: dict[str, Any]) -> str:
    """A reference without its cycle and owner."""
    return "/".join(found["ref"].split("/")[2:])


def _differs(found: dict[str, Any]) -> str:
    changes = " ".join(change["change"] for change in found["changes"])
    return f"{found['presence']} {tail(found)} {_pair(found['score'])} {changes}"


def _pair(found: dict[str, float | None]) -> str:
    old, new = found["old"], found["new"]
    return "" if old is None or new is None or old == new else f"{old:.4f} → {new:.4f}"

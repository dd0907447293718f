"""What is due for programs, issues and chats: JSON, Markdown and Slack's mrkdwn. Imports nothing heavy.

Words of people are made safe for each: no title becomes a link, a mention, a heading or a command.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from okr.views.figures import days, short_day
from okr.views.status_json import frame_entry
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.due import Due, DueList

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+.!|&~=$^:]|(?<![a-zA-Z0-9])-|-(?![a-zA-Z0-9]))")
_MENTIONS = re.compile(r"([@#])(?=\w)")
_ZERO_WIDTH = "\u200b"
# Slack takes these for formatting where they stand at the edge of a word; there is no escape for them.
_SLACK_MARKS = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)")
_LOOK_ALIKE = str.maketrans({"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"})
_VALUE = "In place of VALUE, type the number or the milestone of today."
_SLACK_SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def due_json(found: DueList) -> dict[str, Any]:
    """The answer of `okr due --format json`; the shape is described in docs/json.md."""
    return {
        "schema": 1,
        "as_of": found.frame.as_of.isoformat(),
        "cycle": found.frame.cycle.name,
        "at": frame_entry(found.frame)["at"],
        "due": [_entry(each) for each in found.due],
        "elsewhere": [{"cycle": cycle, "due": count} for cycle, count in found.elsewhere],
    }


def _entry(each: Due) -> dict[str, Any]:
    return {
        "ref": each.reference,
        "title": each.title,
        "person": each.person,
        "owner": each.owner,
        "last_checkin": None if each.last_checkin is None else each.last_checkin.isoformat(),
        "due": each.due.isoformat(),
        "days_late": each.days_late,
    }


def markdown(found: DueList) -> str:
    """A list to tick off, for an issue or a wiki: a heading for each person."""
    frame = found.frame
    name = f"{safe_in_markdown(frame.workspace)}, {safe_in_markdown(frame.cycle.name)}"
    lines = [f"## Check-ins due on {short_day(frame.as_of)}", "", f"{name}: {sentence(found)}"]
    for person, theirs in by_person(found):
        lines += ["", f"### {safe_in_markdown(named(found, person))}", ""]
        lines += [
            f"- [ ] {safe_in_markdown(each.title)} ({late(each)}): `okr checkin {found.short(each.reference)} VALUE`"
            for each in theirs
        ]
    if found.due:
        lines += ["", f"{_VALUE} `okr checkin` asks for one after the other."]
    return "\n".join(lines)


def slack(found: DueList) -> str:
    """The text of a message, in Slack's mrkdwn."""
    frame = found.frame
    lines = [
        f"*Check-ins: {safe_in_slack(frame.workspace)}, {safe_in_slack(frame.cycle.name)}* – {sentence(found)}"
    ]
    for person, theirs in by_person(found):
        lines += ["", f"*{safe_in_slack(named(found, person))}*"]
        lines += [
            f"• {safe_in_slack(each.title)} ({late(each)}): `okr checkin {found.short(each.reference)} VALUE`"
            for each in theirs
        ]
    if found.due:
        lines += ["", f"{_VALUE} `okr checkin` asks for one after the other."]
    return "\n".join(lines)


def by_person(found: DueList) -> Iterator[tuple[str | None, list[Due]]]:
    """What is due, for one person after the other."""
    for person, theirs in groupby(found.due, key=lambda each: each.person):
        yield person, list(theirs)


def named(found: DueList, person: str | None) -> str:
    """A person's name, as org.yaml has it."""
    return "Nobody in particular" if person is None else found.names.get(person, person)


def late(each: Due) -> str:
    """How late a check-in is: `due today`, `3 days late`."""
    return f"{days(each.days_late)} late" if each.days_late else "due today"


def sentence(found: DueList) -> str:
    """What is due, in a sentence; and how many are in other cycles, in another."""
    others = [f"In {cycle}, {count} {'is' if count == 1 else 'are'} due." for cycle, count in found.elsewhere]
    return " ".join([_here(found), *others])


def _here(found: DueList) -> str:
    count = len(found.due)
    if found.without_plans:
        return "there is no plan for this cycle."
    if count:
        return "1 check-in is due." if count == 1 else f"{count} check-ins are due."
    if found.next is None:
        return "no check-in is due."
    return f"no check-in is due; the next is on {short_day(found.next.due)}."


def safe_in_markdown(text: str) -> str:
    """A text in which Markdown finds nothing to format, and a host nobody to notify."""
    return _MENTIONS.sub(rf"\1{_ZERO_WIDTH}", _MARKDOWN.sub(r"\\\1", printable(text)))


def safe_in_slack(text: str) -> str:
    """A text in which Slack finds nothing to format, to link or to notify."""
    plain = _SLACK_MARKS.sub(lambda found: found[0].translate(_LOOK_ALIKE), printable(text))
    return _MENTIONS.sub(rf"\1{_ZERO_WIDTH}", plain).translate(_SLACK_SIGNS)

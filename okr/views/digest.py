"""A digest of the week, for a chat or an e-mail, in the workspace's language. Text shows as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.operations.reviewing import Review
from okr.views import review as weekly
from okr.views.figures import (
    SIGNS,
    time_words,
)
from okr.views.report_markdown import whose_words
from okr.views.site.words import Words
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.assessing import KeyResultState
    from okr.operations.due import Due
    from okr.operations.reviewing import Course, TeamsWeek
    from okr.operations.site import Site

_MOST = 5


_MEANT = re.compile(r"[\\`*_\[\]<>#|~]|^[-+=]")
_MENTION = re.compile(r"@(?=\w)")
_ZERO_WIDTH = "\u200b"


def _chat(text: str) -> str:
    """A text for a chat or an e-mail: nothing in it is markup or calls anybody, and little of it looks other than written."""
    return _MENTION.sub(f"@{_ZERO_WIDTH}", _MEANT.sub(r"\\\g<0>", printable(text)))


def digest(site: Site) -> str:
    """The week in a few lines: scores, what moved, what is at risk, what is in the way, who is to check in.

    Of a cycle that is over, how it ended.
    """
    frame, found, words = site.frame, site.review, Words(site.language)
    time = words.time(frame) if words.language == "fr" else time_words(frame)
    scores = " · ".join(
        f"{_chat(owner.owner.name)} {words.score(owner.score)}" for owner in site.overview.owners
    )
    about = " · ".join(map(_chat, (frame.workspace, frame.cycle.name, *whose_words(site, words))))
    lines = [f"**{about}**, {words.day(frame.as_of)}, {time}"]
    teams = found.teams if isinstance(found, Review) else ()
    if teams:
        lines += ["", *(f"- {_team(each, words)}" for each in teams)]
    elif scores:
        expected = f" ({words('expected by today')} {words.score(frame.elapsed)})" if frame.running else ""
        lines += ["", f"{scores}{expected}"]
    if isinstance(found, Review):
        for title, items in _week(found, words, several=len(site.overview.owners) > 1):
            if items:
                left_out = len(items) - _MOST
                lines += ["", f"**{title}**", *(f"- {item}" for item in items[:_MOST])]
                lines += [f"- {words('and')} {left_out} {words('more')}"] if left_out > 0 else []
    else:
        hits = sum(each.hit for each in found.outcomes)
        of = words.count(len(found.outcomes), "key result")
        lines += ["", f"{hits} {words('of')} {of} {words('hit what they aimed at')}."]
    return "\n".join(lines)


def _team(each: TeamsWeek, words: Words) -> str:
    """The week of all that are right below a team: many scores in a line would be read by nobody."""
    if words.language != "fr":
        return _chat(f"{weekly.team_words(each, 'Above all others')}: {weekly.week_words(each)}")
    moved = f"{each.moved} sur {each.key_results} ont bougé"
    return _chat(
        f"{weekly.team_words(each, 'Au-dessus de tous')}\u00a0: {moved} · à risque\u00a0: {each.attention} · à faire\u00a0: {each.due}"
    )


def _week(found: Review, words: Words, *, several: bool) -> Iterator[tuple[str, list[str]]]:
    colon = words.colon

    def called(title: str, owner: str | None, person: str | None = None) -> str:
        """A title, and whose it is where several have plans: teams often count the same."""
        whose = "" if owner is None or owner == person or not several else found.due.names.get(owner, owner)
        return f"{_chat(title)} ({_chat(whose)})" if whose else _chat(title)

    def named(state: KeyResultState) -> str:
        return called(state.key_result.title, state.key_result.reference.owner)

    yield (
        words("Moved"),
        [f"{named(each.state)}{colon}{_chat(_movement(each, found, words))}" for each in found.moved],
    )
    yield (
        words("At risk"),
        [
            f"{SIGNS[each.assessment.status]} {words.status(each.assessment.status, over=False)}{colon}{named(each)}"
            for each in found.attention
        ],
    )
    yield (
        words("In the way"),
        [
            f"{named(each.state)}{colon}{_chat(each.checkin.record.definition.note or '')}"
            for each in found.blockers
        ],
    )
    yield (
        words("Due"),
        [
            f"{called(each.title, each.owner, each.person)}, {_chat(_asked(each, found, words))}{colon}{_late(each, words)}"
            for each in sorted(found.due.due, key=lambda each: -each.days_late)
        ],
    )


def _movement(course: Course, found: Review, words: Words) -> str:
    """How the value and the score went."""
    if words.language != "fr":
        return ", ".join(weekly.movement(course, found))
    state = course.state
    old, new = words.score(course.before.score), words.score(state.assessment.score)
    value = words.value(state.assessment.value, state.unit)
    if course.before.value is not None:
        value = f"{words.value(course.before.value, None)} → {value}"
    return f"{value}, {words('score')} {new}" if old == new else f"{value}, {words('score')} {old} → {new}"


def _asked(each: Due, found: Review, words: Words) -> str:
    if each.person is None:
        return words("nobody in particular")
    return found.due.names.get(each.person, each.person)


def _late(each: Due, words: Words) -> str:
    return f"{words.count(each.days_late, 'day')} {words('late')}" if each.days_late else words("due today")

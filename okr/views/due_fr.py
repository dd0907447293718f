"""What is due in French, for issues and chats: `due.py` has the English, and what makes words of people safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.views.due import by_person, safe_in_markdown, safe_in_slack
from okr.views.site.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from okr.operations.due import Due, DueList

_VALUE = "À la place de VALEUR, écrivez le chiffre ou le jalon du jour."
_ONE_AFTER_THE_OTHER = f"{_VALUE} `okr checkin` les demande l’un après l’autre."
_WORDS = Words("fr")


def markdown_fr(found: DueList) -> str:
    """A list to tick off, for an issue or a wiki: a heading for each person."""
    frame = found.frame
    name = f"{safe_in_markdown(frame.workspace)}, {safe_in_markdown(frame.cycle.name)}"
    lines = [f"## Points de suivi à faire au {_day(frame.as_of)}", "", f"{name}\u00a0: {sentence_fr(found)}"]
    for person, theirs in by_person(found):
        lines += ["", f"### {safe_in_markdown(_named(found, person))}", ""]
        lines += [
            f"- [ ] {safe_in_markdown(each.title)} ({_late(each)}){_command(each, found)}" for each in theirs
        ]
    return "\n".join([*lines, *_end(found)])


def slack_fr(found: DueList) -> str:
    """The text of a message, in Slack's mrkdwn."""
    frame = found.frame
    name = f"{safe_in_slack(frame.workspace)}, {safe_in_slack(frame.cycle.name)}"
    lines = [f"*Points de suivi\u00a0: {name}* – {sentence_fr(found)}"]
    for person, theirs in by_person(found):
        lines += ["", f"*{safe_in_slack(_named(found, person))}*"]
        lines += [f"• {safe_in_slack(each.title)} ({_late(each)}){_command(each, found)}" for each in theirs]
    return "\n".join([*lines, *_end(found)])


def sentence_fr(found: DueList) -> str:
    """What is due, in a sentence; and how many are in other cycles, in another."""
    others = [f"En {cycle}, {_counted(count)}." for cycle, count in found.elsewhere]
    return " ".join([_here(found), *others])


def _here(found: DueList) -> str:
    if found.without_plans:
        return "ce cycle n’a pas encore de plans."
    if found.due:
        return f"{_counted(len(found.due))}."
    if found.next is None:
        return "aucun point de suivi n’est à faire."
    return f"aucun point de suivi n’est à faire\u202f; le prochain l’est le {_day(found.next.due)}."


def _counted(count: int) -> str:
    return f"{_WORDS.count(count, 'check-in')} {'est' if count == 1 else 'sont'} à faire"


def _named(found: DueList, person: str | None) -> str:
    return "Personne en particulier" if person is None else found.names.get(person, person)


def _late(each: Due) -> str:
    if not each.days_late:
        return "à faire aujourd’hui"
    return f"{_WORDS.count(each.days_late, 'day')} de retard"


def _command(each: Due, found: DueList) -> str:
    return f"\u00a0: `okr checkin {found.short(each.reference)} VALEUR`"


def _end(found: DueList) -> Iterator[str]:
    if found.due:
        yield from ("", _ONE_AFTER_THE_OTHER)


def _day(day: date) -> str:
    return _WORDS.day(day)

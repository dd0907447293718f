"""The parts of pages that stand there most often, put together here: a template takes five times as long for them.

Each text from a file goes through `escaped`; all else is our own markup, numbers and days.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from okr.views.figures import SIGNS
from okr.views.site.drawing import bar
from okr.views.site.words import Words, status_class
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from okr.operations.assessing import KeyResultState
    from okr.operations.due import Due
    from okr.operations.reviewing import Course
    from okr.references import Reference
    from okr.scoring import Status


class Rows:
    """The rows of one site, in its language and with its names and addresses.

    Args:
        words: the site's language.
        people: the names of people, by id.
        owners: the names of owners with a plan, by id.
        addresses: where the pages of objectives are, seen from the site's folder.
    """

    def __init__(
        self,
        words: Words,
        people: Mapping[str, str],
        owners: Mapping[str, str],
        addresses: Mapping[Reference, str],
    ) -> None:
        self._words = words
        self._people = people
        self._owners = owners
        self._addresses = addresses
        self._statuses: dict[tuple[Status, bool], Markup] = {}
        self._days: dict[date, str] = {}

    def status(self, status: Status, over: bool) -> Markup:
        """A status with its sign, or what came of it."""
        found = self._statuses.get((status, over))
        if found is None:
            sign, said = SIGNS[status], self._words.status(status, over=over)
            found = self._statuses[status, over] = Markup(  # noqa: S704 # names of ours
                f'<span class="status {status_class(status)}"><span aria-hidden="true">{sign}</span> {said}</span>'
            )
        return found

    def figure(self, score: float, expected: float | None) -> Markup:
        """A score beside its bar."""
        return Markup(  # noqa: S704 # numbers, and a drawing of ours
            f'<span class="figure"><span class="number">{self._words.score(score)}</span>{bar(score, expected)}</span>'
        )

    def linked(self, reference: Reference, title: str) -> Markup:
        """A title on a page in the site's folder, which leads to the page of its objective where there is one."""
        parent = reference if reference.key_result is None else reference.parent
        address = None if parent is None else self._addresses.get(parent)
        shown = escaped(title)
        part = f"#{escaped(reference.key_result)}" if reference.key_result else ""
        return Markup(shown if address is None else f'<a href="{address}{part}">{shown}</a>')  # noqa: S704 # all of it was escaped

    def key_result(self, state: KeyResultState, over: bool, alone: bool = False) -> Markup:
        """A key result in a list: how it stands and what it asks for.

        Args:
            state: how it stands.
            over: whether its cycle is over.
            alone: its objective does not stand above it: then it leads there, and says whose it is.
        """
        words, said = self._words, state.assessment
        facts = [escaped(words.standing(said.value, state.unit))]
        if said.last_checkin:
            facts[0] += (
                f' <time datetime="{said.last_checkin.isoformat()}">({words.day(said.last_checkin)})</time>'
            )
        facts.append(escaped(words.planned(state)))
        if said.forecast and not over:
            facts.append(f"{words('forecast')} {words.score(said.forecast.score)}")
        if said.confidence is not None:
            facts.append(f"{words('confidence')} {words.share(said.confidence)}")
        if not state.key_result.definition.weight:
            facts.append(words("guardrail"))
        title = escaped(state.key_result.title)
        if alone:
            facts.insert(0, self._owner(state))
            title = self.linked(state.key_result.reference, state.key_result.title)
        return Markup(  # noqa: S704 # each text was escaped
            f'<li class="key-result">\n<div class="line"><span class="title">{title}</span>'
            f' <span class="standing">{self.status(said.status, over)} {self.figure(said.score, None if over else said.expected)}</span></div>\n'
            f'<p class="facts">{" · ".join(facts)}</p>\n</li>\n'
        )

    def moved(self, course: Course, over: bool) -> Markup:
        """A key result in the list of those that moved: from where to where, and what was noted."""
        words, state, before = self._words, course.state, course.before
        value, score, unit = words.value, words.score, state.unit
        first, last = escaped(value(before.value, unit)), escaped(value(state.assessment.value, unit))
        title = self.linked(state.key_result.reference, state.key_result.title)
        notes = []
        for checkin in course.news:
            said = checkin.record.definition
            if said.note:
                by = escaped(self._people.get(said.by, said.by) or "") if said.by else ""
                notes.append(
                    f"<blockquote>{escaped(said.note)} <cite>{by}, {words.day(said.date.day)}</cite></blockquote>"
                )
        return Markup(  # noqa: S704 # each text was escaped
            f'<li class="key-result"><div class="line"><span class="title">{title}</span>'
            f" {self.status(state.assessment.status, over)}</div>\n"
            f'<p class="facts">{self._owner(state)} · {first} → {last} · {words("score")} {score(before.score)} → {score(state.assessment.score)}</p>\n'
            f"{''.join(notes)}</li>\n"
        )

    def _owner(self, state: KeyResultState) -> str:
        owner = state.key_result.reference.owner
        return escaped(self._owners.get(owner, owner))

    def due(self, each: Due) -> Markup:
        """What is due: of whom, and since when."""
        words, person = self._words, each.person
        name = self._people.get(person, person) if person else None
        late = (
            f"{words.count(each.days_late, 'day')} {words('late')}" if each.days_late else words("due today")
        )
        return Markup(  # noqa: S704 # each text was escaped
            f"<li>{escaped(each.title)}{words.colon}{escaped(name or words('nobody in particular'))}, {late}"
            f' (<time datetime="{each.due.isoformat()}">{words.day(each.due)}</time>)</li>'
        )

    def checkins(self, state: KeyResultState) -> Markup:
        """The rows of the table of a key result's check-ins, the last one first."""
        words, unit, rows = self._words, state.unit, []
        value_of, share_of, day_of, people = words.value, words.share, self.day, self._people
        for checkin in reversed(state.checkins):
            record = checkin.record.definition
            author, note = record.by, record.note
            retracted, back = "", ""
            if not checkin.counts:
                retracted, back = ' class="retracted"', f" ({words('taken back')})"
            by = escaped(people.get(author, author)) if author else "–"
            rows.append(
                f"<tr{retracted}><td>{day_of(record.date.day)}</td><td>{escaped(value_of(record.value, unit))}{back}</td>"
                f"<td>{share_of(record.confidence)}</td><td>{by}</td><td>{escaped(note) if note else ''}</td></tr>\n"
            )
        return Markup("".join(rows))  # noqa: S704 # each text was escaped

    def day(self, day: date) -> str:
        """A day, which programs can read as well."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = f'<time datetime="{day.isoformat()}">{self._words.day(day)}</time>'
        return found


@lru_cache(maxsize=10_000)  # names, values and days stand there many times
def escaped(text: str) -> str:
    """A text as a page may hold it: without characters that hide or turn what stands beside them, and never as markup."""
    return str(escape(printable(text)))

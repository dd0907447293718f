"""The parts of pages that stand there most often, put together here: a template takes five times as long for them.

Each text from a file goes through `_text`; all else is our own markup, numbers and days.
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
    from okr.scoring import Status


class Rows:
    """The rows of one site, in its language and with its names."""

    def __init__(self, words: Words, people: Mapping[str, str]) -> None:
        self._words = words
        self._people = people
        self._statuses: dict[tuple[Status, bool], Markup] = {}

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

    def key_result(self, state: KeyResultState, over: bool) -> Markup:
        """A key result in a list: how it stands and what it asks for."""
        words, said = self._words, state.assessment
        facts = [_text(words.standing(said.value, state.unit))]
        if said.last_checkin:
            facts[0] += f" {self._day(said.last_checkin, '({})')}"
        facts.append(_text(words.planned(state)))
        if said.forecast and not over:
            facts.append(f"{words('forecast')} {words.score(said.forecast.score)}")
        if said.confidence is not None:
            facts.append(f"{words('confidence')} {words.share(said.confidence)}")
        if not state.key_result.definition.weight:
            facts.append(words("guardrail"))
        return Markup(  # noqa: S704 # each text was escaped
            f'<li class="key-result">\n<div class="line"><span class="title">{_text(state.key_result.title)}</span>'
            f" {self.status(said.status, over)} {self.figure(said.score, None if over else said.expected)}</div>\n"
            f'<p class="facts">{" · ".join(facts)}</p>\n</li>\n'
        )

    def checkins(self, state: KeyResultState) -> Markup:
        """The rows of the table of a key result's check-ins, the last one first."""
        words, unit, rows = self._words, state.unit, []
        for checkin in reversed(state.checkins):
            record = checkin.record.definition
            retracted = "" if checkin.counts else ' class="retracted"'
            back = "" if checkin.counts else f" ({words('taken back')})"
            by = _text(self._people.get(record.by, record.by)) if record.by else "–"
            rows.append(
                f"<tr{retracted}><td>{self._day(record.date.day)}</td><td>{_text(words.value(record.value, unit))}{back}</td>"
                f"<td>{words.share(record.confidence)}</td><td>{by}</td><td>{_text(record.note or '')}</td></tr>\n"
            )
        return Markup("".join(rows))  # noqa: S704 # each text was escaped

    def _day(self, day: date, form: str = "{}") -> str:
        return f'<time datetime="{day.isoformat()}">{form.format(self._words.day(day))}</time>'


@lru_cache(maxsize=10_000)  # names, values and days stand there many times
def _text(text: str) -> str:
    return str(escape(printable(text)))

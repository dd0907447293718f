"""The pages of which there are thousands, of owners and of objectives, put together here rather than by templates.

Each text from a file goes through `escaped`; all else is our own markup, numbers and days.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.model import ObjectiveType
from okr.operations.showing import course_of
from okr.scoring import Status
from okr.views.figures import type_words
from okr.views.site.drawing import chart
from okr.views.site.rows import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.overview import Frame
    from okr.references import Reference
    from okr.views.site.around import Around
    from okr.views.site.rows import Rows
    from okr.views.site.words import Words


@dataclass(frozen=True, slots=True)
class Linked:
    """Something that an objective is aligned with: its page's key, its title and score, where they are known."""

    reference: Reference | None
    written: str
    title: str | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the pages of owners and objectives lie in the site, by id and by reference."""

    owners: Mapping[str, str]
    objectives: Mapping[Reference, str]


@dataclass(frozen=True, slots=True)
class ObjectivePage:
    """What the page of an objective says.

    Attributes:
        path: where it lies in the site.
        frame: the objective's cycle.
        over: whether what is shown is the cycle's outcome.
        owner_name: the owner's name.
        owner_page: the address of the owner's page; None where there is none.
        state: the objective.
        supports: what it supports.
        supporters: what supports it as a whole.
        inside: what supports its key results, by their references.
    """

    path: str
    frame: Frame
    over: bool
    owner_name: str
    owner_page: str | None
    state: ObjectiveState
    supports: Sequence[Linked]
    supporters: Sequence[Linked]
    inside: Mapping[Reference, Sequence[Linked]]


class OwnPages:
    """Writes what stands in the pages of owners and objectives of one site."""

    def __init__(self, words: Words, rows: Rows, people: Mapping[str, str], addresses: Addresses) -> None:
        self._words = words
        self._rows = rows
        self._people = people
        self._addresses = addresses

    # Owners

    def owner(self, frame: Frame, owner: OwnerState, around: Around) -> str:
        """The page of an owner."""
        words = self._words
        kind = {"team": "Team", "person": "Person"}.get(owner.owner.kind)
        lead = f"{words(kind)} · " if kind else ""
        running, elapsed = frame.running, frame.elapsed
        expected = (
            f' {words("expected by today")} <span class="number">{words.score(elapsed)}</span>'
            if running
            else ""
        )
        return (
            f"{self._crumbs(around)}<h1>{escaped(owner.owner.name)}</h1>\n"
            f'<p class="lead">{lead}{escaped(frame.cycle.name)} · {words.count(len(owner.objectives), "objective")}</p>\n'
            f'<p class="summary">{words("Score")} {self._rows.figure(owner.score, elapsed if running else None)}{expected}</p>\n'
            f"{''.join(self._card(frame, each) for each in owner.objectives)}"
            f'<div class="around">{self._around(frame, around)}</div>\n'
        )

    def team(self, frame: Frame, name: str, around: Around) -> str:
        """The page of a team without a plan in the cycle, below which others have one."""
        words = self._words
        return (
            f"{self._crumbs(around)}<h1>{escaped(name)}</h1>\n"
            f'<p class="lead">{words("Team")} · {escaped(frame.cycle.name)}</p>\n'
            f"<p>{words('No plan of its own in this cycle.')}</p>\n{self._around(frame, around)}"
        )

    def _crumbs(self, around: Around) -> str:
        if around.above is None:
            return ""
        name, address = around.above
        return f'<p class="crumbs"><a href="../{address}">{escaped(name)}</a></p>\n'

    def _around(self, frame: Frame, around: Around) -> str:
        """The owner's objectives in other cycles, and what goes on below it."""
        words, parts = self._words, []
        for cycle in around.cycles:
            listed = "".join(
                self._line(each, over=cycle in around.over)
                for each in around.elsewhere
                if each.objective.reference.cycle == cycle
            )
            parts.append(
                f'<h2>{words("Objectives")} {escaped(cycle)}</h2>\n<ul class="plain card">{listed}</ul>\n'
            )
        if around.everybody:
            count = f'<span class="count">{words.count(len(around.everybody), "owner")}</span>'
            cards = "".join(self._teammate(frame, each) for each in around.below)
            passed = "".join(
                f'<li><a href="../{each.address}">{escaped(each.name)}</a> ({words.count(each.count, "owner")})</li>'
                for each in around.passed
            )
            parts.append(f"<h2>{words('Below')} {count}</h2>\n{self._statuses(frame, around)}")
            parts.append(f"<ul>{passed}</ul>\n" if passed else "")
            parts.append(f'<div class="grid">\n{cards}</div>\n' if cards else "")
        return "".join(parts)

    def _statuses(self, frame: Frame, around: Around) -> str:
        """How many key results below stand how, the best first."""
        counts = Counter(
            each.assessment.status
            for owner in around.everybody
            for objective in owner.objectives
            for each in objective.key_results
        )
        said = [
            f'<span class="together">{self._rows.status(status, frame.over)} <span class="number">{counts[status]}</span></span>'
            for status in Status
            if counts[status]
        ]
        total = self._words.count(counts.total(), "key result")
        return f'<p class="summary">{total}{self._words.colon}{" ".join(said)}</p>\n' if said else ""

    def _teammate(self, frame: Frame, owner: OwnerState) -> str:
        address = self._addresses.owners[owner.owner.id]
        expected = frame.elapsed if frame.running else None
        listed = "".join(self._line(each, over=frame.over) for each in owner.objectives)
        return (
            f'<article class="card">\n<h3><a href="../{address}">{escaped(owner.owner.name)}</a></h3>\n'
            f'<p class="summary">{self._rows.figure(owner.score, expected)}</p>\n<ul class="plain">{listed}</ul>\n</article>\n'
        )

    def _line(self, state: ObjectiveState, *, over: bool) -> str:
        title, address = (
            escaped(state.objective.title),
            self._addresses.objectives.get(state.objective.reference),
        )
        linked = title if address is None else f'<a href="../{address}">{title}</a>'
        said = state.assessment
        return (
            f'<li class="line"><span>{linked}</span> <span class="standing">{self._rows.status(said.status, over)} '
            f'<span class="number">{self._words.score(said.score)}</span></span></li>\n'
        )

    def _card(self, frame: Frame, state: ObjectiveState) -> str:
        over, words = frame.over, self._words
        committed = state.objective.definition.type is ObjectiveType.COMMITTED
        tag = f' <span class="tag">{words("committed")}</span>' if committed else ""
        title, address = (
            escaped(state.objective.title),
            self._addresses.objectives.get(state.objective.reference),
        )
        linked = title if address is None else f'<a href="../{address}">{title}</a>'
        rows = "".join([self._rows.key_result(each, over) for each in state.key_results])
        return (
            f'<article class="card objective">\n<h2>{linked}</h2>\n'
            f'<p class="summary">{self._rows.status(state.assessment.status, over)} {self._rows.figure(state.assessment.score, None)}{tag}</p>\n'
            f'<ul class="plain">{rows}</ul>\n</article>\n'
        )

    # Objectives

    def objective(self, page: ObjectivePage) -> str:
        """The page of an objective."""
        words, state, up = self._words, page.state, "../" * page.path.count("/")
        owner = escaped(page.owner_name)
        crumb = owner if page.owner_page is None else f'<a href="{up}{page.owner_page}">{owner}</a>'
        ahead = state.assessment.forecast
        forecast = (
            f' {words("forecast")} <span class="number">{words.score(ahead.score)}</span>'
            if ahead and not page.over
            else ""
        )
        return "".join(
            (
                f'<p class="crumbs">{crumb} · {escaped(state.objective.reference.cycle)}</p>\n',
                f"<h1>{escaped(state.objective.title)}</h1>\n",
                f'<p class="summary">{self._rows.status(state.assessment.status, page.over)} {self._rows.figure(state.assessment.score, None)}{forecast}</p>\n',
                self._said(state),
                self._links("Supports", page.supports, up),
                self._links("Supported by", page.supporters, up),
                *(
                    self._key_result(page, each, number)
                    for number, each in enumerate(state.key_results, start=1)
                ),
            )
        )

    def _said(self, state: ObjectiveState) -> str:
        words, said = self._words, state.objective.definition
        facts = [f"<dt>{words('Why')}</dt><dd>{escaped(said.why)}</dd>"] if said.why else []
        facts.append(f"<dt>{words('Type')}</dt><dd>{words(type_words(said.type))}</dd>\n")
        facts.append(self._accountable(state.objective.accountable))
        if said.learned:
            facts.append(f"<dt>{words('Learned')}</dt><dd>{escaped(said.learned)}</dd>")
        return f'<dl class="facts">\n{"".join(facts)}</dl>\n'

    def _accountable(self, person: str | None) -> str:
        if not person:
            return ""
        return f"<dt>{self._words('Accountable')}</dt><dd>{escaped(self._people.get(person, person))}</dd>"

    def _links(self, title: str, links: Sequence[Linked], up: str) -> str:
        if not links:
            return "\n"
        return f"<h2>{self._words(title)}</h2>\n{self._linked(links, up)}\n\n"

    def _linked(self, links: Sequence[Linked], up: str) -> str:
        items = []
        for link in links:
            address = None if link.reference is None else self._addresses.objectives.get(link.reference)
            shown = escaped(link.title or link.written) if address is None else escaped(link.title or "")
            if address is not None:
                shown = f'<a href="{up}{address}">{shown}</a>'
            score = (
                "" if link.score is None else f' <span class="number">{self._words.score(link.score)}</span>'
            )
            items.append(f"<li>{shown}{score}</li>")
        return f"<ul>{''.join(items)}</ul>"

    def _key_result(self, page: ObjectivePage, state: KeyResultState, number: int) -> str:
        words, own = self._words, state.assessment
        title = escaped(state.key_result.title)
        drawn = chart(course_of(page.frame, state), words, state.key_result.title, number)
        return (
            f'<section class="card" id="{escaped(state.key_result.definition.id)}" aria-labelledby="kr-{number}">\n'
            f'<h2 id="kr-{number}">{title}</h2>\n'
            f'<p class="summary">{self._rows.status(own.status, page.over)} {self._rows.figure(own.score, None if page.over else own.expected)}</p>\n'
            f'<dl class="facts">\n{"".join(self._facts(page, state))}</dl>\n{drawn}\n{self._checkins(state, title)}</section>\n'
        )

    def _facts(self, page: ObjectivePage, state: KeyResultState) -> list[str]:
        words, own, definition = self._words, state.assessment, state.key_result.definition
        weight = definition.weight
        extra = "" if weight == 1 else f" · {words('Weight')} {words.number(weight)}"
        if not weight:
            extra = f" · {words('guardrail')}"
        day = f" ({self._rows.day(own.last_checkin)})" if own.last_checkin else ""
        facts = [
            f"<dt>{words('Metric')}</dt><dd>{escaped(words.planned(state))}{extra}</dd>\n",
            f"<dt>{words('Value')}</dt><dd>{escaped(words.standing(own.value, state.unit))}{day}</dd>\n",
        ]
        ahead, score = own.forecast, words.score
        if ahead and not page.over:
            ends = words.day(page.frame.cycle.ends)
            facts.append(
                f"<dt>{words('Forecast')}</dt><dd>{score(ahead.score)} ({score(ahead.low)} – {score(ahead.high)}), {ends}</dd>"
            )
        if own.confidence is not None:
            facts.append(f"<dt>{words('Confidence')}</dt><dd>{words.share(own.confidence)}</dd>")
        facts.append(self._accountable(state.key_result.accountable))
        supporters = page.inside.get(state.key_result.reference)
        if supporters:
            up = "../" * page.path.count("/")
            facts.append(f"<dt>{words('Supported by')}</dt><dd>{self._linked(supporters, up)}</dd>")
        if definition.grade is not None:
            reason = f", {escaped(definition.grade_reason)}" if definition.grade_reason else ""
            facts.append(f"<dt>{words('Grade')}</dt><dd>{score(definition.grade)}{reason}</dd>")
        if definition.learned:
            facts.append(f"<dt>{words('Learned')}</dt><dd>{escaped(definition.learned)}</dd>")
        if definition.initiatives:
            done = f" ({words('done')})"
            items = "".join(
                f"<li>{escaped(each.title)}{done if each.done else ''}</li>"
                for each in definition.initiatives
            )
            facts.append(f"<dt>{words('Initiatives')}</dt><dd><ul>{items}</ul></dd>")
        return facts

    def _checkins(self, state: KeyResultState, title: str) -> str:
        words = self._words
        if not state.checkins:
            return f"<p>{words('No check-in yet.')}</p>"
        head = "".join(
            f'<th scope="col">{words(each)}</th>' for each in ("Day", "Value", "Confidence", "By", "Note")
        )
        return (
            f"<details><summary>{words('Check-ins')} ({len(state.checkins)})</summary>\n"
            f'<div class="wide" tabindex="0" role="region" aria-label="{words("Check-ins")}{words.colon}{title}"><table>\n'
            f"<thead><tr>{head}</tr></thead>\n"
            f"<tbody>{self._rows.checkins(state)}</tbody></table></div></details>\n"
        )

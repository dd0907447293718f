"""A whole cycle as Markdown, for a wiki, in the workspace's language: every owner's key results, then the review.

Text from files shows as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.reviewing import Review
from okr.references import parse_reference
from okr.views.figures import NOTHING, SIGNS, standing_words, time_words
from okr.views.findings_markdown import escaped
from okr.views.review_markdown import retrospective_markdown, review_markdown
from okr.views.review_markdown_fr import retrospective_markdown_fr, review_markdown_fr
from okr.views.site.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.site import Site
    from okr.scoring import Status

_MOST = 10
"""Supporters of an objective that are named."""
_HEADS = ("Key result", "Value", "Score", "Forecast", "Confidence", "Status", "last check-in")


def report_markdown(site: Site) -> str:
    """The whole cycle: every owner with every objective and key result, then the review."""
    frame, words = site.frame, Words(site.language)
    time = words.time(frame) if words.language == "fr" else time_words(frame)
    lines = [
        f"# {' · '.join(map(escaped, (frame.workspace, frame.cycle.name, *whose_words(site, words))))}",
        "",
        f"{words.day(frame.as_of)} · {time}",
    ]
    for owner in site.overview.owners:
        lines += ["", f"## {escaped(owner.owner.name)}{words.colon}{words.score(owner.score)}"]
        for state in owner.objectives:
            lines += ["", *_objective(state, site, words)]
    told = _review(site)
    return "\n".join(lines) + "\n\n" + told.replace("\n## ", "\n### ").replace("# ", "## ", 1)


def whose_words(site: Site, words: Words) -> tuple[str, ...]:
    """Of whom a report is that is not of everybody."""
    if site.whose is None:
        return ()
    name = site.whose.owner.name
    return (f"{name} {words('and all below')}" if site.whose.all_below else name,)


def _review(site: Site) -> str:
    found = site.review
    if site.language == "fr":
        if isinstance(found, Review):
            return review_markdown_fr(found)
        return retrospective_markdown_fr(found)
    return review_markdown(found) if isinstance(found, Review) else retrospective_markdown(found)


def _objective(state: ObjectiveState, site: Site, words: Words) -> Iterator[str]:
    said = state.assessment
    heads = [words(head)[0].upper() + words(head)[1:] for head in _HEADS]
    yield f"### {escaped(state.objective.title)}"
    yield ""
    yield (
        f"{_status(said.status, site, words)}, {words('score')} {words.score(said.score)}"
        f" (`{state.objective.reference}`)"
    )
    yield ""
    aligned = list(_aligned(state, site, words))
    yield from (*aligned, "") if aligned else ()
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    yield from (_key_result(each, site, words) for each in state.key_results)


def _aligned(state: ObjectiveState, site: Site, words: Words) -> Iterator[str]:
    """What it supports, and who supports it or one of its key results."""
    graph, own = site.alignment, state.objective.reference
    for written in state.supports:
        title = _title(written, own.cycle, site)
        shown = escaped(written) if title is None else f"{escaped(title)} (`{written}`)"
        yield f"- {words('Supports')}{words.colon}{shown}"
    parts = (own, *(each.key_result.reference for each in state.key_results))
    supporters = tuple(dict.fromkeys(each for part in parts for each in graph.supporters.get(part, ())))
    for name in supporters[:_MOST]:
        other = graph.objectives[name]
        told = f"{words.score(other.assessment.score)}, {escaped(graph.owners[name.owner])}"
        yield f"- {words('Supported by')}{words.colon}{escaped(other.objective.title)} (`{name}`, {told})"
    if len(supporters) > _MOST:
        yield f"- {words('and')} {len(supporters) - _MOST} {words('more')}"


def _title(written: str, cycle: str, site: Site) -> str | None:
    """The title of an objective or key result that a plan names; None where there is no such thing."""
    named = parse_reference(written, own_cycle=cycle, known_cycles=(written.partition("/")[0],))
    whole = None if named is None else site.alignment.objectives.get(named.parent or named)
    if whole is None or named is None or named.key_result is None:
        return None if whole is None else whole.objective.title
    found = (each.key_result for each in whole.key_results)
    return next((each.title for each in found if each.reference == named), None)


def _key_result(state: KeyResultState, site: Site, words: Words) -> str:
    said = state.assessment
    standing = standing_words(state, site.frame.language)
    if words.language == "fr":
        standing = f"{words.standing(said.value, state.unit)} ({words.planned(state)})"
    cells = [
        escaped(state.key_result.title),
        escaped(standing),
        words.score(said.score),
        words.score(None if said.forecast is None else said.forecast.score),
        words.share(said.confidence),
        _status(said.status, site, words),
        NOTHING if said.last_checkin is None else words.day(said.last_checkin),
    ]
    return f"| {' | '.join(cells)} |"


def _status(status: Status, site: Site, words: Words) -> str:
    return f"{SIGNS[status]} {words.status(status, over=site.frame.over)}"

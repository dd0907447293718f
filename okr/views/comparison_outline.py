"""What changed in goals, as sections of lines with signs; text, Markdown and HTML draw the same ones.

The words come from `comparison_words.py`. Nothing here is made safe for any medium yet.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from okr.dataclass import NamedTuple, dataclass
from okr.diagnostics import Place, Severity
from okr.operations.comparison.eased import eased
from okr.operations.comparison.org_changes import SubjectAdded, SubjectDropped
from okr.operations.comparison.results import Presence, Tie
from okr.plan_changes import InitiativesChanged, KeyResultDropped, Moved, Retargeted
from okr.views.change_words import initiative_words
from okr.views.comparison_words import (
    cycle_words,
    figure_words,
    measurement_words,
    plan_words,
    referred_words,
    retargeted_words,
    score_words,
    setting_words,
    sides_words,
    subject_words,
    summary_words,
)
from okr.views.figures import metric_words
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from okr.operations.comparison.org_changes import SubjectChange
    from okr.operations.comparison.results import (
        Comparison,
        FindingDifference,
        KeyResultDifference,
        ObjectiveDifference,
        OwnerDifference,
        Pair,
        ReferredDifference,
    )
    from okr.plan_changes import PlanChange
    from okr.quantities import Language

NO_CHANGE = "No change in our goals."
CONSEQUENCES = "What that does"
_MOST_ALIKE, _MOST_FILES = 3, 5
"""Findings of one rule in one file that are shown one by one, and files in which those of one rule are."""


class Sign(StrEnum):
    """What happened to the thing on a line."""

    ADDED = "+"
    DROPPED = "−"
    CHANGED = "~"
    MOVED = "→"
    WORSE = "!"
    BETTER = "✓"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        text: what it says.
        sign: what happened, where the line is about a thing and no detail of the thing above.
        depth: how far in it stands: 0 for objectives, 1 for key results and details of an objective, and so on.
        note: what is said behind it, less loudly: an id, a rule's code.
        figures: what stands at its end: a score on both sides.
    """

    text: str
    sign: Sign = Sign.NONE
    depth: int = 0
    note: str = ""
    figures: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; `note` and `figures` stand beside the heading."""

    title: str
    lines: tuple[Line, ...]
    note: str = ""
    figures: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A comparison, ready to be drawn.

    Attributes:
        title: the workspace's name.
        sides: what was compared.
        summary: how much changed, in a sentence.
        sections: none where nothing did.
    """

    title: str
    sides: str
    summary: str
    sections: tuple[Section, ...]


def outline_of(comparison: Comparison) -> Outline:
    """Puts a comparison into sections: owner by owner, then what is not one owner's, then what it all brings about."""
    sections = (
        *(_owner(each, comparison.language) for each in comparison.owners),
        *_others(comparison),
        *consequences(comparison, CONSEQUENCES, referred_words, _VOICE),
    )
    sides = sides_words(comparison)
    cycle, about = comparison.cycle, list(comparison.limits)
    if cycle is not None and not (about and all(each.startswith(f"{cycle}/") for each in about)):
        about.append(cycle)
    if about:
        sides += f" · {', '.join(about)}"
    summary = summary_words(comparison) if sections else NO_CHANGE
    return Outline(comparison.workspace, sides, summary, sections)


def _owner(found: OwnerDifference, language: Language) -> Section:
    figures = []
    if found.objectives.differs and found.presence is Presence.BOTH:
        figures.append(f"{found.objectives.old} → {counted(found.objectives.new or 0, 'objective')}")
    elif found.objectives.differs:
        figures.append(counted(found.objectives.new or found.objectives.old or 0, "objective"))
    score = _score(found.score, found.presence)
    figures += [f"score {score}"] if score else []
    note = {Presence.ADDED: "new plan", Presence.DROPPED: "plan dropped"}.get(found.presence, "")
    lines = [line for each in found.changed for line in _objective(each, language)]
    lines += [_left(each, 0) for each in found.departed]
    title = f"{found.owner.name} · {found.cycle}"
    return Section(title, tuple(lines), note, " · ".join(figures))


def _objective(found: ObjectiveDifference, language: Language) -> Iterator[Line]:
    sign = sign_of(found.presence, found.changes)
    score = _score(found.score, found.presence)
    note = found.reference.objective
    if found.continues is not None:
        note += f", goes on from {found.continues.cycle}"
    yield Line(found.title, sign, 0, note, score)
    yield from (Line(each, depth=1) for each in _plan_words(found.changes, language))
    less = {each.reference: each for each in found.less}
    for each in found.key_results:
        yield from _key_result(each, found.presence, language)
        fewer = less.get(each.reference)
        if isinstance(fewer, Retargeted) and found.continues is not None:
            words = retargeted_words(fewer, language)
            yield Line(f"easier than in {found.continues.cycle}: {words}", depth=2)
    for dropped in found.less:
        if isinstance(dropped, KeyResultDropped) and found.continues is not None:
            note = f"{dropped.reference.key_result}, not carried over from {found.continues.cycle}"
            yield Line(dropped.title, Sign.DROPPED, 1, note)
    yield from (_left(each, 1) for each in found.departed)


def _key_result(found: KeyResultDifference, around: Presence, language: Language) -> Iterator[Line]:
    sign, name = sign_of(found.presence, found.changes), found.reference.key_result or ""
    score = _score(found.score, found.presence)
    yield Line(found.title, sign, 1, name, score)
    if found.presence is not Presence.BOTH:
        if found.state is not None and around is not Presence.DROPPED:
            yield Line(metric_words(found.state, language), depth=2)
        if found.checkins.added or found.checkins.taken_back:
            yield from (Line(each, depth=2) for each in figure_words(found, language))
        return
    yield from (Line(each, depth=2) for each in _plan_words(found.changes, language))
    yield from (Line(each, depth=2) for each in figure_words(found, language))


def _plan_words(changes: Iterable[PlanChange], language: Language) -> Iterator[str]:
    told = tuple(changes)
    easier = eased(told)
    for change in told:
        if isinstance(change, InitiativesChanged):
            yield from initiative_words(change)
        else:
            yield plan_words(change, language) + (", easier to reach" if change in easier else "")


def _left(change: Moved, depth: int) -> Line:
    return Line(change.title, Sign.MOVED, depth, f"moved to {change.reference}")


def sign_of(presence: Presence, changes: Iterable[PlanChange]) -> Sign:
    """The sign of an objective or a key result: what became of it."""
    if presence is Presence.BOTH:
        return Sign.MOVED if any(isinstance(each, Moved) for each in changes) else Sign.CHANGED
    return Sign.ADDED if presence is Presence.ADDED else Sign.DROPPED


def _score(pair: Pair[float], presence: Presence) -> str:
    """A score on both sides; of what is on one side only, where there is something to gain or lose."""
    if presence is not Presence.BOTH and not (pair.old or pair.new):
        return ""
    return score_words(pair)


def _others(comparison: Comparison) -> Iterator[Section]:
    language = comparison.language
    said = partial(subject_words, language=language)
    if comparison.cycles:
        lines = [
            Line(f"{each.cycle}: {cycle_words(each, language)}", Sign.CHANGED) for each in comparison.cycles
        ]
        yield Section("Cycles", tuple(lines))
    people = [each for each in comparison.subjects if each.kind != "KPI"]
    if people:
        yield Section("Teams and people", tuple(subject_lines(people, said, {})))
    kpis = [each for each in comparison.subjects if each.kind == "KPI"]
    measured = {each.id: measurement_words(each, language) for each in comparison.measurements}
    lines = list(subject_lines(kpis, said, measured))
    for each in comparison.measurements:
        if each.id in measured:
            lines.append(Line(each.name, Sign.CHANGED, 0, f"KPI {each.id}"))
            lines.append(Line(measured[each.id], depth=1))
    if lines:
        yield Section("KPIs", tuple(lines))
    if comparison.settings:
        lines = [Line(setting_words(each, language), Sign.CHANGED) for each in comparison.settings]
        yield Section("Settings", tuple(lines))


def subject_lines(
    subjects: Iterable[SubjectChange],
    said: Callable[[SubjectChange], str],
    measured: dict[str, str],
    kinds: Mapping[str, str] | None = None,
) -> Iterator[Line]:
    """Teams, people and KPIs, each with what changed in it.

    Args:
        subjects: their changes, those of each one after the other.
        said: a change in words.
        measured: what was measured, by the id of the KPI; what is told is taken out.
        kinds: what teams and people are called, where that is not their kind itself.
    """
    called = kinds or {}
    for (name, title), group in groupby(subjects, key=lambda each: (each.id, each.name)):
        changes = list(group)
        first = changes[0]
        sign = Sign.CHANGED
        if isinstance(first, (SubjectAdded, SubjectDropped)):
            sign = Sign.ADDED if isinstance(first, SubjectAdded) else Sign.DROPPED
            changes = []
        yield Line(title, sign, 0, f"{called.get(first.kind, first.kind)} {name}")
        yield from (Line(said(each), depth=1) for each in changes)
        if name in measured:
            yield Line(measured.pop(name), depth=1)


class FindingsVoice(NamedTuple):
    """How findings are told in a language.

    Attributes:
        finding: a finding that came or went, as a line.
        more_here: that there are so many more of the same kind in a file.
        more_elsewhere: likewise in others, and in how many of these.
    """

    finding: Callable[[FindingDifference], Line]
    more_here: Callable[[int], str]
    more_elsewhere: Callable[[int, int], str]


def consequences(
    comparison: Comparison, title: str, said: Callable[[ReferredDifference], str], voice: FindingsVoice
) -> Iterator[Section]:
    """What all of it brings about, what is to be looked at first.

    Args:
        comparison: what was found.
        title: of the section.
        said: who refers to something, in words.
        voice: how findings are told.
    """
    referred = [
        Line(
            said(each),
            Sign.WORSE if each.forsaken and each.tie is Tie.SUPPORTS else Sign.CHANGED,
            0,
            each.title,
        )
        for each in comparison.referred
    ]
    came = list(_findings((each for each in comparison.findings if each.new is not None), voice))
    gone = list(_findings((each for each in comparison.findings if each.new is None), voice))
    now = sorted((*referred, *came), key=lambda line: line.sign is not Sign.WORSE)
    if now or gone:
        yield Section(title, (*now, *gone))


def _findings(differences: Iterable[FindingDifference], voice: FindingsVoice) -> Iterator[Line]:
    """A line for each, but of many alike in one file, or in many files, only for the first ones."""
    found, elsewhere = _in_few_files(differences)
    alike = Counter(_alike(each) for each in found)
    shown: Counter[tuple[str, str]] = Counter()
    for each in found:
        code, path = _alike(each)
        shown[code, path] += 1
        if shown[code, path] <= _MOST_ALIKE or alike[code, path] == _MOST_ALIKE + 1:
            yield voice.finding(each)
        elif shown[code, path] == _MOST_ALIKE + 1:
            more = voice.more_here(alike[code, path] - _MOST_ALIKE)
            yield Line(more, voice.finding(each).sign, 0, f"{code} {path}")
    for first, count, files in elsewhere:
        yield Line(voice.more_elsewhere(count, files), voice.finding(first).sign, 0, first.diagnostic.code)


def _in_few_files(
    differences: Iterable[FindingDifference],
) -> tuple[list[FindingDifference], list[tuple[FindingDifference, int, int]]]:
    """The findings in the first few files of each rule; and of those in others the first, how many, in how many files.

    Errors are all among the first.
    """
    files: dict[str, dict[str, None]] = {}
    found = list(differences)
    for each in found:
        code, path = _alike(each)
        if each.diagnostic.severity is not Severity.ERROR:
            files.setdefault(code, {})[path] = None
    # One file more is as short as saying so.
    few = {
        code: list(paths)[: _MOST_FILES if len(paths) > _MOST_FILES + 1 else None]
        for code, paths in files.items()
    }
    shown: list[FindingDifference] = []
    others: dict[str, list[FindingDifference]] = {}
    for each in found:
        code, path = _alike(each)
        if path in few.get(code, ()) or each.diagnostic.severity is Severity.ERROR:
            shown.append(each)
        else:
            others.setdefault(code, []).append(each)
    told = [(alike[0], len(alike), len(files[code]) - _MOST_FILES) for code, alike in others.items()]
    return shown, told


def _alike(found: FindingDifference) -> tuple[str, str]:
    return found.diagnostic.code, found.diagnostic.finding.path


def _finding(found: FindingDifference) -> Line:
    diagnostic = found.diagnostic
    finding = diagnostic.finding
    if found.new is None:
        return Line(f"no more: {finding.message}", Sign.BETTER, 0, diagnostic.code)
    place = "" if finding.place == Place() else f":{finding.place.line}"
    weight = "" if diagnostic.severity is Severity.ERROR else f"{diagnostic.severity} "
    sign = Sign.CHANGED if diagnostic.severity is Severity.INFO else Sign.WORSE
    return Line(finding.message, sign, 0, f"{weight}{diagnostic.code} {finding.path}{place}")


_VOICE = FindingsVoice(
    _finding,
    lambda count: f"{count} more of the same kind in this file",
    lambda count, files: f"{count} more of the same kind in {counted(files, 'other file')}",
)

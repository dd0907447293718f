"""OKR4xx, what titles say: an objective is a direction, a key result can be verified.

They read words and numbers (`words.py`) in the workspace's language; how a key result is measured is for
`measurability.py`.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from okr.contents import KeyResult, Objective, Plan
from okr.dataclass import replace
from okr.diagnostics import Place, Severity
from okr.model import KeyResult as KeyResultModel
from okr.model import MetricKind, RelativeTarget, quoted
from okr.patterns import pattern
from okr.quantities import plain_number
from okr.rules.catalogue import rule
from okr.rules.measurability import BOUNDS_KEYS, METRIC_KEYS, is_binary, kinds_said
from okr.rules.reading import may_say
from okr.rules.tasks import listed_tasks, task_word, unit_word
from okr.rules.words import numbers_in, says_none, vague_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.diagnostics import Finding
    from okr.rules.words import NumberInText
    from okr.workspace import Workspace

LONGEST_TITLE = 120
"""Characters: what a line of a report or of a commit message holds."""

_BEFORE_A_GOAL = frozenset(
    ["to", "reach", "reaches", "within", "in", "of", "least", "most", "à", "en", "atteindre"]
)
"""Words behind which a title's number is where a key result is to get: “down to 4 minutes”, “pipeline of 400,000”."""
_PREPOSITION = pattern(r"\s+(?:of|de|du|des|d['’])$", re.IGNORECASE)
_POINTS = pattern(r"\d{1,3}(?:\.\d{3})+")
_SCALES = (1.0, 1e3, 1e6, 1e9, 1e-3, 1e-6, 1e-9)
_EQUAL, _ROUNDED = 1e-9, 0.01
"""How far a number in a title may be from the metric's, as a part of it: as it is, and where rounding explains it."""


@rule(
    "OKR401", "number-in-objective", Objective,
    why="An objective is qualitative and ambitious: a direction. What can be counted is a key result's business.",
    remedy="Move the number to a key result, and let the objective say where that is to lead.",
)  # fmt: skip
def number_in_objective(objective: Objective, workspace: Workspace) -> Iterator[Finding]:
    """An objective's title has no quantity in it; years and names such as Q4 or B2B are fine."""
    for number in numbers_in(objective.title, workspace.settings.language)[:1]:
        message = f"the title of {quoted(objective.definition.id)} has a number in it: {quoted(number.text)}"
        yield _at_text(objective.finding(message, key="title"), objective, number.text)


@rule(
    "OKR410", "unverifiable-key-result", KeyResult, severity=Severity.WARNING,
    why="A key result is verifiable: it can be scored without an argument. Words are judged here, so it is no error.",
    remedy="Say what is counted: a number in the title, or a `unit`.",
)  # fmt: skip
def unverifiable_key_result(key_result: KeyResult, workspace: Workspace) -> Iterator[Finding]:
    """A key result whose title only promises something vague has a unit, a KPI or milestones to hold on to."""
    definition = key_result.definition
    held, kind = definition.unit is not None, definition.kind
    if kind is MetricKind.MILESTONES:
        held = len(definition.milestones or ()) != 1
    if held or kind is None or kind is MetricKind.KPI:
        return
    word = vague_word(key_result.title, workspace.settings.language)
    if word is None or any(letter.isdigit() for letter in key_result.title):
        return
    if may_say(key_result.source, KeyResultModel, *METRIC_KEYS, "unit"):
        return
    hint = f"say with `unit` what is counted, or put it into the title in place of {quoted(word)}"
    if kind is MetricKind.MILESTONES:
        hint = "name milestones that anybody can see are reached, or measure it with `from`, `to` and `unit`"
    message = f"nobody can verify {quoted(key_result.title)}: {quoted(word)} says neither what is counted nor how much"
    yield _at_text(key_result.finding(message, key="title", hint=hint), key_result, word)


@rule(
    "OKR411", "title-disagrees", KeyResult, severity=Severity.WARNING,
    why="People read the title, scores are reckoned from the metric: where they differ, each believes another goal. "
        "A title may be read wrongly, so it is no error.",
    remedy="Write the same number in both.",
)  # fmt: skip
def title_disagrees(key_result: KeyResult, workspace: Workspace) -> Iterator[Finding]:
    """A number in a key result's title is one of its metric's."""
    definition, numbers = key_result.definition, numbers_in(key_result.title, workspace.settings.language)
    amounts = _amounts(key_result) if numbers else []
    agrees = any(_matches(number, amounts) for number in numbers)
    if not numbers or (agrees and len(numbers) > 1) or _aims_at_none(key_result):
        return
    unread = may_say(key_result.source, KeyResultModel, *METRIC_KEYS, "unit")
    if (
        unread
        or definition.milestones is not None
        or definition.kind is None
        or len(kinds_said(definition)) > 1
    ):
        return
    meant = [
        number for number in numbers if _is_meant(number, key_result, workspace, alone=len(numbers) == 1)
    ]
    goal = next((key for key in ("to", *BOUNDS_KEYS) if key_result.source.says(key)), None)
    if not meant or goal is None:
        return
    said, value, hint = quoted(meant[0].text), key_result.source.data[goal], None
    if _stands_in(key_result.title, value):
        return  # and looks like a year: `from 1200 to 2000`
    message = f"the title says {said}, but `{goal}` is {quoted(value)}"
    if names_its_baseline(key_result, workspace):
        hint = "swap `from` and `to` if they are the wrong way round, or correct the title"
        yield key_result.finding(f"the title says {said}, which is `from`, not `to`", key="to", hint=hint)
        return
    if len(numbers) == 1 and (grouped := _grouped_by_points(meant[0], key_result, goal)):
        message = f"the title says {said}, but `{goal}` is {grouped}, which is {plain_number(value)}"
        hint = f"write {grouped.replace('.', '')}: a point stands before decimals, not between thousands"
    elif agrees:
        return
    yield _at_text(key_result.finding(message, key="title", hint=hint), key_result, meant[0].text)


def _aims_at_none(key_result: KeyResult) -> bool:
    """Whether there is to be none of something, as the title says in a word: its number says of what, or where."""
    definition = key_result.definition
    return 0 in {definition.target, definition.at_most} and says_none(key_result.title)


def _stands_in(title: str, value: object) -> bool:
    """Whether a number stands in a title digit for digit."""
    if not isinstance(value, int | float):
        return False
    return re.search(rf"(?<![\d.,]){re.escape(plain_number(value))}(?![\d.,]*\d)", title) is not None


@rule(
    "OKR415", "long-title", Plan, severity=Severity.INFO,
    why="OKRs are few and visible: a title is to be read at a glance, in tables and in charts.",
    remedy="Keep the title short; an objective's reasons go into `why`.",
)  # fmt: skip
def long_title(plan: Plan, _: Workspace) -> Iterator[Finding]:
    """A title has at most 120 characters."""
    for objective in plan.objectives:
        things: tuple[Objective | KeyResult, ...] = (objective, *objective.key_results)
        for thing in things:
            if len(thing.title) > LONGEST_TITLE:
                message = f"the title of {quoted(thing.definition.id)} has {len(thing.title)} characters"
                yield thing.finding(message, key="title")


@rule(
    "OKR416", "task-list-objective", Objective, severity=Severity.WARNING,
    why="An objective is a direction, and leaves open how one gets there: a list of tasks can be done without anything "
        "having changed. Words are judged here, so it is no error.",
    remedy="Say what will be different once the tasks are done; the tasks are `initiatives` of its key results.",
)  # fmt: skip
def task_list_objective(objective: Objective, workspace: Workspace) -> Iterator[Finding]:
    """An objective's title is one direction, not several tasks joined by “and”."""
    tasks = listed_tasks(objective.title, workspace.settings.language)
    if tasks:
        listed = f"{', '.join(map(quoted, tasks[:-1]))} and {quoted(tasks[-1])}"
        message = f"the title of {quoted(objective.definition.id)} lists tasks: {listed}"
        yield objective.finding(message, key="title")


@rule(
    "OKR417", "unit-in-objective", Objective, severity=Severity.WARNING,
    why="An objective is qualitative: a direction. What has a unit is measured, and that is a key result's business. "
        "Words are judged here, so it is no error.",
    remedy="Move what is measured to a key result, and let the objective say where that is to lead.",
)  # fmt: skip
def unit_in_objective(objective: Objective, workspace: Workspace) -> Iterator[Finding]:
    """An objective's title names no unit of measurement, such as % or €."""
    language = workspace.settings.language
    unit = unit_word(objective.title, language)
    if unit is not None and not numbers_in(objective.title, language):  # else another rule says so
        message = f"the title of {quoted(objective.definition.id)} names a unit: {quoted(unit)}"
        yield _at_text(objective.finding(message, key="title"), objective, unit)


@rule(
    "OKR418", "activity-key-result", KeyResult, severity=Severity.WARNING,
    why="A key result names an outcome, not an activity: something can be launched, or written, without anybody being "
        "better off. Words are judged here, so it is no error.",
    remedy="Measure what it is to bring about, and make the activity one of its `initiatives`.",
)  # fmt: skip
def activity_key_result(key_result: KeyResult, workspace: Workspace) -> Iterator[Finding]:
    """A key result names an outcome, not an activity; one that counts activities is only remarked upon."""
    counts = key_result.definition.kind is MetricKind.NUMBER
    word = task_word(key_result.title, workspace.settings.language, surely=counts)
    if word is None or not (counts or is_binary(key_result)):
        return
    done = quoted(_PREPOSITION.sub("", word))
    message = f"{quoted(key_result.title)} is an activity, and either done or not"
    hint = f"what will be different for whom after {done}? Measure that; the activity is one of its `initiatives`"
    if counts:
        message = f"{quoted(key_result.title)} counts what is done, not what comes of it"
        hint = f"what is {done} to bring about? Measure that, if it can be measured in this cycle"
    found = _at_text(key_result.finding(message, key="title", hint=hint), key_result, word)
    yield replace(found, severity=Severity.INFO if counts else None)


def _at_text(finding: Finding, thing: Objective | KeyResult, text: str) -> Finding:
    """The finding, pointing at a text within the title where that stands on the title's first line as it is."""
    place = finding.place
    line = thing.source.document.line(place.line)
    column = line.find(text, place.column - 1)
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    if column < 0 or column + len(text) > end:
        return finding
    return replace(finding, place=Place(place.line, column + 1, place.line, column + len(text) + 1))


def _is_meant(number: NumberInText, key_result: KeyResult, workspace: Workspace, *, alone: bool) -> bool:
    """Whether a number of the title is of the kind that the metric has."""
    definition = key_result.definition
    kpi = workspace.kpi(definition.kpi) if definition.kpi else None
    unit = definition.unit or (kpi.definition.unit if kpi else None)
    if number.percent:
        return unit == "%" or _is_relative(key_result)
    if unit is None:
        return alone and not _is_relative(key_result)
    return _stem(unit) in key_result.title.casefold() and unit != "%"


def _is_relative(key_result: KeyResult) -> bool:
    return isinstance(key_result.definition.target, RelativeTarget)


def _stem(unit: str) -> str:
    return unit.casefold().rstrip("sx")


def names_its_baseline(key_result: KeyResult, workspace: Workspace) -> bool:
    """Whether a title names as its goal what the plan has as the baseline: then the two were most likely swapped."""
    definition = key_result.definition
    start, target = definition.start, definition.target
    numbers = numbers_in(key_result.title, workspace.settings.language)
    if not isinstance(start, (int, float)) or not isinstance(target, (int, float)) or start == target:
        return False
    if len(numbers) != 1 or not _is_meant(numbers[0], key_result, workspace, alone=True):
        return False
    number = numbers[0]
    before = key_result.title[: number.start].split()
    names_a_goal = not before or before[-1].casefold() in _BEFORE_A_GOAL
    others = [each for each in _amounts(key_result) if each != start]
    return names_a_goal and _matches(number, [start]) and not _matches(number, others)


def _grouped_by_points(number: NumberInText, key_result: KeyResult, key: str) -> str | None:
    """How a goal is written whose points between thousands have made it a small number; None for any other."""
    source = key_result.source
    written = source.written(key)
    grouped = _POINTS.fullmatch(written) is not None and isinstance(source.data[key], float)
    return written if grouped and float(written.replace(".", "")) in number.readings else None


def _matches(number: NumberInText, amounts: Iterable[float]) -> bool:
    wanted = [abs(amount) for amount in amounts]
    if not number.readings.isdisjoint(wanted):
        return True
    scales = (*_SCALES, 1e-2) if number.percent else _SCALES
    return any(
        _same(reading, amount / scale) for reading, scale, amount in product(number.readings, scales, wanted)
    )


def _same(reading: float, amount: float) -> bool:
    """Whether a number in a title is this amount, or what rounding makes of it: 33 for 33.3."""
    decimals = 0 if reading.is_integer() else len(repr(reading).partition(".")[2])
    off = abs(reading - amount)
    return off <= _EQUAL * amount or (off <= _ROUNDED * amount and round(amount, decimals) == reading)


def _amounts(key_result: KeyResult) -> list[float]:
    """All that a title may rightly say: the metric's own numbers, the way to go, and that as a percentage."""
    definition = key_result.definition
    start = definition.start if isinstance(definition.start, (int, float)) else None
    amounts = [each for each in (start, definition.at_least, definition.at_most) if each is not None]
    for target in (definition.target, definition.commit, definition.stretch):
        if isinstance(target, RelativeTarget):
            amounts.append(target.share * 100)
            amounts += [] if start is None else [start + target.share * abs(start), target.share * abs(start)]
        elif target is not None:
            amounts.append(target)
            amounts += [] if start is None else [target - start]
            amounts += [] if not start else [(target - start) / abs(start) * 100, target / start]
    return amounts

"""The text of a plan that a cycle begins with: a head, what is carried over as it was written, and nothing else.

An objective is carried over as text, with its comments and its layout; what has to be another in the new cycle is
edited in there. Where its text can't be moved safely, it is written anew from what it says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.documents import LocatedList, LocatedMapping, read_document
from okr.edit_text import Edit, EditImpossible, SourceText, newline_of
from okr.edits import append_item, apply, plain, remove_item, remove_key, set_comment, set_item, set_key
from okr.errors import OkrError, shortened
from okr.git.text import safe_line
from okr.located import node_at
from okr.model import MetricKind, RelativeTarget
from okr.operations.objective_lines import lines_of
from okr.operations.planning.carry import Way, is_by_number, last_number, renewed_dependency, whole_number
from okr.operations.planning.carry import renewed as renewed_support
from okr.operations.schema_files import schema_line
from okr.scoring import MilestonesMetric, NumberMetric, resolve
from okr.yaml_writing import indented

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okr.contents import Objective
    from okr.cycles import Cycle
    from okr.documents import Document
    from okr.edits import Steps
    from okr.model import Limits
    from okr.operations.planning.carry import KeyResultOffer, Offer
    from okr.references import Reference
    from okr.workspace import Workspace

_OBJECTIVES = ("objectives",)
_LONGEST_TITLE = 100
_MOST_TARGETS = 12
_PLACEHOLDER = re.compile(r"\$\{?(owner|name|cycle)\b\}?")
_SCHEMA_LINE = re.compile(r"^#\s*yaml-language-server:", re.MULTILINE)
_LADDER_DECIMALS = (2, 4, 6)

_WORDS = {
    "en": {
        "head": "The plan of {name} for {cycle}: {objectives} objectives, each with {key_results} key results.",
        "how": "`okr plan check {cycle}` says what is still missing; `okr new objective` adds to this file.",
        "supports": "What `supports` may name:",
        "no longer plan": "There is no plan of a longer cycle yet that `supports` could name.",
        "left": "Left behind in {before}:",
        "example": "An objective looks like this:",
        "title": "A direction, in words",
        "key result": "What will be different, as a number",
        "unit": "visits",
        "baseline": "last value of {before}",
        "cycle": "Facts of {cycle} that its name does not say.",
        "state": "active from `okr plan start`, closed from `okr cycle close`",
    },
    "fr": {
        "head": "Le plan de {name} pour {cycle} : {objectives} objectifs, chacun avec {key_results} résultats clés.",
        "how": "`okr plan check {cycle}` dit ce qui manque encore ; `okr new objective` complète ce fichier.",
        "supports": "Ce que `supports` peut nommer :",
        "no longer plan": "Il n'y a pas encore de plan d'un cycle plus long que `supports` pourrait nommer.",
        "left": "Laissé derrière nous en {before} :",
        "example": "Un objectif ressemble à ceci :",
        "title": "Une direction, en mots",
        "key result": "Ce qui aura changé, en chiffres",
        "unit": "visites",
        "baseline": "dernière valeur de {before}",
        "cycle": "Ce que le nom du cycle {cycle} ne dit pas.",
        "state": "active dès `okr plan start`, closed dès `okr cycle close`",
    },
}


@dataclass(frozen=True, slots=True)
class Template:
    """A file to begin plans with; `$owner`, `$name` and `$cycle` in it are filled in.

    Attributes:
        name: what it is called in messages.
        text: what it says.
    """

    name: str
    text: str


def cycle_text(
    workspace: Workspace, path: str, cycle: str, facts: Mapping[str, object], newline: str
) -> Document:
    """A cycle.yaml for a cycle in planning, with some facts besides, its lines ended as those around it."""
    words = _WORDS[workspace.settings.language]
    head = f"{schema_line(path)}# {words['cycle'].format(cycle=safe_line(cycle))}\n"
    text = f"{head}state: planning  # {words['state']}\n"
    document = read_document(path, text.replace("\n", newline).encode())
    for key, value in facts.items():
        document = set_key(document, (), key, value)
    return document


def new_plan(
    workspace: Workspace,
    path: str,
    cycle: Cycle,
    owner: str,
    chosen: Sequence[Offer],
    going: Mapping[Reference, Reference],
    *,
    targets: Sequence[Objective],
    left: Sequence[Offer],
    template: Template | None,
) -> Document:
    """The text of a plan for a new cycle.

    Args:
        workspace: as it is.
        path: the plan's path.
        cycle: the new cycle.
        owner: whose plan it is.
        chosen: what is carried over.
        going: the new names of all that goes on, of all owners.
        targets: the objectives that may be supported.
        left: what is not carried over.
        template: what to begin with instead of the head.

    Raises:
        OkrError: the template is no plan.
    """
    if template is None:
        head = _head(workspace, cycle, owner, targets, left, example=not chosen)
        text = f"{schema_line(path)}{head}objectives: []\n"
        document = read_document(path, text.replace("\n", _newline([*chosen, *left])).encode())
    else:
        document = _from_template(workspace, path, cycle, owner, template)
    for offer in chosen:
        steps = ("objectives", len(_list(document)))
        try:
            carried = _with_objective(document, offer.objective)
            document = _revised(workspace, carried, steps, offer, cycle, going)
        except EditImpossible:  # its comments stand where nothing can be changed safely
            carried = append_item(document, _OBJECTIVES, _data_of(offer.objective), gap=1)
            document = _revised(workspace, carried, steps, offer, cycle, going)
    return document


def _newline(before: Sequence[Offer]) -> str:
    """How lines end in the plan that objectives come from."""
    return newline_of(before[0].objective.source.document.text) if before else "\n"


# The head


def _head(
    workspace: Workspace,
    cycle: Cycle,
    owner: str,
    targets: Sequence[Objective],
    left: Sequence[Offer],
    *,
    example: bool,
) -> str:
    words, limits = _WORDS[workspace.settings.language], workspace.settings.limits
    names = {"name": safe_line(workspace.owner(owner).name), "cycle": safe_line(cycle.name)}
    lines = [words["head"].format(**names, **_ranges(limits)), words["how"].format(**names)]
    if targets:
        lines += ["", words["supports"], *_listed(targets)]
    elif workspace.owners and cycle.kind.months < 12:  # noqa: PLR2004 # a year serves nothing longer
        lines += ["", words["no longer plan"]]
    if left:
        before = left[0].objective.reference.cycle
        lines += ["", words["left"].format(before=safe_line(before))]
        lines += _listed([offer.objective for offer in left])
    if example:
        support = f"   supports: {targets[0].reference}" if targets else ""
        lines += ["", words["example"], *_example(words, support)]
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def _ranges(limits: Limits) -> dict[str, str]:
    def span(low: int, high: int) -> str:
        return str(low) if low == high else f"{low}–{high}"

    return {
        "objectives": span(limits.objectives.min, limits.objectives.max),
        "key_results": span(limits.key_results.min, limits.key_results.max),
    }


def _listed(objectives: Sequence[Objective]) -> Iterator[str]:
    shown = objectives[:_MOST_TARGETS]
    width = max(len(str(each.reference)) for each in shown)
    for each in shown:
        title = safe_line(each.title)
        short = shortened(title, _LONGEST_TITLE)
        yield f"  {each.reference!s:<{width}}  {short}"
    if len(objectives) > len(shown):
        yield "  …"


def _example(words: Mapping[str, str], support: str) -> Iterator[str]:
    yield " - id: brand"
    yield f"   title: {words['title']}"
    if support:
        yield support
    yield "   key_results:"
    metric = f"unit: {words['unit']}, from: 42000, to: 100000"
    yield f"     - {{id: visits, title: '{words['key result']}', {metric}}}"


def _from_template(workspace: Workspace, path: str, cycle: Cycle, owner: str, template: Template) -> Document:
    values = {
        "owner": owner,
        "name": safe_line(workspace.owner(owner).name),
        "cycle": safe_line(cycle.name),
    }
    text = _PLACEHOLDER.sub(lambda found: values[found[1]], template.text)
    head = "" if _SCHEMA_LINE.search(text) else schema_line(path).replace("\n", newline_of(text))
    document = read_document(path, f"{head}{text}".encode())
    root = document.root
    objectives = root.get("objectives") if isinstance(root, LocatedMapping) else root
    if document.problems:
        finding = document.problems[0].finding
        line = finding.place.line - head.count("\n")
        raise _no_plan(template, f"line {line}: {finding.message}")
    if not isinstance(root, LocatedMapping | None) or not isinstance(objectives, list | None):
        raise _no_plan(template, "it has no list of objectives")
    return document if objectives is not None else set_key(document, (), "objectives", [])


def _no_plan(template: Template, why: str) -> OkrError:
    return OkrError(
        f"the template {template.name} is no plan: {why}",
        "write it as a plan shall begin: comments, and `objectives: []`",
    )


# An objective as text


def _with_objective(document: Document, objective: Objective) -> Document:
    """The document with an objective of another one below its last, as it is written there."""
    data = _data_of(objective)
    lines = lines_of(objective)
    items = _list(document)
    if lines is not None and not (items and items.flow):
        text = SourceText(document)
        moved = read_document(document.path, apply(document, _inserted(text, items, lines)).encode())
        if moved.readable and _objectives(moved) == [*_objectives(document), data]:
            return moved
    return append_item(document, _OBJECTIVES, data, gap=1)


def _inserted(text: SourceText, items: LocatedList, lines: list[str]) -> list[Edit]:
    if items:
        column = items.place.column
        last = text.tail(text.line_at(text.end_of(items[-1], items.items_at[-1])), column)
        return [text.below(last, indented(lines, column - 1), gap=1)]
    start, end = text.start_of(items.place), text.offset(items.place.end_line, items.place.end_column)
    line = text.line_at(end)
    return [Edit(start - 1, end, ""), text.below(line, indented(lines, 2))]


def _data_of(objective: Objective) -> Any:  # noqa: ANN401 # plain data
    return plain(objective.source.data)


def _list(document: Document) -> LocatedList:
    found: LocatedList = document.root["objectives"]
    return found


def _objectives(document: Document) -> list[Any]:
    root = document.root
    found = plain(root.get("objectives")) if isinstance(root, LocatedMapping) else None
    return found if isinstance(found, list) else []


# What is another in the new cycle


def _revised(
    workspace: Workspace,
    document: Document,
    steps: Steps,
    offer: Offer,
    cycle: Cycle,
    going: Mapping[Reference, Reference],
) -> Document:
    """The document with an objective as it goes on: grades gone, baselines moved, references renewed."""
    own = offer.objective.reference.cycle

    def renewed(text: str) -> str | None:
        return renewed_support(workspace, text, own, cycle, going)

    def waited_for(text: str) -> str | None:
        return renewed_dependency(workspace, text, own, cycle, going)

    definition = offer.objective.definition
    for key in ("learned", "next", "formerly"):
        document = remove_key(document, steps, key)
    document = _with_references(document, steps, "supports", definition.supports, renewed)
    document = _with_references(document, steps, "depends_on", definition.depends_on, waited_for)
    inner: Steps = (*steps, "key_results")
    for position, each in reversed(list(enumerate(offer.key_results))):
        if each.way is Way.LEAVE:
            document = remove_item(document, inner, position)
    for position, each in enumerate(offer.going_on):
        here = (*inner, position)
        said = each.state.key_result.definition
        for key in ("grade", "grade_reason", "learned", "next", "formerly"):
            document = remove_key(document, here, key)
        document = _with_references(document, here, "depends_on", said.depends_on, waited_for)
        document = _without_done(document, here, [initiative.done for initiative in said.initiatives])
        document = _with_metric(workspace, document, here, each, own)
    return document


def _with_references(
    document: Document,
    steps: Steps,
    key: str,
    texts: Iterable[str],
    renew: Callable[[str], str | None],
) -> Document:
    old = list(texts)
    new = list(dict.fromkeys(each for text in old if (each := renew(text)) is not None))
    if new == old:
        return document
    if not new:
        return remove_key(document, steps, key)
    there = node_at(document.root, (*steps, key))
    if isinstance(there, LocatedList) and not there.flow:
        return _with_items(document, (*steps, key), list(map(renew, old)))
    return set_key(document, steps, key, new[0] if len(new) == 1 else new)


def _with_items(document: Document, steps: Steps, new: Sequence[str | None]) -> Document:
    """A list on lines of its own with each item as it reads now; what is None, or stands there already, goes."""
    for position, each in reversed(list(enumerate(new))):
        if each is None or each in new[:position]:
            document = remove_item(document, steps, position)
        elif each != node_at(document.root, steps)[position]:
            document = set_item(document, steps, position, each)
    return document


def _without_done(document: Document, steps: Steps, done: list[bool]) -> Document:
    """Without the initiatives that are done: they stay with the quarter in which they were."""
    if done and all(done):
        return remove_key(document, steps, "initiatives")
    for position, is_done in reversed(list(enumerate(done))):
        if is_done:
            document = remove_item(document, (*steps, "initiatives"), position)
    return document


def _with_metric(
    workspace: Workspace, document: Document, steps: Steps, offer: KeyResultOffer, before: str
) -> Document:
    """The document with a key result measured from where it was left; bounds stay as they are."""
    key_result = offer.state.key_result
    if is_by_number(key_result):
        if offer.way is Way.KEEP:
            return _with_start_kept(document, steps, offer)
        return _with_start_moved(workspace, document, steps, offer, before)
    if isinstance(offer.state.metric, MilestonesMetric) and offer.way is Way.CARRY:
        ladder, here = _ladder(offer) or {}, (*steps, "milestones")
        for name in key_result.definition.milestones or {} if ladder else ():
            document = (
                set_key(document, here, name, ladder[name])
                if name in ladder
                else remove_key(document, here, name)
            )
    return document


def _with_start_kept(document: Document, steps: Steps, offer: KeyResultOffer) -> Document:
    """Where the plan does not say the baseline, it is the one that was reckoned with."""
    start = whole_number(offer.state.assessment.start)
    if start is None or isinstance(offer.state.key_result.definition.start, (int, float)):
        return document
    return set_key(document, steps, "from", start, after="unit")


def _with_start_moved(
    workspace: Workspace, document: Document, steps: Steps, offer: KeyResultOffer, before: str
) -> Document:
    value = last_number(offer.state)
    if value is None:
        return document
    for key, amount in _thresholds(offer).items():
        document = (
            remove_key(document, steps, key) if amount is None else set_key(document, steps, key, amount)
        )
    if offer.state.key_result.definition.kind is MetricKind.KPI:
        # The last measurement before the cycle is the baseline anyway, and may still be to come.
        return remove_key(document, steps, "from")
    words = _WORDS[workspace.settings.language]["baseline"].format(before=safe_line(before))
    return set_comment(set_key(document, steps, "from", value), steps, "from", words)


def _thresholds(offer: KeyResultOffer) -> dict[str, int | float | None]:
    """What else has to be another where the baseline moves: relative targets as the numbers they came to.

    A commitment that is reached goes: the way that is left begins beyond it.
    """
    state, definition = offer.state, offer.state.key_result.definition
    metric, start, value = state.metric, state.assessment.start, last_number(state)
    found: dict[str, int | float | None] = {}
    if not isinstance(metric, NumberMetric) or value is None:
        return found
    target = state.assessment.target
    for key, said, amount in (
        ("to", definition.target, metric.target),
        ("commit", definition.commit, metric.commit),
        ("stretch", definition.stretch, metric.stretch),
    ):
        number = resolve(amount, start)
        if said is None or number is None:
            continue
        if key == "commit" and target is not None and (number - value) * (target - value) <= 0:
            found[key] = None
        elif isinstance(said, RelativeTarget):
            found[key] = whole_number(float(f"{number:.12g}"))
    return found


def _ladder(offer: KeyResultOffer) -> dict[str, float] | None:
    """The milestones that are left, scored anew from where the ladder was left; None where none was reached."""
    ladder = offer.state.key_result.definition.milestones or {}
    reached = offer.state.assessment.value
    if not isinstance(reached, str) or reached not in ladder:
        return None
    done = float(ladder[reached])
    rest = {name: (float(score) - done) / (1 - done) for name, score in ladder.items() if score > done}
    for decimals in _LADDER_DECIMALS:
        scores = {name: round(score, decimals) for name, score in rest.items()}
        rising = list(scores.values())
        if rising and rising == sorted(set(rising)) and rising[0] > 0:
            return scores
    return None

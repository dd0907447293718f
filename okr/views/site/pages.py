"""The pages of the site, each rendered from its template: paths and bytes, the same for the same report.

What stands in a page is text: everything from files is escaped, and the page's own policy lets nothing else run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from okr.dataclass import dataclass, field
from okr.operations.alignment import Branch
from okr.operations.kept_pages import digest_of
from okr.operations.overview import MANY
from okr.operations.publishing import Made
from okr.operations.reviewing import Review
from okr.references import parse_reference
from okr.views.change_words import subject_words
from okr.views.retrospective import paragraphs
from okr.views.site.around import Surroundings
from okr.views.site.drawing import chart
from okr.views.site.own_pages import Addresses, Linked, ObjectivePage, OwnPages
from okr.views.site.record import finding_words, no_audit_words
from okr.views.site.rows import Rows
from okr.views.site.shell import Shell
from okr.views.site.words import Words, status_class
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.operations.assessing import KeyResultState, ObjectiveState, OwnerState
    from okr.operations.overview import Frame
    from okr.operations.site import Site
    from okr.quantities import Language
    from okr.references import Reference
    from okr.views.site.around import Around

SECTIONS = (
    ("Overview", "index.html"),
    ("Map", "map.html"),
    ("Review", "review.html"),
    ("KPIs", "kpis.html"),
    ("Record", "record.html"),
)
_BRANCHES = {
    Branch.TOP: "",
    Branch.SUPPORTS_NOTHING: "Supports nothing",
    Branch.NOT_FOUND: "Supports what is not there",
    Branch.CIRCLE: "In a circle",
}
_ASKED = re.compile(r'\bwords\("([^"]*)"\)')
_PLAIN_NAME = re.compile(r"[^A-Za-z0-9-]")


@dataclass(slots=True)
class Node:
    """One line of the alignment map, with what hangs below it."""

    reference: Reference
    title: str
    owner: str
    state: ObjectiveState | KeyResultState
    over: bool
    key_result: bool
    pointer: bool
    text: str
    children: list[Node] = field(default_factory=list)


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every page of the site: its path, relative to the site's folder, and its bytes.

    The bytes depend on the report alone.
    """
    return ((page.path, page.content()) for page in pages_to_make(site))


def pages_to_make(site: Site) -> list[Made]:
    """The same, each made only when its bytes are asked for."""
    return list(_Builder(site).pages())


def _groups(site: Site) -> list[tuple[str | None, list[OwnerState]]]:
    """The owners as the overview shows them: all in one group, or where they are many those below each team in one."""
    owners = list(site.overview.owners)
    groups: dict[str | None, list[OwnerState]] = {}
    for each in owners:
        groups.setdefault(site.above.get(each.owner.id), []).append(each)
    if len(owners) < MANY or len(groups) == 1:
        return [(None, owners)]
    return [(None, groups.pop(None, [])), *groups.items()]


class _Builder:
    """What the pages of one site share."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.words = Words(site.language)
        self.owner_pages = {each: f"owners/{_name(each)}.html" for each in site.above}
        self._surroundings = Surroundings(site, self.owner_pages)
        self.objective_pages = {
            reference: f"objectives/{_name(reference.cycle)}/{_name(reference.owner)}/{_name(reference.objective or '')}.html"
            for reference in site.alignment.objectives
        }
        self._environment = _environment(site.language)
        owners = {each.owner.id: each.owner.name for each in site.overview.owners}
        rows = Rows(self.words, site.people, owners, self.objective_pages)
        self._shared = {
            "site": site, "words": self.words, "sections": SECTIONS, "style": Markup(_asset("okr.css")),  # noqa: S704 # our own file
            "groups": _groups(site), "owner_pages": self.owner_pages, "objective_pages": self.objective_pages, "status_class": status_class, "chart": chart, "script": "", "policy": _policy(),
            "rows": rows,
            "subject_words": subject_words, "finding_words": finding_words, "no_audit_words": no_audit_words,
        }  # fmt: skip
        self._frames: dict[str, str] = {}
        self._shell = Shell(lambda path, title, main: self._rendered(path, "own.html", title, main=main))
        self._own = OwnPages(self.words, rows, site.people, Addresses(self.owner_pages, self.objective_pages))

    def pages(self) -> Iterator[Made]:
        yield self._page("index.html", "Overview")
        for owner in self.site.overview.owners:
            around = self._surroundings.of(owner.owner.id)
            key = self._key_of(owner.owner.id, owner, around)
            yield Made(self.owner_pages[owner.owner.id], partial(self._owner, owner, around), key)
        with_plans = {each.owner.id for each in self.site.overview.owners}
        for team in (each for each in self.owner_pages if each not in with_plans):
            around = self._surroundings.of(team)
            key = self._key_of(team, None, around)
            yield Made(self.owner_pages[team], partial(self._team, team, around), key)
        for reference, state in self.site.alignment.objectives.items():
            yield self._objective(reference, state)
        yield Made("map.html", self._map)
        yield Made("review.html", self._review)
        yield self._page("kpis.html", "KPIs")
        yield self._page("record.html", "Record")

    def _page(self, path: str, title: str) -> Made:
        return Made(path, partial(self._from_template, path, path, self.words(title)))

    def _from_template(self, path: str, template: str, title: str, **given: Any) -> bytes:  # noqa: ANN401 # what templates take
        return self._rendered(path, template, title, **given).encode("utf-8", "replace")

    def _rendered(self, path: str, template: str, title: str, **given: Any) -> str:  # noqa: ANN401 # what templates take
        told = self._shared | {"up": "../" * path.count("/"), "here": path, "page_title": title} | given
        return self._environment.get_template(template).render(told)

    def _owner(self, owner: OwnerState, around: Around) -> bytes:
        path = self.owner_pages[owner.owner.id]
        return self._shell.page(path, owner.owner.name, self._own.owner(self.site.frame, owner, around))

    def _team(self, team: str, around: Around) -> bytes:
        """The page of a team that has no plan of its own in the cycle: what others below it do."""
        name = self.site.people.get(team, team)
        return self._shell.page(self.owner_pages[team], name, self._own.team(self.site.frame, name, around))

    def _key_of(self, name: str, owner: OwnerState | None, around: Around) -> str:
        """What the page of an owner depends on."""
        sources, cycle = self.site.sources, self.site.frame.cycle.name
        linked = [
            (str(each.objective.reference), self.objective_pages.get(each.objective.reference))
            for each in (*(owner.objectives if owner else ()), *around.elsewhere)
        ]
        others = [sources.of_owner(each, name) for each in around.cycles]
        below = [(each.owner.id, sources.of_owner(cycle, each.owner.id)) for each in around.everybody]
        said = owner.owner if owner else name, linked, around.above, around.passed, others, below
        return self._key(self.site.frame, name, repr(said))

    def _key(self, frame: Frame, owner: str, rest: str) -> str:
        """What a page depends on: all that any may depend on, an owner's files in a cycle, and the rest."""
        site, cycle = self.site, frame.cycle.name
        if cycle not in self._frames:
            shared = (site.sources.shared, site.language, repr(site.frame), repr(frame))
            self._frames[cycle] = digest_of(shared)
        return digest_of((self._frames[cycle], site.sources.of_owner(cycle, owner), rest))

    def _objective(self, reference: Reference, state: ObjectiveState) -> Made:
        aligned, cycle = self.site.alignment, reference.cycle
        page = ObjectivePage(
            path=self.objective_pages[reference],
            frame=self.site.frames[cycle],
            over=cycle in aligned.over,
            owner_name=aligned.owners[reference.owner],
            owner_page=self.owner_pages.get(reference.owner),
            state=state,
            supports=[self._linked(each, cycle) for each in state.supports],
            supporters=[self._linked(str(each), cycle) for each in aligned.supporters.get(reference, ())],
            inside={
                name: tuple(self._linked(str(each), cycle) for each in aligned.supporters[name])
                for name in (each.key_result.reference for each in state.key_results)
                if name in aligned.supporters
            },
        )
        rest = (
            page.path,
            page.over,
            page.owner_name,
            page.owner_page,
            page.supports,
            page.supporters,
            page.inside,
        )
        return Made(
            page.path, partial(self._own_page, page), self._key(page.frame, reference.owner, repr(rest))
        )

    def _own_page(self, page: ObjectivePage) -> bytes:
        return self._shell.page(page.path, page.state.objective.title, self._own.objective(page))

    def _linked(self, written: str, cycle: str) -> Linked:
        found = parse_reference(written, own_cycle=cycle, known_cycles=(written.partition("/")[0],))
        if found is None:
            return Linked(None, written, None, None)
        objective = found if found.key_result is None else found.parent
        state = self.site.alignment.objectives.get(objective) if objective else None
        if state is None or objective is None:
            return Linked(None, written, None, None)
        if found.key_result is None:
            return Linked(objective, written, state.objective.title, state.assessment.score)
        inner = next((each for each in state.key_results if each.key_result.reference == found), None)
        title = state.objective.title if inner is None else inner.key_result.title
        return Linked(objective, written, title, None if inner is None else inner.assessment.score)

    def _map(self) -> bytes:
        script = Markup(_asset("okr.js"))  # noqa: S704 # our own file
        title = self.words("Alignment map")
        return self._from_template("map.html", "map.html", title, branches=self._branches(), script=script)

    def _branches(self) -> list[tuple[str, list[Node]]]:
        found: dict[Branch, list[Node]] = {branch: [] for branch in Branch}
        trail: list[Node] = []
        for branch, step in self.site.alignment.steps():
            node = self._node(step.reference, pointer=step.pointer)
            del trail[len(step.lasts) :]
            (trail[-1].children if trail else found[branch]).append(node)
            trail.append(node)
        return [(_BRANCHES[branch], nodes) for branch, nodes in found.items()]

    def _node(self, reference: Reference, *, pointer: bool) -> Node:
        alignment = self.site.alignment
        objective = reference if reference.key_result is None else reference.parent
        if objective is None:  # a key result has an objective
            raise AssertionError
        whole = alignment.objectives[objective]
        state: ObjectiveState | KeyResultState = whole
        title = whole.objective.title
        if reference.key_result is not None:
            inner = next(each for each in whole.key_results if each.key_result.reference == reference)
            state, title = inner, inner.key_result.title
        owner = alignment.owners[reference.owner]
        return Node(
            reference, title, owner, state, reference.cycle in alignment.over, reference.key_result is not None,
            pointer, f"{title} {owner} {reference}",
        )  # fmt: skip

    def _review(self) -> bytes:
        found, title = self.site.review, self.words("Review")
        if isinstance(found, Review):
            return self._from_template("review.html", "review.html", title, found=found)
        told = paragraphs(found.text or "")
        return self._from_template("review.html", "retrospective.html", title, found=found, paragraphs=told)


def _name(identifier: str) -> str:
    """An id as the name of a file and as a part of an address: whatever is not plain is spelled by its number."""
    return _PLAIN_NAME.sub(lambda found: f"_{ord(found[0]):x}", identifier)


class _Translated(PackageLoader):
    """Our templates with the words of a language in place of the calls that ask for them: pages ask for 80 of them each."""

    def __init__(self, words: Words) -> None:
        super().__init__("okr.views.site")
        self._words = words

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        source, path, fresh = super().get_source(environment, template)
        return (
            _ASKED.sub(lambda found: json.dumps(self._words(found[1]), ensure_ascii=False), source),
            path,
            fresh,
        )


@cache
def _environment(language: Language) -> Environment:
    # Every value is escaped; one that is missing is our bug and ends the run.
    return Environment(
        loader=_Translated(Words(language)), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False, finalize=_shown,
    )  # fmt: skip


def _shown(value: object) -> object:
    """What a page shows of a value: text without characters that hide or turn what stands beside them."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _asset(name: str) -> str:
    return files("okr.views.site").joinpath("assets", name).read_text(encoding="utf-8").strip()


@cache
def _policy() -> str:
    """The pages' Content-Security-Policy: our own style and script by their hashes, pictures drawn in the page, no more."""
    style, script = (
        base64.b64encode(hashlib.sha256(_asset(name).encode()).digest()).decode()
        for name in ("okr.css", "okr.js")
    )
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"

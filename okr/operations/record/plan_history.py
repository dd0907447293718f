"""How the plans came to say what they say: for each commit that touched one, what it changed in our goals.

What counts as a change is `plan_changes.py`'s business.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okr import model
from okr.cycles import canonical_name
from okr.dataclass import dataclass, field
from okr.documents import read_document
from okr.git.history import Contents, commits_touching, entries_at, files_at, shallow_commits, touches
from okr.operations.record.log_names import LogKey
from okr.plan_changes import (
    CycleChanged,
    OwnerRenamed,
    PlanChange,
    PlanVersion,
    compare,
    compare_facts,
)
from okr.roots import CYCLE_FACTS, PLANS
from okr.shapes import expect_mapping, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from okr.git.history import CommitFacts, Touch
    from okr.git.messages import Messages
    from okr.operations.record.log_names import Names
    from okr.operations.record.recorded import Past
    from okr.repository import Repository

_VERSIONS_KEPT = 256  # what one commit makes of a plan, the next most often begins with

Change = PlanChange | OwnerRenamed | CycleChanged
Side = dict[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class PlanEvent:
    """What one commit changed in one plan, or in a cycle's facts.

    Attributes:
        commit: who, and when.
        key: the cycle, and the owner by the present id; empty for a cycle's facts.
        path: the file, relative to the workspace's root.
        changes: at least one.
    """

    commit: CommitFacts
    key: LogKey
    path: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class PlanStory:
    """Events, the latest first, and the commits in which a file could not be read.

    Attributes:
        complete: False where what a commit changed can't be told without a commit before those that were looked at.
    """

    events: tuple[PlanEvent, ...]
    unreadable: tuple[tuple[CommitFacts, str], ...]
    complete: bool = True


def plan_commits(
    repo: Repository, names: Names, since: str | None = None, *, until: str = "HEAD"
) -> list[CommitFacts]:
    """The commits that touched plans, the newest first.

    Args:
        repo: where.
        names: how its files are named.
        since: the full id of a commit that brought the last state not to be told of; None for everything.
        until: the full id of the last commit to be told of; that of the branch that is checked out if left out.

    Raises:
        GitFailed: git can't read its history.
    """
    revisions = [until] if since is None else [until, f"^{since}"]
    return commits_touching(repo, revisions, [names.in_repository(PLANS)])


def plan_commits_heard(
    past: Past, heard: Messages, since: str | None, own: Collection[str] | None = None
) -> list[CommitFacts]:
    """The same, once their messages have been read, without asking git to go through all of them again.

    Args:
        past: the repository.
        heard: the commits; all of them have been read.
        since: a full commit id; only what was committed after it counts.
        own: the merges whose plans none of their parents has, where they are known.

    Raises:
        GitFailed: git can't read its objects.
    """
    name = past.names.in_repository(PLANS)
    if since is not None or "\n" in name:
        return plan_commits(past.repo, past.names, since)
    return heard.led_to(lambda commits: entries_at(past.repo, commits, name), own)


def plan_story(
    repo: Repository,
    names: Names,
    commits: Sequence[CommitFacts],
    matters: Callable[[LogKey], bool],
    *,
    beginnings: bool = True,
) -> PlanStory:
    """What commits changed in the plans that matter.

    Args:
        repo: where.
        names: how its files are named.
        commits: as `plan_commits` gives them.
        matters: whether the plan of a cycle and owner is of interest; a cycle's facts have no owner.
        beginnings: whether the first version of a plan counts as a change; without, it is not even read.

    Raises:
        GitFailed: git can't read its history.
    """
    with Contents(repo) as contents:
        reading = _Reading(names, contents, matters, beginnings)
        cut = shallow_commits(repo)
        facts = {each.id: each for each in reversed(commits) if each.id not in cut}
        events = [
            event
            for touch in touches(repo, list(facts), [names.in_repository(PLANS)])
            for event in reading.events(facts[touch.commit], touch)
        ]
    return PlanStory(tuple(reversed(events)), tuple(reading.unreadable.values()), reading.complete)


@dataclass
class _Reading:
    names: Names
    contents: Contents
    matters: Callable[[LogKey], bool]
    beginnings: bool = True
    complete: bool = True
    unreadable: dict[str, tuple[CommitFacts, str]] = field(default_factory=dict)
    _stand_ins: dict[str, str | None] = field(default_factory=dict)
    _latest: dict[tuple[str, type[model.FileModel]], model.FileModel | None] = field(default_factory=dict)

    def events(self, commit: CommitFacts, touch: Touch) -> Iterator[PlanEvent]:
        """What a commit changed; of a merge, only what none of its parents had."""
        if commit.is_merge and len(touch.sides) < len(commit.parents.split()):
            return  # its plans are those of one of its parents
        sides = [self._by_key(side) for side in touch.sides]
        for key in dict.fromkeys(key for side in sides for key in side):
            if any(key not in side for side in sides):
                continue  # taken as one of the parents had it
            found = [self._changes(commit, key, side[key]) for side in sides]
            changes = tuple(
                change
                for change in found[0]
                if all(_what(change) in {_what(each) for each in other} for other in found[1:])
            )
            if changes:
                name = next((name for name, (_, after) in sides[0][key].items() if after), None)
                path = self.names.in_workspace(name or next(iter(sides[0][key])))
                yield PlanEvent(commit, key, path, changes)

    def _by_key(self, side: Side) -> dict[LogKey, Side]:
        found: defaultdict[LogKey, Side] = defaultdict(dict)
        for name, contents in side.items():
            key = self._key(self.names.in_workspace(name))
            if key is not None and self.matters(key):
                found[key][name] = contents
        return found

    def _key(self, path: str) -> LogKey | None:
        folder, _, file = path.removeprefix(f"{PLANS}/").rpartition("/")
        if file == CYCLE_FACTS and folder and "/" not in folder:
            return LogKey(canonical_name(folder), "")
        return self.names.key_below(PLANS, path)

    def _changes(self, commit: CommitFacts, key: LogKey, files: Side) -> tuple[Change, ...]:
        if key.owner and not self.beginnings and not any(before for before, _ in files.values()):
            return ()
        for name, (before, after) in files.items():
            self._keep_readable(commit, key, name, before, after)
        old_name = next((name for name, (before, _) in files.items() if before), None)
        new_name = next((name for name, (_, after) in files.items() if after), None)
        old, new = files[old_name][0] if old_name else None, files[new_name][1] if new_name else None
        if old is not None and old not in self._stand_ins:
            kind = model.Plan if key.owner else model.CycleFacts
            self.complete = self.complete and self._read(old, kind) is not None
        if not key.owner:
            return compare_facts(key.cycle, self.facts(old), self.facts(new))
        renamed: tuple[Change, ...] = ()
        if old_name and new_name and new is not None and files[new_name][0] is None:
            was, is_now = _stem(old_name), _stem(new_name)
            renamed = (OwnerRenamed(key.cycle, was, is_now),) if was != is_now else ()
        return (*renamed, *compare(self._version(key, old), self._version(key, new)))

    def _keep_readable(
        self, commit: CommitFacts, key: LogKey, name: str, before: str | None, after: str | None
    ) -> None:
        """Where a version can't be read, the one before stands in for it, in this comparison and the next."""
        if after is None or after in self._stand_ins:
            return
        kind = model.Plan if key.owner else model.CycleFacts
        if self._read(after, kind) is None:
            self.unreadable[after] = (commit, self.names.in_workspace(name))
            self._stand_ins[after] = self._stand_ins.get(before, before) if before else None

    def _version(self, key: LogKey, content: str | None) -> PlanVersion:
        plan = self._read(self._readable(content), model.Plan)
        return PlanVersion(key.cycle, key.owner, plan.objectives if isinstance(plan, model.Plan) else ())

    def facts(self, content: str | None) -> model.CycleFacts | None:
        """A cycle.yaml; None where it can not be read."""
        found = self._read(self._readable(content), model.CycleFacts)
        return found if isinstance(found, model.CycleFacts) else None

    def _readable(self, content: str | None) -> str | None:
        return self._stand_ins.get(content, content) if content else None

    def _read(self, content: str | None, kind: type[model.FileModel]) -> model.FileModel | None:
        """A content as a model; None where there is none, or where any part of it can't be read."""
        if content is None:
            return None
        if (content, kind) not in self._latest:
            if len(self._latest) >= _VERSIONS_KEPT:
                self._latest.clear()
            self._latest[content, kind] = self._parse(content, kind)
        return self._latest[content, kind]

    def _parse(self, content: str, kind: type[model.FileModel]) -> model.FileModel | None:
        document = read_document("", self.contents.read(content))
        data, problems = expect_mapping(document, "this file")
        if not document.readable or problems or data is None:
            return None
        if not data and kind is model.Plan:
            return model.Plan(objectives=())
        found, _, wrong = shape(document, kind, data)
        return None if wrong else found


def _what(change: Change) -> tuple[object, ...]:
    """What a change is about, whatever it was before."""
    subject = change.reference if isinstance(change, PlanChange) else change.cycle
    return type(change), subject, getattr(change, "key", None)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".yaml")


def states_at(repo: Repository, names: Names, commit: str) -> dict[str, model.CycleState]:
    """Where each cycle with a cycle.yaml stood in a commit.

    Raises:
        GitFailed: there is no such commit.
    """
    found: dict[str, model.CycleState] = {}
    with Contents(repo) as contents:
        reading = _Reading(names, contents, lambda _: True)
        for name, content in files_at(repo, commit, [names.in_repository(PLANS)]).items():
            folder, _, file = names.in_workspace(name).removeprefix(f"{PLANS}/").rpartition("/")
            facts = reading.facts(content) if file == CYCLE_FACTS else None
            if facts is not None:
                found[canonical_name(folder)] = facts.state
    return found

"""The newest part of a story, read no further than it reaches: so `okr log -n 50` takes no longer in an old workspace.

It gives what the whole story would begin with, or nothing where that can't be known without reading more.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from okr.git.newest import glob_literal, newest_additions, newest_commits, only_commit
from okr.operations.chronicle.lines import Origins
from okr.operations.record.log_records import read_rows, records_in_lines
from okr.operations.record.plan_history import plan_story
from okr.roots import LOGS, PLANS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okr.git.history import CommitFacts
    from okr.git.newest import Additions
    from okr.operations.chronicle.lines import StoryLines
    from okr.operations.chronicle.scope import Scope
    from okr.operations.record.log_names import LogKey
    from okr.operations.record.plan_history import PlanStory
    from okr.operations.record.recorded import Past
    from okr.operations.record.tracing import Subject
    from okr.workspace import Workspace

MOST = 1000
"""How many entries a look may be about; more are found sooner by reading everything once."""
_MOST_LINES = 2000
_MOST_PATTERNS = 8
# How far a look goes before everything is read instead: for each line that is looked for, and in any case.
_COMMITS_A_LINE, _COMMITS_AT_LEAST = 20, 1000
# A change of a plan is told on its author's day, but history is in the order of commits. It is looked for until very
# many commits in a row are older than the days in question, by clocks that may be wrong by a week.
_CLOCKS = timedelta(days=7)
_OLDER_IN_A_ROW = 500
_LINES = re.compile(rb"^- \{date: \"?([0-9]{4}-[0-9]{2}-[0-9]{2})", re.MULTILINE)


class Newest(NamedTuple):
    """What the newest part of a story is made of.

    Attributes:
        from_day: the first day that is part of it; from there on, it is all that there is.
        origins: by whom its check-ins were brought.
        plans: changes of plans; None where nobody asked for them.
    """

    from_day: str
    origins: Origins
    plans: PlanStory | None


def logs_of_newest(
    workspace: Workspace, scope: Scope, most: int, logs: Mapping[LogKey, list[str]]
) -> frozenset[LogKey] | None:
    """The logs that hold the newest lines of a workspace, by a glance at days alone.

    Args:
        workspace: where they lie.
        scope: what the story is about.
        most: how many lines are asked for.
        logs: the files of each log, relative to the workspace's root.

    Returns:
        None where that can't be told without reading lines: then all logs count.
    """
    if scope.subjects is not None:
        return None
    days: dict[LogKey, Counter[str]] = {}
    certain: set[LogKey] = set()
    for key, paths in logs.items():
        found = days[key] = Counter()
        for path in paths:
            here = _days_in(workspace, path)
            if here is None:
                certain.add(key)
            else:
                found.update(here)
    together: Counter[str] = Counter()
    for each in days.values():
        together.update(each)
    left = most
    for day in sorted(together, reverse=True):
        left -= together[day]
        if left <= 0:
            return frozenset(certain | {key for key, found in days.items() if max(found, default="") >= day})
    return None


def _days_in(workspace: Workspace, path: str) -> list[str] | None:
    from okr.files import UnreadableFile

    try:
        content = workspace.files.read(path) or b""
    except UnreadableFile:
        return None
    days = _LINES.findall(content)
    if (len(days) == content.count(b"\n") and content.endswith(b"\n")) or not content:
        return [day.decode() for day in days]
    rows = read_rows(content)
    return None if rows is None else [date[:10] for date in rows.texts[0]]


def newest(past: Past, scope: Scope, lines: StoryLines, most: int, *, plans: bool) -> Newest | None:
    """The newest part of a story.

    Args:
        past: the repository, which has commits.
        scope: what the story is about.
        lines: what it is told by; at least its newest lines.
        most: how many entries are asked for.
        plans: whether changes of plans are.

    Raises:
        GitFailed: git can't read its history.
    """
    orders = [order for subject in lines.subjects for order in subject.orders]
    if past.shallow or not 0 < most <= MOST or len(orders) <= most:
        return None
    days = nlargest(most, (order[0] for order in orders))
    commits = _plan_commits(past, days[-1]) if plans else []
    later = [commit for commit in commits if commit.day > days[0]]
    story = _plans(past, scope, commits) if later else None
    if story is not None and _told_after(story, scope, days[0]) >= most:
        return Newest(min(commit.day for commit in later), Origins(), story)
    found = _origins(past, lines, days[-1], most)
    if found is None:
        return None
    story = _plans(past, scope, commits) if plans and not later else story
    return None if plans and story is None else Newest(days[-1], found, story)


def _told_after(story: PlanStory, scope: Scope, day: str) -> int:
    """How many changes of plans are told of later days: so many stand above all lines of that day and earlier ones."""
    return sum(
        event.commit.day > day and any(scope.change_matters(event.key, change) for change in event.changes)
        for event in story.events
    )


def _origins(past: Past, lines: StoryLines, first: str, most: int) -> Origins | None:
    at_head = lines.at_head
    new = at_head.not_committed if at_head else frozenset()
    recent = [
        (order, (subject.key, line.record))
        for subject in lines.subjects
        for at, order in enumerate(subject.orders)
        if order[0] >= first and (line := subject.line(at)) not in new
    ]
    if len({subject for _, subject in recent}) < len(recent):
        return None  # which commit brought which of two equal lines, all of their commits have to decide
    if recent and all(
        order[1] != -1.0 for order, _ in recent
    ):  # what has a time of its own needs no commit to be sorted
        day, time, _ = nlargest(most, recent, key=itemgetter(0))[-1][0]
        recent = [each for each in recent if each[0] >= (day, time, 0)]  # of one second all, to be told apart
    wanted = {subject for _, subject in recent}
    if len(wanted) > _MOST_LINES:
        alone = only_commit(past.repo)
        return None if alone is None else Origins({}, dict.fromkeys(wanted, alone), lambda: {alone.id: 0})
    return _search(past, wanted) if wanted else Origins()


def _search(past: Past, wanted: set[Subject]) -> Origins | None:
    """The latest commit that added each record; None where one is not found soon."""
    found: dict[Subject, CommitFacts] = {}
    places: dict[str, int] = {}
    left, patience = set(wanted), _COMMITS_AT_LEAST + _COMMITS_A_LINE * len(wanted)
    with newest_additions(past.repo, *_where(past, {key for key, _ in wanted})) as commits:
        for at, (commit, files) in enumerate(commits):
            changed = _records(past, files)
            if changed is None or at > patience:
                return None
            for subject in changed & left:
                left.discard(subject)
                found[subject] = commit
                places[commit.id] = at
            if not left:
                return Origins({}, found, lambda: places)
    return None


def _where(past: Past, keys: set[LogKey]) -> tuple[list[str], list[str]]:
    """Where the logs may have been: under any name of their cycles and owners."""
    folder = past.names.in_repository(LOGS)
    owners = {key.owner for key in keys}
    if len(owners) > _MOST_PATTERNS:
        return [folder], []
    owners |= {old for old, new in past.names.former_owners.items() if new in owners}
    names = [f"{folder}/kpis.yaml"] if "" in owners else []
    return names, [f"{glob_literal(folder)}/*/{owner}.yaml" for owner in sorted(owners) if owner]


def _records(past: Past, files: list[Additions]) -> set[Subject] | None:
    """The records that a commit added; None where its lines can't be read one by one."""
    by_key: dict[LogKey, tuple[list[bytes], list[bytes]]] = {}
    for file in files:
        if file.name is None:
            return None
        key = past.names.log_key(past.names.in_workspace(file.name))
        if key is not None:
            added, removed = by_key.setdefault(key, ([], []))
            added += file.added
            removed += file.removed
    found: set[Subject] = set()
    for key, both in by_key.items():
        changed = records_in_lines(*both)
        if changed is None:
            return None
        found.update((key, record) for record in changed[0])
    return found


def _plan_commits(past: Past, first: str) -> list[CommitFacts]:
    """The commits that may have changed plans from a day on."""
    begins = datetime.fromisoformat(first).replace(tzinfo=UTC)
    until = (begins - _CLOCKS).timestamp()
    commits: list[CommitFacts] = []
    older = 0
    with newest_commits(past.repo, past.names.in_repository(PLANS)) as walked:
        for commit, committed, touches in walked:
            if commit.day >= first and (touches or commit.is_merge):
                commits.append(commit)
            older = older + 1 if commit.day < first and committed < until else 0
            if older > _OLDER_IN_A_ROW:
                break
    return commits


def _plans(past: Past, scope: Scope, commits: Sequence[CommitFacts]) -> PlanStory | None:
    """What commits changed in plans; None where that can't be told without older ones."""
    story = plan_story(past.repo, past.names, commits, scope.plan_matters)
    return story if story.complete else None

"""Starting a workspace: its first files, in a git repository. Whatever is there already stays as it is.

The words of the files are in `text.py`; how the result is told is the views' business.
"""

from __future__ import annotations

import re
from contextlib import suppress
from string import Template
from typing import TYPE_CHECKING

from okr.attributes import Layer, merge_driver, read_merge_lines
from okr.cycles import Calendar, canonical_name, looks_standard, quarter_holding, year_holding
from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.errors import OkrError, UsageError
from okr.files import LARGEST_FILE, UnreadableFile, is_taken, read_regular_file, replace_file, write_new_file
from okr.git.text import safe_line
from okr.operations.schema_files import schema_line, schema_texts
from okr.operations.starting.text import (
    ANY_CHECKIN,
    COMMIT_MESSAGE,
    COMPANY,
    FIRST_KEY_RESULT,
    FIRST_VALUE,
    TEAM,
    TEXTS,
)
from okr.references import slug
from okr.rules.engine import diagnose
from okr.rules.logs import UNION_LINE
from okr.sources import SETTINGS, Folder, Overlay, root_above
from okr.workspace import ATTRIBUTES, KPIS, LOGS, ORG, PLANS, Workspace
from okr.yaml_writing import scalar

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from okr.quantities import Language
    from okr.repository import Identity, Repository

_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Start:
    """A workspace as asked for.

    Attributes:
        folder: its root, made if it is missing.
        today: the day that decides which cycles come first.
        name: what to call it; None for the folder's name.
        team: the name of the team that gets the first plan; None for one that fits the language.
        year_starts: the month, from 1 to 12.
        git: whether it is to be in a git repository.
        empty: whether it is to have no example goals and KPI.
    """

    folder: Path
    today: date
    name: str | None = None
    team: str | None = None
    language: Language = "en"
    year_starts: int = 1
    git: bool = True
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A workspace as started.

    Attributes:
        folder: its root.
        name: what it is called.
        made: the new files, relative to the root, in order.
        extended: files that got lines more.
        kept: files that were there, and were left as they were.
        left_out: the example goals and KPIs, where they would not have fitted to those.
        clash: what would have been wrong with them; empty where none was left out.
        repository: the repository it is in; None where it is in none.
        repository_made: whether that is new.
        first_plan: the plan to begin with; None where none was made.
        first_checkin: a key result of it, and a value to check in.
        commit_message: for the first commit.
    """

    folder: Path
    name: str
    made: tuple[str, ...]
    extended: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    clash: str
    repository: Repository | None
    repository_made: bool
    first_plan: str | None
    first_checkin: tuple[str, str]
    commit_message: str


def start_workspace(asked: Start) -> Started:
    """Makes the files of a new workspace, and a repository unless the folder is in one. Commits nothing.

    Where it fails, the files made so far are gone again.

    Raises:
        UsageError: the month or the team's name can't be used.
        OkrError: there is a workspace already, the folder can't be written to, or git can't make a repository.
    """
    _check(asked)
    made_folder = _make_folder(asked.folder)
    try:
        repository, repository_made = _repository(asked) if asked.git else (None, False)
        name = asked.name or asked.folder.resolve().name or "OKRs"
        who = _identity(repository)
        texts, team = _texts(asked, name, who, examples=not asked.empty)
        if asked.empty:
            texts = {path: text for path, text in texts.items() if not _is_example(path)}
        kept = tuple(path for path in texts if is_taken(asked.folder / path))
        new = {path: text.encode() for path, text in texts.items() if path not in kept}
        left_out, clash = _misfits(asked, new)
        if left_out:
            texts, team = _texts(asked, name, who, examples=False)
            new = {path: texts[path].encode() for path in new if path not in left_out}
        extended = _write(asked.folder, new)
    except BaseException:
        if made_folder:
            with suppress(OSError):  # git's own folder may be in it by now
                asked.folder.rmdir()
        raise
    plan = next((path for path in new if path.endswith(f"/{team}.yaml")), None)
    key_result = f"{team}/{FIRST_KEY_RESULT[asked.language]}"
    return Started(
        asked.folder, name, tuple(new), (ATTRIBUTES,) if extended else (),
        tuple(path for path in kept if path != ATTRIBUTES or not extended), left_out, clash,
        repository, repository_made, plan, (key_result, FIRST_VALUE), COMMIT_MESSAGE[asked.language],
    )  # fmt: skip


def _check(asked: Start) -> None:
    if asked.year_starts not in _MONTHS:
        raise UsageError(
            f"--year-starts: there is no month {asked.year_starts}", "write a month from 1 to 12"
        )
    for option, text in (("--name", asked.name), ("--team", asked.team)):
        if text is not None and not text.strip():
            raise UsageError(f"{option} is empty", "give a name, or leave the option out")
    existing = next((each for each in (asked.folder, *asked.folder.parents) if is_taken(each)), asked.folder)
    if not existing.is_dir():
        raise OkrError(f"{existing} is not a folder", "name another folder")
    root = root_above(existing)
    if root == asked.folder:
        raise OkrError(
            f"{root} is a workspace already: it has an {SETTINGS}",
            "`okr status` shows it, `okr new` adds to it; to start another, name another folder",
        )
    if root is not None:
        raise OkrError(
            f"{asked.folder} lies in the workspace {root}",
            "`okr new` adds to that one; to start another, name a folder outside of it",
        )


def _make_folder(folder: Path) -> bool:
    if folder.is_dir():
        return False
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise OkrError(
            f"the folder {folder} can't be made: {error.strerror}", "check the permissions above it"
        ) from error
    return True


def _repository(asked: Start) -> tuple[Repository | None, bool]:
    from okr.repository import create_repository, find_repository

    found = find_repository(asked.folder)
    if found is None:
        return create_repository(asked.folder), True
    if found.bare:
        raise OkrError(
            f"{asked.folder} is in a bare repository, which has no files of its own",
            "start the workspace in a clone of it",
        )
    return found, False


def _identity(repository: Repository | None) -> Identity | None:
    from okr.repository import identity

    found = None if repository is None else identity(repository)
    return found if found is not None and found.name.strip() and found.email.strip() else None


def _texts(
    asked: Start, name: str, who: Identity | None, *, examples: bool = True
) -> tuple[dict[str, str], str]:
    """The files' texts by path, `okr.yaml` last: it makes the folder a workspace; and the team's id.

    Args:
        asked: the workspace as asked for.
        name: what it is called.
        who: whoever git knows.
        examples: whether the others may speak of the example goals.
    """
    language, texts = asked.language, TEXTS[asked.language]
    calendar = Calendar(asked.year_starts)
    quarter, year = quarter_holding(asked.today, calendar).name, year_holding(asked.today, calendar).name
    company, team_name = COMPANY[language], asked.team or TEAM[language]
    team = slug(team_name, {company}, fallback="team")
    if looks_standard(canonical_name(team)) or team == "cycle":
        raise UsageError(f"--team: “{team_name[:60]}” reads like a cycle", "name the team another way")
    person = slug(who.name, {company, team, "cycle"}, fallback="me") if who else ""
    words = {
        "name": safe_line(name), "name_yaml": scalar(name, flow=True), "year_starts": str(asked.year_starts),
        "company": scalar(company, flow=True), "team": scalar(team, flow=True), "team_name": safe_line(team_name),
        "team_yaml": scalar(team_name, flow=True), "year": year, "quarter": quarter,
        "person": scalar(person, flow=True), "person_yaml": scalar(who.name if who else "", flow=True),
        "email_yaml": scalar(who.email if who else "", flow=True),
        "lead": f", lead: {scalar(person, flow=True)}" if who else "",
        "checkin": f"{team}/{FIRST_KEY_RESULT[language]} {FIRST_VALUE}" if examples else ANY_CHECKIN[language],
        "accountable": f"\n    owner: {scalar(person)}" if who else "",
    }  # fmt: skip
    words["people"] = Template(texts["people" if who else "no people"]).substitute(words)
    paths = {
        ORG: "org.yaml", KPIS: "kpis.yaml", f"{PLANS}/{year}/{company}.yaml": "annual",
        f"{PLANS}/{quarter}/cycle.yaml": "cycle.yaml", f"{PLANS}/{quarter}/{team}.yaml": "quarterly",
        "README.md": "README.md",
    }  # fmt: skip
    filled = {
        path: (schema_line(path) if path.endswith(".yaml") else "") + Template(texts[key]).substitute(words)
        for path, key in paths.items()
    }
    schemas = {path: content.decode() for path, content in schema_texts().items()}
    settings = schema_line(SETTINGS) + Template(texts[SETTINGS]).substitute(words)
    return {**filled, **schemas, ATTRIBUTES: f"{UNION_LINE}\n", SETTINGS: settings}, team


def _is_example(path: str) -> bool:
    return path == KPIS or path.startswith(f"{PLANS}/")


def _misfits(asked: Start, new: dict[str, bytes]) -> tuple[tuple[str, ...], str]:
    """The example goals and KPIs, where they would be wrong beside files that were there before; and what would be."""
    below = Folder(asked.folder)
    examples = tuple(filter(_is_example, new))
    if below.folders(PLANS):
        return examples, f"there are plans in {PLANS}/ already"
    if not below.files("") and not below.folders(""):
        return (), ""
    would_be = dict(new)
    if ATTRIBUTES not in new:
        would_be[ATTRIBUTES] = _with_union_merge(_attributes(asked.folder))
    workspace = Workspace(Overlay(below, would_be), as_of=asked.today, title="")
    wrong = next((each for each in diagnose(workspace) if each.severity is Severity.ERROR), None)
    if wrong is None:
        return (), ""
    found = wrong.finding
    return examples, f"{found.path}:{found.place.line}: {wrong.code} {found.message}"


def _write(folder: Path, new: dict[str, bytes]) -> bool:
    """Writes the new files; where that fails, those written are gone again.

    Returns:
        Whether an existing .gitattributes got the line it lacked.
    """
    written: list[Path] = []
    above = {parent for path in new for parent in (folder / path).parents if parent.is_relative_to(folder)}
    missing = sorted((each for each in above if not is_taken(each)), reverse=True)
    before = after = None
    try:
        for path, content in new.items():
            if path == SETTINGS and ATTRIBUTES not in new:
                before, after = _extend_attributes(folder)
            write_new_file(folder / path, content, root=folder)
            written.append(folder / path)
    except BaseException:
        for path_written in reversed(written):
            path_written.unlink(missing_ok=True)
        for each in missing:
            with suppress(OSError):  # not made yet, or it holds files of somebody else by now
                each.rmdir()
        if before is not None and after is not None and before != after:
            replace_file(folder / ATTRIBUTES, before, expected=after, root=folder)
        raise
    return before != after


def _extend_attributes(folder: Path) -> tuple[bytes, bytes]:
    """Adds the union merge to a .gitattributes, unless it says so already; gives its bytes before and after."""
    before = _attributes(folder)
    after = _with_union_merge(before)
    if after != before:
        replace_file(folder / ATTRIBUTES, after, expected=before, root=folder)
    return before, after


def _attributes(folder: Path) -> bytes:
    try:
        return read_regular_file(folder / ATTRIBUTES, root=folder, limit=LARGEST_FILE)
    except UnreadableFile as error:
        raise OkrError(f"{ATTRIBUTES} can't be read: {error.reason}", error.remedy) from error


def _with_union_merge(before: bytes) -> bytes:
    """A .gitattributes with the line for the union merge at its end; as it is where its lines say so already."""
    layer = Layer(read_merge_lines(before.decode("utf-8-sig", "replace")))
    decided = merge_driver(f"{LOGS}/2026/owner.yaml", [layer])
    if decided is not None and decided[1].driver == "union":
        return before
    found = re.search(rb"\r\n|\n", before)
    newline = found[0] if found else b"\n"
    lead = newline if before and not before.endswith(b"\n") else b""
    return before + lead + UNION_LINE.encode() + newline

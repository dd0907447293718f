"""Structure-aware mutation of the examples: keys, values and items taken out, doubled, moved, swapped and overwritten.

`python -m tests.mutating --seconds 300` does nothing else for so long, in one process whose memory is bounded, and says
with which seed anything goes wrong; `tests/test_fuzz.py` runs the same for a moment.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
import traceback
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from okr.documents import LocatedList, LocatedMapping, read_document
from okr.errors import OkrError
from okr.operations.assessing import assess_cycle
from okr.operations.fixes.fixing import fix
from okr.operations.validation.validating import Validation
from okr.rules.catalogue import rules_by_name
from okr.rules.engine import examine
from okr.sources import Folder, Overlay
from okr.views.findings_json import findings_as_json
from okr.views.findings_report import MODULES, Report, render
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from okr.diagnostics import Diagnostic, Place

TODAY = date(2026, 11, 23)
EXAMPLES = Path(__file__).parent.parent / "examples"
FILES = {
    (example, path.relative_to(EXAMPLES / example).as_posix()): path.read_bytes().decode()
    for example in ("startup", "agence")
    for path in sorted((EXAMPLES / example).rglob("*.yaml"))
}
NAMES = sorted(FILES)
LONGEST = 4.0
"""Seconds of the processor's time that reading, checking and showing may take."""
MOST_MEMORY = 1 << 30
"""Bytes of address space for a run, however long."""

SCALARS = (
    "", "~", "null", "true", "no", "oui", "0", "-1", "1e400", ".nan", "-.inf", "9" * 40, "+30%", "-100%", "unknown", "70", "0.7",
    "2026-11-23", '"2026-10-05"', "2026-02-30", "9999-12-31", "0001-01-01", "05.10.2026", "2026-11-23T25:00:00Z",
    "0001-01-01T00:00:00+23:59", '"2026-11-23T10:00:00+02:00"', "a/b/c", "2026/company/habit", "growth/word-of-mouth",
    "2026-Q4", "FY26-Q1", "habit", "tom", "Tom Becker", "'[red]x[/red]'", '"\\e[2J"', "&a b", "*a", "!!int 1", "[]", "{}",
    "[a, [b]]", "{a: {b: c}}", "x: y", "- z", "|", ">-", "'", '"', "<<<<<<< ours", "\t", "\u00a0", "\u200b", "\u2028", "é😀",
    "#", "# okr: ignore[OKR4] x", ":", "?", "%", "@tom", "100 000", "4,5", "x" * 3_000,
)  # fmt: skip


class Part(NamedTuple):
    """A key with its value, or an item of a list, by offsets in the text."""

    start: int
    end: int
    value_start: int
    value_end: int
    key_end: int | None


def parts_of(text: str) -> list[Part]:
    """Everything in a file that has a key or is an item."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def span(place: Place) -> tuple[int, int]:
        ends = [
            starts[line - 1] + column - 1 for line, column in (place[:2], place[2:]) if line <= len(starts)
        ]
        return ends[0] if ends else len(text), ends[1] if len(ends) > 1 else len(text)

    def walk(node: object) -> Iterator[Part]:
        if isinstance(node, LocatedMapping):
            for key, place in node.values_at.items():
                start, key_end = span(node.keys_at[key])
                value_start, value_end = span(place)
                yield Part(start, max(value_end, key_end), value_start, value_end, key_end)
                yield from walk(node.get(key))
        elif isinstance(node, LocatedList):
            for item, place in zip(node, node.items_at, strict=True):
                start, end = span(place)
                yield Part(start, end, start, end, None)
                yield from walk(item)

    return list(walk(read_document("file.yaml", text.encode("utf-8", "surrogatepass")).root))


class Spot(NamedTuple):
    """Where a change is made: a part of a text, another part of it, and what a part of another file says."""

    text: str
    parts: list[Part]
    part: Part
    other: Part
    foreign: str
    chance: random.Random

    @property
    def lines(self) -> tuple[int, int]:
        """Where the part's lines begin and end."""
        return self.text.rfind("\n", 0, self.part.start) + 1, self.text.find("\n", self.part.end) + 1 or len(
            self.text
        )

    def valued(self, value: str) -> str:
        """The text with another value."""
        return self.text[: self.part.value_start] + value + self.text[self.part.value_end :]

    def own_value(self, part: Part) -> str:
        """What a part of the text has as its value."""
        return self.text[part.value_start : part.value_end]


def another_value(spot: Spot) -> str:
    return spot.valued(spot.chance.choice(SCALARS))


def value_of_another(spot: Spot) -> str:
    return spot.valued(spot.own_value(spot.other))


def value_of_another_file(spot: Spot) -> str:
    return spot.valued(spot.foreign)


def wrapped(spot: Spot) -> str:
    opens = spot.chance.choice(["''", '""', "[]", "{}"])
    return spot.valued(opens[0] + spot.own_value(spot.part) + opens[1])


def gone(spot: Spot) -> str:
    line, below = spot.lines
    return spot.text[:line] + spot.text[below:]


def twice(spot: Spot) -> str:
    line, below = spot.lines
    return spot.text[:below] + spot.text[line:below] + spot.text[below:]


def elsewhere(spot: Spot) -> str:
    line, below = spot.lines
    rest = spot.text[:line] + spot.text[below:]
    at = rest.rfind("\n", 0, spot.chance.randrange(len(rest) + 1)) + 1
    return rest[:at] + spot.text[line:below] + rest[at:]


def indented_otherwise(spot: Spot) -> str:
    line, below = spot.lines
    blanks, kept = (
        spot.chance.choice(["", " ", "  ", "\t", "      ", "\u00a0"]),
        spot.chance.choice([0, 1, 2]),
    )
    moved = re.sub("^ *", lambda found: blanks + found[0][kept:], spot.text[line:below], flags=re.MULTILINE)
    return spot.text[:line] + moved + spot.text[below:]


def key_of_another(spot: Spot) -> str:
    keys = [each for each in spot.parts if each.key_end is not None]
    if not keys:
        return twice(spot)
    one, two = spot.chance.choice(keys), spot.chance.choice(keys)
    return spot.text[: one.start] + spot.text[two.start : two.key_end] + spot.text[one.key_end :]


def letter_changed(spot: Spot) -> str:
    at = spot.chance.randrange(spot.part.start, max(spot.part.key_end or spot.part.end, spot.part.start + 1))
    letter = spot.text[at : at + 1]
    return spot.text[:at] + spot.chance.choice(["", "x", "_", "E", " ", letter * 2]) + spot.text[at + 1 :]


def sign_added(spot: Spot) -> str:
    part = spot.part
    at = spot.chance.choice([part.value_start, part.value_end, part.end, part.start])
    signs: list[str] = [*"\"'[]{},:-#|>&*!%@`\n ", ": ", "- ", ", "]
    return spot.text[:at] + spot.chance.choice(signs) + spot.text[at:]


def sign_gone(spot: Spot) -> str:
    at = spot.chance.choice([found.start() for found in re.finditer(r"[\"'\[\]{},:\-#\n]", spot.text)])
    return spot.text[:at] + spot.text[at + 1 :]


CHANGES: tuple[Callable[[Spot], str], ...] = (
    another_value, value_of_another, value_of_another_file, wrapped, gone, twice, elsewhere, indented_otherwise, key_of_another,
    letter_changed, sign_added, sign_gone,
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """A file after one change of its structure."""
    parts = parts_of(text)
    if not parts:
        return f"{text}{chance.choice(SCALARS)}\n"
    donor = FILES[chance.choice(NAMES)]
    given = chance.choice(parts_of(donor))
    foreign = donor[given.value_start : given.value_end]
    return chance.choice(CHANGES)(
        Spot(text, parts, chance.choice(parts), chance.choice(parts), foreign, chance)
    )


class Mutation(NamedTuple):
    """A seed, and what it makes of an example."""

    seed: int
    example: str
    files: dict[str, bytes]


def mutation(seed: int) -> Mutation:
    """An example with one to three changes in one or two of its files."""
    chance = random.Random(seed)
    example = chance.choice(["startup", "agence"])
    own = [path for name, path in NAMES if name == example]
    changed: dict[str, str] = {}
    for _ in range(chance.randint(1, 3)):
        path = chance.choice([*changed, chance.choice(own)])
        changed[path] = mutated(changed.get(path, FILES[example, path]), chance)
    return Mutation(
        seed, example, {path: text.encode("utf-8", "surrogatepass") for path, text in changed.items()}
    )


def check(seed: int, *, thoroughly: bool = False) -> None:
    """Validates a mutation, reckons and shows it, within bounded time; thoroughly, mends it as well.

    Raises:
        AssertionError: a finding is none of the catalogue's, lies outside of its file, or it all took too long.
    """
    made = mutation(seed)
    began = time.process_time()
    files = Overlay(Folder(EXAMPLES / made.example), made.files)
    workspace = Workspace(files, as_of=TODAY, title="fuzz")
    examination = examine(workspace)
    for diagnostic in examination.diagnostics:
        lies_in_its_file(diagnostic, workspace)
    for cycle in workspace.cycles.values():
        if cycle.span is not None:
            try:
                assess_cycle(workspace, cycle.span)
            except OkrError as error:
                assert error.remedy  # noqa: PT017 # a remedy is all that is asked of it
    _show(workspace, examination.diagnostics)
    took = time.process_time() - began
    assert took < LONGEST, f"{took:.2f} seconds"
    if thoroughly:
        fixed = fix(workspace, lambda _: True, unsafe=True)
        assert len(fixed.files) <= len(workspace.documents) + 1


def lies_in_its_file(diagnostic: Diagnostic, workspace: Workspace) -> None:
    """Checks that a finding is one of the catalogue's, and that there is such a place."""
    assert diagnostic.code in rules_by_name()
    assert diagnostic.finding.message
    document = workspace.document(diagnostic.finding.path)
    line, column, end_line, end_column = diagnostic.finding.place
    assert (1, 1) <= (line, column) <= (end_line, end_column)
    if document is not None and document.text:
        lines = re.split(r"\r\n|\n|\r", document.text)
        assert end_line <= len(lines)
        assert column <= len(lines[line - 1]) + 1
        assert end_column <= len(lines[end_line - 1]) + 1


def _show(workspace: Workspace, diagnostics: tuple[Diagnostic, ...]) -> None:
    documents = {document.path: document for document in workspace.documents}
    validation = Validation(diagnostics, len(documents))
    report = Report(Path("/"), validation, documents, tuple(documents), "", lambda path: path)
    assert findings_as_json(validation)
    for name in MODULES:
        render(name, report)


def main() -> int:
    """Mutates for some time; ends with 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    ends, seed, wrong = time.monotonic() + chosen.seconds, chosen.seed, 0
    while time.monotonic() < ends:
        try:
            check(seed, thoroughly=seed % 4 == 0)
        except Exception:  # noqa: BLE001 # whatever it is, its seed is what is wanted
            wrong += 1
            sys.stdout.write(f"seed {seed}\n{traceback.format_exc()}\n")
        seed += 1
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{seed - chosen.seed} mutations, {wrong} went wrong; {used} MiB at most\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

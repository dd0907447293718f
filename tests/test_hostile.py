"""Strangers' files: whatever they hold, `okr validate` ends with findings, within bounded memory and time.

Each is validated in a process of its own, under limits of the system's.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from okr.files import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLAN = "okrs/2026-Q4/marketing.yaml"
LOG = "checkins/2026-Q4/marketing.yaml"
MOST_MEMORY = 1 << 30
"""Bytes of address space; a file of 16 MiB that is all line breaks takes half of it."""
KEY_RESULT = "      - {id: k%d, title: T, from: 1, to: 2}\n"


class Outcome(NamedTuple):
    """How validating ended, and the rules of what was found with their paths."""

    status: int
    seconds: float
    found: list[tuple[str, str]]


def validated(root: Path, *, seconds: int) -> Outcome:
    """Validates a workspace within some seconds of the processor's time."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "okr", "--as-of", "2026-11-23", "-C", root, "validate", "--json"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False, preexec_fn=limited,  # one thread
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stderr == b"", done.stderr[-2000:]
    found = json.loads(done.stdout)["diagnostics"]
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Outcome(done.returncode, took, [(each["rule"], each["path"]) for each in found])


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in {
        "okr.yaml": "name: Acme\n",
        ".gitattributes": "checkins/** merge=union\n",
    }.items() | files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def plan(objectives: int, key_results: int) -> str:
    inner = "".join(KEY_RESULT % number for number in range(key_results))
    return "objectives:\n" + "".join(
        f"  - id: o{number}\n    title: Be good\n    key_results:\n{inner}" for number in range(objectives)
    )


def filled(unit: str) -> str:
    """As much of it as a file may hold."""
    return unit * ((LARGEST_FILE - 10) // len(unit))


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, levels)]
    return "\n".join(lines) + "\n"


ABSURD = """\
objectives:
  - id: a
    title: Be good
    key_results:
      - {id: k, title: T, from: 1e-400, to: %s}
      - {id: l, title: T, from: -1e15, to: +999999999999%%}
      - {id: m, title: T, from: .nan, to: .inf}
      - {id: n, title: T, at_least: 1e15, at_most: -1e15, weight: 1e15}
  - {id: 99999999999999999999, title: Be bad, key_results: [], formerly: [-1, 0]}
"""


def test_links_and_devices_are_findings(tmp_path: Path) -> None:
    write(tmp_path, {PLAN: plan(2, 2)})
    folder = tmp_path / "okrs/2026-Q4"
    os.mkfifo(folder / "fifo.yaml")
    os.mkfifo(tmp_path / "org.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    (folder / "passwd.yaml").symlink_to("/etc/passwd")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "folder.yaml").mkdir()
    (folder / "up").symlink_to("../..")
    (tmp_path / "kpis.yaml").symlink_to("/dev/stdin")
    (tmp_path / "checkins").symlink_to("/")
    outcome = validated(tmp_path, seconds=20)
    unreadable = [path for rule, path in outcome.found if rule == "OKR101"]
    assert unreadable == [
        "checkins", "kpis.yaml", "okrs/2026-Q4/fifo.yaml", "okrs/2026-Q4/loop.yaml", "okrs/2026-Q4/passwd.yaml",
        "okrs/2026-Q4/zero.yaml", "org.yaml",
    ]  # fmt: skip
    assert outcome.status == 1


def test_what_multiplies_or_nests_and_absurd_numbers_are_findings(tmp_path: Path) -> None:
    files = {
        "okrs/2026-Q4/bomb.yaml": bomb(100),
        "okrs/2026-Q4/deep.yaml": "[" * 100_000 + "]" * 100_000,
        "okrs/2026-Q4/huge.yaml": " " * (LARGEST_FILE + 1),
        "okrs/2026-Q4/stars.yaml": "a: " + "*" * 2_000_000 + "\nb",
        "okrs/2026-Q4/quotes.yaml": "a: " + "\"'" * 1_000_000 + "\nb",
        "okrs/2026-Q4/absurd.yaml": ABSURD % ("9" * 1_000_000),
        LOG: '- {date: 9999-12-31, kr: o0/k0, value: 1e400, confidence: 1e300}\n- {date: "0001-01-01T00:00:00+23:59", kr: o0/k0, value: 9'
        + "0" * 400
        + "}\n",
        PLAN: plan(2, 2),
    }
    write(tmp_path, files)
    outcome = validated(tmp_path, seconds=20)
    assert {(rule, path.rpartition("/")[2]) for rule, path in outcome.found} >= {
        ("OKR109", "bomb.yaml"), ("OKR103", "deep.yaml"), ("OKR103", "huge.yaml"), ("OKR104", "stars.yaml"),
        ("OKR104", "quotes.yaml"), ("OKR114", "absurd.yaml"), ("OKR115", "marketing.yaml"), ("OKR503", "marketing.yaml"),
    }  # fmt: skip
    assert outcome.status == 1


MANY: dict[str, Callable[[], dict[str, str]]] = {
    "lines": lambda: {PLAN: filled("a\n")},
    "keys": lambda: {PLAN: filled("a:\n")},
    "dashes": lambda: {PLAN: filled("- \n")},
    "line breaks": lambda: {PLAN: filled("\r")},
    "commas": lambda: {PLAN: "[" + filled("a,")},
    "colons": lambda: {PLAN: "a" + filled(": ")},
    "braces": lambda: {PLAN: filled("{a: b:c")},
    "questions": lambda: {PLAN: filled("{a? ?")},
    "hard spaces": lambda: {PLAN: "a: 1\n" + "\u00a0" * 4_000_000 + "b: 2\n"},
    "conflicts": lambda: {PLAN: "a: 1\n" + filled("<<<<<<< x\n")},
    "a key after all": lambda: {PLAN: "".join(f"k{number}: 1\n" for number in range(400_000)) + "x\n"},
    "unknown keys": lambda: {PLAN: "objectives: []\n" + "".join(f"key{number}: 1\n" for number in range(200_000))},
    "unknown keys of items": lambda: {
        PLAN: "objectives:\n" + "".join(f"  - {{id: o{number}, titel: x, foo: 1}}\n" for number in range(60_000))
    },
    "pieces of a note": lambda: {
        LOG: "- {date: 2026-10-05, kr: a/b, note: x" + "".join(f",y{number}" for number in range(200_000)) + "}\n"
    },
    "colons without space": lambda: {
        LOG: "- {" + ", ".join(f"date:2026-{number}" for number in range(200_000)) + "}\n"
    },
    "plans": lambda: {PLAN: plan(3_000, 20)},
    "ids that are none": lambda: {
        PLAN: "objectives:\n" + "".join(f"  - {{id: O {number}, title: x}}\n" for number in range(100_000))
    },
    "the same id": lambda: {PLAN: "objectives:\n" + "  - {id: o, title: x}\n" * 100_000},
    "a long title": lambda: {PLAN: "objectives:\n  - id: a\n    title: " + "x 5% " * 3_000_000 + "\n"},
    "check-ins": lambda: {PLAN: plan(1, 1), LOG: "- {date: 2026-10-05, kr: o0/k0, value: 1}\n" * 200_000},
    "check-ins in blocks": lambda: {
        PLAN: plan(2, 2), LOG: "- date: 2026-10-05\n  kr: o0/k0\n  value: 1\n" * 100_000
    },
    "unknown key results": lambda: {
        PLAN: plan(2, 2),
        LOG: "".join(f"- {{date: 2026-10-05, kr: o0/x{number}, value: 1}}\n" for number in range(100_000)),
    },
    "unknown people": lambda: {
        PLAN: plan(2, 2),
        "org.yaml": "people:\n" + "".join(f"  - {{id: p{number}}}\n" for number in range(20_000)),
        LOG: "".join(f"- {{date: 2026-10-05, kr: o0/k0, value: 1, by: q{number}}}\n" for number in range(50_000)),
    },
    "unknown KPIs": lambda: {
        "kpis.yaml": "kpis:\n" + "".join(f"  - {{id: k{number}, name: x}}\n" for number in range(60_000)),
        "checkins/kpis.yaml": "".join(
            f"- {{date: 2026-10-05, kpi: x{number}, value: 1}}\n" for number in range(60_000)
        ),
    },
    "unknown references": lambda: {
        PLAN: "objectives:\n" + "".join(
            f"  - {{id: o{number}, title: x, supports: [{', '.join(f'nobody/o{other}' for other in range(50))}]}}\n"
            for number in range(3_000)
        )
    },
    "references that are none": lambda: {
        PLAN: "objectives:\n" + "".join(
            f"  - {{id: o{number}, title: x, supports: ['a,b;c {number}', '/////', '{'/'.join(['a'] * 200)}']}}\n"
            for number in range(3_000)
        )
    },
    "a circle of support": lambda: {
        PLAN: "objectives:\n" + "".join(
            f"  - {{id: o{number}, title: x, supports: marketing/o{(number + 1) % 20_000}}}\n" for number in range(20_000)
        )
    },
    "a circle of teams": lambda: {
        "org.yaml": "teams:\n" + "".join(f"  - {{id: t{number}, parent: t{(number + 1) % 50_000}}}\n" for number in range(50_000))
    },
    "comments": lambda: {
        PLAN: "objectives:\n" + "".join(
            f"  - {{id: o{number}, title: 5 x}} # okr: ignore[OKR4{',OKR4' * 50}] x\n" for number in range(20_000)
        )
    },
    "overrides": lambda: {
        "okr.yaml": "overrides:\n" + "".join(
            f"  - {{paths: ['{'**/' * 300}x{number}'], rules: {{OKR4: off}}}}\n" for number in range(3_000)
        ),
        PLAN: plan(3, 3),
    },
    "patterns": lambda: {
        "okr.yaml": f"overrides:\n  - {{paths: ['{'*a' * 5_000}'], rules: {{OKR4: off}}}}\n",
        f"okrs/2026-Q4/{'a' * 90}.yaml": plan(3, 3),
    },
    "files": lambda: {f"okrs/c{cycle}/o{owner}.yaml": plan(2, 2) for cycle in range(300) for owner in range(20)},
    "folders": lambda: {f"okrs/2026-Q4/{'d/' * 200}x.yaml": "a: 1"},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("files", MANY.values(), ids=MANY)
def test_very_much_of_anything_ends_in_bounded_time(
    files: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    write(tmp_path, files())
    assert validated(tmp_path, seconds=40).status in {0, 1}

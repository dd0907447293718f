"""Expressions as Python has made them before are those that it would make."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from okr import kept_patterns, log_table, patterns, plain_blocks, plain_lines, plan_table, quantities

if TYPE_CHECKING:
    from pathlib import Path

MODULES = (log_table, plain_blocks, plain_lines, plan_table, quantities)
OURS = [
    each for module in MODULES for each in vars(module).values() if type(each) is type(patterns.LINE_BREAK)
]
ODD = [
    ("", 0),
    (rb"a+", re.DOTALL),
    ("(?P<one>ß)(x)?(?P<three>[^é])|\\b", re.IGNORECASE),
    ("^[\\w€]$", re.MULTILINE | re.VERBOSE),
]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept, for a process that has compiled nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(patterns, "_KNOWN", {})
    monkeypatch.setattr(patterns, "_COMPILED", [])
    return tmp_path / "okr" / "patterns"


def _given(each: Any) -> tuple[Any, int]:
    return each.pattern, each._given


def _compiled(text: Any, flags: int) -> Any:
    return patterns._compiled(text, flags)


def _kept() -> dict[Any, Any]:
    return kept_patterns._fetched("diff")


def test_what_is_kept_is_what_python_makes_of_each_expression(cache: Path) -> None:
    asked = [*map(_given, OURS), *ODD]
    assert len(OURS) > len(MODULES)
    before = [_compiled(*each) for each in asked]
    kept_patterns._keep("diff", _kept())
    assert len(list(cache.iterdir())) == 1
    patterns.know(_kept())
    patterns._COMPILED.clear()
    re.purge()
    after = [_compiled(*each) for each in asked]
    assert patterns.compiled_here() == []
    for one, other in zip(before, after, strict=True):
        assert one is not other
        assert one == other  # their code, flags and texts
        assert (one.groups, dict(one.groupindex)) == (other.groups, dict(other.groupindex))
    found = _compiled(*ODD[2]).search("ẞxe")
    assert (found.lastgroup, found.groupdict()) == ("three", {"one": "ẞ", "three": "e"})


def test_what_is_compiled_later_comes_to_it(cache: Path) -> None:
    _compiled("a", 0)
    kept_patterns._keep("diff", _kept())
    (file,) = cache.iterdir()
    written = file.stat().st_ino
    kept_patterns._keep("diff", _kept())
    assert file.stat().st_ino == written, "nothing came to it"
    _compiled("b", re.IGNORECASE)
    kept_patterns._keep("diff", _kept())
    assert set(_kept()) == {("a", 0), ("b", 2)}


def test_of_too_many_only_the_latest_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_patterns, "_MOST", 2)
    for text in ("a", "b", "c"):
        patterns._COMPILED.clear()
        _compiled(text, 0)
        kept_patterns._keep("diff", _kept())
    assert set(_kept()) == {("c", 0)}
    assert cache.exists()


def test_what_is_damaged_or_anothers_is_passed_over(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _compiled("a", 0)
    kept_patterns._keep("diff", {})
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    assert _kept()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert _kept() == {}
        file.write_bytes(whole[:place])
        assert _kept() == {}
    file.write_bytes(whole)
    monkeypatch.setattr(sys, "version", "another")
    assert _kept() == {}


def test_what_python_makes_otherwise_is_not_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from re import _compiler  # type: ignore[attr-defined]

    _compiled("a", 0)
    monkeypatch.setattr(_compiler, "_code", lambda *_: [1])
    kept_patterns._keep("diff", {})
    monkeypatch.delattr(_compiler, "_code")
    kept_patterns._keep("diff", {})
    assert not cache.exists()


def test_a_comparison_keeps_its_expressions_and_answers_as_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "acme"
    for path, text in {
        "okr.yaml": "name: Acme\n",
        "okrs/2026-Q4/sales.yaml": "objectives:\n  - id: grow\n    title: Grow\n    key_results:\n"
        "      - {id: deals, title: Win 90 deals, from: 0, to: 90}\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@acme.example")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "Plan")):
        subprocess.run([*git, *arguments], cwd=root, check=True)
    plan = root / "okrs/2026-Q4/sales.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("90", "80"), encoding="utf-8")
    subprocess.run([*git, "commit", "-qam", "Aim lower"], cwd=root, check=True)

    def told(*more: str) -> str:
        command = [sys.executable, "-m", "okr", "--as-of", "2026-10-12", *more, "diff", "HEAD~1..HEAD"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    folder = tmp_path / "cache" / "okr" / "patterns"
    without = told("--no-cache")
    assert "Win 80 deals" in without
    assert not folder.exists()
    assert told() == without
    (file,) = folder.iterdir()
    kept = file.read_bytes()
    assert told() == without
    assert file.read_bytes() == kept, "nothing was compiled that was not kept"
    file.write_bytes(kept[:-1])
    assert told() == without
    assert len(file.read_bytes()) == len(kept)

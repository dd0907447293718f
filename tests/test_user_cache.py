"""What is in the user's cache folder counts only as a whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from okr import user_cache
from okr.user_cache import fetch_behind, is_kept, keep, opened

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 40])
def test_only_the_very_bytes_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(user_cache, "_AT_ONCE", 16)
    head, content = b"head", bytes(range(size))
    assert not is_kept("org", "one", head, content)
    keep("org", "one", (head, content), length=len(head) + size, most=1_000)
    assert is_kept("org", "one", head, content)
    assert not is_kept("org", "two", head, content)
    assert not is_kept("org", "one", head, content + b"!")
    assert not is_kept("org", "one", b"Head", content)
    if size:
        assert not is_kept("org", "one", head, content[:-1])
        assert not is_kept("org", "one", head, content[:-1] + b"!")
    (tmp_path / "okr/org/folder").mkdir()
    os.mkfifo(tmp_path / "okr/org/pipe")
    for name in ("folder", "pipe", "nothing"):  # whatever has come into its place, it is no error
        assert not is_kept("org", name)
        assert opened("org", name) is None
        assert fetch_behind("org", name, 4) == (b"", b"")

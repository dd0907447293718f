"""Sites made by the real command from the examples, one for each way to look at them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Shell
from tests.cli.screens import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path


def site_of(folder: Path, example: str, *options: str) -> Path:
    """The site of an example as of 2026-11-23, in a folder of its own."""
    home, work = folder / "home", folder / "work"
    home.mkdir()
    shutil.copytree(EXAMPLES / example, work)
    outcome = Shell(work, home).okr("report", "-o", str(folder / "site"), *options)
    assert outcome.status == 0, outcome.err
    return folder / "site"


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The start-up's quarter."""
    return site_of(tmp_path_factory.mktemp("english"), "startup")


@pytest.fixture(scope="session")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agency's quarter, in French."""
    return site_of(tmp_path_factory.mktemp("french"), "agence")


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The start-up's closed quarter."""
    return site_of(tmp_path_factory.mktemp("past"), "startup", "--cycle", "2026-Q3")

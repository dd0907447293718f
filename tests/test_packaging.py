"""What is handed on: the wheel runs far from the checkout, and the source archive can be tested as a clone can."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from okr.operations.demonstrating import EXAMPLES, example_files
from tests.cli.conftest import Shell, shell

__all__ = ["shell"]  # a fixture

CHECKOUT = Path(__file__).parents[1]


def built(what: str, folder: Path) -> Path:
    """Builds a wheel or an sdist of this checkout into a folder."""
    script = f"import hatchling.build; print(hatchling.build.build_{what}({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=True, capture_output=True)
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is inside a wheel, unpacked: as installed, far from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    unpacked = folder / "unpacked"
    shutil.unpack_archive(built("wheel", folder), unpacked, format="zip")
    return unpacked


class TestWheel:
    def test_carries_the_examples_whole(self, wheel: Path) -> None:
        for example in EXAMPLES.values():
            inside = wheel / "okr/examples" / example.name
            found = {
                path.relative_to(inside).as_posix(): path.read_bytes()
                for path in inside.rglob("*")
                if path.is_file()
            }
            assert found == example_files(example.name)

    def test_carries_every_file_of_the_package(self, wheel: Path) -> None:
        package = CHECKOUT / "okr"
        ours = {path for path in package.rglob("*") if path.is_file() and path.parent.name != "__pycache__"}
        assert [path for path in ours if not (wheel / path.relative_to(CHECKOUT)).is_file()] == []

    def test_carries_the_licence_and_the_types(self, wheel: Path) -> None:
        assert (wheel / "okr/py.typed").exists()
        (licence,) = wheel.glob("okr-*.dist-info/licenses/LICENSE")
        assert "The okr authors" in licence.read_text()

    def test_runs_the_demo(self, wheel: Path, shell: Shell) -> None:
        code = "import okr, sys; from okr.cli import main; sys.stderr.write(okr.__file__); main()"
        environment = shell.environment(PYTHONPATH=str(wheel))
        outcome = subprocess.run(
            [sys.executable, "-P", "-c", code, "demo"], cwd=shell.folder, env=environment,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert outcome.returncode == 0, outcome.stderr
        assert outcome.stderr == str(wheel / "okr/__init__.py")
        assert "Pipewright · 2026-Q4" in outcome.stdout


@pytest.mark.skipif(not (CHECKOUT / ".git").exists(), reason="only a clone can say what it tracks")
def test_the_source_archive_holds_all_that_git_tracks(tmp_path: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    ).stdout.split("\0")[:-1]
    with tarfile.open(built("sdist", tmp_path)) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert [name for name in tracked if name not in held] == []

"""Reading and writing bytes: what is refused, what is kept, what survives a failure."""

from __future__ import annotations

import errno
import os
import re
import socket
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from okr import file_errors, files
from tests.ordinary import run_python

if TYPE_CHECKING:
    from collections.abc import Callable

    from okr.errors import OkrError

LIMIT = 1000


def names(folder: Path) -> list[str]:
    return sorted(found.name for found in folder.iterdir())


# --- reading


def test_read_gives_the_bytes_of_a_file_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a" / "é x.yaml"
    file.parent.mkdir()
    file.write_bytes(b"x" * LIMIT)
    assert files.read_regular_file(file, root=tmp_path, limit=LIMIT) == b"x" * LIMIT


def test_read_gives_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert files.read_regular_file(tmp_path / "empty", root=tmp_path, limit=0) == b""


def test_read_takes_a_relative_path_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").mkdir()
    monkeypatch.chdir(tmp_path / "b")
    assert files.read_regular_file(Path("../a"), root=tmp_path, limit=9) == b"1"
    for outside in (Path("../a"), tmp_path / "a"):
        with pytest.raises(files.FileOutside):
            files.read_regular_file(outside, root=Path(), limit=9)


@pytest.mark.parametrize("link_root", [False, True], ids=["plain root", "root is a link"])
@pytest.mark.parametrize("through", ["link.yaml", "folder/real.yaml", "chain", "sub/../real.yaml"])
def test_read_follows_links_that_stay_inside(tmp_path: Path, through: str, *, link_root: bool) -> None:
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "real.yaml").write_bytes(b"inside")
    (root / "link.yaml").symlink_to("real.yaml")
    (root / "folder").symlink_to(root, target_is_directory=True)
    (root / "chain").symlink_to("folder/link.yaml")
    if link_root:
        (tmp_path / "alias").symlink_to(root)
        root = tmp_path / "alias"
    assert files.read_regular_file(root / through, root=root, limit=LIMIT) == b"inside"


def _outside(root: Path) -> None:
    (root.parent / "secret").write_bytes(b"secret")
    (root / "it").symlink_to("../secret")


def _outside_folder(root: Path) -> None:
    (root.parent / "elsewhere").mkdir()
    (root.parent / "elsewhere" / "it").write_bytes(b"secret")
    (root / "sub").symlink_to(root.parent / "elsewhere")


def _loop(root: Path) -> None:
    (root / "it").symlink_to("other")
    (root / "other").symlink_to("it")


def _socket(root: Path) -> None:
    here = Path.cwd()
    os.chdir(root)  # a socket's address is short, a temporary folder's path is not
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("it")
    finally:
        os.chdir(here)


UNREADABLE: list[tuple[str, Callable[[Path], object], str, type[files.UnreadableFile], str, str]] = [
    ("missing", lambda _: None, "it", files.MissingFile, "missing", "there is no such file"),
    ("below a file", lambda r: (r / "f").touch(), "f/it", files.MissingFile, "missing", "no such file"),
    ("name too long", lambda _: None, "x" * 300, files.MissingFile, "missing", "no such file"),
    ("NUL in the name", lambda _: None, "a\0b", files.MissingFile, "missing", "NUL"),
    (
        "dangling",
        lambda r: (r / "it").symlink_to("gone"),
        "it",
        files.MissingFile,
        "missing",
        "symbolic link to nothing",
    ),
    ("link out", _outside, "it", files.FileOutside, "outside", "leads out of"),
    ("folder link out", _outside_folder, "sub/it", files.FileOutside, "outside", "leads out of"),
    ("path out", _outside, "../secret", files.FileOutside, "outside", "leads out of"),
    ("loop", _loop, "it", files.LinkLoop, "loop", "lead back"),
    ("folder", lambda r: (r / "it").mkdir(), "it", files.NotRegularFile, "not-regular", "a folder"),
    ("root itself", lambda _: None, ".", files.NotRegularFile, "not-regular", "a folder"),
    ("pipe", lambda r: os.mkfifo(r / "it"), "it", files.NotRegularFile, "not-regular", "a pipe"),
    ("socket", _socket, "it", files.NotRegularFile, "not-regular", "a socket"),
    (
        "too large",
        lambda r: (r / "it").write_bytes(b"x" * (LIMIT + 1)),
        "it",
        files.FileTooLarge,
        "too-large",
        "1,000 bytes",
    ),
]


@pytest.mark.parametrize(
    ("make", "name", "error", "kind", "reason"),
    [row[1:] for row in UNREADABLE],
    ids=[row[0] for row in UNREADABLE],
)
def test_read_refuses_by_name(
    tmp_path: Path,
    make: Callable[[Path], object],
    name: str,
    error: type[files.UnreadableFile],
    kind: str,
    reason: str,
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    make(root)
    with pytest.raises(error) as caught:
        files.read_regular_file(root / name, root=root, limit=LIMIT)
    assert (caught.value.kind, caught.value.path) == (kind, root / name)
    assert reason in caught.value.reason
    assert caught.value.message == f"{root / name} can't be read: {caught.value.reason}."


def test_read_refuses_a_device() -> None:
    with pytest.raises(files.NotRegularFile, match="a device"):
        files.read_regular_file(Path("/dev/zero"), root=Path("/dev"), limit=LIMIT)


def test_read_never_takes_more_than_the_limit_from_a_file_that_hides_its_size() -> None:
    # Files under /proc say they hold 0 bytes.
    with pytest.raises(files.FileTooLarge):
        files.read_regular_file(Path("/proc/self/status"), root=Path("/proc/self/"), limit=10)


def test_read_reports_what_the_system_says_while_reading() -> None:
    # Reading a process's memory from address 0 fails with EIO.
    with pytest.raises(files.UnreadableFile, match="Input/output error") as caught:
        files.read_regular_file(Path("/proc/self/mem"), root=Path("/proc/self/"), limit=10)
    assert caught.value.kind == "failed"


def test_read_refuses_a_forbidden_file(open_folder: Path) -> None:
    (open_folder / "it").write_bytes(b"x")
    (open_folder / "it").chmod(0)
    code = (
        "import sys; from pathlib import Path; from okr import files\n"
        "try: files.read_regular_file(Path(sys.argv[1]) / 'it', root=Path(sys.argv[1]), limit=9)\n"
        "except files.FileForbidden as error: print(error.kind, error.remedy)"
    )
    done = run_python(code, open_folder, ordinary=True)
    assert (done.stdout, done.stderr) == ("permission Ask for permission to read it and its folders.\n", "")


# --- replacing


def test_replace_writes_all_bytes_and_keeps_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "-log é.yaml"
    file.write_bytes(b"old\r\n")
    file.chmod(0o640)
    files.replace_file(file, b"new\r\n" * 1000, expected=b"old\r\n")
    assert file.read_bytes() == b"new\r\n" * 1000
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert names(tmp_path) == ["-log é.yaml"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may give a file away")
def test_replace_keeps_owner_and_group(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"old")
    os.chown(file, 1234, 2345)
    file.chmod(0o2664)
    files.replace_file(file, b"new", expected=b"old")
    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o2664)


def test_replace_of_a_file_of_somebody_else_works_without_the_right_to_give_it_back(
    open_folder: Path,
) -> None:
    file = open_folder / "log"
    file.write_bytes(b"old")
    file.chmod(0o666)
    code = (
        "import sys; from pathlib import Path; from okr import files\n"
        "files.replace_file(Path(sys.argv[1]), b'new', expected=b'old')"
    )
    done = run_python(code, file, ordinary=True)
    assert (done.returncode, done.stderr, file.read_bytes()) == (0, "", b"new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o666


def test_replace_writes_the_target_of_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "log"
    target.write_bytes(b"old")
    link = tmp_path / "log"
    link.symlink_to("real/log")
    files.replace_file(link, b"new", expected=b"old", root=tmp_path)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names(tmp_path / "real") == ["log"]


def test_replace_refuses_a_link_out(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_bytes(b"old")
    (root / "log").symlink_to("../secret")
    for inside in (root, None):
        with pytest.raises(files.FileOutside):
            files.replace_file(root / "log", b"new", expected=b"old", root=inside)
    assert (tmp_path / "secret").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(lambda p: p.write_bytes(b"other"), files.FileChanged, id="other content"),
        pytest.param(lambda p: p.write_bytes(b"OLD"), files.FileChanged, id="same size"),
        pytest.param(lambda _: None, files.FileChanged, id="gone"),
        pytest.param(lambda p: p.symlink_to("nowhere"), files.MissingFile, id="dangling link"),
        pytest.param(lambda p: p.symlink_to(p), files.LinkLoop, id="loop"),
        pytest.param(lambda p: p.mkdir(), files.NotRegularFile, id="folder"),
        pytest.param(os.mkfifo, files.NotRegularFile, id="pipe"),
    ],
)
def test_replace_refuses_what_is_not_as_it_was_read(
    tmp_path: Path, make: Callable[[Path], object], error: type[OkrError]
) -> None:
    file = tmp_path / "log"
    make(file)
    before = names(tmp_path)
    with pytest.raises(error):
        files.replace_file(file, b"new", expected=b"old")
    assert names(tmp_path) == before


def test_a_changed_file_gets_a_remedy_and_keeps_its_content(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"theirs")
    with pytest.raises(files.FileChanged) as caught:
        files.replace_file(tmp_path / "log", b"new", expected=b"old")
    assert caught.value.message == (
        f"{tmp_path / 'log'} was changed by somebody else meanwhile; nothing was written."
    )
    assert caught.value.remedy == "Repeat the command."
    assert (tmp_path / "log").read_bytes() == b"theirs"


def test_replace_with_nothing_expected_makes_the_file_once(tmp_path: Path) -> None:
    files.replace_file(tmp_path / "log", b"1", expected=None)
    with pytest.raises(files.FileChanged, match="exists already"):
        files.replace_file(tmp_path / "log", b"2", expected=None)
    assert (tmp_path / "log").read_bytes() == b"1"


def test_a_read_only_file_is_refused_also_for_the_superuser(tmp_path: Path) -> None:
    file = tmp_path / "the log"
    file.write_bytes(b"old")
    file.chmod(0o444)
    with pytest.raises(files.ReadOnlyFile, match="is read-only") as caught:
        files.replace_file(file, b"new", expected=b"old")
    assert caught.value.remedy == f"Allow writing: chmod u+w '{file}'"
    assert file.read_bytes() == b"old"


def test_a_read_only_folder_is_refused(open_folder: Path) -> None:
    (open_folder / "log").write_bytes(b"old")
    (open_folder / "log").chmod(0o666)
    open_folder.chmod(0o555)
    code = (
        "import sys; from pathlib import Path; from okr import files, locks\n"
        "for name, expected in (('log', b'old'), ('new', None), ('sub/new', None)):\n"
        "    try: files.replace_file(Path(sys.argv[1]) / name, b'new', expected=expected)\n"
        "    except files.ReadOnlyFile as error: print(error.message, error.remedy)\n"
        "try:\n"
        "    with locks.locked(Path(sys.argv[1]) / 'lock', timeout=0): print('locked')\n"
        "except files.ReadOnlyFile as error: print(error.message)\n"
    )
    done = run_python(code, open_folder, ordinary=True)
    said = "was not written: permission denied. Allow writing to the folder"
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"{open_folder}/log {said} {open_folder}.",
        f"{open_folder}/new {said} {open_folder}.",
        f"{open_folder}/sub/new {said} {open_folder}/sub.",
        f"{open_folder}/lock was not written: permission denied.",
    ]
    assert names(open_folder) == ["log"]
    assert (open_folder / "log").read_bytes() == b"old"


LIMITED = (
    "import resource, sys; from pathlib import Path; from okr import files\n"
    "before = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))\n"
    "expected = b'old' if sys.argv[2] == 'replace' else None\n"
    "try: files.replace_file(Path(sys.argv[1]), b'x' * 10_000, expected=expected)\n"
    "except files.DiskFull as error: print(error.message, error.remedy)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, before)\n"
)


def test_a_limit_on_file_size_leaves_the_original(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"old")
    done = run_python(LIMITED, file, "replace")
    remedy = "Raise the limit on file size (`ulimit -f`), then repeat the command."
    said = f"{file} was not written: it would pass the limit on file size. {remedy}\n"
    assert (done.stdout, done.stderr) == (said, "")
    assert file.read_bytes() == b"old"
    assert names(tmp_path) == ["log"]


def test_a_limit_on_file_size_leaves_no_new_file_and_no_new_folder(tmp_path: Path) -> None:
    done = run_python(LIMITED, tmp_path / "a" / "b" / "log", "new")
    assert "limit on file size" in done.stdout
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError) as caught:
        full.write(b"x")
    error = file_errors.unwritable(tmp_path / "log", caught.value)
    assert isinstance(error, files.DiskFull)
    assert error.message == f"{tmp_path / 'log'} was not written: the disk is full."
    assert error.remedy == "Free some space (or ask for a larger quota), then repeat the command."


def test_a_read_only_file_system_is_named(tmp_path: Path) -> None:
    error = file_errors.unwritable(tmp_path / "log", OSError(errno.EROFS, os.strerror(errno.EROFS)))
    assert isinstance(error, files.ReadOnlyFile)
    assert error.remedy == "Mount it for writing."


def test_a_process_killed_while_writing_leaves_the_original(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"old")
    code = (
        "import os, signal, sys; from pathlib import Path; from okr import files\n"
        "def die(event, arguments):\n"
        "    if event == 'os.rename': os.kill(os.getpid(), signal.SIGKILL)\n"
        "sys.addaudithook(die)\n"
        "files.replace_file(Path(sys.argv[1]), b'new', expected=b'old')\n"
    )
    assert run_python(code, file).returncode == -9
    assert file.read_bytes() == b"old"
    [leftover] = [name for name in names(tmp_path) if name != "log"]
    assert re.fullmatch(r"\.okr-tmp-[0-9a-f]{16}", leftover)
    files.replace_file(file, b"2", expected=b"old")
    assert leftover in names(tmp_path)  # young: it may be another process's
    old = time.time() - files.LEFTOVER_AGE - 10
    os.utime(tmp_path / leftover, (old, old))
    files.replace_file(file, b"3", expected=b"2")
    assert names(tmp_path) == ["log"]


def test_an_interrupt_while_writing_leaves_the_original(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"old")
    code = (
        "import sys; from pathlib import Path; from okr import files\n"
        "def stop(event, arguments):\n"
        "    if event == 'os.rename': raise KeyboardInterrupt\n"
        "sys.addaudithook(stop)\n"
        "try: files.replace_file(Path(sys.argv[1]), b'new', expected=b'old')\n"
        "except KeyboardInterrupt: print('stopped')\n"
    )
    done = run_python(code, file)
    assert (done.stdout, file.read_bytes(), names(tmp_path)) == ("stopped\n", b"old", ["log"])


INTRUDER = (
    "import sys; from pathlib import Path; from okr import files\n"
    "file, action = Path(sys.argv[1]), sys.argv[2]\n"
    "def intrude(event, arguments):\n"
    "    global action\n"
    "    opening = event == 'open' and '.okr-tmp-' in str(arguments[0])\n"
    "    if opening and action in ('change', 'remove'):\n"
    "        now, action = action, ''\n"
    "        file.write_bytes(b'theirs') if now == 'change' else file.unlink()\n"
    "    if event == 'os.link' and action == 'make':\n"
    "        action = ''; file.write_bytes(b'theirs')\n"
    "sys.addaudithook(intrude)\n"
    "try: files.replace_file(file, b'new', expected=None if action == 'make' else b'old')\n"
    "except files.FileChanged as error: print(error.message)\n"
)


@pytest.mark.parametrize(
    ("action", "message", "after"),
    [
        ("change", "was changed by somebody else meanwhile; nothing was written.", ["log"]),
        ("remove", "was changed by somebody else meanwhile; nothing was written.", []),
        ("make", "exists already; nothing was overwritten.", ["log"]),
    ],
)
def test_what_somebody_does_between_check_and_write_wins(
    tmp_path: Path, action: str, message: str, after: list[str]
) -> None:
    file = tmp_path / "log"
    if action != "make":
        file.write_bytes(b"old")
    done = run_python(INTRUDER, file, action)
    assert (done.stdout, done.stderr) == (f"{file} {message}\n", "")
    assert names(tmp_path) == after
    assert not after or file.read_bytes() == b"theirs"


@pytest.mark.parametrize("expected", [b"old", None], ids=["replaced", "new"])
def test_what_reads_back_otherwise_is_reported(tmp_path: Path, expected: bytes | None) -> None:
    file = tmp_path / "log"
    if expected is not None:
        file.write_bytes(expected)
    code = (
        "import os, sys; from pathlib import Path; from okr import files\n"
        "file, seen = Path(sys.argv[1]), []\n"
        "def spoil(event, arguments):\n"
        "    seen.append(event) if event in ('os.rename', 'os.link') else None\n"
        "    if event == 'open' and arguments[0] == str(file.parent) and seen and not seen.count('done'):\n"
        "        seen.append('done'); file.write_bytes(b'spoilt')\n"
        "sys.addaudithook(spoil)\n"
        "try: files.replace_file(file, b'new', expected=b'old' if sys.argv[2] == 'True' else None)\n"
        "except files.WriteNotVerified as error: print(error.message, error.remedy)\n"
    )
    done = run_python(code, file, expected is not None)
    assert (done.stdout, done.stderr) == (
        f"{file} does not hold what was just written to it. Look at the file before you go on.\n",
        "",
    )


# --- new files


def test_a_new_file_gets_its_folders_and_the_usual_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.write_new_file(tmp_path / "a" / "b c" / "log", b"x", root=tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b c" / "log").read_bytes() == b"x"
    assert stat.S_IMODE((tmp_path / "a" / "b c" / "log").stat().st_mode) == 0o640
    assert (tmp_path / "a" / "b c" / "log").stat().st_nlink == 1
    assert names(tmp_path / "a" / "b c") == ["log"]


def test_a_new_file_never_overwrites_not_even_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to("nowhere")
    with pytest.raises(files.FileChanged) as caught:
        files.write_new_file(tmp_path / "log", b"x")
    assert caught.value.remedy == "Move it away, or choose another name."
    assert names(tmp_path) == ["log"]


def test_a_new_file_stays_within_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    with pytest.raises(files.FileOutside):
        files.write_new_file(root / "out" / "sub" / "log", b"x", root=root)
    assert names(tmp_path) == ["root"]


def test_a_new_file_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(files.UnwritableFile, match="Not a directory"):
        files.write_new_file(tmp_path / "a" / "b" / "log", b"x")
    with pytest.raises(files.UnwritableFile, match="Not a directory"):
        files.write_new_file(tmp_path / "a" / "log", b"x")


def test_a_new_file_on_a_file_system_without_hard_links_is_written_whole_or_not_at_all(
    tmp_path: Path,
) -> None:
    code = (
        "import errno, resource, sys; from pathlib import Path; from okr import files\n"
        "file, size = Path(sys.argv[1]), int(sys.argv[2])\n"
        "def refuse(event, arguments):\n"
        "    if event != 'os.link': return\n"
        "    if size == 2: file.write_bytes(b'theirs')\n"
        "    if size > 2: resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, before[1]))\n"
        "    raise OSError(errno.EPERM, 'no hard links here')\n"
        "sys.addaudithook(refuse)\n"
        "before = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "try: files.write_new_file(file, b'x' * size)\n"
        "except files.UnwritableFile as error: print(type(error).__name__)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, before)\n"
    )
    file = tmp_path / "log"
    assert run_python(code, file, 10_000).stdout == "DiskFull\n"
    assert names(tmp_path) == []
    assert run_python(code, file, 1).stdout == ""
    assert (names(tmp_path), file.read_bytes()) == (["log"], b"x")
    file.unlink()
    assert run_python(code, file, 2).stdout == "FileChanged\n"
    assert (names(tmp_path), file.read_bytes()) == (["log"], b"theirs")

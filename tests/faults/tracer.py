"""Runs a module, counts the system calls with which it and its children change a folder, and strikes at one of them.

A small tracer on Linux's `ptrace`, in a process of its own: a test calls it through `tests.faults.striking`. It
needs no package; where `ptrace` is forbidden or the processor is another one, it says so with the exit status 77.

    python -m tests.faults.tracer REPORT FOLDER AT DEED MODULE ARGUMENTS...

REPORT gets JSON: the exit status of the module's process, and the calls in their order. AT counts from 1; 0 strikes never.
DEED is `kill` (all processes die before the call), `kill-one` (the one that calls does), `interrupt` (Ctrl-C: all get SIGINT), or the name of an error
such as `ENOSPC` (the call fails with it).
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import signal
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.forking import run_module

UNABLE = 77

_TRACEME, _POKEUSER, _CONT, _SETOPTIONS, _GET_SYSCALL_INFO = 0, 6, 7, 0x4200, 0x420E
_OPTIONS = 0x02 | 0x04 | 0x08 | 0x10 | 0x80 | 0x100000  # follow fork, vfork, clone, exec; filter; die with us
_EVENT_SECCOMP = 7
_WALL = 0x40000000
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2
_LOAD_NUMBER, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _TELL_TRACER = 0x7FFF0000, 0x7FF00000
_AT_FDCWD = 0xFFFFFF9C
_ORIG_RAX, _RAX = 15 * 8, 10 * 8
_WRITING_OPEN = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# Number → name and how its first arguments name the file: f a descriptor, p a path, d a descriptor of a folder.
_X86_64 = {
    1: ("write", "f"), 18: ("pwrite64", "f"), 20: ("writev", "f"), 2: ("open", "p"), 257: ("openat", "dp"),
    82: ("rename", "pp"), 264: ("renameat", "dpdp"), 316: ("renameat2", "dpdp"), 86: ("link", "pp"),
    265: ("linkat", "dpdp"), 87: ("unlink", "p"), 263: ("unlinkat", "dp"), 83: ("mkdir", "p"),
    258: ("mkdirat", "dp"), 84: ("rmdir", "p"), 74: ("fsync", "f"), 75: ("fdatasync", "f"),
    76: ("truncate", "p"), 77: ("ftruncate", "f"), 90: ("chmod", "p"), 91: ("fchmod", "f"),
    268: ("fchmodat", "dp"), 93: ("fchown", "f"), 88: ("symlink", "-p"), 266: ("symlinkat", "-dp"),
    280: ("utimensat", "dp"), 326: ("copy_file_range", "--f"), 40: ("sendfile", "f"), 285: ("fallocate", "f"),
}  # fmt: skip
_AARCH64 = {
    64: ("write", "f"), 68: ("pwrite64", "f"), 66: ("writev", "f"), 56: ("openat", "dp"), 38: ("renameat", "dpdp"),
    276: ("renameat2", "dpdp"), 37: ("linkat", "dpdp"), 35: ("unlinkat", "dp"), 34: ("mkdirat", "dp"),
    82: ("fsync", "f"), 83: ("fdatasync", "f"), 45: ("truncate", "p"), 46: ("ftruncate", "f"), 52: ("fchmod", "f"),
    53: ("fchmodat", "dp"), 55: ("fchown", "f"), 36: ("symlinkat", "-dp"), 88: ("utimensat", "dp"),
    285: ("copy_file_range", "--f"), 71: ("sendfile", "f"), 47: ("fallocate", "f"),
}  # fmt: skip
_TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long


def ptrace(request: int, pid: int, address: int = 0, data: int = 0) -> int:
    """One call of `ptrace`; raises `OSError` where it fails."""
    result: int = _libc.ptrace(request, pid, address, data)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


@dataclass
class Trace:
    """What is known while the command runs."""

    folder: str
    strike_at: int
    deed: str
    root: int
    calls: list[str] = field(default_factory=list)
    status: int = 0
    known: set[int] = field(default_factory=set)

    def follow(self) -> None:
        """Follows all processes to their ends."""
        self.known.add(self.root)
        resume(self.root)
        while self.known:
            try:
                pid, status = os.waitpid(-1, _WALL)
            except ChildProcessError:
                return
            if os.WIFSTOPPED(status):
                self.stopped(pid, os.WSTOPSIG(status), status >> 16)
            else:
                self.known.discard(pid)
                if pid == self.root:
                    self.status = os.waitstatus_to_exitcode(status)

    def stopped(self, pid: int, signal_number: int, event: int) -> None:
        """Sends a stopped process on, after a look at what it is about to do."""
        deliver = 0
        if event == _EVENT_SECCOMP:
            self.at_call(pid)
        elif event == 0 and not (signal_number == signal.SIGSTOP and pid not in self.known):
            deliver = signal_number
        self.known.add(pid)
        resume(pid, deliver)

    def at_call(self, pid: int) -> None:
        """Counts a call that writes, and strikes where it is the one."""
        buffer = ctypes.create_string_buffer(128)
        try:
            ptrace(_GET_SYSCALL_INFO, pid, len(buffer), ctypes.addressof(buffer))
        except OSError:  # it has been killed meanwhile
            return
        number, *arguments = struct.unpack_from("<7Q", buffer.raw, 24)
        call = self.described(pid, number, arguments)
        if call is None:
            return
        self.calls.append(call)
        if len(self.calls) == self.strike_at:
            self.strike(pid)

    def strike(self, pid: int) -> None:
        """Does the deed."""
        if self.deed == "kill":
            os.killpg(self.root, signal.SIGKILL)
            for other in self.known:
                os.kill(other, signal.SIGKILL)
        elif self.deed == "kill-one":
            os.kill(pid, signal.SIGKILL)
        elif self.deed == "interrupt":
            os.killpg(self.root, signal.SIGINT)
        else:
            ptrace(_POKEUSER, pid, _ORIG_RAX, -1)
            ptrace(_POKEUSER, pid, _RAX, -getattr(errno, self.deed))

    def described(self, pid: int, number: int, arguments: list[int]) -> str | None:
        """The program, the call and its files, where it changes the folder; else None."""
        found = _TABLES[platform.machine()].get(number)
        if found is None:
            return None
        name, shape = found
        if name in {"open", "openat"} and not arguments[shape.index("p") + 1] & _WRITING_OPEN:
            return None
        base = str(Path(f"/proc/{pid}/cwd").readlink())
        paths = []
        for kind, argument in zip(shape, arguments, strict=False):
            if kind == "f":
                paths.append(descriptor(pid, argument))
            elif kind == "d" and argument & 0xFFFFFFFF != _AT_FDCWD:
                base = descriptor(pid, argument)
            elif kind == "p":
                paths.append(os.path.join(base, string_at(pid, argument)))  # noqa: PTH118 # no path on this side
                base = str(Path(f"/proc/{pid}/cwd").readlink())
        within = [path for path in paths if path == self.folder or path.startswith(self.folder + "/")]
        if not within:
            return None
        program = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
        return f"{program}: {name} " + " ".join(path.removeprefix(self.folder + "/") for path in within)


def resume(pid: int, deliver: int = 0) -> None:
    """Lets a process go on to its next call that may write."""
    try:
        ptrace(_CONT, pid, 0, deliver)
    except ProcessLookupError:  # it has been killed meanwhile
        return


def descriptor(pid: int, number: int) -> str:
    """The path of an open file."""
    try:
        return str(Path(f"/proc/{pid}/fd/{number & 0xFFFFFFFF}").readlink())
    except OSError:
        return ""


def string_at(pid: int, address: int) -> str:
    """A path in a process's memory."""
    text = b""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        while b"\0" not in text and len(text) < 4096:
            memory.seek(address + len(text))
            text += memory.read(min(256, 4096 - (address + len(text)) % 4096))
    return os.fsdecode(text.partition(b"\0")[0])


def start() -> int:
    """Forks a process that is traced from now on, in a process group of its own, as in a shell; there it gives 0."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, os.WUNTRACED)
        ptrace(_SETOPTIONS, pid, 0, _OPTIONS)
        return pid
    try:
        os.setpgid(0, 0)
        ptrace(_TRACEME, 0)
        filter_calls()
        os.kill(os.getpid(), signal.SIGSTOP)
    except OSError:
        os._exit(UNABLE)
    return 0


def filter_calls() -> None:
    """Makes the kernel stop this process and its children at the calls of the table, and at no others."""
    numbers = list(_TABLES[platform.machine()])
    steps = [(_LOAD_NUMBER, 0, 0, 0)]
    steps += [(_JUMP_IF_EQUAL, len(numbers) - index, 0, number) for index, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _TELL_TRACER)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or _libc.prctl(
        _PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_void_p(ctypes.addressof(program)), 0, 0
    ):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def main(report: str, folder: str, at: str, deed: str, module: str, *arguments: str) -> int:
    """Runs a module and writes the report."""
    if platform.machine() not in _TABLES:
        sys.stderr.write(f"The tracer knows no system calls of {platform.machine()}.\n")
        return UNABLE
    try:
        pid = start()
    except OSError as error:
        sys.stderr.write(f"Processes can't be traced here: {error}.\n")
        return UNABLE
    if pid == 0:
        run_module(module, *arguments)
        return 0
    trace = Trace(os.path.realpath(folder), int(at), deed, pid)
    trace.follow()
    Path(report).write_text(json.dumps({"status": trace.status, "calls": trace.calls}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

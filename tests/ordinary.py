"""A piece of Python in a process of its own, as an ordinary user even where the tests run as root."""

from __future__ import annotations

import subprocess
import sys

ORDINARY = """
import os
from okr import files, locks  # all that is needed: nobody may not read the interpreter's folder
superuser = os.geteuid() == 0
groups = os.getgroups()
if superuser:
    os.setgroups([])
    os.setresgid(65534, 65534, 0)
    os.setresuid(65534, 65534, 0)
try:
    exec(CODE)
finally:
    if superuser:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)
"""


def run_python(code: str, *arguments: object, ordinary: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own, as an ordinary user even where the tests run as root."""
    if ordinary:
        code = ORDINARY.replace("CODE", repr(code))
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )

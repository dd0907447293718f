"""`python -m okr`, and the command `okr`: begins without collecting garbage, of which imports make none."""

from __future__ import annotations

import gc
import os
import sys

from okr.early import begin
from okr.plainly import answered_plainly

_INTERRUPTED = 130


def main() -> None:
    """Runs the command line and ends the process with its exit status."""
    gc.disable()  # see `okr.cli.main`
    _open_closed_streams()
    try:
        begin(sys.argv[1:])
        status = answered_plainly(sys.argv[1:])
        if status is not None:
            from okr.commands.running import leave

            leave(status)
        from okr.cli import main as run
    except KeyboardInterrupt:  # as `okr/commands/running.py` has it, which isn't there yet
        sys.stderr.write("Interrupted.\n")
        sys.exit(_INTERRUPTED)
    run()


def _open_closed_streams() -> None:
    """Lets standard streams that are closed lead nowhere: else the next file opened takes their place, and git writes into it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere == number:
                os.set_inheritable(nowhere, True)
            else:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 # as Python's own


if __name__ == "__main__":
    main()

"""`python -m okr`, and the command `okr`: begins without collecting garbage, of which imports make none."""

from __future__ import annotations

import gc
import sys

from okr.early import begin


def main() -> None:
    """Runs the command line and ends the process with its exit status."""
    gc.disable()  # see `okr.cli.main`
    begin(sys.argv[1:])
    from okr.cli import main as run

    run()


if __name__ == "__main__":
    main()

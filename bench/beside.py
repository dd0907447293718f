"""What okr is measured beside: the C parser's bare events over some files, and a workspace loaded and nothing else.

Usage: python bench/beside.py events FOLDER | load FOLDER
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path


def events(folder: Path) -> None:
    """Takes every event of every plan and log from the C parser, and does nothing with it."""
    from _ruamel_yaml import CParser
    from ruamel.yaml.events import StreamEndEvent

    for path in (*folder.glob("okrs/*/*.yaml"), *folder.glob("checkins/*/*.yaml")):
        parser = CParser(path.read_bytes())
        while type(parser.get_event()) is not StreamEndEvent:
            pass


def load(folder: Path) -> None:
    """Reads every file of a workspace as okr does, and every record in its logs."""
    from datetime import date

    from okr.sources import Folder
    from okr.workspace import Workspace

    gc.disable()  # as `okr` does
    workspace = Workspace(Folder(folder), as_of=date(2026, 12, 28), title="")
    workspace.load_everything()
    for cycle in workspace.cycles:
        for log in workspace.logs(cycle):
            _ = log.records  # they are read when they are first asked for


if __name__ == "__main__":
    {"events": events, "load": load}[sys.argv[1]](Path(sys.argv[2]))

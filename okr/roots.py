"""What the files and folders of a workspace are called, and where one begins: the nearest folder upwards with an okr.yaml.

It imports nothing, for okr begins with it.
"""

from __future__ import annotations

import os

SETTINGS = "okr.yaml"
ORG = "org.yaml"
KPIS = "kpis.yaml"
PLANS = "okrs"
LOGS = "checkins"
KPI_LOG = f"{LOGS}/{KPIS}"
CYCLE_FACTS = "cycle.yaml"
ATTRIBUTES = ".gitattributes"


def workspace_above(folder: str) -> str | None:
    """The workspace that a folder lies in; None where it lies in none.

    Args:
        folder: its whole path, links not followed.
    """
    above = None
    while folder != above:
        if os.path.lexists(os.path.join(folder, SETTINGS)):  # noqa: PTH118 # pathlib takes long to import
            return folder
        above, folder = folder, os.path.dirname(folder)  # noqa: PTH120 # likewise
    return None

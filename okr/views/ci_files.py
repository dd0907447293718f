"""What `okr init --ci` made, as text, and what is left for a person to do."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from okr.views.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.ci_files import CiFiles


def show_ci_files(files: CiFiles, here: Path) -> None:
    """Writes which file was made or kept, named as seen from the folder `here`, and what to look at in it."""
    name = os.path.relpath(files.top / files.path, here)
    if files.made:
        lines = [
            f"Made {name} for CI; add it to your commit.",
            f"  CI installs {files.requirement}: change that where your okr comes from elsewhere.",
        ]
    else:
        lines = [f"Kept {name} as it was; docs/ci.md of okr says what it needs."]
    if files.made and files.include:
        lines.append(f"  {files.include} was there already; add to it:  include: [{{local: /{files.path}}}]")
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))

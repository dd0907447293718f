"""What `okr schema --write` wrote, as text, and how a plan names its schema."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from okr.views.text import printable

if TYPE_CHECKING:
    from pathlib import Path


def show_written(paths: tuple[Path, ...], here: Path) -> None:
    """Writes which files hold the schemas now, as seen from the folder `here`, and what to do with them."""
    lines = [f"Wrote {os.path.relpath(path, here)}" for path in paths]
    lines.append(
        "An editor finds a file's schema by the path in the file's first line, from the file's own folder:"
    )
    lines.append("  # yaml-language-server: $schema=PATH")
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))

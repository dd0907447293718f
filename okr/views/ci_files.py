"""What `okr init --ci` made, as text, and what is left for a person to do."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from okr.views.text import folded, printable

if TYPE_CHECKING:
    from pathlib import Path

    from okr.operations.planning.paperwork import Paperwork
    from okr.operations.starting.ci_files import CiFiles


_WIDTH = 80


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


def show_pages_files(files: CiFiles, here: Path) -> None:
    """Writes which file publishes the pages, and who has to say who may read them."""
    name = os.path.relpath(files.top / files.path, here)
    lines = [f"Kept {name} as it was; docs/ci.md of okr says what it needs."]
    if files.made:
        lines = [
            f"Made {name}, which publishes the report as a site; add it to your commit.",
            "  Who may read the site is set where the repository is hosted: look before you push.",
        ]
        if files.include:
            lines.append(f"  Add to {files.include}:  include: [{{local: /{files.path}}}]")
    sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))


def show_paperwork(paperwork: Paperwork, here: Path) -> None:
    """Writes what was made of the paperwork, named as seen from the folder `here`, and what is left to do."""
    sys.stdout.write("".join(f"{printable(line)}\n" for line in paperwork_lines(paperwork, here)))


def paperwork_lines(paperwork: Paperwork, here: Path) -> list[str]:
    """The same as lines, not yet made printable."""
    lines = [
        f"{word} {os.path.relpath(paperwork.top / path, here)}"
        for word, paths in (
            ("Made", paperwork.made),
            ("Brought up to date", paperwork.updated),
            ("Kept as it was", paperwork.kept),
        )
        for path in paths
    ]
    if paperwork.nobody:
        told = (
            f"  Nobody is asked to review the plans of {', '.join(paperwork.nobody)}: org.yaml has no lead with an "
            "e-mail address for them. Add one, then type this again."
        )
        lines += folded(printable(told), _WIDTH)
    if paperwork.include is not None and ".gitlab/okr-plan.yml" in paperwork.made:
        lines.append(f"  Add to {paperwork.include}:  include: [{{local: /.gitlab/okr-plan.yml}}]")
    return lines

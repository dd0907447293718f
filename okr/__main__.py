"""`python -m okr`: the same as the command `okr`."""

from __future__ import annotations

from okr.cli import main

main()

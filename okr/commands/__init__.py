"""The commands, one module each: reads arguments, calls one operation, hands the result to a view.

Each module holds a Typer app named `app`; `registry.py` says which command lives where.
"""

from __future__ import annotations

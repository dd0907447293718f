"""The rules: what `okr validate` checks, one small function each, by family.

`catalogue.py` says what a rule is, `engine.py` runs them; every other module here holds one family.
"""

from __future__ import annotations

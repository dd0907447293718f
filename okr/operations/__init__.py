"""What okr does: one module an operation, plain functions with plain results.

Operations decide and change; they never print. Arguments come from `commands`, results go to `views`.
"""

from __future__ import annotations

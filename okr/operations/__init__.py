"""What okr does: one module an operation, a package for each subject that takes several; plain functions, plain results.

Operations decide and change; they never print. Arguments come from `commands`, results go to `views`. What stands beside
the packages is used by several of them, or is a subject by itself; pyproject.toml says which package may import which.
"""

from __future__ import annotations

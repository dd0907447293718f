"""okr: Objectives and Key Results kept as YAML files in a git repository."""

from __future__ import annotations

__version__ = "0.1.0"

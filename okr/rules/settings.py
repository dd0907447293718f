"""OKR610: whether what okr.yaml sets is there to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.diagnostics import Finding
from okr.documents import LocatedMapping
from okr.model import quoted
from okr.rules.catalogue import catalogue, rule, rules_by_name
from okr.rules.lookup import did_you_mean
from okr.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    "OKR610", "unknown-rule", Workspace,
    why="A rule that is silenced under a misspelt name goes on speaking, and one that is made strict stays lax.",
    remedy="Name a rule by its code or its name, or a whole family, such as OKR4xx.",
)  # fmt: skip
def unknown_rule(workspace: Workspace, _: Workspace) -> Iterator[Finding]:
    """Every rule that okr.yaml sets exists."""
    settings = workspace.settings_file
    rules = settings.source.data.get("rules") if settings else None
    if settings is None or not isinstance(rules, LocatedMapping):
        return
    families = {each.code[:4] for each in catalogue()}
    known = {*rules_by_name(), *families, *(f"{family}xx" for family in families)}
    for key in settings.definition.rules:
        if key not in known:
            hint = did_you_mean(key, known, otherwise="`okr validate` shows each finding's rule")
            yield Finding(settings.source.path, rules.keys_at[key], f"there is no rule {quoted(key)}", hint)

"""Whether a note of a check-in speaks of something in the way, in English or French.

A reading of words, not of meaning: it leans towards showing a note too many, for people to judge.
"""

from __future__ import annotations

import re

_WORDS = (
    # English
    r"block(?:s|ed|er|ers|ing)?", r"stuck", r"stalled", r"stopped", r"on hold", r"held up", r"waiting (?:for|on)",
    r"waits? (?:for|on)", r"depends? on", r"delay(?:s|ed)?", r"late", r"behind schedule", r"slipp(?:ed|ing)",
    r"impediments?", r"obstacles?", r"issues?", r"problems?", r"risks?", r"trouble", r"outages?", r"incidents?",
    r"short[- ]staffed", r"understaffed", r"(?:can ?not|can.?t|could ?n.?t|unable to)", r"need(?:s)? (?:help|a decision)",
    r"no (?:budget|time|capacity|answer|access)", r"missing", r"sick", r"resigned", r"hiring freeze",
    # French
    r"bloqu\w+", r"blocages?", r"en attente", r"attend(?:ons|re|ent|s)?", r"en retard", r"retards?", r"retard\w+",
    r"repouss\w+", r"report(?:é|ée|és|ées)", r"à l.arrêt", r"en panne", r"panne", r"obstacles?", r"problèmes?",
    r"risques?", r"difficultés?", r"manqu\w+", r"absent\w*", r"malade", r"impossible",
    r"(?:pas|plus) de (?:budget|temps|réponse|place|accès)", r"besoin d.aide",
)  # fmt: skip
_BLOCKED = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE)
_DENIED = re.compile(
    r"(?<!\w)(?:no longer|not|never|un|no|without|plus|pas de|aucun\w*|sans)[ -]+(?:\w+ )?$", re.IGNORECASE
)


def names_blocker(note: str) -> bool:
    """Whether a note speaks of something in the way; `no longer blocked` and « plus de retard » do not."""
    return any(not _DENIED.search(note, 0, found.start()) for found in _BLOCKED.finditer(note))

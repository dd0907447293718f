"""What the wording rules read in titles besides numbers, in English and in French: tasks, and units. No rules here.

Where it can't be told, a word is no task: `launch` before `the` is one, in “launch party” it is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from okr.patterns import pattern
from okr.rules.words import folded

if TYPE_CHECKING:
    from okr.quantities import Language

_AN_OBJECT = r"(?= (?:a|an|the|our|all|its|their|new|one|two|three|four|five|\d+)\b)"

# What is done once and then is over: a list of such words is a list of tasks.
_TASKS = {
    "en": (
        r"(?:writ(?:e|ing)|publish(?:ing)?|organi[sz](?:e|ing)|implement(?:ing)?|deploy(?:ing)?|migrat(?:e|ing)"
        r"|set(?:ting)? up|roll(?:ing)? out|hir(?:e|ing)|recruit(?:ing)?|redesign(?:ing)?|rewrit(?:e|ing)"
        r"|refactor(?:ing)?|install(?:ing)?|draft(?:ing)?|conduct(?:ing)?|schedul(?:e|ing)|launching|releasing"
        r"|finali[sz](?:e|ing)|updat(?:e|ing)"
        rf"|(?:launch|release|ship|document|plan|hold|design|train){_AN_OBJECT}|(?:launch|implementation|migration) of)\b"
    ),
    "fr": (
        r"(?:lancer|ecrire|rediger|publier|organiser|mettre en (?:place|œuvre|oeuvre|ligne|service)|deployer|migrer"
        r"|recruter|embaucher|refondre|reecrire|installer|planifier|documenter|programmer|former|sensibiliser|animer"
        r"|accompagner|finaliser|actualiser|mettre a jour"
        r"|(?:mise en (?:place|œuvre|oeuvre|ligne|service)|mise a jour|lancement|redaction|organisation|deploiement"
        r"|recrutement|migration|finalisation|formation|animation|refonte|publication)"
        r" (?:de|du|des|d['’]))\b"
    ),
}
# What may also be said of something that lasts: build trust, create value.
_PERHAPS_TASKS = {
    "en": (
        r"(?:build(?:ing)?|creat(?:e|ing)|develop(?:ing)?|produc(?:e|ing)|prepar(?:e|ing)|introduc(?:e|ing)"
        r"|defin(?:e|ing)|deliver(?:ing)?|investigat(?:e|ing)|analy[sz](?:e|ing)|evaluat(?:e|ing)|automat(?:e|ing))\b"
    ),
    "fr": (
        r"(?:construire|creer|developper|produire|preparer|introduire|definir|livrer|concevoir|elaborer|realiser"
        r"|analyser|etudier|evaluer|automatiser|(?:creation|developpement|preparation|realisation|livraison)"
        r" (?:de|du|des|d['’]))\b"
    ),
}
_BETWEEN = {
    "en": pattern(r"\s*[,;+&/]\s*(?:and |then )?| (?:and(?: then)?|then|as well as) "),
    "fr": pattern(r"\s*[,;+&/]\s*(?:et |puis )?| (?:et(?: puis)?|puis|ainsi que) "),
}
_UNIT = {
    "en": pattern(r"(?<!\w)[%‰€£$](?!\w)|\b(?:percent(?:age)?|per cent)\b"),
    "fr": pattern(r"(?<!\w)[%‰€£$](?!\w)|\b(?:pour cent|pourcentage)\b"),
}


@cache
def _task(language: Language, *, surely: bool = False) -> re.Pattern[str]:
    """The words for tasks; those that surely are one make a group."""
    certain = f"(?P<certain>{_TASKS[language]})"
    return re.compile(certain if surely else f"{certain}|{_PERHAPS_TASKS[language]}")


def task_word(title: str, language: Language, *, surely: bool = False) -> str | None:
    """The word for a task that a title begins with, as written; None where it begins with something else.

    Args:
        title: a title.
        language: which words are read.
        surely: leave out words that may also be said of something that lasts.
    """
    matched = _task(language, surely=surely).match(folded(title))
    return None if matched is None else title[: matched.end()].strip()


def listed_tasks(title: str, language: Language) -> list[str]:
    """The words for tasks that a title strings together; none where there are fewer than two with their objects."""
    text = folded(title)
    found: list[str] = []
    certain = False
    start = 0
    parted = [*_BETWEEN[language].finditer(text)]
    for between in (*parted, None) if parted else ():
        end = len(text) if between is None else between.start()
        part = text[start:end]
        matched = _task(language).match(part)
        if matched is not None and part[matched.end() :].strip():
            certain = certain or matched["certain"] is not None
            found.append(title[start : start + matched.end()].strip())
        start = end if between is None else between.end()
    return found if certain and len(found) > 1 else []


def unit_word(title: str, language: Language) -> str | None:
    """The unit of measurement that a title names, as written; None without one."""
    found = _UNIT[language].search(folded(title))
    return None if found is None else title[found.start() : found.end()]

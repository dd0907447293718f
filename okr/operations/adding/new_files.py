"""How a file begins that okr makes: the comment that names its schema, and what it is for, in the workspace's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.documents import read_document
from okr.git.text import safe_line
from okr.operations.schema_files import schema_line
from okr.workspace import KPIS, ORG

if TYPE_CHECKING:
    from okr.documents import Document
    from okr.workspace import Workspace

_HEADERS = {
    "en": {
        "plan": "# The plan of {owner} for {cycle}: few objectives, each with a few key results. `okr validate` checks it.\n",
        ORG: "# Teams and people: whoever may own an objective, a key result or a KPI.\n",
        KPIS: "# KPIs are measured all year round; a key result may take its numbers from one with `kpi: ID`.\n",
    },
    "fr": {
        "plan": "# Le plan de {owner} pour {cycle} : peu d'objectifs, chacun avec quelques résultats clés. `okr validate` le vérifie.\n",
        ORG: "# Les équipes et les personnes : tous ceux à qui l'on peut confier un objectif, un résultat clé ou un KPI.\n",
        KPIS: "# Les KPI se mesurent toute l'année ; un résultat clé peut y puiser ses chiffres avec `kpi: ID`.\n",
    },
}


def new_file(workspace: Workspace, path: str, kind: str, *, owner: str = "", cycle: str = "") -> Document:
    """A file with nothing but its first comments.

    Args:
        workspace: where it is to be.
        path: its path there.
        kind: `plan`, or the file's name where it stands at the root.
        owner: whose plan it is.
        cycle: for which cycle.
    """
    name = safe_line(workspace.owner(owner).name)
    header = _HEADERS[workspace.settings.language][kind].format(owner=name, cycle=safe_line(cycle))
    return read_document(path, (schema_line(path) + header).encode())

"""Writes docs/rules from what the rules say of themselves: `make docs`. A test compares them."""  # noqa: INP001 # a script

from __future__ import annotations

from pathlib import Path

from okr.rules.catalogue import catalogue
from okr.views.rule_pages import index_page, page_name, rule_page

FOLDER = Path(__file__).parent / "rules"


def main() -> None:
    """Writes every page anew, and removes those of rules that are gone."""
    FOLDER.mkdir(exist_ok=True)
    pages = {"README.md": index_page()} | {page_name(rule): rule_page(rule) for rule in catalogue()}
    for path in FOLDER.iterdir():
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""The list on the left: owners, their objectives, and the key results of these, each with score and status."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.widgets import Tree

from okr.dataclass import dataclass
from okr.quantities import format_score
from okr.views.figures import SIGNS, STYLES
from okr.views.terminal import cell
from okr.views.tui.texts import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.style import Style
    from textual.binding import BindingType
    from textual.widgets.tree import TreeNode

    from okr.operations.assessing import OwnerState
    from okr.scoring import Status

_NARROWEST_TITLE = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list.

    Attributes:
        key: the owner's id, or the full reference.
        title: what stands there.
        score: 0.0 to 1.0.
        status: None for an owner.
        leaf: whether it is a key result.
    """

    key: str
    title: str
    score: float
    status: Status | None
    leaf: bool = False


class Outline(Tree[Row]):
    """The list; it remembers what was closed, and stays where it was when it is filled again."""

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("left,h", "close_or_leave", "Close, or go up", show=False),
        Binding("right,l", "open_or_enter", "Open, or go in", show=False),
        Binding("g", "scroll_home", "First", show=False),
        Binding("G", "scroll_end", "Last", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(Text(), id="outline")
        self.show_root = False
        self.guide_depth = 2
        self._folded: set[str] = set()

    @property
    def current(self) -> Row | None:
        """The line with the cursor."""
        return None if self.cursor_node is None else self.cursor_node.data

    def fill(self, owners: Iterable[OwnerState], wanted: str | None = None) -> None:
        """Shows owners; the cursor goes to what is wanted, else stays, else goes to what is nearest above.

        Args:
            owners: those to be shown.
            wanted: the key of a line; what it is in is opened.
        """
        key = wanted or (self.current.key if self.current else None)
        if wanted is not None:
            self._folded -= set(_ways_up(wanted))
        self.clear()
        for owner in owners:
            self._add_owner(owner)
        self.root.expand()
        nodes = {node.data.key: node for node in self._every_node() if node.data is not None}
        place = next((nodes[each] for each in _ways_up(key) if each in nodes), None) if key else None
        if self.last_line >= 0:  # asking for it has the lines laid out
            self.move_cursor(place or self.root.children[0])

    def _add_owner(self, owner: OwnerState) -> None:
        top = self._add(self.root, Row(owner.owner.id, owner.owner.name, owner.score, None))
        for objective in owner.objectives:
            said = objective.assessment
            row = Row(str(objective.objective.reference), objective.objective.title, said.score, said.status)
            below = self._add(top, row)
            for state in objective.key_results:
                row = Row(
                    str(state.key_result.reference), state.key_result.title, state.assessment.score,
                    state.assessment.status, leaf=True,
                )  # fmt: skip
                self._add(below, row)

    def _add(self, parent: TreeNode[Row], row: Row) -> TreeNode[Row]:
        title = cell(row.title, "bold" if row.status is None else "")
        return parent.add(title, row, expand=row.key not in self._folded, allow_expand=not row.leaf)

    def _every_node(self) -> Iterator[TreeNode[Row]]:
        waiting = list(self.root.children)
        while waiting:
            node = waiting.pop()
            yield node
            waiting += node.children

    def render_label(self, node: TreeNode[Row], base_style: Style, style: Style) -> Text:
        """A line: the title as far as it fits, the score and the status's sign at the right end."""
        row = node.data
        if row is None:
            return Text()
        depth = 0
        above = node.parent
        while above is not None and above is not self.root:
            depth, above = depth + 1, above.parent
        sign, colour = ("", "") if row.status is None else (SIGNS[row.status], STYLES[row.status])
        right = Text.assemble("  ", format_score(row.score), " ", (sign or " ", colour))
        icon = "" if row.leaf else (self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE)
        room = self.scrollable_content_region.width - depth * self.guide_depth - len(icon) - right.cell_len
        title = cut(
            node.label if isinstance(node.label, Text) else Text(node.label), max(room, _NARROWEST_TITLE)
        )
        line = Text.assemble((icon, base_style), title, " " * max(0, room - title.cell_len), right)
        line.stylize(style)
        return line

    def on_tree_node_collapsed(self, event: Tree.NodeCollapsed[Row]) -> None:
        """Remembers what was closed."""
        if event.node.data is not None:
            self._folded.add(event.node.data.key)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Row]) -> None:
        """And what was opened again."""
        if event.node.data is not None:
            self._folded.discard(event.node.data.key)

    def action_close_or_leave(self) -> None:
        """Closes what is open; from what is closed, goes to what it is in."""
        node = self.cursor_node
        if node is None:
            return
        if node.is_expanded and node.allow_expand:
            node.collapse()
        elif node.parent is not None and node.parent is not self.root:
            self.move_cursor(node.parent)

    def action_open_or_enter(self) -> None:
        """Opens what is closed; from what is open, goes to the first in it."""
        node = self.cursor_node
        if node is None or not node.allow_expand:
            return
        if not node.is_expanded:
            node.expand()
        elif node.children:
            self.move_cursor(node.children[0])


def _ways_up(key: str) -> Iterator[str]:
    """A key, then those of what it is in: `2026-Q4/marketing/brand/visits`, `2026-Q4/marketing/brand`, `marketing`."""
    parts = key.split("/")
    for length in range(len(parts), 2, -1):
        yield "/".join(parts[:length])
    yield parts[1] if len(parts) > 1 else key

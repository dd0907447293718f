"""A console whose reader may stop reading, as `head` does: that is said by an exception, as for everything else we write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from typing import NoReturn


class Told(Console):
    """A console of rich's that does not end the process itself, with the status of files that have errors."""

    def on_broken_pipe(self) -> NoReturn:
        """Lets whoever runs the command end it, as `okr.commands.running` does.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        raise BrokenPipeError

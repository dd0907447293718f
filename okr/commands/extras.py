"""Optional capabilities: what to say where the package that one needs is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from okr.errors import OkrError


def require_extra(extra: str, package: str, what: str) -> None:
    """Refuses where an extra's package is missing.

    Args:
        extra: the extra's name, as in `okr[report]`.
        package: the module that it brings.
        what: what needs it, such as ``okr report``.

    Raises:
        OkrError: it is not installed; the remedy is the command that does it.
    """
    if find_spec(package) is None:
        raise OkrError(
            f"`{what}` needs the package {package}, which is not installed",
            f"`pip install 'okr[{extra}]'` installs it, `pip install 'okr[all]'` every extra",
        )

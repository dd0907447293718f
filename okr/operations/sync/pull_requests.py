"""Where to open a pull request, told from a remote's address alone: no network is used."""

from __future__ import annotations

import re
from urllib.parse import quote

_SSH = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+):(?!//)(?P<path>[^\s:]+)")
_URL = re.compile(
    r"(?:https?|ssh|git)://(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>\d+))?/(?P<path>[^\s?#]+)"
)


def pull_request_url(address: str, branch: str, base: str) -> str | None:
    """The page of GitHub or GitLab on which a branch is proposed.

    Args:
        address: the remote's, as git has it: `https://…`, `ssh://…` or `git@host:path`.
        branch: the branch to be merged.
        base: the branch to merge it into.

    Returns:
        None where the address is of another kind of host, or of none.
    """
    matched = _URL.fullmatch(address) or _SSH.fullmatch(address)
    if matched is None:
        return None
    host = matched["host"].lower().removeprefix("ssh.")
    port = matched["port"] if address.startswith("http") else None
    scheme = "http" if address.startswith("http://") else "https"
    path = quote(matched["path"].strip("/").removesuffix(".git"), safe="/~-._")
    page = f"{scheme}://{host}{f':{port}' if port else ''}/{path}"
    if "github" in host:
        return f"{page}/compare/{quote(base, safe='/')}...{quote(branch, safe='/')}?expand=1"
    if "gitlab" in host:
        source, target = (quote(f"merge_request[{name}_branch]", safe="") for name in ("source", "target"))
        return (
            f"{page}/-/merge_requests/new?{source}={quote(branch, safe='')}&{target}={quote(base, safe='')}"
        )
    return None

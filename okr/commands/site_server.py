"""Serves the pages of a report to browsers on this machine, and tells them to load again when they have changed.

A preview, not a server for the world: pages are kept in memory, and a request that names another host than the one served is
refused, so that no page of somebody else's can read them through a name of its own.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

RELOAD = "/okr-reload"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_SCRIPT = f'"use strict";new EventSource("{RELOAD}").onmessage=()=>location.reload();'
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_HEARTBEAT = 15.0  # seconds


class SiteServer(ThreadingHTTPServer):
    """Serves pages; `show` puts others in their place and has browsers load them."""

    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        self._pages: dict[str, bytes] = {}
        self._version = 0
        self._changed = threading.Condition()
        self.hosts = LOOPBACK | {host} if is_loopback(host) else None
        super().__init__((host, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 # as the library calls it
        """Says nothing of a browser that went elsewhere in the middle of a page: that is its own affair."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}/"

    def show(self, pages: Iterable[tuple[str, bytes]]) -> None:
        """Serves these pages from now on."""
        made = {path: _live(content) for path, content in pages}
        with self._changed:
            self._pages, self._version = made, self._version + 1
            self._changed.notify_all()

    def page(self, path: str) -> bytes | None:
        """A page by its path in the address."""
        return self._pages.get(path.lstrip("/") or "index.html")

    def wait(self, version: int | None) -> int:
        """The version of the pages, once it is another than the one given, or after a while."""
        with self._changed:
            if version is None or version == self._version:
                self._changed.wait(0 if version is None else _HEARTBEAT)
            return self._version


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer

    def do_GET(self) -> None:  # as the library calls it
        """Answers with a page, or with news of changes as they come."""
        hosts = self.server.hosts
        if hosts is not None and _host(self.headers.get("Host", "")) not in hosts:
            self.send_error(HTTPStatus.FORBIDDEN, "This host is not served here")
            return
        path = unquote(urlsplit(self.path).path)
        if path == RELOAD:
            self._tell_of_changes()
            return
        content = self.server.page(path)
        if content is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def _tell_of_changes(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        version = self.server.wait(None)
        while True:  # until the browser goes elsewhere
            self.wfile.flush()
            now = self.server.wait(version)
            self.wfile.write(b": still there\n\n" if now == version else b"data: changed\n\n")
            version = now

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 # as the library calls it
        """Keeps quiet: who looks at a preview is no news."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


def _host(given: str) -> str | None:
    """The host that a request names, without its port; None where it names none."""
    try:
        return urlsplit(f"//{given}").hostname
    except ValueError:
        return None


def _live(content: bytes) -> bytes:
    """A page that loads again when it has changed; its policy lets that one script run and ask, and no other."""
    page = content.replace(b"script-src ", f"connect-src 'self'; script-src 'sha256-{_HASH}' ".encode(), 1)
    return page.replace(b"</body>", f"<script>{_SCRIPT}</script>\n</body>".encode(), 1)

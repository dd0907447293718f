"""`okr serve`: the pages on loopback, loaded again when files change, and for nobody else."""

from __future__ import annotations

import re
import signal
import socket
import struct
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from okr.commands.site_server import is_loopback
from tests.cli.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Shell

PLAN = "okrs/2026-Q4/marketing.yaml"


@contextmanager
def serving(shell: Shell, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command, running, and the address it tells."""
    command = [sys.executable, "-m", "okr", "--as-of", TODAY, "serve", "--port", "0", *options]
    with subprocess.Popen(
        command, cwd=shell.folder, env=shell.environment(), stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            told = re.search(r"http://\S+(?=,)", process.stderr.readline())
            assert told is not None
            yield told[0], process
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
        finally:
            process.kill()


def got(address: str, **headers: str) -> tuple[str, dict[str, str]]:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:  # noqa: S310 # loopback
        return answer.read().decode(), dict(answer.headers)


def test_it_serves_the_pages_and_tells_of_changes(workspace: Shell) -> None:
    with serving(workspace) as (address, process):
        page, headers = got(address)
        assert "<h1>Acme · 2026-Q4</h1>" in page
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert re.search(r"connect-src 'self'; script-src 'sha256-\S+' &#39;sha256-", page)
        assert (
            "Make our brand the one people think of first"
            in got(f"{address}objectives/2026-Q4/marketing/brand.html")[0]
        )
        with urllib.request.urlopen(f"{address}okr-reload", timeout=20) as news:  # noqa: S310 # loopback
            workspace.write({PLAN: workspace.read(PLAN).replace("Make our brand", "Make this brand")})
            assert news.readline() == b"data: changed\n"
        assert "Make this brand" in got(address)[0]
        workspace.write({PLAN: "objectives: [\n"})
        assert process.stderr is not None
        assert PLAN in process.stderr.readline()
        assert "Make this brand" in got(address)[0]


def test_it_is_for_this_machine_alone_and_unmoved_by_who_asks_oddly_or_hangs_up(workspace: Shell) -> None:
    with serving(workspace) as (address, process):
        assert address.startswith("http://127.0.0.1:")
        for path, host, status in (
            ("", "evil.example", 403), ("okr-reload", "evil.example:80", 403), ("nothing.html", "localhost", 404),
            ("../../okr.yaml", "localhost", 404), ("%2e%2e/okr.yaml", "127.0.0.1", 404),
        ):  # fmt: skip
            with pytest.raises(HTTPError) as refused:
                got(address + path, Host=host)
            refused.value.close()
            assert refused.value.code == status
        place = ("127.0.0.1", int(address.rstrip("/").rpartition(":")[2]))
        for odd in ("[::1", "[", "evil.example"):
            with socket.create_connection(place, timeout=20) as asking:
                asking.sendall(f"GET / HTTP/1.1\r\nHost: {odd}\r\n\r\n".encode())
                assert asking.recv(12) == b"HTTP/1.0 403", odd
        for path in ("/", "/okr-reload"):
            with socket.create_connection(place, timeout=20) as asking:
                asking.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                # The connection is reset: what is written to it, or read from it, fails.
                asking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert "<h1>Acme" in got(address)[0]
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read() == "Interrupted.\n"


def test_addresses_of_this_machine_are_told_from_others() -> None:
    addresses = ("127.0.0.1", "127.0.0.2", "::1", "localhost", "0.0.0.0", "192.168.1.5", "acme.example", "")  # noqa: S104 # nothing listens
    assert [host for host in addresses if is_loopback(host)] == ["127.0.0.1", "127.0.0.2", "::1", "localhost"]


def test_what_can_not_be_served_is_said(workspace: Shell) -> None:
    with serving(workspace) as (address, _):
        taken = workspace.run(
            sys.executable, "-m", "okr", "serve", "--port", address.rstrip("/").rpartition(":")[2]
        )
        assert (taken.status, taken.out) == (1, "")
        assert taken.err == (
            f"error: {address.split('/')[2]} can't be listened on: address already in use.\n"
            "  Choose another with --port.\n"
        )
    nowhere = workspace.okr("serve", "--host", "nohost.invalid").err
    assert nowhere.startswith("error: nohost.invalid:8000 can't be listened on: ")
    assert "[" not in nowhere
    assert nowhere.endswith("\n  Choose another with --host.\n")
    workspace.write({PLAN: "objectives: [\n"})
    broken = workspace.okr("serve", "--port", "0")
    assert (broken.status, broken.out) == (1, "")
    assert PLAN in broken.err

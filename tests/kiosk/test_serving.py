"""`preau serve` as a process: HTTPS by a local authority, plain HTTP on loopback, a taken port, a clean stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from kiosk_site import UAI

from kiosk.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.journey


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert main(["init", "--home", str(tmp_path), "--uai", UAI, "--name", "Collège des Tilleuls"]) == 0
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run `preau serve` and wait, without sleeping, for systemd's own sign that it is ready."""
    address = str(home / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(address)
        notified.settimeout(30)
        environment = {**os.environ, "NOTIFY_SOCKET": address, "PREAU_ANNOUNCE": "false"}
        process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "serve", "--home", str(home), *words],
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        try:
            assert b"READY=1" in notified.recv(4096)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            process.communicate(timeout=60)
            (home / "notify").unlink()


def test_https_is_trusted_through_the_local_authority(home: Path) -> None:
    port = free_port()
    with serving(home, "--host", "127.0.0.1", "--port", str(port)):
        context = ssl.create_default_context(cafile=str(home / "tls" / "ca.crt"))
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            secure.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert secure.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_taken_port_is_named_and_the_server_stops_clean(home: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(home, "--plain-http", "--port", str(port)) as process:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as reply:
            assert json.load(reply)["school"] == UAI
        other = tmp_path / "other"
        assert main(["init", "--home", str(other), "--uai", UAI, "--name", "Autre"]) == 0
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "kiosk",
                "serve",
                "--plain-http",
                "--port",
                str(port),
                "--home",
                str(other),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 1
        assert str(port) in done.stderr
        assert "Traceback" not in done.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0

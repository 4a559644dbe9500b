"""`preau demo` from nothing to pages, stopped and started again: real processes on real ports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from processes import PREAU, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]
PATIENCE_S = 90


@dataclass
class Demo:
    """A demo that said it was ready."""

    process: subprocess.Popen[str]
    told: dict[str, Any]
    home: Path

    def stop(self, how: signal.Signals) -> tuple[int, str, str]:
        """Stop it and return its status and what it said after being ready."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, err


@contextmanager
def demo(home: Path, *words: str) -> Iterator[Demo]:
    """Start the demo and wait until it is ready; killed at the end if the test did not stop it."""
    line = [PREAU, "--home", str(home), "demo", "--json", *words]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            if not first:
                pytest.fail(f"the demo ended: {process.communicate(timeout=PATIENCE_S)}")
            yield Demo(process, json.loads(first), home)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=PATIENCE_S)


def free_ports() -> tuple[str, ...]:
    return ("--port", str(free_port()), "--central-port", str(free_port()))


def answers(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as reply:  # noqa: S310 - our own loopback address
        assert reply.status == 200
        return str(reply.read().decode())


def signed_in(told: dict[str, Any], role: str) -> dict[str, Any]:
    """Sign in with a printed login, as the page's own script would; return the person."""
    login = next(entry for entry in told["logins"] if entry["role"] == role)
    body = json.dumps({"username": login["username"], "password": login["password"]}).encode()
    asked = urllib.request.Request(  # noqa: S310 - our own loopback address
        f"{told['school']}/api/v1/login", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=10) as reply:  # noqa: S310 - the same
        found: dict[str, Any] = json.loads(reply.read())["person"]
    return found


def test_it_starts_serves_stops_and_starts_again_with_its_data(tmp_path: Path) -> None:
    with demo(tmp_path / "var", *free_ports()) as first:
        assert "Préau" in answers(f"{first.told['school']}/sign-in")
        assert answers(f"{first.told['central']}/health")
        assert {signed_in(first.told, role)["role"] for role in ("principal", "teacher", "pupil")} == {
            "principal",
            "teacher",
            "pupil",
        }
        status, said, _ = first.stop(signal.SIGINT)
        assert (status, said) == (0, "")
    with demo(tmp_path / "var", *free_ports()) as second:
        assert second.told["code"] == first.told["code"]
        assert signed_in(second.told, "pupil")
        assert second.stop(signal.SIGTERM)[0] == 0


def test_a_second_demo_on_the_same_home_is_told_that_one_runs(tmp_path: Path) -> None:
    with demo(tmp_path, *free_ports()) as running:
        line = [PREAU, "--home", str(tmp_path), "demo", *free_ports()]
        done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 1
        assert "already running" in done.stderr
        assert answers(f"{running.told['school']}/health")


def test_a_server_that_falls_is_started_again(tmp_path: Path) -> None:
    with demo(tmp_path, *free_ports()) as running:
        os.kill(running.told["processes"]["school"], signal.SIGKILL)
        assert running.process.stderr is not None
        said = ""
        while "is back" not in said:
            said = running.process.stderr.readline()
            assert said, "the demo ended"
        assert answers(f"{running.told['school']}/health")


@pytest.fixture
def taken() -> Iterator[int]:
    """Give a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_a_taken_port_is_named_with_what_to_type_instead(tmp_path: Path, taken: int) -> None:
    line = [PREAU, "--home", str(tmp_path / "var"), "demo", "--port", str(taken)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 1
    assert f"port {taken}" in done.stderr
    assert "--any-port" in done.stderr
    assert "--port" in done.stderr
    assert not (tmp_path / "var" / "school").exists()


def test_any_port_takes_another(tmp_path: Path, taken: int) -> None:
    with demo(tmp_path, "--port", str(taken), "--central-port", str(taken), "--any-port") as running:
        assert str(taken) not in running.told["school"] + running.told["central"]
        assert answers(f"{running.told['school']}/health")

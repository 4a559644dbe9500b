"""systemd is told what it asks for, and its absence disturbs nobody."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.backoff import Backoff
from sync.notify import Notifier, watch


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "notify"))
        found.settimeout(5)
        yield found


def test_readiness_life_and_status_are_told(listener: socket.socket) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": listener.getsockname(), "WATCHDOG_USEC": "30000000"})
    notifier.ready("up")
    notifier.alive()
    notifier.status("3 sent\nREADY=0")
    notifier.stopping()
    told = [listener.recv(500).decode() for _ in range(4)]
    assert told == ["READY=1\nSTATUS=up", "WATCHDOG=1", "STATUS=3 sent READY=0", "STOPPING=1"]
    assert notifier.watchdog_s == 15


async def test_signs_of_life_come_from_the_working_loop(listener: socket.socket) -> None:
    watching = asyncio.create_task(
        watch(Notifier({"NOTIFY_SOCKET": listener.getsockname(), "WATCHDOG_USEC": "2000"}))
    )
    told = [await asyncio.to_thread(listener.recv, 100) for _ in range(3)]
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert told == [b"WATCHDOG=1"] * 3


def test_an_abstract_socket_is_understood() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind("\0preau-test-notify")
        found.settimeout(5)
        Notifier({"NOTIFY_SOCKET": "@preau-test-notify"}).alive()
        assert found.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/notify"}])
def test_nobody_listening_is_no_error(environment: dict[str, str]) -> None:
    notifier = Notifier(environment)
    notifier.ready()
    assert notifier.watchdog_s is None


def test_waits_double_up_to_five_minutes_and_start_again_after_success() -> None:
    longest = Backoff(lambda n: n - 1)
    assert [longest.failed() for _ in range(4)] == [1_000, 2_000, 4_000, 8_000]
    assert [longest.failed() for _ in range(40)][-1] == 300_000
    longest.succeeded()
    assert longest.failed() == 1_000


def test_at_least_what_the_other_side_asked_is_waited() -> None:
    assert Backoff(lambda _: 0).failed(30_000) == 30_000
    assert Backoff(lambda _: 0).failed(10**9) == 300_000

"""Tells systemd that the process is ready, alive, and what it is doing; says nothing when nobody listens."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Notifier:
    """The datagram socket named by NOTIFY_SOCKET; a name beginning with @ is an abstract one."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        found = os.environ if environment is None else environment
        self._address = found.get("NOTIFY_SOCKET", "")
        self._watchdog_us = found.get("WATCHDOG_USEC", "")

    @property
    def watchdog_s(self) -> float | None:
        """Seconds between signs of life: half of what systemd allows, None when it does not watch."""
        return int(self._watchdog_us) / 2_000_000 if self._watchdog_us.isdigit() else None

    def ready(self, status: str = "") -> None:
        """Say that the service is up."""
        self._send("READY=1" + (f"\nSTATUS={_one_line(status)}" if status else ""))

    def alive(self) -> None:
        """Give a sign of life."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Say in a few words what is going on."""
        self._send(f"STATUS={_one_line(text)}")

    def stopping(self) -> None:
        """Say that the service is going down on purpose."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(0)
            try:
                sender.sendto(message.encode(), address)
            except OSError:
                # systemd is restarting or its queue is full: the service must not suffer from its watcher.
                return


async def watch(notifier: Notifier) -> None:
    """Give signs of life until cancelled, from the loop that does the work: a stuck loop gives none."""
    pause = notifier.watchdog_s
    while True:
        notifier.alive()
        await asyncio.sleep(pause or 3600)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]

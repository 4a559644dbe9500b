"""Choosing where the demo listens: the port asked for, or a plain sentence about who is in the way."""

from __future__ import annotations

import socket

from kiosk.cli import CommandError

HOST = "127.0.0.1"
ABOVE_ALL = 65536
_HIGHER = 200
"""How many ports above the wanted one are tried before asking the system for any."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of loopback now."""
    with socket.socket() as probe:
        # As servers do: a port just left by a stopped server is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(wanted: int, option: str, what: str, *, any_port: bool, taken: frozenset[int]) -> int:
    """Return `wanted`, or a free port above it when `any_port`; raises CommandError saying what to type instead."""
    if not 0 < wanted < ABOVE_ALL:
        raise CommandError(f"{option} must be between 1 and {ABOVE_ALL - 1}, not {wanted}")
    if wanted not in taken and is_free(wanted):
        return wanted
    free = _above(wanted, taken)
    if any_port:
        return free
    raise CommandError(
        f"port {wanted}, meant for {what}, is taken by another program.\n"
        f"Stop that program, or start the demo on another port: preau demo {option} {free}\n"
        f"(from make: make run ARGS='{option} {free}'), or let it choose: --any-port"
    )


def _above(wanted: int, taken: frozenset[int]) -> int:
    for port in range(wanted + 1, min(wanted + _HIGHER, ABOVE_ALL)):
        if port not in taken and is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

"""A small disk of its own: a tmpfs in a mount namespace, seen from outside through the process that keeps it.

The namespace is made without any privilege where the kernel lets users have theirs, and as root elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MEBI = 1024 * 1024


class SmallDisk:
    """The disk, mounted at `at` for who enters its namespace."""

    def __init__(self, keeper: int, at: Path) -> None:
        self._keeper, self._at = keeper, at
        self.seen = Path(f"/proc/{keeper}/root{at}")
        """The same folder, for who stays outside."""

    @property
    def enter(self) -> list[str]:
        """Return the words before a command that runs where the disk is mounted."""
        user = ["--user", "--preserve-credentials"] if os.geteuid() else []
        return ["nsenter", f"--target={self._keeper}", *user, "--mount", "--"]

    @property
    def free(self) -> int:
        """Return the free bytes."""
        found = os.statvfs(self.seen)
        return found.f_bavail * found.f_frsize

    def fill(self, left: int) -> None:
        """Fill the disk with something that is not the server's, but for so many bytes."""
        more = self.free - left
        with (self.seen / "filler").open("ab") as file, contextlib.suppress(OSError):  # the server was faster
            if more > 0:
                os.posix_fallocate(file.fileno(), file.tell(), more)

    def empty(self) -> None:
        """Take that away."""
        (self.seen / "filler").unlink()


@contextmanager
def small_disk(at: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Mount a disk of this size at a folder, with what the folder held, until the block ends."""
    user = ["--user", "--map-root-user"] if os.geteuid() else []
    seed = at.with_name(f"{at.name}.seed")
    at.rename(seed)
    at.mkdir(mode=0o700)
    script = 'mount -t tmpfs -o "size=$1m,mode=0700" tmpfs "$2" && cp -a --sparse=never "$3/." "$2" && echo ready && exec cat'
    keeper = subprocess.Popen(
        ["unshare", *user, "--mount", "sh", "-c", script, "sh", str(mebibytes), str(at), str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    try:
        if keeper.stdout.readline() != b"ready\n":
            pytest.skip(
                "this kernel lets nobody mount a disk of their own; the test by a limit shows the rest"
            )
        yield SmallDisk(keeper.pid, at)
    finally:
        keeper.stdin.close()
        keeper.wait()
        keeper.stdout.close()

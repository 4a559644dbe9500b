"""A line of the server's own log that finds no room on the disk stops nothing of what it tells."""

from __future__ import annotations

from io import TextIOWrapper
from pathlib import Path
from typing import TextIO, cast

import pytest

from kiosk.logs import Unbroken


def test_a_line_that_finds_no_room_is_let_go() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        unheard = TextIOWrapper(full, encoding="utf-8", write_through=True)
        with pytest.raises(OSError, match="No space left"):
            print("a line", file=unheard, flush=True)
        print("a line", file=cast("TextIO", Unbroken(unheard)), flush=True)

"""The door to the compiler of papers, which is loaded when the first paper is asked for.

It takes 7 MiB of memory, more than the rest of a small school's server has to spare, and most days print nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast


class Compiler(Protocol):
    """What `kiosk.printing.compiler` offers."""

    def typeset(self, template: str, data: object, *, now_ms: int) -> bytes:
        """Return the PDF."""
        ...


def typeset(template: str, data: object, *, now_ms: int) -> bytes:
    """Return the PDF of `template` (a file of this folder, without `.typ`) filled with `data`, dated `now_ms`.

    Takes tens of milliseconds: call it in a thread. Raises typst.TypstError when the template itself is wrong.
    """
    compiler = cast("Compiler", import_module("kiosk.printing.compiler"))
    return compiler.typeset(template, data, now_ms=now_ms)

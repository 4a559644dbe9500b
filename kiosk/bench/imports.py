"""`preau bench imports`: files of invented pupils read, planned and written in a home of their own, beside what it costs.

`held_ms` is how long the one writer is kept by the last step, when everybody is waiting for it; `chunk_ms` the longest of
the steps before, `loop_ms` the longest that the server's loop, which answers pupils, was late meanwhile. `memory_mib` is how much the process grew over what it held when it began.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.actions import learner_imports as acts
from kiosk.actions.learner_reading import Work, prepare
from kiosk.app import open_kiosk
from kiosk.bench.pupil_files import Invented, fregata_csv, siecle_xml, sup_csv, zipped
from kiosk.clock import SystemClock
from kiosk.config import Config
from kiosk.homes import make_home
from kiosk.organisations import SCHOOL
from kiosk.store import organisations
from sync.identity import init_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.keys import Kiosk
    from sync.db import Tx

UAI = "0750001U"
Figures = dict[str, float | int]


def run_imports(pupils: int) -> dict[str, object]:
    """Import that many pupils in each format, then the same again one year later; return the figures by file."""
    return asyncio.run(_all(pupils))


async def _all(pupils: int) -> dict[str, object]:
    everyone = [Invented(number) for number in range(1, pupils + 1)]
    later = [Invented(number, 1) for number in range(pupils // 10 + 1, pupils + pupils // 10 + 1)]
    files: dict[str, Callable[[], bytes]] = {
        "siecle_xml": lambda: b"".join(siecle_xml(everyone, UAI)),
        "siecle_zip_next_year": lambda: zipped(b"".join(siecle_xml(later, UAI))),
        "fregata_csv": lambda: fregata_csv(everyone),
        "sup_csv": lambda: sup_csv(everyone),
    }
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="preau-imports-") as name:
        home = Path(name)
        make_home(home)
        init_home(home, UAI, "Banc")
        async with open_kiosk(Config(home=home), SystemClock(), secure=False) as kiosk:
            for label, make in files.items():
                path = home / "pupils.file"
                size = path.write_bytes(make())
                gc.collect()
                gc.freeze()  # as a server does once it has started
                await _use(kiosk, "sup" if label.startswith("sup") else "siecle")
                found[label] = await _one(kiosk, path, size)
    return found


async def _use(kiosk: Kiosk, form: str) -> None:
    organisation = await acts.organisation_of(kiosk, SCHOOL)
    changed = msgspec.structs.replace(organisation, import_format=form)
    await kiosk.db.write(lambda tx: organisations.change(tx, changed))


async def _one(kiosk: Kiosk, path: Path, size: int) -> Figures:
    held: list[float] = []
    write = kiosk.db.write
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()

    def watched(job: Callable[[Tx], object]) -> object:
        def timed(tx: Tx) -> object:
            start = time.perf_counter()
            try:
                return job(tx)
            finally:
                held.append(time.perf_counter() - start)

        return write(timed)

    late: list[float] = []
    beat = asyncio.create_task(_beat(late))
    kiosk.db.write = watched  # type: ignore[method-assign, assignment]  # the bench looks over the writer's shoulder
    try:
        organisation = await acts.organisation_of(kiosk, SCHOOL)
        one = await acts.begin(kiosk, organisation, None, form="", mode="", name=path.name)
        await prepare(kiosk, one, path, Work())
        prepared, chunks = time.perf_counter(), max(held)
        held.clear()
        done = await acts.confirm(kiosk, SCHOOL, one.id, None)
    finally:
        beat.cancel()
        kiosk.db.write = write  # type: ignore[method-assign]  # as it was
    report = done.report
    return {
        "file_kib": size // 1024,
        "read": report.read,
        "added": report.added,
        "changed": report.changed + report.enabled,
        "disabled": report.disabled,
        "prepare_s": round(prepared - began, 2),
        "seconds": round(time.perf_counter() - began, 2),
        "chunk_ms": round(chunks * 1000, 1),
        "held_ms": round(held[0] * 1000, 1),
        "loop_ms": round(max(late) * 1000, 1),
        "memory_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
    }


async def _beat(late: list[float]) -> None:
    """Note how late the loop is, fifty times a second."""
    while True:
        due = time.perf_counter() + 0.02
        await asyncio.sleep(0.02)
        late.append(time.perf_counter() - due)

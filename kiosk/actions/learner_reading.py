"""Reading a file of pupils that was received: in a thread, then staged a little at a time, or refused with every reason.

Pupils who answer wait for nobody meanwhile: the reader steps aside at each sign of life, and a write stages a few lines.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from kiosk.actions.learner_imports import forget, organisation_of, taken_formats
from kiosk.import_files import discard_others
from kiosk.imports.plan import Plan, Step, plan_for
from kiosk.imports.reading import Context, Reading
from kiosk.imports.registry import Format, recognise
from kiosk.imports.report import Report, failed, refusal_of, report_of
from kiosk.store import learner_imports as store
from kiosk.store.learner_imports import WORKING, Import

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.store.learner_imports import State
    from sync.db import Tx

STAGED_AT_ONCE = 250
"""Lines in one write: some milliseconds of the writer."""
REST_S = 0.002
"""How long a reader steps aside at each sign of life, for those who answer."""
WAITS_MS = 7 * 24 * 3_600_000
"""How long an import may wait to be confirmed: names are not kept for nothing."""


class Stopped(Exception):  # noqa: N818 - says what happened
    """The server is closing: the file is left where it is."""


@dataclass
class Work:
    """How far a file is read: a whole percentage; `stop` ends the reading at its next sign of life."""

    percent: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


async def prepare(kiosk: Kiosk, one: Import, path: Path, work: Work) -> None:
    """Read the file and stage what it would change, or tell why it cannot be imported; raises Stopped."""
    try:
        await _prepare(kiosk, one, path, work)
    except Stopped:
        raise
    except Exception as problem:  # noqa: BLE001 - the last net: a file is refused, the server goes on
        structlog.get_logger().error("a file of pupils could not be read", reason=type(problem).__name__)
        await _refused(kiosk, one, failed("READ_FAILED"))


async def _prepare(kiosk: Kiosk, one: Import, path: Path, work: Work) -> None:
    organisation = await organisation_of(kiosk, one.organisation)
    formats = taken_formats(kiosk.config.home, organisation)
    form, reading = await asyncio.to_thread(read_file, path, formats, one.format, organisation.uai, work)
    if reading.problems.count:
        await _refused(kiosk, one, refusal_of(reading))
        return
    base, known = await kiosk.db.read(
        lambda conn: (
            store.base_of(conn, one.organisation),
            store.known(conn, one.organisation, form.key, form.columns),
        )
    )
    plan = await asyncio.to_thread(plan_for, form, one.mode, reading.learners, known, _new_id)
    await _stage(kiosk, one, plan)
    report = report_of(reading, plan)

    def job(tx: Tx) -> None:
        store.set_plan(tx, one.id, form.name, base)
        store.set_state(tx, one.id, "validated", kiosk.clock.now_ms(), report)

    await kiosk.db.write(job)


def read_file(
    path: Path, formats: tuple[Format, ...], wanted: str, uai: str | None, work: Work
) -> tuple[Format, Reading]:
    """Return the format of a file and what it says; raises Stopped."""
    size = max(1, path.stat().st_size)
    with path.open("rb") as file:
        form = next((one for one in formats if one.name == wanted), None) or recognise(file, formats)

        def tick() -> None:
            if work.stop.is_set():
                raise Stopped
            work.percent = min(99, 100 * file.tell() // size)
            time.sleep(REST_S)

        return form, form.read(file, Context(uai, tick))


def _new_id() -> str:
    return secrets.token_hex(8)


async def _stage(kiosk: Kiosk, one: Import, plan: Plan) -> None:
    for start in range(0, len(plan.steps), STAGED_AT_ONCE):
        part = plan.steps[start : start + STAGED_AT_ONCE]
        await kiosk.db.write(partial(_stage_part, one.id, part))


def _stage_part(import_id: str, part: list[Step], tx: Tx) -> None:
    store.stage(tx, import_id, part)


async def _refused(kiosk: Kiosk, one: Import, report: Report, state: State = "validation_error") -> None:
    now = kiosk.clock.now_ms()
    await kiosk.db.write(lambda tx: store.set_state(tx, one.id, state, now, report))
    await forget(kiosk, one.id)


async def recover(kiosk: Kiosk) -> None:
    """Say of imports a stop of the server cut short that they were, and forget those nobody confirmed."""
    now = kiosk.clock.now_ms()
    for one in await kiosk.db.read(lambda conn: store.in_state(conn, (*WORKING, "validated"))):
        if one.state == "uploading":
            await _refused(kiosk, one, failed("INTERRUPTED"), "upload_error")
        elif one.state == "uploaded":
            await _refused(kiosk, one, failed("INTERRUPTED"))
        elif now - one.updated_ms > WAITS_MS:
            await _refused(kiosk, one, one.report, "cancelled")
    for name in await kiosk.db.read(store.leftovers):
        await forget(kiosk, name)
    waiting = await kiosk.db.read(lambda conn: store.in_state(conn, ("validated",)))
    discard_others(kiosk.config.home, {one.id for one in waiting})

"""Acts on imports of pupils: begin, receive the file, work out what it changes, confirm or cancel.

A file is read in a thread and its changes are staged a little at a time, so that pupils who answer wait for nobody; then
one short transaction does everything or nothing. What was shown is bound to the pupils as they were: when another import
has landed in between, nothing is done and the file must be read again.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

import msgspec

from kiosk.errors import Conflict, Forbidden, Full, NotFound, Refused, TooLarge
from kiosk.import_files import discard, formats_for, kept_file, made_private
from kiosk.imports.custom_format import BadFormat
from kiosk.imports.limits import MEBI, UPLOAD_BYTES
from kiosk.imports.report import Report, failed
from kiosk.store import learner_imports as store
from kiosk.store import organisations
from kiosk.store.learner_imports import WORKING, Import
from sync.records import LearnerImported

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from kiosk.imports.registry import Format, Mode
    from kiosk.keys import Kiosk
    from kiosk.organisations import Organisation
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from sync.db import Tx

FORGOTTEN_AT_ONCE = 1000
MOST_WORKING = 2
NAME_LIMIT = 200


def principal_of(person: Person) -> str:
    """Return the organisation whose pupils this person may import; raises Forbidden."""
    if person.role != "principal" or person.organisation is None:
        raise Forbidden("role.wrong")
    return person.organisation


async def organisation_of(kiosk: Kiosk, name: str) -> Organisation:
    """Return an organisation, or raise NotFound."""
    found = await kiosk.db.read(lambda conn: organisations.by_id(conn, name))
    if found is None:
        raise NotFound("imports.no_organisation")
    return found


def taken_formats(home: Path, organisation: Organisation) -> tuple[Format, ...]:
    """Return the formats an organisation takes; raises Refused when it imports nothing or its format is spoilt."""
    try:
        formats = formats_for(home, organisation)
    except BadFormat:
        raise Refused("imports.spoilt_format", field="format") from None
    if not formats:
        raise Refused("imports.no_format", field="format")
    return formats


def chosen_mode(formats: tuple[Format, ...], mode: str) -> Mode:
    """Return the mode asked for, the first of the format when none is; raises Refused."""
    modes = formats[0].modes
    found = next((one for one in modes if one == (mode or modes[0])), None)
    if found is None:
        raise Refused("imports.bad_mode", field="mode")
    return found


async def begin(  # noqa: PLR0913 - who, for whom, and what they say of the file
    kiosk: Kiosk, organisation: Organisation, by: str | None, *, form: str, mode: str, name: str
) -> Import:
    """Open an import before its file arrives; raises Refused or Conflict."""
    formats = taken_formats(kiosk.config.home, organisation)
    if form and form not in {one.name for one in formats}:
        raise Refused("imports.bad_format", field="format")
    now = kiosk.clock.now_ms()
    one = Import(
        id=secrets.token_hex(8),
        organisation=organisation.id,
        format=form,
        mode=chosen_mode(formats, mode),
        state="uploading",
        file_name="".join(sign if sign.isprintable() else " " for sign in name).strip()[:NAME_LIMIT] or "?",
        size=0,
        person=by,
        base=None,
        report=Report(),
        created_ms=now,
        updated_ms=now,
    )

    def job(tx: Tx) -> Import:
        if len(store.in_state(tx, tuple(WORKING), organisation.id)) >= MOST_WORKING:
            raise Conflict("imports.busy")
        store.add(tx, one)
        return one

    return await kiosk.db.write(job)


async def receive(kiosk: Kiosk, one: Import, chunks: AsyncIterator[bytes]) -> Path:
    """Keep the file of an import as it arrives; raises TooLarge or Full. Whatever is cut short is told in its history."""
    path = kept_file(kiosk.config.home, one.id)
    try:
        size = await _written(path, chunks)
    except BaseException as problem:
        discard(kiosk.config.home, one.id)
        told = failed("PAYLOAD_TOO_LARGE" if isinstance(problem, TooLarge) else "INTERRUPTED")
        now = kiosk.clock.now_ms()
        # Not awaited when the browser has gone: the write stands all the same.
        waiting = kiosk.db.write(lambda tx: store.set_state(tx, one.id, "upload_error", now, told))
        if isinstance(problem, OSError) and not isinstance(problem, ConnectionError):
            raise Full("server.not_saved") from None
        if isinstance(problem, Exception):
            await waiting
        raise
    await kiosk.db.write(lambda tx: store.set_file(tx, one.id, size, kiosk.clock.now_ms()))
    return path


async def _written(path: Path, chunks: AsyncIterator[bytes]) -> int:
    size = 0
    with path.open("xb") as file:
        made_private(path)
        async for chunk in chunks:
            size += len(chunk)
            if size > UPLOAD_BYTES:
                raise TooLarge("imports.too_large", params={"limit": UPLOAD_BYTES // MEBI})
            await asyncio.to_thread(file.write, chunk)
    return size


async def confirm(kiosk: Kiosk, organisation: str, import_id: str, by: str | None) -> Import:
    """Do what was shown, all of it or nothing; raises NotFound or Conflict."""
    now = kiosk.clock.now_ms()
    formats = taken_formats(kiosk.config.home, await organisation_of(kiosk, organisation))
    columns = {form.name: form for form in formats}

    def job(tx: Tx) -> Import:
        one = existing(tx, organisation, import_id)
        if one.state != "validated":
            raise Conflict("imports.not_ready")
        form = columns.get(one.format)
        if form is None or one.base != store.base_of(tx, organisation):
            store.set_state(tx, one.id, "import_error", now, failed("OUTDATED"))
            return msgspec.structs.replace(one, state="import_error")
        store.apply(tx, one, form.columns, now, by)
        linked = store.link_accounts(tx, organisation, now) if form.key == "ine" else 0
        report = msgspec.structs.replace(one.report, linked=linked)
        store.set_state(tx, one.id, "imported", now, report)
        kiosk.log.append_record(tx, "learner.imported", _record(one), now)
        return msgspec.structs.replace(one, state="imported", report=report, updated_ms=now)

    done = await kiosk.db.write(job)
    await forget(kiosk, done.id)
    if done.state == "import_error":
        raise Conflict("imports.outdated")
    return done


def _record(one: Import) -> LearnerImported:
    found = one.report
    return LearnerImported(
        organisation=one.organisation,
        format=one.format,
        mode=one.mode,
        added=found.added,
        changed=found.changed,
        enabled=found.enabled,
        disabled=found.disabled,
        deleted=found.deleted,
        kept=found.kept,
        skipped=found.skipped.count,
    )


async def cancel(kiosk: Kiosk, organisation: str, import_id: str) -> Import:
    """Give up an import that was not confirmed; raises NotFound or Conflict."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Import:
        one = existing(tx, organisation, import_id)
        if one.state != "validated":
            raise Conflict("imports.not_ready")
        store.set_state(tx, one.id, "cancelled", now)
        return msgspec.structs.replace(one, state="cancelled")

    done = await kiosk.db.write(job)
    await forget(kiosk, done.id)
    return done


async def forget(kiosk: Kiosk, import_id: str) -> None:
    """Empty what was staged, a little at a time, and delete the file."""
    discard(kiosk.config.home, import_id)
    while (
        await kiosk.db.write(lambda tx: store.unstage(tx, import_id, FORGOTTEN_AT_ONCE)) == FORGOTTEN_AT_ONCE
    ):
        pass


def existing(conn: Reader, organisation: str, import_id: str) -> Import:
    """Return an import of this organisation, or raise NotFound: those of others do not exist."""
    one = store.by_id(conn, import_id)
    if one is None or one.organisation != organisation:
        raise NotFound("imports.unknown")
    return one

"""The file a pupil hands back: read here, by this server, and kept by its hash.

An answer to such a question can only name the hash of a file received; the facts that are graded and logged are those
this server found in it, whatever the page says.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

from exam.errors import ExamError
from exam.hand_back import hand_back_facts
from kiosk.actions.files import Question
from kiosk.actions.sittings import HAND_BACK, own_passage
from kiosk.errors import Conflict, Full, Refused
from kiosk.refused_by_exam import as_refusal
from kiosk.store import uploads

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from sync.db import Tx

NAME_LIMIT = 200
BYTES_A_SITTING = 40 * 1024 * 1024


class GivenFile(NamedTuple):
    """A file as a page sends it."""

    name: str
    data: bytes


async def hand_back(kiosk: Kiosk, person: Person, participation: str, number: int, file: GivenFile) -> str:
    """Read a file sent back for the waiting question, keep it and return its SHA-256, the answer to give.

    Raises Conflict, Refused or Full.
    """
    if not file.name or len(file.name) > NAME_LIMIT:
        raise Refused("upload.bad_name", field="name")
    question = await kiosk.db.write(lambda tx: _waiting(kiosk, tx, participation, person, number))
    try:
        facts = await kiosk.files.run(lambda: hand_back_facts(*question, file.data, file.name))
    except ExamError as refusal:
        raise as_refusal(refusal) from None
    sha256 = hashlib.sha256(file.data).hexdigest()
    now = kiosk.clock.now_ms()
    upload = uploads.Upload(participation, number, sha256, file.name, len(file.data), facts, now)

    def reserve(tx: Tx) -> bool:
        """Take the room and the row in one job, so that files sent together cannot all take the same room."""
        _waiting(kiosk, tx, participation, person, number)
        known = uploads.facts_of(tx, participation, number, sha256) is not None
        if not known:
            _check_room(kiosk, tx, participation, upload.size)
        uploads.add(tx, upload)
        return not known

    new = await kiosk.db.write(reserve)
    try:
        await kiosk.files.run(lambda: store_file(kiosk.config.uploads, sha256, file.data))
    except (OSError, Full) as problem:
        if new:
            await kiosk.db.write(lambda tx: uploads.remove(tx, participation, number, sha256))
        raise Full("server.not_saved", retry_after=5) from problem
    return sha256


def _waiting(kiosk: Kiosk, tx: Tx, participation: str, person: Person, number: int) -> Question:
    sitting = own_passage(kiosk, tx, participation, person).sitting
    asked = sitting.current
    if asked is None or asked.number != number:
        raise Conflict("sitting.wrong_number")
    bank = sitting.engine.bank
    if bank.items[asked.item].kind != HAND_BACK:
        raise Conflict("upload.not_asked")
    return Question(bank, asked.item, sitting.seed, asked.lang)


def _check_room(kiosk: Kiosk, tx: Tx, participation: str, size: int) -> None:
    if uploads.bytes_used_by(tx, participation) + size > BYTES_A_SITTING:
        raise Full("upload.too_many")
    if uploads.bytes_used(tx) + size > kiosk.config.upload_quota_mib * 1024 * 1024:
        raise Full("upload.no_room")


def store_file(folder: Path, sha256: str, data: bytes) -> None:
    """Put the bytes under their hash, whole or not at all."""
    path = folder / sha256[:2] / sha256
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f"{sha256}.{os.urandom(4).hex()}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)

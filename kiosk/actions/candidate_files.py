"""Files of a candidate's waiting question: those made for it, and those handed back, read by this server alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from exam.errors import ExamError
from exam.hand_back import hand_back_facts
from kiosk.actions.passage import HAND_BACK, as_question, look, question_of
from kiosk.actions.uploads import BYTES_A_SITTING, NAME_LIMIT, GivenFile, store_file
from kiosk.errors import Conflict, Full, Refused
from kiosk.refused_by_exam import as_refusal
from kiosk.store import candidate_uploads as store

if TYPE_CHECKING:
    from exam.documents.make import Document
    from kiosk.keys import Kiosk
    from kiosk.store.machines import Pass
    from sync.db import Tx


async def document(kiosk: Kiosk, found: Pass, number: int, name: str) -> Document:
    """Return a document of the waiting question; raises NotFound."""
    return await kiosk.files.document(await question_of(kiosk, found, number), name)


async def hand_back(kiosk: Kiosk, found: Pass, number: int, file: GivenFile) -> str:
    """Read a file sent back for the waiting question, keep it and return its SHA-256, the answer to give.

    Raises Conflict, Refused or Full.
    """
    if not file.name or len(file.name) > NAME_LIMIT:
        raise Refused("upload.bad_name", field="name")
    where = await look(kiosk, found)
    if where.asked is None or where.asked.number != number or where.state != "in_progress":
        raise Conflict("sitting.wrong_number")
    question = as_question(where)
    if question.bank.items[question.item].kind != HAND_BACK:
        raise Conflict("upload.not_asked")
    try:
        facts = await kiosk.files.run(lambda: hand_back_facts(*question, file.data, file.name))
    except ExamError as refusal:
        raise as_refusal(refusal) from None
    sha256 = hashlib.sha256(file.data).hexdigest()
    now = kiosk.clock.now_ms()
    upload = store.Upload(
        found.candidate, number, question.item, sha256, file.name, len(file.data), facts, now
    )

    def reserve(tx: Tx) -> bool:
        """Take the room before a byte is written, so that what is refused leaves nothing on the disk."""
        known = store.facts_of(tx, upload.candidate, (number, upload.item), sha256) is not None
        if not known:
            _check_room(kiosk, tx, upload)
        store.add(tx, upload)
        return not known

    new = await kiosk.db.write(reserve)
    try:
        await kiosk.files.run(lambda: store_file(kiosk.config.uploads, sha256, file.data))
    except OSError as problem:
        if new:
            await kiosk.db.write(lambda tx: store.remove(tx, upload))
        raise Full("server.not_saved", retry_after=5) from problem
    return sha256


def _check_room(kiosk: Kiosk, tx: Tx, upload: store.Upload) -> None:
    if store.bytes_used_by(tx, upload.candidate) + upload.size > BYTES_A_SITTING:
        raise Full("upload.too_many")
    used = store.bytes_used_in_session_of(tx, upload.candidate)
    if used + upload.size > kiosk.config.upload_quota_mib * 1024 * 1024:
        raise Full("upload.no_room")

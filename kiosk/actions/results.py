"""What sending results leaves behind: the row analyses read, and the 6e attestation when it is earned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from exam.attestation import COURSES, MEF_6E, Sent, eligible, verdict
from kiosk.errors import NotFound
from kiosk.sittings import fold_events, read_events
from kiosk.store import attestations
from kiosk.store import results as store
from kiosk.store.attestations import Attestation

if TYPE_CHECKING:
    import sqlite3

    from exam.attestation import Verdict
    from exam.sitting import Sitting
    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.store.results import Masks, Sending
    from sync.db import Tx

CHUNK = 200
"""Rows worked out again in one reading: a few hundred milliseconds of one reading thread."""


def masks_of(sitting: Sitting) -> Masks:
    """Return the validated and settled levels of each topic that targets something, in the order of the course."""
    knowledge = sitting.knowledge
    return [
        (knowledge.validated[tube.index], tube.targeted & ~knowledge.untested[tube.index])
        for tube in sitting.engine.map.tubes
        if tube.targeted
    ]


def note_shared(kiosk: Kiosk, tx: Tx, participation: str, sitting: Sitting, now_ms: int) -> None:
    """Keep what a sending leaves, inside the job that shares it; grant the attestation when this sending earns it."""
    store.keep(tx, participation, masks_of(sitting))
    if sitting.course in COURSES:
        _grant(kiosk, tx, participation, now_ms)


def _grant(kiosk: Kiosk, tx: Tx, participation: str, now_ms: int) -> None:
    learner = store.learner_of(tx, participation)
    if learner is None or not eligible(learner.kind, learner.mef):
        return
    earned = _earned(kiosk, tx, learner.id, now_ms)
    if earned is not None:
        attestations.grant(tx, earned)


def _earned(kiosk: Kiosk, conn: Reader, learner: str, now_ms: int) -> Attestation | None:
    threshold = kiosk.config.attestation_threshold
    found = attestation_of(kiosk, conn, learner, threshold)
    if not found.earned:
        return None
    return Attestation(learner, now_ms, found.tally.validated, found.tally.targeted, threshold)


async def grant_due(kiosk: Kiosk, after: str) -> str | None:
    """Grant what became due otherwise than by a sending (an import that tells the MEF code), one chunk of learners.

    Returns whom to go on after, or None.
    """
    now = kiosk.clock.now_ms()

    def read(conn: sqlite3.Connection) -> tuple[str | None, list[Attestation]]:
        people = attestations.due(conn, MEF_6E, len(COURSES), after, CHUNK)
        found = [_earned(kiosk, conn, learner, now) for learner in people]
        return people[-1] if people else None, [one for one in found if one is not None]

    last, earned = await kiosk.db.read(read)

    def write(tx: Tx) -> None:
        for one in earned:
            attestations.grant(tx, one)

    if earned:
        await kiosk.db.write(write)
    return last


def attestation_of(kiosk: Kiosk, conn: Reader, learner: str, threshold: int) -> Verdict:
    """Return where a learner stands on the 6e attestation, from the last sending of each of its courses."""
    latest = {sending.course: sending for sending in store.sendings(conn, learner, COURSES)}
    return verdict({course: _brought(kiosk, sending) for course, sending in latest.items()}, threshold)


def _brought(kiosk: Kiosk, sending: Sending) -> Sent:
    tubes = [tube for tube in kiosk.banks.engine(sending.bank, sending.course).map.tubes if tube.targeted]
    masks = store.read_masks(sending.masks) if sending.masks else [(0, 0)] * len(tubes)
    targeted = {skill.id for tube in tubes for skill in tube.skills(tube.targeted)}
    validated = {
        skill.id for tube, (mask, _) in zip(tubes, masks, strict=True) for skill in tube.skills(mask)
    }
    return Sent(frozenset(targeted), frozenset(validated))


def folded_masks(kiosk: Kiosk, conn: sqlite3.Connection, participation: str) -> Masks:
    """Return what a sending left, from the committed log."""
    return masks_of(fold_events(kiosk.banks, read_events(kiosk.log.events(conn, participation))))


async def fill_missing(kiosk: Kiosk, after: str) -> str | None:
    """Work out one chunk of the rows that older versions did not keep; return which to go on after, or None."""

    def read(conn: sqlite3.Connection) -> list[tuple[str, Masks | None]]:
        return [(pid, _masks_or_none(kiosk, conn, pid)) for pid in store.missing(conn, after, CHUNK)]

    found = await kiosk.db.read(read)
    if not found:
        return None

    def write(tx: Tx) -> None:
        for participation, masks in found:
            if masks is not None:
                store.keep(tx, participation, masks)

    await kiosk.db.write(write)
    return found[-1][0]


def _masks_or_none(kiosk: Kiosk, conn: sqlite3.Connection, participation: str) -> Masks | None:
    try:
        return folded_masks(kiosk, conn, participation)
    except NotFound as problem:
        structlog.get_logger().warning("results not found", participation=participation, reason=problem.code)
        return None

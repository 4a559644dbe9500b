"""A session led to its end by hand: answers for whoever finishes, and what the principal says when finalising."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.items import ShortText
from kiosk.actions.opening import close_session

if TYPE_CHECKING:
    from exam_site import CandidatePage, Day

    from kiosk.store.sessions import Session


async def answer_all(page: CandidatePage, count: int = 32) -> None:
    """Answer so many questions, all wrong: what they are worth is not the matter here."""
    for _ in range(count):
        reply = await page.answer("rien")
        assert reply.status == 200, reply.body


async def answer_right(page: CandidatePage, count: int = 32) -> None:
    """Answer so many questions right: every key of the small bank is said by its item."""
    day = page.day
    for _ in range(count):
        room = day.site.kiosk.rooms.get(day.session.id)
        entry = await day.site.kiosk.db.write(lambda tx: day.site.kiosk.passages.get(tx, page.id))
        asked = entry.attempt.sitting.current
        assert asked is not None
        item = room.paper.bank_of(asked.item).items[asked.item]
        assert isinstance(item.spec, ShortText)
        reply = await page.answer(next(iter(item.spec.blank.accepted.values()))[0])
        assert reply.status == 200, reply.body


async def over(day: Day) -> Session:
    """Close the session."""
    day.session = await close_session(day.site.kiosk, day.principal, day.session.id)
    return day.session

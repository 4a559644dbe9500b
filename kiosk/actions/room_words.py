"""Words of those in charge: a message to one candidate or to all, and handing the room over to another of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.session.room_events import Acted
from kiosk.actors import authorised
from kiosk.errors import NotFound, Refused
from kiosk.room_news import tell_page, tell_room
from kiosk.store import candidates
from kiosk.store import room_notes as store
from kiosk.store.room_notes import Message

if TYPE_CHECKING:
    from kiosk.actors import Actor
    from kiosk.keys import Kiosk
    from sync.db import Tx

LONGEST = 300


async def message(
    kiosk: Kiosk, actor: Actor, session: str, text: str, candidate: str | None = None
) -> Message:
    """Return the message as sent to one candidate, or to everyone; raises Refused when it is empty or too long."""
    now, said = kiosk.clock.now_ms(), " ".join(text.split())
    if not 0 < len(said) <= LONGEST:
        raise Refused("message.bad_text", field="text")

    def job(tx: Tx) -> tuple[Message, list[str]]:
        authorised(tx, actor, session)
        room = kiosk.rooms.get(session)
        everyone = [row.id for row in candidates.of_session(tx, session)]
        if candidate is not None and candidate not in everyone:
            raise NotFound("candidate.unknown")
        number = store.add_message(tx, session, Message(0, candidate, said, now), actor.key)
        about = [candidate] if candidate is not None else []
        done = Acted(room.clock.now(), actor.key, "message", about, f"message {number}", actor.proof)
        kiosk.log.append_event(tx, session, done, now)
        return Message(number, candidate, said, now), about or everyone

    made, told = await kiosk.db.write(job)
    for one in told:
        tell_page(kiosk, one, "message", made)
    tell_room(kiosk, session, "message", str(made.id), made)
    return made


async def hand_over(kiosk: Kiosk, actor: Actor, session: str, to: str, note: str = "") -> None:
    """Write that another key is now in charge of the room; who is let in is the business of its key."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> None:
        authorised(tx, actor, session)
        room = kiosk.rooms.get(session)
        done = Acted(
            room.clock.now(), actor.key, "hand_over", [], f"{to[:100]} {note[:180]}".strip(), actor.proof
        )
        kiosk.log.append_event(tx, session, done, now)

    await kiosk.db.write(job)
    tell_room(kiosk, session, "room", "hand_over", {"to": to})

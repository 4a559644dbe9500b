"""Acts on an organisation: its name, what it allows itself, its logo, its places. For its administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk.actions.campaigns import visible
from kiosk.actions.team import administered
from kiosk.errors import NotFound, Refused, TooLarge
from kiosk.logo import SIDE_MOST, WEIGHT_MOST, is_taken, picture_of
from kiosk.organisations import Organisation, OrganisationKind, Settings
from kiosk.places import MOST_LOT
from kiosk.store import organisations as store
from kiosk.store import places

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from kiosk.store.places import Lot
    from sync.db import Tx

NAME_LIMIT = 255
LABEL_LIMIT = 100


class Changes(msgspec.Struct, frozen=True):
    """What an administrator may change of their organisation."""

    name: str
    kind: OrganisationKind
    settings: Settings


def own(conn: Reader, person: Person) -> Organisation:
    """Return the organisation this person acts for; raises NotFound."""
    found = store.by_id(conn, person.organisation) if person.organisation else None
    if found is None:
        raise NotFound("organisation.unknown")
    return found


async def change(kiosk: Kiosk, person: Person, changes: Changes) -> None:
    """Change an organisation's name, kind and settings; raises Refused naming the field."""
    name = " ".join(visible(changes.name).split())  # it stands in the subject of mails
    if not name or len(name) > NAME_LIMIT:
        raise Refused("organisation.bad_name", field="name", params={"limit": NAME_LIMIT})

    def job(tx: Tx) -> None:
        administered(tx, person)
        kept = msgspec.structs.replace(
            own(tx, person), name=name, kind=changes.kind, settings=changes.settings
        )
        store.change(tx, kept)

    await kiosk.db.write(job)
    kiosk.logins.forget_all()


async def set_logo(kiosk: Kiosk, person: Person, data: bytes | None) -> None:
    """Keep a logo, or none; raises TooLarge or Refused when it is no image of a known type and measure."""
    if data is not None and len(data) > WEIGHT_MOST:
        raise TooLarge("organisation.logo_heavy", field="logo", params={"limit": WEIGHT_MOST // 1024})
    if data is not None and not is_taken(picture_of(data)):
        raise Refused("organisation.logo_unknown", field="logo", params={"limit": SIDE_MOST})
    await kiosk.db.write(lambda tx: store.set_logo(tx, administered(tx, person), data))
    kiosk.logins.forget_all()


async def add_lot(kiosk: Kiosk, person: Person, lot: Lot) -> None:
    """Add a lot of places to the organisation this person administers; raises Refused naming the field."""
    if not 1 <= lot.count <= MOST_LOT:
        raise Refused("places.bad_count", field="count", params={"most": MOST_LOT})
    if lot.until_ms is not None and lot.until_ms <= lot.from_ms:
        raise Refused("places.bad_dates", field="until")
    label = visible(lot.label)
    if len(label) > LABEL_LIMIT:
        raise Refused("places.long_label", field="label", params={"limit": LABEL_LIMIT})

    def job(tx: Tx) -> str:
        organisation = administered(tx, person)
        places.add(tx, msgspec.structs.replace(lot, organisation=organisation, label=label))
        return organisation

    kiosk.places.forget(await kiosk.db.write(job))


async def remove_lot(kiosk: Kiosk, person: Person, lot: int) -> None:
    """Take a lot back; raises NotFound."""

    def job(tx: Tx) -> str:
        organisation = administered(tx, person)
        if not places.remove(tx, organisation, lot):
            raise NotFound("places.unknown")
        return organisation

    kiosk.places.forget(await kiosk.db.write(job))

"""Acts on campaigns: make one, archive it, open it again, find it by its code."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING

import msgspec

from kiosk.codes import new_code, read_code
from kiosk.errors import Conflict, Forbidden, Full, NotFound, Refused
from kiosk.store import campaigns as store
from kiosk.store.campaigns import Campaign
from sync.records import CampaignCreated

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.base import Reader
    from sync.db import Tx

NAME_LIMIT = 255
TITLE_LIMIT = 50
TEXT_LIMIT = 5000
_TRIES = 20
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class NewCampaign(msgspec.Struct, frozen=True):
    """What making a campaign asks for; `text` is Markdown for its first page."""

    name: str
    course: str
    title: str = ""
    text: str = ""


async def create(kiosk: Kiosk, owner: Person, new: NewCampaign) -> Campaign:
    """Make a campaign with a code of its own, and sign that it was made; raises Refused naming the field."""
    organisation = owner.organisation
    if not owner.is_staff or organisation is None:
        raise Forbidden("role.wrong")
    bank = kiosk.banks.current
    name, title, text = visible(new.name), visible(new.title), visible(new.text)
    _check(name, title, text)
    if new.course not in bank.courses:
        raise Refused("campaign.unknown_course", field="course")
    campaign_id, now = secrets.token_hex(8), kiosk.clock.now_ms()

    def job(tx: Tx) -> Campaign:
        for _ in range(_TRIES):
            made = Campaign(
                id=campaign_id,
                code=new_code(),
                name=name,
                course=new.course,
                bank=bank.digest,
                title=title,
                text=text,
                owner=owner.id,
                created_ms=now,
                archived_ms=None,
                owner_first_name=owner.first_name,
                owner_last_name=owner.last_name,
                participants=0,
                shared=0,
                organisation=organisation,
            )
            if store.add(tx, made):
                kiosk.log.append_record(tx, "campaign.created", _record_of(made), now)
                return made
        raise Full("campaign.no_code")

    return await kiosk.db.write(job)


def _record_of(made: Campaign) -> CampaignCreated:
    return CampaignCreated(
        campaign=made.id,
        code=made.code,
        name=made.name,
        course=made.course,
        bank=made.bank,
        teacher=made.owner,
        kind=made.kind,
        organisation=made.organisation,
    )


def visible(text: str) -> str:
    """Return `text` without what nobody sees: controls, signs that turn the reading direction; "" when nothing is left."""
    kept = _UNSEEN.sub("", text).strip()
    return kept if any(unicodedata.category(sign)[0] not in "CZ" for sign in kept) else ""


def _check(name: str, title: str, text: str) -> None:
    if not name:
        raise Refused("campaign.name_required", field="name")
    for field, value, limit in (
        ("name", name, NAME_LIMIT),
        ("title", title, TITLE_LIMIT),
        ("text", text, TEXT_LIMIT),
    ):
        if len(value) > limit:
            raise Refused("campaign.too_long", field=field, params={"limit": limit})


async def update(  # noqa: PLR0913 - who, which, and the three texts that may change
    kiosk: Kiosk, person: Person, campaign: str, *, name: str, title: str, text: str
) -> Campaign:
    """Change the words of an active campaign; its owner and the principal may."""
    name, title, text = visible(name), visible(title), visible(text)
    _check(name, title, text)

    def job(tx: Tx) -> Campaign:
        found = _editable(tx, person, campaign)
        if found.archived:
            raise Conflict("campaign.archived_edit")
        store.set_words(tx, campaign, name, title, text)
        return existing(tx, campaign)

    return await kiosk.db.write(job)


async def archive(kiosk: Kiosk, person: Person, campaign: str, *, archived: bool) -> Campaign:
    """Archive a campaign or open it again; its owner and the principal may."""
    now = kiosk.clock.now_ms()

    def job(tx: Tx) -> Campaign:
        found = _editable(tx, person, campaign)
        if found.archived != archived:
            store.set_archived(tx, campaign, now if archived else None)
        return existing(tx, campaign)

    return await kiosk.db.write(job)


def _editable(conn: Reader, person: Person, campaign: str) -> Campaign:
    found = of_staff(conn, campaign, person)
    if person.id != found.owner and person.role != "principal":
        raise Forbidden("campaign.not_owner")
    return found


def existing(conn: Reader, campaign: str) -> Campaign:
    """Return a campaign, or raise NotFound."""
    found = store.by_id(conn, campaign)
    if found is None:
        raise NotFound("campaign.unknown")
    return found


def of_staff(conn: Reader, campaign: str, person: Person) -> Campaign:
    """Return a campaign of the organisation this person acts for; another's does not exist: raises NotFound."""
    found = existing(conn, campaign)
    if not person.is_staff or found.organisation != person.organisation:
        raise NotFound("campaign.unknown")
    return found


def with_code(conn: Reader, code: str) -> Campaign:
    """Return the campaign of a code as a person typed it, archived or not, or raise NotFound."""
    found = store.by_code(conn, read_code(code))
    if found is None:
        raise NotFound("campaign.unknown_code", field="code")
    return found

"""What forms about oneself share: who one says one is, and for which organisation, from the code one is heading to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk.actions.reconciling import by_number, organisation_of
from kiosk.codes import read_code
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.organisations import SCHOOL
from kiosk.reconciling import Typed
from kiosk.screens.forms import local_address
from kiosk.store import campaigns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.web import Request

    from kiosk.organisations import Organisation
    from kiosk.store.base import Reader

FIELDS = ("first_name", "last_name", "birth_date", "student_number")
_CODE = re.compile(r"/code/([^/?#]{1,40})")


def following_of(words: Mapping[str, str]) -> str:
    """Return where the person is heading, an address of ours."""
    return local_address(words.get("next", "/"))


async def heading_for(request: Request, following: str) -> Organisation:
    """Return the organisation whose code somebody is heading to, else the server's own school."""
    found = _CODE.match(following)

    def job(conn: Reader) -> Organisation:
        campaign = campaigns.by_code(conn, read_code(found[1])) if found else None
        return organisation_of(conn, campaign.organisation if campaign else SCHOOL)

    try:
        return await request.app[KIOSK].db.read(job)
    except NotFound:
        return await request.app[KIOSK].db.read(lambda conn: organisation_of(conn, SCHOOL))


def typed_of(form: Mapping[str, str]) -> Typed:
    """Return what a form says of its author, never longer than is worth reading."""
    return Typed(*(form.get(name, "")[:300] for name in FIELDS))


def asks_number(organisation: Organisation) -> bool:
    """Say whether the form asks for a student number."""
    return by_number(organisation)

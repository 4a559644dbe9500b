"""The participation of an address, when it is that of the person asking: what their pages begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions.campaigns import existing
from kiosk.actions.participations import own_participation
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.page import language
from kiosk.titles import campaign_title, practice_title

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation


class OwnCourse(NamedTuple):
    """A participation of the person asking; `campaign` is None in free practice. `title` is what they read."""

    row: Participation
    campaign: Campaign | None
    title: str

    @property
    def is_collection(self) -> bool:
        """Whether nothing is asked: a profile is there to be sent."""
        return self.campaign is not None and self.campaign.kind == "collection"


async def own_course(request: Request) -> OwnCourse:
    """Return the participation of the address if it is this person's; raises NotFound."""
    kiosk, person, lang = request.app[KIOSK], signed_in(request), language(request)
    wanted = request.match_info["id"]

    def job(conn: Reader) -> tuple[Participation, Campaign | None]:
        row = own_participation(conn, wanted, person)
        return row, None if row.campaign is None else existing(conn, row.campaign)

    row, campaign = await kiosk.db.read(job)
    if campaign is None:
        return OwnCourse(row, None, practice_title(row.competence or "", lang))
    return OwnCourse(row, campaign, campaign_title(kiosk, campaign, lang))

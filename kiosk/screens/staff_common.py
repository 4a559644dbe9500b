"""What every page of a campaign starts from: the campaign, its bank, its course, its stages, and the frame's context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.content import Course
from exam.scoring import stage_ladder
from kiosk.actions.campaigns import of_staff
from kiosk.body import in_time
from kiosk.errors import NotFound
from kiosk.folding import folded
from kiosk.keys import KIOSK
from kiosk.lan.addresses import lan_addresses
from kiosk.origin import is_loopback
from kiosk.screens.access import signed_in
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import CampaignView, StageView, campaign_view, stage_views
from web.i18n import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.web import Request, Response

    from exam.bank import Bank
    from exam.campaign.engine import CampaignEngine
    from exam.stages import Step
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign

FIELD_MOST = 6000
"""Characters of a field that are looked at: a little over the longest text, so that a refusal can say "too long"."""


@dataclass(frozen=True)
class Opened:
    """A campaign with what its course says, for the person asking."""

    campaign: Campaign
    bank: Bank
    layout: CampaignEngine | None
    course: Course
    steps: Sequence[Step]
    lang: str
    person: Person

    @property
    def engine(self) -> CampaignEngine:
        """The course laid out; raises NotFound where profiles are collected, since there is no course."""
        if self.layout is None:
            raise NotFound("page.unknown")
        return self.layout

    @property
    def view(self) -> CampaignView:
        """The campaign as pages show it."""
        return campaign_view(self.campaign, self.course, self.lang)

    @property
    def stages(self) -> list[StageView]:
        """The stages as staff read them."""
        return stage_views(self.course, self.steps, self.lang)

    @property
    def may_change(self) -> bool:
        """Whether this person may archive it or change its texts; the actions decide again."""
        return self.person.id == self.campaign.owner or self.person.role == "principal"


async def opened(request: Request) -> Opened:
    """Return the campaign of the address, which any member of its organisation may read; raises NotFound."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    wanted = request.match_info["id"]
    campaign = await kiosk.db.read(lambda conn: of_staff(conn, wanted, person))
    collected = campaign.kind == "collection"
    engine = None if collected else kiosk.banks.engine(campaign.bank, campaign.course)
    return Opened(
        campaign=campaign,
        bank=kiosk.banks.of(campaign.bank),
        layout=engine,
        course=_no_course(kiosk) if engine is None else engine.definition,
        steps=[] if engine is None else stage_ladder(engine),
        lang=language(request),
        person=person,
    )


def _no_course(kiosk: Kiosk) -> Course:
    """Return what stands for the course where profiles are collected: a name, and nothing to take."""
    name = {lang: kiosk.pages.words.text(lang, "results.profile.collection") for lang in LANGUAGES}
    return Course("", name, dict.fromkeys(LANGUAGES, ""), "OTHER", 0, (), (), ())


def campaign_page(
    request: Request, template: str, found: Opened, *, status: int = 200, **context: object
) -> Response:
    """Return a page of one campaign, inside the staff frame."""
    return page(
        request,
        template,
        status=status,
        space="campaigns",
        campaign=found.view,
        stages=found.stages,
        collects=found.campaign.kind == "collection",
        done=request.query.get("done", ""),
        **context,
    )


async def fields_of(request: Request, *names: str) -> dict[str, str]:
    """Return the named fields of a form as texts, line breaks as one sign, never longer than is worth reading."""
    form = await in_time(request.post())
    values: dict[str, str] = {}
    for name in names:
        value = form.get(name, "")
        text = value if isinstance(value, str) else ""
        values[name] = text.replace("\r\n", "\n").strip()[:FIELD_MOST]
    return values


def base_address(request: Request) -> str:
    """Return the address pupils should open: the one this page was asked under, or a private one from loopback."""
    kiosk = request.app[KIOSK]
    if kiosk.secure and is_loopback(request):
        for address in lan_addresses():
            return f"https://{address}:{kiosk.config.port}"
    return str(request.url.origin())


__all__ = ["Opened", "base_address", "campaign_page", "fields_of", "folded", "opened"]

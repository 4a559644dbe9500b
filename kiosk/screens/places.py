"""The places of an organisation: how many, how many are taken, and the lots they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kiosk.actions import organisation as acts
from kiosk.errors import KioskError, NotFound, Refused
from kiosk.keys import KIOSK
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.organisation import own_organisation
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import local, local_or_none
from kiosk.store import places
from kiosk.store.places import Lot

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

PAGE = "/staff/places"


@dataclass(frozen=True)
class LotView:
    """A lot of places as the table shows it; `until` is its last day, None for ever."""

    id: int
    label: str
    count: int
    begins: datetime
    until: datetime | None
    state: str


def _lot_view(lot: Lot, now_ms: int) -> LotView:
    over = lot.until_ms is not None and lot.until_ms <= now_ms
    state = "over" if over else "coming" if lot.from_ms > now_ms else "active"
    last = local_or_none(None if lot.until_ms is None else lot.until_ms - 1)
    return LotView(lot.id, lot.label, lot.count, local(lot.from_ms), last, state)


async def show(request: Request) -> Response:
    """Show the places, those taken, and the lots they come from."""
    return await _page(request, {}, None)


async def _page(request: Request, form: dict[str, str], refusal: KioskError | None) -> Response:
    kiosk, found = request.app[KIOSK], await own_organisation(request)
    now = kiosk.clock.now_ms()
    lots = await kiosk.db.read(lambda conn: places.of_organisation(conn, found.id))
    counted = await kiosk.db.read(lambda conn: places.counted(conn, found.id, now))
    return page(
        request,
        "staff/places_page.html",
        status=refusal.status if refusal else 200,
        space="organisation",
        places=counted,
        lots=[_lot_view(lot, now) for lot in lots],
        form={"label": "", "count": "", "from": local(now).date().isoformat(), "until": "", **form},
        problem=problem_of(kiosk, language(request), refusal) if refusal else None,
        done=request.query.get("done", ""),
    )


async def add_lot(request: Request) -> Response:
    """Add a lot of places, or show what was typed with why it was refused."""
    form = await form_of(request)
    kept = {name: form.get(name, "").strip()[:200] for name in ("label", "count", "from", "until")}
    try:
        await acts.add_lot(request.app[KIOSK], signed_in(request), _lot_of(kept))
    except Refused as refusal:
        return await _page(request, kept, refusal)
    return go(f"{PAGE}?done=lot")


def _lot_of(form: dict[str, str]) -> Lot:
    count = form["count"]
    number = int(count) if count.isascii() and count.isdigit() and len(count) <= 9 else 0
    until = _midnight(form["until"], "until", days=1) if form["until"] else None  # its last day counts
    return Lot(0, "", number, _midnight(form["from"], "from"), until, form["label"])


def _midnight(text: str, field: str, days: int = 0) -> int:
    """Return when a day written YYYY-MM-DD begins on the school's own clock, in milliseconds; raises Refused."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return int(datetime.combine(day, time()).astimezone().timestamp()) * 1000
    except (ValueError, OverflowError):
        raise Refused("places.bad_date", field=field) from None


async def remove_lot(request: Request) -> Response:
    """Take a lot back."""
    wanted = request.match_info["id"]
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 15):
        raise NotFound("places.unknown")
    await acts.remove_lot(request.app[KIOSK], signed_in(request), int(wanted))
    return go(f"{PAGE}?done=lot_removed")

"""Every address of the central instance in one table: method, path, handler, who may ask, the largest body.

`who`: "machine" is a school's server or a probe, which proves itself by signatures and carries no login; "anyone" is
a person not signed in; "officer" is one who is. Unsafe methods of the last two must come from our own pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp.web import Request, StreamResponse

from sync.central.api import enrolments, health, profiles, records
from sync.central.body import BODY_MAX
from sync.central.middleware import FORM_MAX
from sync.central.screens import choices, entry, participations, schools

Who = Literal["machine", "anyone", "officer"]
Handler = Callable[[Request], Awaitable[StreamResponse]]
SITE = r"{site:s-[0-9a-f]{16}}"
PARTICIPATION = r"{participation:[A-Za-z0-9_.:-]{1,64}}"
HASH = r"{hash:[0-9a-f]{64}}"


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table."""

    method: str
    path: str
    handler: Handler
    who: Who
    body: int = FORM_MAX


ROUTES: tuple[Route, ...] = (
    Route("POST", "/api/v1/records", records.take, "machine", BODY_MAX),
    Route("POST", "/api/v1/enrolments", enrolments.enrol, "machine"),
    Route("GET", "/api/v1/box", profiles.box, "machine"),
    Route("POST", "/api/v1/pieces", profiles.pieces, "machine", BODY_MAX),
    Route("POST", "/api/v1/profiles", profiles.ask, "machine", 64 * 1024),
    Route("GET", "/health", health.health, "machine"),
    Route("GET", "/login", entry.form, "anyone"),
    Route("POST", "/login", entry.sign_in, "anyone"),
    Route("POST", "/logout", entry.sign_out, "officer"),
    Route("GET", "/", schools.home, "officer"),
    Route("GET", "/failures", participations.failures, "officer"),
    Route("GET", "/waiting", participations.waiting, "officer"),
    Route("GET", "/schools/new", schools.new, "officer"),
    Route("POST", "/schools", schools.add, "officer"),
    Route("GET", f"/schools/{SITE}", schools.one, "officer"),
    Route("GET", f"/schools/{SITE}/participations/{PARTICIPATION}", participations.one, "officer"),
    Route("GET", f"/schools/{SITE}/records/{HASH}", participations.record, "officer"),
    Route("GET", "/display", choices.form, "officer"),
    Route("POST", "/display", choices.choose, "officer"),
    Route("GET", "/help/verdict", choices.reading, "anyone"),
)

"""Every address of the central instance in one table: method, path, handler, who may ask, the largest body.

`who`: "machine" is a school's server or a probe, which proves itself by signatures and carries no login; "anyone" is
a person not signed in; "officer" is one who is. Unsafe methods of the last two must come from our own pages.
"""

from __future__ import annotations

from sync.central.api import certifications, enrolments, health, national, profiles, records
from sync.central.body import BODY_MAX
from sync.central.route import HASH, PARTICIPATION, SITE, Handler, Route, Who
from sync.central.routes_certification import CERTIFICATION_ROUTES
from sync.central.screens import choices, entry, participations, schools

__all__ = ["ROUTES", "Handler", "Route", "Who"]

ROUTES: tuple[Route, ...] = (
    Route("POST", "/api/v1/records", records.take, "machine", BODY_MAX),
    Route("POST", "/api/v1/enrolments", enrolments.enrol, "machine"),
    Route("GET", "/api/v1/box", profiles.box, "machine"),
    Route("POST", "/api/v1/pieces", profiles.pieces, "machine", BODY_MAX),
    Route("POST", "/api/v1/profiles", profiles.ask, "machine", 64 * 1024),
    Route("POST", "/api/v1/identities", certifications.identities, "machine", BODY_MAX),
    Route("POST", "/api/v1/statements", certifications.statements, "machine"),
    Route("GET", "/api/v1/livret-scolaire/{uai:[0-9]{7}[A-Za-z]}/certifications", national.livret, "machine"),
    Route("POST", "/api/v1/parcoursup/certification/search", national.parcoursup, "machine"),
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
    *CERTIFICATION_ROUTES,
)

"""Every address of the kiosk in one table: method, path, handler, who may ask, and the largest body it takes.

`who`: "anyone" needs no sign-in; "person" is anyone signed in; "staff" (members of the
organisation they act for) and "principal" (its administrators) are roles; "pupil" marks a page one takes a course
with, open to anyone signed in; "loopback" is this machine. The object is authorised by the action, not here. Unsafe methods
must come from our own pages (`csrf`), see `kiosk.origin`. Addresses asked for at every answer come first: the
dispatcher tries them in order. `docs/urls.md` is generated from this table.
"""

from __future__ import annotations

from kiosk import openapi
from kiosk.api import accounts, campaigns, files, follow, live, participations, probes, sittings, uploads
from kiosk.route import API, FILE, Route
from kiosk.routes_accounts import ACCOUNT_ROUTES, PUPIL_LIST_ROUTES
from kiosk.routes_campaigns import CAMPAIGN_API_ROUTES, CAMPAIGN_ROUTES
from kiosk.routes_exam import EXAM_ROUTES
from kiosk.routes_finalisation import FINALISATION_ROUTES
from kiosk.routes_imports import IMPORT_ROUTES
from kiosk.routes_lockdown import LOCKDOWN_ROUTES
from kiosk.routes_planning import PLANNING_ROUTES
from kiosk.routes_practice import PRACTICE_API_ROUTES, PRACTICE_ROUTES
from kiosk.routes_privacy import PRIVACY_ROUTES
from kiosk.routes_results import RESULTS_ROUTES
from kiosk.routes_supervise import SUPERVISE_ROUTES
from kiosk.routes_team import TEAM_ROUTES
from kiosk.screens import (
    display,
    public,
    pupil,
    pupil_question,
    pupil_results,
    simulator,
    staff_exports,
    staff_server,
)

_SITTING = f"{API}/participations/{{id}}"
_API_CAMPAIGN = f"{API}/campaigns/{{id}}"

API_ROUTES: tuple[Route, ...] = (
    Route("POST", f"{_SITTING}/answers", sittings.answer, "pupil"),
    Route("GET", f"{_SITTING}/next", sittings.next_question, "pupil"),
    Route("POST", f"{_SITTING}/hold", sittings.hold, "pupil"),
    Route("POST", f"{API}/login", accounts.login, "anyone"),
    Route("POST", f"{API}/logout", accounts.logout, "person", first=True),
    Route("GET", f"{API}/me", accounts.me, "person", first=True),
    Route("PUT", f"{API}/me/display", accounts.display, "person", first=True),
    Route("POST", f"{API}/me/password", accounts.password, "person", first=True),
    Route("GET", f"{API}/campaigns/by-code/{{code}}", campaigns.by_code, "person"),
    Route("POST", f"{API}/participations", participations.join, "pupil"),
    Route("GET", f"{API}/participations", participations.listed, "pupil"),
    Route("GET", _SITTING, participations.one, "pupil"),
    Route("GET", f"{_SITTING}/questions/{{number}}/documents/{{name}}", files.document, "pupil"),
    Route("POST", f"{_SITTING}/questions/{{number}}/hand-back", uploads.hand_back, "pupil", body=FILE),
    Route("POST", f"{_SITTING}/reports", sittings.report, "pupil"),
    Route("GET", f"{_SITTING}/checkpoint", participations.checkpoint, "pupil"),
    Route("GET", f"{_SITTING}/results", participations.results, "pupil"),
    Route("POST", f"{_SITTING}/share", participations.share, "pupil"),
    Route("GET", f"{API}/tutorials/{{id}}", campaigns.tutorial, "person"),
    Route("POST", f"{API}/campaigns", campaigns.create, "staff"),
    Route("GET", f"{API}/campaigns", campaigns.listed, "staff"),
    Route("GET", _API_CAMPAIGN, campaigns.one, "staff"),
    Route("POST", f"{_API_CAMPAIGN}/archive", campaigns.archive, "staff"),
    Route("POST", f"{_API_CAMPAIGN}/unarchive", campaigns.unarchive, "staff"),
    Route("GET", f"{_API_CAMPAIGN}/activity", follow.activity, "staff"),
    Route("GET", f"{_API_CAMPAIGN}/results", follow.results, "staff"),
    Route("GET", f"{_API_CAMPAIGN}/participations/{{pid}}", follow.participation, "staff"),
    Route("GET", f"{_API_CAMPAIGN}/results.csv", staff_exports.csv, "staff"),
    *CAMPAIGN_API_ROUTES,
    *PRACTICE_API_ROUTES,
    Route("GET", f"{API}/openapi.json", openapi.description, "anyone"),
)

LIVE_ROUTES: tuple[Route, ...] = (
    Route("GET", "/live/campaigns/{id}", live.campaign, "staff"),
    Route("GET", "/live/participations/{id}", live.participation, "pupil"),
)

PAGE_ROUTES: tuple[Route, ...] = (
    Route("GET", "/", pupil.home, "person"),
    Route("GET", "/sign-in", public.sign_in_page, "anyone"),
    Route("POST", "/sign-in", public.sign_in, "anyone"),
    Route("POST", "/sign-out", public.sign_out, "person", first=True),
    Route("GET", "/password", public.password_page, "person", first=True),
    Route("POST", "/password", public.change_password, "person", first=True),
    Route("POST", "/language", public.choose_language, "anyone"),
    Route("GET", "/help", public.help_page, "anyone"),
    Route("GET", "/accessibility", public.accessibility, "anyone"),
    Route("GET", "/display", display.display_page, "person", first=True),
    Route("POST", "/display", display.change_display, "person", first=True),
    Route("GET", "/account", display.account, "person", first=True),
    Route("POST", "/account/organisation", display.choose_organisation, "person"),
    Route("GET", "/code", pupil.code_page, "pupil"),
    Route("POST", "/code", pupil.enter_code, "pupil"),
    Route("GET", "/code/{code}", pupil.landing, "pupil"),
    Route("POST", "/code/{code}", pupil.start, "pupil"),
    Route("GET", "/participations/{id}", pupil_question.resume, "pupil"),
    Route("GET", "/participations/{id}/question", pupil_question.question, "pupil"),
    Route("GET", "/participations/{id}/checkpoint", pupil_results.checkpoint, "pupil"),
    Route("GET", "/participations/{id}/end", pupil_results.end, "pupil"),
    Route("POST", "/participations/{id}/share", pupil_results.share, "pupil"),
    Route("GET", "/participations/{id}/leave", pupil.leave, "pupil"),
    *PRACTICE_ROUTES,
    Route("GET", "/simulators/{name}", simulator.simulator, "anyone"),
)

STAFF_ROUTES: tuple[Route, ...] = (
    *CAMPAIGN_ROUTES,
    Route("GET", "/staff/server", staff_server.settings, "principal"),
    Route("GET", "/server", staff_server.public, "anyone"),
    Route("GET", "/ca.crt", staff_server.authority, "anyone"),
)

PROBE_ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", probes.health, "anyone"),
    Route("GET", "/metrics", probes.metrics, "loopback"),
)

ROUTES: tuple[Route, ...] = (
    *API_ROUTES,
    *EXAM_ROUTES,
    *SUPERVISE_ROUTES,
    *LOCKDOWN_ROUTES,
    *PLANNING_ROUTES,
    *LIVE_ROUTES,
    *PAGE_ROUTES,
    *STAFF_ROUTES,
    *IMPORT_ROUTES,
    *RESULTS_ROUTES,
    *FINALISATION_ROUTES,
    *ACCOUNT_ROUTES,
    *PUPIL_LIST_ROUTES,
    *PRIVACY_ROUTES,
    *TEAM_ROUTES,
    *PROBE_ROUTES,
)


def urls_markdown() -> str:
    """Return `docs/urls.md`, made from the table so that it cannot be wrong."""
    lines = [
        "# Addresses of the kiosk",
        "",
        "Made from `kiosk/routes.py` by `python -m kiosk.documents`; a test keeps it so.",
        "",
        "| method | path | who | handler |",
        "|---|---|---|---|",
    ]
    for row in ROUTES:
        module = row.handler.__module__.removeprefix("kiosk.")
        lines.append(f"| {row.method} | `{row.path}` | {row.who} | `{module}.{row.handler.__name__}` |")
    return "\n".join(lines) + "\n"

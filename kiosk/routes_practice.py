"""Addresses of a pupil's own space: competences, attempts, profile sendings, tutorials, the rules."""

from __future__ import annotations

from kiosk.api import own as api
from kiosk.route import API, Route
from kiosk.screens import pupil, pupil_attempts, pupil_own, pupil_tutorials

_ROW = "/participations/{id}"
_COMPETENCE = "/competences/{code}"

PRACTICE_ROUTES: tuple[Route, ...] = (
    Route("GET", "/campagnes/{code}", pupil.direct, "pupil"),
    Route("POST", f"{_ROW}/again", pupil_attempts.again, "pupil"),
    Route("POST", f"{_ROW}/retry", pupil_attempts.retry, "pupil"),
    Route("GET", f"{_ROW}/profile", pupil_attempts.profile_page, "pupil"),
    Route("POST", f"{_ROW}/profile", pupil_attempts.send_profile, "pupil"),
    Route("GET", "/competences", pupil_own.competences, "pupil"),
    Route("GET", _COMPETENCE, pupil_own.competence, "pupil"),
    Route("POST", f"{_COMPETENCE}/begin", pupil_own.begin, "pupil"),
    Route("POST", f"{_COMPETENCE}/improve", pupil_own.improve, "pupil"),
    Route("POST", f"{_COMPETENCE}/reset", pupil_own.reset, "pupil"),
    Route("GET", "/my-campaigns", pupil_own.campaigns, "pupil"),
    Route("GET", "/certifications", pupil_own.certifications, "pupil"),
    Route("GET", "/tutorials", pupil_tutorials.tutorials, "pupil"),
    Route("GET", "/tutorials/{id}", pupil_tutorials.tutorial, "person"),
    Route("POST", "/tutorials/{id}", pupil_tutorials.mark, "person"),
    Route("GET", "/rules", pupil_own.rules_page, "pupil"),
    Route("POST", "/rules", pupil_own.rules_read, "pupil"),
)

_API_ROW = f"{API}/participations/{{id}}"
_API_COMPETENCE = f"{API}/me/competences/{{code}}"

PRACTICE_API_ROUTES: tuple[Route, ...] = (
    Route("POST", f"{_API_ROW}/again", api.again, "pupil"),
    Route("POST", f"{_API_ROW}/retry", api.retry, "pupil"),
    Route("POST", f"{_API_ROW}/profile", api.send_profile, "pupil"),
    Route("GET", f"{API}/me/competences", api.competences, "pupil"),
    Route("POST", f"{_API_COMPETENCE}/begin", api.begin, "pupil"),
    Route("POST", f"{_API_COMPETENCE}/improve", api.improve, "pupil"),
    Route("POST", f"{_API_COMPETENCE}/reset", api.start_again, "pupil"),
    Route("GET", f"{API}/me/tutorials", api.own_tutorials, "pupil"),
    Route("PUT", f"{API}/me/tutorials/{{id}}", api.mark_tutorial, "pupil"),
)

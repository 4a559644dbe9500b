"""Addresses of certifications: the jury's pages, and the public page that checks a code."""

from __future__ import annotations

from sync.central.route import CANDIDATE, SESSION, SITE, Route
from sync.central.screens import check, jury_forms, publish_many, sessions

MANY = 64 * 1024
"""Three hundred sessions at once."""
_SESSION = f"/schools/{SITE}/sessions/{SESSION}"
_ONE = f"{_SESSION}/certifications/{CANDIDATE}"

CERTIFICATION_ROUTES: tuple[Route, ...] = (
    Route("GET", "/sessions", sessions.listing, "officer"),
    Route("GET", "/sessions/publish", publish_many.show, "officer"),
    Route("POST", "/sessions/publish", publish_many.publish, "officer", MANY),
    Route("GET", _SESSION, sessions.one, "officer"),
    Route("GET", _ONE, sessions.certification, "officer"),
    Route("POST", f"{_SESSION}/acts", jury_forms.act, "officer"),
    Route("POST", f"{_ONE}/acts", jury_forms.act, "officer"),
    Route("POST", f"{_ONE}/identity", jury_forms.identity, "officer"),
    Route("GET", f"/schools/{SITE}/statements", sessions.statements, "officer"),
    Route("GET", "/verify", check.form, "anyone"),
    Route("POST", "/verify", check.look, "anyone"),
)

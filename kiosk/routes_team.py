"""Addresses of the team, its invitations, its organisation and places, and of what comes before one is in a team."""

from __future__ import annotations

from kiosk.route import Route
from kiosk.screens import terms

TEAM_ROUTES: tuple[Route, ...] = (
    Route("GET", "/terms", terms.terms, "anyone"),
    Route("POST", "/terms", terms.accept, "person"),
    Route("GET", "/staff/welcome", terms.welcome, "staff"),
)

"""Addresses of personal data: one's own, a pupil's, what is kept, and profiles from other schools."""

from __future__ import annotations

from kiosk.route import Route
from kiosk.screens import own_data, staff_privacy, staff_profiles

_PUPIL = "/staff/pupils/{id:[0-9a-f]{16}}"

PRIVACY_ROUTES: tuple[Route, ...] = (
    Route("GET", "/account/data", own_data.own_page, "person"),
    Route("GET", "/account/data.zip", own_data.own_archive, "person"),
    Route("GET", "/staff/privacy", staff_privacy.kept, "principal"),
    Route("GET", "/staff/pupils/profiles", staff_profiles.listing, "principal"),
    Route("POST", "/staff/pupils/profiles", staff_profiles.ask_all, "principal"),
    Route("POST", f"{_PUPIL}/profile", staff_profiles.ask_one, "principal"),
    Route("GET", f"{_PUPIL}/data.zip", staff_privacy.data, "principal"),
    Route("GET", f"{_PUPIL}/erase", staff_privacy.ask_erasure, "principal"),
    Route("POST", f"{_PUPIL}/erase", staff_privacy.erase, "principal"),
)

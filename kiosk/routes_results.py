"""Addresses of following, results, analyses, attestations and the documentation of the staff."""

from __future__ import annotations

from kiosk.route import Route
from kiosk.screens import (
    attestations,
    staff_activity,
    staff_analysis,
    staff_documentation,
    staff_exports,
    staff_pupil,
    staff_results,
)

_CAMPAIGN = "/staff/campaigns/{id}"
_ONE = f"{_CAMPAIGN}/participations/{{pid}}"

RESULTS_ROUTES: tuple[Route, ...] = (
    Route("GET", _CAMPAIGN, staff_activity.activity, "staff"),
    Route("GET", f"{_CAMPAIGN}/results", staff_results.results, "staff"),
    Route("GET", f"{_CAMPAIGN}/results.csv", staff_exports.csv, "staff"),
    Route("GET", f"{_CAMPAIGN}/analysis", staff_analysis.analysis, "staff"),
    Route("GET", _ONE, staff_pupil.pupil, "staff"),
    Route("GET", f"{_ONE}/analysis", staff_pupil.pupil_analysis, "staff"),
    Route("GET", f"{_ONE}/delete", staff_activity.ask_removal, "staff"),
    Route("POST", f"{_ONE}/delete", staff_activity.remove, "staff"),
    Route("GET", "/staff/attestations", attestations.listing, "staff"),
    Route("GET", "/staff/attestations.pdf", attestations.of_class, "staff"),
    Route("GET", "/attestations/{learner}.pdf", attestations.mine, "person"),
    Route("GET", "/staff/documentation", staff_documentation.documentation, "staff"),
    Route("GET", "/staff/documentation/courses/{course}", staff_documentation.course, "staff"),
)

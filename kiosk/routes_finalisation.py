"""Addresses of the end of a certification: finalising a session, its report on paper, results and certificates."""

from __future__ import annotations

from kiosk.route import Route
from kiosk.screens import finalisation

_SESSION = "/staff/sessions/{id}"

FINALISATION_ROUTES: tuple[Route, ...] = (
    Route("GET", f"{_SESSION}/finalise", finalisation.show, "principal"),
    Route("POST", f"{_SESSION}/finalise", finalisation.finalise, "principal"),
    Route("POST", f"{_SESSION}/finalise/close", finalisation.close, "principal"),
    Route("POST", f"{_SESSION}/finalise/reports", finalisation.add_report, "principal"),
    Route(
        "POST", f"{_SESSION}/finalise/reports/{{report}}/withdraw", finalisation.withdraw_report, "principal"
    ),
    Route("GET", f"{_SESSION}/report.pdf", finalisation.paper, "principal"),
)

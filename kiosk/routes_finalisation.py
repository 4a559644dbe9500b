"""Addresses of the end of a certification: finalising a session, its report on paper, results and certificates."""

from __future__ import annotations

from kiosk.api import finalisation as api
from kiosk.route import API, Route
from kiosk.screens import certificates, finalisation

STATEMENTS = 32 * 1024 * 1024 + 64 * 1024
_SESSION = "/staff/sessions/{id}"
_API = f"{API}/sessions/{{id}}"

FINALISATION_ROUTES: tuple[Route, ...] = (
    Route("GET", f"{_SESSION}/finalise", finalisation.show, "principal"),
    Route("POST", f"{_SESSION}/finalise", finalisation.finalise, "principal"),
    Route("POST", f"{_API}/finalisation/statement", api.statement, "principal"),
    Route("POST", f"{_API}/finalisation", api.finalise, "principal"),
    Route("POST", f"{_API}/signature", api.countersign, "anyone"),
    Route("POST", f"{_SESSION}/finalise/close", finalisation.close, "principal"),
    Route("POST", f"{_SESSION}/finalise/reports", finalisation.add_report, "principal"),
    Route(
        "POST", f"{_SESSION}/finalise/reports/{{report}}/withdraw", finalisation.withdraw_report, "principal"
    ),
    Route("GET", f"{_SESSION}/report.pdf", finalisation.paper, "principal"),
    Route("GET", f"{_SESSION}/results.csv", certificates.session_csv, "principal"),
    Route("GET", f"{_SESSION}/certificates.pdf", certificates.session_pdf, "principal"),
    Route("GET", "/staff/certifications", certificates.listing, "principal"),
    Route("GET", "/staff/certifications/results.csv", certificates.class_csv, "principal"),
    Route("GET", "/staff/certifications/certificates.pdf", certificates.class_pdf, "principal"),
    Route(
        "POST",
        "/staff/certifications/statements",
        certificates.import_statements,
        "principal",
        body=STATEMENTS,
    ),
    Route("GET", "/certifications/{candidate}.pdf", certificates.mine, "person"),
)

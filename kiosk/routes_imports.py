"""Addresses of the imports of pupils: pages and JSON, all of them for the principal."""

from __future__ import annotations

from kiosk.api import imports as api
from kiosk.imports.limits import MEBI, UPLOAD_BYTES
from kiosk.route import API, Route
from kiosk.screens import staff_imports as pages

_ENVELOPE = MEBI
"""What a browser wraps around a file; the file itself is counted as it arrives."""
_BODY = UPLOAD_BYTES + _ENVELOPE
_PAGE = "/staff/pupils/import"

IMPORT_ROUTES: tuple[Route, ...] = (
    Route("GET", _PAGE, pages.upload_page, "principal"),
    Route("POST", _PAGE, pages.upload, "principal", body=_BODY),
    Route("GET", f"{_PAGE}/templates/{{format}}.csv", pages.template, "principal"),
    Route("GET", f"{_PAGE}/{{id}}", pages.one_import, "principal"),
    Route("POST", f"{_PAGE}/{{id}}/confirm", pages.confirm, "principal"),
    Route("POST", f"{_PAGE}/{{id}}/cancel", pages.cancel, "principal"),
    Route("GET", f"{API}/imports", api.listed, "principal"),
    Route("POST", f"{API}/imports", api.send, "principal", body=_BODY),
    Route("GET", f"{API}/imports/{{id}}", api.one_import, "principal"),
    Route("POST", f"{API}/imports/{{id}}/confirm", api.confirm, "principal"),
    Route("POST", f"{API}/imports/{{id}}/cancel", api.cancel, "principal"),
)

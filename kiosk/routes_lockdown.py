"""Addresses of lock-down: the extension's line and files, the check of a machine, Safe Exam Browser."""

from __future__ import annotations

from kiosk.api import lockdown
from kiosk.route import API, Route
from kiosk.screens import exam_check, extension_files, seb

_PASSAGE = f"{API}/passages/{{id}}"

LOCKDOWN_ROUTES: tuple[Route, ...] = (
    Route("GET", "/live/lockdown", lockdown.listen, "anyone"),
    Route("POST", f"{API}/machines/claim", lockdown.claim, "anyone"),
    Route("GET", f"{API}/machines/check", lockdown.check, "anyone"),
    Route("POST", f"{_PASSAGE}/lockdown", lockdown.vouched, "anyone"),
    Route("POST", f"{_PASSAGE}/seb", lockdown.nonce, "anyone"),
    Route("GET", "/exam/check", exam_check.check, "anyone"),
    Route("GET", "/exam/seb/quit", seb.way_out, "anyone"),
    Route("GET", "/exam/{id}/seb/{nonce}", seb.prove, "anyone"),
    Route("POST", "/exam/{id}/seb/{nonce}", seb.prove_by_script, "anyone"),
    Route("GET", "/staff/sessions/{id}/seb", seb.file, "principal"),
    Route("GET", "/staff/sessions/{id}/lockdown", seb.settings, "principal"),
    Route("POST", "/staff/sessions/{id}/lockdown", seb.keep_settings, "principal"),
    Route("GET", "/extension/updates.xml", extension_files.chromium_updates, "anyone"),
    Route("GET", "/extension/updates.json", extension_files.firefox_updates, "anyone"),
    Route("GET", "/extension/preau.crx", extension_files.crx, "anyone"),
    Route("GET", "/extension/preau.xpi", extension_files.xpi, "anyone"),
)

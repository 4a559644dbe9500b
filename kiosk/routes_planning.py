"""Addresses of planning: sessions, candidates, files, papers and the go / no-go list, all of them for the principal."""

from __future__ import annotations

from kiosk.enrolment.limits import FILE_BYTES, MEBI
from kiosk.route import FILE, Route
from kiosk.screens import (
    guides,
    planning,
    planning_candidates,
    planning_files,
    planning_papers,
    planning_ready,
    planning_session,
)

_HOME = "/staff/sessions"
_ONE = f"{_HOME}/{{id:[0-9a-f]{{16}}}}"
_CANDIDATE = f"{_ONE}/candidates/{{candidate:[0-9a-f]{{16}}}}"
_UPLOAD = FILE_BYTES + MEBI
"""A file and what a browser wraps around it."""

PLANNING_ROUTES: tuple[Route, ...] = (
    Route("GET", _HOME, planning.listing, "principal"),
    Route("GET", f"{_HOME}/new", planning.new, "principal"),
    Route("POST", f"{_HOME}/new", planning.create, "principal"),
    Route("GET", f"{_HOME}/import", planning_files.many_form, "principal"),
    Route("POST", f"{_HOME}/import", planning_files.many_upload, "principal", body=_UPLOAD),
    Route("GET", f"{_HOME}/import/modele.csv", planning_files.template, "principal"),
    Route("GET", f"{_HOME}/import/{{draft:[0-9a-f]{{16}}}}", planning_files.preview, "principal"),
    Route("POST", f"{_HOME}/import/{{draft:[0-9a-f]{{16}}}}/confirm", planning_files.confirm, "principal"),
    Route("GET", _ONE, planning_session.show, "principal"),
    Route("GET", f"{_ONE}/edit", planning.edit, "principal"),
    Route("POST", f"{_ONE}/edit", planning.change, "principal"),
    Route("GET", f"{_ONE}/remove", planning.removal, "principal"),
    Route("POST", f"{_ONE}/remove", planning.remove, "principal"),
    Route("POST", f"{_ONE}/open", planning_session.open_form, "principal"),
    Route("GET", f"{_ONE}/close", planning_session.closing, "principal"),
    Route("POST", f"{_ONE}/close", planning_session.close_form, "principal"),
    Route("GET", f"{_ONE}/ready", planning_ready.ready, "principal"),
    Route("POST", f"{_ONE}/ready", planning_ready.try_out, "principal"),
    Route("GET", f"{_ONE}/candidates/new", planning_candidates.new, "principal"),
    Route("POST", f"{_ONE}/candidates/new", planning_candidates.add, "principal"),
    Route("GET", _CANDIDATE, planning_candidates.edit, "principal"),
    Route("POST", _CANDIDATE, planning_candidates.change, "principal"),
    Route("POST", f"{_CANDIDATE}/withdraw", planning_candidates.withdraw, "principal"),
    Route("GET", f"{_ONE}/pupils", planning_candidates.pupils, "principal"),
    Route("POST", f"{_ONE}/pupils", planning_candidates.enrol_pupils, "principal", body=FILE),
    Route("GET", f"{_ONE}/candidates.ods", planning_files.sheet, "principal"),
    Route("GET", f"{_ONE}/sheet", planning_files.sheet_form, "principal"),
    Route("POST", f"{_ONE}/sheet", planning_files.sheet_upload, "principal", body=_UPLOAD),
    Route("GET", f"{_ONE}/attendance.pdf", planning_papers.attendance, "principal"),
    Route("POST", f"{_ONE}/kit.pdf", planning_papers.kit, "principal"),
    Route("GET", f"{_ONE}/incidents.pdf", planning_papers.incidents, "principal"),
    Route("GET", "/guides/{name}", guides.guide, "anyone"),
)

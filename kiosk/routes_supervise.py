"""Addresses of supervisors: their ways in, their screen, who is let in. The rows say "anyone": each handler finds who asks."""

from __future__ import annotations

from kiosk.api import supervise as api
from kiosk.route import API, Route
from kiosk.screens import supervise, supervise_phones

_OWN = f"{API}/supervise"
_SESSION = f"{API}/sessions/{{id}}"
_ROOM = "/supervise/{id}"

SUPERVISE_ROUTES: tuple[Route, ...] = (
    Route("POST", f"{_OWN}/keys", api.ask, "anyone"),
    Route("POST", f"{_OWN}/name", api.call_oneself, "anyone"),
    Route("GET", f"{_OWN}/me", api.me, "anyone"),
    Route("GET", f"{_OWN}/nonce", api.nonce, "anyone"),
    Route("GET", f"{_SESSION}/supervisors", api.listed, "anyone"),
    Route("POST", f"{_SESSION}/tickets", api.ticket, "anyone"),
    Route("POST", f"{_SESSION}/password", api.new_password, "anyone"),
    Route("POST", f"{_SESSION}/supervisors/{{supervisor}}/let-in", api.let_in, "anyone"),
    Route("POST", f"{_SESSION}/supervisors/{{supervisor}}/put-out", api.put_out, "anyone"),
    Route("GET", f"{API}/machines/square", api.machine_square, "anyone"),
    Route("GET", "/supervise", supervise.door, "anyone"),
    Route("POST", "/supervise", supervise.enter, "anyone"),
    Route("GET", "/supervise/join", supervise.join, "anyone"),
    Route("GET", "/supervise/machine", supervise.machine, "anyone"),
    Route("GET", _ROOM, supervise.room, "anyone"),
    Route("GET", f"{_ROOM}/candidates/{{candidate}}", supervise.candidate, "anyone"),
    Route("GET", f"{_ROOM}/room", supervise.whole, "anyone"),
    Route("GET", f"{_ROOM}/incidents", supervise.incidents, "anyone"),
    Route("POST", f"{_ROOM}/acts", supervise.act, "anyone"),
    Route("GET", f"{_ROOM}/phones", supervise_phones.phones, "anyone"),
    Route("POST", f"{_ROOM}/phones", supervise_phones.change, "anyone"),
    Route("GET", "/staff/sessions/{id}/phones", supervise_phones.phones, "principal"),
    Route("POST", "/staff/sessions/{id}/phones", supervise_phones.change, "principal"),
)

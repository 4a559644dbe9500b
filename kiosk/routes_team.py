"""Addresses of the team, its invitations, its organisation and places, and of what comes before one is in a team."""

from __future__ import annotations

from kiosk.logo import WEIGHT_MOST
from kiosk.route import Route
from kiosk.screens import first_run, invitation, organisation, places, team, team_invitations, terms

_MEMBER = "/staff/team/members/{person}"
_INVITATIONS = "/staff/team/invitations"
_ENVELOPE = 64 * 1024
"""What a browser wraps around a file; the file itself is counted as it arrives."""

TEAM_ROUTES: tuple[Route, ...] = (
    Route("GET", "/terms", terms.terms, "anyone"),
    Route("POST", "/terms", terms.accept, "person"),
    Route("GET", "/first-run", first_run.show, "anyone"),
    Route("POST", "/first-run", first_run.name_first, "anyone"),
    Route("GET", "/invitation/{code}", invitation.show, "anyone"),
    Route("POST", "/invitation/{code}", invitation.accept, "person"),
    Route("POST", "/invitation/{code}/account", invitation.register, "anyone"),
    Route("GET", "/organisations/{id}/logo", organisation.logo, "person"),
    Route("GET", "/staff/welcome", terms.welcome, "staff"),
    Route("GET", "/staff/team", team.listing, "staff"),
    Route("GET", "/staff/team/leave", team.ask_leave, "staff"),
    Route("POST", "/staff/team/leave", team.leave, "staff"),
    Route("POST", f"{_MEMBER}/role", team.change_role, "principal"),
    Route("GET", _MEMBER, team.member, "principal"),
    Route("POST", f"{_MEMBER}/remove", team.remove, "principal"),
    Route("POST", f"{_MEMBER}/password", team.give_password, "principal"),
    Route("GET", _INVITATIONS, team_invitations.pending, "principal"),
    Route("POST", _INVITATIONS, team_invitations.invite, "principal"),
    Route("POST", f"{_INVITATIONS}/{{id}}/again", team_invitations.send_again, "principal"),
    Route("POST", f"{_INVITATIONS}/{{id}}/cancel", team_invitations.cancel, "principal"),
    Route("GET", "/staff/organisation", organisation.show, "staff"),
    Route("POST", "/staff/organisation", organisation.change, "principal"),
    Route(
        "POST", "/staff/organisation/logo", organisation.set_logo, "principal", body=WEIGHT_MOST + _ENVELOPE
    ),
    Route("POST", "/staff/organisation/logo/remove", organisation.drop_logo, "principal"),
    Route("GET", "/staff/places", places.show, "staff"),
    Route("POST", "/staff/places", places.add_lot, "principal"),
    Route("POST", "/staff/places/{id}/remove", places.remove_lot, "principal"),
)

"""Addresses of accounts and of the list of pupils."""

from __future__ import annotations

from kiosk.route import Route
from kiosk.screens import (
    own_sign_in,
    provider,
    recovery,
    register,
    staff_handover,
    staff_learner,
    staff_pupils,
)

_PUPIL = "/staff/pupils/{id:[0-9a-f]{16}}"
_HANDOVER = "/staff/pupils/handover/{name}"

ACCOUNT_ROUTES: tuple[Route, ...] = (
    Route("GET", "/register", register.register_page, "anyone"),
    Route("POST", "/register", register.register, "anyone"),
    Route("GET", "/reconcile", register.reconcile_page, "person"),
    Route("POST", "/reconcile", register.reconcile, "person"),
    Route("GET", "/forgotten", recovery.forgotten_page, "anyone"),
    Route("POST", "/forgotten", recovery.forgotten, "anyone"),
    Route("GET", "/leaving", recovery.leaving_page, "anyone"),
    Route("POST", "/leaving", recovery.leaving, "anyone"),
    Route("GET", "/recover", recovery.recover_page, "anyone"),
    Route("POST", "/recover", recovery.recover, "anyone"),
    Route("GET", "/sign-in/first", provider.first_page, "anyone"),
    Route("POST", "/sign-in/first", provider.first, "anyone"),
    Route("GET", "/sign-in/{provider}", provider.leave, "anyone"),
    Route("GET", "/sign-in/{provider}/back", provider.back, "anyone"),
    Route("GET", "/account/sign-in", own_sign_in.ways_page, "person"),
    Route("POST", "/account/email", own_sign_in.set_email, "person"),
    Route("POST", "/account/email/drop", own_sign_in.drop_email, "person"),
)

PUPIL_LIST_ROUTES: tuple[Route, ...] = (
    Route("GET", "/staff/pupils", staff_pupils.listing, "staff"),
    Route("POST", "/staff/pupils/passwords", staff_pupils.reset, "staff"),
    Route("POST", "/staff/pupils/delete", staff_pupils.delete, "principal"),
    Route("GET", "/staff/pupils/accounts", staff_pupils.accounts, "staff"),
    Route("POST", "/staff/pupils/accounts", staff_pupils.create_accounts, "staff"),
    Route("GET", "/staff/pupils/requests", staff_handover.requests, "staff"),
    Route("GET", _HANDOVER, staff_handover.handover, "staff"),
    Route("GET", f"{_HANDOVER}/slips", staff_handover.slips, "staff"),
    Route("GET", f"{_HANDOVER}/csv", staff_handover.csv, "staff"),
    Route("POST", f"{_HANDOVER}/drop", staff_handover.drop, "staff"),
    Route("GET", _PUPIL, staff_learner.learner, "staff"),
    Route("POST", f"{_PUPIL}/password", staff_learner.reset, "staff"),
    Route("POST", f"{_PUPIL}/username", staff_learner.add_username, "staff"),
    Route("POST", f"{_PUPIL}/recovery", staff_learner.hand_over, "staff"),
    Route("POST", f"{_PUPIL}/email", staff_learner.confirm_email, "staff"),
    Route("POST", f"{_PUPIL}/number", staff_learner.set_number, "principal"),
)

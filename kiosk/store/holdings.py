"""Every table of the server, and what it holds about a person: the one list that export and erasure are made from.

A table that is not here fails a test, so that nobody can add one and forget it. `whose` picks the rows of one person: `:person`
is the account (empty for a pupil without one), `:learners` and `:mails` are JSON lists. `erase` says what becomes of them.
"""

from __future__ import annotations

from typing import NamedTuple

_L = "(SELECT value FROM json_each(:learners))"
_P = "(SELECT id FROM participations WHERE pupil = :person OR learner IN (SELECT value FROM json_each(:learners)))"
_C = "(SELECT id FROM candidates WHERE person = :person OR learner IN (SELECT value FROM json_each(:learners)))"

DELETE = "DELETE"


class Holding(NamedTuple):
    """What one table holds of a person."""

    table: str
    whose: str
    """Condition on its rows; empty: it holds nothing of a person."""
    erase: str = ""
    """What follows SET, or DELETE, or empty: the rows stay as they are, being ids and figures."""
    hidden: frozenset[str] = frozenset()
    """Columns never given to anybody: secrets and their digests."""


def _h(table: str, whose: str, erase: str = "", *hidden: str) -> Holding:
    return Holding(table, whose, erase, frozenset(hidden))


_LEARNER_BLANK = ", ".join(
    f"{column} = NULL"
    for column in [
        "middle_name",
        "third_name",
        "preferred_last_name",
        "sex",
        "birth_date",
        "birth_city",
        "birth_city_code",
        "birth_department",
        "birth_country",
        "ine",
        "student_number",
        "unique_key",
        "division",
        "class_group",
        "mef",
        "status",
        "email",
        "department",
        "educational_team",
        "diploma",
        "study_scheme",
        "extra",
        "certifiable",
        "certifiable_ms",
    ]
)

HOLDINGS: tuple[Holding, ...] = (
    # Addresses of mail are read before they are blanked.
    _h("mails", "recipient IN (SELECT value FROM json_each(:mails))", DELETE),
    _h("recoveries", f"person = :person OR learner IN {_L}", DELETE, "digest"),
    _h("emails", "person = :person", DELETE),
    _h("identities", "person = :person", DELETE),
    _h("logins", "person = :person", DELETE, "digest"),
    _h("invitations", "accepted_by = :person", "email = NULL", "digest"),
    _h("memberships", "person = :person", "left_ms = coalesce(left_ms, :now)"),
    _h("principal_keys", "person = :person"),
    _h("finalisation_statements", "person = :person", DELETE, "nonce", "salts"),
    _h("saved_tutorials", "person = :person", DELETE),
    _h("useful_tutorials", "person = :person", DELETE),
    _h("rules_read", "person = :person", DELETE),
    _h("resets", "person = :person", DELETE),
    _h("reports", f"participation IN {_P}", "text = ''"),
    _h("uploads", f"participation IN {_P}", DELETE),
    _h("settled", f"participation IN {_P}", DELETE),
    _h("results", f"participation IN {_P}", DELETE),
    _h("attestations", f"learner IN {_L}", DELETE),
    _h("carried_states", f"learner IN {_L}", DELETE),
    _h(
        "profile_requests",
        f"learner IN {_L} OR person = :person",
        "state = CASE state WHEN 'queued' THEN 'dropped' ELSE state END",
    ),
    _h("pieces", "person = :person", DELETE),
    _h("learner_import_rows", f"learner IN {_L}", DELETE),
    _h("learner_imports", "person = :person", "", "base", "report", "file_name"),
    _h("identity_sheets", f"candidate IN {_C}", DELETE),
    _h("certificates", f"candidate IN {_C}", DELETE, "token"),
    _h("leftovers", f"candidate IN {_C}", DELETE),
    _h("candidate_uploads", f"candidate IN {_C}", DELETE),
    _h("session_messages", f"candidate IN {_C}", "text = ''"),
    _h("incidents", f"candidate IN {_C}", "text = ''"),
    _h("candidate_passes", f"candidate IN {_C}", "ended_ms = coalesce(ended_ms, :now)", "digest"),
    _h("seb_nonces", f"candidate IN {_C}", DELETE, "nonce"),
    _h("lockdown_waivers", f"candidate IN {_C}", "reason = ''"),
    _h("lockdown_refusals", f"candidate IN {_C}"),
    _h("participations", f"id IN {_P}", "external_id = NULL, deleted_ms = coalesce(deleted_ms, :now)"),
    _h(
        "candidates",
        f"id IN {_C}",
        "first_name = '', last_name = '', name_key = id, sex = NULL, birth_date = '', birth_city = NULL,"
        " birth_city_code = NULL, birth_postcode = NULL, birth_country = NULL, email = NULL, results_email = NULL,"
        " external_id = NULL, division = NULL, erased_ms = :now",
    ),
    _h("campaigns", "owner = :person"),
    _h("courses", "owner = :person"),
    _h("erasures", f"subject = :person OR subject IN {_L}"),
    _h(
        "learners",
        f"id IN {_L}",
        f"first_name = '', last_name = '', {_LEARNER_BLANK}, erased_ms = :now, deleted_ms = coalesce(deleted_ms, :now)",
    ),
    _h(
        "people",
        "id = :person",
        "username = NULL, email = NULL, first_name = '', last_name = '', password = NULL, must_change = 0, lang = 'fr',"
        " theme = 'light', face = 'atkinson', size = 'normal', disabled = 1, erased_ms = :now, organisation = NULL,"
        " seen_ms = NULL",
        "password",
    ),
    # Nothing of a person, or of nobody who can be told: hashes of names tried, visits of a few minutes, rooms and machines.
    *(
        Holding(table, "")
        for table in [
            "attempts",
            "newcomers",
            "provider_visits",
            "organisations",
            "places",
            "sessions",
            "session_clocks",
            "machines",
            "seb_settings",
            "statements",
            "supervisor_tickets",
            "supervisors",
            "supervisor_refusals",
            "report_signatures",
            "log_events",
            "log_seals",
            "log_records",
            "log_tombstones",
            "migrations_applied",
        ]
    ),
)
"""In the order they are erased: a row is gone before what it is found by."""

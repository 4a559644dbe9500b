"""The data of a session's report on paper: what was finalised, and the head of its chain in words and as a square.

Four words copied by hand and a square anybody can scan tie the sheet in the principal's drawer to the log of the server.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from kiosk.finalisation_rules import standing
from kiosk.lan.qr import qr_path
from kiosk.session_codes import head_words
from sync.chain import head_of
from web.dates import short_date

if TYPE_CHECKING:
    from kiosk.finalisation_signed import Signed
    from kiosk.keys import Kiosk
    from kiosk.store.candidates import Candidate
    from kiosk.store.room_notes import Incident
    from kiosk.store.sessions import Session

LANG = "fr"


class Reported(Protocol):
    """What the report tells: a session, its candidates, what was reported."""

    @property
    def session(self) -> Session: ...  # noqa: D102 - named by itself
    @property
    def rows(self) -> list[Candidate]: ...  # noqa: D102 - named by itself
    @property
    def incidents(self) -> list[Incident]: ...  # noqa: D102 - named by itself
    @property
    def signed(self) -> list[Signed]: ...  # noqa: D102 - named by itself


def square(session: Session, head: str) -> str:
    """Return what the square of the report says."""
    return f"PREAU-SESSION:{session.number}:{head.upper()}"


def _local(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone()


def svg_of(text: str) -> str:
    """Return a square as an SVG picture."""
    code = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.size} {code.size}">'
        f'<path d="{code.path}" stroke="#000" fill="none"/></svg>'
    )


def report_sheet(kiosk: Kiosk, view: Reported, chain: list[bytes]) -> dict[str, object]:
    """Return the data of the document, in French: it goes to the authority that certifies."""
    session = view.session

    def say(key: str, **params: object) -> str:
        return kiosk.pages.t(LANG, f"finalisation.paper.{key}", **params)

    head = head_of(chain)
    names = {row.id: f"{row.last_name} {row.first_name}" for row in view.rows}
    return {
        "lang": LANG,
        "title": say("title", number=session.number),
        "school": kiosk.identity.name,
        "place": f"{session.site}, {session.room}",
        "day": say("day", day="/".join(reversed(session.date.split("-"))), time=session.time),
        "examiners": say("examiners", names=session.examiners),
        "draft": "" if session.status == "finalised" else say("draft"),
        "finalised": say("finalised", day=short_date(_local(session.finalised_ms), LANG))
        if session.finalised_ms is not None
        else "",
        "head_title": say("head_title"),
        "head_words": " · ".join(head_words(head)) if head else say("no_head"),
        "head": head,
        "head_how": say("head_how"),
        "qr": svg_of(square(session, head)) if head else "",
        "qr_alt": say("qr_alt"),
        "columns": [say(f"column.{name}") for name in ("name", "birth", "state", "answers", "chain")],
        "candidates": [_row(kiosk, row) for row in view.rows],
        "candidates_title": say("candidates", count=len(view.rows)),
        "reports_title": say("reports"),
        "no_report": say("no_report"),
        "reports": [_report(kiosk, one, names) for one in view.incidents],
        "comment_title": say("comment"),
        "comment": session.comment or say("no_comment"),
        "toggles": [
            say(key)
            for key, on in (
                ("has_incident", session.has_incident),
                ("has_joining_issue", session.has_joining_issue),
            )
            if on
        ],
        "signatures_title": say("signatures"),
        "signatures": [
            say(
                "signed_by_key" if one.by_key else "signed_by_hand",
                name=one.name,
                role=say(f"role.{one.role}"),
            )
            for one in view.signed
        ],
        "hands": [
            say("hand", name=one.name, role=say(f"role.{one.role}")) for one in view.signed if not one.by_key
        ]
        if view.signed
        else [say("signature")],
        "footer": say("footer", number=session.number),
    }


def _row(kiosk: Kiosk, row: Candidate) -> list[str]:
    stands = standing(row)
    state = kiosk.pages.t(LANG, f"finalisation.standing.{stands}")
    if row.abandonment:
        state = f"{state} ({kiosk.pages.t(LANG, f'finalisation.reason.{row.abandonment}')})"
    return [
        f"{row.last_name} {row.first_name}",
        "/".join(reversed(row.birth_date.split("-"))),
        state,
        str(row.answered) if row.started_ms is not None else "-",
        row.id,
    ]


def _report(kiosk: Kiosk, one: Incident, names: dict[str, str]) -> str:
    who = names.get(one.candidate or "", kiosk.pages.t(LANG, "finalisation.paper.room"))
    what = kiosk.pages.t(LANG, f"supervise.category.{one.category}")
    where = (
        f" ({kiosk.pages.t(LANG, 'supervise.incident.question', number=one.number)})" if one.number else ""
    )
    return f"{one.category}. {what}{where}. {who}. {one.text}".strip()

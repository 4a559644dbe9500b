"""How the supervisor's pages say what they show: a state's colour and drawing, the order of the list, what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.candidate_view import NEEDS
from web.security import HEADERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.candidate_view import CandidateView

LOOKS: dict[str, tuple[str, str]] = {
    "alert": ("alert", "flag"),
    "extension_missing": ("wait", "extension"),
    "silent": ("alert", "offline"),
    "call": ("wait", "info"),
    "resume_asked": ("wait", "swap"),
    "leftover": ("wait", "upload"),
    "waiting": ("wait", "door"),
    "overtime": ("wait", "clock"),
    "left": ("wait", "door"),
    "registered": ("off", "minus"),
    "absent": ("off", "minus"),
    "checked_in": ("off", "door"),
    "admitted": ("info", "door"),
    "in_progress": ("info", "play"),
    "paused": ("wait", "pause"),
    "resume_allowed": ("info", "door"),
    "moved": ("info", "swap"),
    "ended": ("ok", "check"),
}
"""Colour and drawing of each state and need."""

ICONS = tuple(
    sorted({drawing for _, drawing in LOOKS.values()} | {"check", "alert", "people", "plus", "back"})
)

UNDONE_BY: dict[str, str] = {
    "admit": "cancel_admission",
    "pause": "resume",
    "pause_all": "resume_all",
    "veto": "reinstate",
}
"""What takes an act back, where that is one act on the same candidates."""

GROUPS = ("now", "going", "before", "over")
_BEFORE = frozenset({"registered", "checked_in", "admitted"})

SCAN_POLICY = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")
"""The page that scans a machine's square may use the camera; no other may."""


class Told(NamedTuple):
    """What was just done or refused, and for whom."""

    done: str
    refused: str
    who: CandidateView | None


def look_of(one: CandidateView) -> str:
    """Return the name of the state to show: the need when there is one, else the state."""
    return one.need or one.state


def by_need(everyone: Sequence[CandidateView]) -> dict[str, list[CandidateView]]:
    """Return candidates by group: who needs somebody now, by need; then by seat who works, who is not there yet, who is done."""
    groups: dict[str, list[CandidateView]] = {name: [] for name in GROUPS}
    for one in sorted(everyone, key=lambda one: (one.seat or "~", one.last_name, one.first_name)):
        groups[_group(one)].append(one)
    groups["now"].sort(key=lambda one: NEEDS.index(one.need))
    return groups


def _group(one: CandidateView) -> str:
    if one.need:
        return "now"
    if one.state in {"ended", "absent"}:
        return "over"
    return "before" if one.state in _BEFORE else "going"


def told(query: Mapping[str, str], everyone: Sequence[CandidateView]) -> Told:
    """Return what the address says was just done."""
    who = next((one for one in everyone if one.id == query.get("who")), None)
    return Told(query.get("done", "")[:40], query.get("refused", "")[:60], who)

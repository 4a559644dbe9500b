"""What happens to a session as a whole: the words of the session's own chain, whose sitting is the session's id."""

from __future__ import annotations

from typing import Literal

import msgspec

Act = Literal[
    "admit",
    "cancel_admission",
    "turn_away",
    "allow_resume",
    "pause",
    "resume",
    "pause_all",
    "resume_all",
    "add_time",
    "end",
    "move",
    "rule",
    "clear_lockdown",
    "waive_lockdown",
    "veto",
    "reinstate",
    "rule_leftover",
    "incident",
    "withdraw_incident",
    "message",
    "hand_over",
    "answer_call",
    "join",
    "revoke",
]
"""What supervisors do; one `Acted` each, beside what it means in the candidates' chains."""


class RoomOpened(msgspec.Struct, frozen=True, tag="room_opened"):
    """The session opened: by which bundle, engine and digests it is led, and how the day key came."""

    session: str
    bundle: str
    bank: str
    tables: str
    thresholds: str
    scale: str
    engine: str
    mode: str
    rehearsal: bool
    allowance_ms: int
    candidates: int
    by: str
    how: Literal["code", "box"]


class Acted(msgspec.Struct, frozen=True, tag="acted"):
    """Somebody in charge acted. `proof` is what their own device signed, empty for whoever used the server's own screen."""

    t: int
    by: str
    act: Act
    candidates: list[str]
    reason: str
    proof: str


class ClockWent(msgspec.Struct, frozen=True, tag="clock_went"):
    """The server or the machine restarted, or the wall clock jumped; `t` goes on.

    `wall_ms` is what the wall clock moved by beyond the session's clock, a note.
    """

    t: int
    why: Literal["server_restarted", "machine_restarted", "wall_jumped"]
    wall_ms: int


class RoomClosed(msgspec.Struct, frozen=True, tag="room_closed"):
    """The session is over: no passage is open any more, and the day key is gone from this server."""

    t: int
    by: str


RoomEvent = RoomOpened | Acted | ClockWent | RoomClosed

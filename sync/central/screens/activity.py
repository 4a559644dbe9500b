"""What a school's page says of its year: imports, campaigns, courses, profiles, erasures, and profiles it asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sync import frames
from sync.central.store import activity, profiles
from sync.record_check import RecordError, read_body
from sync.records import Record

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.store.activity import Kept
    from sync.central.store.profiles import Ask
    from sync.records import RecordBody

TYPES = ("learner.imported", "campaign.created", "course.created", "profile.shared", "person.erased")
COUNTED = (*TYPES, "profile.state")
LAST = 6
"""Records of each type shown."""

_record = msgspec.json.Decoder(Record)


class Line(NamedTuple):
    """One thing that happened; `kind` names its words, `said` is the record's body."""

    kind: str
    seq: int
    at: int
    said: RecordBody


class Activity(NamedTuple):
    """What a school's page shows of its year."""

    lines: list[Line]
    counts: dict[str, int]
    pieces: int
    asks: list[Ask]


async def activity_of(conn: AsyncConnection, site: str) -> Activity:
    """Return what a school did, the last first."""
    found = [
        line
        for kind in TYPES
        for kept in await activity.last_of_type(conn, site, kind, LAST)
        if (line := _line(kind, kept)) is not None
    ]
    counts = await activity.count_types(conn, site, COUNTED)
    return Activity(
        sorted(found, key=lambda line: -line.seq),
        {kind.replace(".", "_"): count for kind, count in counts.items()},
        await profiles.count_pieces(conn, site),
        await profiles.read_asks(conn, site),
    )


def _line(kind: str, kept: Kept) -> Line | None:
    """Return what a record says, None when its body cannot be read: that is among the problems already."""
    try:
        said = read_body(_record.decode(frames.parse(kept.frame).body))
    except (frames.FrameError, RecordError, msgspec.MsgspecError):
        return None
    return None if said is None else Line(kind.replace(".", "_"), kept.seq, kept.at, said)

"""A certification question by question, as a jury reads it: what was asked, given and found, and what became of each report.

Pure: a kept record in, lines out. A replaced question stands as its own line under the number its replacement took.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from exam.certification.events import Alerted, Answered, Asked, Graded, Left, Ruled, Withdrawn
from sync import frames
from sync.central.certification_reading import read_sealed
from sync.central.verdicts import UnreadableError
from sync.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_ANSWER = 120


@dataclass(slots=True)
class Line:
    """One question as it was asked; `ability` is what it was chosen at, in thousandths of a logit."""

    number: int
    item: str
    ability: int
    answer: str = ""
    outcome: str = ""
    spent_s: int = 0
    left: bool = False
    alert: str = ""
    """`ongoing`, `withdrawn`, `dismissed` or `validated` (then the question was replaced); empty without a report."""
    reason: str = ""

    @property
    def replaced(self) -> bool:
        """Whether another question took this one's number."""
        return self.alert == "validated"


def lines_of(frame: bytes) -> list[Line]:
    """Return the questions of a kept certification, none when the record says nothing that can be read."""
    try:
        record = msgspec.json.decode(frames.parse(frame).body, type=Record)
        return fold(read_sealed(bytes(record.body)).events)
    except (UnreadableError, frames.FrameError, msgspec.MsgspecError):
        return []


def fold(events: Iterable[object]) -> list[Line]:
    """Return the questions that events of a chain tell of, in the order in which they were asked."""
    lines: list[Line] = []
    for event in events:
        if isinstance(event, Asked):
            lines.append(Line(event.number, event.item, event.ability))
        elif lines and getattr(event, "number", None) == lines[-1].number:
            _apply(lines[-1], event)
    return lines


def _apply(line: Line, event: object) -> None:
    match event:
        case Answered(answer=answer, spent_ms=spent, left=left):
            line.answer = "" if answer is None else _short(answer)
            line.spent_s, line.left = spent // 1000, line.left or left
        case Graded(outcome=outcome):
            line.outcome = outcome
        case Left():
            line.left = True
        case Alerted():
            line.alert = "ongoing"
        case Withdrawn():
            line.alert = "withdrawn"
        case Ruled(ruling=ruling, reason=reason):
            line.alert, line.reason = ruling, reason
        case _:
            pass


def _short(answer: object) -> str:
    text = answer if isinstance(answer, str) else msgspec.json.encode(answer).decode()
    return text if len(text) <= LONGEST_ANSWER else text[: LONGEST_ANSWER - 1] + "…"

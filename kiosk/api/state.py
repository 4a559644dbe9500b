"""`State`: where a sitting stands, as the question page reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from kiosk.api.reply import encode

if TYPE_CHECKING:
    from kiosk.actions.sittings import Position
    from kiosk.keys import Kiosk


class State(msgspec.Struct, frozen=True):
    """The waiting question, or the end.

    `position` is 1 to 5 since the last checkpoint; `progress` a whole percentage; `checkpoint` says one is due before
    this question; `remaining` is the seconds left of a timed question, null without timer; `question` is null when a
    timed question waits behind a checkpoint, and when the sitting is finished.
    """

    state: Literal["question", "finished"]
    number: int | None
    position: int | None
    answered: int
    progress: int
    checkpoint: bool
    remaining: int | None
    epoch: int
    question: msgspec.Raw | None


def state_of(kiosk: Kiosk, where: Position) -> State:
    """Return the state to send for a position of `kiosk.actions.sittings`."""
    asked = where.asked
    if asked is None:
        return State(
            state="finished",
            number=None,
            position=None,
            answered=where.answered,
            progress=100,
            checkpoint=False,
            remaining=None,
            epoch=where.epoch,
            question=None,
        )
    question = None
    if not where.held_back:
        question = kiosk.questions.raw(where.bank, asked.item, where.seed, asked.lang)
    return State(
        "question",
        asked.number,
        where.position,
        where.answered,
        where.progress // 10,
        where.checkpoint,
        where.remaining,
        where.epoch,
        question,
    )


def raw_state(kiosk: Kiosk, where: Position) -> msgspec.Raw:
    """Return the state as JSON, to stand beside a refusal."""
    return msgspec.Raw(encode(state_of(kiosk, where)))

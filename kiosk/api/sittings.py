"""The question page's own calls: take the sitting, ask for the next question, answer, report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from kiosk.actions import sittings
from kiosk.actions.sittings import Given, GivenReport
from kiosk.api.accounts import Empty
from kiosk.api.reply import body_of, reply
from kiosk.api.state import State, state_of
from kiosk.errors import BadRequest
from kiosk.keys import KIOSK
from kiosk.live_news import tell_fenced, tell_progress
from kiosk.screens.access import login_of, signed_in

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

Number = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Epoch = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Typed = Annotated[str, msgspec.Meta(max_length=4000)]
Several = Annotated[list[Typed], msgspec.Meta(max_length=200)]
Named = Annotated[dict[Typed, Typed], msgspec.Meta(max_length=200)]
Category = Literal["picture", "document", "display", "wording", "answer", "other"]


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer: the question's number, the page's key and epoch; null to pass."""

    number: Number
    key: Key
    epoch: Epoch
    answer: Typed | Several | Named | None


class ReportBody(msgspec.Struct, frozen=True):
    """A problem with a question."""

    number: Number
    category: Category
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class SavedView(msgspec.Struct, frozen=True):
    """The receipt of an answer: its place and its hash in the sitting's chain."""

    number: int
    seq: int
    head: str


class AnswerReply(msgspec.Struct, frozen=True):
    """What was saved, and where the sitting stands now."""

    saved: SavedView
    state: State


class EpochReply(msgspec.Struct, frozen=True):
    """The epoch this page now holds."""

    epoch: int


_answer = msgspec.json.Decoder(AnswerBody)
_report = msgspec.json.Decoder(ReportBody)


async def answer(request: Request) -> StreamResponse:
    """Record an answer and return the next question."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    body = await body_of(request, _answer)
    participation = request.match_info["id"]
    given = Given(body.number, body.key, body.epoch, body.answer)
    recorded = await sittings.record_answer(kiosk, person, participation, given)
    where = recorded.where
    tell_progress(kiosk, participation, where)
    saved = recorded.saved
    return reply(AnswerReply(SavedView(saved.number, saved.seq, saved.head), state_of(kiosk, where)))


async def next_question(request: Request) -> StreamResponse:
    """Return where the sitting stands."""
    kiosk = request.app[KIOSK]
    where = await sittings.next_question(
        kiosk,
        signed_in(request),
        request.match_info["id"],
        query_number(request, "epoch"),
        after_checkpoint=request.query.get("after_checkpoint") == "1",
    )
    return reply(state_of(kiosk, where))


async def hold(request: Request) -> StreamResponse:
    """Take the sitting for this page."""
    kiosk, login = request.app[KIOSK], login_of(request)
    participation = request.match_info["id"]
    epoch = await sittings.hold(kiosk, login.person, participation, login.id)
    tell_fenced(kiosk, participation, epoch)
    return reply(EpochReply(epoch))


async def report(request: Request) -> StreamResponse:
    """Keep a report on a question."""
    body = await body_of(request, _report)
    await sittings.report(
        request.app[KIOSK],
        signed_in(request),
        request.match_info["id"],
        GivenReport(body.number, body.category, body.text.strip()),
    )
    return reply(Empty())


def query_number(request: Request, name: str, *, most: int = 2**53) -> int:
    """Return a whole number of the query string; raises BadRequest."""
    text = request.query.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= most):
        raise BadRequest("request.wrong_shape", field=name)
    return int(text)

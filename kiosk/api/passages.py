"""A certification's question page: what it asks of this server. Its shapes are those of a campaign's, with the room's beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from aiohttp.web import Response

from kiosk.actions import candidate_files, check_in, leftovers, passage
from kiosk.actions.leftovers import Offered
from kiosk.actions.passage import Beat, Given
from kiosk.actions.uploads import GivenFile
from kiosk.api import lockdown
from kiosk.api.accounts import Empty
from kiosk.api.files import question_number
from kiosk.api.reply import body_of, file_of, reply
from kiosk.api.sittings import AnswerBody, Epoch, EpochReply, Number, SavedView, query_number
from kiosk.api.uploads import FILE_LIMIT, HandBackReply
from kiosk.errors import NotSignedIn
from kiosk.exam_access import any_pass, machine_of, pass_of
from kiosk.keys import KIOSK
from kiosk.passage_place import PassageState, state_of
from kiosk.room_news import tell_page, tell_place
from kiosk.screens.page import language
from web.downloads import attachment

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.passage_place import Place
    from kiosk.store.machines import Pass


class CandidateAnswer(AnswerBody, frozen=True):
    """An answer; `left`: the page's window was left while the question was shown; `serial`: which question it is."""

    left: bool = False
    serial: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0


class PassageAnswered(msgspec.Struct, frozen=True):
    """What was saved, and where the passage stands now."""

    saved: SavedView
    state: PassageState


class AboutQuestion(msgspec.Struct, frozen=True):
    """A question by its number, and the page's epoch."""

    number: Number
    epoch: Epoch = 0


class BeatBody(msgspec.Struct, frozen=True):
    """A page that is there: its epoch, and how long it could not reach the server, in milliseconds."""

    epoch: Epoch
    cut_ms: Annotated[int, msgspec.Meta(ge=0, le=2**40)] = 0


class BeatReply(msgspec.Struct, frozen=True):
    """Whole seconds given back just now."""

    given_back: int


class CallBody(msgspec.Struct, frozen=True):
    """Whether a supervisor is wanted."""

    wanted: bool


class HereReply(msgspec.Struct, frozen=True):
    """This machine: its label, the code a supervisor scans to send a passage here, and whether one waits for it."""

    label: str
    code: str
    moved: bool


_answer = msgspec.json.Decoder(CandidateAnswer)
_about = msgspec.json.Decoder(AboutQuestion)
_beat = msgspec.json.Decoder(BeatBody)
_call = msgspec.json.Decoder(CallBody)
_offered = msgspec.json.Decoder(Offered)


async def _mine(request: Request) -> Pass:
    return await pass_of(request, request.match_info["id"])


async def answer(request: Request) -> StreamResponse:
    """Record a candidate's answer and return the next question."""
    kiosk, found = request.app[KIOSK], await _mine(request)
    body = await body_of(request, _answer)
    given = Given(body.number, body.key, body.epoch, body.answer, language(request), body.left, body.serial)
    recorded = await passage.record_answer(kiosk, found, given)
    tell_place(kiosk, recorded.where, own=False)
    saved = recorded.saved
    return reply(
        PassageAnswered(SavedView(saved.number, saved.seq, saved.head), state_of(kiosk, recorded.where))
    )


async def next_question(request: Request) -> StreamResponse:
    """Return where the passage stands."""
    where = await passage.look(request.app[KIOSK], await _mine(request), query_number(request, "epoch"))
    return reply(state_of(request.app[KIOSK], where))


async def hold(request: Request) -> StreamResponse:
    """Take the passage for this page."""
    kiosk, found = request.app[KIOSK], await _mine(request)
    where = await passage.hold(kiosk, found)
    tell_page(kiosk, found.candidate, "fenced", {"epoch": where.epoch})
    tell_place(kiosk, where, own=False)
    return reply(EpochReply(where.epoch))


async def report(request: Request) -> StreamResponse:
    """Report the waiting question: it is frozen until a supervisor has ruled."""
    body = await body_of(request, _about)
    return _told(
        request,
        await passage.report(request.app[KIOSK], await _mine(request), body.number, body.epoch),
    )


async def withdraw_report(request: Request) -> StreamResponse:
    """Take one's own report back, before anyone has ruled: the same question goes on."""
    body = await body_of(request, _about)
    return _told(
        request,
        await passage.withdraw_report(request.app[KIOSK], await _mine(request), body.number, body.epoch),
    )


async def window(request: Request) -> StreamResponse:
    """Note that the window of the waiting question was left."""
    body = await body_of(request, _about)
    await passage.window_left(request.app[KIOSK], await _mine(request), body.number)
    return reply(Empty())


async def leave(request: Request) -> StreamResponse:
    """Lock the page, to leave the seat."""
    return _told(request, await passage.leave(request.app[KIOSK], await _mine(request)))


async def come_back(request: Request) -> StreamResponse:
    """Go on after leaving the seat, once allowed."""
    return _told(request, await passage.come_back(request.app[KIOSK], await _mine(request)))


async def call(request: Request) -> StreamResponse:
    """Ask for a supervisor, or no longer."""
    body = await body_of(request, _call)
    return _told(request, await passage.call(request.app[KIOSK], await _mine(request), wanted=body.wanted))


async def beat(request: Request) -> StreamResponse:
    """Say that the page is there, and for how long it could not say so."""
    kiosk, found = request.app[KIOSK], await _mine(request)
    body = await body_of(request, _beat)
    where = await passage.beat(kiosk, found, Beat(body.epoch, body.cut_ms))
    if where is not None:
        tell_place(kiosk, where)
    return reply(BeatReply(where.given_back_s if where is not None else 0))


async def offer(request: Request) -> StreamResponse:
    """Offer an answer this machine had kept when the passage went elsewhere: a supervisor decides."""
    found = await any_pass(request, request.match_info["id"])
    await leftovers.offer(request.app[KIOSK], found, await body_of(request, _offered))
    return reply(Empty())


async def start(request: Request) -> StreamResponse:
    """Begin, once admitted."""
    kiosk, found = request.app[KIOSK], await _mine(request)
    await lockdown.let_in(request, found.candidate)
    await check_in.start(kiosk, found, language(request))
    return _told(request, await passage.look(kiosk, found))


async def document(request: Request) -> StreamResponse:
    """Return a document of the waiting question, to be saved on the machine."""
    made = await candidate_files.document(
        request.app[KIOSK], await _mine(request), question_number(request), request.match_info["name"]
    )
    return Response(
        body=made.data,
        headers={"Content-Type": made.media_type, "Content-Disposition": attachment(made.name)},
    )


async def hand_back(request: Request) -> StreamResponse:
    """Take a file back and say by what name to answer with it."""
    kiosk, found, number = request.app[KIOSK], await _mine(request), question_number(request)
    data = await file_of(request, FILE_LIMIT)
    given = GivenFile(request.query.get("name", ""), data)
    return reply(HandBackReply(await candidate_files.hand_back(kiosk, found, number, given)))


async def here(request: Request) -> StreamResponse:
    """Say which machine this is, and whether a passage was sent to it."""
    kiosk, machine = request.app[KIOSK], await machine_of(request)
    if machine is None:
        raise NotSignedIn("passage.check_in_first")
    moved = await check_in.waits_here(kiosk, machine.id)
    code = kiosk.rooms.code_of(machine.id, kiosk.clock.now_ms())
    return reply(HereReply(machine.label, code, moved))


def _told(request: Request, where: Place) -> Response:
    """Tell the room, and return where the passage stands."""
    kiosk = request.app[KIOSK]
    tell_place(kiosk, where, own=False)
    return reply(state_of(kiosk, where))

"""A candidate's pages: the door (who are you), the wait, the question, the end. One address says where they stand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.actions import check_in, passage
from kiosk.actions.check_in import Arrival
from kiosk.actions.passage import as_question
from kiosk.api import lockdown
from kiosk.api.reply import encode
from kiosk.errors import Conflict, KioskError, NotFound, NotSignedIn
from kiosk.exam_access import machine_of, pass_of, secret_of, set_cookie
from kiosk.keys import KIOSK, LOGIN
from kiosk.logins import digest_of
from kiosk.origin import address_of
from kiosk.passage_place import state_of
from kiosk.refusals import problem_of
from kiosk.room_news import tell_place
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import language, page
from kiosk.session_codes import head_words
from kiosk.store import candidates, machines
from kiosk.store import sessions as session_store
from sync.chain import head_of
from web.security import QUESTION_POLICY

if TYPE_CHECKING:
    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.passage_place import Place
    from kiosk.store.candidates import Candidate
    from kiosk.store.machines import Machine, Pass
    from kiosk.store.sessions import Session

DOOR = "/exam"
ELSEWHERE = f"{DOOR}?moved=1"
"""The door of a machine whose passage went to another: what it kept is handed over there, and it may serve again."""

_FIELDS = ("number", "last_name", "first_name", "day", "month", "year")

_MODULES = (
    *("question", "exam_room", "exam_clock", "answer_store", "connection", "controls", "dom", "fence"),
    *("sender", "view", "words"),
)
_SHARED_BY = {
    "single_choice": "choice_cards",
    "multiple_choice": "choice_cards",
    "fill_blanks": "blanks",
    "dropdowns": "blanks",
}


async def door(request: Request) -> StreamResponse:
    """Ask who is there; a machine that already has a candidate goes on with them."""
    known = await _candidate_here(request)
    if known is not None:
        return go(f"{DOOR}/{known}")
    return await _door(request, {})


async def come_in(request: Request) -> StreamResponse:
    """Take an identity; a refusal shows the page again, with what was typed."""
    kiosk = request.app[KIOSK]
    form = await form_of(request)
    typed = {name: form.get(name, "").strip()[:100] for name in _FIELDS}
    machine, fresh = await _machine(request)
    login = request[LOGIN]
    try:
        arrival = Arrival(
            int(typed["number"]) if typed["number"].isascii() and typed["number"].isdigit() else 0,
            typed["first_name"],
            typed["last_name"],
            _date(typed),
        )
        person = login.person if login is not None else None
        came = await check_in.check_in(kiosk, person, machine, arrival, address_of(request))
    except KioskError as refusal:
        return await _door(request, typed, refusal, fresh=fresh)
    response = go(f"{DOOR}/{came.candidate}")
    set_cookie(request, response, "candidate", came.secret)
    if fresh:
        set_cookie(request, response, "machine", fresh)
    await _tell(request, came.candidate)
    return response


async def take_over(request: Request) -> StreamResponse:
    """Go on here with the passage that a supervisor sent to this machine."""
    kiosk, machine = request.app[KIOSK], await machine_of(request)
    came = await check_in.take_over(kiosk, machine) if machine is not None else None
    if came is None:
        return go(DOOR)
    response = go(f"{DOOR}/{came.candidate}")
    set_cookie(request, response, "candidate", came.secret)
    return response


async def place(request: Request) -> StreamResponse:
    """Show where the candidate stands: the wait, or else go to the question or the end."""
    kiosk, candidate = request.app[KIOSK], request.match_info["id"]
    row, session = await _row(request, candidate)
    try:
        found = await _mine(request, ended=row.state == "ended")
    except Conflict:
        return go(ELSEWHERE)
    if row.state == "ended":
        return go(f"{DOOR}/{candidate}/end")
    if found.pending:
        return _wait(request, row, session, "asking", await _seat(request, found))
    where = await passage.look(kiosk, found)
    if where.state == "ended":
        return go(f"{DOOR}/{candidate}/end")
    if row.started_ms is not None:
        return go(f"{DOOR}/{candidate}/question")
    return _wait(request, row, session, where.state, await _seat(request, found))


async def give_code(request: Request) -> StreamResponse:
    """Take the access code; a wrong one shows the page again."""
    kiosk, candidate = request.app[KIOSK], request.match_info["id"]
    found = await _mine(request)
    form = await form_of(request)
    try:
        kiosk.rooms.arrivals.check(address_of(request), kiosk.clock.now_ms())
        await lockdown.let_in(request, candidate)
        await check_in.give_code(kiosk, found, form.get("code", ""))
    except Conflict:
        return go(f"{DOOR}/{candidate}")
    except KioskError as refusal:
        row, session = await _row(request, candidate)
        problem = problem_of(kiosk, language(request), refusal)
        return _wait(request, row, session, row.state, await _seat(request, found), problem)
    await _tell(request, candidate)
    return go(f"{DOOR}/{candidate}")


async def begin(request: Request) -> StreamResponse:
    """Begin, once admitted."""
    kiosk, candidate = request.app[KIOSK], request.match_info["id"]
    found = await _mine(request)
    await lockdown.let_in(request, candidate)
    await check_in.start(kiosk, found, language(request))
    await _tell(request, candidate)
    return go(f"{DOOR}/{candidate}/question")


async def question(request: Request) -> StreamResponse:
    """Show the waiting question, or why it is held; the page itself then takes the passage and sends the answers."""
    kiosk, candidate = request.app[KIOSK], request.match_info["id"]
    try:
        found = await _mine(request)
    except Conflict:
        row, _ = await _row(request, candidate)
        return go(f"{DOOR}/{candidate}/end" if row.state == "ended" else ELSEWHERE)
    row, session = await _row(request, candidate)
    if row.started_ms is None or found.pending or row.state == "ended":
        return go(f"{DOOR}/{candidate}")
    where = await passage.look(kiosk, found)
    if where.asked is None:
        return go(f"{DOOR}/{candidate}/end")
    state = json.loads(encode(state_of(kiosk, where)))
    here = f"{DOOR}/{candidate}"
    shown = {
        "participation": candidate,
        "api": f"/api/v1/passages/{candidate}",
        "live": f"/live/passages/{candidate}",
        "exam": True,
        "epoch": where.epoch,
        "urls": {"here": f"{here}/question", "end": f"{here}/end", "checkpoint": here, "leave": here},
        "state": state,
    }
    kind = as_question(where).bank.items[where.asked.item].kind
    response = page(
        request,
        "exam/question.html",
        page=shown,
        modules=_modules(kind),
        who=row,
        session=session,
        seat=await _seat(request, found),
        hour=local(kiosk.clock.now_ms()),
    )
    response.headers["Content-Security-Policy"] = QUESTION_POLICY
    response.enable_compression()
    return response


async def end(request: Request) -> StreamResponse:
    """Say what was recorded, and the short code of the chain that holds it."""
    kiosk, candidate = request.app[KIOSK], request.match_info["id"]
    found = await _mine(request, ended=True)
    row, session = await _row(request, candidate)
    if row.state != "ended":
        return go(f"{DOOR}/{candidate}")
    lines = await kiosk.db.read(lambda conn: kiosk.log.events(conn, candidate))
    return page(
        request,
        "exam/end.html",
        who=row,
        session=session,
        seat=await _seat(request, found),
        words=head_words(head_of(lines)),
        events=len(lines),
        ended=local(row.ended_ms) if row.ended_ms is not None else None,
        hour=local(kiosk.clock.now_ms()),
    )


async def _mine(request: Request, *, ended: bool = False) -> Pass:
    candidate = request.match_info["id"]
    try:
        return await pass_of(request, candidate, pending=True)
    except (Conflict, NotSignedIn):
        secret = secret_of(request, "candidate")
        if not ended or secret is None:
            raise
        from_old = await request.app[KIOSK].db.read(lambda conn: machines.ended_pass(conn, digest_of(secret)))
        if from_old is None or from_old.candidate != candidate:
            raise
        return from_old


async def _row(request: Request, candidate: str) -> tuple[Candidate, Session]:
    found = await request.app[KIOSK].db.read(lambda conn: candidates.by_id(conn, candidate))
    if found is None:
        raise NotFound("passage.unknown")
    session = await request.app[KIOSK].db.read(lambda conn: session_store.by_id(conn, found.session))
    if session is None:
        raise NotFound("passage.unknown")
    return found, session


async def _candidate_here(request: Request) -> str | None:
    """Return the candidate whose pass this browser holds, while the passage may go on."""
    kiosk, secret = request.app[KIOSK], secret_of(request, "candidate")
    if secret is None:
        return None
    found = await kiosk.passes.find(secret, kiosk.clock.now_ms())
    if found is None:
        return None
    row = await kiosk.db.read(lambda conn: candidates.by_id(conn, found.candidate))
    if row is None or row.state in {"ended", "registered"}:
        return None
    return row.id if kiosk.rooms.find(row.session) is not None else None


async def _machine(request: Request) -> tuple[Machine, str]:
    """Return this machine, and the secret to give it when it was not known (empty when it was)."""
    known = await machine_of(request)
    if known is not None:
        return known, ""
    return await check_in.know_machine(request.app[KIOSK], address_of(request))


async def _door(
    request: Request, typed: dict[str, str], refusal: KioskError | None = None, *, fresh: str = ""
) -> Response:
    kiosk = request.app[KIOSK]
    machine, made = await _machine(request) if not fresh else (None, fresh)
    problem = problem_of(kiosk, language(request), refusal) if refusal is not None else None
    response = page(
        request,
        "exam/door.html",
        status=refusal.status if refusal is not None else 200,
        typed={name: typed.get(name, "") for name in _FIELDS},
        problem=problem,
        wrong=refusal.field if refusal is not None else None,
        moved="moved" in request.query,
        machine=machine,
        seat=machine.label if machine is not None else "",
        hour=local(kiosk.clock.now_ms()),
    )
    if made:
        set_cookie(request, response, "machine", made)
    return response


def _wait(  # noqa: PLR0913, PLR0917 - a page is filled from exactly these
    request: Request, row: Candidate, session: Session, state: str, seat: str, problem: object = None
) -> Response:
    return page(
        request,
        "exam/wait.html",
        status=422 if problem else 200,
        who=row,
        session=session,
        state=state,
        seat=seat,
        problem=problem,
        seconds=session.allowance_min * 60 * (100 + row.extra_percent) // 100,
        hour=local(request.app[KIOSK].clock.now_ms()),
        page={
            "api": f"/api/v1/passages/{row.id}",
            "live": f"/live/passages/{row.id}",
            "here": f"{DOOR}/{row.id}",
            "state": state,
        },
    )


async def _seat(request: Request, found: Pass) -> str:
    known = await request.app[KIOSK].db.read(lambda conn: machines.by_id(conn, found.machine))
    return known.label if known is not None else ""


async def _tell(request: Request, candidate: str) -> None:
    """Tell the room where this candidate stands now."""
    kiosk = request.app[KIOSK]
    where: Place | None = await passage.peek(kiosk, candidate)
    if where is not None:
        tell_place(kiosk, where)


def _date(typed: dict[str, str]) -> str:
    """Return the three fields of a date as YYYY-MM-DD, malformed when they are."""
    day, month, year = (typed[name] for name in ("day", "month", "year"))
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def _modules(kind: str) -> list[str]:
    items = [kind, _SHARED_BY[kind]] if kind in _SHARED_BY else [kind]
    return [*(f"{name}.js" for name in _MODULES), *(f"items/{name}.js" for name in items)]


def local(at_ms: int) -> datetime:
    """Return an instant on this server's own clock and zone, for people to read."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone()

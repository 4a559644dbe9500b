"""The OpenAPI 3.1 description of the JSON API, made from the table of routes and the Structs the handlers use.

`OPERATIONS` says, for each handler, what it takes and gives; what is common to all (who may ask, limits, the shape of a
refusal) is derived from the row of the table, so that the description follows the code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp.web import Response

from kiosk.actions.leftovers import Offered
from kiosk.api import (
    accounts,
    acts,
    campaigns,
    courses,
    files,
    finalisation,
    follow,
    imports,
    lockdown,
    own,
    participations,
    passages,
    rooms,
    sittings,
    supervise,
    uploads,
)
from kiosk.api.results import ResultsReply
from kiosk.api.state import State
from kiosk.keys import RULES
from kiosk.passage_place import PassageState
from kiosk.refusals import Refusal
from kiosk.room_view import RoomView
from kiosk.screens import staff_exports

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse

    from kiosk.route import Handler, Route

_JSON = "application/json"
_IN_PATH = re.compile(r"\{(\w+)\}")
_WHOLE = {"type": "integer", "minimum": 0, "maximum": 2**53}


@dataclass(frozen=True)
class Operation:
    """What one handler takes and gives besides what every row has; `file` is the media type of a reply without JSON."""

    reply: Any
    body: Any = None
    query: tuple[tuple[str, dict[str, Any], bool], ...] = ()
    refusals: tuple[int, ...] = ()
    file: str | None = None


_FLAG = {"type": "string", "enum": ["0", "1", "true", "false"]}
_EPOCH = ("epoch", _WHOLE, True)

OPERATIONS: dict[Handler, Operation] = {
    accounts.login: Operation(accounts.PersonReply, accounts.Credentials, refusals=(401, 429)),
    accounts.logout: Operation(accounts.Empty),
    accounts.me: Operation(accounts.PersonReply),
    accounts.display: Operation(accounts.PersonReply, accounts.Wishes),
    accounts.password: Operation(accounts.Empty, accounts.Passwords, refusals=(422, 429)),
    campaigns.by_code: Operation(campaigns.LandingReply),
    campaigns.tutorial: Operation(campaigns.TutorialReply),
    campaigns.update: Operation(campaigns.CampaignReply, campaigns.WordsBody, refusals=(409, 422)),
    campaigns.delete: Operation(campaigns.DeletedReply, campaigns.DeletionBody, refusals=(422,)),
    campaigns.delete_participation: Operation(campaigns.DeletedReply),
    courses.listed: Operation(courses.CourseList),
    courses.create: Operation(courses.CourseReply, courses.DefinitionBody, refusals=(409, 422)),
    courses.one: Operation(courses.DefinitionReply),
    courses.withdraw: Operation(accounts.Empty),
    own.again: Operation(participations.ParticipationReply, own.AgainBody, refusals=(409,)),
    own.retry: Operation(participations.ParticipationReply, refusals=(409,)),
    own.send_profile: Operation(own.ProfileReply, participations.ConsentBody, refusals=(409, 422)),
    own.competences: Operation(own.CompetencesReply),
    own.begin: Operation(participations.ParticipationReply, refusals=(409,)),
    own.improve: Operation(participations.ParticipationReply, refusals=(409,)),
    own.start_again: Operation(accounts.Empty, refusals=(409,)),
    own.own_tutorials: Operation(own.TutorialsReply),
    own.mark_tutorial: Operation(accounts.Empty, own.MarkBody),
    campaigns.create: Operation(campaigns.CampaignReply, campaigns.NewCampaignBody, refusals=(422,)),
    campaigns.listed: Operation(
        campaigns.CampaignList,
        query=(("filter", {"type": "string", "enum": ["mine", "all"]}, False), ("archived", _FLAG, False)),
    ),
    campaigns.one: Operation(campaigns.CampaignReply),
    campaigns.archive: Operation(campaigns.CampaignReply),
    campaigns.unarchive: Operation(campaigns.CampaignReply),
    files.document: Operation(None, file="application/octet-stream"),
    follow.activity: Operation(follow.ActivityReply),
    follow.results: Operation(follow.CampaignResults),
    staff_exports.csv: Operation(None, file="text/csv"),
    follow.participation: Operation(follow.PupilResults, refusals=(409,)),
    participations.join: Operation(
        participations.ParticipationReply, campaigns.JoinBody, refusals=(404, 409)
    ),
    participations.listed: Operation(participations.ParticipationList),
    participations.one: Operation(participations.ParticipationReply),
    participations.checkpoint: Operation(participations.CheckpointReply, query=(("until", _WHOLE, False),)),
    participations.results: Operation(ResultsReply, refusals=(409,)),
    participations.share: Operation(
        participations.SharedReply, participations.ConsentBody, refusals=(409, 422)
    ),
    sittings.answer: Operation(sittings.AnswerReply, sittings.AnswerBody, refusals=(409, 422)),
    sittings.next_question: Operation(
        State,
        query=(_EPOCH, ("after_checkpoint", {"type": "string", "enum": ["0", "1"]}, False)),
        refusals=(409,),
    ),
    sittings.hold: Operation(sittings.EpochReply, refusals=(409, 429)),
    imports.listed: Operation(imports.ImportsReply),
    imports.send: Operation(
        imports.ImportReply,
        bytes,
        query=(
            ("format", {"type": "string"}, False),
            ("mode", {"type": "string", "enum": ["update", "replace", "add"]}, False),
            ("name", {"type": "string", "maxLength": 200}, False),
        ),
        refusals=(409, 422),
    ),
    imports.one_import: Operation(imports.ImportReply),
    imports.confirm: Operation(imports.ImportReply, refusals=(409,)),
    imports.cancel: Operation(imports.ImportReply, refusals=(409,)),
    uploads.hand_back: Operation(
        uploads.HandBackReply,
        bytes,
        query=(("name", {"type": "string", "minLength": 1, "maxLength": 200}, True),),
        refusals=(409, 422),
    ),
    sittings.report: Operation(accounts.Empty, sittings.ReportBody, refusals=(409, 422)),
    passages.answer: Operation(passages.PassageAnswered, passages.CandidateAnswer, refusals=(401, 409, 422)),
    passages.beat: Operation(passages.BeatReply, passages.BeatBody, refusals=(401, 409)),
    passages.next_question: Operation(PassageState, query=(_EPOCH,), refusals=(401, 409)),
    passages.hold: Operation(sittings.EpochReply, refusals=(401, 409, 429)),
    passages.report: Operation(PassageState, passages.AboutQuestion, refusals=(401, 409)),
    passages.withdraw_report: Operation(PassageState, passages.AboutQuestion, refusals=(401, 409)),
    passages.window: Operation(accounts.Empty, passages.AboutQuestion, refusals=(401, 409)),
    passages.call: Operation(PassageState, passages.CallBody, refusals=(401, 409)),
    passages.leave: Operation(PassageState, refusals=(401, 409)),
    passages.come_back: Operation(PassageState, refusals=(401, 409)),
    passages.start: Operation(PassageState, refusals=(401, 409)),
    passages.offer: Operation(accounts.Empty, Offered, refusals=(409,)),
    passages.document: Operation(None, file="application/octet-stream", refusals=(401, 409)),
    passages.hand_back: Operation(
        uploads.HandBackReply,
        bytes,
        query=(("name", {"type": "string", "minLength": 1, "maxLength": 200}, True),),
        refusals=(401, 409, 422),
    ),
    lockdown.claim: Operation(lockdown.LabelReply, lockdown.Ticket, refusals=(409,)),
    lockdown.check: Operation(lockdown.CheckReply),
    lockdown.vouched: Operation(lockdown.VouchedReply, lockdown.Heard, refusals=(401, 409)),
    lockdown.nonce: Operation(lockdown.PathReply, refusals=(401, 404)),
    passages.here: Operation(passages.HereReply, refusals=(401,)),
    rooms.room: Operation(RoomView, refusals=(401, 409)),
    supervise.ask: Operation(supervise.AskReply, supervise.AskBody, refusals=(409, 422)),
    supervise.call_oneself: Operation(accounts.Empty, supervise.NameBody, refusals=(401,)),
    supervise.me: Operation(supervise.MeReply, refusals=(401,)),
    supervise.nonce: Operation(supervise.FreshReply, refusals=(401, 422)),
    supervise.listed: Operation(supervise.SupervisorsReply, refusals=(401,)),
    supervise.ticket: Operation(supervise.TicketReply, accounts.Empty, refusals=(401, 409)),
    supervise.new_password: Operation(supervise.PasswordReply, accounts.Empty, refusals=(401,)),
    supervise.machine_square: Operation(supervise.SquareReply, refusals=(401,)),
    supervise.let_in: Operation(accounts.Empty, supervise.LetInBody, refusals=(401, 409)),
    supervise.put_out: Operation(accounts.Empty, supervise.WhyBody, refusals=(401, 409)),
    acts.act: Operation(acts.ActReply, acts.ActBody, refusals=(401, 409, 422)),
    acts.open_session: Operation(acts.StatusReply, acts.OpenBody, refusals=(401, 409, 422)),
    acts.close_session: Operation(acts.StatusReply, refusals=(401, 409)),
    finalisation.statement: Operation(
        finalisation.StatementReply, finalisation.StatementBody, refusals=(409, 422)
    ),
    finalisation.finalise: Operation(accounts.Empty, finalisation.SignedBody, refusals=(409, 422)),
    finalisation.countersign: Operation(accounts.Empty, finalisation.SignatureBody, refusals=(401, 409)),
}


def described(rows: tuple[Route, ...]) -> dict[str, Any]:
    """Return the description of these rows; raises KeyError when a handler has no line in `OPERATIONS`."""
    structs = [Refusal]
    for operation in OPERATIONS.values():
        structs += [kind for kind in (operation.reply, operation.body) if kind not in {None, bytes}]
    _, components = msgspec.json.schema_components(structs, ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.handler is description:
            continue
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row, OPERATIONS[row.handler])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Préau",
            "version": "1",
            "description": "The JSON API of a Préau kiosk: what its own pages use.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"login": {"type": "apiKey", "in": "cookie", "name": "__Host-preau"}},
        },
    }


def _operation(row: Route, operation: Operation) -> dict[str, Any]:
    doc = (row.handler.__doc__ or "").strip().split("\n")[0]
    module = row.handler.__module__.rsplit(".", 1)[-1]
    described: dict[str, Any] = {
        "operationId": f"{module}_{row.handler.__name__}",
        "summary": doc,
        "tags": [module],
        "responses": _responses(row, operation),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _IN_PATH.findall(row.path)
    ] + [
        {"name": name, "in": "query", "required": required, "schema": schema}
        for name, schema, required in operation.query
    ]
    if parameters:
        described["parameters"] = parameters
    if operation.body is bytes:
        described["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    elif operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {_JSON: {"schema": _ref(operation.body)}},
        }
    if row.who != "anyone":
        described["security"] = [{"login": []}]
    return described


def _responses(row: Route, operation: Operation) -> dict[str, Any]:
    if operation.file is not None:
        content: dict[str, Any] = {operation.file: {}}
    else:
        content = {_JSON: {"schema": _ref(operation.reply)}}
    found: dict[str, Any] = {"200": {"description": "Done.", "content": content}}
    for status in sorted({*_common(row, operation), *operation.refusals}):
        found[str(status)] = {
            "description": _REASONS[status],
            "content": {_JSON: {"schema": _ref(Refusal)}},
        }
    return found


def _common(row: Route, operation: Operation) -> set[int]:
    statuses = {403, 503}
    if row.who != "anyone":
        statuses.add(401)
    if operation.body is not None:
        statuses.add(408)
    if operation.body not in {None, bytes}:
        statuses |= {400, 413, 415}
    if operation.query or row.method == "POST":
        statuses.add(400)
    if row.method != "GET":
        statuses.add(413)
    if "{" in row.path:
        statuses.add(404)
    return statuses


def _ref(kind: Any) -> dict[str, str]:  # noqa: ANN401 - a Struct class, which has no common type
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


_REASONS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the password is wrong.",
    403: "This person may not do this, or the request does not come from a page of this server.",
    404: "There is no such thing, or none this person may know of.",
    408: "The body took too long to arrive; nothing was done.",
    409: "The thing is not in the state the request supposes; `state` says what a question page should show.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The content breaks a rule.",
    429: "Too many attempts; `Retry-After` says how long to wait.",
    503: "The server has no room for this now; `Retry-After` says when to try again.",
}


@cache
def _document(rows: tuple[Route, ...]) -> bytes:
    return msgspec.json.encode(described(rows))


async def description(request: Request) -> StreamResponse:
    """Return this description."""
    rows = tuple(row for row in request.app[RULES].values() if row.path.startswith("/api/v1/"))
    return Response(body=_document(tuple(dict.fromkeys(rows))), content_type=_JSON)

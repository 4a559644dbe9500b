"""What the central instance says to one school, in order: signed lines that go down by the daemon or as a file.

A statement is numbered for its school from 1; a school that has the numbers up to N asks for what follows. Names of people
are not in statements: a corrected identity is sealed for the school's box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sync import frames
from sync.canonical import canonical

if TYPE_CHECKING:
    from sync.keys import PublicKey, Signer

DOMAIN = b"preau.central-statement.v1\n"
PULL = b"preau.statement-pull.v1\n"
MAX_STATEMENTS = 50
CLOCK_MS = 15 * 60_000
PUBLISHED, UNPUBLISHED, UNFINALISED = "session.published", "session.unpublished", "session.unfinalised"


class StatementError(Exception):
    """The line is no statement of the central instance to this school; `code` names how."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Statement(msgspec.Struct, frozen=True):
    """The envelope; `body` is the raw JSON of the type's Struct."""

    at: int
    body: msgspec.Raw
    key: str
    number: int
    site: str
    type: str
    v: int = 1


class PublishedResult(msgspec.Struct, frozen=True):
    """One candidate's result; `token` is the COSE_Sign1 in base64, empty without a certificate.

    `corrected` is an identity sheet sealed for the school's box, in base64, empty when the school's own stands.
    """

    candidate: str
    status: str
    comment: str
    candidate_words: str
    organisation_words: str
    score: int | None
    mesh: int | None
    levels: list[tuple[str, int]]
    code: str
    token: str
    corrected: str = ""


class SessionPublished(msgspec.Struct, frozen=True):
    """The results of a session, all of them."""

    session: str
    highest: int
    results: list[PublishedResult]


class SessionGivenBack(msgspec.Struct, frozen=True):
    """A session is given back: its results are withdrawn, or it may be finalised again."""

    session: str
    reason: str


class PullLine(msgspec.Struct, frozen=True):
    """A school asks for what follows number `after`, which it holds."""

    after: int
    at: int
    site: str
    v: int = 1


Body = SessionPublished | SessionGivenBack
BODIES: dict[str, type[SessionPublished | SessionGivenBack]] = {
    PUBLISHED: SessionPublished,
    UNPUBLISHED: SessionGivenBack,
    UNFINALISED: SessionGivenBack,
}


def sign_statement(signer: Signer, site: str, number: int, kind: str, body: Body, at: int) -> bytes:  # noqa: PLR0913, PLR0917 - an envelope
    """Return a statement as the line that travels."""
    if type(body) is not BODIES[kind]:
        raise ValueError(f"{type(body).__name__} is not the body of {kind}")
    said = Statement(at, msgspec.Raw(canonical(body)), signer.key_id, number, site, kind)
    return frames.frame(signer, DOMAIN, canonical(said))


def read_statement(line: bytes, key: PublicKey, site: str) -> tuple[Statement, Body | None]:
    """Return a statement to this school and its body (None for a type of a later version); raises StatementError."""
    try:
        data = frames.open_frame(line, DOMAIN, key)
    except frames.FrameError as error:
        raise StatementError(error.code, str(error)) from error
    try:
        said = msgspec.json.decode(data, type=Statement)
        kind = BODIES.get(said.type)
        body = None if kind is None else msgspec.json.decode(said.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StatementError("malformed", str(error)[:300]) from error
    if said.site != site:
        raise StatementError("other_school", "this statement is meant for another school")
    if said.number < 1:
        raise StatementError("malformed", "a statement has a number")
    return said, body

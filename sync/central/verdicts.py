"""What a shared participation is worth: its chain read link by link, its decisions taken again.

`read_shared` takes a record's body apart; `judge` gives the finding. Both are pure and run in a thread. A body that
a school signed but that cannot be read is a finding too: it is named, never an accident of the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from exam.courses import MADE, NONE_MADE
from exam.events import Event, Graded, Opened, Shared
from sync.central.store.participations import FAILED, VERIFIED, WAITING, Finding
from sync.chain import ChainChecker, ChainError
from sync.records import ParticipationShared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exam.bank import Bank
    from exam.content import Course
    from exam.replay import Replayer

EVENTS_MAX = 5_000
TEXT_MAX = 2_000
MALFORMED = "participation.malformed"


_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_ENGINE = re.compile(r"[A-Za-z0-9_./-]{1,60}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_COUNT_MAX = 1_000_000


class Link(msgspec.Struct, frozen=True):
    """One link of a sitting's chain, its event read."""

    at: int
    body: Event


@dataclass(frozen=True, slots=True)
class Reading:
    """A participation taken apart: `trouble` is empty when the chain holds, else a finding's code and words."""

    participation: str
    opened: Opened
    shared: Shared | None
    events: list[Event]
    shared_at: int
    answered: int
    trouble: tuple[str, str] = ("", "")


class UnreadableError(ValueError):
    """The body is not a participation at all; `code` says what it lacks."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_body = msgspec.json.Decoder(ParticipationShared)
_link = msgspec.json.Decoder(Link)


def read_shared(body: bytes) -> Reading:
    """Return the participation in this body. Raises `UnreadableError` when there is none to speak of."""
    try:
        said = _body.decode(body)
        links = [_link.decode(raw) for raw in said.events[:EVENTS_MAX]]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(MALFORMED, str(error)[:TEXT_MAX]) from error
    if not links or not isinstance(links[0].body, Opened) or len(said.events) > EVENTS_MAX:
        raise UnreadableError(
            MALFORMED, "a sitting begins with its opening and has a bounded number of events"
        )
    opened, last = links[0].body, links[-1].body
    shared = last if isinstance(last, Shared) else None
    _check_words(said.participation, opened, shared)
    return Reading(
        participation=said.participation,
        opened=opened,
        shared=shared,
        events=[link.body for link in links],
        shared_at=links[-1].at,
        answered=sum(isinstance(link.body, Graded) for link in links),
        trouble=_trouble(said, opened),
    )


def _check_words(participation: str, opened: Opened, shared: Shared | None) -> None:
    """Raise `UnreadableError` unless what goes into columns fits them: a signature does not make a text short."""
    ids = all(_ID.fullmatch(word) for word in (participation, opened.campaign, opened.course))
    if not ids or not _ENGINE.fullmatch(opened.engine) or not _DIGEST.fullmatch(opened.bank):
        raise UnreadableError(MALFORMED, "an id in this participation is not one")
    counts = (shared.validated, shared.targeted) if shared else ()
    if not all(0 <= count <= _COUNT_MAX for count in counts):
        raise UnreadableError(MALFORMED, "a count in this participation is out of bounds")


def _trouble(said: ParticipationShared, opened: Opened) -> tuple[str, str]:
    """Follow the chain link by link, then compare what surrounds it with what it says."""
    checker = ChainChecker(said.participation)
    for raw in said.events:
        try:
            checker.accept(bytes(raw))
        except ChainError as error:
            return f"chain.{error.code}", str(error)
    if checker.head != said.head:
        return "chain.other_head", "the record names another last event than the one it carries"
    around = (said.participation, said.campaign, said.course, said.bank, said.engine)
    inside = (opened.participation, opened.campaign, opened.course, opened.bank, opened.engine)
    if around != inside:
        return "participation.other", "the record does not say what its opening event says"
    return "", ""


class Judge:
    """Replays participations with the banks it was given; used by one thread at a time."""

    def __init__(
        self, replayer: Replayer, banks: Mapping[str, Bank], made: Mapping[str, Course] = NONE_MADE
    ) -> None:
        self._replayer = replayer
        self._banks = banks
        self._made = made

    def judge(self, reading: Reading) -> Finding:
        """Return what this participation is worth; it waits while its bank, or the course its school made, is unknown."""
        if reading.trouble[0]:
            return _failed(*reading.trouble)
        if reading.shared is None:
            return _failed("participation.not_shared", "the last event is not the sharing of the results")
        bank = self._banks.get(reading.opened.bank)
        if bank is None:
            return Finding(WAITING, None, "bank.unknown", reading.opened.bank, "", b"[]")
        course = reading.opened.course
        if course.startswith(MADE) and course not in self._made:
            return Finding(WAITING, None, "course.unknown", course, "", b"[]")
        return self._replay(bank, reading)

    def _replay(self, bank: Bank, reading: Reading) -> Finding:
        try:
            result = self._replayer.replay(bank, reading.events, self._made)
        except Exception as error:  # noqa: BLE001 - whatever a school signed, others' records must still come in
            return _failed("replay.broke", f"{type(error).__name__}: {error}")
        steps = msgspec.json.encode(result.steps)
        if result.identical:
            return Finding(VERIFIED, None, "", "", "", steps)
        code = f"replay.{result.code}"
        return Finding(FAILED, result.step, code, _short(result.expected), _short(result.found), steps)


def _failed(code: str, message: str) -> Finding:
    return Finding(FAILED, None, code, "", _short(message), b"[]")


def _short(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:TEXT_MAX]

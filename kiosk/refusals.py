"""A refusal in the person's words, as JSON or as a page; and the exam's own refusals in the kiosk's tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp.web import Request, Response

from exam.errors import ExamError
from kiosk.actions.sittings import Stale
from kiosk.api.state import raw_state
from kiosk.errors import KioskError, WrongMethod
from kiosk.keys import LANG
from kiosk.passage_place import StalePassage, state_of
from kiosk.refused_by_exam import as_refusal
from kiosk.screens.page import page

if TYPE_CHECKING:
    from kiosk.keys import Kiosk
    from kiosk.people import Lang
    from web.render import Pages


class Problem(msgspec.Struct, frozen=True):
    """What went wrong: a stable code, a sentence in the person's language, the input concerned, what to do next."""

    code: str
    message: str
    field: str | None
    next: str | None


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every refusal; a conflict also carries the state the page should show."""

    error: Problem
    state: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_encoder = msgspec.json.Encoder()


def problem_of(kiosk: Kiosk, lang: Lang, error: KioskError) -> Problem:
    """Return the refusal in words; an unknown code would show as its key, which a test forbids."""
    pages = kiosk.pages
    key = f"errors.{error.code}"
    next_key = f"{key}_next"
    params = {name: _said(pages, lang, value) for name, value in error.params.items()}
    following = pages.t(lang, next_key, **params) if pages.words.has(next_key) else None
    return Problem(error.code, pages.t(lang, key, **params), error.field, following)


def _said(pages: Pages, lang: Lang, value: str | int | tuple[str, ...]) -> str | int:
    """Return a parameter as its sentence takes it: a list of keys becomes a list of words."""
    if isinstance(value, tuple):
        return ", ".join(pages.t(lang, f"errors.{key}") for key in value)
    return value


def as_json(kiosk: Kiosk, lang: Lang, error: KioskError) -> Response:
    """Return the refusal as the API says it."""
    state: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    if isinstance(error, Stale):
        state = raw_state(kiosk, error.where)
    elif isinstance(error, StalePassage):
        state = msgspec.Raw(_encoder.encode(state_of(kiosk, error.where)))
    body = _encoder.encode(Refusal(problem_of(kiosk, lang, error), state))
    return Response(body=body, status=error.status, headers=_headers(error), content_type="application/json")


def as_page(kiosk: Kiosk, request: Request, error: KioskError) -> Response:
    """Return the refusal as a page."""
    problem = problem_of(kiosk, request[LANG], error)
    response = page(
        request,
        "error.html",
        status=error.status,
        code=problem.code,
        message=problem.message,
        next=problem.next,
    )
    response.headers.update(_headers(error))
    return response


def _headers(error: KioskError) -> dict[str, str]:
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, WrongMethod):
        headers["Allow"] = str(error.params["allowed"])
    return headers


def translated(problem: Exception) -> KioskError | None:
    """Return the kiosk's refusal for one raised by the exam, or None when nobody foresaw it."""
    return as_refusal(problem) if isinstance(problem, ExamError) else None

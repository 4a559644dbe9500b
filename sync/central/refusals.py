"""How a refusal is said: JSON to a machine, a page to a person, the same words from one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import Response, json_response

from sync.central.errors import CentralError, Throttled
from sync.central.reader import display_of, person_of

if TYPE_CHECKING:
    from sync.central.store.officers import Officer
    from web.render import Pages


def words_of(pages: Pages, lang: str, problem: CentralError) -> str:
    """Return a refusal in words; a code without words of its own gets the general ones."""
    key = "central.refusals." + problem.code.replace(".", "_")
    if not pages.words.has(key):
        key = "central.refusals.general"
    minutes = (problem.wait_s + 59) // 60 if isinstance(problem, Throttled) else 0
    return pages.t(lang, key, count=minutes)


def go(address: str) -> Response:
    """Return the reply that sends a browser to another of our pages."""
    return Response(status=303, headers={"Location": address})


def _headers(problem: CentralError) -> dict[str, str]:
    return {"Retry-After": str(problem.wait_s)} if isinstance(problem, Throttled) else {}


def as_json(pages: Pages, lang: str, problem: CentralError) -> Response:
    """Return the refusal as the API says it."""
    error = {"code": problem.code, "message": words_of(pages, lang, problem), "field": None, "next": None}
    return json_response({"error": error}, status=problem.status, headers=_headers(problem))


def as_page(pages: Pages, lang: str, problem: CentralError, officer: Officer | None) -> Response:
    """Return the refusal as a page with one way on."""
    text = pages.html(
        "central/error.html",
        lang=lang,
        display=display_of(officer),
        person=person_of(officer),
        form_token=officer.form_token if officer else "",
        status=problem.status,
        message=words_of(pages, lang, problem),
        next=pages.t(lang, "central.refusals.next"),
    )
    return Response(text=text, content_type="text/html", status=problem.status, headers=_headers(problem))

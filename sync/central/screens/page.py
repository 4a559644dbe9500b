"""One way to answer with a page, and how times are told on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp.web import Request, Response

from sync.central.appkeys import INSTANCE, LANG, OFFICER, PAGES
from sync.central.errors import NotSignedIn
from sync.central.reader import display_of, person_of

if TYPE_CHECKING:
    from sync.central.store.officers import Officer

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def signed_in(request: Request) -> Officer:
    """Return the officer who asks; the route's row already refused anyone else."""
    officer: Officer | None = request.get(OFFICER)
    if officer is None:
        raise NotSignedIn
    return officer


def moment(ms: int) -> datetime:
    """Return a time of the tables as the clock on the wall of this server shows it."""
    return datetime.fromtimestamp(ms // 1000, UTC).astimezone()


def age(ms: int | None, now: int) -> dict[str, object]:
    """Return how long ago `ms` was, as the key of a text and its count."""
    if ms is None:
        return {"key": "central.age.never", "count": 0}
    gone = max(0, now - ms)
    for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", MINUTE)):
        if gone >= size:
            return {"key": f"central.age.{unit}", "count": gone // size}
    return {"key": "central.age.now", "count": 0}


def page_number(request: Request) -> int:
    """Return the page of a list asked for, the first when it is not a sensible number."""
    given = request.query.get("page", "1")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) else 1


def page(request: Request, template: str, *, status: int = 200, **context: object) -> Response:
    """Return a page in the reader's language and display; forms on it find their token in `form_token`."""
    officer = request.get(OFFICER)
    text = request.app[PAGES].html(
        template,
        lang=request[LANG],
        display=display_of(officer),
        person=person_of(officer),
        form_token=officer.form_token if officer else "",
        moment=moment,
        age=lambda ms: age(ms, request.app[INSTANCE].clock()),
        **context,
    )
    return Response(text=text, content_type="text/html", status=status)

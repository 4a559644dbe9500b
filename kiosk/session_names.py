"""Words of those in charge before they enter the log: the names of the session's candidates are taken out.

What is signed stays for ever, and a person can be erased: a reason may say what happened, never to whom. The log says whom
by an id already.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kiosk.session_codes import bare_name
from kiosk.store import candidates

if TYPE_CHECKING:
    from collections.abc import Collection

    from kiosk.store.base import Reader

SHORTEST = 3
"""Letters of the shortest word taken for a name: shorter ones are words of the language."""
HIDDEN = "…"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def names_in(conn: Reader, session: str) -> frozenset[str]:
    """Return every word of the names on a session's list, as they are compared."""
    found: set[str] = set()
    for row in candidates.of_session(conn, session):
        for name in (row.first_name, row.last_name):
            found |= {bare_name(name), *(bare_name(word) for word in re.split(r"[\s'’-]+", name))}
    return frozenset(name for name in found if len(name) >= SHORTEST)


def without_names(text: str, names: Collection[str]) -> str:
    """Return the text with the words that are names replaced."""

    def hide(found: re.Match[str]) -> str:
        word = found.group()
        parts = [bare_name(part) for part in re.split(r"['’-]", word)]
        return HIDDEN if bare_name(word) in names or any(part in names for part in parts) else word

    return _WORD.sub(hide, text)

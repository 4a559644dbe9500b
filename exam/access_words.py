"""Wordings that may shut someone out: an address of another network, a colour that stands for a place, a drag without choice.

These are warnings for an author to read, not proofs: a question about colours speaks of colours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exam.items import Item

_ADDRESS = re.compile(r"https?://([\w.-]+)", re.IGNORECASE)
_INVENTED = re.compile(r"(^|\.)(example|test|invalid|localhost|local)$", re.IGNORECASE)
_VISIT = re.compile(
    r"(rendez-vous|allez|connectez-vous|visitez|consultez|ouvrez|go to|visit|open)\b[^.?!]{0,60}https?://",
    re.IGNORECASE,
)
_DRAG = re.compile(r"\b(glissez|faites glisser|glisser-déposer|drag)\b", re.IGNORECASE)
_COLOURS = {
    "fr": "rouges? vertes? verts? bleue?s? jaunes? oranges? violette?s? roses?",
    "en": "red green blue yellow orange purple pink",
}
_PLACE = {
    "fr": r"\b(?:boutons?|zones?|cases?|lignes?|barres?|cadres?|icônes?|flèches?)\s+(?:en\s+)?({colours})\b",
    "en": r"\b({colours})\s+(?:buttons?|areas?|boxe?s?|lines?|bars?|frames?|icons?|arrows?)\b",
}
_COLOUR_PLACE = {
    lang: re.compile(_PLACE[lang].format(colours="|".join(words.split())), re.IGNORECASE)
    for lang, words in _COLOURS.items()
}


def access_warnings(item: Item) -> Iterator[tuple[str, str, str]]:
    """Yield (field, code, message) for each wording an author should look at again."""
    for field, text in (("instruction", item.instruction), ("detail", item.detail)):
        for lang, words in text.items():
            hosts = [host for host in _ADDRESS.findall(words) if not _INVENTED.search(host.rstrip("."))]
            if hosts and _VISIT.search(words):
                yield (
                    field,
                    "outside_needed",
                    f"sends people to {hosts[0][:60]}, outside the room, in {lang!r}",
                )
            if _DRAG.search(words):
                yield (
                    field,
                    "drag_only",
                    f"says to drag, in {lang!r}: say what to obtain, keyboards do it too",
                )
            colour = _COLOUR_PLACE[lang].search(words)
            if colour and not _named(item, lang, colour[1]):
                yield field, "colour_only", f"points by colour alone, in {lang!r}: {colour[0][:40]!r}"


def _named(item: Item, lang: str, colour: str) -> bool:
    """Return whether the words that replace the picture name the colour, so that nobody has to see it."""
    return item.picture is not None and colour.lower() in item.picture.alt.get(lang, "").lower()

"""Names as searches and sorted lists compare them."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text without case nor accent."""
    if text.isascii():
        return text.casefold()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))

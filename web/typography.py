"""Typographic rules of French and English, applied once, when a text is shown.

Authors and translators type plain spaces and straight apostrophes; nothing here ever changes a stored text.
French takes a narrow no-break space before ``; ! ?``, before ``%`` and units and between thousands, and a
no-break space before ``:`` and inside guillemets. Both languages take the curly apostrophe and the true minus.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import Match, Pattern

from markupsafe import Markup, escape

NARROW = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"

_UNITS = "%|‰|€|°C|min|ms|s|h|km|cm|mm|m|kg|g|Mo|Go|To|Ko|ko|octets?|px|Hz|kHz|MHz|GHz"
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_MINUS = re.compile(r"(?<![\w.,)-])-(?=\d)(?!\d+-)")
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?: \d{3})+(?![\d])")
_ORDINAL = re.compile(r"\b(\d{1,3})(er|re|e)\b")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`\n]+)`")
_QUOTES = re.compile(r'"([^"\n]*)"')

_FRENCH: tuple[tuple[Pattern[str], str], ...] = (
    (re.compile(r"«[ \u202f\u00a0]*"), "«" + NO_BREAK),
    (re.compile(r"[ \u202f\u00a0]*»"), NO_BREAK + "»"),
    (re.compile(r"[ \u00a0]+(?=[;!?]+(?:[\s»)\]*.…]|$))"), NARROW),
    (re.compile(r"[ \u202f]+(?=:(?:\s|$))"), NO_BREAK),
    (re.compile(rf"(?<=\d)[ \u00a0](?=(?:{_UNITS})(?![\w'’]))"), NARROW),
    (re.compile(r"(?<=\d\u202fh)[ \u00a0](?=\d\d\b)"), NARROW),
)


def _join_thousands(found: Match[str]) -> str:
    return found.group().replace(" ", NARROW)


@lru_cache(maxsize=4096)
def typeset(text: str, lang: str) -> str:
    """Return the plain text with the spaces and signs of its language; typesetting twice changes nothing."""
    if "'" in text:
        text = _APOSTROPHE.sub("’", text)
    if "-" in text:
        text = _MINUS.sub(MINUS, text)
    if lang != "fr":
        return _QUOTES.sub(r"“\1”", text) if '"' in text else text
    if " " not in text and "«" not in text and "»" not in text:
        return text
    text = _THOUSANDS.sub(_join_thousands, text)
    for pattern, replacement in _FRENCH:
        text = pattern.sub(replacement, text)
    return text


def raise_ordinals(html: str, lang: str) -> str:
    """Return the HTML text of a paragraph with French ordinals raised: ``5e`` becomes ``5<sup>e</sup>``."""
    return _ORDINAL.sub(r"\1<sup>\2</sup>", html) if lang == "fr" else html


@lru_cache(maxsize=4096)
def rich(text: str, lang: str) -> Markup:
    """Return the text escaped and typeset, with ``**words**`` in bold, `` `signs` `` as code, ordinals raised."""
    pieces = _CODE.split(text)
    shown = (
        f"<code>{escape(piece)}</code>" if place % 2 else _prose(piece, lang)
        for place, piece in enumerate(pieces)
    )
    return Markup("".join(shown))  # noqa: S704 - every piece is escaped; only our own tags are added


def _prose(text: str, lang: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", raise_ordinals(str(escape(typeset(text, lang))), lang))

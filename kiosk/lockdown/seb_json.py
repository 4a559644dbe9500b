"""The Config Key of Safe Exam Browser: settings written as its own JSON, and their SHA-256.

The JSON is not JSON as others know it: no space, nothing escaped, keys in an order without case, empty objects left out and
`originatorVersion` with them, at any depth. Both sides must write it alike to the byte, so there is one writer here and no
option. Browsers do not agree on a quotation mark in a text (some escape it) and on dates: no session's settings have either.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeAlias

Value: TypeAlias = "str | bool | int | float | bytes | datetime | list[Value] | dict[str, Value] | None"
"""What a property list holds."""

DROPPED = "originatorversion"
"""In small letters: browsers look for it without case."""


def seb_json(settings: dict[str, Value]) -> str:
    """Return settings as the browser hashes them; raises TypeError for what no property list holds."""
    return _dict(settings, top=True)


def config_key(settings: dict[str, Value]) -> str:
    """Return the Config Key, 64 hex digits in lower case."""
    return sha256(seb_json(settings).encode()).hexdigest()


def header_value(url: str, key: str) -> str:
    """Return what the browser sends for a key at an address: of the address without its fragment, then the key."""
    return sha256((url.split("#", 1)[0] + key).encode()).hexdigest()


def _dict(value: dict[str, Value], *, top: bool = False) -> str:
    if not value and not top:
        return ""
    pairs = []
    # Of two names that differ only by case, the lower one comes first.
    for key in sorted(value, key=lambda name: (name.lower(), name.swapcase())):
        written = "" if key.lower() == DROPPED else _value(value[key])
        if written:
            pairs.append(f'"{key}":{written}')
    return "{" + ",".join(pairs) + "}"


def _value(value: Value) -> str:  # noqa: PLR0911 - one line a type
    """Return a value as written, empty for an object that is left out."""
    match value:
        case None:
            return '""'
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return f"{value:.15G}"  # the browser's way with fractions: 1.0 is 1
        case str():
            return f'"{value}"'
        case bytes():
            return f'"{base64.b64encode(value).decode()}"'
        case datetime():
            at = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
            return f'"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"'
        case dict():
            return _dict(value)
        case list():
            return "[" + ",".join(filter(None, map(_value, value))) + "]"
    raise TypeError(f"a property list holds no {type(value).__name__}")

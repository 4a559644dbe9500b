"""One value, one spelling: the bytes of RFC 8785 for the values we sign.

msgspec writes them in C; what it would spell otherwise (floats, integers beyond 2^53, keys that are not ASCII,
whose order could differ) is refused, never approximated. Tests compare with the `rfc8785` module.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGEST = 2**53 - 1
"""The integers every JSON reader keeps exactly."""

_ENCODER = msgspec.json.Encoder(order="sorted")


class NotCanonical(ValueError):  # noqa: N818 - says what the value is, as the other refusals of this package
    """The value has no agreed spelling; the message names the part at fault."""


def canonical(value: object) -> bytes:
    """Return the canonical JSON of a Struct, dict, list, str, int, bool or None; `msgspec.Raw` goes in as it is.

    Raises NotCanonical for floats, integers beyond 2^53, keys that are not ASCII, or any other type.
    """
    check(value)
    return spell(value)


def spell(value: object) -> bytes:
    """Return the canonical JSON of a value that was checked already; for the path of every answer."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError as error:
        raise NotCanonical(f"text that is not Unicode: {error.reason}") from error


def check(value: object) -> None:
    """Raise NotCanonical when a part of `value` has no agreed spelling."""
    kind = type(value)
    if kind is str or value is None or kind is bool or kind is msgspec.Raw:
        return
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"an integer beyond 2^53: {value}")
    elif isinstance(value, msgspec.Struct):
        _check_all(_fields_of(type(value))(value))
    elif isinstance(value, list | tuple):
        _check_all(value)
    elif isinstance(value, dict):
        _check_keys(value)
        _check_all(value.values())
    else:
        raise NotCanonical(f"a {kind.__name__} has no canonical form")


def _check_all(parts: Iterable[object]) -> None:
    for part in parts:
        # Most parts are text or plain integers: saves a call for each on the path of every answer.
        if type(part) is str or (type(part) is int and -LARGEST <= part <= LARGEST):
            continue
        check(part)


@cache
def _fields_of(kind: type[msgspec.Struct]) -> Callable[[object], tuple[object, ...]]:
    """Return what reads all fields of a Struct at once."""
    names = kind.__struct_fields__
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _check_keys(value: dict[object, object]) -> None:
    for key in value:
        if not isinstance(key, str) or not key.isascii():
            raise NotCanonical(f"a key that is not ASCII text: {key!r}")

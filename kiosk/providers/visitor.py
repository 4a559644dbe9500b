"""What an identity provider says of a person, whatever the protocol, and how it says no."""

from __future__ import annotations

import re

import msgspec

from kiosk.errors import Forbidden, Full

NAME_MOST = 255
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Visitor(msgspec.Struct, frozen=True):
    """Who stands at the door: `subject` is their name for life at `provider`; a birth date is YYYY-MM-DD."""

    provider: str
    subject: str
    first_name: str
    last_name: str
    birth_date: str | None = None


def visitor(provider: str, subject: str, first_name: str, last_name: str, birth_date: str = "") -> Visitor:
    """Return a visitor whose texts have been bounded; raises Forbidden when nothing names them."""
    if not subject or len(subject) > NAME_MOST:
        raise refused()
    return Visitor(
        provider,
        subject,
        first_name.strip()[:NAME_MOST],
        last_name.strip()[:NAME_MOST],
        birth_date if _DAY.fullmatch(birth_date) else None,
    )


def refused() -> Forbidden:
    """Return the refusal of anything a provider says that does not hold: never said in detail to whoever tries."""
    return Forbidden("provider.refused")


def unreachable() -> Full:
    """Return the refusal when the provider cannot be asked."""
    return Full("provider.unreachable", retry_after=30)

"""The name of the login cookie."""

from __future__ import annotations


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over HTTPS its prefix forbids any other site or path to set it."""
    return "__Host-preau-central" if secure else "preau-central"

"""The headers every reply carries: one table, so that a page cannot weaken its own rules.

The content security policy lets a page use what this server serves and nothing else: no inline script, no
inline style, no frame, no request to another origin. JSON data blocks are not scripts and stay allowed.
The referrer stays within this server; `no-referrer` would also blank the Origin of our own forms, which the
kiosk checks.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

POLICY: Mapping[str, str] = MappingProxyType(
    {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    },
)

_UNUSED_POWERS = (
    "camera",
    "display-capture",
    "geolocation",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{power}=()" for power in _UNUSED_POWERS),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Server": "preau",  # in place of the names and versions of what it is made of
    },
)
"""Sent with every page and every reply of the API."""

QUESTION_POLICY = "; ".join(f"{name} {value}" for name, value in {**POLICY, "frame-src": "'self'"}.items())
"""The policy of the question page: it alone may show a simulator in a frame, from this server."""

FRAME_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        **HEADERS,
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox allow-scripts",
        "X-Frame-Options": "SAMEORIGIN",
        "Cache-Control": "no-store",
    }
)
"""Sent with a simulator: scripts and nothing else, no origin, no network, shown by our own pages only."""

STATIC_HEADERS: Mapping[str, str] = MappingProxyType(
    {name: HEADERS[name] for name in ("X-Content-Type-Options", "Server")}
)
"""Sent with a static file: what concerns a document would be dead weight there."""

PAGE_HEADERS: Mapping[str, str] = MappingProxyType({**HEADERS, "Cache-Control": "no-store"})
"""Sent with what belongs to a person: a shared machine keeps no copy."""

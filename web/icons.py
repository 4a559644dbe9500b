"""The line icons of every page, drawn in a 24 by 24 box: a name, its strokes."""

from __future__ import annotations

from markupsafe import Markup, escape

_ICONS = {
    "display": '<path d="M4 19L9.5 5 15 19M6 14h7M16.5 12.5a3 3 0 015 2V19M21.5 15.5c-5 0-6 1-6 2.2s3.5 2.8 6-.7"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.6-4.4 3-6 6.5-6s5.9 1.6 6.5 6M16 5.2a3.5 3.5 0 010 5.9M18 14.5c2.2.8 3.2 2.5 3.5 5.5"/>',
    "play": '<path d="M7 4.5v15l12-7.5z"/>',
    "send": '<path d="M21 3L10 14M21 3l-7 18-4-7-7-4z"/>',
    "check": '<path d="M4 12.5l5 5L20 6.5"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "skip": '<path d="M5 5l8 7-8 7zM19 5v14"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "download": '<path d="M12 3.5v12M7 11l5 5 5-5M4 20.5h16"/>',
    "upload": '<path d="M12 20.5v-12M7 13l5-5 5 5M4 3.5h16"/>',
    "offline": '<path d="M3 3l18 18M8.5 15.5a5 5 0 017 0M5 12a10 10 0 014-2.5M19 12a10 10 0 00-5-2.9M12 19.5v.01"/>',
    "book": '<path d="M4 4h6a2 2 0 012 2v14a2 2 0 00-2-2H4zM20 4h-6a2 2 0 00-2 2v14a2 2 0 012-2h6z"/>',
    "extension": '<path d="M9 4h6v3a2 2 0 104 0h1v13H4V7h5z"/>',
    "page": '<path d="M6 2.5h8l5 5V21.5H6z M14 2.5V8h5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "hide": '<path d="M3 3l18 18M10 5.7A10 10 0 0112 5.5c6.5 0 10 6.5 10 6.5a18 18 0 01-3 3.7M6.5 7.5A17 17 0 002 12s3.5 6.5 10 6.5c1.5 0 2.9-.3 4-.9M9.9 9.9a3 3 0 004.2 4.2"/>',
    "show": '<path d="M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12z"/><circle cx="12" cy="12" r="3"/>',
    "flag": '<path d="M5 21V4M5 4.5h13l-3 4.5 3 4.5H5"/>',
    "settings": '<circle cx="12" cy="12" r="3.2"/><path d="M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M18.4 5.6l-2.2 2.2M7.8 16.2l-2.2 2.2"/>',
    "door": '<path d="M5 21V4l10-1.5V21M3 21h18M15 5h4v16M11.5 12v.01"/>',
    "swap": '<path d="M4 8h14l-4-4M20 16H6l4 4"/>',
    "credit": '<path d="M3.5 12a8.5 8.5 0 1014-6.5M12 8v8M8 12h8"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "up": '<path d="M5 15l7-7 7 7"/>',
    "down": '<path d="M5 9l7 7 7-7"/>',
    "list": '<path d="M8 6h13M8 12h13M8 18h13M3.5 6v.01M3.5 12v.01M3.5 18v.01"/>',
    "shield": '<path d="M12 2.5l8 3v6c0 5-3.5 8.5-8 10-4.5-1.5-8-5-8-10v-6z M8.5 12l2.5 2.5 4.5-5"/>',
    "alert": '<path d="M12 3.5L22 20.5H2Z"/><path d="M12 10v4.5M12 17.5v.01"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.01"/>',
    "print": '<path d="M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z"/>',
    "key": '<circle cx="8" cy="15" r="4.5"/><path d="M11.5 11.5L20 3M16 7l3 3"/>',
}


def icon(name: str, label: str | None = None) -> Markup:
    """Return the icon as inline SVG: decoration without a label, an image with one."""
    role = 'aria-hidden="true"' if label is None else f'role="img" aria-label="{escape(label)}"'
    svg = f'<svg class="i" viewBox="0 0 24 24" {role}>{_ICONS[name]}</svg>'
    return Markup(svg)  # noqa: S704 - our own drawing; the label is escaped

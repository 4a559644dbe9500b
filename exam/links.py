"""Finding links that lead outside the school's network, which no text of a bank may hold."""

from __future__ import annotations

import re

OUTSIDE_LINK = re.compile(
    r"\]\(\s*<?(?:[a-z][a-z0-9+.-]*:|//)"  # [words](scheme: or //host
    r"|<[a-z][a-z0-9+.-]*:[^>\s]*>"  # <scheme:…>
    r"|^ {0,3}\[[^\]]+\]:\s",  # [reference]: target
    re.IGNORECASE | re.MULTILINE,
)
"""A Markdown link, image or automatic link to an address; an address written as plain text or code leads nowhere."""

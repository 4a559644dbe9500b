"""Invitations to a team: the addresses as they are typed, and what an invitation is, as data.

An invitation is a code that may be used once, for a while; only its hash is kept, so the link can be shown once, when
it is made or made again. It travels by hand, on paper or by mail.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

if TYPE_CHECKING:
    from kiosk.people import MemberRole

InvitationRole = Literal["admin", "member", "auto"]
INVITATION_ROLES: tuple[InvitationRole, ...] = get_args(InvitationRole)
InvitationStatus = Literal["pending", "accepted", "cancelled"]
LASTS_MS = 14 * 86_400_000
AT_ONCE = 50
"""Addresses of one form at most."""
PENDING_MOST = 500
TYPED_MOST = 10_000
_BREAKS = re.compile(r"[,;\s]+")


class Invitation(msgspec.Struct, frozen=True):
    """One invitation; `email` is None for one to hand over to whoever it is for. Instants in milliseconds."""

    id: str
    organisation: str
    role: InvitationRole
    email: str | None
    status: InvitationStatus
    created_ms: int
    sent_ms: int
    expires_ms: int

    def is_usable(self, now_ms: int) -> bool:
        """Say whether it still opens the door."""
        return self.status == "pending" and now_ms < self.expires_ms


def typed_addresses(text: str) -> list[str]:
    """Return what was typed between commas, semicolons and spaces, in lower case, each once, in order."""
    return list(dict.fromkeys(part.lower() for part in _BREAKS.split(text[:TYPED_MOST]) if part))


def role_given(role: InvitationRole, admins: int) -> MemberRole:
    """Return what an invitation makes of whoever accepts it, when the organisation has that many administrators."""
    if role == "auto":
        return "member" if admins else "admin"
    return role

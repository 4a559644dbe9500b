"""The part of a bank that may lie in clear: everything but the items of certifications.

It is a bank like any other, with its own digest: what a school serves, what central replays and what a bundle holds in clear
have this one digest, whether or not the authors' folder holds certification items beside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from exam.bank import assemble

if TYPE_CHECKING:
    from exam.bank import Bank


def open_part(bank: Bank) -> Bank:
    """Return the bank without its certification items, and without naming them; the same bank when it has none."""
    kept = [item for item in bank.content.items if not item.certification]
    if len(kept) == len(bank.content.items):
        return bank
    known = {item.id for item in kept}
    items = tuple(
        msgspec.structs.replace(item, enemies=tuple(one for one in item.enemies if one in known))
        for item in kept
    )
    return assemble(msgspec.structs.replace(bank.content, items=items))

"""Schools' public keys, made ready once each: checking a signature then costs a signature and nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sync.keys import public_from_hex

if TYPE_CHECKING:
    from sync.keys import PublicKey

KEPT = 4_096


@lru_cache(maxsize=KEPT)
def public_key(public_hex: str) -> PublicKey:
    """Return the key written as 64 hex digits; raises KeyFileError when it is not one."""
    return public_from_hex(public_hex)

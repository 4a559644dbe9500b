"""Tokens by which national systems ask: kept as hashes, each for one scope, revoked and never deleted."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from sync.central.store.upsert import insert
from sync.central.tables_certification import api_tokens

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

SCOPES = ("livret-scolaire", "parcoursup")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as officers see it; `token_hash` names it."""

    token_hash: str
    name: str
    scope: str
    made_at: int
    revoked_at: int | None


def hash_of(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def add(conn: AsyncConnection, name: str, scope: str, now: int) -> str:
    """Make a token and return its secret: this once."""
    secret = secrets.token_urlsafe(32)
    row = Token(hash_of(secret), name, scope, now, None)
    await conn.execute(
        insert(conn, api_tokens).values(
            token_hash=row.token_hash, name=row.name, scope=row.scope, made_at=row.made_at, revoked_at=None
        )
    )
    return secret


async def find(conn: AsyncConnection, secret: str) -> Token | None:
    """Return the token of a secret, unless it was revoked."""
    mine = (api_tokens.c.token_hash == hash_of(secret)) & api_tokens.c.revoked_at.is_(None)
    row = (await conn.execute(select(api_tokens).where(mine))).one_or_none()
    return None if row is None else Token(*row)


async def listed(conn: AsyncConnection) -> list[Token]:
    """Return every token, the oldest first."""
    return [Token(*row) for row in await conn.execute(select(api_tokens).order_by(api_tokens.c.made_at))]


async def revoke(conn: AsyncConnection, start: str, now: int) -> int:
    """Revoke the tokens whose name begins so; return how many."""
    mine = api_tokens.c.token_hash.startswith(start, autoescape=True) & api_tokens.c.revoked_at.is_(None)
    return (await conn.execute(update(api_tokens).where(mine).values(revoked_at=now))).rowcount

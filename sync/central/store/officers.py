"""Officers and their logins. A login is a random secret in a cookie; the table holds only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from sync.central.tables import logins, officers

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

IDLE_MS = 4 * 3_600_000
LONGEST_MS = 12 * 3_600_000
SEEN_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer signed in: who, how they read, and the token their forms must carry."""

    officer: str
    username: str
    lang: str
    theme: str
    face: str
    size: str
    form_token: str


def secret_hash(secret: str) -> str:
    """Return what the table keeps of a cookie's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def add_officer(conn: AsyncConnection, username: str, phc: str, now: int) -> None:
    """Add an officer, or give a known one a new password and end their logins."""
    known = await conn.scalar(select(officers.c.officer).where(officers.c.username == username))
    if known is not None:
        await conn.execute(update(officers).where(officers.c.officer == known).values(password=phc))
        await conn.execute(delete(logins).where(logins.c.officer == known))
        return
    row = {"officer": secrets.token_hex(8), "username": username, "password": phc, "made_at": now}
    await conn.execute(insert(officers).values(**row, lang="fr", theme="", face="", size=""))


async def password_of(conn: AsyncConnection, username: str) -> tuple[str | None, str | None]:
    """Return the id and the password hash of an officer, or two Nones."""
    query = select(officers.c.officer, officers.c.password).where(officers.c.username == username)
    row = (await conn.execute(query)).one_or_none()
    return (None, None) if row is None else (row.officer, row.password)


async def open_login(conn: AsyncConnection, officer: str, now: int) -> str:
    """Open a login and return its secret, for the cookie; old logins of everyone are swept."""
    await conn.execute(delete(logins).where(logins.c.made_at < now - LONGEST_MS))
    secret = secrets.token_urlsafe(32)
    row = {"token_hash": secret_hash(secret), "officer": officer, "form_token": secrets.token_hex(16)}
    await conn.execute(insert(logins).values(**row, made_at=now, seen_at=now))
    return secret


async def read_login(conn: AsyncConnection, secret: str, now: int) -> tuple[Officer, int] | None:
    """Return who holds this secret and when they were last seen, unless the login is over."""
    query = (
        select(officers, logins.c.form_token, logins.c.seen_at)
        .join(logins, logins.c.officer == officers.c.officer)
        .where(
            logins.c.token_hash == secret_hash(secret),
            logins.c.seen_at > now - IDLE_MS,
            logins.c.made_at > now - LONGEST_MS,
        )
    )
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        return None
    who = Officer(row.officer, row.username, row.lang, row.theme, row.face, row.size, row.form_token)
    return who, row.seen_at


async def touch_login(conn: AsyncConnection, secret: str, now: int) -> None:
    """Note that the login was used, which keeps it open."""
    mine = logins.c.token_hash == secret_hash(secret)
    await conn.execute(update(logins).where(mine).values(seen_at=now))


async def close_login(conn: AsyncConnection, secret: str) -> None:
    """End the login."""
    await conn.execute(delete(logins).where(logins.c.token_hash == secret_hash(secret)))


async def set_display(conn: AsyncConnection, officer: str, choice: dict[str, str]) -> None:
    """Keep how the officer reads: `lang`, `theme`, `face`, `size`."""
    await conn.execute(update(officers).where(officers.c.officer == officer).values(**choice))

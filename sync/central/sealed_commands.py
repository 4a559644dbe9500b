"""Adding a sealed bank by its day code, and saying on a file what a school could not fetch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sync.bundle_file import BundleFileError
from sync.central.certification_banks import row_of
from sync.central.commands import Result, add_bank, clock
from sync.central.errors import WrongSetting
from sync.central.instance import open_instance
from sync.central.store import sealed_banks, tokens
from sync.central.store import statements as store
from sync.frames import FrameError
from sync.keys import load_public

if TYPE_CHECKING:
    from pathlib import Path

    from sync.central.config import Config

MOST = 10_000


async def add_sealed(config: Config, source: Path, signed_by: Path | None, code: str) -> Result:
    """Make a bank known with its certification part, opened by its day code, then judge what waited for it."""
    if signed_by is None:
        raise WrongSetting(
            "bank", "a certification part comes in a bundle: say who signed it with --public-key"
        )
    data = await asyncio.to_thread(_read, source)
    opened = await add_bank(config, source, signed_by)
    signer = load_public(signed_by)
    async with open_instance(config, clock) as instance:
        now = clock()
        try:
            row = row_of(data, signer, code, instance.box, now)
        except (FrameError, BundleFileError) as error:
            raise WrongSetting("bank", f"{source} cannot be used: {error}") from error
        await instance.database.write(lambda conn: sealed_banks.add(conn, row))
        judged = await instance.certify.run(now)
    told = {**opened.data, "bundle": row.bundle, "certifications_judged": judged}
    lines = [
        *opened.lines,
        f"Its certification part is known as {row.bundle}; {judged} certifications judged.",
    ]
    return Result(told, lines)


async def write_statements(config: Config, site: str, out: Path) -> Result:
    """Write what was ever said to a school as one file, for a school without a network."""
    async with open_instance(config, clock) as instance, instance.database.read() as conn:
        rows = await store.after(conn, site, 0, MOST)
    await asyncio.to_thread(out.write_bytes, b"".join(row.line for row in rows))
    return Result({"site": site, "statements": len(rows)}, [f"{len(rows)} statements written to {out}."])


async def add_token(config: Config, name: str, scope: str) -> Result:
    """Make a token for a national system; its secret is shown once."""
    async with open_instance(config, clock) as instance:
        now = clock()
        secret = await instance.database.write(lambda conn: tokens.add(conn, name[:100], scope, now))
    data: dict[str, object] = {
        "name": name,
        "scope": scope,
        "id": tokens.hash_of(secret)[:12],
        "token": secret,
    }
    return Result(data, [f"Token for {name} ({scope}), shown this once: {secret}"])


async def list_tokens(config: Config) -> Result:
    """List the tokens, without their secrets."""
    async with open_instance(config, clock) as instance, instance.database.read() as conn:
        found = await tokens.listed(conn)
    rows = [
        {"id": one.token_hash[:12], "name": one.name, "scope": one.scope, "revoked_at": one.revoked_at}
        for one in found
    ]
    words = [
        f"{row['id']}  {row['scope']}  {row['name']}{', revoked' if row['revoked_at'] else ''}"
        for row in rows
    ]
    return Result({"tokens": rows}, words or ["No token was made: preau central token add"])


async def revoke_token(config: Config, start: str) -> Result:
    """Revoke a token by the id the list gives."""
    if len(start) < 8:
        raise WrongSetting("id", "give the id of the token as `preau central token list` gives it")
    async with open_instance(config, clock) as instance:
        now = clock()
        done = await instance.database.write(lambda conn: tokens.revoke(conn, start, now))
    said = f"{done} token revoked." if done else "No token has this id, or it was revoked already."
    return Result({"id": start, "revoked": bool(done)}, [said], well=bool(done))


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise WrongSetting("bank", f"{source} cannot be read: {error.strerror}") from error

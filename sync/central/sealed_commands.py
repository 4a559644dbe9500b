"""Adding a sealed bank by its day code, and saying on a file what a school could not fetch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sync.bundle_file import BundleFileError
from sync.central.certification_banks import row_of
from sync.central.commands import Result, add_bank, clock
from sync.central.errors import WrongSetting
from sync.central.instance import open_instance
from sync.central.store import sealed_banks
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


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise WrongSetting("bank", f"{source} cannot be read: {error.strerror}") from error

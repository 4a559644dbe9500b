"""What a school asks for: the statements after the last one it holds, in order, once its key has signed the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sync import frames
from sync.central.errors import Refused
from sync.central.keyring import public_key
from sync.central.store import schools
from sync.central.store import statements as store
from sync.statements import CLOCK_MS, MAX_STATEMENTS, PULL, PullLine

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from sync.central.database import Database
    from sync.central.store.statements import StatementRow


class Statements:
    """Gives each school its own statements."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pull(self, line: bytes, now: int) -> list[bytes]:
        """Return the lines after the number a school holds; its question also shows how far it came. Raises Refused."""
        try:
            frame = frames.parse(line)
            said = msgspec.json.decode(frame.body, type=PullLine)
        except (frames.FrameError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Refused("line.malformed") from error
        async with self._database.read() as conn:
            school = await schools.read_school(conn, said.site[:60])
        if school is None or school.revoked_at is not None:
            raise Refused("school.unknown", 403)
        try:
            frames.check(frame, PULL, public_key(school.public_key))
        except frames.FrameError as error:
            raise Refused("line.bad_signature", 403) from error
        if abs(now - said.at) > CLOCK_MS:
            raise Refused("ask.other_time", 409)

        async def job(conn: AsyncConnection) -> list[StatementRow]:
            await store.note_fetched(conn, said.site, said.after, now)
            return await store.after(conn, said.site, said.after, MAX_STATEMENTS)

        return [row.line for row in await self._database.write(job)]

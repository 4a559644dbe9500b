"""The documents made for a pupil: when asked for, in a thread, for questions already asked in one's own sitting."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from exam.documents.make import make_document
from exam.errors import ExamError
from kiosk.actions.sittings import own_passage
from kiosk.errors import Full, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from exam.bank import Bank
    from exam.documents.make import Document
    from kiosk.keys import Kiosk
    from kiosk.people import Person
    from sync.db import Tx

    T = TypeVar("T")

KEPT_BYTES = 32 * 1024 * 1024
WAITING = 200


class Question(NamedTuple):
    """What making or reading a file of a question needs."""

    bank: Bank
    item: str
    seed: bytes
    lang: str


class FileMaker:
    """The threads that make and read files, a bounded line before them, and the files made lately."""

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="files")
        self._waiting = 0
        self._made: OrderedDict[tuple[str, str, bytes, str, str], Document] = OrderedDict()
        self._bytes = 0

    async def document(self, question: Question, name: str) -> Document:
        """Return a document, from memory or made now; raises NotFound."""
        key = (question.bank.digest, question.item, question.seed, question.lang, name)
        made = self._made.get(key)
        if made is None:
            try:
                made = await self.run(lambda: make_document(*question, name))
            except ExamError:
                raise NotFound("document.unknown") from None
            self._keep(key, made)
        return made

    async def run(self, job: Callable[[], T]) -> T:
        """Run a job in a thread; raises Full when too many wait."""
        if self._waiting >= WAITING:
            raise Full("server.busy", retry_after=3)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, job)
        finally:
            self._waiting -= 1

    def _keep(self, key: tuple[str, str, bytes, str, str], made: Document) -> None:
        if key in self._made:
            return
        self._made[key] = made
        self._bytes += len(made.data)
        while self._bytes > KEPT_BYTES:
            _, old = self._made.popitem(last=False)
            self._bytes -= len(old.data)

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)


async def document(kiosk: Kiosk, person: Person, participation: str, number: int, name: str) -> Document:
    """Return a document of a question already asked in one's own sitting; raises NotFound."""

    def job(tx: Tx) -> Question:
        sitting = own_passage(kiosk, tx, participation, person).sitting
        asked = sitting.asked.get(number)
        if asked is None:
            raise NotFound("document.unknown")
        return Question(sitting.engine.bank, asked.item, sitting.seed, asked.lang)

    return await kiosk.files.document(await kiosk.db.write(job), name)

"""The banks of questions this server uses: the current one, and every one a sitting was opened with.

A sitting is led to its end by the bank it began with. So each bank that ever was current is kept in the home folder as a
bundle named by its digest, and read back when an old sitting asks for it. The courses schools made stand beside the banks:
their ids are digests, so they too never change.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from exam.bundle import dump_bundle, load_bundle
from exam.campaign.engines import Engines
from exam.courses import course_of
from kiosk.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

    from exam.bank import Bank
    from exam.campaign.engine import CampaignEngine
    from exam.content import Course
    from kiosk.sealed_bank import SealedBank


class Banks:
    """Banks by digest, and the engines of their courses. Read from any thread; a bank never changes."""

    def __init__(self, folder: Path, current: Bank, sealed: SealedBank | None = None) -> None:
        self._folder = folder
        self.current = current
        self.sealed = sealed
        """The bundle whose sealed part goes with the current bank: closed, without any key."""
        self._known = {current.digest: current}
        self._engines = Engines()
        self.made: dict[str, Course] = {}
        self._keep(current)

    def of(self, digest: str) -> Bank:
        """Return a bank; raises NotFound when this server never had it."""
        bank = self._known.get(digest)
        if bank is None:
            bank = self._known[digest] = self._read(digest)
        return bank

    def learn(self, course: Course) -> None:
        """Know a course that a school made from now on."""
        self.made[course.id] = course

    def course(self, digest: str, course: str) -> Course:
        """Return a course of a bank, or one made for it; raises NotFound or exam.errors.UnknownCourse."""
        return course_of(self.of(digest), course, self.made)

    def engine(self, digest: str, course: str) -> CampaignEngine:
        """Return the engine of a course; raises NotFound or exam.errors.UnknownCourse."""
        return self._engines.engine_for(self.of(digest), course, self.made)

    def _read(self, digest: str) -> Bank:
        if not (digest.isascii() and digest.isalnum()):
            raise NotFound("bank.missing")
        try:
            bank = load_bundle((self._folder / f"{digest}.json").read_bytes())
        except OSError:
            raise NotFound("bank.missing") from None
        if bank.digest != digest:
            raise NotFound("bank.missing")
        return bank

    def _keep(self, bank: Bank) -> None:
        path = self._folder / f"{bank.digest}.json"
        if path.exists():
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.new")
        with beside.open("wb") as file:
            file.write(dump_bundle(bank))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

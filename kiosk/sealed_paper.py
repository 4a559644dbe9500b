"""The items of an open session: each decrypted when it is served, and few kept in clear at a time.

It is the paper that grades a certification, and gives the one-item bank that presenting, documents and returned files need.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from exam.certification.paper import BankPaper
from exam.questions import Question

if TYPE_CHECKING:
    from exam.bank import Bank
    from exam.certification.events import Outcome
    from exam.certification.paper import Given
    from exam.events import Answer
    from kiosk.sealed_bank import SealedBank

KEPT = 400
"""Items in clear at a time: more than a room of 300 is being asked."""


class SealedPaper:
    """Grades by sealed items. Used from the writer's thread and the event loop."""

    def __init__(self, sealed: SealedBank, day_key: bytes, base: Bank) -> None:
        self._sealed = sealed
        self._day_key = day_key
        self._base = replace(base, digest=sealed.head.bundle, items={}, questions={})
        self._clear: OrderedDict[str, Bank] = OrderedDict()
        self._lock = Lock()

    def bank_of(self, item: str) -> Bank:
        """Return a bank that holds this item alone; raises sync.sealed.SealError or exam.sealed_part.SealedPartError."""
        with self._lock:
            bank = self._clear.get(item)
            if bank is None:
                bank = self._clear[item] = self._opened(item)
                if len(self._clear) > KEPT:
                    self._clear.popitem(last=False)
            else:
                self._clear.move_to_end(item)
            return bank

    def check(self, item: str, answer: Answer) -> None:
        """Raise `BadAnswer` unless the answer has the shape the item asks for."""
        BankPaper(self.bank_of(item)).check(item, answer)

    def grade(self, given: Given) -> Outcome:
        """Return the outcome of what was given."""
        return BankPaper(self.bank_of(given.item)).grade(given)

    def _opened(self, name: str) -> Bank:
        item = self._sealed.item(self._day_key, name).item
        return replace(self._base, items={name: item}, questions={name: Question(item, self._base.languages)})

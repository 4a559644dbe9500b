"""Follows numbered, chained things that may have been tampered with, and says precisely what is wrong.

Where a strict checker stops at the first fault, this one goes on: what is lacking is remembered, so that it can
be told apart from what merely moved (out of order) or came twice (duplicate).
"""

from __future__ import annotations

MAX_GAP = 10_000
"""Numbers remembered as missing at once: a forged number cannot exhaust the memory."""


class Following:
    """One chain: give it each number, the hash it says it follows, and its own hash."""

    def __init__(self, first_prev: str) -> None:
        self.seq = 0
        """The highest number met."""
        self.missing: set[int] = set()
        """Numbers passed over and not met since."""
        self._head: str | None = first_prev

    @property
    def head(self) -> str:
        """The hash the next one must follow, "" when that cannot be known."""
        return self._head or ""

    def follow(self, seq: int, prev: str, digest: str) -> str:
        """Take the next one; return "" or what is wrong: broken_chain, out_of_order or duplicate.

        A gap is not an answer: whether it is a loss or a change of order is known only at the end.
        """
        expected = self.seq + 1
        if seq < expected:
            if seq in self.missing:
                self.missing.discard(seq)
                return "out_of_order"
            return "duplicate"
        follows = seq > expected or self._head is None or prev == self._head
        self._pass(expected, seq)
        self._head = digest
        return "" if follows else "broken_chain"

    def spoiled(self, seq: int) -> None:
        """Note that number `seq` was there but cannot be believed; what follows it is not blamed."""
        if seq > self.seq:
            self._pass(self.seq + 1, seq)
            self._head = None
        else:
            self.missing.discard(seq)

    def _pass(self, expected: int, seq: int) -> None:
        self.missing.update(range(expected, min(seq, expected + MAX_GAP)))
        self.seq = seq

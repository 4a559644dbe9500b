"""Where every draw of a sitting comes from: a keyed hash, never a clock or a global random source.

The same participation on the same bank gives the same seed, and the same seed and names give the same integers on every
machine and every Python, so that a verifier can redraw what a pupil saw. All draws are integers.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_SITTING = b"preau.sitting.1"
_DRAW = b"preau.draw.1"
_EIGHT_WORDS = Struct(">8Q")


def sitting_seed(participation: str, bank_digest: str) -> bytes:
    """Return the 32 bytes of seed of a participation on a bank, keyed by the bank's digest (at most 64 characters)."""
    key = bank_digest.encode()
    # A lone surrogate in a hostile log must give some seed, not an exception.
    data = participation.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=32, key=key, person=_SITTING).digest()


def hash_below(seed: bytes, label: bytes, n: int) -> int:
    """Return the integer in 0..n-1 that `label` has under `seed`; the bias of the modulo is below n / 2**128."""
    return int.from_bytes(blake2b(label, digest_size=16, key=seed).digest(), "big") % n


@lru_cache(maxsize=2048)
def _sized(name: str) -> bytes:
    """Return a name with its length before it, which keeps ("ab", "c") and ("a", "bc") apart."""
    data = name.encode()
    return len(data).to_bytes(4, "big") + data


class Draw:
    """A stream of integers that depends on a seed and on the names of what is drawn, and on nothing else."""

    __slots__ = ("_blocks", "_key", "_words")

    def __init__(self, seed: bytes, *names: str) -> None:
        named = b"".join(map(_sized, names))
        self._key = blake2b(named, digest_size=32, key=seed, person=_DRAW).digest()
        self._blocks = 0
        self._words: list[int] = []

    def below(self, n: int) -> int:
        """Return the next integer in 0..n-1, its bias below n / 2**64; raises `ValueError` when n is not positive."""
        if n < 1:
            raise ValueError("there is nothing to draw below 1")
        words = self._words or self._refill()
        return words.pop() % n

    def _refill(self) -> list[int]:
        """Take the next block of the stream: one hash serves eight draws, the last word first."""
        self._blocks += 1
        block = blake2b(self._blocks.to_bytes(8, "big"), key=self._key).digest()
        self._words = [*_EIGHT_WORDS.unpack(block)]
        return self._words

    def pick(self, values: Sequence[T]) -> T:
        """Return one of the values; raises `ValueError` when there is none."""
        return values[self.below(len(values))]

    def words(self, count: int) -> list[int]:
        """Return the next `count` words of the stream, of 64 bits each: `below(n)` is the next word modulo n."""
        words = self._words[::-1]
        while len(words) < count:
            words += self._refill()[::-1]
        self._words = words[count:][::-1]
        return words[:count]

    def shuffle(self, values: Sequence[T]) -> list[T]:
        """Return the same values in a drawn order, as a new list."""
        shuffled = list(values)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self.below(last + 1)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled

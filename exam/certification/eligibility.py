"""Which items a sitting may meet, segment by segment: lots drawn from the sitting's seed against thresholds of the bank.

An item is eligible in a segment of estimated ability when its lot is at or below the item's threshold there. Thresholds are
tuned once for a bank (`exam.certification.tuning`), so that no item is met too often by candidates of any ability; lots
need no counter and no network, and can be drawn again by whoever verifies. Of two enemies that both could be met, the one
with the larger lot stays out of the whole sitting: among eligible items there are no enemies left, which is what makes the
greedy choice equal to the exact one. A candidate never meets the lots: they are a hash under the sitting's seed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.rules import SEGMENTS
from exam.errors import ExamError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from exam.certification.tables import Tables

    Lots = NDArray[np.uint32]

NEVER = 0xFFFFFFFF
"""A lot above every threshold."""

ALWAYS = NEVER - 1
"""The highest threshold: eligible but for enemies (and for one lot in 2^32)."""

_LOTS = b"preau.certification.lots.1"
_MIX = b"preau.certification.mix.1"


class ThresholdsError(ExamError):
    """These thresholds are not made for these tables."""

    code = "thresholds.bad"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """[segment, item]: an item is eligible when its lot does not exceed this; about 2^32 times the chance."""

    values: Lots = field(repr=False)
    digest: str


def thresholds(tables: Tables, values: Lots) -> Thresholds:
    """Return checked thresholds of these tables; raises `ThresholdsError`."""
    if values.shape != (SEGMENTS, tables.count) or values.dtype != np.uint32:
        raise ThresholdsError(detail=f"{SEGMENTS} segments of {tables.count} items are needed")
    kept = np.minimum(values, np.uint32(ALWAYS))
    kept.flags.writeable = False
    named = tables.digest.encode() + np.ascontiguousarray(kept, dtype="<u4").tobytes()
    return Thresholds(kept, hashlib.sha256(b"preau.thresholds.1\n" + named).hexdigest())


def everything(tables: Tables) -> Thresholds:
    """Return thresholds that hold nothing back: for banks too small to hide their items, and for tests."""
    return thresholds(tables, np.full((SEGMENTS, tables.count), ALWAYS, dtype=np.uint32))


def draw_lots(tables: Tables, seed: bytes) -> Lots:
    """Return one lot an item, `NEVER` for those that lose to an enemy."""
    lots = _stream(_LOTS, seed, tables.count)
    kept: Lots = without_enemies(tables, lots[None, :])[0]
    return kept


def draw_mix(tables: Tables, seed: bytes) -> Lots:
    """Return the numbers that open use mixes with information, one an item, independent of the lots."""
    return _stream(_MIX, seed, tables.count)


def without_enemies(tables: Tables, lots: Lots) -> Lots:
    """Return [sitting, item] lots where the larger of two enemies' lots, or the later item of equal ones, is `NEVER`."""
    first, second = tables.foes
    losing = lots[:, first] > lots[:, second]
    losing |= (lots[:, first] == lots[:, second]) & (first > second)
    kept = lots.copy()
    row, pair = np.nonzero(losing)
    kept[row, first[pair]] = NEVER
    return kept


def _stream(label: bytes, seed: bytes, count: int) -> Lots:
    """Return `count` numbers of 32 bits: SHAKE-256 of the label and the 32 bytes of seed, read little-endian."""
    data = hashlib.shake_256(label + seed).digest(4 * count)
    return np.frombuffer(data, dtype="<u4").astype(np.uint32)

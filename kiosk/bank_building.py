"""Building the bundle of a bank: the open part in clear, the certification part sealed, a report anyone may read.

Nothing is sealed that could not be asked: a certification part without proof of feasibility is refused. The day key is drawn
here, used, and forgotten; it lives on only under the spoken code and in the schools' boxes.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from exam.bank_stats import BankStats, bank_stats
from exam.bundle import BankError, dump_bundle
from exam.certification.cohort import Cohort
from exam.certification.eligibility import everything
from exam.certification.rules import ENGINE, PER_COMPETENCE
from exam.certification.scale import SCALE
from exam.certification.simulation import GROUP_CROWD, run
from exam.certification.tables import compile_tables
from exam.certification.tuning import ROUGH, ROUNDS, tune
from exam.certification_pool import certification_items, pool_parameters
from exam.critical_values import critical_values
from exam.feasibility import Feasibility, feasibility
from exam.open_part import open_part
from exam.sealed_part import FORMAT as SEALED_FORMAT
from exam.sealed_part import CertificationPart, Critical, item_bytes, part_bytes, rows_of
from exam.start_parameters import MARK
from sync.box_keys import box_key_id
from sync.bundle_file import FORMAT, OPEN, CodeLock, Head, SchoolLock, part_of, write_bundle
from sync.sealed import (
    KEY_BYTES,
    NONCE_BYTES,
    SALT_BYTES,
    Costs,
    lock_for_school,
    lock_with_code,
    seal,
    sealed_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.bank import Bank
    from exam.certification.parameters import Parameters
    from exam.items import Item
    from sync.keys import Signer

REPORT, TABLES = "report", "tables"
EXAMINEES, TARGET_MILLI = 10_000, 200


@dataclass(frozen=True, slots=True)
class Order:
    """How to build: who may open the sealed part, what is sealed, and how long to simulate."""

    code: str | None = None
    schools: Sequence[bytes] = ()
    rehearsal: bool = False
    rough: bool = False
    tuned: bool = True
    """False leaves every item to everybody: for a demo, where nobody is kept from meeting an item."""
    costs: Costs = field(default_factory=Costs)


class Precision(msgspec.Struct, frozen=True):
    """What simulated candidates show, in thousandths: errors of a logit, shares of candidates."""

    candidates: int
    rmse: int
    bias: int
    max_exposure: int
    max_exposure_by_segment: list[int]
    overlap: int
    unused: int
    content_ok: int


class SealedReport(msgspec.Struct, frozen=True):
    """What may be said of the sealed part without opening it; the proof itself is not told."""

    items: int
    rehearsal: bool
    parameters: str
    target_exposure: int
    """In thousandths; 1000 when the bank is too small to hold anything back."""
    topics: dict[str, int]
    feasible: bool
    precision: Precision
    critical: Critical


class Report(msgspec.Struct, frozen=True):
    """The report inside a bundle."""

    bundle: str
    bank: BankStats
    sealed: SealedReport | None


@dataclass(frozen=True, slots=True)
class Built:
    """A bundle and its report."""

    data: bytes
    head: Head
    report: Report


def build(bank: Bank, signer: Signer, order: Order) -> Built:
    """Return the signed bundle of a bank; raises `BankError`, or sync.sealed.SealError for a weak code."""
    bundle = f"b-{secrets.token_hex(16)}"
    clear = open_part(bank)
    parts = {OPEN: dump_bundle(clear)}
    items = certification_items(bank, rehearsal=order.rehearsal)
    made = _Sealing(bank, bundle, items, order) if items else None
    if made is not None:
        parts |= made.parts
    report = Report(bundle, bank_stats(bank), made.report if made else None)
    parts[REPORT] = msgspec.json.encode(report)
    head = Head(
        FORMAT,
        bundle,
        bank.id,
        bank.version,
        clear.digest,
        tuple(part_of(name, data) for name, data in parts.items()),
        made.names if made else (),
        made.code_lock if made else None,
        made.school_locks if made else (),
    )
    return Built(write_bundle(signer, head, parts), head, report)


class _Sealing:
    """The sealed part while it is made; it holds the day key, and lives as long as the building."""

    def __init__(self, bank: Bank, bundle: str, items: list[Item], order: Order) -> None:
        if order.code is None and not order.schools:
            raise BankError(
                "bank.cannot_seal", "nobody could open it: give a day code, or the box key of each school"
            )
        self._bundle, self._order = bundle, order
        self._key = secrets.token_bytes(KEY_BYTES)
        self.code_lock, self.school_locks = self._code_lock(), self._school_locks()
        names = {item.id: sealed_name(self._key, item.id) for item in items}
        pool = pool_parameters(bank, items, names)
        proof = _proved(pool)
        part, precision = _simulated(pool, rough=order.rough, tuned=order.tuned)
        self.names = tuple(sorted(names.values()))
        self.report = SealedReport(
            len(items),
            order.rehearsal,
            MARK,
            part.target,
            proof.competences,
            proof.feasible,
            precision,
            part.critical,
        )
        written = {names[item.id]: item_bytes(item, names) for item in items}
        self.parts = {TABLES: self._sealed(TABLES, part_bytes(part))}
        self.parts |= {name: self._sealed(name, written[name]) for name in self.names}

    def _sealed(self, name: str, plain: bytes) -> bytes:
        return seal(self._key, self._bundle, name, secrets.token_bytes(NONCE_BYTES), plain)

    def _code_lock(self) -> CodeLock | None:
        if self._order.code is None:
            return None
        salt, costs = secrets.token_bytes(SALT_BYTES), self._order.costs
        locked = lock_with_code(self._key, self._bundle, self._order.code, salt, costs)
        return CodeLock(salt.hex(), costs, locked.hex())

    def _school_locks(self) -> tuple[SchoolLock, ...]:
        boxes = {box_key_id(public): public for public in self._order.schools}
        return tuple(
            SchoolLock(box, lock_for_school(self._key, self._bundle, public).hex())
            for box, public in sorted(boxes.items())
        )


def _proved(pool: list[Parameters]) -> Feasibility:
    """Return the proof for everyone; raises `BankError` naming the competences that fail."""
    for adjusted in (False, True):
        proof = feasibility(pool, adjusted=adjusted)
        if not proof.feasible:
            whom = "who needs adjusted items" if adjusted else "everyone"
            reasons = "; ".join(f"{code}: {why}" for code, why in proof.failing.items())
            raise BankError("bank.cannot_seal", f"no certification for {whom} can be put together. {reasons}")
    return feasibility(pool)


def _can_hide(pool: list[Parameters]) -> bool:
    """Return whether every competence has items enough that none need be met by more than the target share."""
    counts = Counter(item.competence for item in pool if item.access != "adjusted")
    return min(counts.values()) * TARGET_MILLI >= PER_COMPETENCE * 1000


def _simulated(pool: list[Parameters], *, rough: bool, tuned: bool) -> tuple[CertificationPart, Precision]:
    """Return tables, thresholds and critical values, and what simulated candidates show of them."""
    tables = compile_tables(pool)
    tuning, luck, null = (np.random.default_rng([1, part]) for part in (1, 2, 3))
    target = TARGET_MILLI if tuned and _can_hide(pool) else 1000
    if target == TARGET_MILLI:
        found = tune(tables, target / 1000, tuning, "precise", ROUGH if rough else ROUNDS)
    else:
        found = everything(tables)
    share = 10 if rough else 1
    examinees = EXAMINEES // share
    figures = run(tables, found, "precise", examinees, 0.0, 1.0, luck, GROUP_CROWD // share // share)
    part = CertificationPart(
        SEALED_FORMAT,
        MARK,
        ENGINE,
        SCALE.version,
        "precise",
        target,
        rows_of(pool),
        tuple(tuple(row) for row in found.values.tolist()),
        tables.digest,
        found.digest,
        critical_values(Cohort(tables, found), examinees, null),
    )
    said = asdict(figures)
    milli = {
        name: round(said[name] * 1000) for name in ("rmse", "bias", "max_exposure", "overlap", "content_ok")
    }
    segments = [round(one * 1000) for one in figures.max_exposure_by_segment]
    return part, Precision(
        candidates=examinees, max_exposure_by_segment=segments, unused=figures.unused, **milli
    )

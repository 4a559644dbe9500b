"""How often a password may be tried: counted in the database, so that a restart forgives nothing.

Two subjects are counted: the account from one address and the account from anywhere. From the 10th failure the
account is blocked for that address, two minutes at first and twice as long after each further failure, up to a day:
a neighbour cannot lock a pupil out with ten wrong passwords. From the 50th, wherever they came from, it is blocked
for good, until somebody gives it a new password. Names are kept as hashes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kiosk.errors import TooMany
from kiosk.store import people as store

if TYPE_CHECKING:
    from kiosk.people import Person
    from kiosk.store.base import Reader

FROM_ONE_ADDRESS = 10
FROM_ANYWHERE = 50
BASE_MS = 120_000
LONGEST_MS = 24 * 3_600_000
FORGET_MS = 24 * 3_600_000
FOR_GOOD_MS = 2**53
"""An instant that never comes: the block that only a new password lifts."""


def subjects(username: str, address: str) -> tuple[tuple[str, int], ...]:
    """Return what to count for this try: (subject, failures that block it)."""
    return (
        (_hash("address", f"{address}\0{username}"), FROM_ONE_ADDRESS),
        (_hash("account", username), FROM_ANYWHERE),
    )


def check(conn: Reader, username: str, address: str, now_ms: int) -> None:
    """Raise TooMany when this account may not be tried now, whether it exists or not."""
    until = max(store.attempts_of(conn, subject)[1] for subject, _ in subjects(username, address))
    if until >= FOR_GOOD_MS:
        raise TooMany("login.blocked")
    if until > now_ms:
        seconds = -(-(until - now_ms) // 1000)
        raise TooMany("login.throttled", params={"count": -(-seconds // 60)}, retry_after=seconds)


def count_failure(tx: Reader, username: str, address: str, now_ms: int) -> None:
    """Count one wrong password and block what has reached its limit."""
    for subject, limit in subjects(username, address):
        failures = store.attempts_of(tx, subject)[0] + 1
        for_good = limit == FROM_ANYWHERE and failures >= limit
        until = FOR_GOOD_MS if for_good else now_ms + block_ms(failures, limit)
        store.keep_attempts(tx, subject, failures, until, now_ms)
    store.sweep_attempts(tx, now_ms - FORGET_MS)


def forgive(tx: Reader, username: str, address: str) -> None:
    """Forget the failures after the right password, or after a new one."""
    for subject, _ in subjects(username, address):
        store.drop_attempts(tx, subject)


def lift(tx: Reader, person: Person) -> None:
    """Lift the block of an account everywhere, when somebody who may has given it a new password."""
    for name in (person.id, person.username, person.email):
        if name:
            store.drop_attempts(tx, _hash("account", name))


def block_ms(failures: int, limit: int) -> int:
    """Return how long a block lasts after that many failures, in ms; 0 under the limit."""
    if failures < limit:
        return 0
    return min(LONGEST_MS, BASE_MS << min(failures - limit, 20))


def _hash(kind: str, text: str) -> str:
    return hashlib.blake2b(f"{kind}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

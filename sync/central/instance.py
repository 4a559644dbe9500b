"""Everything a request or a command needs, opened in order and closed in reverse: the parts of a running instance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.box_keys import box_at
from sync.central.certification_banks import CertificationBanks
from sync.central.certify import Certify
from sync.central.database import Database, open_database
from sync.central.enrolment import Enrolments
from sync.central.identities import Identities
from sync.central.ingest import Ingest
from sync.central.profiles import Profiles
from sync.central.publication import Publication
from sync.central.reverify import Reverify
from sync.central.shelf import Shelf
from sync.central.statements import Statements
from sync.keys import Signer, load_or_make

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from sync.box_keys import Box
    from sync.central.config import Config

    Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Instance:
    """The open parts; `clock` gives UTC milliseconds."""

    config: Config
    clock: Clock
    database: Database
    signer: Signer
    shelf: Shelf
    enrolments: Enrolments
    ingest: Ingest
    reverify: Reverify
    profiles: Profiles
    box: Box
    certify: Certify
    identities: Identities
    publication: Publication
    statements: Statements


@asynccontextmanager
async def open_instance(config: Config, clock: Clock) -> AsyncIterator[Instance]:
    """Open the database (bringing its tables up to date) and everything that stands on it."""
    signer = load_or_make(config.key_file)
    box = box_at(config.home / "keys" / "central-box.key")
    database = await open_database(config.database)
    # One thread thinks: replay is Python, and a second thread would only take turns with the first.
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="central")
    shelf = Shelf(database, pool)
    certify = Certify(database, CertificationBanks(database, box, pool), pool)
    identities = Identities(database, signer, box, pool)
    try:
        yield Instance(
            config=config,
            clock=clock,
            database=database,
            signer=signer,
            shelf=shelf,
            enrolments=Enrolments(database, signer),
            ingest=Ingest(database, signer, shelf, pool),
            reverify=Reverify(database, shelf, pool),
            profiles=Profiles(database, signer, box, pool),
            box=box,
            certify=certify,
            identities=identities,
            publication=Publication(database, signer, identities, certify, pool),
            statements=Statements(database),
        )
    finally:
        pool.shutdown(cancel_futures=True)
        await database.close()

"""The central instance's tables of certifications: what schools said, what replay found, what a jury did, what was published.

What people decide (`jury_acts`) and what follows from it (`cert_results`) are only ever added to; the database refuses
anything else. Who a candidate is lies in `identities` alone, sealed for our box. See `sync.central.tables` for the rest.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from sync.central.tables import metadata


def _site(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["site"], ["schools.site"], name=f"fk_{table}_site_schools")


sealed_banks = Table(
    "sealed_banks",
    metadata,
    Column("bundle", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("version", String(60), nullable=False),
    Column("tables", String(64), nullable=False),
    Column("thresholds", String(64), nullable=False),
    Column("signer", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("day_key", LargeBinary, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("bundle", name="pk_sealed_banks"),
)

cert_manifests = Table(
    "cert_manifests",
    metadata,
    Column("site", String(18), nullable=False),
    Column("session", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("date", String(10), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("site", "session", name="pk_cert_manifests"),
    _site("cert_manifests"),
)
Index("ix_cert_manifests_date", cert_manifests.c.date)

cert_finals = Table(
    "cert_finals",
    metadata,
    Column("site", String(18), nullable=False),
    Column("session", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("site", "session", "seq", name="pk_cert_finals"),
    _site("cert_finals"),
)

cert_rooms = Table(
    "cert_rooms",
    metadata,
    Column("site", String(18), nullable=False),
    Column("session", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    Column("head", String(64), nullable=False),
    Column("acts", Integer, nullable=False),
    Column("code", String(60), nullable=False),
    Column("message", Text, nullable=False),
    Column("keys", Text, nullable=False),
    PrimaryKeyConstraint("site", "session", name="pk_cert_rooms"),
    _site("cert_rooms"),
)

cert_incidents = Table(
    "cert_incidents",
    metadata,
    Column("site", String(18), nullable=False),
    Column("session", String(64), nullable=False),
    Column("incident", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("site", "session", "incident", name="pk_cert_incidents"),
    _site("cert_incidents"),
)

certifications = Table(
    "certifications",
    metadata,
    Column("site", String(18), nullable=False),
    Column("candidate", String(64), nullable=False),
    Column("session", String(64), nullable=False),
    Column("number", String(10), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    Column("head", String(64), nullable=False),
    Column("events", Integer, nullable=False),
    Column("began", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("ended", String(20), nullable=False),
    Column("abandonment", String(20), nullable=False),
    Column("tables", String(64), nullable=False),
    Column("thresholds", String(64), nullable=False),
    Column("allowance_ms", BigInteger, nullable=False),
    Column("extra_percent", Integer, nullable=False),
    Column("adjusted", Integer, nullable=False),
    Column("verdict", String(12), nullable=False),
    Column("step", Integer),
    Column("code", String(60), nullable=False),
    Column("expected", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("verified_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "candidate", name="pk_certifications"),
    UniqueConstraint("number", name="uq_certifications_number"),
    _site("certifications"),
)
Index("ix_certifications_site_session", certifications.c.site, certifications.c.session)
Index("ix_certifications_verdict", certifications.c.verdict)

cert_results = Table(
    "cert_results",
    metadata,
    Column("site", String(18), nullable=False),
    Column("candidate", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("session", String(64), nullable=False),
    Column("status", String(12), nullable=False),
    Column("comment", String(60), nullable=False),
    Column("answers", Integer, nullable=False),
    Column("degraded", Integer, nullable=False),
    Column("score", Integer),
    Column("low", Integer),
    Column("high", Integer),
    Column("ability", Integer),
    Column("deviation", Integer),
    Column("mesh", Integer),
    Column("levels", LargeBinary, nullable=False),
    Column("basis", String(200), nullable=False),
    Column("act", Integer, nullable=False),
    Column("officer", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "candidate", "number", name="pk_cert_results"),
    _site("cert_results"),
)
Index("ix_cert_results_site_session", cert_results.c.site, cert_results.c.session)

jury_acts = Table(
    "jury_acts",
    metadata,
    Column("site", String(18), nullable=False),
    Column("session", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("candidate", String(64), nullable=False),
    Column("act", String(30), nullable=False),
    Column("about", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("officer", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "session", "number", name="pk_jury_acts"),
    _site("jury_acts"),
)

identities = Table(
    "identities",
    metadata,
    Column("site", String(18), nullable=False),
    Column("candidate", String(64), nullable=False),
    Column("session", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("said", String(64), nullable=False),
    Column("who", String(64), nullable=False),
    Column("named", String(64), nullable=False),
    Column("box", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "candidate", name="pk_identities"),
    _site("identities"),
)
Index("ix_identities_who", identities.c.who)
Index("ix_identities_named", identities.c.named)

statements = Table(
    "statements",
    metadata,
    Column("site", String(18), nullable=False),
    Column("number", Integer, nullable=False),
    Column("type", String(30), nullable=False),
    Column("session", String(64), nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("fetched_at", BigInteger),
    PrimaryKeyConstraint("site", "number", name="pk_statements"),
    _site("statements"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("token_hash", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scope", String(30), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    PrimaryKeyConstraint("token_hash", name="pk_api_tokens"),
)

"""The central instance's tables, as SQLAlchemy Core sees them on SQLite and PostgreSQL alike.

Every table that holds a school's facts is keyed by the school (`site`) first, so that it can be spread over several
machines by that key. Times are UTC milliseconds as integers: a zone never gets lost on the way to a database.
The migrations build these tables; a test checks that both say the same.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

schools = Table(
    "schools",
    metadata,
    Column("site", String(18), nullable=False),
    Column("uai", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("last_contact", BigInteger),
    PrimaryKeyConstraint("site", name="pk_schools"),
    UniqueConstraint("public_key", name="uq_schools_public_key"),
)

enrolment_codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", String(64), nullable=False),
    Column("uai", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("site", String(18)),
    Column("statement", Text),
    Column("refused_code", String(60)),
    Column("refused_at", BigInteger),
    Column("refused_times", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("code_hash", name="pk_enrolment_codes"),
)

records = Table(
    "records",
    metadata,
    Column("site", String(18), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("type", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("frame", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    Column("state", String(12), nullable=False),
    PrimaryKeyConstraint("site", "hash", name="pk_records"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_records_site_schools"),
)
Index(
    "uq_records_site_seq_stored",
    records.c.site,
    records.c.seq,
    unique=True,
    sqlite_where=text("state = 'stored'"),
    postgresql_where=text("state = 'stored'"),
)
Index("ix_records_site_type_seq", records.c.site, records.c.type, records.c.seq)

campaigns = Table(
    "campaigns",
    metadata,
    Column("site", String(18), nullable=False),
    Column("campaign", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("course", String(100), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    PrimaryKeyConstraint("site", "campaign", name="pk_campaigns"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_campaigns_site_schools"),
)

courses = Table(
    "courses",
    metadata,
    Column("site", String(18), nullable=False),
    Column("course", String(64), nullable=False),
    Column("definition", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    PrimaryKeyConstraint("site", "course", name="pk_courses"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_courses_site_schools"),
)
Index("ix_courses_course", courses.c.course)

participations = Table(
    "participations",
    metadata,
    Column("site", String(18), nullable=False),
    Column("participation", String(64), nullable=False),
    Column("campaign", String(64), nullable=False),
    Column("course", String(100), nullable=False),
    Column("bank", String(64), nullable=False),
    Column("engine", String(60), nullable=False),
    Column("events", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("validated", Integer, nullable=False),
    Column("targeted", Integer, nullable=False),
    Column("shared_at", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    Column("verdict", String(12), nullable=False),
    Column("step", Integer),
    Column("code", String(60), nullable=False),
    Column("expected", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("steps", LargeBinary, nullable=False),
    Column("verified_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "participation", name="pk_participations"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_participations_site_schools"),
)
Index("ix_participations_site_verdict", participations.c.site, participations.c.verdict)
Index("ix_participations_bank_verdict", participations.c.bank, participations.c.verdict)

profile_states = Table(
    "profile_states",
    metadata,
    Column("site", String(18), nullable=False),
    Column("person", String(64), nullable=False),
    Column("piece", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("record", String(64), nullable=False),
    Column("erased_seq", BigInteger),
    PrimaryKeyConstraint("site", "person", name="pk_profile_states"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_profile_states_site_schools"),
)

pieces = Table(
    "pieces",
    metadata,
    Column("site", String(18), nullable=False),
    Column("person", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("who", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "person", name="pk_pieces"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_pieces_site_schools"),
)
Index("ix_pieces_who", pieces.c.who)

profile_asks = Table(
    "profile_asks",
    metadata,
    Column("site", String(18), nullable=False),
    Column("asked", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("by", String(64), nullable=False),
    Column("who", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("found", Integer, nullable=False),
    PrimaryKeyConstraint("site", "asked", "number", name="pk_profile_asks"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_profile_asks_site_schools"),
)
Index("ix_profile_asks_site_at", profile_asks.c.site, profile_asks.c.at)

problems = Table(
    "problems",
    metadata,
    Column("site", String(18), nullable=False),
    Column("code", String(60), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("site", "code", "seq", name="pk_problems"),
    ForeignKeyConstraint(["site"], ["schools.site"], name="fk_problems_site_schools"),
)

banks = Table(
    "banks",
    metadata,
    Column("digest", String(64), nullable=False),
    Column("version", String(60), nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("digest", name="pk_banks"),
)

officers = Table(
    "officers",
    metadata,
    Column("officer", String(32), nullable=False),
    Column("username", String(60), nullable=False),
    Column("password", String(200), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("theme", String(12), nullable=False),
    Column("face", String(12), nullable=False),
    Column("size", String(12), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("officer", name="pk_officers"),
    UniqueConstraint("username", name="uq_officers_username"),
)

logins = Table(
    "logins",
    metadata,
    Column("token_hash", String(64), nullable=False),
    Column("officer", String(32), nullable=False),
    Column("form_token", String(64), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("token_hash", name="pk_logins"),
    ForeignKeyConstraint(["officer"], ["officers.officer"], name="fk_logins_officer_officers"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("bucket", String(64), nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    PrimaryKeyConstraint("bucket", name="pk_attempts"),
)

"""The first tables: schools and their records, what replay found, officers and their logins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_attempts"),
    )


def _banks() -> None:
    op.create_table(
        "banks",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_banks"),
    )


def _enrolment_codes() -> None:
    op.create_table(
        "enrolment_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("site", sa.String(length=18), nullable=True),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("refused_code", sa.String(length=60), nullable=True),
        sa.Column("refused_at", sa.BigInteger(), nullable=True),
        sa.Column("refused_times", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_enrolment_codes"),
    )


def _officers() -> None:
    op.create_table(
        "officers",
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=12), nullable=False),
        sa.Column("face", sa.String(length=12), nullable=False),
        sa.Column("size", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("officer", name="pk_officers"),
        sa.UniqueConstraint("username", name="uq_officers_username"),
    )


def _schools() -> None:
    op.create_table(
        "schools",
        sa.Column("site", sa.String(length=18), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_contact", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", name="pk_schools"),
        sa.UniqueConstraint("public_key", name="uq_schools_public_key"),
    )


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("site", sa.String(length=18), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_campaigns_site_schools"),
        sa.PrimaryKeyConstraint("site", "campaign", name="pk_campaigns"),
    )


def _logins() -> None:
    op.create_table(
        "logins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officers.officer"], name="fk_logins_officer_officers"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_logins"),
    )


def _participations() -> None:
    op.create_table(
        "participations",
        sa.Column("site", sa.String(length=18), nullable=False),
        sa.Column("participation", sa.String(length=64), nullable=False),
        sa.Column("campaign", sa.String(length=64), nullable=False),
        sa.Column("course", sa.String(length=100), nullable=False),
        sa.Column("bank", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=60), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("validated", sa.Integer(), nullable=False),
        sa.Column("targeted", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("steps", sa.LargeBinary(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_participations_site_schools"),
        sa.PrimaryKeyConstraint("site", "participation", name="pk_participations"),
    )
    op.create_index("ix_participations_bank_verdict", "participations", ["bank", "verdict"], unique=False)
    op.create_index("ix_participations_site_verdict", "participations", ["site", "verdict"], unique=False)


def _problems() -> None:
    op.create_table(
        "problems",
        sa.Column("site", sa.String(length=18), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_problems_site_schools"),
        sa.PrimaryKeyConstraint("site", "code", "seq", name="pk_problems"),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("site", sa.String(length=18), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_records_site_schools"),
        sa.PrimaryKeyConstraint("site", "hash", name="pk_records"),
    )
    op.create_index(
        "uq_records_site_seq_stored",
        "records",
        ["site", "seq"],
        unique=True,
        sqlite_where=sa.text("state = 'stored'"),
        postgresql_where=sa.text("state = 'stored'"),
    )


def upgrade() -> None:
    _attempts()
    _banks()
    _enrolment_codes()
    _officers()
    _schools()
    _campaigns()
    _logins()
    _participations()
    _problems()
    _records()


def downgrade() -> None:
    for table in (
        "records",
        "problems",
        "participations",
        "logins",
        "campaigns",
        "schools",
        "officers",
        "enrolment_codes",
        "banks",
        "attempts",
    ):
        op.drop_table(table)

"""Certifications: what schools said of sessions, what replay found, what a jury did and published, who candidates are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SITE = sa.String(length=18)
_HASH = sa.String(length=64)
KEPT = ("jury_acts", "cert_results")
"""Tables whose rows are only ever added."""


def upgrade() -> None:
    _banks_and_tokens()
    _said()
    _certifications()
    _results()
    _sent()
    for table in KEPT:
        for statement in _append_only(op.get_bind().dialect.name, table):
            op.execute(statement)


def _banks_and_tokens() -> None:
    op.create_table(
        "sealed_banks",
        sa.Column("bundle", _HASH, nullable=False),
        sa.Column("digest", _HASH, nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("tables", _HASH, nullable=False),
        sa.Column("thresholds", _HASH, nullable=False),
        sa.Column("signer", _HASH, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("day_key", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bundle", name="pk_sealed_banks"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", _HASH, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scope", sa.String(length=30), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_api_tokens"),
    )


def _said() -> None:
    op.create_table(
        "cert_manifests",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("record", _HASH, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_cert_manifests_site_schools"),
        sa.PrimaryKeyConstraint("site", "session", name="pk_cert_manifests"),
    )
    op.create_index("ix_cert_manifests_date", "cert_manifests", ["date"])
    op.create_table(
        "cert_finals",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("record", _HASH, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_cert_finals_site_schools"),
        sa.PrimaryKeyConstraint("site", "session", "seq", name="pk_cert_finals"),
    )
    op.create_table(
        "cert_rooms",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("record", _HASH, nullable=False),
        sa.Column("head", _HASH, nullable=False),
        sa.Column("acts", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_cert_rooms_site_schools"),
        sa.PrimaryKeyConstraint("site", "session", name="pk_cert_rooms"),
    )
    op.create_table(
        "cert_incidents",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("incident", _HASH, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_cert_incidents_site_schools"),
        sa.PrimaryKeyConstraint("site", "session", "incident", name="pk_cert_incidents"),
    )


def _certifications() -> None:
    op.create_table(
        "certifications",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("candidate", _HASH, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("number", sa.String(length=10), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("record", _HASH, nullable=False),
        sa.Column("head", _HASH, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("began", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("ended", sa.String(length=20), nullable=False),
        sa.Column("abandonment", sa.String(length=20), nullable=False),
        sa.Column("tables", _HASH, nullable=False),
        sa.Column("thresholds", _HASH, nullable=False),
        sa.Column("allowance_ms", sa.BigInteger(), nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("adjusted", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("step", sa.Integer()),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_certifications_site_schools"),
        sa.PrimaryKeyConstraint("site", "candidate", name="pk_certifications"),
        sa.UniqueConstraint("number", name="uq_certifications_number"),
    )
    op.create_index("ix_certifications_site_session", "certifications", ["site", "session"])
    op.create_index("ix_certifications_verdict", "certifications", ["verdict"])


def _results() -> None:
    op.create_table(
        "cert_results",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("candidate", _HASH, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("comment", sa.String(length=60), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("degraded", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("low", sa.Integer()),
        sa.Column("high", sa.Integer()),
        sa.Column("ability", sa.Integer()),
        sa.Column("deviation", sa.Integer()),
        sa.Column("mesh", sa.Integer()),
        sa.Column("levels", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("act", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_cert_results_site_schools"),
        sa.PrimaryKeyConstraint("site", "candidate", "number", name="pk_cert_results"),
    )
    op.create_index("ix_cert_results_site_session", "cert_results", ["site", "session"])
    op.create_table(
        "jury_acts",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("candidate", _HASH, nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("about", _HASH, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("officer", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_jury_acts_site_schools"),
        sa.PrimaryKeyConstraint("site", "session", "number", name="pk_jury_acts"),
    )


def _sent() -> None:
    op.create_table(
        "identities",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("candidate", _HASH, nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("said", _HASH, nullable=False),
        sa.Column("who", _HASH, nullable=False),
        sa.Column("named", _HASH, nullable=False),
        sa.Column("box", _HASH, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_identities_site_schools"),
        sa.PrimaryKeyConstraint("site", "candidate", name="pk_identities"),
    )
    op.create_index("ix_identities_named", "identities", ["named"])
    op.create_index("ix_identities_who", "identities", ["who"])
    op.create_table(
        "statements",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("session", _HASH, nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_statements_site_schools"),
        sa.PrimaryKeyConstraint("site", "number", name="pk_statements"),
    )


def _append_only(dialect: str, table: str) -> list[str]:
    """Return what makes the database itself refuse to change or take away a row; the function is that of 0003."""
    if dialect == "postgresql":
        kept = f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
        return [f"{kept} FOR EACH STATEMENT EXECUTE FUNCTION preau_append_only()"]
    refuse = "BEGIN SELECT RAISE(ABORT, 'rows of this table are only ever added'); END"
    return [
        f"CREATE TRIGGER {table}_kept_{act.lower()} BEFORE {act} ON {table} {refuse}"
        for act in ("UPDATE", "DELETE")
    ]


def downgrade() -> None:
    for table in (
        "api_tokens",
        "statements",
        "identities",
        "jury_acts",
        "cert_results",
        "certifications",
        "cert_incidents",
        "cert_rooms",
        "cert_finals",
        "cert_manifests",
        "sealed_banks",
    ):
        op.drop_table(table)

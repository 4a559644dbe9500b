"""Profile states, the pieces that say them, and who asked for whom, which nothing may change afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SITE = sa.String(length=18)
_HASH = sa.String(length=64)


def upgrade() -> None:
    _states_and_pieces()
    op.create_table(
        "profile_asks",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("asked", _HASH, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", _HASH, nullable=False),
        sa.Column("who", _HASH, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_profile_asks_site_schools"),
        sa.PrimaryKeyConstraint("site", "asked", "number", name="pk_profile_asks"),
    )
    op.create_index("ix_profile_asks_site_at", "profile_asks", ["site", "at"])
    op.create_index("ix_records_site_type_seq", "records", ["site", "type", "seq"])
    for statement in _append_only(op.get_bind().dialect.name):
        op.execute(statement)


def _states_and_pieces() -> None:
    op.create_table(
        "profile_states",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("person", _HASH, nullable=False),
        sa.Column("piece", _HASH, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("record", _HASH, nullable=False),
        sa.Column("erased_seq", sa.BigInteger()),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_profile_states_site_schools"),
        sa.PrimaryKeyConstraint("site", "person", name="pk_profile_states"),
    )
    op.create_table(
        "pieces",
        sa.Column("site", _SITE, nullable=False),
        sa.Column("person", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("who", _HASH, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_pieces_site_schools"),
        sa.PrimaryKeyConstraint("site", "person", name="pk_pieces"),
    )
    op.create_index("ix_pieces_who", "pieces", ["who"])


def _append_only(dialect: str) -> list[str]:
    """Return what makes the database itself refuse to change or take away a row of who asked for whom."""
    if dialect == "postgresql":
        return [
            (
                "CREATE FUNCTION preau_append_only() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'rows of this table are only ever added'; END $$"
            ),
            (
                "CREATE TRIGGER profile_asks_kept BEFORE UPDATE OR DELETE ON profile_asks"
                " FOR EACH STATEMENT EXECUTE FUNCTION preau_append_only()"
            ),
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'rows of this table are only ever added'); END"
    return [
        f"CREATE TRIGGER profile_asks_kept_{act.lower()} BEFORE {act} ON profile_asks {refuse}"
        for act in ("UPDATE", "DELETE")
    ]


def downgrade() -> None:
    op.drop_index("ix_records_site_type_seq", "records")
    for table in ("profile_asks", "pieces", "profile_states"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION preau_append_only()")

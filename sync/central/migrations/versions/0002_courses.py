"""Courses that schools made, by the digest of their definition, so that sittings on them can be replayed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("site", sa.String(length=18), nullable=False),
        sa.Column("course", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["schools.site"], name="fk_courses_site_schools"),
        sa.PrimaryKeyConstraint("site", "course", name="pk_courses"),
    )
    op.create_index("ix_courses_course", "courses", ["course"])


def downgrade() -> None:
    op.drop_table("courses")

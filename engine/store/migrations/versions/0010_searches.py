"""Searches that were sent to the co-ordinator, sealed, in the protected tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision; nothing that is there is touched."""
    op.create_table(
        "search_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_into_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dealt_with_by", sa.String(), nullable=True),
        sa.Column("dealt_with_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purge_after", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_sent")),
        sa.UniqueConstraint("ref", name=op.f("uq_search_sent_ref")),
    )
    op.create_index(op.f("ix_search_sent_user_name_at"), "search_sent", ["user_name", "at"])
    op.create_index(op.f("ix_search_sent_looked_into_at"), "search_sent", ["looked_into_at"])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""Frozen releases of figures over all cases: what went out, by its date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0218"
down_revision = "0217"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, which keeps its history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "outcome_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.Column("refusals", document, nullable=False),
        sa.Column("small", document, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcome_release"),
        sa.UniqueConstraint("as_of", name="uq_outcome_release_as_of"),
    )
    refuse_changes(op.get_bind(), "outcome_release")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

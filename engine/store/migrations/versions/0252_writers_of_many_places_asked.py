"""What was found when a person asked why a writer named many places of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0252"
down_revision = "0251"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Its texts are sealed anew with a new key, and emptied by an erasure."""
    op.create_table(
        "places_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_places_asked"),
        sa.UniqueConstraint("ref", name="uq_places_asked_ref"),
    )
    for column in ("involvement_ref", "by", "at"):
        op.create_index(f"ix_places_asked_{column}", "places_asked", [column])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

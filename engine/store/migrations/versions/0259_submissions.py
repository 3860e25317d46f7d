"""Acts that were recorded lately, so that one whose answer was lost is not recorded twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0259"
down_revision = "0252"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("by", "key", name="uq_submission_by_key"),
    )
    for column in ("digest", "at"):
        op.create_index(f"ix_submission_{column}", "submission", [column])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

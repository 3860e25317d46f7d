"""What the record verified of itself each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0263"
down_revision = "0261"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("failed", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verification"),
    )
    refuse_changes(op.get_bind(), "verification")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

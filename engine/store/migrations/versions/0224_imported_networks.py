"""Networks that people import for themselves, apart from everything else in the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0224"
down_revision = "0223"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Its rows are deleted, so nothing of it is append-only."""
    op.create_table(
        "imported_network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imported_network"),
        sa.UniqueConstraint("ref", name="uq_imported_network_ref"),
    )
    for column in ("user_name", "delete_on"):
        op.create_index(f"ix_imported_network_{column}", "imported_network", [column])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

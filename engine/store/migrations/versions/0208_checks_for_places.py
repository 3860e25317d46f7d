"""Who checked a version of a plan for protected places, and when. Never with what result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0208"
down_revision = "0207"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, which keeps its history as it is."""
    op.create_table(
        "place_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place_check"),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name="fk_place_check_involvement_id"),
    )
    op.create_index("ix_place_check_involvement_id", "place_check", ["involvement_id"])
    refuse_changes(op.get_bind(), "place_check")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

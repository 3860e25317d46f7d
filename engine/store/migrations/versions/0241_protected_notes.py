"""Protected notes: sealed, beside the details that locate a victim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0241"
down_revision = "0240"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. It has no triggers: rows are sealed anew, and deleted by an erasure."""
    op.create_table(
        "protected_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_protected_note"),
        sa.UniqueConstraint("ref", name="uq_protected_note_ref"),
        sa.UniqueConstraint("about", "step", "agency", name="uq_protected_note_about_step_agency"),
    )
    for column in ("about", "involvement_ref", "by"):
        op.create_index(f"ix_protected_note_{column}", "protected_note", [column])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

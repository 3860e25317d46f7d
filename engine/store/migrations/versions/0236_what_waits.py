"""What waits: rows derived from the facts of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0236"
down_revision = "0235"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty: rows are derived when the record is next opened by what shows them."""
    op.create_table(
        "due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sorts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_class_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name="fk_due_involvement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
        sa.UniqueConstraint(
            "involvement_id", "kind", "about", "whom", name="uq_due_involvement_id_kind_about_whom"
        ),
    )
    op.create_index("ix_due_kind_whom_sorts_at_id", "due", ["kind", "whom", "sorts_at", "id"])
    op.create_table(
        "due_kind",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_due_kind"),
        sa.UniqueConstraint("kind", name="uq_due_kind_kind"),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

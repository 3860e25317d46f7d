"""Hand-typed answers as their writer typed them, sealed; and how many places each typed text names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0247"
down_revision = "0244"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables. Rows of the first are sealed anew, and deleted by an erasure."""
    op.create_table(
        "typed_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_typed_answer"),
        sa.UniqueConstraint(
            "involvement_ref", "agency", "version", name="uq_typed_answer_involvement_ref_agency_version"
        ),
    )
    op.create_index("ix_typed_answer_by", "typed_answer", ["by"])
    op.create_table(
        "places_typed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("typed_where", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_places_typed"),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name="fk_places_typed_involvement_id"
        ),
    )
    for column in ("involvement_id", "at"):
        op.create_index(f"ix_places_typed_{column}", "places_typed", [column])
    refuse_changes(op.get_bind(), "places_typed")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

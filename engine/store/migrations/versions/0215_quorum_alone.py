"""The quorum of a decision that is in no item of a conference, which has no other place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0215"
down_revision = "0214"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, which keeps its history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    decision = sa.ForeignKey("decision.id", name="fk_decision_quorum_decision_id")
    conference = sa.ForeignKey("conference_record.id", name="fk_decision_quorum_conference_id")
    op.create_table(
        "decision_quorum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), decision, nullable=False),
        sa.Column("conference_id", sa.Integer(), conference, nullable=True),
        sa.Column("missing", document, nullable=False),
        sa.UniqueConstraint("decision_id", name="uq_decision_quorum_decision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decision_quorum"),
    )
    op.create_index("ix_decision_quorum_conference_id", "decision_quorum", ["conference_id"])
    refuse_changes(op.get_bind(), "decision_quorum")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

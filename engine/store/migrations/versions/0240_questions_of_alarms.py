"""Answers to the questions that a case's first alarm opens, and when a referral's topic was raised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0240"
down_revision = "0237"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and a column. An alarm from before has no time, and so opens no question."""
    op.create_table(
        "alarm_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name="fk_alarm_question_involvement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_question"),
    )
    op.create_index("ix_alarm_question_involvement_id", "alarm_question", ["involvement_id"])
    refuse_changes(op.get_bind(), "alarm_question", erasable=("why",))
    op.add_column("alarm", sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""Alarm topics that are learnt after the referral, and reviewed incidents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0237"
down_revision = "0236"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables. What was recorded before was asked no topics, and none is invented."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "topics_asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("answer_version", sa.Integer(), nullable=True),
        sa.Column("answers", document, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name="fk_topics_asked_involvement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_topics_asked"),
        sa.UniqueConstraint("ref", name="uq_topics_asked_ref"),
    )
    op.create_index("ix_topics_asked_involvement_id", "topics_asked", ["involvement_id"])
    op.create_index("ix_topics_asked_about", "topics_asked", ["about"])
    op.create_table(
        "alarm_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topics_asked_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("to_user", sa.String(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topics_asked_id"], ["topics_asked.id"], name="fk_alarm_step_topics_asked_id"
        ),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name="fk_alarm_step_involvement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm_step"),
    )
    op.create_index("ix_alarm_step_topics_asked_id", "alarm_step", ["topics_asked_id"])
    op.create_index("ix_alarm_step_involvement_id", "alarm_step", ["involvement_id"])
    op.create_table(
        "incident_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_review_incident_id"),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name="fk_incident_review_involvement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_incident_review"),
        sa.UniqueConstraint("incident_id", name="uq_incident_review_incident_id"),
    )
    op.create_index("ix_incident_review_involvement_id", "incident_review", ["involvement_id"])
    refuse_changes(op.get_bind(), "topics_asked", erasable=("answers",))
    refuse_changes(op.get_bind(), "alarm_step", erasable=("why",))
    refuse_changes(op.get_bind(), "incident_review", erasable=("why",))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

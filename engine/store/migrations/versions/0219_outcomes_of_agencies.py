"""When agencies were asked for outcomes of a case, what they gave, and its release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0219"
down_revision = "0218"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add both tables, which keep their history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    case = sa.ForeignKey("involvement.id", name="fk_outcome_return_involvement_id")
    op.create_table(
        "outcome_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), case, nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("found", document, nullable=True),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("plugin_version", sa.String(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcome_return"),
    )
    op.create_index("ix_outcome_return_involvement_id", "outcome_return", ["involvement_id"])
    of = sa.ForeignKey("outcome_return.id", name="fk_outcome_return_step_return_id")
    op.create_table(
        "outcome_return_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), of, nullable=False),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcome_return_step"),
        sa.UniqueConstraint("return_id", name="uq_outcome_return_step_return_id"),
    )
    refuse_changes(op.get_bind(), "outcome_return")
    refuse_changes(op.get_bind(), "outcome_return_step")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

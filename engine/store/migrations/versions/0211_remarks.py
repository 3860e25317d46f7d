"""What was said about a case in the room of a conference, and its release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0211"
down_revision = "0210"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add both tables, which keep their history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        _of("remark", "item_id", "agenda_item"),
        _of("remark", "involvement_id", "involvement"),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("nature", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("audience", sa.String(), nullable=True),
        sa.Column("agencies", document, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remark"),
        sa.UniqueConstraint("ref", name="uq_remark_ref"),
    )
    op.create_table(
        "remark_step",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("remark_step", "remark_id", "remark"),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remark_step"),
        sa.UniqueConstraint("remark_id", name="uq_remark_step_remark_id"),
    )
    op.create_index("ix_remark_item_id", "remark", ["item_id"])
    op.create_index("ix_remark_involvement_id", "remark", ["involvement_id"])
    refuse_changes(op.get_bind(), "remark", erasable=("text", "source"))
    refuse_changes(op.get_bind(), "remark_step")


def _of(table: str, column: str, parent: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{parent}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Integer(), key, nullable=False)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

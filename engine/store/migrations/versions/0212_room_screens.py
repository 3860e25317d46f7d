"""The room's screen of a conference: the account that shows it, and what the chair has on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0212"
down_revision = "0211"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, which keeps its history."""
    key = sa.ForeignKey("conference_record.id", name="fk_room_screen_conference_id")
    op.create_table(
        "room_screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), key, nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("shows", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_room_screen"),
    )
    op.create_index("ix_room_screen_conference_id", "room_screen", ["conference_id"])
    op.create_index("ix_room_screen_account", "room_screen", ["account"])
    refuse_changes(op.get_bind(), "room_screen")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

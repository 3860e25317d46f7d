"""A report on an action has the sessions that were offered, beside those delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0217"
down_revision = "0216"
branch_labels = None
depends_on = None

_ERASABLE = ("what", "owner", "status_note", "owner_user", "evidence", "differs_from_notice")


def upgrade() -> None:
    """Add the column, and make the table's triggers again, which keep it as it is."""
    op.add_column("action_version", sa.Column("sessions_offered", sa.Integer(), nullable=True))
    refuse_changes(op.get_bind(), "action_version", erasable=_ERASABLE)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""A page of the list is read from indexes: alarms that are open, and involvements by when they came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision; nothing that is there is touched."""
    op.drop_index("ix_alarm_is_raised", "alarm")
    op.create_index(
        "ix_alarm_open",
        "alarm",
        ["involvement_id"],
        sqlite_where=sa.text("is_raised = 1 AND acknowledged_by IS NULL"),
        postgresql_where=sa.text("is_raised AND acknowledged_by IS NULL"),
    )
    op.create_index("ix_involvement_received_at_id", "involvement", ["received_at", "id"])

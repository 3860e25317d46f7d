"""Indexes by which a page finds the few rows that wait among all that ever were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0242"
down_revision = "0241"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    answered_again = sa.text("answer.version > 1 AND answer.prepared_version IS NULL")
    op.create_index(
        "ix_answer_again",
        "answer",
        ["request_id"],
        sqlite_where=answered_again,
        postgresql_where=answered_again,
    )
    for table in ("plan", "plan_approval", "action_version"):
        op.create_index(f"ix_{table}_at", table, ["at"])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""The head of the audit log knows the number of the newest entry's key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0264"
down_revision = "0263"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; without a number it is the first key."""
    op.add_column("audit_head", sa.Column("key_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

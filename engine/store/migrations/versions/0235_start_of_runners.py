"""When each background service started."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0235"
down_revision = "0234"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the start of a background service of an older version is not known."""
    op.add_column("runner", sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

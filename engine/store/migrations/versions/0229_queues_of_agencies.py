"""A flow that waits may be for the runner whose home has an agency's records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0229"
down_revision = "0228"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what waits already is for any runner."""
    op.add_column("outbox", sa.Column("queue", sa.String(), nullable=True))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""A keyed check on each sign-in and one-time action: who can write to the database cannot make one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0244"
down_revision = "0243"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column to both. Sign-ins from before have none and are deleted: everybody signs in again."""
    for table in ("one_use", "sign_in"):
        op.execute(sa.table(table).delete())
        op.add_column(table, sa.Column("keyed_check", sa.String(), nullable=True))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

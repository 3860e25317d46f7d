"""A keyed check of each entry of the audit log, outside of its hash: without the key none is made anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0251"
down_revision = "0250"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the check and the number of its key. Entries from before have neither: one entry seals them."""
    op.add_column("audit_entry", sa.Column("keyed_check", sa.String(), nullable=True))
    op.add_column("audit_entry", sa.Column("key_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

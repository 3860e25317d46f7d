"""The safety check of a plan has a result, and why where it is not "safe"."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0249"
down_revision = "0247"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns, and make the table's triggers again. A check from before has no result."""
    op.add_column("plan_need", sa.Column("result", sa.String(), nullable=True))
    op.add_column("plan_need", sa.Column("because", sa.String(), nullable=True))
    refuse_changes(op.get_bind(), "plan_need", erasable=("says", "informs_person", "because"))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""A number of a text to review that does not count the texts before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0260"
down_revision = "0259"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and make the table's triggers again. A text from before keeps its number."""
    op.add_column("text_that_tells", sa.Column("number", sa.Integer(), nullable=True))
    op.create_index("ix_text_that_tells_number", "text_that_tells", ["number"], unique=True)
    refuse_changes(op.get_bind(), "text_that_tells")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

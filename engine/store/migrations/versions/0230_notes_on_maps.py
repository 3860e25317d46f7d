"""A saved or exported map has notes and a caption, and a map that was drawn on its page is known as such."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes
from engine.store.tables.base import Document

revision = "0230"
down_revision = "0229"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and make the triggers of exported maps again, which keep them as they are."""
    op.add_column("link_map_places", sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True))
    # Until now places have one date, of their last change; some are of pictures of cases only.
    op.execute("UPDATE link_map_places SET drawn_at = at")
    for table in ("saved_link_map", "link_map_export"):
        op.add_column(table, sa.Column("notes", Document(), nullable=True))
    refuse_changes(op.get_bind(), "link_map_export", erasable=("why", "notes"))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

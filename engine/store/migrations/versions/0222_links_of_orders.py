"""Cases with orders are linked again: an order that was made is a node of the link graph."""

from __future__ import annotations

from alembic import op

revision = "0222"
down_revision = "0221"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the next refresh of links write these cases again, as it does those that were never linked."""
    op.execute("DELETE FROM link_case WHERE case_id IN (SELECT involvement_id FROM court_order_case)")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""Cases with orders are linked again: an order that was made is a node of the link graph."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0222"
down_revision = "0221"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the next refresh of links write these cases again, as it does those that were never linked.

    Their rows stay, with a new turn: arrays that were written before read these cases again.
    """
    op.execute("UPDATE link_head SET turn = turn + 1")
    cases = sa.table(
        "link_case", sa.column("case_id"), sa.column("turn"), sa.column("at", sa.DateTime(timezone=True))
    )
    turn = sa.select(sa.func.max(sa.table("link_head", sa.column("turn")).c.turn)).scalar_subquery()
    with_orders = sa.select(sa.table("court_order_case", sa.column("involvement_id")).c.involvement_id)
    op.execute(
        cases.update()
        .where(cases.c.case_id.in_(with_orders))
        .values(turn=turn, at=datetime(1970, 1, 1, tzinfo=UTC))
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

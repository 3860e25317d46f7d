"""Timers of the items of a conference, and an agency's own entry or confirmation of its dissent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0206"
down_revision = "0205"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the two tables, which keep their history."""
    op.create_table(
        "item_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("item_timer", "item_id", "agenda_item"),
        sa.Column("ends_at", _INSTANT, nullable=True),
        sa.Column("seconds_left", sa.Float(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item_timer"),
    )
    op.create_index("ix_item_timer_item_id", "item_timer", ["item_id"])
    op.create_table(
        "dissent_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("dissent_entry", "decision_id", "decision"),
        _of("dissent_entry", "involvement_id", "involvement"),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dissent_entry"),
    )
    for column in ("decision_id", "involvement_id"):
        op.create_index(f"ix_dissent_entry_{column}", "dissent_entry", [column])
    refuse_changes(op.get_bind(), "item_timer")
    refuse_changes(op.get_bind(), "dissent_entry", erasable=("reasons",))


def _of(table: str, column: str, parent: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{parent}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Integer(), key, nullable=False)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

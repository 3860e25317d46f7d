"""Columns that an erasure empties and that the triggers let nobody empty."""

from __future__ import annotations

from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0261"
down_revision = "0260"
branch_labels = None
depends_on = None

_ERASABLE = {
    "arrival_look_up": ("found",),
    "item_rule": ("grounds", "narrowed_by_plugin", "why"),
    "outcome_return": ("found",),
    "text_seen_to": ("how",),
    # as before, in the order of their columns
    "action_version": ("what", "owner", "owner_user", "evidence", "differs_from_notice", "status_note"),
    "link_map_export": ("notes", "why"),
}


def upgrade() -> None:
    """Make the triggers of these tables again. No row changes."""
    for table, columns in _ERASABLE.items():
        refuse_changes(op.get_bind(), table, erasable=columns)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

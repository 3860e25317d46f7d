"""An outcome has its agency, offence, harm, proof and end of observation, and can correct an earlier one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0213"
down_revision = "0212"
branch_labels = None
depends_on = None

_TEXTS = ("ended_on", "agency", "offence", "offence_row", "proved", "replaces")


def upgrade() -> None:
    """Add the columns, and make the table's triggers again, which keep it as it is."""
    for name in _TEXTS:
        op.add_column("outcome", sa.Column(name, sa.String(), nullable=True))
    op.add_column("outcome", sa.Column("harm", sa.Float(), nullable=True))
    op.add_column("outcome", sa.Column("is_order_breach", sa.Boolean(), nullable=True))
    op.create_index("ix_outcome_replaces", "outcome", ["replaces"], unique=True)
    refuse_changes(op.get_bind(), "outcome", erasable=("says",))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

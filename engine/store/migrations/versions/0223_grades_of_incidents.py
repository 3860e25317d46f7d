"""A report of an incident has its 3x5x2 grade, or none: "not graded"."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0223"
down_revision = "0222"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and make the table's triggers again, which keep it as it is."""
    op.add_column("incident_report", sa.Column("grade", sa.String(), nullable=True))
    refuse_changes(
        op.get_bind(),
        "incident_report",
        erasable=("what", "crime_reference", "grade"),
        changeable=("release_class_id",),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

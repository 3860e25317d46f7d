"""Reviews of plans, changes of custody, decisions of police, and the lead of the investigating agency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0204"
down_revision = "0203"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the four tables, which keep their history as it is."""
    _table(
        "plan_review",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decided", sa.String(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.UniqueConstraint("involvement_id", "number", name="uq_plan_review_involvement_id_number"),
    )
    op.create_index("ix_plan_review_next_on", "plan_review", ["next_on"])
    _table(
        "custody_change",
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
    )
    _table(
        "police_decision",
        sa.Column("incident_ref", sa.String(), nullable=False),
        sa.Column("police_action", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
    )
    _table("investigation_lead", sa.Column("user_name", sa.String(), nullable=False))
    for table in ("custody_change", "police_decision", "investigation_lead"):
        op.create_index(f"ix_{table}_involvement_id", table, ["involvement_id"])
    for table, erasable in (
        ("plan_review", ("decided",)),
        ("custody_change", ()),
        ("police_decision", ("decided_by", "why")),
        ("investigation_lead", ()),
    ):
        refuse_changes(op.get_bind(), table, erasable=erasable)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        *parts,
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name=f"fk_{name}_involvement_id"),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""Acts of other cases that were shared with a panel, and findings on complaints about the victim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0243"
down_revision = "0242"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables. Nothing from before was shared, and no complaint was found to be anything."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "acts_shared",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("content", document, nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["involvement_id"], ["involvement.id"], name="fk_acts_shared_involvement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_acts_shared"),
    )
    op.create_index("ix_acts_shared_involvement_id", "acts_shared", ["involvement_id"])
    op.create_table(
        "complaint_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("found_by", sa.String(), nullable=True),
        sa.Column("found_on", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_complaint_finding_incident_id"),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name="fk_complaint_finding_involvement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_complaint_finding"),
    )
    for column in ("incident_id", "involvement_id"):
        op.create_index(f"ix_complaint_finding_{column}", "complaint_finding", [column])
    connection = op.get_bind()
    refuse_changes(connection, "acts_shared", erasable=("content", "why"))
    refuse_changes(connection, "complaint_finding", erasable=("source",))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""Likely breaches of orders: details of incidents, comparisons, answers, and checks of sealed areas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0221"
down_revision = "0220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, which keep their history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "incident_detail",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("incident_detail", "incident_id", "incident"),
        _of("incident_detail", "involvement_id", "involvement"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", document, nullable=False),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_incident_detail"),
        sa.UniqueConstraint("incident_id", "version", name="uq_incident_detail_incident_id_version"),
    )
    op.create_table(
        "likely_breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        _of("likely_breach", "incident_id", "incident"),
        _of("likely_breach", "involvement_id", "involvement"),
        _of("likely_breach", "order_id", "court_order"),
        sa.Column("condition", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_likely_breach"),
        sa.UniqueConstraint("ref", name="uq_likely_breach_ref"),
        sa.UniqueConstraint(
            "incident_id", "order_id", "condition", name="uq_likely_breach_incident_id_order_id_condition"
        ),
    )
    op.create_table(
        "likely_breach_result",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("likely_breach_result", "breach_id", "likely_breach"),
        _of("likely_breach_result", "involvement_id", "involvement"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_likely_breach_result"),
        sa.UniqueConstraint("breach_id", "number", name="uq_likely_breach_result_breach_id_number"),
    )
    op.create_table(
        "likely_breach_review",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("likely_breach_review", "breach_id", "likely_breach"),
        _of("likely_breach_review", "involvement_id", "involvement"),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("result_number", sa.Integer(), nullable=False),
        sa.Column("content", document, nullable=False),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_likely_breach_review"),
    )
    op.create_table(
        "area_check",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("area_check", "involvement_id", "involvement"),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_area_check"),
    )
    for table, column in (
        ("incident_detail", "involvement_id"),
        ("likely_breach", "involvement_id"),
        ("likely_breach", "order_id"),
        ("likely_breach_result", "involvement_id"),
        ("likely_breach_review", "breach_id"),
        ("likely_breach_review", "involvement_id"),
        ("area_check", "involvement_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table in ("likely_breach", "area_check"):
        refuse_changes(op.get_bind(), table)
    for table in ("incident_detail", "likely_breach_result", "likely_breach_review"):
        refuse_changes(op.get_bind(), table, erasable=("content",))


def _author() -> tuple[sa.Column[str], sa.Column[object]]:
    at: sa.Column[object] = sa.Column("at", sa.DateTime(timezone=True), nullable=False)
    return sa.Column("by", sa.String(), nullable=False), at


def _of(table: str, column: str, parent: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{parent}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Integer(), key, nullable=False)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

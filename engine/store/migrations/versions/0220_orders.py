"""Protective orders: the cases that they serve, their steps, and notices to the victim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0220"
down_revision = "0219"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, which keep their history, in place of the one that nothing was ever written to."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.drop_table("protective_order")
    op.create_table(
        "court_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_court_order"),
        sa.UniqueConstraint("ref", name="uq_court_order_ref"),
    )
    op.create_table(
        "court_order_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("court_order_relation", "order_id", "court_order"),
        _of("court_order_relation", "earlier_id", "court_order"),
        sa.Column("relation", sa.String(), nullable=False),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_court_order_relation"),
        sa.UniqueConstraint("order_id", "earlier_id", name="uq_court_order_relation_order_id_earlier_id"),
    )
    op.create_table(
        "court_order_case",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("court_order_case", "order_id", "court_order"),
        _of("court_order_case", "involvement_id", "involvement"),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_court_order_case"),
        sa.UniqueConstraint("order_id", "involvement_id", name="uq_court_order_case_order_id_involvement_id"),
    )
    op.create_table(
        "court_order_step",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("court_order_step", "order_id", "court_order"),
        _of("court_order_step", "involvement_id", "involvement"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("content", document, nullable=False),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_court_order_step"),
        sa.UniqueConstraint("order_id", "number", name="uq_court_order_step_order_id_number"),
    )
    op.create_table(
        "victim_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("victim_notice", "involvement_id", "involvement"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at_time", sa.String(), nullable=True),
        sa.Column("order_ref", sa.String(), nullable=True),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_victim_notice"),
        sa.UniqueConstraint("involvement_id", "number", name="uq_victim_notice_involvement_id_number"),
    )
    op.create_table(
        "victim_notice_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("victim_notice_attempt", "notice_id", "victim_notice"),
        _of("victim_notice_attempt", "involvement_id", "involvement"),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("content", document, nullable=False),
        *_author(),
        sa.PrimaryKeyConstraint("id", name="pk_victim_notice_attempt"),
    )
    for table, column in (
        ("court_order_relation", "earlier_id"),
        ("court_order_case", "involvement_id"),
        ("court_order_step", "involvement_id"),
        ("victim_notice_attempt", "notice_id"),
        ("victim_notice_attempt", "involvement_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table in ("court_order", "court_order_relation", "court_order_case", "victim_notice"):
        refuse_changes(op.get_bind(), table)
    for table in ("court_order_step", "victim_notice_attempt"):
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

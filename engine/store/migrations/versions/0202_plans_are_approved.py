"""Plans are approved: what an approval needs, approvals, and more of what an action says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0202"
down_revision = "0201"
branch_labels = None
depends_on = None

_Kind = sa.String | sa.Boolean | sa.Integer | sa.Date
_OF_A_PLAN: tuple[tuple[str, _Kind], ...] = (
    ("departure_reason", sa.String()),
    ("asks_approval", sa.Boolean()),
)
_OF_AN_ACTION: tuple[tuple[str, _Kind], ...] = (
    ("plan_version", sa.Integer()),
    ("owner_user", sa.String()),
    ("side", sa.String()),
    ("need", sa.String()),
    ("evidence", sa.String()),
    ("library_item", sa.String()),
    ("library_version", sa.Integer()),
    ("proposed_by", sa.String()),
    ("is_urgent", sa.Boolean()),
    ("departs_from_wishes", sa.Boolean()),
    ("differs_from_notice", sa.String()),
    ("is_report", sa.Boolean()),
    ("restores", sa.Integer()),
    ("done_on", sa.Date()),
    ("sessions", sa.Integer()),
    ("minutes", sa.Integer()),
)


def upgrade() -> None:
    """Add the columns to the two histories, and the two tables."""
    for name, kind in _OF_A_PLAN:
        op.add_column("plan", sa.Column(name, kind, nullable=True))
    for name, kind in _OF_AN_ACTION:
        op.add_column("action_version", sa.Column(name, kind, nullable=True))
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "plan_need",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("involvement_id", sa.Integer(), sa.ForeignKey("involvement.id"), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("why_not", sa.String(), nullable=True),
        sa.Column("says", sa.String(), nullable=True),
        sa.Column("agreed_to_sharing", sa.String(), nullable=True),
        sa.Column("with_whom", document, nullable=False),
        sa.Column("plan_departs", sa.Boolean(), nullable=True),
        sa.Column("informs_agency", sa.String(), nullable=True),
        sa.Column("informs_person", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_plan_need_involvement_id", "plan_need", ["involvement_id"])
    op.create_table(
        "plan_approval",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("involvement_id", sa.Integer(), sa.ForeignKey("involvement.id"), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("accepted", document, nullable=False),
        sa.Column("voice_agency", sa.String(), nullable=True),
        sa.Column("voice_version", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("involvement_id", "plan_version"),
    )
    _refuse_changes(op.get_bind())


def _refuse_changes(connection: sa.Connection) -> None:
    """Make the triggers of the new tables, and those of the two that have more columns now."""
    for table, erasable in (
        ("plan", ("reason", "departs_from_wishes")),
        ("action_version", ("what", "owner", "status_note", "owner_user", "evidence", "differs_from_notice")),
        ("plan_need", ("says", "informs_person")),
        ("plan_approval", ("accepted",)),
    ):
        refuse_changes(connection, table, erasable=erasable)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

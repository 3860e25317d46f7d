"""Requests to agencies about records that they let others on a case know of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.append_only import refuse_changes

revision = "0232"
down_revision = "0231"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables: a request, and the reply to it."""
    op.create_table(
        "record_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("user_agency", sa.String(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name="fk_record_request_involvement_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_record_request"),
        sa.UniqueConstraint("ref", name="uq_record_request_ref"),
    )
    for column in ("involvement_id", "agency", "user_name"):
        op.create_index(f"ix_record_request_{column}", "record_request", [column])
    op.create_table(
        "record_request_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_request_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_request_id"], ["record_request.id"], name="fk_record_request_answer_record_request_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_record_request_answer"),
        sa.UniqueConstraint("record_request_id", name="uq_record_request_answer_record_request_id"),
    )
    refuse_changes(op.get_bind(), "record_request", erasable=("why",))
    refuse_changes(op.get_bind(), "record_request_answer")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

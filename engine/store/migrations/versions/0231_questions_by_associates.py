"""Questions by people's associates, which a second person approves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0231"
down_revision = "0230"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables: a request, the answers to it, and that it was used."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "associates_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("question", document, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_associates_ask"),
        sa.UniqueConstraint("ref", name="uq_associates_ask_ref"),
    )
    op.create_index("ix_associates_ask_user_name", "associates_ask", ["user_name"])
    op.create_index("ix_associates_ask_lapses_at", "associates_ask", ["lapses_at"])
    op.create_table(
        "associates_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("associates_ask_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["associates_ask_id"],
            ["associates_ask.id"],
            name="fk_associates_word_associates_ask_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_associates_word"),
    )
    op.create_index("ix_associates_word_associates_ask_id", "associates_word", ["associates_ask_id"])
    op.create_table(
        "associates_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("associates_ask_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["associates_ask_id"],
            ["associates_ask.id"],
            name="fk_associates_run_associates_ask_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_associates_run"),
        sa.UniqueConstraint("associates_ask_id", name="uq_associates_run_associates_ask_id"),
    )
    refuse_changes(op.get_bind(), "associates_ask", erasable=("why",))
    refuse_changes(op.get_bind(), "associates_word")
    refuse_changes(op.get_bind(), "associates_run")


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

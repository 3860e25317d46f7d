"""Withdrawal of the victim's words, statements without dissent, headings of corrections, authors of texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0216"
down_revision = "0215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns, with the triggers that keep them as they are."""
    words = sa.ForeignKey("victim_words.id", name="fk_victim_words_withdrawn_victim_words_id")
    case = sa.ForeignKey("involvement.id", name="fk_victim_words_withdrawn_involvement_id")
    op.create_table(
        "victim_words_withdrawn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("victim_words_id", sa.Integer(), words, nullable=False),
        sa.Column("involvement_id", sa.Integer(), case, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("victim_words_id", name="uq_victim_words_withdrawn_victim_words_id"),
        sa.PrimaryKeyConstraint("id", name="pk_victim_words_withdrawn"),
    )
    op.create_index("ix_victim_words_withdrawn_involvement_id", "victim_words_withdrawn", ["involvement_id"])
    refuse_changes(op.get_bind(), "victim_words_withdrawn")
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    for table, column, erasable in (
        ("dissent_entry", sa.Column("states_none", sa.Boolean(), nullable=True), "reasons"),
        ("minutes_correction", sa.Column("heading", sa.String(), nullable=True), "says"),
        ("decision", sa.Column("writers", document, nullable=True), "content"),
    ):
        op.add_column(table, column)
        refuse_changes(op.get_bind(), table, erasable=(erasable,))


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""What the victim said for a case conference, with its source, and the advocate's confirmation of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0210"
down_revision = "0209"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the two tables, which keep their history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    _table(
        "victim_words",
        _of("victim_words", "involvement_id", "involvement"),
        _of("victim_words", "item_id", "agenda_item", nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("content", document, nullable=False),
        sa.UniqueConstraint("involvement_id", "number", name="uq_victim_words_involvement_id_number"),
    )
    _table(
        "victim_words_confirmed",
        _of("victim_words_confirmed", "victim_words_id", "victim_words"),
        _of("victim_words_confirmed", "involvement_id", "involvement"),
        sa.Column("with_whom", document, nullable=False),
        sa.UniqueConstraint("victim_words_id", name="uq_victim_words_confirmed_victim_words_id"),
    )
    op.create_index("ix_victim_words_item_id", "victim_words", ["item_id"])
    op.create_index("ix_victim_words_confirmed_involvement_id", "victim_words_confirmed", ["involvement_id"])
    refuse_changes(op.get_bind(), "victim_words", erasable=("content",))
    refuse_changes(op.get_bind(), "victim_words_confirmed")


def _of(table: str, column: str, parent: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{parent}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Integer(), key, nullable=nullable)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *parts,
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

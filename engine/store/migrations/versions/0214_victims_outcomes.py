"""Victims' outcomes and own descriptions, which their advocate enters, and the prices of agencies' hours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0214"
down_revision = "0213"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the three tables, which keep their history."""
    _of_case(
        "victim_outcome",
        sa.Column("moment", sa.String(), nullable=False),
        unique=("involvement_id", "moment", "version"),
    )
    _of_case("victim_description", unique=("involvement_id", "version"))
    _table("price_list", unique=("version",))
    refuse_changes(op.get_bind(), "price_list")


def _of_case(name: str, *parts: sa.schema.SchemaItem, unique: tuple[str, ...]) -> None:
    case = sa.ForeignKey("involvement.id", name=f"fk_{name}_involvement_id")
    _table(
        name,
        sa.Column("involvement_id", sa.Integer(), case, nullable=False),
        *parts,
        sa.Column("agency", sa.String(), nullable=False),
        unique=unique,
    )
    refuse_changes(op.get_bind(), name, erasable=("content",))


def _table(name: str, *parts: sa.schema.SchemaItem, unique: tuple[str, ...]) -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *parts,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}"),
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

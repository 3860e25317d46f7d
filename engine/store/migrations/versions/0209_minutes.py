"""Minutes of conferences: their phases, corrections by those who attended, and agreed copies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0209"
down_revision = "0208"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the five tables, which keep their history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    _table(
        "minutes_step",
        _of("minutes_step", "conference_id", "conference_record"),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        *_by_and_at(),
        sa.UniqueConstraint("conference_id", "phase", name="uq_minutes_step_conference_id_phase"),
    )
    _table(
        "minutes_correction",
        sa.Column("ref", sa.String(), nullable=False),
        _of("minutes_correction", "item_id", "agenda_item"),
        _of("minutes_correction", "involvement_id", "involvement"),
        sa.Column("says", sa.String(), nullable=False),
        *_by_and_at(),
        sa.UniqueConstraint("ref", name="uq_minutes_correction_ref"),
    )
    _table(
        "minutes_correction_answer",
        _of("minutes_correction_answer", "correction_id", "minutes_correction"),
        _of("minutes_correction_answer", "involvement_id", "involvement"),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        *_by_and_at(),
        sa.UniqueConstraint("correction_id", name="uq_minutes_correction_answer_correction_id"),
    )
    _table(
        "minutes_copy",
        _of("minutes_copy", "conference_id", "conference_record"),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        *_by_and_at(),
        sa.UniqueConstraint("conference_id", "user_name", name="uq_minutes_copy_conference_id_user_name"),
    )
    _table(
        "minutes_copy_item",
        _of("minutes_copy_item", "copy_id", "minutes_copy"),
        _of("minutes_copy_item", "involvement_id", "involvement"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.UniqueConstraint("copy_id", "number", name="uq_minutes_copy_item_copy_id_number"),
    )
    op.create_index("ix_minutes_correction_item_id", "minutes_correction", ["item_id"])
    for table in ("minutes_correction", "minutes_correction_answer", "minutes_copy_item"):
        op.create_index(f"ix_{table}_involvement_id", table, ["involvement_id"])
    for table, erasable in (
        ("minutes_step", ()),
        ("minutes_correction", ("says",)),
        ("minutes_correction_answer", ("why",)),
        ("minutes_copy", ()),
        ("minutes_copy_item", ("content",)),
    ):
        refuse_changes(op.get_bind(), table, erasable=erasable)


def _of(table: str, column: str, parent: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{parent}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Integer(), key, nullable=False)


def _by_and_at() -> tuple[sa.Column[str], sa.Column[object]]:
    return sa.Column("by", sa.String(), nullable=False), sa.Column("at", _INSTANT, nullable=False)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, sa.Column("id", sa.Integer(), nullable=False), *parts, key)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

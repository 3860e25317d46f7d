"""Conferences as records: agenda, what the screen shows, attendance, and the quorum of a decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from engine.store.migrations.append_only import refuse_changes

revision = "0205"
down_revision = "0204"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables. Only the version of a conference changes; all else keeps its history."""
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    _table(
        "conference_record",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("chair", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=True),
        sa.Column("minute_taker", sa.String(), nullable=True),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("ref", name="uq_conference_record_ref"),
    )
    op.create_index("ix_conference_record_held_on", "conference_record", ["held_on"])
    _table(
        "conference_step",
        _of("conference_step", "conference_id", "conference_record"),
        sa.Column("state", sa.String(), nullable=False),
        sa.UniqueConstraint("conference_id", "state", name="uq_conference_step_conference_id_state"),
    )
    _table(
        "agenda_item",
        _of("agenda_item", "conference_id", "conference_record"),
        _of("agenda_item", "involvement_id", "involvement"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.UniqueConstraint("conference_id", "number", name="uq_agenda_item_conference_id_number"),
        sa.UniqueConstraint(
            "conference_id", "involvement_id", name="uq_agenda_item_conference_id_involvement_id"
        ),
    )
    op.create_index("ix_agenda_item_involvement_id", "agenda_item", ["involvement_id"])
    _table(
        "item_plan",
        _of("item_plan", "item_id", "agenda_item"),
        _of("item_plan", "involvement_id", "involvement"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("guests", document, nullable=False),
        sa.Column("chair_note", sa.String(), nullable=True),
        sa.Column("deferred_because", sa.String(), nullable=True),
        sa.Column("deferred_until", sa.Date(), nullable=True),
        sa.Column("meanwhile", sa.String(), nullable=True),
    )
    for column in ("item_id", "involvement_id"):
        op.create_index(f"ix_item_plan_{column}", "item_plan", [column])
    _table(
        "agenda",
        _of("agenda", "conference_id", "conference_record"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("items", document, nullable=False),
        sa.UniqueConstraint("conference_id", "version", name="uq_agenda_conference_id_version"),
    )
    _table(
        "item_shown",
        _of("item_shown", "conference_id", "conference_record"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.UniqueConstraint("conference_id", "number", name="uq_item_shown_conference_id_number"),
    )
    _table(
        "attendance",
        _of("attendance", "conference_id", "conference_record"),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("is_observer", sa.Boolean(), nullable=False),
        sa.Column("happened_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_attendance_conference_id", "attendance", ["conference_id"])
    op.create_table(
        "decision_in_conference",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("decision_in_conference", "decision_id", "decision"),
        _of("decision_in_conference", "item_id", "agenda_item"),
        sa.Column("missing", document, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision_in_conference"),
        sa.UniqueConstraint("decision_id", name="uq_decision_in_conference_decision_id"),
    )
    op.create_index("ix_decision_in_conference_item_id", "decision_in_conference", ["item_id"])
    _refuse_changes(op.get_bind())


def _refuse_changes(connection: sa.Connection) -> None:
    refuse_changes(connection, "conference_record", changeable=("version",))
    for table, erasable in (
        ("conference_step", ()),
        ("agenda_item", ()),
        ("item_plan", ("guests", "chair_note", "deferred_because", "meanwhile")),
        ("agenda", ()),
        ("item_shown", ()),
        ("attendance", ()),
        ("decision_in_conference", ()),
    ):
        refuse_changes(connection, table, erasable=erasable)


def _of(table: str, column: str, parent: str) -> sa.Column[int]:
    key = sa.ForeignKey(f"{parent}.id", name=f"fk_{table}_{column}")
    return sa.Column(column, sa.Integer(), key, nullable=False)


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

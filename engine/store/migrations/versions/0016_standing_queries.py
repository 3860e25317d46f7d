"""Standing queries over links, their alerts, and what was written out and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("link_alert", "link_alert_word", "link_export", "link_query", "link_query_ended")


def upgrade() -> None:
    """Bring the schema to this revision; nothing that is there is touched."""
    op.create_table(
        "link_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_export")),
    )
    op.create_table(
        "link_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column(
            "question",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_query")),
        sa.UniqueConstraint("ref", name=op.f("uq_link_query_ref")),
    )
    op.create_table(
        "link_query_ended",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_query_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_query_id"], ["link_query.id"], name=op.f("fk_link_query_ended_link_query_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_query_ended")),
        sa.UniqueConstraint("link_query_id", name=op.f("uq_link_query_ended_link_query_id")),
    )
    op.create_table(
        "link_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("link_query_id", sa.Integer(), nullable=False),
        sa.Column("match_key", sa.String(), nullable=False),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_query_id"], ["link_query.id"], name=op.f("fk_link_alert_link_query_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_alert")),
        sa.UniqueConstraint("link_query_id", "match_key", name=op.f("uq_link_alert_link_query_id_match_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_link_alert_ref")),
    )
    op.create_table(
        "link_alert_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_alert_id", sa.Integer(), nullable=False),
        sa.Column("acted", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_alert_id"], ["link_alert.id"], name=op.f("fk_link_alert_word_link_alert_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_alert_word")),
        sa.UniqueConstraint("link_alert_id", name=op.f("uq_link_alert_word_link_alert_id")),
    )
    op.create_index(op.f("ix_link_query_owner"), "link_query", ["owner"])

    for table in APPEND_ONLY:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE OR REPLACE FUNCTION refuse_change_of_{table}() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""Texts that people typed and that repeat something protected: who, where, when, and who saw to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("text_seen_to", "text_that_tells")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "text_that_tells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("typed_where", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_text_that_tells_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_that_tells")),
    )
    op.create_table(
        "text_seen_to",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_that_tells_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["text_that_tells_id"], ["text_that_tells.id"], name=op.f("fk_text_seen_to_text_that_tells_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_seen_to")),
        sa.UniqueConstraint("text_that_tells_id", name=op.f("uq_text_seen_to_text_that_tells_id")),
    )
    op.create_index(op.f("ix_text_that_tells_involvement_id"), "text_that_tells", ["involvement_id"])
    op.create_index(op.f("ix_text_that_tells_by"), "text_that_tells", ["by"])
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

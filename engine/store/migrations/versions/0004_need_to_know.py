"""Who may know of a case at all: restrictions, connections, urgent looks and their reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("connection", "glass_broken", "glass_review", "restriction")


def upgrade() -> None:
    """Bring the schema to this revision; nothing that is there is touched."""
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_restriction_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("is_connected", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_connection_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
    )
    op.create_table(
        "glass_broken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_glass_broken_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_broken")),
        sa.UniqueConstraint("ref", name=op.f("uq_glass_broken_ref")),
    )
    op.create_table(
        "glass_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("glass_broken_id", sa.Integer(), nullable=False),
        sa.Column("was_right", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["glass_broken_id"], ["glass_broken.id"], name=op.f("fk_glass_review_glass_broken_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_review")),
        sa.UniqueConstraint("glass_broken_id", name=op.f("uq_glass_review_glass_broken_id")),
    )
    op.create_index(op.f("ix_restriction_involvement_id"), "restriction", ["involvement_id"])
    op.create_index(op.f("ix_connection_involvement_id"), "connection", ["involvement_id"])
    op.create_index(op.f("ix_connection_user_name"), "connection", ["user_name"])
    op.create_index(op.f("ix_glass_broken_involvement_id"), "glass_broken", ["involvement_id"])
    op.create_index(op.f("ix_glass_broken_user_name"), "glass_broken", ["user_name"])
    # What is restricted is cut out of every list before it is counted, so it must be found at once.
    op.create_index(op.f("ix_episode_restricted"), "episode", ["restricted"])
    op.create_index(op.f("ix_involvement_own_episode_id"), "involvement", ["own_episode_id"])

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

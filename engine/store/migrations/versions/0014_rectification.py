"""Requests to correct an item, and owners' answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("change_answer", "change_request")

# Content that an erasure may take out of a row while the row stands in "erasing".
CONTENT = {"change_answer": ("why",), "change_request": ("what",)}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_change_request_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("ref", name=op.f("uq_change_request_ref")),
    )
    op.create_table(
        "change_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_request_id", sa.Integer(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_request_id"], ["change_request.id"], name=op.f("fk_change_answer_change_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_answer")),
        sa.UniqueConstraint("change_request_id", name=op.f("uq_change_answer_change_request_id")),
    )
    for column in ("involvement_id", "owner"):
        op.create_index(op.f(f"ix_change_request_{column}"), "change_request", [column])
    for table in APPEND_ONLY:
        _refuse_changes(table)
    for table, content in CONTENT.items():
        _let_erasures_through(table, content)


def _let_erasures_through(table: str, content: tuple[str, ...]) -> None:
    """In place of the old trigger: the envelope never changes, content only while its row is being erased."""
    there = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    envelope = ", ".join(f'"{name}"' for name in there if name not in content)
    erasable = ", ".join(f'"{name}"' for name in content)
    is_erased = (
        "EXISTS (SELECT 1 FROM erasing "  # noqa: S608  the table's name is one of those above
        f"WHERE \"table\" = '{table}' AND row_number = OLD.id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OF {envelope} OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()"
        )
        op.execute(
            f"CREATE FUNCTION only_erase_{table}() RETURNS trigger AS $$ BEGIN "
            f"IF {is_erased} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {erasable} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION only_erase_{table}()"
        )
        return
    op.execute(f"DROP TRIGGER {table}_no_update")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {envelope} ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {erasable} ON {table} "
        f"WHEN NOT {is_erased} {refuse}"
    )


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

"""What is kept of a subject access request can be erased; that it was asked, and when, stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Content that an erasure may take out of a row while the row stands in "erasing".
CONTENT = {
    "access_request": ("asked_by", "persons", "involvements"),
    "access_step": ("content",),
}


def upgrade() -> None:
    """Bring the schema to this revision; nothing that is there is touched."""
    for table, content in CONTENT.items():
        _let_erasures_through(table, content)


def _let_erasures_through(table: str, content: tuple[str, ...]) -> None:
    """In place of the old triggers: the envelope never changes, content only while its row is erased."""
    there = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    envelope = ", ".join(f'"{name}"' for name in there if name not in content)
    erasable = ", ".join(f'"{name}"' for name in content)
    is_erased = (
        "EXISTS (SELECT 1 FROM erasing "  # noqa: S608  the table's name is one of those above
        f"WHERE \"table\" = '{table}' AND row_number = OLD.id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER IF EXISTS {table}_only_erased ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OF {envelope} OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{table}()"
        )
        op.execute(
            f"CREATE OR REPLACE FUNCTION only_erase_{table}() RETURNS trigger AS $$ BEGIN "
            f"IF {is_erased} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {erasable} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION only_erase_{table}()"
        )
        return
    op.execute(f"DROP TRIGGER {table}_no_update")
    op.execute(f"DROP TRIGGER IF EXISTS {table}_only_erased")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {envelope} ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {erasable} ON {table} "
        f"WHEN NOT {is_erased} {refuse}"
    )


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""What a victim was told by right, or why not, and the packs that were prepared and taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TOLD, _CONTENT = "victim_told", ("content",)


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        _TOLD,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", _document(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_victim_told_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_victim_told")),
    )
    op.create_index(op.f("ix_victim_told_involvement_id"), _TOLD, ["involvement_id"])
    _only_erasures(_TOLD, _CONTENT)


def _document() -> sa.JSON:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
    )


def _only_erasures(table: str, content: tuple[str, ...]) -> None:
    """The envelope never changes, content only while its row is being erased."""
    envelope = _envelope(table, content)
    erasable = ", ".join(f'"{name}"' for name in content)
    is_erased = (
        "EXISTS (SELECT 1 FROM erasing "  # noqa: S608  the table's name is the one above
        f"WHERE \"table\" = '{table}' AND row_number = OLD.id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_change_of_{table}() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{table} is append-only'; END $$ LANGUAGE plpgsql"
        )
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
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {envelope} ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_only_erased BEFORE UPDATE OF {erasable} ON {table} "
        f"WHEN NOT {is_erased} {refuse}"
    )


def _envelope(table: str, content: tuple[str, ...]) -> str:
    there = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    return ", ".join(f'"{name}"' for name in there if name not in content)


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

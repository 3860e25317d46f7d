"""Owners' rules on their reports of incidents; a report bears the class of the newest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Of a report everything but these columns never changes; its content only while the row is being erased.
_REPORT, _CLASS, _REPORT_CONTENT = "incident_report", "release_class_id", ("what", "crime_reference")
_RULE, _RULE_CONTENT = "incident_rule", ("why",)


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        _RULE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("release_class_id", sa.Integer(), nullable=False),
        sa.Column("grounds", _document(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_rule_incident_id")),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_incident_rule_involvement_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_class_id"], ["release_class.id"], name=op.f("fk_incident_rule_release_class_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_rule")),
    )
    for column in ("incident_id", "involvement_id"):
        op.create_index(op.f(f"ix_incident_rule_{column}"), _RULE, [column])
    _let_the_class_change()
    _only_erasures(_RULE, _RULE_CONTENT)


def _document() -> sa.JSON:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
    )


def _let_the_class_change() -> None:
    """The class of a report follows its owner's newest rule; the rules themselves are the history."""
    envelope = _envelope(_REPORT, (*_REPORT_CONTENT, _CLASS))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {_REPORT}_append_only ON {_REPORT}")
        op.execute(
            f"CREATE TRIGGER {_REPORT}_append_only BEFORE UPDATE OF {envelope} OR DELETE OR TRUNCATE "
            f"ON {_REPORT} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_{_REPORT}()"
        )
        return
    op.execute(f"DROP TRIGGER {_REPORT}_no_update")
    op.execute(
        f"CREATE TRIGGER {_REPORT}_no_update BEFORE UPDATE OF {envelope} ON {_REPORT} "
        f"BEGIN SELECT RAISE(ABORT, '{_REPORT} is append-only'); END"
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

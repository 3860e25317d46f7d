"""Retention: words on keeping and erasing, certificates, and triggers that let only an erasure through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("erased_row", "erasure", "retention_word")

# Content that an erasure may take out of an append-only row while the row stands in "erasing"; nothing else
# of the row changes, ever, and the row itself stays.
CONTENT = {
    "answer": ("content",),
    "batch_answer": ("content",),
    "referral_version": ("content",),
    "incident_report": ("what", "crime_reference"),
    "person_record": (
        "described",
        "surname_folded",
        "forename_folded",
        "born",
        "born_earliest",
        "born_latest",
    ),
    "screening": ("content",),
    "decision": ("content",),
    "dissent": ("who", "reasons"),
    "plan": ("reason", "departs_from_wishes"),
    "action_version": ("what", "owner", "status_note"),
    "outcome": ("says",),
    "move": ("why",),
    "episode_judgement": ("why",),
    "identity_judgement": ("why",),
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "retention_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_retention_word_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_word")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("protected_values", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_erasure_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("ref", name=op.f("uq_erasure_ref")),
    )
    op.create_table(
        "erased_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("dated", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasure.id"], name=op.f("fk_erased_row_erasure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_row")),
    )
    op.create_table(
        "erasing",
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("table", "row_number", name=op.f("pk_erasing")),
    )
    for table, column in (
        ("retention_word", "involvement_id"),
        ("erasure", "involvement_id"),
        ("erased_row", "erasure_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
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

"""The vault: steps in the life of its keys, the safe-contact officer, asks, words and openings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = (
    "opening",
    "opening_ask",
    "opening_told",
    "opening_word",
    "safe_contact_officer",
    "vault_step",
)


def upgrade() -> None:
    """Bring the schema to this revision. Rows that are there are sealed afterwards, by who holds the key."""
    op.create_table(
        "vault_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("key_name", sa.String(), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_step")),
    )
    op.create_table(
        "safe_contact_officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_safe_contact_officer_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_contact_officer")),
    )
    op.create_table(
        "opening_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("item_ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_opening_ask_involvement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_ask")),
        sa.UniqueConstraint("ref", name=op.f("uq_opening_ask_ref")),
    )
    op.create_table(
        "opening_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_ask_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_ask_id"], ["opening_ask.id"], name=op.f("fk_opening_word_opening_ask_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_word")),
    )
    op.create_table(
        "opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("item_ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("opening_ask_id", sa.Integer(), nullable=True),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_opening_involvement_id")
        ),
        sa.ForeignKeyConstraint(
            ["opening_ask_id"], ["opening_ask.id"], name=op.f("fk_opening_opening_ask_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("ref", name=op.f("uq_opening_ref")),
        sa.UniqueConstraint("opening_ask_id", name=op.f("uq_opening_opening_ask_id")),
    )
    op.create_table(
        "opening_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opening_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_told_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_told")),
        sa.UniqueConstraint("opening_id", "user_name", name=op.f("uq_opening_told_opening_id_user_name")),
    )
    for table, column in (
        ("safe_contact_officer", "involvement_id"),
        ("opening_ask", "involvement_id"),
        ("opening_ask", "lapses_at"),
        ("opening_word", "opening_ask_id"),
        ("opening", "involvement_id"),
        ("opening", "user_name"),
        ("opening_told", "user_name"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    # Rows of before there were seals: whoever reads this note, and holds the key, seals them and says so.
    op.execute(
        "INSERT INTO vault_step (step, at) SELECT 'older rows wait to be sealed', CURRENT_TIMESTAMP "
        "WHERE EXISTS (SELECT 1 FROM protected_value) OR EXISTS (SELECT 1 FROM protected_original)"
    )
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

"""Who may be the same person: forms, keys, proposals and judgements. 'init' fills those of older records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# History is append-only: the database itself refuses to change or delete these rows.
APPEND_ONLY = ("identity_judgement",)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    """Bring the schema to this revision; nothing that is there is touched."""
    op.create_table(
        "identity_form",
        sa.Column("person_record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("forename", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("born", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("numbers", DOCUMENT, nullable=False),
        sa.Column("things", DOCUMENT, nullable=False),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("compared_version", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_record_id"], ["person_record.id"], name=op.f("fk_identity_form_person_record_id")
        ),
        sa.ForeignKeyConstraint(["party_id"], ["person_record.id"], name=op.f("fk_identity_form_party_id")),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_identity_form_involvement_id")
        ),
        sa.PrimaryKeyConstraint("person_record_id", name=op.f("pk_identity_form")),
    )
    op.create_table(
        "identity_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("involvement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_record_id"], ["person_record.id"], name=op.f("fk_identity_key_person_record_id")
        ),
        sa.PrimaryKeyConstraint("key", "person_record_id", name=op.f("pk_identity_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identity_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["low_id"], ["person_record.id"], name=op.f("fk_identity_proposal_low_id")),
        sa.ForeignKeyConstraint(["high_id"], ["person_record.id"], name=op.f("fk_identity_proposal_high_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_proposal")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_identity_proposal_low_id_high_id")),
    )
    op.create_table(
        "identity_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("by_rule", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["low_id"], ["person_record.id"], name=op.f("fk_identity_judgement_low_id")),
        sa.ForeignKeyConstraint(
            ["high_id"], ["person_record.id"], name=op.f("fk_identity_judgement_high_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_judgement")),
    )
    for table, columns in (
        ("identity_form", ("compared_version", "person_record_id")),
        ("identity_form", ("party_id",)),
        ("identity_form", ("involvement_id",)),
        ("identity_key", ("person_record_id",)),
        ("identity_proposal", ("high_id",)),
        ("identity_proposal", ("weight",)),
        ("identity_judgement", ("low_id", "high_id")),
        ("identity_judgement", ("high_id",)),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
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

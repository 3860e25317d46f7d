"""The link graph: things, links, what is the same, and which cases changed when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision. Older cases are linked afterwards: that needs the key."""
    op.create_table(
        "link_object",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("compared", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_object")),
        sa.UniqueConstraint("kind", "compared", name=op.f("uq_link_object_kind_compared")),
        sa.UniqueConstraint("ref", name=op.f("uq_link_object_ref")),
    )
    op.create_table(
        "link_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_word")),
        sa.UniqueConstraint("word", name=op.f("uq_link_word_word")),
    )
    numbers = ("start_node", "end_node", "kind", "role", "day", "precision", "grade", "source", "case_id")
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*numbers, "release_class")),
        sa.ForeignKeyConstraint(["case_id"], ["involvement.id"], name=op.f("fk_link_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "link_same",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("one_node", "other_node", "because", "case_id", "other_case_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["involvement.id"], name=op.f("fk_link_same_case_id")),
        sa.ForeignKeyConstraint(
            ["other_case_id"], ["involvement.id"], name=op.f("fk_link_same_other_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_same")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "link_case",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["involvement.id"], name=op.f("fk_link_case_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_link_case")),
    )
    head = op.create_table(
        "link_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_head")),
    )
    op.bulk_insert(head, [{"id": 1, "turn": 0}])
    op.create_index(op.f("ix_link_object_compared"), "link_object", ["compared"])
    # These carry what cuts a link for a viewer, so that hidden links are never read out.
    cut = ["case_id", "release_class", "kind", "day"]
    op.create_index("ix_link_onward", "link", ["start_node", *cut, "end_node"])
    op.create_index("ix_link_back", "link", ["end_node", *cut, "start_node"])
    op.create_index(op.f("ix_link_case_id"), "link", ["case_id"])
    op.create_index(
        "ix_link_same_onward", "link_same", ["one_node", "other_node", "case_id", "other_case_id"]
    )
    op.create_index("ix_link_same_back", "link_same", ["other_node", "one_node", "case_id", "other_case_id"])
    op.create_index(op.f("ix_link_same_case_id"), "link_same", ["case_id"])
    op.create_index(op.f("ix_link_same_other_case_id"), "link_same", ["other_case_id"])
    op.create_index(op.f("ix_link_case_turn"), "link_case", ["turn"])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

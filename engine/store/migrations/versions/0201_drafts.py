"""Text that a person is typing and has not recorded: one row for each person, form and case, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0201"
down_revision = "0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nothing is moved into it."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("involvement_ref", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint(
            "user_name",
            "role",
            "agency",
            "form",
            "involvement_ref",
            name="uq_draft_user_name_role_agency_form_involvement_ref",
        ),
    )
    op.create_index("ix_draft_involvement_ref", "draft", ["involvement_ref"])
    op.create_index("ix_draft_saved_at", "draft", ["saved_at"])


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

"""A link to a thing or a place keeps it as its source wrote it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision.

    Cases with things are marked as never linked, so that bringing the record up to date writes their links
    again: only there is it known which of a source's values repeat something protected.
    """
    op.add_column("link", sa.Column("given", sa.String(), nullable=True))
    # 3 is "uses", 4 is "at"
    op.execute("DELETE FROM link_case WHERE case_id IN (SELECT case_id FROM link WHERE kind IN (3, 4))")

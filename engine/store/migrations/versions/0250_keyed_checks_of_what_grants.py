"""A keyed check for each row that lets somebody in or opens something, from what the log says of the row."""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0250"
down_revision = "0249"
branch_labels = None
depends_on = None

_GRANTS = (
    "agency_suspension",
    "app_user",
    "associates_ask",
    "associates_word",
    "case_member",
    "conference",
    "connection",
    "glass_broken",
    "investigation_lead",
    "investigator",
    "link_share",
    "local_account",
    "opening",
    "opening_ask",
    "opening_word",
    "provider_subject",
    "room_screen",
    "safe_contact_officer",
)
_AT_ONCE = 200


def upgrade() -> None:
    """Add the table, with the checks of the rows from before: the keyed digest that the log has of each.

    A row that no entry wrote, or that was changed past the software, has none of its own, and grants nothing.
    """
    checks = op.create_table(
        "row_check",
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("row_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("keyed_check", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("table", "row_number", name="pk_row_check"),
        sqlite_with_rowid=False,
    )
    newest: dict[tuple[str, str], str | None] = {}
    for versions in _versions(op.get_bind()):
        for table in versions.keys() & set(_GRANTS):
            newest.update({(table, number): digest for number, digest in versions[table].items()})
    rows = [
        {"table": table, "row_number": int(number), "keyed_check": digest}
        for (table, number), digest in sorted(newest.items())
        if digest is not None
    ]
    for start in range(0, len(rows), _AT_ONCE):
        op.get_bind().execute(checks.insert(), rows[start : start + _AT_ONCE])


def _versions(connection: sa.Connection) -> Iterator[dict[str, dict[str, str | None]]]:
    """Yield what each entry wrote that wrote such a row, by table and number, oldest first."""
    entry = sa.table("audit_entry", sa.column("sequence"), sa.column("versions"))
    wrote = sa.or_(*(entry.c.versions.contains(f'"{table}":', autoescape=True) for table in _GRANTS))
    last = -1
    while rows := connection.execute(
        sa.select(entry.c.sequence, entry.c.versions)
        .where(entry.c.sequence > last, wrote)
        .order_by(entry.c.sequence)
        .limit(_AT_ONCE)
    ).all():
        for row in rows:
            yield json.loads(row.versions)
        last = rows[-1].sequence


def downgrade() -> None:
    """A released schema is never taken back: restore a backup instead."""
    raise NotImplementedError("a released schema is never taken back; restore a backup")

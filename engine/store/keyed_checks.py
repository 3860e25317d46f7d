"""The keyed check of a sign-in or a one-time action. Who can only write to the database cannot make one.

It is over all that the row grants. A row without it is as if it were not there, and verification names it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import UTC, datetime

from engine.domain.system.audit import canonical
from engine.store.tables.accounts import OneUseRow, SignInRow

_GRANTED: dict[type[SignInRow] | type[OneUseRow], tuple[str, ...]] = {
    SignInRow: ("digest", "user_name", "role", "agency", "way", "account", "began_at", "lapses_at"),
    OneUseRow: ("digest", "kind", "subject", "user_name", "sign_in_id", "lapses_at"),
}
CHECKED: tuple[type[SignInRow] | type[OneUseRow], ...] = tuple(_GRANTED)
"""The tables whose rows have one."""


def keyed_check(key: bytes, row: SignInRow | OneUseRow) -> str:
    """Return the check of what this row grants, by a key that is derived from the record's (HMAC-SHA-256)."""
    granted = [_plain(getattr(row, column)) for column in _GRANTED[type(row)]]
    own_key = hmac.digest(key, b"rows that let somebody in", "sha256")
    return hmac.digest(own_key, canonical([row.__tablename__, *granted]).encode(), "sha256").hex()


def is_checked(key: bytes, row: SignInRow | OneUseRow) -> bool:
    """Return whether this row was written by the software, as it is."""
    return row.keyed_check is not None and hmac.compare_digest(row.keyed_check, keyed_check(key, row))


def unchecked(key: bytes, rows: Iterable[SignInRow | OneUseRow]) -> tuple[str, ...]:
    """Return the numbers of those that were not."""
    return tuple(str(row.id) for row in rows if not is_checked(key, row))


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value

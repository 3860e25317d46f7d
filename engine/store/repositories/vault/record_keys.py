"""Keys that a record was made with, by the check value of each. Knows no key."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.store.tables.vault.openings import VaultStepRow

DIGEST_KEY = "digest key noted"
VAULT_KEY = "vault key noted"
BEGUN = "rotation begun"
RETIRED = "vault key retired"


class KeysNoted(NamedTuple):
    """The check values: of the key of the digests, and of every key under which the vault may seal."""

    digest: str | None
    vault: frozenset[str]


class RecordKeys:
    """Check values of keys among the steps in the life of the keys."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def noted(self) -> KeysNoted:
        """Return those that are noted; none in a record that is new."""
        steps = self._session.connection().execute(_steps()).all()
        digest: str | None = None
        vault: set[str] = set()
        for step, key in steps:
            if step == DIGEST_KEY:
                digest = digest or key
            elif step == RETIRED:
                vault.discard(str(key))
            else:
                vault.add(str(key))
        return KeysNoted(digest=digest, vault=frozenset(vault))

    def note(self, step: str, *, key: str, at: datetime) -> None:
        """Note one key by its check value."""
        self._session.add(VaultStepRow(step=step, key_name=key, at=at))
        self._session.flush()


@cache
def _steps() -> Select[str, str | None]:
    """Build the statement once: each process that opens a record runs it, and to build it takes longer."""
    return (
        select(col(VaultStepRow.step), col(VaultStepRow.key_name))
        .where(col(VaultStepRow.step).in_([DIGEST_KEY, VAULT_KEY, BEGUN, RETIRED]))
        .order_by(col(VaultStepRow.id))
    )

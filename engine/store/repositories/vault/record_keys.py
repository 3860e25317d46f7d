"""Keys that a record was made with, by the check value of each. Knows no key."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.store.tables.vault.openings import VaultStepRow

DIGEST_KEY = "digest key noted"
DIGEST_BEGUN = "digest key begun"
DIGEST_IN_USE = "digest key in use"
DIGEST_DONE = "digest key changed"
VAULT_KEY = "vault key noted"
BEGUN = "rotation begun"
RETIRED = "vault key retired"
_OF_KEYS = (DIGEST_KEY, DIGEST_BEGUN, DIGEST_IN_USE, DIGEST_DONE, VAULT_KEY, BEGUN, RETIRED)


class KeysNoted(NamedTuple):
    """The check values: of the keys of the digests, and of every key under which the vault may seal.

    Of the digests, the oldest first: those in use or retired. A change to those
    that are ``begun`` was begun, and to those that are ``changed`` it was ended.
    """

    digests: tuple[str, ...]
    vault: frozenset[str]
    begun: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


class RecordKeys:
    """Check values of keys among the steps in the life of the keys."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def noted(self) -> KeysNoted:
        """Return those that are noted; none in a record that is new."""
        steps = self._session.connection().execute(_steps()).all()
        digests: dict[str, None] = {}
        vault, begun, changed = set[str](), set[str](), set[str]()
        for step, key in steps:
            name = str(key)
            if step == DIGEST_KEY:
                digests = digests or {name: None}  # the first holds
            elif step == DIGEST_IN_USE:
                digests[name] = None
            elif step == DIGEST_BEGUN:
                begun.add(name)
            elif step == DIGEST_DONE:
                changed.add(name)
            elif step == RETIRED:
                vault.discard(name)
            else:
                vault.add(name)
        return KeysNoted(tuple(digests), frozenset(vault), frozenset(begun), frozenset(changed))

    def note(self, step: str, *, key: str, at: datetime) -> None:
        """Note one key by its check value."""
        self._session.add(VaultStepRow(step=step, key_name=key, at=at))
        self._session.flush()


@cache
def _steps() -> Select[str, str | None]:
    """Build the statement once: each process that opens a record runs it, and to build it takes longer."""
    return (
        select(col(VaultStepRow.step), col(VaultStepRow.key_name))
        .where(col(VaultStepRow.step).in_(_OF_KEYS))
        .order_by(col(VaultStepRow.id))
    )

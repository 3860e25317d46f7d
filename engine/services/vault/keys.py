"""The life of the vault's keys: changing a key for another, and checking that all of it opens.

Counts rows and names keys; shows no content. Every step may be killed and started again.
"""

from __future__ import annotations

from datetime import datetime

from engine.access.policy import May, require
from engine.domain.base import Frozen
from engine.services.context import Context, VaultContext
from engine.store.repositories.vault.record_keys import BEGUN, RETIRED
from engine.store.unit_of_work import UnitOfWork

TABLES = ("values", "originals", "searches", "networks", "notes", "typed answers", "places asked")
_UNCOUNTED = "drafts"
"""Sealed again too, without a count and without an entry."""
_AT_ONCE = 1_000
_DONE = "rotation done"


class Rotated(Frozen):
    """The result of a rotation: a key's name shows nothing of the key."""

    rows: int
    key: str
    went_on: bool


def rotate(context: VaultContext) -> Rotated:
    """Make a new key, seal everything under it, and drop the old one when nothing is left under it.

    One that was interrupted continues with the key that it had made. Work need not stop meanwhile.

    Raises
    ------
    SetupError
        The key comes from a command.
    """
    require(May.ROTATE_KEYS, context.acting)
    context.vault_keys.require_file()
    new = context.vault_keys.another()
    with context.writing("begin changing the vault's key") as work:
        work.resealing.hold_keys_alone()
        went_on = context.vault_keys.is_rotating
        # The record must know a key before the file has it: sealing meanwhile would be refused.
        name = context.vault_keys.newest_name if went_on else new.name.hex()
        work.resealing.note(BEGUN, key=name, rows=None, at=context.clock.now())
        work.notes(went_on=int(went_on))
        work.erases = True  # what is sealed under the old key
    with context.uow.unrecorded(will_write=True) as work:
        work.resealing.hold_keys_alone()
        context.vault_keys.put_first(new)
    rows = _through(context, "seal protected rows anew")
    while not _let_old_go(context, rows):
        rows += _through(context, "seal protected rows anew")
    context.uow.tidy()
    return Rotated(rows=rows, key=context.vault_keys.newest_name, went_on=went_on)


def newest_value_opens(*, uow: UnitOfWork) -> bool:
    """Open the newest protected value and discard it; return whether there is any. Faults are raised."""
    with uow.unrecorded() as work:
        return work.resealing.open_newest()


def not_under_newest_key(*, uow: UnitOfWork) -> int:
    """Count the rows that are sealed under an older key, or not at all."""
    with uow.unrecorded() as work:
        return work.resealing.left()


def _let_old_go(context: VaultContext, rows: int) -> bool:
    """Drop the old key while sealing is impossible; not while a single row would be lost by it."""
    with context.writing("end changing the vault's key") as work:
        work.resealing.hold_keys_alone()
        left = work.resealing.left()
        work.notes(rows=rows, left=left)
        if left:
            return False
        for old in context.vault_keys.names[1:]:
            work.resealing.note(RETIRED, key=old, rows=None, at=context.clock.now())
        work.resealing.note(_DONE, key=context.vault_keys.newest_name, rows=rows, at=context.clock.now())
    with context.uow.unrecorded(will_write=True) as work:
        work.resealing.hold_keys_alone()
        if work.resealing.left():
            return False
        context.vault_keys.drop_old()
    return True


def _through(context: Context, what: str) -> int:
    """Seal both tables again, a part in each transaction; a part that changes nothing leaves no entry."""
    total = 0
    for table in TABLES:
        place: int | None = 0
        while place is not None:
            place, done = _part(context, what, table, place, at=context.clock.now())
            total += done
    _seal_drafts(context)
    return total


def _seal_drafts(context: Context) -> None:
    place: int | None = 0
    while place is not None:
        with context.uow.unrecorded(will_write=True) as work:
            found = work.resealing.reseal(_UNCOUNTED, after=place, count=_AT_ONCE)
            place = found[0] if found is not None else None


def _part(context: Context, what: str, table: str, after: int, *, at: datetime) -> tuple[int | None, int]:
    with context.writing(what, at=at) as work:
        found = work.resealing.reseal(table, after=after, count=_AT_ONCE)
        if found is None:
            return None, 0
        work.notes(table=table, rows=found[1])
        return found

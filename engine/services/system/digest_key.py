"""Changing the key of the digests. Retired keys stay in its file, where they only verify.

The order loses nothing: rows that grant get a check by the new key beside their own; the
register of acts is signed again; the new key comes into use; then sign-ins end, and the digests of protected
values are made again. Every step may be killed and started again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from engine.access.digest_keys import DigestKeys
from engine.access.digests import VaultKey
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, flow_acting
from engine.domain.base import Frozen
from engine.domain.errors import SetupError
from engine.domain.file_faults import why_not
from engine.domain.orders.conditions import SealedKind
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.system.audit import digest_of_written
from engine.exchange.act_register import signed_again
from engine.services.system.audit_content import Said
from engine.services.system.backups import alone
from engine.services.system.repeated_acts import Register
from engine.services.vault.record_keys import require_digest_keys
from engine.settings import Settings
from engine.store.granting import GRANTS, check_by_both
from engine.store.repositories.system.audit_content import RowVersion
from engine.store.repositories.vault.digest_rotation import CheckAgain
from engine.store.repositories.vault.record_keys import DIGEST_BEGUN, DIGEST_DONE, DIGEST_IN_USE
from engine.store.unit_of_work import UnitOfWork, Work

_AT_ONCE = 1_000
_KINDS: dict[str, ProtectedKind | SealedKind] = {each.value: each for each in (*SealedKind, *ProtectedKind)}


class DigestKeyRotated(Frozen):
    """A change of the key of the digests: a key's check value shows nothing of the key."""

    key: str
    number: int
    """The key's number in the audit log; the retired keys have the lower ones."""
    went_on: bool
    checks: int
    """Rows that grant something, and have a check by the new key."""
    values: int
    """Protected values whose digest was made again."""
    sign_ins: int
    """Sign-ins that ended: all of before."""


def rotate(*, uow: UnitOfWork, clock: Clock, settings: Settings) -> DigestKeyRotated:
    """Make a new key, make again what can be made again, and retire the former key.

    One that was interrupted continues with the key that it had made. Work need not stop meanwhile, but no
    backup is made.

    Raises
    ------
    SetupError
        The keys come from a command, a backup is being made, or a file cannot be written.
    InvalidInputError
        The register of acts was changed past the software: it cannot be signed again.
    """
    keys = DigestKeys(settings.key_file)
    keys.require_file()
    with alone(settings.home):
        is_in_use = is_half_done(uow=uow, settings=settings) and keys.next() is None
        went_on = is_in_use or keys.next() is not None
        checks = 0
        if not is_in_use:
            checks = _come_into_use(uow, clock, settings, keys)
        sign_ins = _say_in_use(uow, clock, keys.now())
        values = _digest_again(uow, clock, keys.now())
        sign_ins += _end(uow, clock, keys.now(), values=values)
        uow.tidy()
    now = keys.now()
    return DigestKeyRotated(
        key=now.check_value,
        number=now.for_versions.number,
        went_on=went_on,
        checks=checks,
        values=values,
        sign_ins=sign_ins,
    )


def is_half_done(*, uow: UnitOfWork, settings: Settings) -> bool:
    """Return whether a change was begun and is not ended: the command continues it."""
    keys = DigestKeys(settings.key_file)
    now = keys.now().check_value
    with uow.unrecorded() as work:
        noted = work.keys_noted.noted()
    return keys.next() is not None or now in noted.begun - noted.changed


def _acting() -> Acting:
    return flow_acting("change the key of the digests", "operator")


def _come_into_use(uow: UnitOfWork, clock: Clock, settings: Settings, keys: DigestKeys) -> int:
    """Prepare everything that must be right at once, and put the new key in use."""
    try:
        new = keys.make_next()
    except OSError as error:
        raise SetupError(f"the new key cannot be stored ({why_not(error)}); nothing was changed") from None
    with uow.writing(acting=_acting(), what="begin changing the key of digests", at=clock.now()) as work:
        if new.check_value not in work.keys_noted.noted().begun:
            work.keys_noted.note(DIGEST_BEGUN, key=new.check_value, at=clock.now())
        work.notes(key=new.check_value)
    with uow.unrecorded() as work:
        said = Said(work, GRANTS.keys())
        checks = sum(len(some) for some in _in_parts(uow, _checks(work, said, new)))
    while True:
        with uow.unrecorded(will_write=True) as work:
            work.digest_rotation.hold_writers()
            said.go_on(work)
            left = list(_left(work, said, new))
            work.digest_rotation.check_again(left)
            if not left:
                _switch(work, settings, keys, new)
                return checks
            checks += len(left)


def _checks(work: Work, said: Said, new: VaultKey) -> Iterable[CheckAgain]:
    """Yield the checks of rows that grant, by both keys: of those that the log and their own check prove."""
    unchecked = {(table, number): was for table, number, was in _unchecked(work, new)}
    for table, key, version in work.audit_content.versions(GRANTS.keys()):
        was = unchecked.get((table, int(key)))
        if was is not None and (made := _made(work, said, new, table, int(key), was, version)) is not None:
            yield made


def _left(work: Work, said: Said, new: VaultKey) -> Iterable[CheckAgain]:
    """Yield the same for what was written since. Rows of others have no check, and grant nothing."""
    for table, number, was in _unchecked(work, new):
        version = work.audit_content.version(table, number)
        if (made := _made(work, said, new, table, number, was, version)) is not None:
            yield made


def _unchecked(work: Work, new: VaultKey) -> list[tuple[str, int, str]]:
    return work.digest_rotation.not_checked_by(new.check_value)


def _made(
    work: Work, said: Said, new: VaultKey, table: str, number: int, was: str, version: RowVersion | None
) -> CheckAgain | None:
    if version is None or not said.wrote(table, str(number), version):
        return None
    if not work.audit_content.is_right(was, version):
        return None
    by_next = digest_of_written(new.for_versions, version.written)
    return CheckAgain(
        table, number, was, check_by_both(version.digest(), key=new.check_value, by_next=by_next)
    )


def _in_parts(uow: UnitOfWork, checks: Iterable[CheckAgain]) -> Iterable[list[CheckAgain]]:
    """Store these checks, a part in each transaction."""
    some: list[CheckAgain] = []
    for check in checks:
        some.append(check)
        if len(some) == _AT_ONCE:
            yield _stored(uow, some)
            some = []
    yield _stored(uow, some)


def _stored(uow: UnitOfWork, some: list[CheckAgain]) -> list[CheckAgain]:
    if some:
        with uow.unrecorded(will_write=True) as work:
            work.digest_rotation.check_again(some)
    return some


def _switch(work: Work, settings: Settings, keys: DigestKeys, new: VaultKey) -> None:
    """Put the new key in use while no one writes. Once its file is in place, the former one only verifies."""
    require_digest_keys(work.keys_noted.noted(), keys.now())
    register = Register(settings, keys)
    try:
        with signed_again(register.files(), keys.for_register(), key=new.for_register):
            keys.put_next_in_use()
    except OSError as error:
        raise SetupError(
            f"the register of acts or the new key cannot be written ({why_not(error)}); the former key is in "
            "use: run the command again once they can"
        ) from None
    work.digest_rotation.note_key_number(new.for_versions.number)


def _say_in_use(uow: UnitOfWork, clock: Clock, now: VaultKey) -> int:
    """Write the first entry by the new key, unless it is there, and end every sign-in of before."""
    with uow.writing(acting=_acting(), what="change the key of digests", at=clock.now()) as work:
        noted = work.keys_noted.noted()
        for value in now.check_values:
            if value not in noted.digests:
                work.keys_noted.note(DIGEST_IN_USE, key=value, at=clock.now())
        sign_ins = work.sign_ins.delete_unchecked()
        work.notes(key=now.check_value, number=now.for_versions.number, sign_ins=sign_ins)
        work.erases = True  # the digests by the former key
    return sign_ins


def _digest_again(uow: UnitOfWork, clock: Clock, now: VaultKey) -> int:
    """Make the digests of the protected values again, a part in each transaction."""
    total, place = 0, 0
    while True:
        with uow.writing(
            acting=_acting(), what="make digests again", at=clock.now(), steps_back=True
        ) as work:
            found = work.digest_rotation.digest_again(partial(_digest, now), after=place, count=_AT_ONCE)
            if found is None:
                return total
            place, done = found
            total += done
            work.notes(rows=done)


def _digest(now: VaultKey, kind: str, value: str) -> str:
    return now.digest(_KINDS[kind], value)


def _end(uow: UnitOfWork, clock: Clock, now: VaultKey, *, values: int) -> int:
    with uow.writing(acting=_acting(), what="end changing the key of digests", at=clock.now()) as work:
        work.keys_noted.note(DIGEST_DONE, key=now.check_value, at=clock.now())
        sign_ins = work.sign_ins.delete_unchecked()  # those of a transaction that ended after the change
        work.notes(key=now.check_value, rows=values, sign_ins=sign_ins)
    return sign_ins

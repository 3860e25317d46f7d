"""Sign-ins, accounts, and one-time actions of a signed-in user. Knows only digests and hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import (
    CompoundSelect,
    CursorResult,
    Select,
    bindparam,
    delete,
    func,
    select,
    union_all,
    update,
)
from sqlmodel import Session, col

from engine.domain.accounts.acting import User
from engine.domain.accounts.sign_ins import SignInEnd, SignInWay
from engine.store.granting import RowWithCheck, is_proven, with_check
from engine.store.keyed_checks import CHECKED, is_checked, keyed_check, unchecked
from engine.store.tables.accounts import (
    LocalAccountRow,
    OneUseRow,
    ProviderSubjectRow,
    SignInAttemptRow,
    SignInRow,
)
from engine.store.versions_written import VersionKey

_AT_ONCE = 500


@dataclass(frozen=True)
class StoredSignIn:
    """One stored sign-in."""

    id: int
    user_name: str
    role: str
    agency: str | None
    way: SignInWay
    account: str | None
    began_at: datetime
    lapses_at: datetime
    seen_at: datetime
    ended: SignInEnd | None
    ended_at: datetime | None = None
    task: str | None = None


@dataclass(frozen=True)
class LocalAccount:
    """The password of a user, as its slow hash."""

    user_name: str
    password_hash: str
    must_change: bool
    changed_at: datetime


@dataclass(frozen=True)
class UsedOnce:
    """A one-time value that was just used, and cannot be used again."""

    kind: str
    subject: str | None
    user_name: str
    sign_in: int


class SignIns:
    """Store of sign-ins, accounts, subjects and attempts."""

    def __init__(self, session: Session, version_key: VersionKey) -> None:
        self._session = session
        self._version_key = version_key

    def begin(
        self,
        user: User,
        *,
        digest: str,
        way: SignInWay,
        account: str | None,
        at: datetime,
        lapses_at: datetime,
    ) -> int:
        """Store a new sign-in of this user."""
        row = SignInRow(
            digest=digest,
            user_name=user.name,
            role=user.role.value,
            agency=user.agency,
            way=way.value,
            account=account,
            began_at=at,
            lapses_at=lapses_at,
            seen_at=at,
        )
        row.keyed_check = keyed_check(self._version_key(), row)
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def find(self, digest: str) -> StoredSignIn | None:
        """Return the sign-in of a token's digest; None where the software did not write it so."""
        return self._stored_sign_in(_by_digest(), {"digest": digest})

    def get(self, number: int) -> StoredSignIn | None:
        """Return a sign-in by its number."""
        return self._stored_sign_in(_by_number(), {"number": number})

    def _stored_sign_in(
        self, which: Select[SignInRow], given: Mapping[str, str | int]
    ) -> StoredSignIn | None:
        row = self._session.execute(which, given).scalar_one_or_none()
        if row is None or row.id is None or not is_checked(self._version_key(), row):
            return None
        return StoredSignIn(
            id=row.id,
            user_name=row.user_name,
            role=row.role,
            agency=row.agency,
            way=SignInWay(row.way),
            account=row.account,
            began_at=row.began_at,
            lapses_at=row.lapses_at,
            seen_at=row.seen_at,
            ended=SignInEnd(row.ended_because) if row.ended_because else None,
            ended_at=row.ended_at,
            task=row.task,
        )

    def seen(self, number: int, *, at: datetime) -> None:
        """Note that a sign-in is in use."""
        self._session.execute(update(SignInRow).where(col(SignInRow.id) == number).values(seen_at=at))

    def begin_task(self, number: int, task: str | None) -> None:
        """Set this sign-in's task from now on; None is case work."""
        self._session.execute(update(SignInRow).where(col(SignInRow.id) == number).values(task=task))

    def end(self, number: int, *, at: datetime, because: SignInEnd) -> None:
        """End one sign-in; one that has ended stays as it ended."""
        self._session.execute(
            update(SignInRow)
            .where(col(SignInRow.id) == number, col(SignInRow.ended_at).is_(None))
            .values(ended_at=at, ended_because=because.value)
        )

    def end_all_of(self, user: str, *, at: datetime, because: SignInEnd) -> int:
        """End every sign-in of a user; how many there were."""
        ended = self._session.execute(
            update(SignInRow)
            .where(col(SignInRow.user_name) == user, col(SignInRow.ended_at).is_(None))
            .values(ended_at=at, ended_because=because.value)
        )
        return _changed(ended)

    def end_all(self, *, at: datetime, because: SignInEnd) -> int:
        """End every sign-in of every user; how many there were."""
        ended = self._session.execute(
            update(SignInRow)
            .where(col(SignInRow.ended_at).is_(None))
            .values(ended_at=at, ended_because=because.value)
        )
        return _changed(ended)

    def any_can_prove_themselves(self) -> bool:
        """Return whether any user has a password or a provider's subject:
        then a name without proof is not enough to act.
        """
        return self._session.connection().execute(_any_proof()).first() is not None

    def any_password(self) -> bool:
        """Return whether any user has a password here."""
        return self._session.execute(select(col(LocalAccountRow.id)).limit(1)).first() is not None

    def account_of(self, user: str) -> LocalAccount | None:
        """Return the local account of a user; None where the software did not write it so."""
        query = with_check(LocalAccountRow).where(col(LocalAccountRow.user_name) == user)
        row = self._proven(LocalAccountRow, query)
        if row is None:
            return None
        return LocalAccount(row.user_name, row.password_hash, row.must_change, row.changed_at)

    def store_account(self, user: str, *, password_hash: str, must_change: bool, at: datetime) -> None:
        """Store a password's hash for this user, in place of an earlier one."""
        row = self._account(user)
        if row is None:
            row = LocalAccountRow(user_name=user, password_hash="", must_change=True, changed_at=at)
        row.password_hash, row.must_change, row.changed_at = password_hash, must_change, at
        self._session.add(row)
        self._session.flush()

    def user_of_subject(self, issuer: str, subject: str) -> str | None:
        """Return the user whom a provider's subject represents, where the software wrote that."""
        row = self._proven(
            ProviderSubjectRow,
            with_check(ProviderSubjectRow).where(
                col(ProviderSubjectRow.issuer) == issuer, col(ProviderSubjectRow.subject) == subject
            ),
        )
        return None if row is None else str(row.user_name)

    def add_subject(self, issuer: str, subject: str, *, user: str, at: datetime) -> None:
        """Let a provider's subject represent this user."""
        self._session.add(ProviderSubjectRow(issuer=issuer, subject=subject, user_name=user, at=at))
        self._session.flush()

    def note_attempt(self, name_digest: str, *, at: datetime) -> int:
        """Note an attempt at a password under this name; it counts as failed until it succeeds."""
        row = SignInAttemptRow(name_digest=name_digest, succeeded=False, at=at)
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def attempts_succeeded(self, numbers: Sequence[int]) -> None:
        """Note that these attempts were right after all."""
        self._session.execute(
            update(SignInAttemptRow).where(col(SignInAttemptRow.id).in_(numbers)).values(succeeded=True)
        )

    def forget_attempt(self, number: int) -> None:
        """Let go of one attempt."""
        self._session.execute(delete(SignInAttemptRow).where(col(SignInAttemptRow.id) == number))

    def failures(self, name_digest: str, *, since: datetime) -> int:
        """Return the number of failed attempts under this name since then,
        and since the last that did not fail.
        """
        of_name = col(SignInAttemptRow.name_digest) == name_digest
        last_success = self._session.execute(
            select(func.max(col(SignInAttemptRow.id))).where(of_name, col(SignInAttemptRow.succeeded))
        ).scalar_one()
        return int(
            self._session.execute(
                select(func.count())
                .select_from(SignInAttemptRow)
                .where(
                    of_name, col(SignInAttemptRow.at) > since, col(SignInAttemptRow.id) > (last_success or 0)
                )
            ).scalar_one()
        )

    def forget_attempts(self, *, before: datetime) -> None:
        """Delete attempts that no rule needs any longer."""
        self._session.execute(delete(SignInAttemptRow).where(col(SignInAttemptRow.at) < before))

    def allow_once(
        self, digest: str, *, kind: str, subject: str | None, user: str, sign_in: int, lapses_at: datetime
    ) -> None:
        """Let a signed-in user do something once."""
        row = OneUseRow(
            digest=digest,
            kind=kind,
            subject=subject,
            user_name=user,
            sign_in_id=sign_in,
            lapses_at=lapses_at,
        )
        row.keyed_check = keyed_check(self._version_key(), row)
        self._session.add(row)
        self._session.flush()

    def use(self, digest: str, *, at: datetime, sign_in: int | None) -> UsedOnce | None:
        """Use what was allowed; None when it was used before, is too old, another sign-in's or forged.

        Of two that come at the same time one is refused: the row itself decides.
        """
        here = [col(OneUseRow.digest) == digest]
        if sign_in is not None:
            here.append(col(OneUseRow.sign_in_id) == sign_in)
        taken = self._session.execute(
            update(OneUseRow)
            .where(*here, col(OneUseRow.used_at).is_(None), col(OneUseRow.lapses_at) > at)
            .values(used_at=at)
        )
        if _changed(taken) != 1:
            return None
        row = self._session.execute(select(OneUseRow).where(*here)).scalar_one()
        if not is_checked(self._version_key(), row):
            return None
        return UsedOnce(row.kind, row.subject, row.user_name, row.sign_in_id)

    def unchecked(self) -> tuple[tuple[str, str], ...]:
        """Return table and number of each sign-in and one-time action that the software did not write so."""
        return tuple(
            (str(table.__tablename__), number)
            for table in CHECKED
            for number in unchecked(
                self._version_key(), self._session.scalars(select(table).order_by(col(table.id)))
            )
        )

    def delete_unchecked(self) -> int:
        """Delete those without a check by the newest key; return the number of sign-ins among them."""
        gone = self.unchecked()
        numbers = {
            str(table.__tablename__): [int(number) for name, number in gone if name == table.__tablename__]
            for table in CHECKED
        }
        sign_ins = numbers[str(SignInRow.__tablename__)]
        for start in range(0, len(sign_ins), _AT_ONCE):
            some = sign_ins[start : start + _AT_ONCE]
            self._session.execute(delete(OneUseRow).where(col(OneUseRow.sign_in_id).in_(some)))
            self._session.execute(delete(SignInRow).where(col(SignInRow.id).in_(some)))
        once = numbers[str(OneUseRow.__tablename__)]
        for start in range(0, len(once), _AT_ONCE):
            self._session.execute(
                delete(OneUseRow).where(col(OneUseRow.id).in_(once[start : start + _AT_ONCE]))
            )
        return len(sign_ins)

    def _proven(
        self, rows_of: type[LocalAccountRow | ProviderSubjectRow], query: Select[*tuple[object, ...]]
    ) -> RowWithCheck | None:
        row = self._session.connection().execute(query).one_or_none()
        return row if row is not None and is_proven(self._session, rows_of, row) else None

    def _account(self, user: str) -> LocalAccountRow | None:
        return self._session.execute(
            select(LocalAccountRow).where(col(LocalAccountRow.user_name) == user)
        ).scalar_one_or_none()


@cache
def _by_digest() -> Select[SignInRow]:
    """Build it once in a process: each page and each pulse of a screen asks for it."""
    return select(SignInRow).where(col(SignInRow.digest) == bindparam("digest"))


@cache
def _by_number() -> Select[SignInRow]:
    return select(SignInRow).where(col(SignInRow.id) == bindparam("number"))


@cache
def _any_proof() -> CompoundSelect[int | None]:
    return union_all(select(col(LocalAccountRow.id)), select(col(ProviderSubjectRow.id))).limit(1)


def _changed(result: object) -> int:
    assert isinstance(result, CursorResult)
    return int(result.rowcount)

"""People who work with the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from engine.domain.accounts.acting import Role, User
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.store.granting import RowWithCheck, is_proven, proven, with_check
from engine.store.tables.accounts import UserRow


class Users:
    """Adds and finds users."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, user: User, *, at: datetime) -> None:
        """Add a user. Raises InvalidInputError where the name is taken."""
        if self._there(user.name) is not None:
            raise InvalidInputError(f"user {user.name}", "a user has this name already; choose another name")
        self._session.add(
            UserRow(
                name=user.name,
                display_name=user.display_name,
                role=user.role.value,
                agency=user.agency,
                active=user.active,
                created_at=at,
            )
        )
        self._session.flush()

    def get(self, name: str) -> User:
        """Return the active user of that name. Raises NotFoundError if there is none."""
        row = self._row(name)
        if row is None or not row.active:
            raise NotFoundError("user", name, instead="'stac user list' lists the users")
        return _user(row)

    def known(self, name: str) -> User | None:
        """Return the user of that name, disabled or not; None where the software did not write it so."""
        row = self._row(name)
        return _user(row) if row is not None else None

    def change(self, user: User) -> None:
        """Give a user this role and agency, and let them in or not.

        Raises NotFoundError if that user does not exist.
        """
        row = self._there(user.name) if self._row(user.name) is not None else None
        if row is None:
            raise NotFoundError("user", user.name, instead="'stac user list' lists the users")
        row.display_name, row.role, row.agency = user.display_name, user.role.value, user.agency
        row.active = user.active
        self._session.add(row)
        self._session.flush()

    def all(self) -> tuple[User, ...]:
        """Return every user, by name."""
        return self._those(with_check(UserRow).order_by(col(UserRow.name)))

    def practitioners_of(self, agencies: Iterable[str]) -> tuple[User, ...]:
        """Return the active practitioners of these agencies, by name."""
        return self._those(
            with_check(UserRow)
            .where(
                col(UserRow.agency).in_(list(agencies)),
                col(UserRow.role) == Role.PRACTITIONER.value,
                col(UserRow.active),
            )
            .order_by(col(UserRow.name))
        )

    def any_exist(self) -> bool:
        """Return whether there is any user."""
        return self._session.execute(select(col(UserRow.id)).limit(1)).first() is not None

    def _row(self, name: str) -> RowWithCheck | None:
        row = self._session.connection().execute(_by_name(), {"name": name}).one_or_none()
        return row if row is not None and is_proven(self._session, UserRow, row) else None

    def _there(self, name: str) -> UserRow | None:
        """Return what is stored under a name, proven or not."""
        return self._session.execute(select(UserRow).where(col(UserRow.name) == name)).scalar_one_or_none()

    def _those(self, query: Select[*tuple[object, ...]]) -> tuple[User, ...]:
        rows = self._session.connection().execute(query)
        return tuple(_user(row) for row in proven(self._session, UserRow, rows))


@cache
def _by_name() -> Select[*tuple[object, ...]]:
    """Build it once in a process: each page and each pulse of a screen asks for it."""
    return with_check(UserRow).where(col(UserRow.name) == bindparam("name"))


def _user(row: RowWithCheck) -> User:
    return User(
        name=row.name,
        display_name=row.display_name,
        role=Role(row.role),
        agency=row.agency,
        active=row.active,
    )

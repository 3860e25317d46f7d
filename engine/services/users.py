"""People who work with the record."""

from __future__ import annotations

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.acting import Acting, Role, User
from engine.domain.errors import InvalidInputError
from engine.store.unit_of_work import UnitOfWork


def add_first_user(*, uow: UnitOfWork, clock: Clock, name: str) -> User | None:
    """Make the first local user, a co-ordinator, when there is none yet; None when there is."""
    user = User(name=name, display_name=name.capitalize(), role=Role.COORDINATOR)
    with uow.unrecorded() as work:
        if work.users.any_exist():
            return None
    with uow.writing(acting=user.acting("installation"), what="add first user", at=clock.now()) as work:
        work.users.add(user, at=clock.now())
        work.notes(user_added=user.name)
    return user


def add_user(*, uow: UnitOfWork, clock: Clock, acting: Acting, user: User) -> User:
    """Add a user. A practitioner needs an agency; nobody else has one."""
    require(May.ADD_USER, acting)
    if (user.role is Role.PRACTITIONER) != (user.agency is not None):
        raise InvalidInputError("agency", "a practitioner speaks for an agency, and nobody else does")
    if user.role is Role.SYSTEM:
        raise InvalidInputError("role", "'system' belongs to the flows; choose another")
    with uow.writing(acting=acting, what="add user", at=clock.now()) as work:
        work.users.add(user, at=clock.now())
        work.notes(user_added=user.name, role=user.role.value)
    return user


def list_users(*, uow: UnitOfWork, clock: Clock, acting: Acting) -> tuple[User, ...]:
    """Everybody, by name."""
    with uow.reading(acting=acting, what="list users", at=clock.now()) as work:
        return work.users.all()


def find_user(*, uow: UnitOfWork, name: str) -> User:
    """Who this is. The door before every other; it shows nothing of a case and so leaves no entry."""
    with uow.unrecorded() as work:
        return work.users.get(name)


def users_for_sign_in(*, uow: UnitOfWork) -> tuple[User, ...]:
    """Whom the development sign-in may offer. Only a local page asks; it shows nothing of a case."""
    with uow.unrecorded() as work:
        return tuple(user for user in work.users.all() if user.active)

"""Users of the record."""

from __future__ import annotations

from datetime import datetime

from engine.access.policy import May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Role, User
from engine.domain.accounts.sign_ins import SignInEnd
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.services.context import Context
from engine.store.unit_of_work import UnitOfWork, Work


def add_first_user(*, uow: UnitOfWork, clock: Clock, name: str) -> User | None:
    """Make the first local user, a coordinator, when the record has none yet; None when it has."""
    user = User(name=name, display_name=name.capitalize(), role=Role.COORDINATOR)
    with uow.unrecorded() as work:
        if work.users.any_exist():
            return None
    with uow.writing(acting=user.acting("installation"), what="add first user", at=clock.now()) as work:
        work.users.add(user, at=clock.now())
        work.notes(user_added=user.name)
    return user


def add_user(context: Context, *, user: User) -> User:
    """Add a user. A practitioner needs an agency; no other role has one.

    Raises
    ------
    InvalidInputError
        Role and agency do not belong together, or there is such a user already.
    """
    require(May.ADD_USER, context.acting)
    require_fitting(user)
    with context.writing("add user") as work:
        work.users.add(user, at=context.clock.now())
        work.notes(user_added=user.name, role=user.role.value)
    return user


def require_fitting(user: User) -> None:
    """Refuse a role and an agency that do not belong together."""
    if (user.role is Role.PRACTITIONER) != (user.agency is not None):
        raise InvalidInputError("agency", "give an agency for a practitioner, and only for a practitioner")
    if user.role is Role.SYSTEM:
        raise InvalidInputError("role", "'system' is reserved; choose another name")


def change_role(context: Context, *, name: str, role: Role, agency: str | None = None) -> User:
    """Give a user another role or agency. All their sign-ins end: they sign in again as that.

    They were named on cases as who they were, so each case closes to them.

    Raises
    ------
    InvalidInputError
        Role and agency do not belong together.
    """
    require(May.CHANGE_USER, context.acting)
    with context.writing("change user") as work:
        before = work.users.get(name)
        changed = before.model_copy(update={"role": role, "agency": agency})
        require_fitting(changed)
        work.users.change(changed)
        become_another(work, before, changed, at=context.clock.now())
    return changed


def become_another(work: Work, before: User, after: User, *, at: datetime) -> None:
    """End what a person had as who they were: sign-ins, and being named on cases. Part of use cases."""
    work.sign_ins.end_all_of(after.name, at=at, because=SignInEnd.CHANGED)
    work.notes(user_changed=after.name, role=after.role.value, agency=after.agency)
    if (before.role, before.agency) != (after.role, after.agency):
        closed = work.cases.unname(after.name)
        work.drafts.destroy_of(after.name)
        work.touches(*work.raised_alarms.owner_left(after.name, by=after.name, at=at))
        work.touches(*closed)
        work.notes(no_longer_named_on=len(closed))


def set_active(context: Context, *, name: str, active: bool) -> User:
    """Disable a user, or enable them again. What they did stays under their name.

    Raises
    ------
    InvalidInputError
        The user is the person who acts.
    """
    require(May.CHANGE_USER, context.acting)
    if name == context.acting.user:
        raise InvalidInputError("user", "you cannot disable yourself; ask another administrator")
    what = "enable user" if active else "disable user"
    with context.writing(what) as work:
        there = work.users.known(name)
        if there is None:
            raise NotFoundError("user", name, instead="'stac user list' lists the users")
        changed = there.model_copy(update={"active": active})
        work.users.change(changed)
        if not active:
            work.sign_ins.end_all_of(name, at=context.clock.now(), because=SignInEnd.DISABLED)
            work.drafts.destroy_of(name)
            left = work.raised_alarms.owner_left(name, by=context.acting.user, at=context.clock.now())
            work.touches(*left)
        work.notes(user_changed=name)
    return changed


def list_users(context: Context) -> tuple[User, ...]:
    """Return all users, by name."""
    with context.reading("list users") as work:
        return work.users.all()


def find_user(*, uow: UnitOfWork, name: str) -> User:
    """Return the user of this name, before every other check; shows nothing of a case, leaves no entry."""
    with uow.unrecorded() as work:
        return work.users.get(name)


def users_for_sign_in(*, uow: UnitOfWork) -> tuple[User, ...]:
    """Return whom the development sign-in may offer. Only a local page asks; it shows nothing of a case."""
    with uow.unrecorded() as work:
        return tuple(user for user in work.users.all() if user.active)

"""Passwords of this installation, for a small unit without a provider of its own.

A refusal does not show whether there is such a user, or why: a wrong name, a wrong password, a disabled user
and too many attempts read alike, and take as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from engine.access import passwords
from engine.access.digests import VaultKey
from engine.access.policy import WHO_MAY, May, require
from engine.clock import Clock
from engine.domain.accounts.acting import Acting, Role, User
from engine.domain.accounts.sign_ins import SignInEnd, SignInWay
from engine.domain.base import Code
from engine.domain.errors import InvalidInputError, NewPasswordError, NotFoundError, SignInError
from engine.services.accounts.sign_ins import begin_within
from engine.services.context import Context
from engine.store.repositories.accounts.sign_ins import LocalAccount
from engine.store.unit_of_work import UnitOfWork, Work

FEWEST_SIGNS = passwords.FEWEST_SIGNS
WAIT = timedelta(minutes=15)
"""For so long failed attempts count."""
MOST_FROM_ONE_PLACE, MOST_UNDER_ONE_NAME, MOST_AT_ONE_PLACE = 5, 50, 50
"""Failed attempts: of one name from one place; of one name from anywhere, so that a stranger cannot easily
lock a person out; from one place under any name."""
_KEPT = timedelta(days=1)
_NOBODY = Acting(user="sign-in", role=Role.SYSTEM, purpose="signing in")
_NAME = TypeAdapter(Code)
_REFUSED = (
    "the user name or password is wrong, or there were too many attempts; wait 15 minutes and try again, "
    "or ask for a password reset"
)


def give_start_password(context: Context, *, name: str) -> str:
    """Give a user a first or new password, and return it: it is shown once and must be changed immediately.

    All their sign-ins end. From the first password of a record on, a name is no longer enough to act.

    Raises
    ------
    InvalidInputError
        The first password of a record would leave no user who may give others theirs.
    """
    require(May.CHANGE_USER, context.acting)
    password = passwords.start_password()
    stored_text = passwords.hashed(password)
    with context.writing("reset password") as work:
        user = work.users.get(name)
        _require_first_fits(work, user)
        work.sign_ins.store_account(
            user.name, password_hash=stored_text, must_change=True, at=context.clock.now()
        )
        work.sign_ins.end_all_of(user.name, at=context.clock.now(), because=SignInEnd.PASSWORD_RESET)
        work.notes(user_changed=user.name)
    return password


def require_first_password_fits(*, uow: UnitOfWork, user: User) -> None:
    """Refuse a first password that would leave no user who may give others theirs."""
    with uow.unrecorded() as work:
        _require_first_fits(work, user)


def sign_in_with_password(
    *,
    uow: UnitOfWork,
    clock: Clock,
    key: VaultKey,
    name: str,
    password: str,
    lasts: timedelta,
    place: str,
    new_password: str | None = None,
    account: str | None = None,
) -> str:
    """Sign in a person who knows their password, and return the token.

    ``place`` is from where they come. Raises NewPasswordError where the password is right and was for the
    first time only: then it is to be given again with a new one. Raises SignInError otherwise.
    """
    known = _name_or_none(name)
    tried = _Tried(key, known or "", place)
    with uow.unrecorded(will_write=True) as work:
        too_many = tried.note(work, clock)
        found = _account(work, known)
    user, local_account = found if found is not None else (None, None)
    is_right = passwords.is_right(password, local_account.password_hash if local_account else None)
    if too_many or not is_right or user is None or local_account is None:
        if not too_many:  # of those after too many there may be any number
            with uow.writing(acting=_NOBODY, what="sign in refused", at=clock.now()) as work:
                work.notes(user_tried=user.name if user is not None else None)
        raise SignInError(_REFUSED)
    with uow.writing(
        acting=user.acting("signing in", account=account), what="sign in", at=clock.now()
    ) as work:
        if local_account.must_change or new_password is not None:
            _change(work, clock, user=user, old=password, new=new_password)
        elif passwords.should_be_hashed_anew(local_account.password_hash):
            anew = passwords.hashed(password)
            work.sign_ins.store_account(user.name, password_hash=anew, must_change=False, at=clock.now())
        tried.was_right(work)
        return begin_within(
            work, clock=clock, user=user, way=SignInWay.PASSWORD, lasts=lasts, account=account
        )


def _require_first_fits(work: Work, user: User) -> None:
    may = WHO_MAY[May.CHANGE_USER]
    if user.role not in may and not work.sign_ins.any_can_prove_themselves():
        raise InvalidInputError(
            "user",
            "the first user with a password must be a coordinator or administrator",
        )


class _Tried:
    """An attempt, counted under its name, its place and both.

    It is counted before it is checked: many at the same moment count as many.
    """

    def __init__(self, key: VaultKey, name: str, place: str) -> None:
        self._limits: Sequence[tuple[str, int]] = (
            (key.digest_of_name(f"{name}\nfrom {place}"), MOST_FROM_ONE_PLACE),
            (key.digest_of_name(name), MOST_UNDER_ONE_NAME),
            (key.digest_of_name(f"from {place}"), MOST_AT_ONE_PLACE),
        )
        self._noted: list[int] = []

    def note(self, work: Work, clock: Clock) -> bool:
        """Return whether there were too many before; then it is not counted, so that waiting helps."""
        since = clock.now() - WAIT
        failures = [work.sign_ins.failures(digest, since=since) for digest, _ in self._limits]
        work.sign_ins.forget_attempts(before=clock.now() - _KEPT)
        if any(count >= most for count, (_, most) in zip(failures, self._limits, strict=True)):
            return True
        self._noted = [work.sign_ins.note_attempt(digest, at=clock.now()) for digest, _ in self._limits]
        return False

    def was_right(self, work: Work) -> None:
        """Count the failures under the name no longer; those at the place stay: others come from there."""
        *of_name, of_place = self._noted
        work.sign_ins.attempts_succeeded(of_name)
        work.sign_ins.forget_attempt(of_place)


def _change(work: Work, clock: Clock, *, user: User, old: str, new: str | None) -> None:
    if new is None:
        raise NewPasswordError()
    passwords.require_good(new, user=user.name, other_than=old)
    work.sign_ins.store_account(
        user.name, password_hash=passwords.hashed(new), must_change=False, at=clock.now()
    )
    work.sign_ins.end_all_of(user.name, at=clock.now(), because=SignInEnd.PASSWORD_RESET)
    work.notes(password="changed")  # noqa: S106  # that it was changed, and not what it is


def _account(work: Work, name: str | None) -> tuple[User, LocalAccount] | None:
    try:
        user = work.users.get(name or "")
    except NotFoundError:
        return None
    local_account = work.sign_ins.account_of(user.name)
    return (user, local_account) if local_account is not None else None


def _name_or_none(name: str) -> str | None:
    """Return the name if it can be one: a password typed in its place is not even counted by its digest."""
    try:
        return _NAME.validate_python(name.strip().lower())
    except ValidationError:
        return None

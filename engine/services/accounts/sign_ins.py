"""Sign-ins: beginning, checking and ending them. They precede every other check and show nothing of a case.

A token is made here, given to the browser or the command line once, and never stored: the record has its
digest.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from engine.clock import Clock
from engine.domain.accounts.acting import User
from engine.domain.accounts.sign_ins import SignIn, SignInEnd, SignInStanding, SignInWay
from engine.domain.accounts.tasks import CASE_WORK, Task, purpose_of
from engine.domain.errors import NotFoundError
from engine.store.repositories.accounts.sign_ins import StoredSignIn
from engine.store.unit_of_work import UnitOfWork, Work

_NOTE_USE_EVERY = timedelta(seconds=30)
"""A sign-in in use is written down at most this often."""


def all_act_on_their_word(*, uow: UnitOfWork) -> bool:
    """Return whether no user here can prove who they are, as in a demonstration: then a name is enough.

    From the first user on who has a password or comes from a provider, a name is no longer enough.
    """
    with uow.unrecorded() as work:
        return not work.sign_ins.any_can_prove_themselves()


def anybody_has_a_password(*, uow: UnitOfWork) -> bool:
    """Return whether any user has a password, so that a sign-in page has to ask for one."""
    with uow.unrecorded() as work:
        return work.sign_ins.any_password()


def begin_sign_in(
    *,
    uow: UnitOfWork,
    clock: Clock,
    name: str,
    way: SignInWay,
    lasts: timedelta,
    not_after: datetime | None = None,
    account: str | None = None,
) -> str:
    """Sign in a user who has proved who they are, and return the token: the only copy of it."""
    with uow.unrecorded() as work:
        user = work.users.get(name)
    with uow.writing(acting=user.acting("signing in"), what="sign in", at=clock.now()) as work:
        return begin_within(
            work, clock=clock, user=user, way=way, lasts=lasts, not_after=not_after, account=account
        )


def begin_within(
    work: Work,
    *,
    clock: Clock,
    user: User,
    way: SignInWay,
    lasts: timedelta,
    not_after: datetime | None = None,
    account: str | None = None,
) -> str:
    """Do the same as part of a larger use case."""
    token, now = secrets.token_urlsafe(32), clock.now()
    lapses_at = now + lasts if not_after is None else min(now + lasts, not_after)
    number = work.sign_ins.begin(
        user, digest=token_digest(token), way=way, account=account, at=now, lapses_at=lapses_at
    )
    work.notes(sign_in=number, way=way.value)
    return token


def look_at_sign_in(
    *,
    uow: UnitOfWork,
    clock: Clock,
    token: str | None,
    lock_after: timedelta,
    account: str | None = None,
    counts_as_use: bool = True,
) -> SignInStanding:
    """Return what a token allows at this moment: asked on every run, so that an ended sign-in is over then.

    ``account`` must be the one that the token was made for; a browser's has none.
    """
    if not token:
        return SignInStanding(ended=SignInEnd.UNKNOWN)
    now = clock.now()
    with uow.unrecorded() as work:
        sign_in = work.sign_ins.find(token_digest(token))
        if sign_in is None:
            return SignInStanding(ended=SignInEnd.UNKNOWN)
        user = _user_now(work, sign_in)
        ended = _why_ended(sign_in, user, now=now, lock_after=lock_after, account=account)
    if ended is not None or user is None:
        return SignInStanding(ended=ended, was=sign_in.id)
    if counts_as_use and now - sign_in.seen_at >= _NOTE_USE_EVERY:
        with uow.unrecorded(will_write=True) as work:
            work.sign_ins.seen(sign_in.id, at=now)
    return SignInStanding(sign_in=_sign_in(sign_in, user))


def lately_expired(
    *, uow: UnitOfWork, clock: Clock, token: str | None, lock_after: timedelta, within: timedelta
) -> SignIn | None:
    """Return a browser's sign-in that expired or was locked a short time ago. It opens nothing.

    One that was ended on purpose is none: signed out, disabled, another role or agency, a new password.
    """
    if not token:
        return None
    now = clock.now()
    with uow.unrecorded() as work:
        sign_in = work.sign_ins.find(token_digest(token))
        user = _user_now(work, sign_in) if sign_in is not None else None
    if sign_in is None or user is None or (user.role.value, user.agency) != (sign_in.role, sign_in.agency):
        return None
    ended = _why_ended(sign_in, user, now=now, lock_after=lock_after, account=None)
    if ended not in (SignInEnd.LAPSED, SignInEnd.LOCKED):
        return None
    over_at = sign_in.ended_at or min(sign_in.lapses_at, sign_in.seen_at + lock_after)
    return _sign_in(sign_in, user) if now - over_at < within else None


def begin_task(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn, task: Task | None) -> str:
    """Begin a task: all that this sign-in does from now on, in every tab, is for it. Return its purpose.

    None goes back to case work. The entry that says so is the first that bears the new purpose. Raises
    NotFoundError when the sign-in ended.
    """
    purpose = purpose_of(task, clock.today()) if task is not None else CASE_WORK
    acting = sign_in.user.acting(purpose, account=sign_in.account)
    with uow.writing(acting=acting, what="begin task", at=clock.now()) as work:
        stored_sign_in = work.sign_ins.get(sign_in.id)
        if (
            stored_sign_in is None
            or stored_sign_in.user_name != acting.user
            or stored_sign_in.ended is not None
        ):
            raise NotFoundError("sign-in", str(sign_in.id), instead="sign in again")
        work.sign_ins.begin_task(stored_sign_in.id, purpose if task is not None else None)
        work.notes(sign_in=stored_sign_in.id)
        return purpose


def end_sign_in(
    *, uow: UnitOfWork, clock: Clock, token: str | None, because: SignInEnd = SignInEnd.SIGNED_OUT
) -> bool:
    """Make a token worthless in every tab that has it; return whether there was anything to end."""
    with uow.unrecorded() as work:
        sign_in = work.sign_ins.find(token_digest(token or ""))
        user = _user_now(work, sign_in) if sign_in is not None else None
    if sign_in is None or sign_in.ended is not None or user is None:
        return False
    with uow.writing(acting=user.acting("signing in"), what="sign out", at=clock.now()) as work:
        work.sign_ins.end(sign_in.id, at=clock.now(), because=because)
        work.notes(sign_in=sign_in.id, because=because.value)
    return True


def token_digest(token: str) -> str:
    """Return the digest that finds a token; a token is long and random, so a quick one is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _sign_in(stored: StoredSignIn, user: User) -> SignIn:
    return SignIn(
        id=stored.id,
        user=user,
        way=stored.way,
        account=stored.account,
        began_at=stored.began_at,
        lapses_at=stored.lapses_at,
        task=stored.task,
    )


def _user_now(work: Work, sign_in: StoredSignIn) -> User | None:
    try:
        return work.users.get(sign_in.user_name)
    except NotFoundError:
        return None


def _why_ended(
    sign_in: StoredSignIn, user: User | None, *, now: datetime, lock_after: timedelta, account: str | None
) -> SignInEnd | None:
    if sign_in.ended is not None:
        return sign_in.ended
    if sign_in.account != account:
        return SignInEnd.ELSEWHERE
    if user is None:
        return SignInEnd.DISABLED
    if (user.role.value, user.agency) != (sign_in.role, sign_in.agency):
        return SignInEnd.CHANGED
    if now >= sign_in.lapses_at:
        return SignInEnd.LAPSED
    if now - sign_in.seen_at >= lock_after:
        return SignInEnd.LOCKED
    return None

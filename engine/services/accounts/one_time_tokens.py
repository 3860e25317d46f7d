"""One-time tokens, for a minute: fetch or send a file, or sign in at the command line by code.

A link or code is bound to the user and to the sign-in that asked for it. Passed on, used again, too old or
after signing out it is worth nothing, and each such attempt is in the audit log.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.accounts.sign_ins import SignIn
from engine.domain.errors import NotFoundError, SignInError
from engine.services.accounts.sign_ins import begin_within, token_digest
from engine.store.repositories.accounts.sign_ins import UsedOnce
from engine.store.unit_of_work import UnitOfWork

LASTS = timedelta(minutes=1)
_COMMAND = "command sign-in"
_CODE_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 12


def allow_file(
    *, uow: UnitOfWork, clock: Clock, sign_in: SignIn, kind: str, subject: str | None = None
) -> str:
    """Return a link for this sign-in to fetch one file once. Its permission is checked again on use."""
    token = secrets.token_urlsafe(32)
    _allow(uow, clock, sign_in, token, kind=f"file: {kind}", subject=subject)
    return token


def use_file_link(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str) -> tuple[str, str | None]:
    """Return which file of what this link is for; from now on the link is worth nothing."""
    used = _use(uow, clock, sign_in, token, begins="file: ")
    return used.kind.removeprefix("file: "), used.subject


def allow_sending(
    *, uow: UnitOfWork, clock: Clock, sign_in: SignIn, kind: str, subject: str | None = None
) -> str:
    """Return a link for this sign-in to send one file once. Its permission is checked again on use."""
    token = secrets.token_urlsafe(32)
    _allow(uow, clock, sign_in, token, kind=f"send: {kind}", subject=subject)
    return token


def use_sending_link(
    *, uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str, kind: str
) -> tuple[str, str | None]:
    """Return the kind of file to be sent, with this beginning, and its subject: the link works once."""
    used = _use(uow, clock, sign_in, token, begins=f"send: {kind}")
    return used.kind.removeprefix("send: "), used.subject


def allow_command(*, uow: UnitOfWork, clock: Clock, sign_in: SignIn) -> str:
    """Return a code for the same person to sign in at the command line, where they have no password."""
    code = "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
    _allow(uow, clock, sign_in, code, kind=_COMMAND, subject=None)
    return "-".join(code[place : place + 4] for place in range(0, _CODE_LENGTH, 4))


def sign_in_with_code(
    *, uow: UnitOfWork, clock: Clock, name: str, code: str, lasts: timedelta, account: str
) -> str:
    """Sign a person in at the command line who is signed in in a browser; no longer than they are there."""
    plain = code.replace("-", "").strip().lower()
    with uow.unrecorded(will_write=True) as work:
        used = work.sign_ins.use(token_digest(plain), at=clock.now(), sign_in=None)
        sign_in = work.sign_ins.get(used.sign_in) if used is not None else None
        user = work.users.known(name)
    if (
        not _is_theirs(used, name)
        or sign_in is None
        or sign_in.ended is not None
        or user is None
        or not user.active
    ):
        raise SignInError("the code is wrong, was used, or is more than 1 minute old; get a new code")
    acting = user.acting("signing in", account=account)
    with uow.writing(acting=acting, what="sign in", at=clock.now()) as work:
        return begin_within(
            work,
            clock=clock,
            user=user,
            way=sign_in.way,
            lasts=lasts,
            not_after=sign_in.lapses_at,
            account=account,
        )


def _use(uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str, *, begins: str) -> UsedOnce:
    with uow.unrecorded(will_write=True) as work:
        used = work.sign_ins.use(token_digest(token), at=clock.now(), sign_in=sign_in.id)
    if used is None or not used.kind.startswith(begins):
        with uow.writing(acting=_fetching(sign_in), what="refuse file link", at=clock.now()) as work:
            work.notes(sign_in=sign_in.id)
        raise NotFoundError("file", "of this link", instead="go back to the page and create the link again")
    return used


def _is_theirs(used: UsedOnce | None, name: str) -> bool:
    return used is not None and used.kind == _COMMAND and used.user_name == name


def _allow(
    uow: UnitOfWork, clock: Clock, sign_in: SignIn, token: str, *, kind: str, subject: str | None
) -> None:
    with uow.unrecorded(will_write=True) as work:
        work.sign_ins.allow_once(
            token_digest(token),
            kind=kind,
            subject=subject,
            user=sign_in.user.name,
            sign_in=sign_in.id,
            lapses_at=clock.now() + LASTS,
        )


def _fetching(sign_in: SignIn) -> Acting:
    return sign_in.user.acting("fetching a file")

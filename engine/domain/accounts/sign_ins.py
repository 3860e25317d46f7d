"""Sign-ins: how a person proved who they are, how long that is valid, and why it ended."""

from __future__ import annotations

from enum import StrEnum

from engine.domain.accounts.acting import Acting, User
from engine.domain.accounts.tasks import CASE_WORK
from engine.domain.base import Frozen, Instant


class SignInWay(StrEnum):
    """A way to sign in."""

    DEVELOPMENT = "development"
    PASSWORD = "password"  # noqa: S105  # the name of a way, and no password
    PROVIDER = "provider"


class SignInEnd(StrEnum):
    """The reason why a sign-in is not valid, or not any longer."""

    UNKNOWN = "there is no such sign-in"
    SIGNED_OUT = "signed out"
    LAPSED = "it is too old"
    LOCKED = "nobody used it for some time"
    CHANGED = "the user's role or agency changed"
    DISABLED = "the user is disabled"
    PASSWORD_RESET = "the password was reset"  # noqa: S105  # a reason, and no password
    WENT_BACK = "the record was put back to an earlier state"
    ELSEWHERE = "it belongs to another account of this machine"


class SignIn(Frozen):
    """One sign-in of one user. ``account`` is the operating-system account of a command; a browser has none.

    The role and agency are those of the moment: a user who has others now must sign in again.
    """

    id: int
    user: User
    way: SignInWay
    account: str | None = None
    began_at: Instant
    lapses_at: Instant
    task: str | None = None
    """The purpose of whatever is done from here on; None is case work."""


class SignInStanding(Frozen):
    """A token's state now: a sign-in, or why none."""

    sign_in: SignIn | None = None
    ended: SignInEnd | None = None
    was: int | None = None
    """The number of the sign-in that ended, for the log."""

    @property
    def user(self) -> User | None:
        """The person signed in, or None."""
        return self.sign_in.user if self.sign_in is not None else None

    def acting(self, *, account: str | None = None) -> Acting | None:
        """Return the person signed in, at the task that they began last; None when not signed in."""
        if self.sign_in is None:
            return None
        return self.sign_in.user.acting(self.sign_in.task or CASE_WORK, account=account)

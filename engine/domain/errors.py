"""The errors of the whole engine, by what the caller would do about them.

StacError
├── NotFoundError            there is no such thing, or the caller may not know of it
├── NotPermittedError        the caller may not do this
├── IllegalTransitionError   not from this state; says what is allowed
├── InvalidInputError        the input is wrong; says which part and what to give instead
├── ConflictError            somebody else changed it first; nothing was written
├── SignInError              nobody is signed in by this; never says whether there is such a user
│   └── NewPasswordError     the password is right and must be changed first
├── SetupError               the installation lacks something; says what to mend
└── PluginError              an agency's plugin is at fault
    └── HookResultError      a hook gave an answer that its specification does not allow

Messages carry ids only: never a name, an address or free text.
"""

from __future__ import annotations

from collections.abc import Iterable


class StacError(Exception):
    """The root of every error that a caller of the engine may want to answer."""


class NotFoundError(StacError):
    """There is no such thing, or the caller may not know whether there is.

    ``among`` names a file that is the caller's own, of which it can be said that it holds no such thing.
    """

    def __init__(
        self, kind: str, key: str, *, instead: str = "check the reference", among: str | None = None
    ) -> None:
        self.kind, self.key = kind, key
        says = f"no {kind} {key} is open to you" if among is None else f"{among} has no {kind} {key}"
        super().__init__(f"{says}; {instead}")


class NotPermittedError(StacError):
    """The caller is known and may not do this; somebody else may."""

    def __init__(self, act: str, *, who_may: str) -> None:
        self.act, self.who_may = act, who_may
        super().__init__(f"you may not {act}; {who_may} may")


class IllegalTransitionError(StacError):
    """The involvement is in a state from which this act is not allowed."""

    def __init__(self, reference: str, state: str, act: str, allowed: Iterable[str]) -> None:
        self.reference, self.state, self.act = reference, state, act
        self.allowed = tuple(sorted(allowed))
        offer = ", ".join(self.allowed) if self.allowed else "nothing; a new referral opens a new involvement"
        super().__init__(f"involvement {reference} is '{state}' and cannot be '{act}'; allowed now: {offer}")


class InvalidInputError(StacError):
    """The input is wrong; the message says which part and what to give instead."""

    def __init__(self, part: str, reason: str) -> None:
        self.part, self.reason = part, reason
        super().__init__(f"{part}: {reason}")


class ConflictError(StacError):
    """Somebody else changed the same thing first; nothing of this caller's was written."""

    def __init__(self, kind: str, key: str, *, yours: int, newest: int) -> None:
        self.kind, self.key, self.yours, self.newest = kind, key, yours, newest
        super().__init__(
            f"{kind} {key} is at version {newest}, and your change was made on version {yours}; "
            "read the newest version and make your change again"
        )


class SignInError(StacError):
    """Nobody is signed in by what was given."""


class NewPasswordError(SignInError):
    """The password is right and must be changed before anything else."""

    def __init__(self) -> None:
        super().__init__("this password was for the first time only; choose your own to go on")


class SetupError(StacError):
    """The installation lacks something; the message says what to mend."""


class PluginError(StacError):
    """An agency's plugin is at fault, not the record and not the caller."""

    def __init__(self, agency: str, reason: str) -> None:
        self.agency, self.reason = agency, reason
        super().__init__(f"{agency}: {reason}")


class HookResultError(PluginError):
    """A hook gave an answer that its specification does not allow."""

    def __init__(self, agency: str, hook: str, reason: str) -> None:
        self.hook = hook
        super().__init__(agency, f"{hook} {reason}")

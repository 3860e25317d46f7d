"""Acts that a restore of an older backup repeats before anyone signs in: what they name, and nothing typed.

Each closes, erases or withholds something. A newer one that opens it again is stored beside it, so that only
what applies now is repeated; it is itself not repeated, since a person can do it again.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from engine.domain.access.need_to_know import RestrictedBecause, SaidBy
from engine.domain.accounts.acting import Role
from engine.domain.base import Code, Frozen, Instant
from engine.domain.links.sharing import LinkShare
from engine.domain.rights.retention import ErasureGround
from engine.domain.sharing import ReleaseClass


class EntrustedTask(StrEnum):
    """A task that one person has on a case."""

    SAFE_CONTACT_OFFICER = "safe-contact officer"
    INVESTIGATION_LEAD = "investigation lead"


class Erased(Frozen):
    """One owner's part of a case was erased."""

    kind: Literal["erased"] = "erased"
    case: str
    owner: Code
    certificate: str
    ground: ErasureGround
    decided_by: str
    by: str
    role: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about: of acts about the same, the newest applies."""
        return self.kind, self.case, self.certificate


class RequestErased(Frozen):
    """A subject access request was erased."""

    kind: Literal["request erased"] = "request erased"
    request: str
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.request


class ItemsWithdrawn(Frozen):
    """Items of an agency's response were withdrawn, or the victim limited their sharing."""

    kind: Literal["items withdrawn"] = "items withdrawn"
    case: str
    agency: Code
    items: tuple[str, ...]
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case, self.agency, *self.items


class VictimWordsWithdrawn(Frozen):
    """The victim's words for a conference were withdrawn."""

    kind: Literal["victim's words withdrawn"] = "victim's words withdrawn"
    case: str
    number: int
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case, str(self.number)


class CaseRestricted(Frozen):
    """A case was restricted, or that was lifted."""

    kind: Literal["case restricted"] = "case restricted"
    case: str
    because: RestrictedBecause
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case


class ConflictDeclared(Frozen):
    """A user was declared to be connected to a party of a case, or not to be."""

    kind: Literal["conflict declared"] = "conflict declared"
    case: str
    user: str
    is_connected: bool
    said_by: SaidBy
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case, self.user


class UserChanged(Frozen):
    """A user was added, disabled or enabled, or has another role or agency."""

    kind: Literal["user changed"] = "user changed"
    user: str
    role: Role
    agency: Code | None
    active: bool
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.user


class PasswordChanged(Frozen):
    """A user has another password: the one of before no longer opens anything."""

    kind: Literal["password changed"] = "password changed"
    user: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.user


class HoldPut(Frozen):
    """One owner's part of a case was put under legal hold, or that was lifted."""

    kind: Literal["legal hold"] = "legal hold"
    case: str
    owner: Code
    is_held: bool
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case, self.owner


class CasesClosed(Frozen):
    """Each case that a user was named on was closed to them."""

    kind: Literal["cases closed"] = "cases closed"
    user: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.user


class ItemRuled(Frozen):
    """An item of an agency's response, or the whole of it, has another audience."""

    kind: Literal["release rule"] = "release rule"
    case: str
    item: str
    release: ReleaseClass
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case, self.release.owner, self.item


class IncidentRuled(Frozen):
    """An owner's reports of an incident have another audience."""

    kind: Literal["release rule of an incident"] = "release rule of an incident"
    case: str
    incident: str
    owner: str
    release: ReleaseClass
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.incident, self.owner


class AgencySuspended(Frozen):
    """An agency was suspended, or is asked again."""

    kind: Literal["agency suspended"] = "agency suspended"
    agency: Code
    is_suspended: bool
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.agency


class ActsOfOthersShared(Frozen):
    """Acts of other cases were shared with the panel of a case, or are no longer."""

    kind: Literal["acts of other cases"] = "acts of other cases"
    case: str
    is_shared: bool
    role: Role
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case


class LinkItemShared(Frozen):
    """A saved search or map was shared with another user, or is no longer."""

    kind: Literal["shared search or map"] = "shared search or map"
    share: LinkShare
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.share.item, self.share.recipient


class PersonEntrusted(Frozen):
    """A person was named for a task that one person has on a case: who had it before has it no longer."""

    kind: Literal["person entrusted"] = "person entrusted"
    case: str
    task: EntrustedTask
    user: str
    by: str
    at: Instant

    @property
    def about(self) -> tuple[str, ...]:
        """The thing that it is about."""
        return self.kind, self.case, self.task.value


RepeatedAct = Annotated[
    Erased
    | RequestErased
    | ItemsWithdrawn
    | VictimWordsWithdrawn
    | CaseRestricted
    | ConflictDeclared
    | UserChanged
    | PasswordChanged
    | HoldPut
    | CasesClosed
    | ItemRuled
    | IncidentRuled
    | AgencySuspended
    | ActsOfOthersShared
    | LinkItemShared
    | PersonEntrusted,
    Field(discriminator="kind"),
]
REPEATED_ACT: TypeAdapter[RepeatedAct] = TypeAdapter(RepeatedAct)


def newest_of(acts: list[RepeatedAct]) -> list[RepeatedAct]:
    """Return, in the order of time, the newest act about each thing."""
    newest = {act.about: act for act in sorted(acts, key=lambda act: act.at)}
    return sorted(newest.values(), key=lambda act: act.at)

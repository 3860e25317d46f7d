"""Persons as one source described them, and claims about who did what to whom. A role is not a person's."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Sex(StrEnum):
    """A person's sex as the source gave it; absent means "not recorded"."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class IdentifierScheme(StrEnum):
    """The register that an identifier belongs to."""

    PNC = "pnc"
    CRO = "cro"
    CRN = "crn"
    PRISON = "prison"
    NHS = "nhs"


NAME_OF_SCHEME = {
    IdentifierScheme.PNC: "PNC ID",
    IdentifierScheme.CRO: "CRO number",
    IdentifierScheme.CRN: "CRN",
    IdentifierScheme.PRISON: "prison number",
    IdentifierScheme.NHS: "NHS number",
}


class Identifier(Frozen):
    """A number that one register gives to one person."""

    scheme: IdentifierScheme
    value: Annotated[str, StringConstraints(min_length=2, max_length=40)]


class ThingKind(StrEnum):
    """An object that can link people. A victim's own are protected and excluded."""

    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    VEHICLE = "vehicle"
    DEVICE = "device"


class Thing(Frozen):
    """An object that a source ties to a person."""

    kind: ThingKind
    value: Annotated[str, StringConstraints(min_length=2, max_length=200)]


ERASED_NAME = "name erased"
"""In place of a name that was recorded and then erased: another thing than one that never was."""


def full_name(forename: str | None, surname: str | None) -> str:
    """Return a name as given, or "name not recorded"."""
    return " ".join(part for part in (forename, surname) if part) or "name not recorded"


class PersonDescribed(Frozen):
    """A person as one source described them."""

    forename: Name | None = None
    surname: Name | None = None
    date_of_birth: PartialDate | None = None
    sex: Sex | None = None
    identifiers: tuple[Identifier, ...] = ()

    @property
    def full_name(self) -> str:
        """The name as given, or "name not recorded"."""
        return full_name(self.forename, self.surname)

    @property
    def short_name(self) -> str:
        """Forename and initial, as a case page's heading shows it."""
        if self.forename and self.surname:
            return f"{self.forename} {self.surname[0]}."
        return self.forename or self.surname or "name not recorded"

    @property
    def initials(self) -> str:
        """The initials for the conference room's screen."""
        letters = [part[0] for part in (self.forename, self.surname) if part]
        return ".".join(letters) + "." if letters else "?"


class ClaimedRole(StrEnum):
    """A person's claimed role in one episode."""

    PERPETRATOR = "perpetrator"
    VICTIM = "victim"
    OTHER_AT_RISK = "other at risk"


class ClaimStatus(StrEnum):
    """The status of a claimed role; a page shows no perpetrator without it."""

    ALLEGED = "alleged"
    CHARGED = "charged"
    CONVICTED = "convicted"
    ASSESSED = "assessed by the panel"


def role_in_words(role: ClaimedRole, status: ClaimStatus) -> str:
    """Return a role with its status: alleged, charged and convicted are statuses of a perpetrator.

    Of a victim only the panel's assessment is said. That roles are contested is on the page of the roles, for
    those who may know it: "victim, alleged" would say it to others, or doubt a victim whom no one contests.

    >>> role_in_words(ClaimedRole.VICTIM, ClaimStatus.ALLEGED)
    'victim'
    >>> role_in_words(ClaimedRole.PERPETRATOR, ClaimStatus.ALLEGED)
    'perpetrator, alleged'
    """
    if role is ClaimedRole.PERPETRATOR or status is ClaimStatus.ASSESSED:
        return f"{role.value}, {status.value}"
    return role.value

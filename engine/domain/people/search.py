"""The search for a person in earlier referrals, and its answer. No storage."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.cases.names import CaseNames
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, Name

SENT = "Sent to the coordinator, who will contact you if there is anything you need to know."
"""The same words for every search, whether or not anything was found."""
ASK_COORDINATOR, OPEN_TO_YOU = "the coordinator", "you can view it"

_Typed = Annotated[str, StringConstraints(min_length=2, max_length=200)]
_POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\n\r\t;|]|,\s*\+?\d{5}")


class PersonAsked(Frozen):
    """A person as the asker knows them."""

    forename: Name | None = None
    surname: Name | None = None
    date_of_birth: PartialDate | None = None
    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=3)

    @model_validator(mode="after")
    def _there_is_something_to_look_for(self) -> PersonAsked:
        if not (self.forename or self.surname or self.identifiers):
            raise ValueError("give a name or a number")
        return self


class SeenBeforeAsked(Frozen):
    """One question: each part at most once. Lists are refused, whatever they are separated by."""

    perpetrator: PersonAsked | None = None
    victim: PersonAsked | None = None
    person: PersonAsked | None = None
    """Someone whose role the asker does not give: only alleged perpetrators are listed."""
    address: _Typed | None = None
    phone: _Typed | None = None
    handle: _Typed | None = None
    vehicle: _Typed | None = None
    reference: Annotated[str, StringConstraints(pattern=r"^[A-Z]-[0-9A-Z]{7}$")] | None = None

    @model_validator(mode="after")
    def _something_is_asked(self) -> SeenBeforeAsked:
        if not self.parts:
            raise ValueError("give a name, a reference, an address, a phone number, a plate or a handle")
        return self

    @field_validator("phone")
    @classmethod
    def _one_phone(cls, value: str | None) -> str | None:
        if value is not None:
            digits = sum(sign.isdigit() for sign in value)
            if _SEPARATORS.search(value) or "/" in value or "," in value or not 5 <= digits <= 15:
                raise ValueError("give one telephone number; lists are refused")
        return value

    @field_validator("address")
    @classmethod
    def _one_address(cls, value: str | None) -> str | None:
        if value is not None and (_SEPARATORS.search(value) or len(_POSTCODE.findall(value)) > 1):
            raise ValueError("give one address; lists are refused")
        return value

    @field_validator("handle")
    @classmethod
    def _one_handle(cls, value: str | None) -> str | None:
        if value is not None and (re.search(r"[\s,;|]", value.strip()) or value.count("@") > 1):
            raise ValueError("give one handle; lists are refused")
        return value

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts that are asked about; never their content."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)


class SeenHit(Frozen):
    """A referral whose alleged perpetrator may be meant: its reference, whom to ask, on what it matched.

    ``names`` is set only where the case is open to the asker, who reads the names there anyway.
    """

    reference: str
    ask: str
    on: tuple[str, ...] = ()
    names: CaseNames | None = None


class SeenBefore(Frozen):
    """The answer to the asker. ``sent`` is always the same."""

    listed: tuple[SeenHit, ...]
    more: bool
    too_common: bool
    sent: str = SENT
    left_today: int


class SentHit(Frozen):
    """A case that a search may be about, as its coordinator reads it."""

    reference: str
    on: tuple[str, ...]


class SentSearch(Frozen):
    """A search that found a victim or something protected, only for the coordinator."""

    reference: str
    asked_by: str
    agency: str | None
    task: str
    at: Instant
    asked: SeenBeforeAsked
    found: tuple[SentHit, ...]


class SentSearches(Frozen):
    """The searches that wait for a coordinator, and how many others found nothing."""

    waiting: tuple[SentSearch, ...]
    without_hit: int

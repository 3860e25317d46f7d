"""The shape of invented people, as the synthetic city gives them to each agency's own writer of extracts.

Everything here is visibly invented: reserved phone numbers, postcodes that do not exist.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from engine.domain.base import Frozen
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, Sex


class InventedPerson(Frozen):
    """One invented person as they truly are; sources will describe them with noise."""

    key: str
    forename: str
    surname: str
    date_of_birth: date
    sex: Sex
    also_written: tuple[str, ...] = Field(default=(), description="other spellings of the whole name")
    identifiers: tuple[Identifier, ...] = ()
    phone: str
    email: str
    address: str
    postcode: str
    vehicle: str | None = None
    account: str | None = None
    workplace: str


class InventedIncident(Frozen):
    """One invented incident as it truly was."""

    key: str
    happened: PartialDate
    kind: IncidentKind
    channel: Channel
    what: str
    told_to_police: bool
    crime_reference: str | None = None


class InventedEpisode(Frozen):
    """One perpetrator's invented course of conduct against one victim."""

    key: str
    perpetrator: InventedPerson
    victim: InventedPerson
    relationship: str
    typology: str
    began: date
    incidents: tuple[InventedIncident, ...]
    drinks: bool = False
    ill: bool = False
    convicted_before: bool = False
    has_advocate: bool = False
    referred_on: date
    counter_allegation_of: str | None = None
    further_stalking_on: date | None = Field(
        default=None, description="date of the first further stalking after the referral, if any"
    )
    further_against: str | None = None


class InventedExtractTask(Frozen):
    """The input of the function named by a manifest's ``synthetic``, with a folder of its own."""

    seed: int
    on: date
    episodes: tuple[InventedEpisode, ...]

"""The advocacy extract: a client's file a line. Forms no sentence and never prints a protected value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from engine.hooks.v1 import (
    EVERYONE,
    AgainstWhom,
    AgencyRecords,
    Agreement,
    ItemState,
    OfferOutcome,
    PartialDate,
    PersonIndex,
    PersonOnRecord,
    ProtectedValue,
    Recorded,
    RecordedView,
    RecordsFault,
    RecordsUnreadableError,
    RefusalGround,
    Short,
    VoiceTopic,
    Whose,
    WithWhom,
    name_key,
    once_per_extract,
    read_json_lines,
)

CLIENTS, OFFERS = "clients.jsonl", "offers.jsonl"
LOOKED_IN = ("client files",)
TOPICS_INSTRUMENT, TOPICS_VERSION = "stalking-topics", "1"


class Topic(str, Enum):
    """The eleven topics that an advocate talks through; our own codes, and no form's wording."""

    VERY_FRIGHTENED = "very-frightened"
    EARLIER_HARASSMENT = "earlier-harassment"
    PROPERTY_DAMAGE = "property-damage"
    FREQUENT_VISITS = "frequent-visits"
    LOITERING = "loitering"
    THREATS = "threats"
    THIRD_PARTIES = "third-parties"
    VIOLENCE_NOW = "violence-now"
    HELPERS = "helpers"
    SUBSTANCE_USE = "substance-use"
    PAST_VIOLENCE = "past-violence"


class Agreed(Recorded):
    """A thing that leaves the service only within the victim's agreement. Not recorded is not agreed."""

    agreed_to_sharing: Agreement = Agreement.NOT_ASKED
    with_whom: WithWhom = ()

    @model_validator(mode="after")
    def _agreement_is_whole(self) -> Self:
        if EVERYONE in self.with_whom and len(self.with_whom) > 1:
            raise ValueError(f"give '{EVERYONE}' without other names")
        if self.with_whom and self.agreed_to_sharing in {Agreement.NO, Agreement.NOT_ASKED}:
            raise ValueError("the victim has not agreed, so no agency can be named")
        return self

    @property
    def may_leave(self) -> bool:
        """True if the victim agreed, and it is recorded with whom it may be shared."""
        return self.agreed_to_sharing is Agreement.YES and bool(self.with_whom)

    @property
    def is_for_everyone(self) -> bool:
        """True if the victim agreed that everyone on the case hears it."""
        return self.may_leave and EVERYONE in self.with_whom


class Entry(Agreed):
    """One thing said or judged, and by whom. How to reach the victim is never here, only in ``protected``."""

    entry_id: Short
    voice: Whose
    about: VoiceTopic
    says: Annotated[str, StringConstraints(min_length=1, max_length=480)]
    said_on: PartialDate | None = None


class AgreedView(RecordedView, Agreed):
    """A view that the service recorded on one domain.

    It rests on the victim's account, so the victim is asked too.
    """


class FurtherAct(Agreed):
    """One further act that the victim reported to the service."""

    act_id: Short
    happened: PartialDate
    against: AgainstWhom = AgainstWhom.SAME_VICTIM


class ClientLine(Recorded):
    """One client's file about one person who stalks the client."""

    file_id: Short
    names: Annotated[tuple[Short, ...], Field(min_length=1)]
    date_of_birth: PartialDate | None = None
    about_names: tuple[Short, ...] = ()
    opened: date
    last_spoken: date | None = None
    refuse_on: RefusalGround | None = None
    entries: tuple[Entry, ...] = ()
    topics: dict[Topic, ItemState] = Field(default_factory=dict)
    topics_on: date | None = None
    topics_agreed: Agreed = Agreed()
    views: tuple[AgreedView, ...] = ()
    further: tuple[FurtherAct, ...] = ()
    protected: tuple[ProtectedValue, ...] = Field(default=(), repr=False)


class OfferLine(Recorded):
    """Offer of an advocate to a victim, whether or not the victim became a client."""

    offer_id: Short
    names: Annotated[tuple[Short, ...], Field(min_length=1)]
    date_of_birth: PartialDate | None = None
    offered_on: PartialDate | None = None
    by: Short | None = None
    came_to: OfferOutcome | None = None


@dataclass(frozen=True, kw_only=True)
class AdvocacyRecords:
    """The whole extract. One client may have several files, each about another person."""

    index: PersonIndex
    files: dict[str, list[ClientLine]]
    offers_index: PersonIndex
    offers: dict[str, list[OfferLine]]


@once_per_extract
def advocacy_records(records: AgencyRecords) -> AdvocacyRecords:
    """Read the clients' files, and the offers when the service records them.

    Raises RecordsUnreadableError.
    """
    lines = read_json_lines(records, CLIENTS, ClientLine)
    _each_once([line.file_id for line in lines], CLIENTS, "file_id")
    _each_once([entry.entry_id for line in lines for entry in line.entries], CLIENTS, "entries")
    _each_once([act.act_id for line in lines for act in line.further], CLIENTS, "further")
    offers = _offers(records)
    _each_once([offer.offer_id for offer in offers], OFFERS, "offer_id")
    files: dict[str, list[ClientLine]] = defaultdict(list)
    for line in lines:
        files[_who(line, line.file_id)].append(line)
    offered: dict[str, list[OfferLine]] = defaultdict(list)
    for offer in offers:
        offered[_who(offer, offer.offer_id)].append(offer)
    return AdvocacyRecords(
        index=PersonIndex(_as_person(key, each) for key, each in files.items()),
        files=dict(files),
        offers_index=PersonIndex(_as_person(key, each) for key, each in offered.items()),
        offers=dict(offered),
    )


def _offers(records: AgencyRecords) -> tuple[OfferLine, ...]:
    """Return the offers; none recorded when the service has no such file.

    One that cannot be read is a fault.
    """
    if not (records.folder / OFFERS).exists():
        return ()
    return read_json_lines(records, OFFERS, OfferLine)


def _each_once(keys: Sequence[str], file: str, column: str) -> None:
    if len(set(keys)) != len(keys):
        raise RecordsUnreadableError(file, RecordsFault.TWICE, column=column)


def _who(line: ClientLine | OfferLine, alone: str) -> str:
    """Return the client's identity: name and date of birth; without a date each line is of its own person."""
    return f"{name_key(line.names[0])} {line.date_of_birth}" if line.date_of_birth else alone


def _as_person(key: str, lines: Sequence[ClientLine | OfferLine]) -> PersonOnRecord:
    names = tuple(dict.fromkeys(name for line in lines for name in line.names))
    return PersonOnRecord(key=key, names=names, date_of_birth=lines[0].date_of_birth)

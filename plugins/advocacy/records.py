"""The advocacy extract: one client's file a line. Forms no sentence and never prints a protected value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.absence import ItemState
from engine.domain.answers import RefusalGround
from engine.domain.dates import PartialDate
from engine.domain.referral import ProtectedValue
from engine.hooks import AgencyRecords, RecordsFault, RecordsUnreadableError, once_per_extract
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import Recorded, Short, read_json_lines
from engine.hooks.people import PersonIndex, PersonOnRecord

CLIENTS = "clients.jsonl"
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


class Voice(str, Enum):
    """Whose voice an entry is. The three are never mixed."""

    HER_WORDS = "her words"
    HER_VIEW = "her own view of risk"
    ADVOCATE = "the advocate's judgement"


class About(str, Enum):
    """What an entry is about."""

    FEAR = "fear"
    WISHES = "wishes"
    CHANGES = "behaviour changes"
    NEEDS = "needs"
    RISK = "risk"


class Entry(Recorded):
    """One thing said, by whom, and whether she has agreed that the panel hears it."""

    entry_id: Short
    voice: Voice
    about: About
    says: Annotated[str, StringConstraints(min_length=1, max_length=480)]
    said_on: PartialDate | None = None
    agreed_to_share: bool = False


class ClientLine(Recorded):
    """One client's file about one person who stalks her."""

    file_id: Short
    names: tuple[Short, ...]
    date_of_birth: PartialDate | None = None
    about_names: tuple[Short, ...] = ()
    opened: date
    last_spoken: date | None = None
    refuse_on: RefusalGround | None = None
    entries: tuple[Entry, ...] = ()
    topics: dict[Topic, ItemState] = Field(default_factory=dict)
    topics_on: date | None = None
    views: tuple[RecordedView, ...] = ()
    protected: tuple[ProtectedValue, ...] = Field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class AdvocacyRecords:
    """The whole extract. One client may have several files, each about another person."""

    index: PersonIndex
    files: dict[str, list[ClientLine]]


@once_per_extract
def advocacy_records(records: AgencyRecords) -> AdvocacyRecords:
    """Read the clients' files. Raises RecordsUnreadableError."""
    lines = read_json_lines(records, CLIENTS, ClientLine)
    if len({line.file_id for line in lines}) != len(lines):
        raise RecordsUnreadableError(CLIENTS, RecordsFault.TWICE, column="file_id")
    files: dict[str, list[ClientLine]] = defaultdict(list)
    for line in lines:
        files[_client(line)].append(line)
    return AdvocacyRecords(
        index=PersonIndex(_as_person(key, lines) for key, lines in files.items()), files=dict(files)
    )


def _client(line: ClientLine) -> str:
    """Files are one client's when name and date of birth are the same; without a date each stands alone."""
    return f"{line.names[0]} {line.date_of_birth}" if line.date_of_birth else line.file_id


def _as_person(key: str, lines: list[ClientLine]) -> PersonOnRecord:
    names = tuple(dict.fromkeys(name for line in lines for name in line.names))
    return PersonOnRecord(key=key, names=names, date_of_birth=lines[0].date_of_birth)

"""A case from a review as a file: what was recorded and when, and what a page should have shown in time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.base import Frozen
from engine.domain.cases.band import Tone
from engine.domain.cases.custody import CustodyChange
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.police_decisions import PoliceAction
from engine.domain.conference.risk import Level
from engine.domain.conference.victim_words import VictimWordsGiven
from engine.domain.dates import PartialDate
from engine.domain.orders.breaches import Actor, Reached
from engine.domain.orders.notices import NoticeEvent
from engine.domain.orders.orders import OrderGiven, ServedHow
from engine.domain.outcomes.victims import VictimOutcomeGiven
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.held_reports import ReportOutcome

FOLDER = Path(__file__).parent
EVENT_AT, LOOK_AT = time(10), time(18)
"""The times of an event and of a view of the case whose file gives only the date."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Person = Literal["coordinator", "chair", "police", "probation", "health", "advocate"]
Part = Literal["alarm", "1", "2", "3", "4", "5", "6"]
Fragment = Annotated[str, StringConstraints(min_length=2)] | Annotated[tuple[str, ...], Field(min_length=2)]
"""A text that must be found, or texts of which one is enough."""
Topics = dict[AlarmTopic, YesNo]


class _At(Frozen):
    on: datetime | date

    def instant(self, default: time) -> datetime:
        """The instant in London."""
        whole = self.on if isinstance(self.on, datetime) else datetime.combine(self.on, default)
        return whole.replace(tzinfo=LONDON)

    @property
    def day(self) -> date:
        """The date in London."""
        return self.instant(LOOK_AT).date()


class _Event(_At):
    id: Id
    by: Person = "coordinator"
    case: Id = "referral"
    """The id of the referral that opened the case."""


class IncidentOfReferral(Frozen):
    """An incident that came with the referral."""

    id: Id
    date: date
    kind: IncidentKind
    channel: Channel | None = None
    what: str
    crime_reference: str | None = None


class ReferralCame(_Event):
    """A referral, by its file. ``row`` has the columns of the file but those of incidents."""

    door: Literal["referral"]
    through: Literal["service", "command"] = "service"
    row: dict[str, str]
    incidents: tuple[IncidentOfReferral, ...] = ()


class Screened(_Event):
    """A screening. Everyone who plays is named on the case."""

    door: Literal["screening"]
    outcome: TriageOutcome
    reason: str


class IncidentRecorded(_Event):
    """An incident that a person records; without ``happened`` it is of the same date."""

    door: Literal["incident"]
    through: Literal["service", "command"] = "service"
    happened: date | None = None
    kind: IncidentKind
    channel: Channel | None = None
    what: str
    crime_reference: str | None = None
    topics: Topics = {}
    only_my_agency: str | None = None
    """The reason why it stays with the agency of the person who records it."""


class TopicsRecorded(_Event):
    """Alarm topics of an incident, asked later."""

    door: Literal["topics"]
    incident: Id
    topics: Topics


class DetailsRecorded(_Event):
    """Details of an incident."""

    door: Literal["details"]
    incident: Id
    time: str | None = None
    actor: Actor | None = None
    reached: tuple[Reached, ...] = ()


class IncidentReviewed(_Event):
    """A person reviews an incident, and nothing changes."""

    door: Literal["review"]
    incident: Id
    why: str


class Acknowledged(_Event):
    """A person acknowledges the open alarms."""

    door: Literal["acknowledgement"]
    through: Literal["service", "page"] = "service"


class CustodyChanged(_Event):
    """A change of custody."""

    door: Literal["custody"]
    through: Literal["service", "command"] = "service"
    change: CustodyChange
    happened: date


class OrderRecorded(_Event):
    """An order, in the fields of an order file."""

    door: Literal["order"]
    order: OrderGiven


class OrderServed(_Event):
    """The service of an order."""

    door: Literal["service of order"]
    order: Id
    happened: date
    how: ServedHow = ServedHow.IN_PERSON


class PoliceDecided(_Event):
    """A decision of police about an incident."""

    door: Literal["police decision"]
    incident: Id
    action: PoliceAction
    decided_on: date
    decided_by: str
    why: str | None = None


class NoticeDue(_Event):
    """An event that the victim is to be informed of."""

    door: Literal["notice"]
    event: NoticeEvent
    happened: date


class NoticeTried(_Event):
    """An attempt to inform the victim, by the victim's advocate."""

    door: Literal["attempt"]
    by: Person = "advocate"
    notice: Id
    reached: bool
    why_not: str | None = None


class VictimSpoke(_Event):
    """Words of the victim."""

    door: Literal["victim's words"]
    by: Person = "advocate"
    words: VictimWordsGiven
    topics: Topics = {}


class VictimAccount(_Event):
    """The victim's account at one moment, or the reason why there is none."""

    door: Literal["victim's account"]
    by: Person = "advocate"
    account: VictimOutcomeGiven


class AgenciesAsked(_Event):
    """Requests to the agencies, without the flow: each responds by hand."""

    door: Literal["request"]


class FindingReleased(Frozen):
    """A finding in a response. ``reports`` are the dates of the records that it is based on."""

    key: str
    says: str
    reports: Annotated[tuple[PartialDate, ...], Field(min_length=1)]


class ReportReleased(Frozen):
    """A report in a response, with its outcomes."""

    happened: PartialDate
    kind: IncidentKind | None = None
    crime_reference: str | None = None
    outcomes: tuple[ReportOutcome, ...] = ()


class Responded(_Event):
    """A response that a practitioner of an agency types and releases; without findings a nil return."""

    door: Literal["response"]
    held: tuple[ReportReleased, ...] = ()
    findings: tuple[FindingReleased, ...] = ()
    in_own_words: tuple[str, ...] = ()


class PanelDecided(_Event):
    """A conference is opened, and the panel decides."""

    door: Literal["decision"]
    by: Person = "chair"
    level: Level


class CaseClosed(_Event):
    """A person closes the case."""

    door: Literal["closing"]
    why: str


class SamePersonJudged(_Event):
    """A decision whether the alleged perpetrators of two cases are the same person."""

    door: Literal["same person"]
    other: Id
    verdict: SameVerdict
    why: str


Event = Annotated[
    ReferralCame
    | Screened
    | IncidentRecorded
    | TopicsRecorded
    | DetailsRecorded
    | IncidentReviewed
    | Acknowledged
    | CustodyChanged
    | OrderRecorded
    | OrderServed
    | PoliceDecided
    | NoticeDue
    | NoticeTried
    | VictimSpoke
    | VictimAccount
    | AgenciesAsked
    | Responded
    | PanelDecided
    | CaseClosed
    | SamePersonJudged,
    Field(discriminator="door"),
]


class Look(_At):
    """A person views the case: on the case page, in its facts, and with ``stac case show``."""

    who: Person = "coordinator"
    case: Id = "referral"
    part: Part = "1"
    on_page: bool = False
    """True if the dashboard's page is opened too."""


class Counts(Frozen):
    """Incidents in the last days, and in as many days before."""

    days: Literal[14, 28, 90]
    now: int
    before: int


class Expected(Look):
    """A text that a person should have read at a date.

    Of part "alarm" it is on the band, on the worklist or among the alarms; of others it is among the facts.
    """

    says: tuple[Fragment, ...] = ()
    counts: tuple[Counts, ...] = ()
    in_order: bool = False
    """True if the fragments are read in this order."""
    about: tuple[Id, ...] = ()
    """What the records of the facts that have a fragment include."""
    tone: Tone | None = None
    band: tuple[Fragment, ...] = ()
    worklist: tuple[Fragment, ...] = ()
    raised: tuple[AlarmTopic, ...] = ()

    @model_validator(mode="after")
    def _is_of_its_part(self) -> Self:
        of_facts = bool(self.says or self.counts)
        of_alarms = bool(self.tone or self.band or self.worklist or self.raised)
        if (self.part == "alarm", self.part != "alarm") != (of_alarms, of_facts):
            raise ValueError("give what alarms show for part 'alarm', and 'says' or 'counts' for others")
        return self


class Never(Look):
    """Expressions that must not be found at a date: in the facts, on the band, in ``stac case show``."""

    says: Annotated[tuple[str, ...], Field(min_length=1)]


class CaseFile(Frozen):
    """One case, with the review that it is made from."""

    title: str
    source: str
    """The kind of review, its publisher and year. No name and no sentence of it."""
    failure: str
    event: tuple[Event, ...]
    expect: tuple[Expected, ...]
    never: tuple[Never, ...] = ()

    @model_validator(mode="after")
    def _is_in_order_and_names_what_is_there(self) -> Self:
        times = [each.instant(EVENT_AT) for each in self.event]
        if times != sorted(times):
            raise ValueError("events are not in the order of their dates")
        if len({*self.ids}) != len(self.ids):
            raise ValueError("an id is given twice")
        named = {each.case for each in (*self.event, *self.expect, *self.never)}
        named |= {name for each in self.expect for name in each.about}
        if missing := named - {*self.ids}:
            raise ValueError(f"no event has the id {', '.join(sorted(missing))}")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of every event, and of every incident that came with a referral."""
        of_referrals = [i.id for each in self.event if isinstance(each, ReferralCame) for i in each.incidents]
        return (*(each.id for each in self.event), *of_referrals)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that it has expectations of."""
        return tuple(sorted({each.part for each in (*self.expect, *self.never)}))

    def incident_dates(self, look: Look) -> Iterator[date]:
        """The date of every incident that everyone on a case reads when it is viewed."""
        for each in self.event:
            came_before = each.instant(EVENT_AT) <= look.instant(LOOK_AT)
            if isinstance(each, ReferralCame) and each.id == look.case and came_before:
                yield from (incident.date for incident in each.incidents)
            elif isinstance(each, IncidentRecorded) and each.case == look.case and came_before:
                is_read = each.only_my_agency is None or each.by == look.who
                yield from (each.happened or each.day,) * is_read

    def counts_of(self, look: Look, days: int, *, later_by: int = 0, longer_by: int = 0) -> Counts:
        """The counts by the dates of the file; both windows end ``later_by`` and are ``longer_by`` days."""
        end, length = look.day + timedelta(days=later_by), days + longer_by
        ages = [(end - happened).days for happened in self.incident_dates(look)]
        now, before = sum(0 <= age < length for age in ages), sum(length <= age < 2 * length for age in ages)
        return Counts.model_validate({"days": days, "now": now, "before": before})


def names() -> list[str]:
    """The names of the cases."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def read(name: str) -> CaseFile:
    """One case, checked."""
    with FOLDER.joinpath(f"{name}.toml").open("rb") as file:
        return CaseFile.model_validate(tomllib.load(file))

"""A referral as it arrives: people, incidents, alarm topics, and how the victim may safely be reached."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.domain.absence import YesNo
from engine.domain.base import Code, Frozen
from engine.domain.cases.incidents import IncidentReported
from engine.domain.dates import PartialDate
from engine.domain.people.persons import ClaimedRole, PersonDescribed, Thing

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class AlarmTopic(StrEnum):
    """A topic that is read first, before and without any flow, match or plugin."""

    THREAT_TO_KILL = "threat to kill"
    WEAPON = "weapon"
    STRANGULATION = "strangulation"
    ENTRY = "entry"
    BREACH = "breach"
    SUICIDAL_TALK = "suicidal talk"
    VICTIM_EXTREMELY_FRIGHTENED = "victim extremely frightened"
    CONTACT_TODAY = "contact today"

    @property
    def column(self) -> str:
        """The name of its column in a referral file."""
        return "alarm_" + self.value.replace(" ", "_")


class AlarmAnswers(Frozen):
    """One answer to each alarm topic; a blank one is "not asked", never "no"."""

    answers: dict[AlarmTopic, YesNo] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_topic_has_an_answer(self) -> AlarmAnswers:
        whole = {topic: self.answers.get(topic, YesNo.NOT_ASKED) for topic in AlarmTopic}
        object.__setattr__(self, "answers", whole)
        return self

    @property
    def raised(self) -> tuple[AlarmTopic, ...]:
        """The topics answered yes."""
        return tuple(topic for topic in AlarmTopic if self.answers[topic] is YesNo.YES)

    @property
    def not_asked(self) -> tuple[AlarmTopic, ...]:
        """The topics that were not asked about."""
        return tuple(topic for topic in AlarmTopic if self.answers[topic] is YesNo.NOT_ASKED)


class VictimView(StrEnum):
    """The victim's view of being referred. Not "consent": they may be referred and object."""

    AGREES = "agrees"
    OBJECTS = "objects"
    NOT_ASKED = "not asked"


class PerpetratorAccessTo(StrEnum):
    """A thing of the victim's that the alleged perpetrator can reach."""

    PHONE = "phone"
    EMAIL = "e-mail"
    CAR = "car"
    CHILDREN = "children"


class VictimPosition(Frozen):
    """The facts of the victim's side, apart from anything that locates the victim."""

    told: YesNo = YesNo.NOT_ASKED
    view: VictimView = VictimView.NOT_ASKED
    not_asked_why: ShortText | None = None
    message_may_be_left: YesNo = YesNo.NOT_ASKED
    he_can_reach: dict[PerpetratorAccessTo, YesNo] = Field(default_factory=dict)
    interpreter: ShortText | None = None
    communication_needs: ShortText | None = None

    @model_validator(mode="after")
    def _every_access_has_an_answer(self) -> VictimPosition:
        whole = {way: self.he_can_reach.get(way, YesNo.NOT_ASKED) for way in PerpetratorAccessTo}
        object.__setattr__(self, "he_can_reach", whole)
        return self


class Children(Frozen):
    """Children in either household; a blank is "not asked"."""

    in_victim_household: YesNo = YesNo.NOT_ASKED
    in_perpetrator_household: YesNo = YesNo.NOT_ASKED


class ProtectedKind(StrEnum):
    """The kind of a value that locates or endangers the victim; stored only in the protected tables."""

    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "e-mail"
    WORKPLACE = "workplace"
    SCHOOL = "school"
    ADVOCATE = "advocate"
    CONTACT_HOW = "safe contact: how"
    CONTACT_WHEN = "safe contact: when"
    CONTACT_THROUGH = "safe contact: through whom"


class ProtectedValue(Frozen):
    """One value that goes to the vault as soon as it is read, and is never printed."""

    kind: ProtectedKind
    value: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(repr=False)


class Call999(Frozen):
    """The 999 call that was made about the danger now, or why there was none. Times are local, in London."""

    at: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    log_number: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None
    why_not: ShortText | None = None

    @model_validator(mode="after")
    def _made_or_not(self) -> Call999:
        was_made = self.at is not None or self.log_number is not None
        if was_made == (self.why_not is not None):
            raise ValueError("give the time and log number of the 999 call, or 'why_not'")
        return self


class CallView(Frozen):
    """The further answers of a call, for those who can view the case."""

    caller: ShortText | None = None
    caller_contact: ShortText | None = None
    call_999: Call999 | None = None
    not_named: tuple[ClaimedRole, ...] = ()
    """The parties whom the caller could not or would not name; one who is not here was not asked about."""
    victim_age: int | None = None
    perpetrator_age: int | None = None
    victim_wants: Annotated[str, StringConstraints(min_length=1, max_length=2_000)] | None = None


class CallTaken(CallView):
    """The same with each party's answer: on the case only the answer for both is shown."""

    victim_works_for: YesNo = YesNo.NOT_ASKED
    perpetrator_works_for: YesNo = YesNo.NOT_ASKED

    def shown(self) -> CallView:
        """Return the parts that are shown."""
        return CallView.model_validate(self.model_dump(include=set(CallView.model_fields)))


LONGEST_REASON = 10_000
TYPED = "typed-"
"""The beginning of the source reference of a referral that a person typed."""


class Referral(Frozen):
    """One referral: a suspicion of stalking by one person of another, reported by one source.

    ``source`` and ``source_reference`` together make it the same referral when it comes again; changed
    content under the same pair is a correction, a new version of the same referral. ``call`` None is a
    referral that came in a file. It is then left out of the document, so that an older one has its digest.
    """

    source: Code
    source_reference: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    referred_on: PartialDate | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON)]
    relationship: ShortText | None = None
    perpetrator: PersonDescribed
    perpetrator_things: tuple[Thing, ...] = ()
    perpetrator_address: ShortText | None = None
    victim: PersonDescribed
    victim_position: VictimPosition = VictimPosition()
    children: Children = Children()
    party_works_for: YesNo = YesNo.NOT_ASKED
    party_works_for_which: ShortText | None = None
    alarms: AlarmAnswers = AlarmAnswers()
    incidents: tuple[IncidentReported, ...] = ()
    call: Annotated[CallTaken | None, Field(exclude_if=lambda call: call is None)] = None
    protected: tuple[ProtectedValue, ...] = Field(default=(), repr=False)

    @model_validator(mode="after")
    def _two_different_people(self) -> Referral:
        if not (self.perpetrator.surname or self.perpetrator.forename or self.perpetrator.identifiers):
            raise ValueError("perpetrator: give a name or an identifier, or 'unknown' as the surname")
        one, other = self.perpetrator, self.victim
        shared = set(one.identifiers) & set(other.identifiers)
        same_name = one.full_name.casefold() == other.full_name.casefold()
        if shared or (
            same_name and one.date_of_birth is not None and one.date_of_birth == other.date_of_birth
        ):
            raise ValueError("the perpetrator and the victim are the same person; correct one of them")
        return self

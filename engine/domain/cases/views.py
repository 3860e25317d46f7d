"""One viewer's view of a case, ready to be drawn. Computes nothing; has nothing that it must not show."""

from __future__ import annotations

from collections import Counter
from datetime import date

from pydantic import Field

from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import CASE_WORKERS, Acting, Role
from engine.domain.agencies.predictors import PredictorShown
from engine.domain.alarm_questions import QuestionAnswered
from engine.domain.alarms import AlarmSinceView
from engine.domain.base import Frozen, Instant
from engine.domain.cases.band import BandPiece
from engine.domain.cases.incidents import Channel, IncidentsKeptBack, OfKinds
from engine.domain.cases.involvement import EpisodeOffer
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.person_acts import PersonActs
from engine.domain.cases.plain_facts import Fact
from engine.domain.cases.responsible import Responsible
from engine.domain.conference.attendance import Quorum
from engine.domain.conference.gaps import Gap
from engine.domain.conference.risk import (
    AgencyGap,
    AgencyPosition,
    Attendance,
    Confidence,
    DissentView,
    Judgement,
)
from engine.domain.conference.victim_words import VictimWordsView, WordsWithdrawn
from engine.domain.dates import PartialDate
from engine.domain.links.trends import CaseTrendView
from engine.domain.orders.notices import NoticeView
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, Measure, OutcomeFound
from engine.domain.people.persons import ClaimedRole, ClaimStatus, PersonDescribed
from engine.domain.people.same_person import MatchExplained
from engine.domain.plans.changes import ReviewOnCase, ReviewProposed
from engine.domain.plans.views import PlanView
from engine.domain.referrals.intake import AlarmTopic, CallView, Children, VictimPosition
from engine.domain.referrals.screening import FourItem, RedirectTo
from engine.domain.responses.answers import (
    AnswerState,
    DomainView,
    Finding,
    InstrumentResult,
    ProposedAction,
    VoiceItem,
)
from engine.domain.responses.held_reports import Elsewhere, HeldReport
from engine.domain.responses.reassessment import ReassessedView
from engine.domain.responses.reported import LinkEvidence, RecordsChecked, ReportedOrder
from engine.domain.responses.voices import VictimVoice

NOT_SCREENED_WARNING = "not screened: not known to be safe"
MAY_HOLD_MORE = "Agencies may hold more than is shown here."
NOT_RECORDED = "not recorded"
NOT_COUNTED = "The referral's own words are not counted: read them."


class AlarmView(Frozen):
    """The alarm topics of one involvement and whether they were acknowledged."""

    raised: tuple[AlarmTopic, ...]
    answers: dict[AlarmTopic, YesNo]
    due_at: Instant | None
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    is_past_due: bool
    since: dict[AlarmTopic, Instant] = {}
    """The topics that were recorded after the referral, within the viewer's access, and when last."""
    was_raised: bool = False
    taken_back: dict[AlarmTopic, str] = {}
    """The topics that only an earlier version of the referral raised: the date and the source."""

    def in_words(self, topic: AlarmTopic) -> str:
        """Return the answer to a topic, and what a no does not show: an earlier yes, and records since."""
        answer = "; ".join(filter(None, (self.answers[topic].value, self.taken_back.get(topic))))
        if topic not in self.since or self.answers[topic] is YesNo.YES:
            return answer
        day = self.since[topic].astimezone(LONDON)
        return f"{answer} at referral; recorded since: {day.day} {day:%B %Y}"

    @property
    def answers_in_words(self) -> str:
        """The number of topics with each answer, in a fixed order: ``2 no, 1 not known, 5 not asked``."""
        counts = Counter(self.answers.values())
        return ", ".join(f"{counts[answer]} {answer.value}" for answer in YesNo if counts[answer])

    @property
    def is_open(self) -> bool:
        """True if an alarm was raised and has not been acknowledged."""
        return (self.was_raised or bool(self.raised)) and self.acknowledged_by is None


class ReportView(Frozen):
    """One report of an incident."""

    owner: str
    told_by: str
    received_at: Instant
    what: str | None
    crime_reference: str | None
    grade: str | None = None
    """3x5x2, such as '2B P'; None is "not graded"."""
    typed_by: str | None = Field(default=None, exclude=True)
    """The user who entered it or brought its file in: they read it as it is. This is shown on no page."""


class IncidentView(OfKinds):
    """One incident with its reports."""

    reference: str
    happened: PartialDate | None
    channel: Channel | None
    reports: tuple[ReportView, ...]


class PersonView(Frozen):
    """A person in this case, with the claim about them. Names are shown as one source gave them."""

    reference: str
    described: PersonDescribed
    role: ClaimedRole
    status: ClaimStatus
    asserted_by: str


class HeldBack(Frozen):
    """Items that an owner withholds: counted, and who to ask."""

    agency: str
    count: int
    ask: str


class ReportedOrderView(Frozen):
    """An order that an agency reports, with its sentence and its conditions as they read."""

    order: ReportedOrder
    says: str
    conditions: tuple[str, ...] = ()


class AgencyAnswerView(Frozen):
    """One agency's column. ``levels_hidden`` says that its views on the domains wait for the conference."""

    agency: str
    agency_name: str
    seat: str | None
    state: AnswerState
    asked_at: Instant | None
    due_at: Instant | None
    brought_forward: str | None = None
    """From when an alarm brought the due date forward, in words; None where it is as it was given."""
    at: Instant | None
    says: str
    matched_on: str | None = None
    match_is_confirmed: bool | None = None
    author: str | None = None
    released_by: str | None = None
    plugin: str | None = None
    plugin_version: str | None = None
    version: int | None = None
    findings: tuple[Finding, ...] = ()
    voices: tuple[VoiceItem, ...] = ()
    withdrawn: int = 0
    instruments: tuple[InstrumentResult, ...] = ()
    views: tuple[DomainView, ...] = ()
    in_own_words: tuple[str, ...] = ()
    predictors: tuple[PredictorShown, ...] = ()
    orders: tuple[ReportedOrderView, ...] = ()
    link_evidence: tuple[LinkEvidence, ...] = ()
    reports: tuple[HeldReport, ...] | None = None
    """None: reports with outcomes are not stated."""
    reports_elsewhere: Elsewhere | None = None
    """The answer to whether other forces' records were searched; None is "not stated"."""
    own_row: str | None = None
    """The fit of the agency's own row with the question, in words; None is "not stated"."""
    records_checked: tuple[RecordsChecked, ...] = ()
    not_reported: tuple[str, ...] = ()
    """Silences of an answer with their reasons: not asked, not supported, or none shown."""
    gaps: tuple[str, ...] = ()
    proposed_actions: tuple[ProposedAction, ...] = ()
    asked_for_actions: str | None = None
    held_back: int = 0
    stubs: int = 0
    levels_hidden: bool = False
    failed_since: str | None = None
    before_step_up: str | None = None
    """Says that the answer is of before the case was last stepped up; None if it is not."""
    was_shown: tuple[str, ...] = ()

    @property
    def reported_items(self) -> tuple[tuple[str, str], ...]:
        """Its orders, link evidence and reports, each by its name among the items and in one sentence."""
        return (
            *((each.order.name, each.says) for each in self.orders),
            *((each.name, each.sentence) for each in self.link_evidence),
            *((each.name, each.sentence) for each in self.reports or ()),
        )


class ScreeningView(Frozen):
    """A recorded screening."""

    version: int
    by: str
    at: Instant
    four: tuple[FourItem, ...]
    outcome: TriageOutcome
    reason: str
    advice: str | None
    redirect_to: RedirectTo | None
    safeguarding: str | None


class DecisionView(Frozen):
    """One decision, with the versions of the answers that the panel saw."""

    reference: str
    version: int
    by: str
    at: Instant
    judgements: tuple[Judgement, ...]
    summary: str
    attendance: tuple[Attendance, ...]
    dissent: tuple[DissentView, ...]
    review_on: date | None
    saw: dict[str, int]
    not_seen: dict[str, AnswerState]
    low_despite_unknown: str | None
    weighed: tuple[str, ...] = ()
    confidence: Confidence | None = None
    """None for a decision that was recorded before it was asked."""
    missing: tuple[AgencyGap, ...] = ()
    """Of what agencies recorded as missing, what matters to the decision."""
    alternatives: str | None = None
    masked: tuple[str, ...] = ()
    """The places of its texts that have a protected detail which this person does not read."""
    amended_because: str | None = None
    """Why this version amends the one before it; None for a decision that amends none."""
    positions: tuple[AgencyPosition, ...] = ()
    """The position of each agency that took part: one that was not asked has not agreed."""
    quorum: Quorum | None = None
    """None where attendance was not recorded: not known."""

    @property
    def provisional(self) -> str | None:
        """The sentence of a decision that was not quorate; None for every other."""
        return self.quorum.in_words if self.quorum is not None and not self.quorum.is_quorate else None


class OutcomeView(Frozen):
    """One recorded finding of a follow-up."""

    reference: str
    measure: Measure
    found: OutcomeFound
    against: AgainstWhom | None
    happened: PartialDate | None
    looked_until: PartialDate
    looked_in: tuple[str, ...]
    censored: Censoring | None
    says: str
    by: str
    at: Instant
    ended_on: PartialDate | None = None
    agency: str | None = None
    """The agency that found it; None: not recorded."""
    offence: str | None = None
    offence_row: str | None = None
    harm: float | None = None
    """Days of the crime harm index, when it was recorded. None: no score."""
    is_order_breach: bool | None = None
    """None: not known."""
    proved: PartialDate | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    """The outcome that corrects this one. It counts in no figure then."""


class OtherInvolvement(Frozen):
    """Another involvement of a person in this case, within the viewer's access."""

    reference: str
    episode: str
    same_episode: bool
    role_here: ClaimedRole
    role_there: ClaimedRole
    state: State
    received_at: Instant
    says: str
    person_here: str | None = None
    person_there: str | None = None
    matched: MatchExplained | None = None


class MoveView(Frozen):
    """One move through the states."""

    at: Instant
    by: str
    act: str
    before: State | None
    after: State
    why: str


class CaseView(Frozen):
    """All that this viewer may see of one involvement and its episode."""

    reference: str
    episode: str
    state: State
    triage_outcome: TriageOutcome | None
    warning: str | None
    received_at: Instant
    age_hours: float
    source: str
    source_reference: str
    reason: str
    relationship: str | None
    perpetrator: PersonView
    victim: PersonView
    others_at_risk: tuple[PersonView, ...]
    victim_position: VictimPosition
    safe_contact_is_recorded: bool
    children: Children
    party_works_for: YesNo
    call: CallView | None = None
    alarms: AlarmView
    alarms_since: tuple[AlarmSinceView, ...] = ()  # newest first, those after the referral
    alarm_questions: tuple[QuestionAnswered, ...] = ()
    """The newest answer to each question that the first alarm opens."""
    incidents: tuple[IncidentView, ...]
    incidents_kept_back: tuple[IncidentsKeptBack, ...] = ()
    incidents_last_28_days: int
    incidents_last_28_days_at_most: int
    """With those that have no whole day and may have fallen within them."""
    facts: tuple[Fact, ...] = ()
    person: PersonActs = PersonActs()
    """The acts of the alleged perpetrator in every case that this viewer can open."""
    complaints_found: tuple[str, ...] = ()
    """The complaints about the victim on which a finding of a court or the panel applies."""
    victim_last_reached: date | None = None
    """When a notice, or words that this viewer may read, last came to or from the victim."""
    trend: CaseTrendView | None
    """The tests of a trend, for analysts; None for the panel, whom they could reassure."""
    answers: tuple[AgencyAnswerView, ...]
    reassessed: tuple[ReassessedView, ...] = ()
    no_advocate: bool
    victim_voice: VictimVoice
    screening: ScreeningView | None
    conference_opened_at: Instant | None
    decision: DecisionView | None
    earlier_decisions: tuple[DecisionView, ...]
    gaps: tuple[Gap, ...] = ()
    victim_words: tuple[VictimWordsView, ...] = ()
    victim_words_withdrawn: tuple[WordsWithdrawn, ...] = ()
    """The victim's words for conferences, and which of them the advocate withdrew."""
    review_proposed: ReviewProposed | None = None
    """For a person who may decide: the date that the decision may take over."""
    plan: PlanView | None
    review: ReviewOnCase
    orders: str
    orders_gap: str | None = None
    """The sentence of a gap: orders were made, and none applies today."""
    orders_pressing: str | None = None
    """A gap in protection, what is not served, late or next, and orders that only agencies report, if any."""
    not_reached: tuple[NoticeView, ...] = ()
    """Notices that did not reach the victim safely: they stay on top."""
    outcomes: tuple[OutcomeView, ...]
    offers: tuple[EpisodeOffer, ...]
    other_involvements: tuple[OtherInvolvement, ...]
    people_on_case: tuple[str, ...]
    responsible: Responsible = Responsible()
    history: tuple[MoveView, ...]
    withheld: tuple[HeldBack, ...]
    allowed_acts: tuple[str, ...]
    may_enter_dissent: bool = False
    is_restricted: bool = False
    may_hold_more: str = MAY_HOLD_MORE
    band: tuple[BandPiece, ...] = ()

    @property
    def lately_in_words(self) -> str:
        """The incidents of the last 28 days: a range where dates leave it open, words where there is none."""
        if not self.incidents:
            return "none recorded"
        least, most = self.incidents_last_28_days, self.incidents_last_28_days_at_most
        return str(least) if least == most else f"{least} to {most}"

    def is_worked_by(self, acting: Acting) -> bool:
        """Return whether this person works on the case: a practitioner does where they are named on it."""
        is_named = acting.role is not Role.PRACTITIONER or acting.user in self.people_on_case
        return acting.role in CASE_WORKERS and is_named

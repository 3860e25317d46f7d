"""Agencies' answers. A contribution, a nil return, a refusal and a failure are four different things."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from engine.domain.absence import ItemState
from engine.domain.agencies.predictors import PredictorShown
from engine.domain.base import Code, Frozen, Sentence
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.plans.actions import Side
from engine.domain.referrals.intake import ProtectedValue
from engine.domain.responses.formal import Formal
from engine.domain.responses.held_reports import MOST_REPORTS, Elsewhere, HeldReport, OwnRow
from engine.domain.responses.reported import (
    MOST_CHECKED,
    MOST_EVIDENCE,
    MOST_ORDERS,
    LinkEvidence,
    RecordPointer,
    RecordsChecked,
    ReportedOrder,
)
from engine.domain.responses.voices import EVERYONE, AdvocateOffer, Agreement, VoiceTopic, Whose, WithWhom


class Nature(StrEnum):
    """The nature of a finding: facts are kept apart from opinions (Data Protection Act 2018, section 38)."""

    FACT = "fact"
    OPINION = "opinion"


class Finding(Frozen):
    """One plain sentence, in the past tense, that points at the records that it is based on."""

    key: Code
    says: Sentence
    nature: Nature = Nature.FACT
    records: Annotated[tuple[RecordPointer, ...], Field(min_length=1)]
    may_share: bool = True
    formal: Formal | None = Field(
        default=None,
        exclude_if=lambda formal: formal is None,
        description="the formal classification or fact of record that it is: it travels when released",
    )

    @model_validator(mode="after")
    def _formal_is_a_fact(self) -> Finding:
        if self.formal is not None and self.nature is not Nature.FACT:
            raise ValueError("formal: give it with a fact only; leave it out of an opinion")
        return self


class VoiceItem(Frozen):
    """One thing that the victim said or their advocate judged. None in ``says``: it may not be shared.

    Nothing leaves the agency without the victim's agreement and a record of with whom.
    """

    key: Code
    whose: Whose
    about: VoiceTopic
    says: Sentence | None = Field(
        default=None, description="left out of what the victim has not agreed to share"
    )
    records: Annotated[tuple[RecordPointer, ...], Field(min_length=1)]
    agreed_to_sharing: Agreement = Agreement.NOT_ASKED
    with_whom: WithWhom = ()

    @model_validator(mode="after")
    def _agreement_is_whole(self) -> VoiceItem:
        if EVERYONE in self.with_whom and len(self.with_whom) > 1:
            raise ValueError(f"with_whom: give '{EVERYONE}' without other names")
        if self.with_whom and self.agreed_to_sharing in {Agreement.NO, Agreement.NOT_ASKED}:
            raise ValueError("with_whom: leave it empty when the victim has not agreed to sharing")
        if self.may_leave and self.says is None:
            raise ValueError("says: give the text that the victim agreed to share")
        return self

    @property
    def may_leave(self) -> bool:
        """True if the victim agreed that it leaves the agency, and it is recorded to whom."""
        return self.agreed_to_sharing is Agreement.YES and bool(self.with_whom)

    def is_shared_with(self, agency: str | None) -> bool:
        """Return whether the victim named this agency, or everyone; coordinators and chair have no agency."""
        return EVERYONE in self.with_whom or (agency is not None and agency in self.with_whom)

    def without_words(self, agreed: Agreement | None = None) -> VoiceItem:
        """Return the same without its text, for what may not leave."""
        return self.model_copy(update={"says": None, "agreed_to_sharing": agreed or self.agreed_to_sharing})


class InstrumentItem(Frozen):
    """One item of a questionnaire and its state."""

    item: Code
    state: ItemState
    evidence: tuple[RecordPointer, ...] = ()


class InstrumentResult(Frozen):
    """A filled-in questionnaire; the conclusion is the assessor's own and never computed."""

    instrument: Code
    version: str
    items: tuple[InstrumentItem, ...]
    conclusion: Sentence | None = None
    concluded_by: str | None = None


class Professional(Frozen):
    """A named person who recorded a view in the agency's own records."""

    name: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    post: Annotated[str, StringConstraints(min_length=2, max_length=120)]


class DomainView(Frozen):
    """An agency's view on one domain. A plugin carries such a view and never forms one."""

    domain: Domain
    level: Level
    reasons: Sentence
    horizon_weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    how_soon: HowSoon | None = None
    recorded_by: Professional
    recorded_on: date


class ProposedAction(Frozen):
    """An agency's offer or request; the panel decides.

    ``library`` is the code of an item of the library of actions, where it is one. ``need`` is the need that
    it answers, beside the domain that it ``serves``.
    """

    says: Sentence
    serves: Domain | None = None
    owner: Code | None = None
    library: Code | None = None
    side: Side | None = None
    evidence: Sentence | None = Field(default=None, description="what will show that it was done")
    need: Code | None = None
    proposed_on: date | None = Field(
        default=None, description="when the agency was asked for actions; only the engine gives it"
    )

    @property
    def key(self) -> str:
        """Its name among the items of a response: from what it says, so that another text is another item."""
        return f"action:{sha256(self.says.encode()).hexdigest()[:8]}"


Reported = ReportedOrder | LinkEvidence | HeldReport
"""A record that an agency reports: an item as a finding is, and a fact."""
REPORTED = ("orders", "link_evidence", "reports")
"""The fields of a contribution that hold them."""


class MatchBasis(Frozen):
    """The basis of a match in the agency's records. An unconfirmed match does not count as link evidence."""

    says: Sentence
    confirmed: bool


class _Answer(Frozen):
    """The common fields of every answer of an agency."""

    note: Sentence | None = None
    advocate_offered: AdvocateOffer | None = Field(
        default=None, description="that the victim was offered an advocate; None is 'not recorded'"
    )
    erased_by: str | None = Field(
        default=None, description="the certificate of the erasure; only the engine gives it"
    )


class _Searched(_Answer):
    """The common fields of an answer after a search."""

    records_checked: Annotated[tuple[RecordsChecked, ...], Field(max_length=MOST_CHECKED)] | None = Field(
        default=None, description="when each source was last checked; None is 'not reported'"
    )
    reports_elsewhere: Elsewhere | None = Field(
        default=None, description="whether other forces' records were searched; None is 'not stated'"
    )


class Contribution(_Searched):
    """An answer of an agency with records of the person: says what, in its own terms.

    ``orders``, ``link_evidence`` and ``reports`` None is "not reported", and empty "none in the records
    searched".
    """

    kind: Literal["contribution"] = "contribution"
    matched_on: MatchBasis
    own_row: OwnRow | None = Field(
        default=None, description="the agency's own row, compared with the question; None is 'not stated'"
    )
    findings: tuple[Finding, ...] = ()
    voices: tuple[VoiceItem, ...] = Field(default=(), description="the victim's voice, three voices apart")
    instruments: tuple[InstrumentResult, ...] = ()
    views: tuple[DomainView, ...] = ()
    in_own_words: tuple[Sentence, ...] = Field(
        default=(),
        description="formal levels in the agency's own terms, mapped to nothing; they travel when released",
    )
    predictors: Annotated[tuple[PredictorShown, ...], Field(max_length=10)] = ()
    orders: Annotated[tuple[ReportedOrder, ...], Field(max_length=MOST_ORDERS)] | None = Field(
        default=None, description="None: not reported; empty: none in the records searched"
    )
    link_evidence: Annotated[tuple[LinkEvidence, ...], Field(max_length=MOST_EVIDENCE)] | None = Field(
        default=None, description="None: not reported; empty: none in the records searched"
    )
    reports: Annotated[tuple[HeldReport, ...], Field(max_length=MOST_REPORTS)] | None = Field(
        default=None, description="None: not reported; empty: none in the records searched"
    )
    gaps: tuple[Sentence, ...] = ()
    proposed_actions: tuple[ProposedAction, ...] = ()
    protected: tuple[ProtectedValue, ...] = Field(default=(), repr=False)
    protected_refs: tuple[str, ...] = ()
    held_back: Annotated[int, Field(ge=0)] = 0
    withdrawn: tuple[str, ...] = Field(default=(), description="keys of what was withdrawn after release")
    valid_until: date | None = None

    @model_validator(mode="after")
    def _keys_are_its_own(self) -> Contribution:
        keys = [*(finding.key for finding in self.findings), *(item.key for item in self.voices)]
        if len(keys) != len(set(keys)):
            raise ValueError("findings and voices: each needs a key of its own")
        if len({view.domain for view in self.views}) != len(self.views):
            raise ValueError("views: at most one for each domain")
        names = [item.name for item in self.reported]
        if len(names) != len(set(names)):
            raise ValueError("orders, link_evidence and reports: each needs a key of its own")
        if self.link_evidence and not self.matched_on.confirmed:
            raise ValueError("link_evidence: a match that is not confirmed offers none; leave it out")
        return self

    @property
    def reported(self) -> tuple[Reported, ...]:
        """Its orders, link evidence and reports: items as findings are, and facts."""
        return tuple(item for each in REPORTED for item in getattr(self, each) or ())


def item_keys(answer: Contribution) -> frozenset[str]:
    """Return the names of an answer's items, used to withhold or withdraw them."""
    return frozenset(
        (
            *(finding.key for finding in answer.findings),
            *(item.key for item in answer.voices),
            *(f"view:{view.domain.value}" for view in answer.views),
            *(f"instrument:{result.instrument}" for result in answer.instruments),
            *(f"predictor:{shown.instrument}" for shown in answer.predictors),
            *(item.name for item in answer.reported),
            *(action.key for action in answer.proposed_actions),
        )
    )


class NilReturn(_Searched):
    """An answer of an agency that searched and holds nothing."""

    kind: Literal["nil return"] = "nil return"
    looked_in: Annotated[tuple[str, ...], Field(min_length=1)]
    says: Sentence
    gaps: tuple[Sentence, ...] = Field(
        default=(),
        exclude_if=lambda gaps: not gaps,
        description="records that could not be compared with the person, who may be among them",
    )


class RefusalGround(StrEnum):
    """A ground for declining to answer."""

    NOT_NECESSARY = "not necessary for this purpose"
    CONFIDENTIAL = "duty of confidence outweighs"
    LEGAL_PRIVILEGE = "legal privilege"
    LIVE_INVESTIGATION = "would harm a live investigation"
    NO_LAWFUL_BASIS = "no lawful basis found"
    OTHER = "other"


class Refused(_Answer):
    """A refusal to answer, on a ground; the agency may or may not hold something."""

    kind: Literal["refused"] = "refused"
    ground: RefusalGround
    says: Sentence


class FailureReason(StrEnum):
    """The reason why no answer came from a plugin. A failure never looks like a nil return."""

    TIME_LIMIT = "no answer within the time limit"
    CRASHED = "the plugin stopped"
    RAISED = "the plugin raised an error"
    BAD_ANSWER = "the answer broke the contract"
    TOO_LARGE = "the answer was too large"
    BAD_RECORDS = "the agency's records could not be read"
    EXTRACT_NOT_WHOLE = "the agency's extract cannot be relied on"
    NOT_RUNNING = "the plugin could not be started"
    SUSPENDED = "the plugin is suspended"
    EXCHANGED = "the plugin was exchanged meanwhile"
    ELSEWHERE = "the agency's records are in another home"
    NOT_ANSWERED = "the plugin does not answer this question"


class Failed(_Answer):
    """A missing answer, and why."""

    kind: Literal["failed"] = "failed"
    reason: FailureReason
    says: Sentence


PluginAnswer = Contribution | NilReturn | Refused
"""The answers that a plugin may return from ``stac_assess``."""
AnyAnswer = Annotated[Contribution | NilReturn | Refused | Failed, Field(discriminator="kind")]

ANSWER: TypeAdapter[Contribution | NilReturn | Refused | Failed] = TypeAdapter(AnyAnswer)
"""Reads and checks an answer from JSON."""


_LATER_FIELDS = ("orders", "link_evidence", "records_checked", "own_row", "reports", "reports_elsewhere")


def content_of(answer: Contribution | NilReturn | Refused | Failed) -> dict[str, object]:
    """Return the document of an answer as it is stored and compared.

    A field of a later contract that is not reported is left out: so the answer equals one from before it.
    """
    silent = {name for name in _LATER_FIELDS if getattr(answer, name, None) is None}
    return answer.model_dump(mode="json", exclude={"protected", "erased_by", *silent})


class AnswerState(StrEnum):
    """The shown state of one agency's answer; the first three are derived, never stored."""

    NOT_ASKED = "not asked"
    AWAITED = "awaited"
    OVERDUE = "overdue"
    WAITING_RELEASE = "prepared, waiting for release"
    CONTRIBUTION = "contribution"
    NIL_RETURN = "nil return"
    REFUSED = "refused"
    FAILED = "failed"
    ANSWERED_ASK_AGENCY = "answered: ask this agency"
    ERASED = "erased"


class Stage(StrEnum):
    """The stage of an answer: prepared, seen only by its agency, then released by a named practitioner."""

    PREPARED = "prepared"
    RELEASED = "released"

"""All that an agency's plugin imports of the plugin contract. Holds no code of its own.

The mark of a hook; what passes between engine and plugin; where the records are and how their files are read;
finding a person without guessing; plain wording; the views that professionals recorded. Beside it an agency
may import ``engine.instruments``, ``engine.identity.identifiers`` and ``engine.links``, and nothing else of
the engine.

The number is the first figure of the contract's version. A change to this module is a change of the contract:
what is added needs a new minor version. What is taken away, or takes less than before, is deprecated for one
version first. A test compares every name and its signature with the list in ``docs/agencies/v1.md``.
"""

from __future__ import annotations

from engine.domain.absence import ItemState
from engine.domain.agencies.files import MOST_NAMED, AgencyFilesRead, FileRead, KindRead, NotUnderstood
from engine.domain.agencies.people import PeopleFound, PersonHeld, SubjectAccessItem, SubjectAccessResult
from engine.domain.agencies.predictors import PredictorShown
from engine.domain.agencies.scoring import ScoreResult, not_scored
from engine.domain.base import Code, Frozen, Sentence
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedIncident, InventedPerson
from engine.domain.links.grades import Grade
from engine.domain.outcomes.agency_outcomes import CustodyPeriod, OutcomeAct, OutcomesFound, OutcomeWindow
from engine.domain.outcomes.follow_up import AgainstWhom, Measure
from engine.domain.people.persons import NAME_OF_SCHEME, Identifier, IdentifierScheme, Sex
from engine.domain.plans.actions import Side
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import (
    AnswerState,
    Contribution,
    DomainView,
    Finding,
    InstrumentItem,
    InstrumentResult,
    MatchBasis,
    Nature,
    NilReturn,
    Professional,
    ProposedAction,
    RefusalGround,
    Refused,
    VoiceItem,
)
from engine.domain.responses.formal import Formal, FormalKind
from engine.domain.responses.held_reports import (
    Concerns,
    CourtResult,
    Elsewhere,
    HeldReport,
    OwnRow,
    ReporterKind,
    ReportOutcome,
    ReportOutcomeKind,
    WhyNoAction,
)
from engine.domain.responses.proposals import ActionsProposed, AnswerSeen
from engine.domain.responses.reported import (
    EvidenceThing,
    LinkEvidence,
    RecordPointer,
    RecordsChecked,
    ReportedCondition,
    ReportedOrder,
    Source,
)
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.domain.responses.voices import (
    EVERYONE,
    AdvocateOffer,
    Agreement,
    OfferOutcome,
    VoiceTopic,
    Whose,
    WithWhom,
)
from engine.domain.sharing import Audience, AudienceKind, MayShare, Shareable
from engine.hooks.carried_links import RecordedLink, links_reported
from engine.hooks.carried_orders import newest_orders, newest_reports
from engine.hooks.carried_views import RecordedView, newest_views
from engine.hooks.extract_files import (
    Heading,
    Recorded,
    Several,
    Short,
    read_json_lines,
    read_table,
    write_json_lines,
    write_table,
)
from engine.hooks.markers import hookimpl
from engine.hooks.matchable import NotMatchable, name_fault, name_in_cell, name_key
from engine.hooks.people import (
    FoundNobody,
    FoundOne,
    FoundUnclear,
    PersonIndex,
    PersonOnRecord,
    doubts_about_held,
    row_of,
)
from engine.hooks.records import (
    AgencyRecords,
    RecordsExpected,
    RecordsFault,
    RecordsUnreadableError,
    once_per_extract,
    plain_name,
)
from engine.hooks.table_import import lock_imports, take_tables
from engine.hooks.wording import counted, key_of, listed, number, sentence, was

__all__ = [
    "EVERYONE",
    "MOST_NAMED",
    "NAME_OF_SCHEME",
    "ActionsProposed",
    "AdvocateOffer",
    "AgainstWhom",
    "AgencyFilesRead",
    "AgencyRecords",
    "Agreement",
    "AnswerSeen",
    "AnswerState",
    "Audience",
    "AudienceKind",
    "CaseAsked",
    "Channel",
    "Code",
    "Concerns",
    "Contribution",
    "CourtResult",
    "CustodyPeriod",
    "Domain",
    "DomainView",
    "Elsewhere",
    "EvidenceThing",
    "FileRead",
    "Finding",
    "Formal",
    "FormalKind",
    "FoundNobody",
    "FoundOne",
    "FoundUnclear",
    "Frozen",
    "Grade",
    "Heading",
    "HeldReport",
    "HowSoon",
    "Identifier",
    "IdentifierScheme",
    "IncidentAsked",
    "IncidentKind",
    "InstrumentItem",
    "InstrumentResult",
    "InvalidInputError",
    "InventedEpisode",
    "InventedExtractTask",
    "InventedIncident",
    "InventedPerson",
    "ItemState",
    "KindRead",
    "Level",
    "LinkEvidence",
    "MatchBasis",
    "MayShare",
    "Measure",
    "Nature",
    "NilReturn",
    "NotMatchable",
    "NotUnderstood",
    "OfferOutcome",
    "OutcomeAct",
    "OutcomeWindow",
    "OutcomesFound",
    "OwnRow",
    "PartialDate",
    "PeopleFound",
    "PersonAsked",
    "PersonHeld",
    "PersonIndex",
    "PersonOnRecord",
    "PredictorShown",
    "Professional",
    "ProposedAction",
    "ProtectedKind",
    "ProtectedValue",
    "RecordPointer",
    "Recorded",
    "RecordedLink",
    "RecordedView",
    "RecordsChecked",
    "RecordsExpected",
    "RecordsFault",
    "RecordsUnreadableError",
    "RefusalGround",
    "Refused",
    "ReportOutcome",
    "ReportOutcomeKind",
    "ReportedCondition",
    "ReportedOrder",
    "ReporterKind",
    "ScoreResult",
    "Sentence",
    "Several",
    "Sex",
    "Shareable",
    "Short",
    "Side",
    "Source",
    "SubjectAccessItem",
    "SubjectAccessResult",
    "VoiceItem",
    "VoiceTopic",
    "Whose",
    "WhyNoAction",
    "WithWhom",
    "counted",
    "doubts_about_held",
    "hookimpl",
    "key_of",
    "links_reported",
    "listed",
    "lock_imports",
    "name_fault",
    "name_in_cell",
    "name_key",
    "newest_orders",
    "newest_reports",
    "newest_views",
    "not_scored",
    "number",
    "once_per_extract",
    "plain_name",
    "read_date",
    "read_json_lines",
    "read_table",
    "row_of",
    "sentence",
    "take_tables",
    "was",
    "write_json_lines",
    "write_table",
]

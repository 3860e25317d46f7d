"""Reports about a person that an agency holds, each with its outcome. A report is not an act of ours."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen
from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier
from engine.domain.responses.reported import RecordPointer, Source

MOST_REPORTS = 400
REPORT = "report:"
"""The start of the name of a report among the items of a response."""
_MOST_OUTCOMES = 12
_OwnCode = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class ReporterKind(StrEnum):
    """The kind of person who reported. The contract has no field for a name."""

    VICTIM = "the person affected"
    FRIEND_OR_FAMILY = "a friend or relative"
    WITNESS = "a witness"
    PROFESSIONAL = "a professional"
    ANONYMOUS = "an anonymous person"
    OWN_STAFF = "the agency's own staff"


class Concerns(StrEnum):
    """The person whom the reported act was against."""

    THIS_VICTIM = "the victim of this case"
    ANOTHER = "another person"


class ReportOutcomeKind(StrEnum):
    """The kind of decision about a report."""

    NO_ACTION = "no further action"
    WARNING = "warning or notice"
    FIXED_PENALTY = "fixed penalty"
    COMMUNITY_RESOLUTION = "community resolution"
    CAUTION = "caution"
    VOLUNTARY_INTERVIEW = "voluntary interview"
    ARREST = "arrest"
    CHARGE = "charge"
    COURT_RESULT = "court result"
    OPEN = "under investigation"
    NOT_UNDERSTOOD = "code not understood"


class WhyNoAction(StrEnum):
    """The reason that is recorded for no further action."""

    NOBODY_IDENTIFIED = "no suspect was identified"
    EVIDENCE = "evidential difficulties"
    VICTIM_NOT_SUPPORTING = "the victim did not support action"
    NOT_IN_PUBLIC_INTEREST = "not in the public interest"
    TIME_LIMIT = "the time limit had passed"
    PASSED_ON = "passed to another body"
    NO_CRIME = "recorded as no crime"
    OTHER = "another reason"


class CourtResult(StrEnum):
    """The result at court."""

    CONVICTED = "convicted"
    ACQUITTED = "acquitted"
    DISCONTINUED = "discontinued"
    OTHER = "another result"


class ReportOutcome(Frozen):
    """One outcome of a report. A blank date or reason is not recorded.

    A code of the agency that its plugin does not understand is ``NOT_UNDERSTOOD`` with ``own_code``: it is
    shown as that, and never dropped.
    """

    kind: ReportOutcomeKind
    on: PartialDate | None = None
    why: WhyNoAction | None = None
    court: CourtResult | None = None
    own_code: _OwnCode | None = None

    @model_validator(mode="after")
    def _parts_belong(self) -> Self:
        if self.why is not None and self.kind is not ReportOutcomeKind.NO_ACTION:
            raise ValueError("'why' is the reason of 'no further action' only")
        if self.court is not None and self.kind is not ReportOutcomeKind.COURT_RESULT:
            raise ValueError("'court' is the result of 'court result' only")
        if (self.kind is ReportOutcomeKind.NOT_UNDERSTOOD) != (self.own_code is not None):
            raise ValueError("give 'own_code' with 'code not understood', and with no other outcome")
        return self

    @property
    def in_words(self) -> str:
        """The outcome with its reason or result and its date."""
        more = self.why or self.court
        said = f"{self.kind.value} ({more.value})" if more else self.kind.value
        said = f"{said}: {self.own_code}" if self.own_code else said
        return f"{said}, {self.on.in_words()}" if self.on else f"{said}, date not recorded"


class HeldReport(Frozen):
    """A report about the alleged perpetrator in an agency's records. A blank is not recorded.

    ``outcomes`` None is "not recorded", and empty "none yet". ``force`` is the force that holds it, where
    that is not the agency itself or the agency is several.
    """

    key: Code
    happened: PartialDate | None = None
    reported_on: PartialDate | None = None
    kind: IncidentKind | None = None
    crime_reference: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    force: Source | None = None
    reporter: ReporterKind | None = None
    concerns: Concerns | None = None
    outcomes: Annotated[tuple[ReportOutcome, ...], Field(max_length=_MOST_OUTCOMES)] | None = None
    records: Annotated[tuple[RecordPointer, ...], Field(min_length=1)]

    @property
    def name(self) -> str:
        """Its name among the items of a response."""
        return f"{REPORT}{self.key}"

    @property
    def sentence(self) -> str:
        """The report with its date, kind and outcomes, in one sentence."""
        day = self.day.in_words() if self.day else "date not recorded"
        parts = [
            f"Report of {self.kind.in_words}" if self.kind else "Report, kind not recorded",
            day,
            f"held by {self.force}" if self.force else "",
            f"crime reference {self.crime_reference}" if self.crime_reference else "",
            f"by {self.reporter.value}" if self.reporter else "reporter not recorded",
            self._outcomes_in_words,
        ]
        return f"{', '.join(part for part in parts if part)}."

    @property
    def _outcomes_in_words(self) -> str:
        if self.outcomes is None:
            return "outcome not recorded"
        if not self.outcomes:
            return "no outcome yet"
        return "; ".join(each.in_words for each in self.outcomes)

    @property
    def day(self) -> PartialDate | None:
        """When it happened, or else when it was reported."""
        return self.happened or self.reported_on

    def has(self, kind: ReportOutcomeKind) -> bool:
        """Return whether one of its outcomes is of this kind."""
        return any(each.kind is kind for each in self.outcomes or ())

    @property
    def outcome_is_known(self) -> bool:
        """True if its outcomes are recorded and each was understood."""
        return self.outcomes is not None and not self.has(ReportOutcomeKind.NOT_UNDERSTOOD)


def days_of(report: HeldReport) -> tuple[PartialDate | None, ...]:
    """Return every date of a report: none is later than the date of the request."""
    return (report.happened, report.reported_on, *(each.on for each in report.outcomes or ()))


class Elsewhere(StrEnum):
    """The answer to whether the records of other forces or areas were searched."""

    SEARCHED = "searched"
    NOT_SEARCHED = "not searched"


class OwnRow(Frozen):
    """The agency's own row about the person asked about, with the numbers that identify it."""

    record: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    identifiers: Annotated[tuple[Identifier, ...], Field(max_length=20)] = Field(default=(), repr=False)
    date_of_birth: PartialDate | None = Field(default=None, repr=False)

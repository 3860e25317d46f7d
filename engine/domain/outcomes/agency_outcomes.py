"""Outcomes that an agency's plugin finds in its own records, and what became of asking for them.

No field holds free text: what is found is dates, codes and choices. A failure, a refusal, a nil return and
a plugin that does not answer are four different things, and none of them is "none found".
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from engine.domain.base import Code, Frozen, Instant
from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, require_of_one_act
from engine.domain.responses.answers import FailureReason, RefusalGround

MOST_ACTS = 500
_OffenceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}/?[0-9]{2}$")]
_HarmRow = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,4}(\.[0-9]{1,3}){1,4}$", max_length=12)]


class OutcomeWindow(Frozen):
    """The dates that are asked about: from the panel's first decision on."""

    since: date
    until: date

    def may_include(self, day: PartialDate) -> bool:
        """Return whether a date, in full or in part, can be within the window."""
        return day.latest >= self.since and day.earliest <= self.until


class OutcomeAct(Frozen):
    """One further act in the agency's own records."""

    measure: Measure
    happened: PartialDate
    against: AgainstWhom
    offence: _OffenceCode | None = Field(default=None, description="Home Office code, such as 008/65")
    offence_row: _HarmRow | None = Field(
        default=None, description="row of the harm index, where a code has several scores"
    )
    is_order_breach: bool | None = Field(default=None, description="leave out if that is not known")
    proved: PartialDate | None = Field(default=None, description="when the conviction or caution was")

    @model_validator(mode="after")
    def _fits_an_outcome(self) -> Self:
        require_of_one_act(self)
        return self


class CustodyPeriod(Frozen):
    """A time in custody. None in ``until``: no release is recorded."""

    since: date
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise ValueError("until: it is before since")
        return self


class OutcomesFound(Frozen):
    """The result of a search of the agency's records.

    A measure that was searched and has no act is "none found" in these records. One that was not searched
    is not. ``unplaced`` counts acts without a date or a known target: they are for a person to record.
    Without ``is_certain`` it is not certain which record is the person's, and nothing else may be given.
    """

    kind: Literal["outcomes found"] = "outcomes found"
    searched: Annotated[tuple[Measure, ...], Field(max_length=3)] = ()
    acts: Annotated[tuple[OutcomeAct, ...], Field(max_length=MOST_ACTS)] = ()
    custody: Annotated[tuple[CustodyPeriod, ...], Field(max_length=50)] = ()
    unplaced: Annotated[int, Field(ge=0, le=100_000)] = 0
    is_certain: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.is_certain and (self.searched or self.acts or self.custody or self.unplaced):
            raise ValueError("is_certain: where the person is not certain, nothing else may be given")
        if {act.measure for act in self.acts} - set(self.searched):
            raise ValueError("searched: name each measure that an act has")
        return self


class OutcomesResult(StrEnum):
    """The result of asking one agency for outcomes."""

    FOUND = "answered"
    UNCERTAIN = "not certain which record is the person's"
    NIL = "nil return: no record of the person"
    REFUSED = "refused"
    FAILED = "failed"
    NO_HOOK = "does not answer this question"


class OutcomesAsked(Frozen):
    """One time that an agency was asked for outcomes of a case, and what became of what it found."""

    agency: Code
    window: OutcomeWindow
    result: OutcomesResult
    found: OutcomesFound | None = None
    ground: RefusalGround | None = None
    reason: FailureReason | None = None
    plugin_version: str | None = None
    at: Instant
    released: bool | None = None
    """True: recorded on the case. False: a practitioner of the agency withheld it. None: it waits."""
    released_by: str | None = None
    """None where plain facts are released automatically."""
    released_at: Instant | None = None

    @property
    def has_answer(self) -> bool:
        """True if the agency answered, also that the person is not on record, or that it refuses."""
        return self.result not in (OutcomesResult.FAILED, OutcomesResult.NO_HOOK)

    @property
    def is_waiting(self) -> bool:
        """True if a practitioner of the agency has to release or withhold it."""
        return self.has_answer and self.released is None

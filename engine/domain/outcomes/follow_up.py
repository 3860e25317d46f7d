"""Outcomes: further stalking as reported, recorded and proven, kept apart."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from engine.domain.base import Frozen, Sentence
from engine.domain.dates import PartialDate


class Measure(StrEnum):
    """Three parallel measures (a conviction is late and rare; no conviction is not no reoffending)."""

    REPORTED = "reported further stalking"
    RECORDED = "recorded crime"
    PROVEN = "proven reoffending"


class AgainstWhom(StrEnum):
    """The target of the further stalking."""

    SAME_VICTIM = "same victim"
    NEW_VICTIM = "new victim"
    BY_PROXY = "by proxy"


class OutcomeFound(StrEnum):
    """A follow-up's finding. "None found" names where the search was; it does not mean nothing happened."""

    FURTHER_STALKING = "further stalking"
    NONE_FOUND = "none found"
    NOT_KNOWN = "not known"


class Censoring(StrEnum):
    """The reason why a person could no longer be followed."""

    DIED = "died"
    LEFT_AREA = "left the area"
    IN_CUSTODY = "in custody"
    WITHDRAWN = "follow-up ended"


class OutcomeGiven(Frozen):
    """One finding of a follow-up: its measure, what, when it happened and the end of the search."""

    measure: Measure
    found: OutcomeFound
    against: AgainstWhom | None = None
    happened: PartialDate | None = None
    looked_until: PartialDate
    looked_in: tuple[str, ...] = Field(default=(), description="which agencies' records were searched")
    censored: Censoring | None = None
    says: Sentence

    @model_validator(mode="after")
    def _whole(self) -> OutcomeGiven:
        if self.found is OutcomeFound.FURTHER_STALKING and (self.against is None or self.happened is None):
            raise ValueError("further stalking needs 'against' and 'happened'")
        if self.found is OutcomeFound.NONE_FOUND and not self.looked_in:
            raise ValueError("looked_in: with 'none found', give the records that were searched")
        return self

"""Outcomes: further stalking as reported, recorded and proven, kept apart."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from pydantic import Field, model_validator

from engine.domain.base import Code, Frozen, Sentence
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
    """The reason why a person could no longer be followed.

    Custody ends nothing: people also stalk from prison.
    """

    DIED = "died"
    DEPORTED = "deported"
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
    ended_on: PartialDate | None = Field(
        default=None, description="when the person could no longer be followed; default: looked_until"
    )
    agency: Code | None = Field(default=None, description="the agency that found it")
    offence: str | None = Field(
        default=None, max_length=12, description="Home Office code of the offence, such as 008/65"
    )
    offence_row: str | None = Field(
        default=None, max_length=12, description="row of the harm index, where a code has several scores"
    )
    is_order_breach: bool | None = Field(
        default=None, description="whether the offence is the breach of an order; leave out if not known"
    )
    proved: PartialDate | None = Field(default=None, description="when the conviction or caution was")
    replaces: str | None = Field(
        default=None, max_length=20, description="the earlier outcome that this one corrects"
    )
    says: Sentence

    @model_validator(mode="after")
    def _whole(self) -> OutcomeGiven:
        if self.found is OutcomeFound.FURTHER_STALKING and (self.against is None or self.happened is None):
            raise ValueError("further stalking needs 'against' and 'happened'")
        of_an_act = {
            "offence": self.offence,
            "is_order_breach": self.is_order_breach,
            "proved": self.proved,
        }
        if self.found is not OutcomeFound.FURTHER_STALKING:
            for name, value in of_an_act.items():
                if value is not None:
                    raise ValueError(f"{name}: only further stalking has it; leave it out")
        require_of_one_act(self)
        if self.ended_on is not None and self.censored is None:
            raise ValueError("ended_on: give the reason why follow-up ended in 'censored' too")
        if self.found is OutcomeFound.NONE_FOUND and not self.looked_in:
            raise ValueError("looked_in: with 'none found', give the records that were searched")
        return self


class _OfOneAct(Protocol):
    """Common part of an outcome and of an act that an agency's plugin finds."""

    @property
    def measure(self) -> Measure: ...
    @property
    def happened(self) -> PartialDate | None: ...
    @property
    def offence(self) -> str | None: ...
    @property
    def offence_row(self) -> str | None: ...
    @property
    def proved(self) -> PartialDate | None: ...


def require_of_one_act(act: _OfOneAct) -> None:
    """Raise ValueError where the offence, its row and its proof cannot be of one act."""
    if act.offence_row is not None and act.offence is None:
        raise ValueError("offence_row: give the offence too")
    if act.proved is None:
        return
    if act.measure is not Measure.PROVEN:
        raise ValueError("proved: only proven reoffending has it; leave it out")
    if act.happened is not None and act.proved.latest < act.happened.earliest:
        raise ValueError("proved: it is before the offence; correct one of the dates")

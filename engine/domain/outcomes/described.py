"""A victim's own description, for equity figures: closed codes, each one voluntary.

The codes follow the harmonised standards of the Government Statistical Service, shortened so that groups are
not too small to show. A person who prefers not to say has answered; a person who was not asked has not.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate
from engine.domain.outcomes.victims import Agreed, NoAnswer
from engine.domain.responses.voices import WithWhom


class Characteristic(StrEnum):
    """A characteristic of the victim. Figures show one at a time, not two together."""

    SEX = "sex"
    AGE_BAND = "age band"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    SEXUAL_ORIENTATION = "sexual orientation"
    GENDER_REASSIGNMENT = "gender reassignment"
    RELIGION = "religion"
    RELATIONSHIP = "relationship"

    @property
    def answers(self) -> tuple[str, ...]:
        """Its codes, in the order of a form."""
        return _CODES[self]


_CODES = {
    Characteristic.SEX: ("female", "male"),
    Characteristic.AGE_BAND: (
        "under 18",
        "18 to 24",
        "25 to 34",
        "35 to 44",
        "45 to 54",
        "55 to 64",
        "65 or over",
    ),
    Characteristic.ETHNICITY: (
        "Asian or Asian British",
        "Black, Black British, Caribbean or African",
        "Mixed or multiple ethnic groups",
        "White",
        "other ethnic group",
    ),
    Characteristic.DISABILITY: ("limited a lot", "limited a little", "not limited"),
    Characteristic.SEXUAL_ORIENTATION: (
        "straight or heterosexual",
        "gay or lesbian",
        "bisexual",
        "other orientation",
    ),
    Characteristic.GENDER_REASSIGNMENT: ("gender same as registered at birth", "gender differs from birth"),
    Characteristic.RELIGION: (
        "no religion",
        "Buddhist",
        "Christian",
        "Hindu",
        "Jewish",
        "Muslim",
        "Sikh",
        "other religion",
    ),
    Characteristic.RELATIONSHIP: (
        "single",
        "married or in a civil partnership",
        "separated",
        "divorced or dissolved",
        "widowed or surviving partner",
    ),
}


class DescriptionGiven(Frozen):
    """The victim's own description, as the advocate enters it. What is left out is "not asked".

    Without ``with_whom`` only the advocate's agency reads it.
    """

    agreed: Agreed
    asked_on: PartialDate
    characteristics: dict[Characteristic, Annotated[str, Field(max_length=60)]] = Field(default_factory=dict)
    with_whom: WithWhom = ()

    @field_validator("characteristics")
    @classmethod
    def _codes_are_of_theirs(cls, given: Mapping[Characteristic, str]) -> Mapping[Characteristic, str]:
        for characteristic, code in given.items():
            offered = [*characteristic.answers, *(each.value for each in NoAnswer)]
            if code not in offered:
                raise ValueError(f"'{characteristic.value}' is one of {', '.join(offered)}")
        return given

    @model_validator(mode="after")
    def _nothing_without_agreement(self) -> DescriptionGiven:
        if self.agreed is not Agreed.GIVEN and (self.characteristics or self.with_whom):
            raise ValueError(f"agreed is '{self.agreed.value}': leave out characteristics and with_whom")
        return self

    def answer(self, characteristic: Characteristic) -> str:
        """Return the code of a characteristic, or why there is none."""
        return self.characteristics.get(characteristic, NoAnswer.NOT_ASKED.value)


class StoredDescription(Frozen):
    """The newest description on a case."""

    given: DescriptionGiven
    version: int
    agency: str
    by: str
    at: Instant

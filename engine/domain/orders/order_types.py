"""Types of orders: how long each lasts, its duties, what a breach is and what was read of it.

Knows no order and no person. What differs between types is data: `engine/orders/data/order_types.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.domain.base import Code, Frozen, Sentence
from engine.domain.orders.stages import OrderGroup


class BreachKind(Enum):
    """The consequence in law of a breach. Only one of them is an offence."""

    OFFENCE = "offence"
    ARREST_ONLY = "arrest only"
    CONTEMPT = "contempt of court"
    RECALL = "recall to prison"
    PENALTY = "penalty of the court, not an offence"

    @property
    def in_words(self) -> str:
        """The consequence as a page shows it: a recall needs a decision."""
        return "can lead to recall to prison" if self is BreachKind.RECALL else self.value


class Court(Frozen):
    """A kind of court or body that makes orders."""

    code: Code
    name: Sentence
    is_court: bool = True
    """False: a body whose order is not one of a court."""


class Unit(StrEnum):
    """A way to give the term of an order."""

    YEARS = "years"
    MONTHS = "months"
    DAYS = "days"
    ENDS = "ends"
    OPEN = "until further order"
    DETERMINED = "until determined"
    """Of a notice: it has no date of its own, and lasts until its application is determined."""

    @property
    def field(self) -> str | None:
        """The field of an order that it is typed into; None if there is none."""
        return None if self is Unit.DETERMINED else self.value.replace(" ", "_")


class Term(Frozen):
    """The ways to give the term of a type, and the rule that counts it.

    The first unit is the one that a form offers first. A rule that leaves the end as it was typed says so.
    """

    units: Annotated[tuple[Unit, ...], Field(min_length=1)]
    counted_by: Code
    starts: Literal["made", "arrested"] = "made"
    """The date that months are counted from."""
    is_required: bool = False
    """True: the order must state it, so one without it is refused."""


class Duty(StrEnum):
    """A duty of the respondent to notify the police, and what starts it."""

    FIRST = "first"
    NEW_NAME = "new name"
    NEW_HOME = "new home"
    NO_HOME = "no home"


class LawTopic(StrEnum):
    """A question about a type that a page answers from the law that was read, or as not verified."""

    PENALTY = "penalty for a breach"
    ARREST = "arrest"
    DUTY = "failing to notify, or notifying falsely"
    NEIGHBOUR = "offence beside a breach"
    TERM = "how long it lasts"
    CONFLICT = "conflict with another order"
    VARY = "who may apply to vary or discharge"
    APPEAL = "appeal"
    AREA = "where it applies"


class Source(Frozen):
    """A text of the law that was read, how, and when."""

    code: Code
    name: Sentence
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    read_on: date
    read_from: Literal["statute", "extract", "secondary"]

    @property
    def in_words(self) -> str:
        """The depth and the date of the reading."""
        how = {
            "statute": "statute read",
            "extract": "extract of a page read",
            "secondary": "secondary source read",
        }[self.read_from]
        return f"{how} on {self.read_on.day} {self.read_on:%B %Y}"


class LawText(Frozen):
    """A statement of the law about one topic of a type, with its section and source."""

    topic: LawTopic
    says: Sentence
    rests_on: Sentence
    source: Source
    among: tuple[Code, ...] = ()
    """Of a conflict: the types that it is about; empty is every order of a court."""


class PilotArea(Frozen):
    """An area of a pilot, and from when it applies there."""

    area: Sentence
    since: date


class OrderType(Frozen):
    """A type of order: its act, where and from when it applies, and what a breach is.

    ``in_force_from`` is left out where the start date was not read. Without ``breach`` the text was not
    read: the breach is not verified, and no consequence of it may be shown.
    """

    code: Code
    name: Sentence
    act: Sentence
    area: Literal["england-and-wales", "scotland", "northern-ireland"]
    term: Term
    in_force_from: date | None = None
    in_force_until: date | None = None
    breach: BreachKind | None = None
    breach_rests_on: str | None = None
    read_from: Literal["statute", "summary", "not read"]
    note: Sentence | None = None
    made_by: tuple[Code, ...] = ()
    """Codes of the courts and bodies that make it."""
    needs_service: bool = False
    """True if service is recorded as a step of its own."""
    group: OrderGroup = OrderGroup.OTHER
    duties: Mapping[Duty, Code] = {}
    """By duty to notify, the rule that counts it."""
    interim: Code | None = None
    """The type of an interim order that it may replace."""
    hearing: Code | None = None
    """The rule that counts until when a court must hear the application."""
    renewal_warning_days: int | None = None
    """So long before its end the panel is asked whether to seek a renewal: a local rule."""
    adults_only: Sentence | None = None
    """The section that allows it against adults only."""
    pilot: tuple[PilotArea, ...] = ()
    law: tuple[LawText, ...] = ()

    @model_validator(mode="after")
    def _rests_on_what_was_read(self) -> Self:
        if (self.breach is None) != (self.read_from == "not read"):
            raise ValueError("a type has a breach if its text was read, and else none")
        if (self.breach is None) != (self.breach_rests_on is None):
            raise ValueError("a breach rests on an act and section")
        return self

    @property
    def breach_in_words(self) -> str:
        """The consequence as a page shows it."""
        return self.breach.in_words if self.breach else "not verified"

    @property
    def consequence(self) -> str:
        """The consequence with its act and section."""
        rests_on = f", {self.breach_rests_on}" if self.breach_rests_on else ""
        return f"{self.breach_in_words}{rests_on}"

    @property
    def lasts_until_determined(self) -> bool:
        """True of a notice: it has no end of its own."""
        return Unit.DETERMINED in self.term.units

    def texts(self, topic: LawTopic) -> tuple[LawText, ...]:
        """Return what was read about one topic; empty is not verified."""
        return tuple(each for each in self.law if each.topic is topic)

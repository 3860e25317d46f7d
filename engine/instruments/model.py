"""An instrument's items, answers and limits, as data. Holds no question and no threshold itself.

An instrument's file says who may use it, how a result is reached and what it must never be used for. The
engine knows five kinds; a sum that is shown as risk is not among them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from engine.domain.absence import ItemState
from engine.domain.base import Code, Frozen, Sentence
from engine.domain.conference.risk import Domain

ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_\-]{0,59}$")]
"""An item's name, as an input line carries it."""
Words = Annotated[str, StringConstraints(min_length=1, max_length=60)]
FUNCTION = r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"
"""A function as a manifest or an instrument names it: ``package.module:function``."""
EVERYWHERE = "everywhere"
RESERVED = frozenset({"assessor", "assessed_on", "conclusions"})
"""Keys of the input of a structured judgement besides its items."""


class Kind(StrEnum):
    """Way in which an instrument comes to its result."""

    RECOGNITION = "recognition aid"
    CHECKLIST = "checklist"
    JUDGEMENT = "structured professional judgement"
    ROUTE = "route"
    SCORED = "scored by a function"


class Gives(StrEnum):
    """Kind of an item's answer."""

    STATE = "state"
    CHOICE = "choice"
    WHOLE_NUMBER = "whole number"
    NUMBER = "number"
    DATE = "date"
    PARTIAL_DATE = "partial date"
    TEXT = "text"
    ANYTHING = "anything"


class Item(Frozen):
    """One question in our own words, and what may be answered.

    A state that is left out of an input was not asked. Other answers that are left out are not given, which
    is an error for a ``required`` one. ``anything`` leaves the checking to the instrument's function.
    """

    id: ItemId
    asks: Sentence
    gives: Gives = Gives.STATE
    answers: tuple[Words, ...] = ()
    required: bool = False
    critical: bool = False
    least: float | None = None
    most: float | None = None
    bears_on: tuple[Domain, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """The answers that may be given, in words; empty when they are not a list."""
        if self.gives is Gives.STATE:
            return self.answers or tuple(state.value for state in ItemState)
        return self.answers

    @model_validator(mode="after")
    def _is_whole(self) -> Item:
        faults = []
        match self.gives:
            case Gives.STATE:
                faults += _faults_of_states(self.answers)
                if self.required:
                    faults.append("a state cannot be required: an item that is left out was not asked")
            case Gives.CHOICE:
                if len(set(self.answers)) < 2:
                    faults.append("a choice needs two answers or more")
            case _:
                if self.answers:
                    faults.append(f"answers are listed for a state or a choice, not for a {self.gives.value}")
        if self.critical and self.gives is not Gives.STATE:
            faults.append("only a state can be critical")
        if (self.least, self.most) != (None, None) and self.gives not in (Gives.NUMBER, Gives.WHOLE_NUMBER):
            faults.append("least and most are for numbers")
        if self.least is not None and self.most is not None and self.least > self.most:
            faults.append("least is more than most")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _faults_of_states(answers: tuple[str, ...]) -> list[str]:
    states = {state.value for state in ItemState}
    faults = [f"'{answer[:40]}' is not a state" for answer in answers if answer not in states]
    missing = [
        state.value
        for state in (ItemState.PRESENT, ItemState.ABSENT, ItemState.UNKNOWN, ItemState.NOT_ASKED)
        if answers and state.value not in answers
    ]
    if missing:
        faults.append(f"answers must list {' and '.join(missing)} separately")
    return faults


class _Dated(Frozen):
    """A local threshold. One without a start date is off."""

    says: Sentence
    area: Words = EVERYWHERE
    source: Sentence
    in_force_from: date | None = None
    in_force_until: date | None = None

    def is_in_force(self, *, on: date) -> bool:
        """Return whether it applies on that day; both days are within."""
        if self.in_force_from is None or on < self.in_force_from:
            return False
        return self.in_force_until is None or on <= self.in_force_until

    @model_validator(mode="after")
    def _days_are_in_order(self) -> _Dated:
        if self.in_force_from and self.in_force_until and self.in_force_until < self.in_force_from:
            raise ValueError("in_force_until is before in_force_from")
        return self


class CountThreshold(_Dated):
    """Reached when so many of the questions of another form were answered yes."""

    rule: Literal["count"] = "count"
    counted: ItemId
    against: ItemId
    out_of: Annotated[int, Field(ge=1, le=200)]
    reached_at: Annotated[int, Field(ge=1, le=200)]

    @property
    def items_needed(self) -> dict[str, Gives]:
        """The items that it reads, and what each must give."""
        return dict.fromkeys((self.counted, self.against), Gives.WHOLE_NUMBER)

    @property
    def items_always_read(self) -> tuple[str, ...]:
        """Those without which it can say nothing."""
        return (self.counted,)

    @model_validator(mode="after")
    def _can_be_reached(self) -> CountThreshold:
        if self.reached_at > self.out_of:
            raise ValueError("reached_at is more than out_of, so it cannot be reached")
        return self


class IntervalThreshold(_Dated):
    """Reached when one thing happened within so many months of another, and what it needs is present."""

    rule: Literal["interval"] = "interval"
    since: ItemId
    happened: ItemId
    within_months: Annotated[int, Field(ge=1, le=240)]
    needs: tuple[ItemId, ...] = ()

    @property
    def items_needed(self) -> dict[str, Gives]:
        """The items that it reads, and what each must give."""
        dates = dict.fromkeys((self.since, self.happened), Gives.PARTIAL_DATE)
        return {**dates, **dict.fromkeys(self.needs, Gives.STATE)}

    @property
    def items_always_read(self) -> tuple[str, ...]:
        """Those without which it can say nothing."""
        return (self.since, self.happened)


Threshold = Annotated[CountThreshold | IntervalThreshold, Field(discriminator="rule")]


class Instrument(Frozen):
    """A questionnaire, a route or a predictor: its words, its licence and its limits."""

    id: Code
    version: Words
    name: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    kind: Kind
    licence: Sentence
    source: Sentence
    who_may_use: Sentence
    never_used_for: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    how_a_result_is_reached: Sentence
    always_said: Sentence | None = Field(default=None, description="the text shown with every result")
    in_force_from: date
    in_force_until: date | None = None
    said_as: dict[Words, ItemState] = Field(
        default={}, description="other words for an answer, by the state that they mean"
    )
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    thresholds: tuple[Threshold, ...] = ()
    scorer: Annotated[str, StringConstraints(pattern=FUNCTION)] | None = None

    def is_in_force(self, *, on: date) -> bool:
        """Return whether it may be used on that day."""
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)

    @model_validator(mode="after")
    def _is_whole(self) -> Instrument:
        faults = [*self._faults_of_items(), *self._faults_of_thresholds()]
        if (self.kind is Kind.SCORED) != (self.scorer is not None):
            faults.append(f"a scorer and the kind '{Kind.SCORED.value}' go together")
        if self.in_force_until is not None and self.in_force_until < self.in_force_from:
            faults.append("in_force_until is before in_force_from")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults_of_items(self) -> list[str]:
        names = [item.id for item in self.items]
        faults = [
            f"item '{name}' is listed twice" for name in sorted({n for n in names if names.count(n) > 1})
        ]
        if self.kind is Kind.JUDGEMENT:
            faults += [
                f"item '{name}' has a name that is reserved for the assessor" for name in RESERVED & {*names}
            ]
        if self.kind in (Kind.RECOGNITION, Kind.CHECKLIST, Kind.JUDGEMENT):
            wrong = [item.id for item in self.items if item.gives is not Gives.STATE]
            faults += [f"item '{name}' must give a state, in a {self.kind.value}" for name in wrong]
        return faults

    def _faults_of_thresholds(self) -> list[str]:
        if (self.kind is Kind.ROUTE) != bool(self.thresholds):
            return [f"thresholds and the kind '{Kind.ROUTE.value}' go together"]
        gives = {item.id: item.gives for item in self.items}
        required = {item.id for item in self.items if item.required}
        faults = [
            f"item '{name}' must give a {kind.value}, in a route"
            for name, kind in (("on", Gives.DATE), ("area", Gives.TEXT))
            if gives.get(name, kind) is not kind
        ]
        for place, threshold in enumerate(self.thresholds, start=1):
            faults += [
                f"threshold {place} needs an item '{name}' that gives a {kind.value}"
                for name, kind in threshold.items_needed.items()
                if gives.get(name) is not kind
            ]
            faults += [
                f"item '{name}' must be required: threshold {place} reads it"
                for name in threshold.items_always_read
                if name in gives and name not in required
            ]
        return faults

"""A protective order as a record: its terms, its steps and what they make of it. Knows no storage.

Each change is a step, and no step is ever changed. A variation or renewal is a copy that points at its
predecessor, which applies until the copy is in effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, StrictBool, StringConstraints, model_validator

from engine.domain.base import Code, Frozen
from engine.domain.orders.conditions import MOST_CONDITIONS, ConditionGiven, StoredCondition

Why = Annotated[str, StringConstraints(min_length=3, max_length=600)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class OrderAct(StrEnum):
    """A step of an order."""

    CONSIDERED = "considered"
    NOT_SOUGHT = "not sought"
    SOUGHT = "sought"
    INTERIM = "interim order made"
    MADE = "made"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    HEARING = "hearing listed"
    SERVICE_TRIED = "service attempted"
    SERVED = "served"
    VARIED = "varied"
    RENEWED = "renewed"
    DISCHARGED = "discharged"
    APPEALED = "appealed"
    NOTIFIED = "police notified by the respondent"
    NAME_USED = "new name used"
    MOVED = "moved home"
    NO_HOME = "home lost"
    ATTENDED = "requirement attended"
    MISSED = "requirement missed"
    NOT_REPORTED = "requirement not reported"


class OrderState(StrEnum):
    """The state that the steps make. Expiry is worked out at every read and not stored."""

    CONSIDERED = "considered"
    NOT_SOUGHT = "not sought"
    SOUGHT = "sought"
    INTERIM = "interim"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SERVED = "served"
    VARIED = "varied"
    RENEWED = "renewed"
    DISCHARGED = "discharged"
    EXPIRED = "expired"
    APPEALED = "appealed"


class Relation(StrEnum):
    """The relation of an order to an earlier one."""

    VARIES = "varies"
    RENEWS = "renews"
    REPLACES_INTERIM = "replaces the interim order"
    INTERIM_TO = "is interim to the application"


_LEADS_TO = {
    OrderAct.CONSIDERED: OrderState.CONSIDERED,
    OrderAct.NOT_SOUGHT: OrderState.NOT_SOUGHT,
    OrderAct.SOUGHT: OrderState.SOUGHT,
    OrderAct.INTERIM: OrderState.INTERIM,
    OrderAct.MADE: OrderState.GRANTED,
    OrderAct.REFUSED: OrderState.REFUSED,
    OrderAct.WITHDRAWN: OrderState.WITHDRAWN,
    OrderAct.SERVED: OrderState.SERVED,
    OrderAct.DISCHARGED: OrderState.DISCHARGED,
    OrderAct.APPEALED: OrderState.APPEALED,
}
_SUCCEEDED = {
    Relation.RENEWS: OrderState.RENEWED,
    Relation.VARIES: OrderState.VARIED,
    Relation.REPLACES_INTERIM: OrderState.EXPIRED,
}
FIRST_ACTS = frozenset({OrderAct.CONSIDERED, OrderAct.SOUGHT, OrderAct.MADE})
"""The acts that a record of an order begins with."""
_NEEDS_REASON = frozenset(
    {OrderAct.NOT_SOUGHT, OrderAct.REFUSED, OrderAct.WITHDRAWN, OrderAct.DISCHARGED, OrderAct.APPEALED}
)
_NEEDS_CONDITION = frozenset({OrderAct.ATTENDED, OrderAct.MISSED, OrderAct.NOT_REPORTED})
REQUIREMENT_ACTS = _NEEDS_CONDITION


class StandardOfProof(StrEnum):
    """The standard of proof that the court applied."""

    CIVIL = "civil"
    CRIMINAL = "criminal"


class ServedHow(StrEnum):
    """A way of service."""

    IN_PERSON = "in person"
    AT_COURT = "at court"
    IN_CUSTODY = "in custody"
    POST = "by post"
    OTHER = "another way that the court allowed"


class ProtectedPersonGiven(Frozen):
    """A person whom an order protects: the victim of the case, or another, whose name goes to the vault."""

    is_victim: StrictBool = True
    victim_of: str | None = None
    """The reference of another case whose victim the order protects too."""
    name: Annotated[str, StringConstraints(min_length=2, max_length=120)] | None = Field(
        default=None, repr=False
    )
    is_child: StrictBool | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if self.is_victim and self.name is not None:
            raise ValueError("the victim of the case is protected: leave 'name' out")
        if not self.is_victim and self.name is None:
            raise ValueError("a protected person who is not the victim needs a 'name'; it goes to the vault")
        if self.victim_of is not None and not self.is_victim:
            raise ValueError("'victim_of' is for the victim of another case; leave it out")
        return self


class StoredProtectedPerson(Frozen):
    """The same as stored: of another person than the victim only the reference in the vault."""

    is_victim: bool
    case: str
    sealed: str | None = None
    is_child: bool | None = None


class CourtTerms(Frozen):
    """The terms of the court, without conditions and persons. A blank is not recorded."""

    type: Code
    court: Code | None = None
    court_name: Short | None = None
    force: Short | None = None
    case_number: Short | None = None
    made: date | None = None
    in_effect: date | None = None
    ends: date | None = None
    years: int | None = Field(default=None, ge=1, le=100)
    days: int | None = Field(default=None, ge=1, le=36_500)
    until_further_order: StrictBool = False
    given_at: datetime | None = None
    """Of a notice: the instant when it was given, as a clock in London shows it."""
    arrested: date | None = None
    months: int | None = Field(default=None, ge=1, le=1_200)
    respondent_is_child: StrictBool | None = None
    respondent_age: int | None = Field(default=None, ge=10, le=120)
    standard_of_proof: StandardOfProof | None = None
    soa_part_2_at_making: StrictBool | None = None
    soa_part_2: StrictBool | None = None
    soa_part_2_ends: date | None = None
    interim_expired_before: date | None = None
    """Of records made before it was worked out from the interim order on record: nothing reads it."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.given_at is not None and self.given_at.tzinfo is not None:
            raise ValueError("'given_at' is local time: leave the offset out")
        if self.respondent_age is not None and self.respondent_is_child is (self.respondent_age >= 18):
            raise ValueError("'respondent_age' and 'respondent_is_child' differ; correct one")
        return self

    @property
    def is_of_child(self) -> bool:
        """True if the respondent is recorded as under 18."""
        return bool(self.respondent_is_child) or (
            self.respondent_age is not None and self.respondent_age < 18
        )


class OrderGiven(CourtTerms):
    """An order as a person records it, from its first known step."""

    act: OrderAct = OrderAct.MADE
    on: date | None = None
    """The date of the first step, if it is not the making of the order."""
    why: Why | None = None
    protected: Annotated[tuple[ProtectedPersonGiven, ...], Field(min_length=1, max_length=20)] = (
        ProtectedPersonGiven(),
    )
    conditions: Annotated[tuple[ConditionGiven, ...], Field(max_length=MOST_CONDITIONS)] = ()
    replaces_interim: str | None = None
    """The reference of the interim order that this full order replaces."""
    interim_to: str | None = None
    """The reference of the application that this interim order waits for."""

    @model_validator(mode="after")
    def _begins_somewhere(self) -> Self:
        if self.act not in FIRST_ACTS:
            raise ValueError("'act': a record begins with 'considered', 'sought' or 'made'")
        if self.act is OrderAct.MADE and self.made is None and self.given_at is None:
            raise ValueError("'made': give the date when the order was made, or of a notice 'given_at'")
        if self.interim_expired_before is not None:
            raise ValueError(
                "'interim_expired_before': leave it out, and record the interim order: it is worked out from "
                "the orders on record"
            )
        return self


class OrderTerms(CourtTerms):
    """The terms as they are stored."""

    protected: tuple[StoredProtectedPerson, ...]
    conditions: tuple[StoredCondition, ...] = ()


class StepGiven(Frozen):
    """One step as a person records it. ``why`` and ``note`` are free text, masked before others read it."""

    act: OrderAct
    on: date
    at_time: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    how: ServedHow | None = None
    why: Why | None = None
    condition: int | None = Field(default=None, ge=1)
    terms: OrderTerms | None = None
    """The terms from this step on; only a step that makes or changes the order has them."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.act in _NEEDS_REASON and self.why is None:
            raise ValueError(f"'why': an order that is '{self.act.value}' needs the reason")
        if self.act is OrderAct.SERVED and self.how is None:
            raise ValueError("'how': give how the order was served, for instance 'in person'")
        if (self.condition is not None) != (self.act in _NEEDS_CONDITION):
            raise ValueError("'condition': give the number of the requirement, and only with its result")
        return self


@dataclass(frozen=True)
class StoredStep:
    """A step as stored; ``is_erased`` is one whose content a retention decision removed.

    It is not checked again: the record wrote what it had checked, and a list reads tens of thousands of them.
    """

    number: int
    case: str
    act: OrderAct
    on: date
    given: StepGiven | None
    by: str
    at: datetime

    @property
    def is_erased(self) -> bool:
        """True if only the envelope is left."""
        return self.given is None


@dataclass(frozen=True, kw_only=True)
class StoredOrder:
    """An order with its steps, oldest first, and its cases. As a step it is not checked again."""

    reference: str
    type: str
    cases: tuple[str, ...]
    steps: tuple[StoredStep, ...]
    earlier: tuple[tuple[Relation, str], ...] = ()
    """The orders that this one varies, renews or replaces, or is interim to."""
    successors: tuple[tuple[Relation, str, date | None], ...] = ()
    """Orders that vary, renew or replace this one, with the start date of each."""
    by: str
    at: datetime

    @cached_property
    def terms(self) -> OrderTerms | None:
        """The terms that the newest step gave; None if they were erased."""
        step = self.terms_step
        return step.given.terms if step is not None and step.given is not None else None

    @cached_property
    def terms_step(self) -> StoredStep | None:
        """The newest step that gave terms; None if they were erased."""
        return next((step for step in reversed(self.steps) if step.given and step.given.terms), None)

    @cached_property
    def _by_act(self) -> dict[OrderAct, tuple[StoredStep, ...]]:
        """The steps of each act: a list of all orders asks for them many times."""
        found: dict[OrderAct, tuple[StoredStep, ...]] = {}
        for step in self.steps:
            found[step.act] = (*found.get(step.act, ()), step)
        return found

    def first(self, act: OrderAct) -> StoredStep | None:
        """Return the first step of this act."""
        return next(iter(self._by_act.get(act, ())), None)

    def all_of(self, act: OrderAct) -> tuple[StoredStep, ...]:
        """Return every step of this act, oldest first."""
        return self._by_act.get(act, ())

    def is_to(self, relation: Relation) -> str | None:
        """Return the earlier order that it has this relation to."""
        return next((reference for each, reference in self.earlier if each is relation), None)

    @cached_property
    def stored_state(self) -> OrderState:
        """The state by its steps, without the passing of time."""
        return next(_LEADS_TO[s.act] for s in reversed(self.steps) if s.act in _LEADS_TO)

    @property
    def was_made(self) -> bool:
        """True if a court made it or a notice was given."""
        return OrderAct.MADE in self._by_act

    @cached_property
    def made(self) -> date | None:
        """The date made, or given."""
        terms = self.terms
        if terms is None or not self.was_made:
            return None
        return terms.made or (terms.given_at.date() if terms.given_at else None)

    @cached_property
    def in_effect(self) -> date | None:
        """Its start date: the date made, unless the court set another; None while it is not made."""
        made, terms = self.made, self.terms
        return None if made is None or terms is None else terms.in_effect or made

    @property
    def served(self) -> date | None:
        """The date of service."""
        step = self.first(OrderAct.SERVED)
        return step.on if step else None

    def hearing_after(self, day: date) -> date | None:
        """Return the next listed hearing on or after a date."""
        return min((s.on for s in self.all_of(OrderAct.HEARING) if s.on >= day), default=None)

    def last_day(self, by_rule: date | None) -> date | None:
        """Return its last date: by its own term, or earlier by discharge or by its successor."""
        last = by_rule
        for step in self.all_of(OrderAct.DISCHARGED):
            last = step.on if last is None else min(last, step.on)
        for _, _, start in self.successors:
            if start is not None:
                before = start - timedelta(days=1)
                last = before if last is None else min(last, before)
        return last

    def state_on(self, day: date, *, by_rule: date | None) -> OrderState:
        """Return the state on a date; ``by_rule`` is its last date by its own term."""
        state = self.stored_state
        if state in {OrderState.DISCHARGED, OrderState.REFUSED, OrderState.WITHDRAWN}:
            return state
        for relation, _, start in reversed(self.successors):
            if start is not None and start <= day and self.was_made:
                return _SUCCEEDED[relation]
        if self.was_made and by_rule is not None and by_rule < day:
            return OrderState.EXPIRED
        return state

    def applies_on(self, day: date, *, by_rule: date | None) -> bool:
        """Return whether it applies on a date, served or not."""
        start, last = self.in_effect, self.last_day(by_rule)
        return start is not None and start <= day and (last is None or day <= last)

"""Orders as one person sees them: on a case, in a list, and on the card for police. Knows no storage."""

from __future__ import annotations

from datetime import date

from engine.domain.base import Frozen, Instant
from engine.domain.orders.dates import OrderDate, Span
from engine.domain.orders.notices import NoticeView
from engine.domain.orders.orders import OrderAct, OrderState, Relation
from engine.domain.orders.protection import Protection

TEXT_WITHHELD = "Text not shown: ask the person who recorded it"


class ConditionView(Frozen):
    """A condition as a card shows it: who, what, where, when and until, in this order always."""

    number: int
    title: str
    must: str
    who: str
    what: str
    where: str
    when: str
    until: str
    wording: str
    is_sealed: bool = False
    is_checked: bool = True
    is_current: bool = True
    """True if its own period includes today."""
    attended: int = 0
    missed: int = 0
    not_reported: int = 0
    is_requirement: bool = False

    @property
    def results(self) -> str:
        """The results of a requirement, each counted on its own."""
        return f"attended {self.attended}, missed {self.missed}, not reported {self.not_reported}"


class StepView(Frozen):
    """A step of an order as one person reads it."""

    number: int
    act: OrderAct
    on: date
    said: str
    why: str | None
    by: str
    at: Instant


class ProtectedPersonView(Frozen):
    """A protected person without a name: the victim of a case that is open to this person, or another."""

    number: int
    says: str
    is_victim: bool
    is_child: bool | None


NOT_VERIFIED = "Not verified: the text was not read. Ask."


class LawLine(Frozen):
    """One topic of the law of a type of order, with its section, and how and when it was read.

    Without ``rests_on`` it was not read, and no consequence is shown.
    """

    topic: str
    says: str
    rests_on: str | None = None
    source: str | None = None
    read: str | None = None

    @property
    def citation(self) -> str:
        """The section, and how and when it was read."""
        return "; ".join(each for each in (self.rests_on, self.read) if each)


class OrderView(Frozen):
    """One order, within one person's access."""

    reference: str
    type: str
    name: str
    cases: tuple[str, ...]
    state: OrderState
    applies: bool
    """True if it applies today, served or not."""
    applies_today: Protection
    """The answer whether it applies today and, where it must be, is served; if not, with the gap."""
    court: str
    force: str
    case_number: str
    made: date | None
    in_effect: date | None
    served: date | None
    served_how: str | None
    last_day: date | None
    end_in_words: str
    needs_service: bool
    standard_of_proof: str
    respondent: str
    is_of_child: bool
    protected: tuple[ProtectedPersonView, ...]
    conditions: tuple[ConditionView, ...]
    library: int | None
    dates: tuple[OrderDate, ...]
    steps: tuple[StepView, ...]
    service_attempts: int
    breach: str
    breach_rests_on: str | None
    law: tuple[LawLine, ...]
    earlier: tuple[tuple[Relation, str], ...]
    successors: tuple[tuple[Relation, str, date | None], ...]
    span: Span | None
    public_text: str
    next_acts: tuple[OrderAct, ...]
    is_checked: bool
    is_erased: bool = False

    @property
    def consequence(self) -> str:
        """The consequence of a breach, with its act and section."""
        return f"{self.breach}, {self.breach_rests_on}" if self.breach_rests_on else self.breach

    @property
    def is_served(self) -> bool:
        """True if service is recorded, or its type has no service of its own."""
        return self.served is not None or not self.needs_service


class ContradictionView(Frozen):
    """Two conditions of two orders that do not agree."""

    about: str
    one_says: str
    other_says: str
    next: str
    found_by: str


class CriterionView(Frozen):
    """One criterion of section 1: what on the record bears on it, what is missing, what speaks against.

    ``dissent`` has the texts of dissents from the decision, apart: a person reads which way one speaks.
    """

    code: str
    asks: str
    evidence: tuple[str, ...]
    gaps: tuple[str, ...]
    against: tuple[str, ...]
    dissent: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Its parts by name, in order: each is always there, but for dissent that a decision has not."""
        parts = (("on the record", self.evidence), ("missing", self.gaps), ("speaks against", self.against))
        return (*parts, ("dissent, as recorded", self.dissent)) if self.dissent else parts


NATIONAL_NUMBERS = "999 in danger, 101 otherwise (no other number is set)"
"""They answer at any hour; shown where the operator has set no other number."""


class CardView(Frozen):
    """The current conditions, for police who are called at night."""

    at: Instant
    respondent: str
    orders: tuple[str, ...]
    must_not: tuple[str, ...]
    must: tuple[str, ...]
    breaches: tuple[str, ...]
    not_served: tuple[str, ...]
    police_lead: str | None
    call: str
    """A number that answers at any hour: the lead of a case does not."""
    gap: str | None = None
    """The sentence of a gap: orders were made, and none applies that is served where it needs to be."""
    unchecked: int = 0
    erased: int = 0
    """Orders that were made and whose content was erased: whether they apply is not known."""

    @property
    def erased_in_words(self) -> str | None:
        """A sentence on orders whose content was erased; None if there are none."""
        if not self.erased:
            return None
        orders = "1 order was" if self.erased == 1 else f"{self.erased} orders were"
        return f"{orders} made, and the content erased: ask the police lead what applies."

    @property
    def is_empty(self) -> bool:
        """True if no recorded order applies now."""
        return not self.orders


class OrdersOnCase(Frozen):
    """All orders of one case, within one person's access."""

    reference: str
    orders: tuple[OrderView, ...]
    applies_today: Protection
    uncovered: tuple[tuple[date, date], ...]
    contradictions: tuple[ContradictionView, ...]
    criteria: tuple[CriterionView, ...]
    card: CardView
    notices: tuple[NoticeView, ...]
    may_record: bool

    @property
    def known(self) -> tuple[OrderKnown, ...]:
        """Each by its type and dates."""
        return tuple(
            OrderKnown(reference=each.reference, type=each.type, made=each.made, in_effect=each.in_effect)
            for each in self.orders
        )

    @property
    def current(self) -> tuple[OrderView, ...]:
        """Those that apply today."""
        return tuple(order for order in self.orders if order.applies)

    @property
    def not_reached(self) -> tuple[NoticeView, ...]:
        """Notices that are overdue, or where an attempt did not reach the victim."""
        return tuple(notice for notice in self.notices if notice.stays_on_top)

    def next_date(self, today: date) -> OrderDate | None:
        """Return the next date that is open."""
        dates = [d for order in self.orders for d in order.dates if d.is_open and d.day is not None]
        return min((d for d in dates if d.day and d.day >= today), key=lambda d: d.day or today, default=None)


class OrdersForReview(Frozen):
    """The current orders of a case and their open dates, for a conference that decides on it.

    ``until`` is the date of the next review, or 28 days ahead where none is recorded.
    """

    recorded: int
    applies_today: Protection
    current: tuple[OrderView, ...]
    dates: tuple[OrderDate, ...]
    until: date
    is_review: bool


class OrderKnown(Frozen):
    """A recorded order by its type and its dates, to compare another with it."""

    reference: str
    type: str
    made: date | None
    in_effect: date | None


class OrdersInBrief(Frozen):
    """The orders of a case in the cell of a strip: how many apply, and what presses; None if nothing does."""

    in_words: str
    gap: str | None = None
    """The sentence of a gap: orders were made, and none applies today; before all that presses."""
    pressing: str | None = None
    made: tuple[date, ...] = ()
    """The dates when they were made, for those that were."""
    known: tuple[OrderKnown, ...] = ()


class OrderLine(Frozen):
    """One date of one order on the list of all orders."""

    order: str
    cases: tuple[str, ...]
    name: str
    court: str
    force: str
    status: str
    date: OrderDate
    applies_today: Protection | None = None
    """The answer whether the order applies today; None outside the list of all orders."""


class OrdersPage(Frozen):
    """Dates that start, are awaited, due or expire, within one person's access."""

    today: date
    until: date
    recorded: int
    current: int
    """The number that apply today, and beneath it the number of their cases."""
    current_cases: int
    unchecked: tuple[str, ...]
    """Types with an order that was made and whose end software does not check."""
    gaps: tuple[OrderLine, ...] = ()
    """Cases, not closed, where orders were made and none applies today: before all other lines."""
    lines: tuple[OrderLine, ...]
    stages: tuple[tuple[str, int], ...]
    forces: tuple[str, ...]
    courts: tuple[str, ...]
    types: tuple[tuple[str, str], ...]


def orders_in_words(current: int, recorded: int) -> str:
    """Return what the record says about orders, for a list or a strip: none recorded is not "none"."""
    if not recorded:
        return "not recorded"
    return f"{current} current" if current else "none current that is recorded"

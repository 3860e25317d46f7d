"""Plans in a list: the lines that one viewer may see, a filter over them, and their order.

Pure. Lines are short, so that thousands of plans can be counted in one read; only a page is read in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from engine.domain.base import Code, Frozen
from engine.domain.cases.lifecycle import State
from engine.domain.conference.risk import Domain
from engine.domain.plans.actions import OPEN_STATUSES, ActionStatus, DepartureReason
from engine.domain.plans.approval import WhyNot
from engine.domain.plans.changes import NotDecidedByPolice
from engine.domain.plans.reviews import ReviewCause, is_brought_forward
from engine.domain.plans.versions import PlanState

TableForm = Literal["csv", "xlsx"]
"""The kinds of file that a list of plans is exported as."""
WEEKS = 8
"""So many weeks are shown ahead, the present one first."""
_NO_DATE = date.max


class Wishes(StrEnum):
    """The victim's wishes beside a plan. Not recorded is neither of the other two."""

    FOLLOWED = "followed"
    DEPARTED = "departed from"
    NOT_RECORDED = "not recorded"


class ListedBy(StrEnum):
    """The order of a list: a plan with its actions, or one action after another by its owner."""

    CASE = "by case"
    OWNER = "by owner"


class DueIn(StrEnum):
    """When an open action is due, as seen today. A week is Monday to Sunday."""

    OVERDUE = "overdue"
    WEEK_1 = "week-1"
    WEEK_2 = "week-2"
    WEEK_3 = "week-3"
    WEEK_4 = "week-4"
    WEEK_5 = "week-5"
    WEEK_6 = "week-6"
    WEEK_7 = "week-7"
    WEEK_8 = "week-8"
    LATER = "later"


_BY_WEEK = tuple(each for each in DueIn if each.value.startswith("week-"))


class ActionOwner(NamedTuple):
    """The owner of an action: a user, or a person by name."""

    agency: str
    owner: str
    owner_user: str | None


class ActionLine(NamedTuple):
    """One action of a plan, without its text. Its agency delivers it now where it ``is_live``.

    ``changed_at`` is the moment of its newest report; without one, that of its content. ``done_at`` is when
    it was reported as done, ``content`` the inner number of its content.
    """

    reference: str
    agency: str
    owner: str
    owner_user: str | None
    due: date
    status: ActionStatus
    serves: Domain | None
    is_urgent: bool
    is_live: bool
    changed_at: datetime
    done_at: datetime | None = None
    content: int = 0

    @property
    def is_open(self) -> bool:
        """True if it is still to be done."""
        return self.status in OPEN_STATUSES

    def due_in(self, today: date) -> DueIn | None:
        """Return when it is due, if it is in delivery and open."""
        return due_in(self.due, today) if self.is_live and self.is_open else None


class PlanFacts(NamedTuple):
    """The facts of a plan for figures and filters over many: those with the same are counted at once."""

    state: PlanState
    is_delivered: bool
    wishes: Wishes
    departure: DepartureReason | None
    not_recorded_because: WhyNot | None
    has_informer: bool


class PlanLine(NamedTuple):
    """One plan without its texts; its actions are those in delivery, or those proposed before an approval.

    ``review`` is the date that was set; ``review_causes`` are the reasons why a review is due today.
    """

    case: str
    plan: str
    version: int
    state: PlanState
    in_delivery: int | None
    review: date | None
    wishes: Wishes
    departure: DepartureReason | None
    not_recorded_because: WhyNot | None
    has_informer: bool
    actions: tuple[ActionLine, ...]
    review_causes: tuple[ReviewCause, ...] = ()
    on_case: State = State.IN_DELIVERY
    """The state of its case."""

    @property
    def facts(self) -> PlanFacts:
        """Its facts for figures and filters."""
        return PlanFacts(
            state=self.state,
            is_delivered=self.in_delivery is not None,
            wishes=self.wishes,
            departure=self.departure,
            not_recorded_because=self.not_recorded_because,
            has_informer=self.has_informer,
        )


class Owner(Frozen):
    """A person as the owner of actions: by user name, or by the name in an action without a user."""

    user: str
    agency: str
    display_name: str

    def owns(self, action: ActionLine | ActionOwner) -> bool:
        """Return whether the action is this person's."""
        if action.agency != self.agency:
            return False
        if action.owner_user is not None:
            return action.owner_user == self.user
        return action.owner.casefold() == self.display_name.casefold()


class PlanFilter(Frozen):
    """A viewer's choice among the plans. An ended plan is listed only where that state is chosen."""

    state: PlanState | None = None
    agency: Code | None = None
    due: DueIn | None = None
    serves: Domain | None = None
    wishes: Wishes | None = None
    overdue: bool = False
    owner: Owner | None = None
    to_do: bool = False
    """Only open actions that are in delivery."""

    @property
    def picks_actions(self) -> bool:
        """True if it lets through some actions of a plan and others not."""
        return self.overdue or self.to_do or any((self.agency, self.due, self.serves, self.owner))

    def has_action(self, action: ActionLine, *, today: date) -> bool:
        """Return whether an action is let through."""
        return (
            (self.agency is None or action.agency == self.agency)
            and (self.owner is None or self.owner.owns(action))
            and (not self.to_do or (action.is_live and action.is_open))
            and (self.serves is None or action.serves is self.serves)
            and (self.due is None or action.due_in(today) is self.due)
            and (not self.overdue or action.due_in(today) is DueIn.OVERDUE)
        )

    def has_plan(self, plan: PlanFacts) -> bool:
        """Return whether a plan is let through, its actions apart."""
        is_in_state = self.state in (None, plan.state) or (
            self.state is PlanState.IN_DELIVERY and plan.is_delivered and plan.state is not PlanState.ENDED
        )
        return is_in_state and self.wishes in (None, plan.wishes)


EVERY_PLAN = PlanFilter()


class Chosen(NamedTuple):
    """A plan that a filter let through, with its actions that the filter let through, by due date."""

    plan: PlanLine
    actions: tuple[ActionLine, ...]


def due_in(due: date, today: date) -> DueIn:
    """Return the part of the next weeks that a date falls into."""
    if due < today:
        return DueIn.OVERDUE
    weeks = (due - monday_of(today)).days // 7
    return _BY_WEEK[weeks] if weeks < WEEKS else DueIn.LATER


def monday_of(day: date) -> date:
    """Return the Monday of its week."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """Return the Sunday of its week."""
    return monday_of(day) + timedelta(days=6)


def in_order(actions: Iterable[ActionLine]) -> tuple[ActionLine, ...]:
    """Return actions by due date, those that are no longer open last."""
    return tuple(sorted(actions, key=lambda action: (not action.is_open, action.due, action.reference)))


def choose(plans: Iterable[PlanLine], wanted: PlanFilter, *, today: date) -> list[Chosen]:
    """Return the plans that a filter lets through: the earliest open action first, so overdue ones lead."""
    chosen = []
    for plan in plans:
        if not wanted.has_plan(plan.facts):
            continue
        actions = in_order(a for a in plan.actions if wanted.has_action(a, today=today))
        if actions or not wanted.picks_actions:
            chosen.append(Chosen(plan, actions))
    chosen.sort(key=lambda each: (_first_due(each.actions), each.plan.case))
    return chosen


def by_owner(chosen: Sequence[Chosen], *, names: Mapping[str, str]) -> list[Chosen]:
    """Return the same actions one by one: by the agency's name and owner, then by due date; closed ones last.

    ``names`` are the agencies' names by code.
    """
    return sorted(_one_by_one(chosen), key=lambda each: _owner_order(each.actions[0], names))


def by_due_date(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return the same actions one by one, by due date."""
    return sorted(_one_by_one(chosen), key=lambda each: (each.actions[0].due, each.actions[0].reference))


def _one_by_one(chosen: Sequence[Chosen]) -> list[Chosen]:
    return [Chosen(each.plan, (action,)) for each in chosen for action in each.actions]


def _owner_order(action: ActionLine, names: Mapping[str, str]) -> tuple[str, bool, str, date, str]:
    agency = names.get(action.agency, action.agency)
    return agency, not action.is_open, action.owner.casefold(), action.due, action.reference


def _first_due(actions: Sequence[ActionLine]) -> date:
    return next((action.due for action in actions if action.is_open), _NO_DATE)


class ListedAction(Frozen):
    """One action as a list shows it. A viewer who may not see names gets None as ``owner``."""

    reference: str
    what: str
    library_title: str | None
    agency: str
    owner: str | None
    owner_user: str | None
    due: date
    status: ActionStatus
    overdue: bool
    serves: Domain | None
    is_urgent: bool
    is_live: bool
    evidence: str | None


class ListedPlan(Frozen):
    """One plan as a list shows it, with the actions that the filter let through.

    ``review`` is the date that was set, ``review_due`` that of the next review, which is today where
    ``review_causes`` bring it forward. ``not_decided`` are incidents without a recorded police
    decision. A viewer who may not see names gets None for ``victim`` and ``perpetrator``. ``others``
    counts the actions that the filter left out.
    """

    case: str
    plan: str
    version: int
    in_delivery: int | None
    state: PlanState
    review: date | None
    review_due: date | None
    wishes: Wishes
    departure: DepartureReason | None
    not_recorded_because: WhyNot | None
    victim: str | None
    perpetrator: str | None
    perpetrator_status: str | None
    actions: tuple[ListedAction, ...]
    others: int
    review_causes: tuple[ReviewCause, ...] = ()
    not_decided: tuple[NotDecidedByPolice, ...] = ()

    @property
    def departs_from_wishes(self) -> bool | None:
        """Return whether the plan departs from the victim's wishes; None where none are recorded."""
        return None if self.wishes is Wishes.NOT_RECORDED else self.wishes is Wishes.DEPARTED

    def brought_forward(self, *, most: int | None = None) -> str | None:
        """Return one line on a review that is due before its date, and at ``most`` so many reasons.

        None where it was not brought forward.
        """
        if not is_brought_forward(self.review_causes):
            return None
        planned = f"from {self.review:%-d %B %Y}" if self.review else "(no date was recorded)"
        shown = self.review_causes[:most]
        more = len(self.review_causes) - len(shown)
        reasons = [cause.says for cause in shown] + ([f"And {more} more."] if more else [])
        return f"Brought forward {planned} because: {' '.join(reasons)}"

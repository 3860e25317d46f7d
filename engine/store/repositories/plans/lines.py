"""Short lines of many plans, for lists that count and order them. Reads no text; cuts before it reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Result, Select, Table, func, select
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.conference.risk import Domain
from engine.domain.plans.actions import ActionStatus, DepartureReason
from engine.domain.plans.approval import Need, WhyNot
from engine.domain.plans.lists import ActionLine, PlanLine, Wishes
from engine.domain.plans.versions import plan_state
from engine.store.among import among as is_among
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.plans.action_rows import in_newest_plan, in_plan, report_on, was_reported
from engine.store.repositories.review_dates import review_dates
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.plans import ActionRow, ActionVersionRow, PlanApprovalRow, PlanNeedRow, PlanRow

_AT_ONCE = 500
_WISHES = (Need.VICTIMS_WISHES.value, Need.WHO_INFORMS.value)


class PlanLines:
    """Reads one line for each plan and each of its actions, in five queries whatever their number."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_cases(
        self,
        may_see: VisibilityFilter,
        *,
        states: Collection[State],
        among: Sequence[str] | None = None,
        always: bool = False,
    ) -> tuple[PlanLine, ...]:
        """Return the plans of the involvements in these states that the viewer may see, in no order.

        ``among`` are the references of some involvements, in place of all. With ``always`` the database is
        asked the same where none of them has a plan.
        """
        number, in_states = col(InvolvementRow.id), sorted(state.value for state in states)
        cut: list[ColumnElement[bool]] = [col(InvolvementRow.state).in_(in_states)]
        if among is None:
            return self._read([*cut, *may_see.of(number)], always=always)
        parts = (among[start : start + _AT_ONCE] for start in range(0, len(among), _AT_ONCE))
        return tuple(
            line
            for some in parts
            for line in self._read(
                [*cut, *may_see.of_each(number), col(InvolvementRow.ref).in_(some)],
                always=always,
            )
        )

    def _read(self, where: Sequence[ColumnElement[bool]], *, always: bool) -> tuple[PlanLine, ...]:
        plans: dict[int, list[_Plan]] = defaultdict(list)
        for plan in map(_Plan._make, self._rows(_plans(where))):
            plans[plan.number].append(plan)
        if not plans and not always:
            return ()
        where = [is_among(col(InvolvementRow.id), list(plans) or [0])]
        reviews = {read.number: read.on for read in map(_Review._make, self._rows(_reviews(where)))}
        approved = {read.number: read.version for read in map(_Approved._make, self._rows(_approvals(where)))}
        recorded: dict[int, dict[str, _Recorded]] = defaultdict(dict)
        for need in map(_Recorded._make, self._rows(_needs(where))):
            recorded[need.number][need.need] = need
        actions: dict[int, dict[str, list[_Version]]] = defaultdict(dict)
        for version in map(_Version._make, self._rows(_versions(where))):
            actions[version.number].setdefault(version.ref, []).append(version)
        return tuple(
            _line(
                of_case,
                approved=approved.get(number),
                review=reviews.get(number),
                recorded=recorded.get(number, {}),
                actions=actions.get(number, {}),
            )
            for number, of_case in plans.items()
        )

    def _rows(self, query: Select[*tuple[object, ...]]) -> Result[*tuple[object, ...]]:
        return self._session.connection().execute(query)


class _Review(NamedTuple):
    """The date of the next review. ``number`` is the involvement's own, in here only."""

    number: int
    on: date | None


class _Approved(NamedTuple):
    """The version of a plan that was approved last."""

    number: int
    version: int


class _Plan(NamedTuple):
    """One version of a plan."""

    number: int
    case: str
    state: str
    ref: str
    version: int
    departs: bool
    departure: str | None
    asks_approval: bool | None
    actions: Sequence[str]


class _Recorded(NamedTuple):
    """One record of one need."""

    number: int
    need: str
    why_not: str | None
    plan_departs: bool | None
    is_named: bool


class _Version(NamedTuple):
    """One stored version of an action."""

    number: int
    ref: str
    version: int
    plan_version: int | None
    agency: str
    owner: str
    owner_user: str | None
    due: date
    serves: str | None
    is_urgent: bool | None
    departs: bool | None
    status: str
    is_report: bool | None
    restores: int | None
    at: datetime
    id: int


def _plans(where: Sequence[ColumnElement[bool]]) -> Select[*tuple[object, ...]]:
    return (
        select(
            col(InvolvementRow.id),
            col(InvolvementRow.ref),
            col(InvolvementRow.state),
            col(PlanRow.ref),
            col(PlanRow.version),
            col(PlanRow.departs_from_wishes).is_not(None),
            col(PlanRow.departure_reason),
            col(PlanRow.asks_approval),
            col(PlanRow.action_refs),
        )
        .join(PlanRow, col(PlanRow.involvement_id) == col(InvolvementRow.id))
        .where(*where)
        .order_by(col(InvolvementRow.id), col(PlanRow.version))
    )


def _approvals(where: Sequence[ColumnElement[bool]]) -> Select[*tuple[object, ...]]:
    return (
        select(col(InvolvementRow.id), func.max(PlanApprovalRow.plan_version))
        .join(PlanApprovalRow, col(PlanApprovalRow.involvement_id) == col(InvolvementRow.id))
        .where(*where)
        .group_by(col(InvolvementRow.id))
    )


def _reviews(where: Sequence[ColumnElement[bool]]) -> Select[*tuple[object, ...]]:
    dates = review_dates(*where)
    return select(dates.c.involvement_id, dates.c.review_on)


def _needs(where: Sequence[ColumnElement[bool]]) -> Select[*tuple[object, ...]]:
    """Return what was recorded about the wishes and who informs the victim; the newest is read last."""
    return (
        select(
            col(InvolvementRow.id),
            col(PlanNeedRow.need),
            col(PlanNeedRow.why_not),
            col(PlanNeedRow.plan_departs),
            col(PlanNeedRow.informs_person).is_not(None),
        )
        .join(PlanNeedRow, col(PlanNeedRow.involvement_id) == col(InvolvementRow.id))
        .where(col(PlanNeedRow.need).in_(_WISHES), *where)
        .order_by(col(PlanNeedRow.id))
    )


def _versions(where: Sequence[ColumnElement[bool]]) -> Select[*tuple[object, ...]]:
    versions: Table = ActionVersionRow.__table__  # type: ignore[attr-defined]
    return (
        select(
            col(ActionRow.involvement_id),
            col(ActionRow.ref),
            versions.c.version,
            versions.c.plan_version,
            versions.c.agency,
            versions.c.owner,
            versions.c.owner_user,
            versions.c.due,
            versions.c.serves,
            versions.c.is_urgent,
            versions.c.departs_from_wishes,
            versions.c.status,
            versions.c.is_report,
            versions.c.restores,
            versions.c.at,
            versions.c.id,
        )
        .join_from(InvolvementRow, ActionRow, col(ActionRow.involvement_id) == col(InvolvementRow.id))
        .join(versions, versions.c.action_id == col(ActionRow.id))
        .where(*where)
        .order_by(col(ActionRow.id), versions.c.version)
    )


def _line(
    plans: Sequence[_Plan],
    *,
    approved: int | None,
    review: date | None,
    recorded: Mapping[str, _Recorded],
    actions: Mapping[str, Sequence[_Version]],
) -> PlanLine:
    newest = plans[-1]
    in_delivery = _in_delivery(plans, approved)
    lines = tuple(_action_lines(plans, in_delivery, actions))
    wishes, informs = recorded.get(Need.VICTIMS_WISHES.value), recorded.get(Need.WHO_INFORMS.value)
    departs = newest.departs or any(
        in_newest_plan(actions[ref]).departs for ref in newest.actions if ref in actions
    )
    departs = departs or (wishes is not None and wishes.plan_departs is True)
    return PlanLine(
        case=newest.case,
        plan=newest.ref,
        version=newest.version,
        state=plan_state(
            State(newest.state),
            is_approved=in_delivery == newest.version,
            asks_approval=newest.asks_approval is True,
        ),
        in_delivery=in_delivery,
        review=review,
        wishes=_wishes(wishes, departs=departs),
        departure=DepartureReason(newest.departure) if newest.departure else None,
        not_recorded_because=WhyNot(wishes.why_not) if wishes and wishes.why_not else None,
        has_informer=informs is not None and informs.is_named,
        actions=lines,
        on_case=State(newest.state),
    )


def _in_delivery(plans: Sequence[_Plan], approved: int | None) -> int | None:
    """Return the version in delivery: the one approved last, or the last of before plans were approved."""
    return approved or max((p.version for p in plans if p.asks_approval is None), default=None)


def _wishes(recorded: _Recorded | None, *, departs: bool) -> Wishes:
    if departs:
        return Wishes.DEPARTED
    is_recorded = recorded is not None and recorded.why_not is None
    return Wishes.FOLLOWED if is_recorded else Wishes.NOT_RECORDED


def _action_lines(
    plans: Sequence[_Plan],
    in_delivery: int | None,
    actions: Mapping[str, Sequence[_Version]],
) -> Iterable[ActionLine]:
    """Yield the actions in delivery; without an approval all, though only urgent ones are delivered.

    Those that were not read are left out.
    """
    newest = plans[-1]
    if in_delivery in (newest.version, None):
        for ref in _read_of(newest, actions):
            content = in_newest_plan(actions[ref])
            yield _action(content, actions[ref], is_live=in_delivery is not None or content.is_urgent is True)
        return
    urgent = {ref for ref in _read_of(newest, actions) if in_newest_plan(actions[ref]).is_urgent}
    approved = next(plan for plan in plans if plan.version == in_delivery)
    for ref in _read_of(approved, actions):
        delivered = in_plan(actions[ref], in_delivery or 0)
        if ref not in urgent and delivered is not None:
            yield _action(delivered, actions[ref], is_live=True)
    for ref in newest.actions:
        if ref in urgent:
            yield _action(in_newest_plan(actions[ref]), actions[ref], is_live=True)


def _read_of(plan: _Plan, actions: Mapping[str, Sequence[_Version]]) -> list[str]:
    return [ref for ref in plan.actions if ref in actions]


def _action(content: _Version, versions: Sequence[_Version], *, is_live: bool) -> ActionLine:
    newest, report = versions[-1], report_on(versions)
    status = ActionStatus(newest.status)
    return ActionLine(
        reference=content.ref,
        agency=content.agency,
        owner=content.owner,
        owner_user=content.owner_user,
        due=content.due,
        status=status,
        serves=Domain(content.serves) if content.serves else None,
        is_urgent=content.is_urgent is True,
        is_live=is_live,
        changed_at=(report if report is not None and was_reported(report) else newest).at,
        done_at=newest.at if status is ActionStatus.DONE else None,
        content=content.id,
    )

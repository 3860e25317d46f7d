"""Recent changes on the cases that a viewer may see: reads ids, dates and codes, and no text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from engine.domain.cases.due import OF_FIGURES
from engine.domain.cases.lifecycle import State
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.recent import RecentChange, RecentKind
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.due import DueRow
from engine.store.tables.plans import ActionRow, ActionVersionRow, PlanApprovalRow, PlanRow


@dataclass(frozen=True)
class Lately:
    """The changes that are asked for: since when, on the cases in these states that this viewer may see.

    What the viewer did is left out.
    """

    since: datetime
    may_see: VisibilityFilter
    states: Collection[State]
    viewer: str

    def cases(self) -> list[ColumnElement[bool]]:
        """Return the conditions on an involvement, for what has an index of its times.

        The state is an expression: by its index the database would read all cases in these states, and not
        the few changes of these days.
        """
        states = sorted(each.value for each in self.states)
        in_states = col(InvolvementRow.state).concat("").in_(states)
        return [in_states, *self.may_see.of_each(col(InvolvementRow.id))]


class RecentChanges:
    """Reads the changes of some days, in as many queries whatever the number of cases."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_plans(self, lately: Lately) -> Iterator[RecentChange]:
        """Yield plans that were saved or approved, in no order."""
        saved = (
            select(
                col(InvolvementRow.ref),
                col(PlanRow.ref),
                col(PlanRow.version),
                col(PlanRow.by),
                col(PlanRow.at),
            )
            .join(PlanRow, col(PlanRow.involvement_id) == col(InvolvementRow.id))
            .where(col(PlanRow.at) >= lately.since, col(PlanRow.by) != lately.viewer, *lately.cases())
        )
        for case, plan, version, by, at in self._session.execute(saved).all():
            yield RecentChange(
                kind=RecentKind.VERSION, case=case, reference=plan, version=version, by=by, at=at
            )
        approved = (
            select(
                col(InvolvementRow.ref),
                func.min(PlanRow.ref),
                col(PlanApprovalRow.plan_version),
                col(PlanApprovalRow.by),
                col(PlanApprovalRow.at),
            )
            .join(PlanApprovalRow, col(PlanApprovalRow.involvement_id) == col(InvolvementRow.id))
            .join(PlanRow, col(PlanRow.involvement_id) == col(InvolvementRow.id))
            .where(
                col(PlanApprovalRow.at) >= lately.since,
                col(PlanApprovalRow.by) != lately.viewer,
                col(PlanRow.version) == col(PlanApprovalRow.plan_version),
                *lately.cases(),
            )
            .group_by(
                col(InvolvementRow.ref),
                col(PlanApprovalRow.plan_version),
                col(PlanApprovalRow.by),
                col(PlanApprovalRow.at),
            )
        )
        for case, plan, version, by, at in self._session.execute(approved).all():
            yield RecentChange(
                kind=RecentKind.APPROVAL, case=case, reference=plan, version=version, by=by, at=at
            )

    def of_actions(self, lately: Lately) -> Iterator[RecentChange]:
        """Yield reports on actions, in no order; of one action the newest."""
        reports = (
            select(
                col(InvolvementRow.ref),
                col(ActionRow.ref),
                col(ActionVersionRow.agency),
                col(ActionVersionRow.status),
                col(ActionVersionRow.by),
                col(ActionVersionRow.at),
                col(ActionVersionRow.id),
            )
            .join(ActionRow, col(ActionRow.involvement_id) == col(InvolvementRow.id))
            .join(ActionVersionRow, col(ActionVersionRow.action_id) == col(ActionRow.id))
            .where(
                col(ActionVersionRow.at) >= lately.since,
                col(ActionVersionRow.is_report).is_(True),
                col(ActionVersionRow.restores).is_(None),
                *lately.cases(),
            )
        )
        # in the order of the database every report would be read, and not the few since then
        in_order = sorted(self._session.execute(reports).all(), key=lambda row: row[-1])
        newest = {row[1]: row for row in in_order}
        for case, action, agency, status, by, at, _ in newest.values():
            if by != lately.viewer:
                yield RecentChange(
                    kind=RecentKind.REPORT,
                    case=case,
                    reference=action,
                    agency=agency,
                    status=ActionStatus(status),
                    by=by,
                    at=at,
                )

    def cases_with_reports(
        self, kind: str, lately: Lately, *, shown: Collection[int], most: int
    ) -> tuple[str, ...]:
        """Return the cases with a plan of the newest reports that the viewer may read, at most so many.

        ``kind`` has rows for the newest reports of each. ``shown`` are the release classes whose reports
        this viewer reads.
        """
        number, newest = col(DueRow.release_class_id), func.max(col(DueRow.sorts_at))
        query = (
            select(col(InvolvementRow.ref))
            .join(DueRow, col(DueRow.involvement_id) == col(InvolvementRow.id))
            .where(
                col(DueRow.kind) == kind,
                col(DueRow.whom) == OF_FIGURES,
                col(DueRow.sorts_at) >= lately.since,
                or_(number.is_(None), number.in_(sorted(shown))),
                *lately.cases(),
            )
            .group_by(col(InvolvementRow.ref))
            .order_by(newest.desc(), col(InvolvementRow.ref))
            .limit(most)
        )
        return tuple(self._session.execute(query).scalars())

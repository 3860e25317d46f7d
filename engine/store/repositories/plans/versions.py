"""Plans and their actions, in append-only versions. What is in delivery is worked out at each reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import MOVES, Act
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.plans.actions import (
    OPEN_STATUSES,
    ActionStatus,
    PlanGiven,
    PlannedAction,
)
from engine.domain.plans.versions import Report, StoredAction, StoredPlan
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.plans.action_rows import (
    ActionVersion,
    action_of,
    in_newest_plan,
    report_on,
    row_of,
)
from engine.store.repositories.plans.delivery import PlanHead, PlanVersion, head_of, plan_of
from engine.store.repositories.references import unused_references
from engine.store.tables.base import table_of
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.plans import ActionRow, ActionVersionRow, PlanApprovalRow, PlanRow

_AT_ONCE = 500
_MAY_BE_APPROVED = frozenset(origin for origin, act in MOVES if act is Act.APPROVE_PLAN)
_Versions = dict[str, list[ActionVersion]]
"""By action its versions, oldest first."""


class Plans:
    """Adds plan versions, reports on actions, reads both."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, reference: str, plan: PlanGiven, *, by: str, at: datetime) -> tuple[str, int]:
        """Store a plan version and return its reference and version.

        Raises NotFoundError if the referral does not exist, ConflictError where a newer version exists, and
        InvalidInputError where it is made on one that does not.
        """
        number = involvement_id(self._session, reference)
        newest = self._newest_row(number)
        version = newest.version if newest else 0
        if newest and plan.base_version != version:
            raise ConflictError(
                "plan of",
                reference,
                yours=Side(by, at, plan.base_version),
                theirs=Side(newest.by, newest.at, version),
            )
        if plan.base_version != version:
            raise InvalidInputError(
                "base_version", "the case has no plan yet; give version 0 for the first plan"
            )
        there = self._versions(col(ActionRow.involvement_id) == number)
        refs = [
            self._keep(number, action, there, plan_version=version + 1, by=by, at=at)
            for action in plan.actions
        ]
        plan_ref = self._add_plan(
            newest,
            PlanRow(
                ref="",
                involvement_id=number,
                version=version + 1,
                reason=plan.reason,
                departs_from_wishes=plan.departs_from_wishes,
                departure_reason=plan.departure_reason.value if plan.departure_reason else None,
                asks_approval=plan.asks_approval,
                action_refs=refs,
                by=by,
                at=at,
            ),
        )
        return plan_ref, version + 1

    def start(self, reference: str, action: PlannedAction, *, why: str, by: str, at: datetime) -> StoredPlan:
        """Store the newest version again with one more action, and return the plan as it is now.

        The other actions, their texts and what the version asks for stay as they are. Raises NotFoundError if
        the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        newest = self._newest_row(number)
        version = newest.version + 1 if newest else 1
        ref = self._keep(number, action, {}, plan_version=version, by=by, at=at)
        self._add_plan(
            newest,
            PlanRow(
                ref="",
                involvement_id=number,
                version=version,
                reason=why,
                departs_from_wishes=newest.departs_from_wishes if newest else None,
                departure_reason=newest.departure_reason if newest else None,
                asks_approval=newest is not None and newest.asks_approval is True,
                action_refs=[*(newest.action_refs if newest else ()), ref],
                by=by,
                at=at,
            ),
        )
        return self.of([reference])[reference]

    def report(
        self,
        action: StoredAction,
        *,
        status: ActionStatus,
        note: str | None,
        done_on: date | None = None,
        sessions: int | None = None,
        minutes: int | None = None,
        sessions_offered: int | None = None,
        by: str,
        at: datetime,
    ) -> StoredAction:
        """Store a report on an action with the content that it is about, and return the action as it is now.

        Raises NotFoundError if the action does not exist.
        """
        row = row_of(action, status, by=by, at=at)
        row.status_note, row.done_on, row.sessions, row.minutes = note, done_on, sessions, minutes
        row.sessions_offered = sessions_offered
        self._add_report(action, row)
        return self._as_reported(action)

    def undo_report(self, action: StoredAction, report: Report, *, by: str, at: datetime) -> StoredAction:
        """Let the report before this one apply again, and return the action as it is now.

        Raises NotFoundError if the action does not exist.
        """
        versions = self._versions(col(ActionRow.ref) == action.reference)[action.reference]
        before = report_on([each for each in versions if each.version < report.version])
        status = ActionStatus(before.status) if before else ActionStatus.NOT_STARTED
        row = row_of(action, status, by=by, at=at)
        row.restores = before.version if before else 0
        self._add_report(action, row)
        return self._as_reported(action)

    def last_report(self, action: str) -> Report | None:
        """Return the report on an action that applies, if it is also the newest; None where it was undone."""
        reports = [
            each
            for each in self._versions(col(ActionRow.ref) == action).get(action, [])
            if each.is_report is True
        ]
        if not reports or reports[-1].restores is not None:
            return None
        return Report(version=reports[-1].version, by=reports[-1].by, at=reports[-1].at)

    def action(self, action: str) -> StoredAction:
        """Return one action with the content that the newest plan has.

        Raises NotFoundError if the action does not exist.
        """
        versions = self._versions(col(ActionRow.ref) == action).get(action)
        if not versions:
            raise NotFoundError("action", action)
        return action_of(versions, in_newest_plan(versions))

    def open_actions(self) -> tuple[StoredAction, ...]:
        """Return every open action that is in delivery, by due date."""
        is_open = _is_open()
        heads = self._heads(col(InvolvementRow.id).in_(select(col(ActionRow.involvement_id)).where(is_open)))
        found = (
            action_of(of_action, content)
            for of_action in self._versions(is_open).values()
            if (head := heads.get(of_action[0].involvement)) is not None
            and (content := head.live_content(of_action)) is not None
        )
        return tuple(sorted(found, key=lambda action: (action.due, action.reference)))

    def asking_approval(self) -> tuple[str, ...]:
        """Return the involvements whose newest plan asks for approval and is not approved, sorted."""
        return tuple(self._session.execute(_asking_approval()).scalars())

    def of(self, references: Sequence[str], *, always: bool = False) -> dict[str, StoredPlan]:
        """Return the newest plan of each of these that has one; ``always`` asks the same where none has."""
        found: dict[str, StoredPlan] = {}
        for start in range(0, len(references), _AT_ONCE):
            some = {"references": list(references[start : start + _AT_ONCE])}
            rows: dict[str, list[PlanRow]] = {}
            for ref, row in self._session.execute(_plans(), some).all():
                rows.setdefault(ref, []).append(row)
            if not rows and not always:
                continue
            approvals: dict[str, list[PlanApprovalRow]] = {}
            for ref, approval in self._session.execute(_approvals(), some).all():
                approvals.setdefault(ref, []).append(approval)
            actions: dict[str, _Versions] = {}
            for action, versions in self._versions_by(_versions_on_cases(), some).items():
                actions.setdefault(versions[0].involvement, {})[action] = versions
            for ref, of_case in rows.items():
                found[ref] = plan_of(of_case, approvals.get(ref, []), actions.get(ref, {}))
        return found

    def _add_plan(self, newest: PlanRow | None, row: PlanRow) -> str:
        """Store a version beside the newest one, and return the plan's reference."""
        row.ref = newest.ref if newest else unused_references(self._session, "plan", col(PlanRow.ref), 1)[0]
        self._session.add(row)
        self._session.flush()
        return row.ref

    def _heads(self, condition: ColumnElement[bool]) -> dict[str, PlanHead]:
        """Return by involvement which versions and actions of its plan are newest and in delivery."""
        plans, approvals = table_of(PlanRow), table_of(PlanApprovalRow)
        approved = self._session.connection().execute(
            select(col(InvolvementRow.ref), func.max(approvals.c.plan_version))
            .join(approvals, approvals.c.involvement_id == col(InvolvementRow.id))
            .where(condition)
            .group_by(col(InvolvementRow.ref))
        )
        last_approved = {row[0]: row[1] for row in approved.all()}
        rows = self._session.connection().execute(
            select(col(InvolvementRow.ref), plans.c.version, plans.c.asks_approval, plans.c.action_refs)
            .join(plans, plans.c.involvement_id == col(InvolvementRow.id))
            .where(condition)
            .order_by(plans.c.version)
        )
        of_cases: dict[str, list[PlanVersion]] = {}
        for ref, version, asks_approval, refs in rows.all():
            of_cases.setdefault(ref, []).append(PlanVersion(version, asks_approval, refs))
        return {ref: head_of(versions, last_approved.get(ref)) for ref, versions in of_cases.items()}

    def _keep(
        self,
        number: int,
        action: PlannedAction,
        there: Mapping[str, list[ActionVersion]],
        *,
        plan_version: int,
        by: str,
        at: datetime,
    ) -> str:
        if action.reference is None:
            ref = unused_references(self._session, "action", col(ActionRow.ref), 1)[0]
            row = ActionRow(ref=ref, involvement_id=number)
            self._session.add(row)
            self._session.flush()
            first = row_of(action, ActionStatus.NOT_STARTED, by=by, at=at)
            self._add_version(first, row.id or 0, version=1, plan_version=plan_version)
            return ref
        versions = there.get(action.reference)
        if not versions:
            # of no plan or of another one, which this person may not know of: as if there were none
            raise NotFoundError("action", action.reference)
        before = action_of(versions, in_newest_plan(versions))
        if action.content != before.content:
            changed = row_of(action, before.status, by=by, at=at)
            number_of_it = self._number_of(action.reference)
            self._add_version(changed, number_of_it, version=before.version + 1, plan_version=plan_version)
        return action.reference

    def _add_report(self, action: StoredAction, row: ActionVersionRow) -> None:
        row.is_report = True
        newest = self.action(action.reference).version
        self._add_version(
            row,
            self._number_of(action.reference),
            version=newest + 1,
            plan_version=action.plan_version,
        )

    def _as_reported(self, action: StoredAction) -> StoredAction:
        """Return the action with the same content and the report that applies now."""
        versions = self._versions(col(ActionRow.ref) == action.reference)[action.reference]
        return action_of(versions, versions[-1])

    def _add_version(
        self, row: ActionVersionRow, action: int, *, version: int, plan_version: int | None
    ) -> None:
        row.action_id, row.version, row.plan_version = action, version, plan_version
        self._session.add(row)
        self._session.flush()

    def _number_of(self, action: str) -> int:
        numbered = select(col(ActionRow.id)).where(col(ActionRow.ref) == action)
        return int(self._session.execute(numbered).scalar_one() or 0)

    def _newest_row(self, number: int) -> PlanRow | None:
        return self._session.execute(
            select(PlanRow)
            .where(col(PlanRow.involvement_id) == number)
            .order_by(col(PlanRow.version).desc())
            .limit(1)
        ).scalar_one_or_none()

    def _versions(self, condition: ColumnElement[bool]) -> _Versions:
        return self._versions_by(_versions_where(condition))

    def _versions_by(
        self, query: Select[*tuple[object, ...]], values: Mapping[str, object] | None = None
    ) -> _Versions:
        found: _Versions = {}
        for row in self._session.connection().execute(query, values).all():
            version = ActionVersion._make(row)
            found.setdefault(version.ref, []).append(version)
        return found


_ON_CASES = col(InvolvementRow.ref).in_(bindparam("references", expanding=True))


@cache
def _is_open() -> ColumnElement[bool]:
    """Build the condition of an action whose newest version is open."""
    newer, versions = aliased(ActionVersionRow), table_of(ActionVersionRow)
    newest = (
        select(func.max(newer.version))
        .where(col(newer.action_id) == versions.c.action_id)
        .correlate(versions)
        .scalar_subquery()
    )
    still_open = select(versions.c.action_id).where(
        versions.c.status.in_([status.value for status in OPEN_STATUSES]),
        versions.c.version == newest,
    )
    return col(ActionRow.id).in_(still_open)


@cache
def _asking_approval() -> Select[str]:
    newer, approval = aliased(PlanRow), aliased(PlanApprovalRow)
    newest = (
        select(func.max(newer.version))
        .where(col(newer.involvement_id) == col(PlanRow.involvement_id))
        .correlate(PlanRow)
        .scalar_subquery()
    )
    is_approved = (
        select(col(approval.id))
        .where(
            col(approval.involvement_id) == col(PlanRow.involvement_id),
            col(approval.plan_version) == col(PlanRow.version),
        )
        .exists()
    )
    return (
        select(col(InvolvementRow.ref))
        .join(PlanRow, col(PlanRow.involvement_id) == col(InvolvementRow.id))
        .where(
            col(InvolvementRow.state).in_([state.value for state in _MAY_BE_APPROVED]),
            col(PlanRow.asks_approval).is_(True),
            ~is_approved,
            col(PlanRow.version) == newest,
        )
        .order_by(col(InvolvementRow.ref))
    )


@cache
def _plans() -> Select[str, PlanRow]:
    """Build it once in a process, as those below: each page and each act on a plan asks for it."""
    return (
        select(col(InvolvementRow.ref), PlanRow)
        .join(PlanRow, col(PlanRow.involvement_id) == col(InvolvementRow.id))
        .where(_ON_CASES)
        .order_by(col(PlanRow.version))
    )


@cache
def _approvals() -> Select[str, PlanApprovalRow]:
    return (
        select(col(InvolvementRow.ref), PlanApprovalRow)
        .join(PlanApprovalRow, col(PlanApprovalRow.involvement_id) == col(InvolvementRow.id))
        .where(_ON_CASES)
        .order_by(col(PlanApprovalRow.plan_version))
    )


@cache
def _versions_on_cases() -> Select[*tuple[object, ...]]:
    return _versions_where(_ON_CASES)


def _versions_where(condition: ColumnElement[bool]) -> Select[*tuple[object, ...]]:
    """Return versions of actions, past the ORM: a worklist has more than a thousand."""
    versions = table_of(ActionVersionRow)
    own: list[ColumnElement[object]] = [versions.c[name] for name in ActionVersion._fields[2:]]
    return (
        select(col(ActionRow.ref), col(InvolvementRow.ref), *own)
        .join_from(versions, ActionRow, versions.c.action_id == col(ActionRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(ActionRow.involvement_id))
        .where(condition)
        .order_by(versions.c.action_id, versions.c.version)
    )

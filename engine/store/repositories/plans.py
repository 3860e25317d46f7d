"""Plans and their actions, in append-only versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.involvement import StoredAction, StoredPlan
from engine.domain.conference.risk import Domain
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, Side
from engine.domain.plans import OPEN_STATUSES, ActionStatus, PlanGiven, PlannedAction
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.plans import ActionRow, ActionVersionRow, PlanRow


class Plans:
    """Adds plan versions, changes actions, reads both."""

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
        refs = [self._keep(number, action, by=by, at=at) for action in plan.actions]
        plan_ref = newest.ref if newest else unused_references(self._session, "plan", col(PlanRow.ref), 1)[0]
        self._session.add(
            PlanRow(
                ref=plan_ref,
                involvement_id=number,
                version=version + 1,
                reason=plan.reason,
                departs_from_wishes=plan.departs_from_wishes,
                action_refs=refs,
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return plan_ref, version + 1

    def act(
        self, action: str, *, status: ActionStatus, note: str | None, by: str, at: datetime
    ) -> StoredAction:
        """Store a new status of one action and return the action as it is now.

        Raises NotFoundError if the action does not exist.
        """
        before = self.action(action)
        row = self._session.execute(select(ActionRow).where(col(ActionRow.ref) == action)).scalar_one()
        self._session.add(
            ActionVersionRow(
                action_id=row.id or 0,
                version=before.version + 1,
                what=before.what,
                agency=before.agency,
                owner=before.owner,
                due=before.due,
                serves=before.serves.value if before.serves else None,
                status=status.value,
                status_note=note,
                by=by,
                at=at,
            )
        )
        self._session.flush()
        return self.action(action)

    def action(self, action: str) -> StoredAction:
        """Return one action in its newest version. Raises NotFoundError if the action does not exist."""
        found = self._actions(col(ActionRow.ref) == action)
        if not found:
            raise NotFoundError("action", action)
        return found[0]

    def open_actions(self) -> tuple[StoredAction, ...]:
        """Return every open action of a newest plan, by due date."""
        return tuple(
            sorted(
                self._actions(col(ActionVersionRow.status).in_([s.value for s in OPEN_STATUSES])),
                key=lambda action: (action.due, action.reference),
            )
        )

    def of(self, references: Sequence[str]) -> dict[str, StoredPlan]:
        """Return the newest plan of each of these involvements that has one."""
        found: dict[str, StoredPlan] = {}
        for start in range(0, len(references), 500):
            part = references[start : start + 500]
            newest = (
                select(func.max(PlanRow.version))
                .where(col(PlanRow.involvement_id) == col(InvolvementRow.id))
                .correlate(InvolvementRow)
                .scalar_subquery()
            )
            rows = self._session.execute(
                select(col(InvolvementRow.ref), PlanRow)
                .join(PlanRow, col(PlanRow.involvement_id) == col(InvolvementRow.id))
                .where(col(InvolvementRow.ref).in_(part), col(PlanRow.version) == newest)
            ).all()
            actions: dict[str, dict[str, StoredAction]] = {}
            for action in self._actions(col(InvolvementRow.ref).in_(part)):
                actions.setdefault(action.involvement, {})[action.reference] = action
            for ref, row in rows:
                found[ref] = StoredPlan(
                    reference=row.ref,
                    version=row.version,
                    reason=row.reason,
                    departs_from_wishes=row.departs_from_wishes,
                    actions=tuple(actions.get(ref, {})[a] for a in row.action_refs),
                    by=row.by,
                    at=row.at,
                )
        return found

    def _keep(self, number: int, action: PlannedAction, *, by: str, at: datetime) -> str:
        if action.reference is None:
            ref = unused_references(self._session, "action", col(ActionRow.ref), 1)[0]
            row = ActionRow(ref=ref, involvement_id=number)
            self._session.add(row)
            self._session.flush()
            self._add_version(row.id or 0, action, version=1, status=ActionStatus.NOT_STARTED, by=by, at=at)
            return ref
        before = self.action(action.reference)
        stored = self._session.execute(
            select(ActionRow).where(col(ActionRow.ref) == action.reference)
        ).scalar_one()
        if stored.involvement_id != number:
            # of another plan, which this person may not know of: as if there were none
            raise NotFoundError("action", action.reference)
        given = (action.what, action.agency, action.owner, action.due, action.serves)
        if given != (before.what, before.agency, before.owner, before.due, before.serves):
            self._add_version(
                stored.id or 0, action, version=before.version + 1, status=before.status, by=by, at=at
            )
        return action.reference

    def _add_version(
        self, number: int, action: PlannedAction, *, version: int, status: ActionStatus, by: str, at: datetime
    ) -> None:
        self._session.add(
            ActionVersionRow(
                action_id=number,
                version=version,
                what=action.what,
                agency=action.agency,
                owner=action.owner,
                due=action.due,
                serves=action.serves.value if action.serves else None,
                status=status.value,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def _newest_row(self, number: int) -> PlanRow | None:
        return self._session.execute(
            select(PlanRow)
            .where(col(PlanRow.involvement_id) == number)
            .order_by(col(PlanRow.version).desc())
            .limit(1)
        ).scalar_one_or_none()

    def _actions(self, condition: object) -> list[StoredAction]:
        newer = aliased(ActionVersionRow)
        newest = (
            select(func.max(newer.version))
            .where(col(newer.action_id) == col(ActionRow.id))
            .correlate(ActionRow)
            .scalar_subquery()
        )
        versions: Table = ActionVersionRow.__table__  # type: ignore[attr-defined]
        rows = self._session.connection().execute(  # past the ORM: a worklist has more than a thousand
            select(versions, col(ActionRow.ref).label("ref"), col(InvolvementRow.ref).label("involvement"))
            .join(ActionRow, versions.c.action_id == col(ActionRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ActionRow.involvement_id))
            .where(versions.c.version == newest, condition)  # type: ignore[arg-type]
        )
        return [_action(row) for row in rows.all()]


def _action(row: Row[*tuple[Any, ...]]) -> StoredAction:
    due: date = row.due
    return StoredAction(
        reference=row.ref,
        involvement=row.involvement,
        version=row.version,
        what=row.what,
        agency=row.agency,
        owner=row.owner,
        due=due,
        serves=Domain(row.serves) if row.serves else None,
        status=ActionStatus(row.status),
        status_note=row.status_note,
        by=row.by,
        at=row.at,
    )

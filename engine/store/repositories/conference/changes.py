"""The newest row of each kind that a case page shows, in one query: what screens compare. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import CompoundSelect, Select, String, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from engine.domain.conference.changes import ChangeKind, NewestRow
from engine.domain.responses.answers import Stage
from engine.store.tables.cases.incidents import IncidentReportRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import DecisionRow, DissentEntryRow
from engine.store.tables.plans import ActionRow, ActionVersionRow, PlanApprovalRow, PlanNeedRow, PlanRow
from engine.store.tables.responses.answers import AnswerRow, RequestRow


class CaseChanges:
    """Reads the newest rows of cases."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, case: str, episode: Sequence[str]) -> tuple[NewestRow, ...]:
        """Return the newest row of each kind: of responses by agency, of incidents by release class.

        Incidents are those of all these involvements of its ``episode``.
        """
        rows = self._session.execute(_newest(), {"case": case, "episode": list(episode)}).all()
        return tuple(
            NewestRow(kind=ChangeKind(kind), of=of or "", number=int(number))
            for kind, of, number in rows
            if number is not None
        )


@cache
def _newest() -> CompoundSelect[str, str | None, int | None]:
    """Build it once in a process: that takes longer than running it."""
    number = (
        select(col(InvolvementRow.id)).where(col(InvolvementRow.ref) == bindparam("case")).scalar_subquery()
    )
    of_episode = select(col(InvolvementRow.id)).where(
        col(InvolvementRow.ref).in_(bindparam("episode", expanding=True))
    )

    def newest(kind: ChangeKind, row: Mapped[int | None]) -> Select[str, str, int | None]:
        return select(
            literal(kind.value).label("kind"), literal("").label("of"), func.max(row).label("number")
        )

    of_case = [
        newest(kind, col(row.id)).where(col(row.involvement_id) == number)
        for kind, row in (
            (ChangeKind.DECISION, DecisionRow),
            (ChangeKind.DISSENT, DissentEntryRow),
            (ChangeKind.PLAN, PlanRow),
            (ChangeKind.NEED, PlanNeedRow),
            (ChangeKind.APPROVAL, PlanApprovalRow),
        )
    ]
    actions = (
        newest(ChangeKind.ACTION, col(ActionVersionRow.id))
        .join(ActionRow, col(ActionRow.id) == col(ActionVersionRow.action_id))
        .where(col(ActionRow.involvement_id) == number)
    )
    responses = (
        select(literal(ChangeKind.RESPONSE.value), col(RequestRow.agency), func.max(col(AnswerRow.id)))
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .where(col(RequestRow.involvement_id) == number, col(AnswerRow.stage) == Stage.RELEASED.value)
        .group_by(col(RequestRow.agency))
    )
    of_class, report = col(IncidentReportRow.release_class_id), col(IncidentReportRow.id)
    incidents = (
        select(literal(ChangeKind.INCIDENT.value), cast(of_class, String), func.max(report))
        .where(col(IncidentReportRow.involvement_id).in_(of_episode))
        .group_by(of_class)
    )
    return union_all(*of_case, actions, responses, incidents)

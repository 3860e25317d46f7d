"""Agencies' responses, in counts and times over all cases that are not restricted. Names no case.

It reads one thing from a response's content, why it failed: the reason, and of records that cannot be read
the engine's own sentence on them, which names a file, a line and a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Subquery, and_, case, func, literal, select, union_all
from sqlmodel import Session, col

from engine.domain.agencies.health import AgencyFigures
from engine.domain.cases.lifecycle import State
from engine.domain.responses.answers import FailureReason, Stage
from engine.store.repositories.access.restrictions import not_restricted
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.responses.answers import AnswerConfirmedRow, AnswerRow, RequestRow

_FAILED = "failed"
_PLUGIN = "plugin %"
_OF_RECORDS = (FailureReason.BAD_RECORDS, FailureReason.EXTRACT_NOT_WHOLE)


class AgencyFiguresRead:
    """Counts and times of requests and answers, by agency's code."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def figures(self, *, at: datetime, open_states: Iterable[State]) -> dict[str, AgencyFigures]:
        """Return the figures, at this instant, of each agency that was ever asked."""
        fields: dict[str, dict[str, object]] = {}
        for agency, waiting, overdue, oldest in self._waiting(at, open_states):
            fields.setdefault(agency, {}).update(
                waiting=waiting, overdue=overdue or 0, oldest_waiting_asked_at=oldest
            )
        for agency, released_at in self._released():
            fields.setdefault(agency, {})["last_released_at"] = released_at
        newest_failure: dict[str, datetime] = {}
        for agency, reason, last in self._calls():
            known = fields.setdefault(agency, {})
            if reason is None:
                known["last_success_at"] = last
            elif newest_failure.get(agency) is None or last > newest_failure[agency]:
                newest_failure[agency] = last
                known.update(last_failure_at=last, last_failure=FailureReason(reason))
        for agency, known in fields.items():
            if known.get("last_failure") in _OF_RECORDS:
                known["records_fault"] = self._records_fault(agency)
        return {
            code: AgencyFigures.model_validate({"agency": code, **known}) for code, known in fields.items()
        }

    def failures(self, *, since: datetime) -> dict[str, dict[FailureReason, int]]:
        """Return the number of failures of each agency's plugin since then, by reason.

        A repeated failure counts again.
        """
        call = self._call_events()
        rows = self._session.execute(
            select(call.c.agency, call.c.reason, func.count())
            .where(call.c.at >= since, call.c.reason.is_not(None))
            .group_by(call.c.agency, call.c.reason)
        ).all()
        found: dict[str, dict[FailureReason, int]] = {}
        for agency, reason, count in rows:
            found.setdefault(agency, {})[FailureReason(reason)] = int(count)
        return found

    def hours_to_release(self, *, since: datetime) -> dict[str, list[float]]:
        """Return the hours from request to release of each answer first released since then."""
        first = func.min(AnswerRow.at)
        rows = self._session.execute(
            select(col(RequestRow.agency), col(RequestRow.asked_at), first)
            .join(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
            .where(_is_good_release(), not_restricted(col(RequestRow.involvement_id)))
            .group_by(col(RequestRow.id), col(RequestRow.agency), col(RequestRow.asked_at))
            .having(first >= since)
        ).all()
        found: dict[str, list[float]] = {}
        for agency, asked_at, released_at in rows:
            hours = (released_at - asked_at).total_seconds() / 3600
            found.setdefault(agency, []).append(hours)
        return found

    def _waiting(self, at: datetime, open_states: Iterable[State]) -> Sequence[Row[str, int, int, datetime]]:
        released = select(literal(1)).where(
            col(AnswerRow.request_id) == col(RequestRow.id), _is_good_release()
        )
        return self._session.execute(
            select(
                col(RequestRow.agency),
                func.count(),
                func.sum(case((col(RequestRow.due_at) < at, 1), else_=0)),
                func.min(RequestRow.asked_at),
            )
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(
                col(InvolvementRow.state).in_([state.value for state in open_states]),
                ~released.exists(),
                not_restricted(col(InvolvementRow.id)),
            )
            .group_by(col(RequestRow.agency))
        ).all()

    def _released(self) -> Sequence[Row[str, datetime]]:
        return self._session.execute(
            select(col(RequestRow.agency), func.max(AnswerRow.at))
            .join(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
            .where(_is_good_release(), not_restricted(col(RequestRow.involvement_id)))
            .group_by(col(RequestRow.agency))
        ).all()

    def _calls(self) -> Sequence[Row[str, str | None, datetime]]:
        call = self._call_events()
        return self._session.execute(
            select(call.c.agency, call.c.reason, func.max(call.c.at)).group_by(call.c.agency, call.c.reason)
        ).all()

    def _records_fault(self, agency: str) -> str | None:
        content = col(AnswerRow.content)
        return self._session.scalar(
            select(content["says"].as_string())
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .where(
                col(RequestRow.agency) == agency,
                col(AnswerRow.kind) == _FAILED,
                content["reason"].as_string().in_([reason.value for reason in _OF_RECORDS]),
                not_restricted(col(RequestRow.involvement_id)),
            )
            .order_by(col(AnswerRow.id).desc())
            .limit(1)
        )

    def _call_events(self) -> Subquery:
        """Return each time a plugin answered or failed: whose it was, why it failed if it did, and when."""
        reason = case((col(AnswerRow.kind) == _FAILED, col(AnswerRow.content)["reason"].as_string()))
        by_plugin = and_(col(AnswerRow.author).like(_PLUGIN), col(AnswerRow.released_by).is_(None))
        first = (
            select(col(RequestRow.agency), reason.label("reason"), col(AnswerRow.at).label("at"))
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .where(by_plugin, not_restricted(col(RequestRow.involvement_id)))
        )
        again = (
            select(col(RequestRow.agency), reason.label("reason"), col(AnswerConfirmedRow.at).label("at"))
            .join(AnswerRow, col(AnswerRow.id) == col(AnswerConfirmedRow.answer_id))
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .where(by_plugin, not_restricted(col(RequestRow.involvement_id)))
        )
        return union_all(first, again).subquery()


def _is_good_release() -> ColumnElement[bool]:
    return and_(col(AnswerRow.stage) == Stage.RELEASED.value, col(AnswerRow.kind) != _FAILED)

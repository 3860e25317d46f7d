"""Agencies' responses, in counts and times over all cases that are not restricted. Names no case.

It reads one thing from a response's content, why it failed: the reason, and of records that cannot be read
the engine's own sentence on them, which names a file, a line and a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    not_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.agencies.health import AgencyFigures
from engine.domain.cases.due import Sign, sign_of
from engine.domain.responses.answers import FailureReason, Stage
from engine.store.repositories.access.restrictions import is_restricted_itself, not_restricted
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.due import DueRow
from engine.store.tables.responses.answers import AnswerConfirmedRow, AnswerRow, RequestRow

_FAILED = "failed"
_PLUGIN = "plugin %"
_AT_ONCE = 500
_OF_RECORDS = (FailureReason.BAD_RECORDS, FailureReason.EXTRACT_NOT_WHOLE)


class AgencyFiguresRead:
    """Counts and times of requests and answers, by agency's code."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def figures(self, *, at: datetime, waiting: str, signs: str) -> dict[str, AgencyFigures]:
        """Return the figures, at this instant, of each agency that was ever asked and waits or responded.

        They are read from the rows of two kinds of what waits: requests that wait, and agencies' signs.
        """
        fields: dict[str, dict[str, object]] = {}
        for agency, number, overdue, oldest in self._waiting(at, waiting):
            fields.setdefault(agency, {}).update(
                waiting=number, overdue=overdue or 0, oldest_waiting_asked_at=oldest
            )
        for agency, whom, last, failure, number in self._newest(signs):
            known = fields.setdefault(agency, {})
            if whom == sign_of(agency, Sign.RELEASED):
                known["last_released_at"] = last
            elif whom == sign_of(agency, Sign.ANSWERED):
                known["last_success_at"] = last
            else:
                known.update(last_failure_at=last, last_failure=FailureReason(failure))
                if known["last_failure"] in _OF_RECORDS:
                    known["records_fault"] = self._records_fault(agency, number)
        return {
            code: AgencyFigures.model_validate({"agency": code, **known}) for code, known in fields.items()
        }

    def signs(self, references: Sequence[str]) -> Iterator[SignGiven]:
        """Yield the last of each sign of each agency on these involvements."""
        for start in range(0, len(references), _AT_ONCE):
            about = {"references": list(references[start : start + _AT_ONCE])}
            connection = self._session.connection()
            for reference, agency, at in connection.execute(_last_releases(), about):
                yield SignGiven(reference, agency, Sign.RELEASED, at)
            newest: dict[tuple[str, str, Sign], SignGiven] = {}
            for reference, agency, reason, at in connection.execute(_last_calls(), about):
                sign = Sign.FAILED if reason else Sign.ANSWERED
                there = newest.get((reference, agency, sign))
                if there is None or at > there.at:
                    failure = FailureReason(reason) if reason else None
                    newest[reference, agency, sign] = SignGiven(reference, agency, sign, at, failure)
            yield from newest.values()

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

    def _waiting(self, at: datetime, kind: str) -> Sequence[Row[str, int, int, datetime]]:
        return self._session.execute(
            select(
                col(DueRow.about),
                func.count(),
                func.sum(case((col(DueRow.due_at) < at, 1), else_=0)),
                func.min(DueRow.since),
            )
            .where(col(DueRow.kind) == kind, not_(is_restricted_itself(col(DueRow.involvement_id))))
            .group_by(col(DueRow.about))
        ).all()

    def _newest(self, kind: str) -> Sequence[Row[str, str, datetime, str, int]]:
        return self._session.connection().execute(_newest_signs(), {"kind": kind}).all()

    def _records_fault(self, agency: str, involvement: int) -> str | None:
        content = col(AnswerRow.content)
        return self._session.scalar(
            select(content["says"].as_string())
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .where(
                col(RequestRow.agency) == agency,
                col(RequestRow.involvement_id) == involvement,
                col(AnswerRow.kind) == _FAILED,
                content["reason"].as_string().in_([reason.value for reason in _OF_RECORDS]),
            )
            .order_by(col(AnswerRow.id).desc())
            .limit(1)
        )

    def _call_events(self) -> Subquery:
        return _calls(not_restricted(col(RequestRow.involvement_id))).subquery()


class SignGiven(NamedTuple):
    """The last of one sign of one agency on one case."""

    case: str
    agency: str
    sign: Sign
    at: datetime
    failure: FailureReason | None = None


def _calls(condition: ColumnElement[bool]) -> CompoundSelect[*tuple[object, ...]]:
    """Return each time a plugin answered or failed: the request, why it failed if it did, and when."""
    reason = case((col(AnswerRow.kind) == _FAILED, col(AnswerRow.content)["reason"].as_string()))
    by_plugin = and_(col(AnswerRow.author).like(_PLUGIN), col(AnswerRow.released_by).is_(None))
    of_request = (col(RequestRow.involvement_id), col(RequestRow.agency), reason.label("reason"))
    first = (
        select(*of_request, col(AnswerRow.at).label("at"))
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .where(by_plugin, condition)
    )
    again = (
        select(*of_request, col(AnswerConfirmedRow.at).label("at"))
        .join(AnswerRow, col(AnswerRow.id) == col(AnswerConfirmedRow.answer_id))
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .where(by_plugin, condition)
    )
    return union_all(first, again)


def _of_these() -> Select[int | None]:
    return select(col(InvolvementRow.id)).where(
        col(InvolvementRow.ref).in_(bindparam("references", expanding=True))
    )


@cache
def _last_releases() -> Select[str, str, datetime]:
    return (
        select(col(InvolvementRow.ref), col(RequestRow.agency), func.max(AnswerRow.at))
        .join(RequestRow, col(RequestRow.involvement_id) == col(InvolvementRow.id))
        .join(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
        .where(_is_good_release(), col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))
        .group_by(col(InvolvementRow.ref), col(RequestRow.agency))
    )


@cache
def _last_calls() -> Select[str, str, str | None, datetime]:
    call = _calls(col(RequestRow.involvement_id).in_(_of_these())).subquery()
    return (
        select(col(InvolvementRow.ref), call.c.agency, call.c.reason, func.max(call.c.at))
        .join(call, call.c.involvement_id == col(InvolvementRow.id))
        .group_by(col(InvolvementRow.ref), call.c.agency, call.c.reason)
    )


@cache
def _newest_signs() -> Select[str, str, datetime, str, int]:
    """Return the newest row of each sign of each agency on a case that is not restricted.

    It goes from sign to sign by the index, and to the newest of each: earlier rows are not read.
    """
    kind: BindParameter[str] = bindparam("kind")
    first, later, newest = aliased(DueRow), aliased(DueRow), aliased(DueRow)
    there = select(func.min(col(first.whom)).label("whom")).where(col(first.kind) == kind).cte(recursive=True)
    after = (
        select(func.min(col(later.whom)))
        .where(col(later.kind) == kind, col(later.whom) > there.c.whom)
        .scalar_subquery()
    )
    each = there.union_all(select(after).where(there.c.whom.is_not(None)))
    last = (
        select(col(newest.id))
        .where(
            col(newest.kind) == kind,
            col(newest.whom) == each.c.whom,
            col(newest.due_at).is_(None),
            not_(is_restricted_itself(col(newest.involvement_id))),
        )
        .order_by(col(newest.sorts_at).desc(), col(newest.id).desc())  # since when, in the order of the index
        .limit(1)
        .correlate(each)
        .scalar_subquery()
    )
    return select(
        col(DueRow.about),
        col(DueRow.whom),
        col(DueRow.since),
        col(DueRow.version),
        col(DueRow.involvement_id),
    ).join(each, col(DueRow.id) == last)


def _is_good_release() -> ColumnElement[bool]:
    return and_(col(AnswerRow.stage) == Stage.RELEASED.value, col(AnswerRow.kind) != _FAILED)

"""Likely breaches with their comparisons and answers, and details of incidents. Decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlmodel import Session, col

from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.errors import NotFoundError
from engine.domain.orders.breaches import (
    BreachResult,
    Comparison,
    ReviewAct,
    ReviewGiven,
    StoredBreach,
    StoredResult,
    StoredReview,
)
from engine.store.among import among
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.references import unused_references
from engine.store.tables.breaches import (
    LikelyBreachResultRow,
    LikelyBreachReviewRow,
    LikelyBreachRow,
)
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.orders import CourtOrderRow

_AT_ONCE = 500
KIND = "likely breach"


class LikelyBreaches:
    """Adds and reads likely breaches, by their reference."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def store(self, comparisons: Sequence[Comparison], *, at: datetime) -> int:
        """Store these comparisons, each a new one of its incident and condition; return their number."""
        if not comparisons:
            return 0
        keys = self._keys({each.incident for each in comparisons})
        incidents = self._incidents({each.incident for each in comparisons})
        orders = self._orders({each.order for each in comparisons})
        fresh = [each for each in comparisons if _key(each) not in keys]
        references = unused_references(self._session, KIND, col(LikelyBreachRow.ref), len(fresh))
        numbers = insert_and_number(
            self._session,
            LikelyBreachRow,
            [
                {
                    "ref": reference,
                    "incident_id": incidents[each.incident][0],
                    "involvement_id": incidents[each.incident][1],
                    "order_id": orders[each.order],
                    "condition": each.condition,
                    "at": at,
                }
                for each, reference in zip(fresh, references, strict=True)
            ],
        )
        keys |= {_key(each): (number, 0) for each, number in zip(fresh, numbers, strict=True)}
        insert_all(
            self._session,
            LikelyBreachResultRow,
            [
                {
                    "breach_id": keys[_key(each)][0],
                    "involvement_id": incidents[each.incident][1],
                    "number": keys[_key(each)][1] + 1,
                    "result": each.result.value,
                    "content": each.model_dump(mode="json"),
                    "at": at,
                }
                for each in comparisons
            ],
        )
        return len(comparisons)

    def review(self, reference: str, given: ReviewGiven, *, result: int, by: str, at: datetime) -> None:
        """Store an answer. Raises NotFoundError if there is no such likely breach."""
        row = self._session.execute(
            select(LikelyBreachRow).where(col(LikelyBreachRow.ref) == reference)
        ).scalar_one_or_none()
        if row is None:
            raise NotFoundError(KIND, reference)
        self._session.add(
            LikelyBreachReviewRow(
                breach_id=int(row.id or 0),
                involvement_id=row.involvement_id,
                act=given.act.value,
                result_number=result,
                content=given.model_dump(mode="json"),
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def find(self, reference: str) -> StoredBreach | None:
        """Return one likely breach; None if it does not exist."""
        return next(iter(self._read([col(LikelyBreachRow.ref) == reference])), None)

    def of(self, cases: Sequence[str], *, always: bool = False) -> tuple[StoredBreach, ...]:
        """Return the likely breaches of these cases, oldest first, in three statements for each 500 cases.

        With ``always`` also where there is none.
        """
        found: list[StoredBreach] = []
        for some in _parts(cases):
            there = select(col(InvolvementRow.id)).where(col(InvolvementRow.ref).in_(some))
            found += self._read([col(LikelyBreachRow.involvement_id).in_(there)], always=always)
        return tuple(found)

    def visible(self, may_see: VisibilityFilter) -> tuple[StoredBreach, ...]:
        """Return the likely breaches of every case that the viewer may see, oldest first."""
        return tuple(self._read([*may_see.of(col(LikelyBreachRow.involvement_id))]))

    def shown(self, cases: Sequence[str], *, classes: Collection[int]) -> frozenset[str]:
        """Return the incidents of these cases with a report, of any version, that is shown."""
        number = col(IncidentReportRow.release_class_id)
        found: set[str] = set()
        for some in _parts(cases):
            rows = self._session.execute(
                select(col(IncidentRow.ref))
                .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
                .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(some), or_(number.is_(None), number.in_(sorted(classes))))
                .distinct()
            ).scalars()
            found.update(rows)
        return frozenset(found)

    def confirmed(self, cases: Sequence[str]) -> frozenset[str]:
        """Return the incidents of these cases that a person confirmed as a breach, by the newest answer.

        An incident that is one with such a one by its crime reference is among them.
        """
        found: dict[str, set[int]] = defaultdict(set)
        for some in _parts(cases):
            rows = self._session.execute(
                select(
                    col(IncidentRow.ref),
                    col(LikelyBreachReviewRow.breach_id),
                    col(LikelyBreachReviewRow.act),
                )
                .join(LikelyBreachRow, col(LikelyBreachRow.id) == col(LikelyBreachReviewRow.breach_id))
                .join(IncidentRow, col(IncidentRow.id) == col(LikelyBreachRow.incident_id))
                .join(InvolvementRow, col(InvolvementRow.id) == col(LikelyBreachRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(some))
                .order_by(col(LikelyBreachReviewRow.id))
            ).all()
            for incident, breach, act in rows:
                if act == ReviewAct.CONFIRMED.value:
                    found[incident].add(breach)
                else:
                    found[incident].discard(breach)
        confirmed = {incident for incident, breaches in found.items() if breaches}
        for alike in self._of_one_crime(cases):
            if not alike.isdisjoint(confirmed):
                confirmed |= alike
        return frozenset(confirmed)

    def _of_one_crime(self, cases: Sequence[str]) -> Iterable[set[str]]:
        """Return incidents of one episode that share the crime reference of one that was answered."""
        found: dict[tuple[int, str], set[str]] = defaultdict(set)
        for some in _parts(cases):
            rows = self._session.execute(_crimes(), {"references": list(some)}).all()
            for incident, episode, shared in rows:
                found[int(episode), str(shared)].add(incident)
        return found.values()

    def _incidents(self, references: Iterable[str]) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for some in _parts(sorted(references)):
            rows = self._session.execute(
                select(col(IncidentRow.ref), col(IncidentRow.id), col(IncidentRow.involvement_id)).where(
                    col(IncidentRow.ref).in_(some)
                )
            ).all()
            found |= {ref: (int(number or 0), int(involvement)) for ref, number, involvement in rows}
        return found

    def _orders(self, references: Iterable[str]) -> dict[str, int]:
        rows = self._session.execute(
            select(col(CourtOrderRow.ref), col(CourtOrderRow.id)).where(
                among(col(CourtOrderRow.ref), list(references))
            )
        ).all()
        return {ref: int(number or 0) for ref, number in rows}

    def _keys(self, incidents: Iterable[str]) -> dict[tuple[str, str, int], tuple[int, int]]:
        """Return by incident, order and condition the number of a likely breach and of its newest result."""
        found: dict[tuple[str, str, int], tuple[int, int]] = {}
        for some in _parts(sorted(incidents)):
            rows = self._session.execute(
                select(
                    col(LikelyBreachRow.id),
                    col(IncidentRow.ref),
                    col(CourtOrderRow.ref),
                    col(LikelyBreachRow.condition),
                    func.max(col(LikelyBreachResultRow.number)),
                )
                .join(IncidentRow, col(IncidentRow.id) == col(LikelyBreachRow.incident_id))
                .join(CourtOrderRow, col(CourtOrderRow.id) == col(LikelyBreachRow.order_id))
                .join(LikelyBreachResultRow, col(LikelyBreachResultRow.breach_id) == col(LikelyBreachRow.id))
                .where(col(IncidentRow.ref).in_(some))
                .group_by(
                    col(LikelyBreachRow.id),
                    col(IncidentRow.ref),
                    col(CourtOrderRow.ref),
                    col(LikelyBreachRow.condition),
                )
            ).all()
            for number, incident, order, condition, newest in rows:
                found[incident, order, condition] = (int(number or 0), int(newest))
        return found

    def _read(self, conditions: list[ColumnElement[bool]], *, always: bool = False) -> list[StoredBreach]:
        """Read likely breaches in three statements, whatever their number."""
        rows = self._session.execute(
            select(LikelyBreachRow, col(InvolvementRow.ref), IncidentRow, col(CourtOrderRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(LikelyBreachRow.involvement_id))
            .join(IncidentRow, col(IncidentRow.id) == col(LikelyBreachRow.incident_id))
            .join(CourtOrderRow, col(CourtOrderRow.id) == col(LikelyBreachRow.order_id))
            .where(*conditions)
            .order_by(col(LikelyBreachRow.id))
        ).all()
        if not rows and not always:
            return []
        wanted = select(col(LikelyBreachRow.id)).where(*conditions)
        results: dict[int, list[StoredResult]] = defaultdict(list)
        for result in self._session.execute(
            select(LikelyBreachResultRow)
            .where(col(LikelyBreachResultRow.breach_id).in_(wanted))
            .order_by(col(LikelyBreachResultRow.number))
        ).scalars():
            results[result.breach_id].append(_result(result))
        reviews: dict[int, list[StoredReview]] = defaultdict(list)
        for review in self._session.execute(
            select(LikelyBreachReviewRow)
            .where(col(LikelyBreachReviewRow.breach_id).in_(wanted))
            .order_by(col(LikelyBreachReviewRow.id))
        ).scalars():
            reviews[review.breach_id].append(_review(review))
        return [
            StoredBreach(
                reference=row.ref,
                case=case,
                incident=incident.ref,
                kind=IncidentKind(incident.kind),  # as reported; the evidence says which kind fits
                happened=PartialDate(incident.happened) if incident.happened else None,
                order=order,
                condition=row.condition,
                results=tuple(results[int(row.id or 0)]),
                reviews=tuple(reviews[int(row.id or 0)]),
                at=row.at,
            )
            for row, case, incident, order in rows
        ]


@cache
def _crimes() -> Select[str, int, str]:
    """Build it once in a process: each page of a case asks for it."""
    crime = func.lower(col(IncidentReportRow.crime_reference))
    answered = (
        select(crime)
        .join(LikelyBreachRow, col(LikelyBreachRow.incident_id) == col(IncidentReportRow.incident_id))
        .join(LikelyBreachReviewRow, col(LikelyBreachReviewRow.breach_id) == col(LikelyBreachRow.id))
        .where(col(IncidentReportRow.crime_reference).is_not(None))
    )
    return (
        select(col(IncidentRow.ref), col(InvolvementRow.episode_id), crime)
        .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(IncidentRow.involvement_id))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)), crime.in_(answered))
    )


def _result(row: LikelyBreachResultRow) -> StoredResult:
    return StoredResult(
        number=row.number,
        result=BreachResult(row.result),
        comparison=None if _is_erased(row.content) else Comparison.model_validate(row.content),
        at=row.at,
    )


def _review(row: LikelyBreachReviewRow) -> StoredReview:
    return StoredReview(
        act=ReviewAct(row.act),
        given=None if _is_erased(row.content) else ReviewGiven.model_validate(row.content),
        result=row.result_number,
        by=row.by,
        at=row.at,
    )


def _is_erased(content: Mapping[str, object]) -> bool:
    return "erased_by" in content


def _key(comparison: Comparison) -> tuple[str, str, int]:
    return comparison.incident, comparison.order, comparison.condition


def _parts(references: Sequence[str]) -> list[list[str]]:
    return [list(references[start : start + _AT_ONCE]) for start in range(0, len(references), _AT_ONCE)]

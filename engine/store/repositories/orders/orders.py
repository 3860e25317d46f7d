"""Protective orders with their cases and steps. Decides nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Text, cast, select
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.errors import NotFoundError
from engine.domain.orders.orders import (
    REQUIREMENT_ACTS,
    OrderAct,
    Relation,
    StepGiven,
    StoredOrder,
    StoredStep,
)
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.orders import (
    CourtOrderCaseRow,
    CourtOrderRelationRow,
    CourtOrderRow,
    CourtOrderStepRow,
)

_AT_ONCE = 500
KIND = "order"
_TERMS = '"terms":'
_ERASED = '"erased_by":'
_ZONE = '"zone":'
_STARTS = '"starts":'
"""Names in a content, of terms and of an erasure; in a text that a person typed quotes are escaped."""


def _serving(cases: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Yield the condition of an order that it serves one of these cases, for some hundred cases each."""
    for start in range(0, len(cases), _AT_ONCE):
        yield col(CourtOrderRow.id).in_(
            select(col(CourtOrderCaseRow.order_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(CourtOrderCaseRow.involvement_id))
            .where(col(InvolvementRow.ref).in_(cases[start : start + _AT_ONCE]))
        )


def _given(content: str, *, terms_only: bool) -> StepGiven:
    """Return a step as it was given; ``terms_only`` without what no list of orders shows."""
    if not terms_only or _STARTS in content:
        return StepGiven.model_validate_json(content)
    written = json.loads(content)
    written["terms"] |= {"conditions": (), "protected": ()}
    return StepGiven.model_validate(written, strict=False)


class Orders:
    """Adds and reads orders, by their reference."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        kind: str,
        case: str,
        step: StepGiven,
        *,
        by: str,
        at: datetime,
    ) -> str:
        """Store an order with its first step and return its reference.

        Raises NotFoundError if the referral does not exist.
        """
        row = CourtOrderRow(
            ref=unused_references(self._session, KIND, col(CourtOrderRow.ref), 1)[0],
            kind=kind,
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        self.join(row.ref, case, by=by, at=at)
        self.add_step(row.ref, case, step, by=by, at=at)
        return row.ref

    def relate(self, order: str, relation: Relation, earlier: str, *, by: str, at: datetime) -> None:
        """Store what an order is to an earlier one. Raises NotFoundError if either does not exist."""
        self._session.add(
            CourtOrderRelationRow(
                order_id=self._number(order),
                earlier_id=self._number(earlier),
                relation=relation.value,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def join(self, order: str, case: str, *, by: str, at: datetime) -> None:
        """Let an order serve a case. Raises NotFoundError if either does not exist."""
        number, involvement = self._number(order), involvement_id(self._session, case)
        there = select(col(CourtOrderCaseRow.id)).where(
            col(CourtOrderCaseRow.order_id) == number, col(CourtOrderCaseRow.involvement_id) == involvement
        )
        if self._session.execute(there).first() is None:
            self._session.add(CourtOrderCaseRow(order_id=number, involvement_id=involvement, by=by, at=at))
            self._session.flush()

    def add_step(self, order: str, case: str, step: StepGiven, *, by: str, at: datetime) -> int:
        """Store a step and return its number. Raises NotFoundError if order or referral does not exist."""
        number = self._number(order)
        before = self._session.execute(
            select(col(CourtOrderStepRow.number))
            .where(col(CourtOrderStepRow.order_id) == number)
            .order_by(col(CourtOrderStepRow.number).desc())
            .limit(1)
        ).scalar_one_or_none()
        row = CourtOrderStepRow(
            order_id=number,
            involvement_id=involvement_id(self._session, case),
            number=(before or 0) + 1,
            act=step.act.value,
            happened_on=step.on,
            content=step.model_dump(mode="json", exclude_none=True),
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row.number

    def find(self, order: str) -> StoredOrder | None:
        """Return one order; None if it does not exist."""
        return next(iter(self._read([col(CourtOrderRow.ref) == order])), None)

    def of(self, cases: Sequence[str], *, always: bool = False) -> tuple[StoredOrder, ...]:
        """Return the orders that serve any of these cases, oldest first, each once.

        With ``always`` the database is asked the same where there is none.
        """
        found: dict[str, StoredOrder] = {}
        for serving in _serving(cases):
            found |= {each.reference: each for each in self._read([serving], always=always)}
        return tuple(sorted(found.values(), key=lambda each: (each.at, each.reference)))

    def served(self, cases: Sequence[str]) -> dict[str, set[str]]:
        """Return by the reference of each of the same orders those of the cases that it serves."""
        found: dict[str, set[str]] = defaultdict(set)
        for start in range(0, len(cases), _AT_ONCE):
            query = (
                select(col(CourtOrderRow.ref), col(InvolvementRow.ref))
                .join(CourtOrderCaseRow, col(CourtOrderCaseRow.order_id) == col(CourtOrderRow.id))
                .join(InvolvementRow, col(InvolvementRow.id) == col(CourtOrderCaseRow.involvement_id))
                .where(col(InvolvementRow.ref).in_(cases[start : start + _AT_ONCE]))
            )
            for order, case in self._session.connection().execute(query):
                found[order].add(case)
        return dict(found)

    def with_zones(self, cases: Sequence[str]) -> list[str]:
        """Return those of these cases with an order whose terms may name a sealed zone: none with one is
        left out.
        """
        found: list[str] = []
        for start in range(0, len(cases), _AT_ONCE):
            found += self._session.execute(
                select(col(InvolvementRow.ref))
                .join(CourtOrderCaseRow, col(CourtOrderCaseRow.involvement_id) == col(InvolvementRow.id))
                .join(CourtOrderStepRow, col(CourtOrderStepRow.order_id) == col(CourtOrderCaseRow.order_id))
                .where(
                    col(InvolvementRow.ref).in_(cases[start : start + _AT_ONCE]),
                    cast(col(CourtOrderStepRow.content), Text).contains(_ZONE),
                )
                .distinct()
            ).scalars()
        return found

    def visible(self, may_see: VisibilityFilter, *, terms_only: bool = False) -> tuple[StoredOrder, ...]:
        """Return every order that serves a case which the viewer may see, oldest first.

        With ``terms_only``, for lists: a step that gave no terms has its act and date, and no content; terms
        have no protected person, and conditions only where one has a start date of its own; results of
        requirements are left out.
        """
        there = select(col(CourtOrderCaseRow.order_id)).where(
            *may_see.of(col(CourtOrderCaseRow.involvement_id))
        )
        return tuple(self._read([col(CourtOrderRow.id).in_(there)], terms_only=terms_only))

    def _number(self, reference: str) -> int:
        number = self._session.execute(
            select(col(CourtOrderRow.id)).where(col(CourtOrderRow.ref) == reference)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError(KIND, reference)
        return int(number)

    def cases_screened(self, may_see: VisibilityFilter) -> dict[str, bool]:
        """Return for every case of those orders, also of the hidden ones, whether it is screened."""
        there = select(col(CourtOrderCaseRow.order_id)).where(
            *may_see.of(col(CourtOrderCaseRow.involvement_id))
        )
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(InvolvementRow.state))
            .join(CourtOrderCaseRow, col(CourtOrderCaseRow.involvement_id) == col(InvolvementRow.id))
            .where(col(CourtOrderCaseRow.order_id).in_(there))
            .distinct()
        ).all()
        return {case: state != State.NOT_SCREENED.value for case, state in rows}

    def _read(
        self, conditions: list[ColumnElement[bool]], *, terms_only: bool = False, always: bool = False
    ) -> Iterator[StoredOrder]:
        """Read orders in five statements, whatever their number."""
        rows = self._session.execute(
            select(
                col(CourtOrderRow.id),
                col(CourtOrderRow.ref),
                col(CourtOrderRow.kind),
                col(CourtOrderRow.by),
                col(CourtOrderRow.at),
            )
            .where(*conditions)
            .order_by(col(CourtOrderRow.id))
        ).all()
        if not rows and not always:
            return
        wanted = select(col(CourtOrderRow.id)).where(*conditions)
        cases, steps = self._cases(wanted), self._steps(wanted, terms_only=terms_only)
        earlier, after = self._earlier(wanted), self._successors(wanted, steps)
        for number, reference, kind, by, at in rows:
            yield StoredOrder(
                reference=reference,
                type=kind,
                cases=tuple(cases[number]),
                steps=tuple(steps[number]),
                earlier=tuple(earlier[number]),
                successors=tuple(after[number]),
                by=by,
                at=at,
            )

    def _cases(self, wanted: object) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        query = (
            select(col(CourtOrderCaseRow.order_id), col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(CourtOrderCaseRow.involvement_id))
            .where(col(CourtOrderCaseRow.order_id).in_(wanted))  # type: ignore[arg-type]  # a select
            .order_by(col(CourtOrderCaseRow.id))
        )
        for number, case in self._session.execute(query).all():
            found[number].append(case)
        return found

    def _steps(self, wanted: object, *, terms_only: bool = False) -> dict[int, list[StoredStep]]:
        found: dict[int, list[StoredStep]] = defaultdict(list)
        query = (
            select(
                col(CourtOrderStepRow.order_id),
                col(CourtOrderStepRow.number),
                col(InvolvementRow.ref),
                col(CourtOrderStepRow.act),
                col(CourtOrderStepRow.happened_on),
                cast(col(CourtOrderStepRow.content), Text),
                col(CourtOrderStepRow.by),
                col(CourtOrderStepRow.at),
            )
            .join(InvolvementRow, col(InvolvementRow.id) == col(CourtOrderStepRow.involvement_id))
            .where(col(CourtOrderStepRow.order_id).in_(wanted))  # type: ignore[arg-type]  # a select
            .order_by(col(CourtOrderStepRow.number))
        )
        if terms_only:
            results = [each.value for each in REQUIREMENT_ACTS]
            query = query.where(col(CourtOrderStepRow.act).not_in(results))
        acts = {each.value: each for each in OrderAct}
        for order, number, case, act, on, content, by, at in self._session.connection().execute(query).all():
            is_left_out = _ERASED in content or (terms_only and _TERMS not in content)
            given = None if is_left_out else _given(content, terms_only=terms_only)
            found[order].append(StoredStep(number, case, acts[act], on, given, by, at))
        return found

    def _earlier(self, wanted: object) -> dict[int, list[tuple[Relation, str]]]:
        found: dict[int, list[tuple[Relation, str]]] = defaultdict(list)
        query = (
            select(
                col(CourtOrderRelationRow.order_id),
                col(CourtOrderRelationRow.relation),
                col(CourtOrderRow.ref),
            )
            .join(CourtOrderRow, col(CourtOrderRow.id) == col(CourtOrderRelationRow.earlier_id))
            .where(col(CourtOrderRelationRow.order_id).in_(wanted))  # type: ignore[arg-type]  # a select
            .order_by(col(CourtOrderRelationRow.id))
        )
        for number, relation, ref in self._session.execute(query).all():
            found[number].append((Relation(relation), ref))
        return found

    def _successors(
        self, wanted: object, there: Mapping[int, Sequence[StoredStep]]
    ) -> dict[int, list[tuple[Relation, str, date | None]]]:
        """Return the orders that came after each, with its start date; ``there`` are steps that were read."""
        found: dict[int, list[tuple[Relation, str, date | None]]] = defaultdict(list)
        rows = self._session.execute(
            select(col(CourtOrderRelationRow.earlier_id), col(CourtOrderRelationRow.relation), CourtOrderRow)
            .join(CourtOrderRow, col(CourtOrderRow.id) == col(CourtOrderRelationRow.order_id))
            .where(
                col(CourtOrderRelationRow.earlier_id).in_(wanted),  # type: ignore[arg-type]  # a select
                col(CourtOrderRelationRow.relation) != Relation.INTERIM_TO.value,
            )
            .order_by(col(CourtOrderRelationRow.id))
        ).all()
        missing = [row.id for _, _, row in rows if row.id not in there]
        steps = {**there, **(self._steps(missing) if missing else {})}
        for number, relation, row in rows:
            after = StoredOrder(
                reference=row.ref,
                type=row.kind,
                cases=(),
                steps=tuple(steps[int(row.id or 0)]),
                by=row.by,
                at=row.at,
            )
            found[number].append((Relation(relation), row.ref, after.in_effect))
        return found

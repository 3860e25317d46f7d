"""Conferences: their states, agendas, items and what their screens showed. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.conference.agenda import Agenda, AgendaItem, AgendaPart, Deferral, ItemPlan
from engine.domain.conference.meetings import Conference, ConferenceState, ItemShown
from engine.domain.conference.timer import ItemTimer
from engine.domain.errors import AgendaChangedError, NotFoundError
from engine.store.repositories.cases.involvements import involvement_id, once_in_reading
from engine.store.repositories.conference import statements
from engine.store.repositories.conference.statements import (
    ConferenceStored,
    ItemStored,
    StepStored,
    conference_id,
)
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.conference import (
    AgendaItemRow,
    AgendaRow,
    ConferenceRecordRow,
    ConferenceStepRow,
    ItemPlanRow,
    ItemShownRow,
    ItemTimerRow,
)

_ENDED = (ConferenceState.CLOSED.value, ConferenceState.AGREED.value)


class Conferences:
    """Adds and reads conferences, by their reference."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        *,
        held_on: date,
        place: str | None,
        chair: str,
        deputy: str | None,
        minute_taker: str | None,
        statement: int,
        by: str,
        at: datetime,
    ) -> str:
        """Store a conference, planned, and return its reference."""
        ref = unused_references(self._session, "conference", col(ConferenceRecordRow.ref), 1)[0]
        row = ConferenceRecordRow(
            ref=ref,
            held_on=held_on,
            place=place,
            chair=chair,
            deputy=deputy,
            minute_taker=minute_taker,
            statement=statement,
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        self._add_step(int(row.id or 0), ConferenceState.PLANNED, by=by, at=at)
        return ref

    def get(self, reference: str) -> Conference:
        """Return a conference. Raises NotFoundError if it does not exist."""
        return once_in_reading(self._session, f"conference {reference}", lambda: self._get(reference))

    def wait_for_turn(self, reference: str) -> None:
        """Let no other transaction turn this conference before this one ends; it reads what was before.

        Raises NotFoundError if it does not exist.
        """
        number = conference_id(self._session, reference)
        query = select(col(ConferenceRecordRow.id)).where(col(ConferenceRecordRow.id) == number)
        self._session.execute(query.with_for_update())

    def all(self) -> tuple[Conference, ...]:
        """Return every conference, the newest date first."""
        rows = self._session.connection().execute(statements.conferences()).all()
        steps = self._steps([int(row[0] or 0) for row in rows])
        return tuple(_conference(row, steps) for row in rows)

    def step(self, reference: str, state: ConferenceState, *, by: str, at: datetime) -> None:
        """Record that a conference came into a state. Raises NotFoundError if it does not exist."""
        self._add_step(conference_id(self._session, reference), state, by=by, at=at)
        self.changed(reference)

    def changed(self, reference: str) -> int:
        """Raise the version that screens ask for, and return it. Raises NotFoundError."""
        raised = self._session.execute(
            update(ConferenceRecordRow)
            .where(col(ConferenceRecordRow.id) == conference_id(self._session, reference))
            .values(version=col(ConferenceRecordRow.version) + 1)
            .returning(col(ConferenceRecordRow.version))
            .execution_options(synchronize_session=False)
        )
        return int(raised.scalar_one())

    def items(self, reference: str) -> dict[int, AgendaItem]:
        """Return the items of a conference by their number, those taken off too.

        Raises NotFoundError if the conference does not exist.
        """
        return once_in_reading(self._session, f"items of {reference}", lambda: self._items(reference))

    def _items(self, reference: str) -> dict[int, AgendaItem]:
        one = {"conference": conference_id(self._session, reference)}
        rows = self._session.connection().execute(statements.items(), one).all()
        return {int(row[0]): _item(row) for row in rows}

    def add_items(
        self,
        reference: str,
        cases: Sequence[tuple[str, AgendaPart]],
        plan: ItemPlan,
        *,
        by: str,
        at: datetime,
    ) -> list[int]:
        """Store items for these cases, each planned alike, and return their numbers.

        Raises NotFoundError if the conference or a referral does not exist.
        """
        conference = conference_id(self._session, reference)
        first = 1 + int(
            self._session.execute(
                select(func.count())
                .select_from(AgendaItemRow)
                .where(col(AgendaItemRow.conference_id) == conference)
            ).scalar_one()
        )
        for number, (case, part) in enumerate(cases, start=first):
            row = AgendaItemRow(
                conference_id=conference,
                involvement_id=involvement_id(self._session, case),
                number=number,
                part=part.value,
                by=by,
                at=at,
            )
            self._session.add(row)
            self._session.flush()
            self._add_plan(row, plan, by=by, at=at)
        return list(range(first, first + len(cases)))

    def plan_item(self, reference: str, number: int, plan: ItemPlan, *, by: str, at: datetime) -> None:
        """Store how an item is planned from now on. Raises NotFoundError if it does not exist."""
        self._add_plan(self._item(reference, number), plan, by=by, at=at)

    def agenda(self, reference: str) -> Agenda:
        """Return the newest version of the order. Raises NotFoundError if there is no such conference."""
        return once_in_reading(self._session, f"agenda of {reference}", lambda: self._agenda(reference))

    def _agenda(self, reference: str) -> Agenda:
        one = {"conference": conference_id(self._session, reference)}
        row = self._session.connection().execute(statements.agenda(), one).one_or_none()
        if row is None:
            return Agenda(version=0, order=())
        version, order, at = row
        return Agenda(version=version, order=tuple(order), at=at)

    def store_order(
        self, reference: str, order: Iterable[int], *, seen: int, by: str, at: datetime
    ) -> Agenda:
        """Store a new order, made on the version that was ``seen``.

        Raises NotFoundError if there is no such conference, and AgendaChangedError where a newer one exists.
        """
        newest = self.agenda(reference)
        if newest.version != seen:
            raise AgendaChangedError(reference, at=newest.at)
        row = AgendaRow(
            conference_id=conference_id(self._session, reference),
            version=seen + 1,
            items=list(order),
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        self.changed(reference)
        return Agenda(version=row.version, order=tuple(row.items), at=at)

    def show(self, reference: str, item: int | None, *, after: int, by: str, at: datetime) -> ItemShown:
        """Record a change of the screen, made after the change of that number. Raises NotFoundError."""
        row = ItemShownRow(
            conference_id=conference_id(self._session, reference), number=after + 1, item=item, by=by, at=at
        )
        self._session.add(row)
        self._session.flush()
        self.changed(reference)
        return ItemShown(number=row.number, item=item, by=by, at=at)

    def shown(self, reference: str) -> tuple[ItemShown, ...]:
        """Return the changes of the screen, oldest first. Raises NotFoundError."""
        return once_in_reading(self._session, f"shown of {reference}", lambda: self._shown(reference))

    def _shown(self, reference: str) -> tuple[ItemShown, ...]:
        one = {"conference": conference_id(self._session, reference)}
        rows = self._session.connection().execute(statements.shown(), one).all()
        return tuple(ItemShown(number=number, item=item, by=by, at=at) for number, item, by, at in rows)

    def set_timer(self, reference: str, item: int, timer: ItemTimer, *, by: str, at: datetime) -> None:
        """Store the state of an item's timer. Raises NotFoundError if there is no such item."""
        row = ItemTimerRow(
            item_id=int(self._item(reference, item).id or 0),
            ends_at=timer.ends_at,
            seconds_left=timer.seconds_left,
            by=by,
            at=at,
        )
        self._session.add(row)
        self._session.flush()
        self.changed(reference)

    def timer(self, reference: str, item: int) -> ItemTimer | None:
        """Return the state of an item's timer; None before its first start, and where there is no such item.

        Raises NotFoundError if there is no such conference.
        """
        one = {"conference": conference_id(self._session, reference), "item": item}
        row = self._session.connection().execute(statements.timer(), one).one_or_none()
        return ItemTimer(ends_at=row[0], seconds_left=row[1]) if row is not None else None

    def with_case(self, case: str) -> tuple[tuple[Conference, int], ...]:
        """Return the conferences that have not ended and have this case on their agenda, with its item.

        Raises NotFoundError if such a conference no longer exists when it is read.
        """
        rows = self._session.execute(
            select(col(ConferenceRecordRow.ref), col(AgendaItemRow.number))
            .join(AgendaItemRow, col(AgendaItemRow.conference_id) == col(ConferenceRecordRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(AgendaItemRow.involvement_id))
            .where(
                col(InvolvementRow.ref) == case,
                col(ConferenceRecordRow.id).not_in(
                    select(col(ConferenceStepRow.conference_id)).where(
                        col(ConferenceStepRow.state).in_(_ENDED)
                    )
                ),
            )
            .order_by(col(ConferenceRecordRow.held_on), col(ConferenceRecordRow.id))
        ).all()
        return tuple((self.get(ref), number) for ref, number in rows if number in self.agenda(ref).order)

    def left_by_ended(self) -> dict[str, AgendaItem]:
        """Return by case its item of the last conference that ended, where it was deferred or is undecided.

        Undecided is a case that a conference opened and that waits for its decision. Items that were taken
        off the agenda do not count.

        Raises NotFoundError if such a conference no longer exists when it is read.
        """
        deferred = select(col(ItemPlanRow.item_id)).where(col(ItemPlanRow.deferred_until).is_not(None))
        concerned = select(col(AgendaItemRow.involvement_id)).where(col(AgendaItemRow.id).in_(deferred))
        undecided = col(InvolvementRow.state) == State.IN_CONFERENCE.value
        rows = self._on_ended(or_(undecided, col(InvolvementRow.id).in_(concerned)))
        last = {case: (conference, item) for conference, _, case, item in rows}
        items = {conference: self.items(conference) for conference, _ in last.values()}
        return {case: items[conference][item] for case, (conference, item) in last.items()}

    def taken_by_ended(self, part: AgendaPart) -> dict[str, date]:
        """Return by case the date of the last conference that ended with it on the agenda in this part.

        Raises NotFoundError if such a conference no longer exists when it is read.
        """
        rows = self._on_ended(col(AgendaItemRow.part) == part.value)
        return {case: held_on for _, held_on, case, _ in rows}

    def _on_ended(self, where: ColumnElement[bool]) -> list[tuple[str, date, str, int]]:
        """Return conference, date, case and item of agendas that ended, oldest first; none taken off."""
        ended = select(col(ConferenceStepRow.conference_id)).where(col(ConferenceStepRow.state).in_(_ENDED))
        rows = self._session.execute(
            select(
                col(ConferenceRecordRow.ref),
                col(ConferenceRecordRow.held_on),
                col(InvolvementRow.ref),
                col(AgendaItemRow.number),
            )
            .join(AgendaItemRow, col(AgendaItemRow.conference_id) == col(ConferenceRecordRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(AgendaItemRow.involvement_id))
            .where(col(ConferenceRecordRow.id).in_(ended), where)
            .order_by(col(ConferenceRecordRow.held_on), col(ConferenceRecordRow.id))
        ).all()
        orders = {conference: self.agenda(conference).order for conference in {row[0] for row in rows}}
        return [(ref, held_on, case, item) for ref, held_on, case, item in rows if item in orders[ref]]

    def _get(self, reference: str) -> Conference:
        one = {"conference": reference}
        row = self._session.connection().execute(statements.conference(), one).one_or_none()
        if row is None:
            raise NotFoundError("conference", reference, instead="'stac conference list' lists them")
        return _conference(row, self._steps([int(row[0] or 0)]))

    def _item(self, reference: str, number: int) -> AgendaItemRow:
        row: AgendaItemRow | None = self._session.execute(
            select(AgendaItemRow).where(
                col(AgendaItemRow.conference_id) == conference_id(self._session, reference),
                col(AgendaItemRow.number) == number,
            )
        ).scalar_one_or_none()
        if row is None:
            raise NotFoundError("item", str(number))
        return row

    def _add_step(self, conference: int, state: ConferenceState, *, by: str, at: datetime) -> None:
        self._session.add(ConferenceStepRow(conference_id=conference, state=state.value, by=by, at=at))
        self._session.flush()

    def _steps(self, conferences: Sequence[int]) -> dict[int, list[StepStored]]:
        steps: dict[int, list[StepStored]] = {number: [] for number in conferences}
        for start in range(0, len(conferences), 500):
            some = {"conferences": list(conferences[start : start + 500])}
            for step in self._session.connection().execute(statements.steps(), some).all():
                steps[step[0]].append(step)
        return steps

    def _add_plan(self, item: AgendaItemRow, plan: ItemPlan, *, by: str, at: datetime) -> None:
        deferral = plan.deferral
        self._session.add(
            ItemPlanRow(
                item_id=int(item.id or 0),
                involvement_id=item.involvement_id,
                minutes=plan.minutes,
                guests=list(plan.guests),
                chair_note=plan.chair_note,
                deferred_because=deferral.because if deferral else None,
                deferred_until=deferral.until if deferral else None,
                meanwhile=deferral.meanwhile if deferral else None,
                by=by,
                at=at,
            )
        )
        self._session.flush()


def _item(row: ItemStored) -> AgendaItem:
    number, part, by, at, case, minutes, guests, chair_note, because, until, meanwhile, planned_by = row
    deferral = None
    if because is not None and until is not None:
        deferral = Deferral(because=because, until=until, meanwhile=meanwhile or "")
    plan = ItemPlan(minutes=minutes, guests=tuple(guests), chair_note=chair_note, deferral=deferral)
    return AgendaItem(
        number=number, case=case, part=AgendaPart(part), plan=plan, planned_by=planned_by, by=by, at=at
    )


def _conference(row: ConferenceStored, steps: Mapping[int, Sequence[StepStored]]) -> Conference:
    number, reference, held_on, place, chair, deputy, minute_taker, statement, version, by, at = row
    of_this = steps[int(number or 0)]
    since = {ConferenceState(state): began for _, state, began in of_this}
    return Conference(
        reference=reference,
        held_on=held_on,
        place=place,
        chair=chair,
        deputy=deputy,
        minute_taker=minute_taker,
        statement=statement,
        version=version,
        state=ConferenceState(of_this[-1][1]),
        by=by,
        at=at,
        started_at=since.get(ConferenceState.IN_SESSION),
        closed_at=since.get(ConferenceState.CLOSED),
    )

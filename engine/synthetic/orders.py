"""Invented courses of orders after a panel's decision. Pure: a seed, a key and days in; steps out.

The shares are a design, and no published rate: no figure may be read from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from engine.domain.base import Frozen
from engine.domain.orders.orders import OrderAct, OrderGiven, ServedHow, StepGiven
from engine.synthetic.streams import stream

_NO_CONTACT = {"code": "no-contact", "means": ["any means"]}
_LETTERS = {**_NO_CONTACT, "exceptions": ["letters about arrangements for children"]}
_STAY_OUT = {"code": "stay-out", "zone": {"description": "Example Gardens and the streets beside it"}}
_PHONE = {"code": "no-possession", "things": ["a second phone or SIM card"]}
_ATTEND = {
    "code": "attend",
    "attends": "a mental health assessment",
    "times": 6,
    "hours": [{"days": ["Tuesday"], "begins": "10:00", "ends": "11:00"}],
}
_FREE = {"wording": "must not discuss the hearing online"}
_COURT = {"court": "magistrates", "court_name": "Example Magistrates' Court", "force": "Example Police"}
_CHILD = {"is_victim": False, "name": "Robin Example-Vale", "is_child": True}


class OrderMoment(Frozen):
    """One moment of a course: a new order, or a step of the one whose place is ``order``.

    ``replaces`` and ``interim_to`` are the places of earlier orders; ``copies`` is the place of the order
    that this one varies.
    """

    on: date
    order: int
    given: OrderGiven | None = None
    step: StepGiven | None = None
    replaces: int | None = None
    interim_to: int | None = None
    makes: bool = False
    copies: int | None = None


def order_course(seed: int, key: str, *, decided_on: date, until: date) -> tuple[OrderMoment, ...]:
    """Return the course of the orders of one case until a date; it may be empty."""
    chance = stream(seed, key, "orders")
    course = chance.choice((None, None, None, _full, _full, _private, _not_sought, _varied, _bail))
    if course is None:
        return ()
    day = decided_on + timedelta(days=chance.randint(3, 20))
    return tuple(moment for moment in course(day) if moment.on <= until)


def newest_courses(today: date) -> tuple[tuple[OrderMoment, ...], ...]:
    """Return courses that end near a date: each leaves something to do then."""
    return (
        tuple(_lapsing(today)),
        tuple(_unserved(today)),
        tuple(_just_served(today)),
        tuple(_differing(today)),
    )


def _full(day: date) -> Iterator[OrderMoment]:
    """Considered, sought, interim, full, served, notified."""
    yield _begin(0, day, "considered")
    yield _step(0, day + timedelta(days=6), OrderAct.SOUGHT)
    hearing = day + timedelta(days=34)
    yield _step(0, day + timedelta(days=6), OrderAct.HEARING, for_day=hearing)
    made = day + timedelta(days=9)
    yield OrderMoment(on=made, order=1, given=_interim(made, days=28), interim_to=0)
    yield _served(1, made + timedelta(days=1))
    yield _step(1, made + timedelta(days=2), OrderAct.NOTIFIED)
    yield OrderMoment(on=hearing, order=0, given=_order(hearing), makes=True, replaces=1)
    yield _served(0, hearing)
    yield _step(0, hearing + timedelta(days=1), OrderAct.NOTIFIED)
    yield _step(0, hearing + timedelta(days=21), OrderAct.ATTENDED, condition=4)
    yield _step(0, hearing + timedelta(days=28), OrderAct.MISSED, condition=4)


def _private(day: date) -> Iterator[OrderMoment]:
    """An order of a family court, whose dates software does not check."""
    given = _of("non-molestation", made=day, ends=day + timedelta(days=364), conditions=[_LETTERS])
    yield OrderMoment(on=day, order=0, given=given.model_copy(update={"court": "family"}))
    yield _served(0, day + timedelta(days=2))


def _not_sought(day: date) -> Iterator[OrderMoment]:
    yield _begin(0, day, "considered")
    why = "Charged, with bail conditions that cover contact and place."
    yield _step(0, day + timedelta(days=9), OrderAct.NOT_SOUGHT, why=why)


def _varied(day: date) -> Iterator[OrderMoment]:
    yield OrderMoment(on=day, order=0, given=_order(day))
    yield _served(0, day + timedelta(days=3))
    yield _step(0, day + timedelta(days=4), OrderAct.NOTIFIED)
    later = day + timedelta(days=60)
    varied = _of("spo", made=later, years=2, conditions=[_NO_CONTACT, _STAY_OUT, _PHONE, _FREE])
    yield OrderMoment(on=later, order=1, given=varied, copies=0)
    yield _served(1, later + timedelta(days=1))
    yield _step(1, later + timedelta(days=2), OrderAct.NOTIFIED)


def _bail(day: date) -> Iterator[OrderMoment]:
    given = _of("police-bail", made=day, arrested=day, months=3, conditions=[_NO_CONTACT, _STAY_OUT])
    yield OrderMoment(on=day, order=0, given=given.model_copy(update={"court": "force"}))


def _lapsing(today: date) -> Iterator[OrderMoment]:
    """An interim order that ends 4 days before its hearing."""
    made = today - timedelta(days=20)
    yield _begin(0, made - timedelta(days=2), "sought")
    yield _step(0, made, OrderAct.HEARING, for_day=made + timedelta(days=32))
    yield OrderMoment(on=made, order=1, given=_interim(made, days=28), interim_to=0)
    yield _served(1, made + timedelta(days=1))
    yield _step(1, made + timedelta(days=2), OrderAct.NOTIFIED)


def _unserved(today: date) -> Iterator[OrderMoment]:
    made = today - timedelta(days=3)
    yield OrderMoment(on=made, order=0, given=_order(made))
    yield _step(0, today - timedelta(days=2), OrderAct.SERVICE_TRIED)
    yield _step(0, today - timedelta(days=1), OrderAct.SERVICE_TRIED)


def _just_served(today: date) -> Iterator[OrderMoment]:
    bail = today - timedelta(days=200)
    given = _of("police-bail", made=bail, arrested=bail, months=3, conditions=[_NO_CONTACT])
    yield OrderMoment(on=bail, order=0, given=given.model_copy(update={"court": "force"}))
    made = today - timedelta(days=6)
    yield OrderMoment(on=made, order=1, given=_order(made, child=True))
    yield _served(1, today - timedelta(days=1))


def _differing(today: date) -> Iterator[OrderMoment]:
    """Two courts' orders that do not agree on letters."""
    made = today - timedelta(days=30)
    private = _of("non-molestation", made=made, ends=made + timedelta(days=364), conditions=[_LETTERS])
    yield OrderMoment(on=made, order=0, given=private.model_copy(update={"court": "family"}))
    yield _served(0, made + timedelta(days=1))
    later = today - timedelta(days=9)
    yield OrderMoment(on=later, order=1, given=_order(later))
    yield _served(1, later + timedelta(days=1))
    yield _step(1, later + timedelta(days=2), OrderAct.NOTIFIED)


def _order(made: date, *, child: bool = False) -> OrderGiven:
    conditions = [_NO_CONTACT, _STAY_OUT, _PHONE, _ATTEND, _FREE]
    return _of("spo", made=made, years=2, conditions=conditions, protected=[{}, _CHILD] if child else [{}])


def _interim(made: date, *, days: int) -> OrderGiven:
    return _of("interim-spo", made=made, days=days, conditions=[_NO_CONTACT, _STAY_OUT])


def _of(kind: str, **facts: object) -> OrderGiven:
    given = {"type": kind, **_COURT, "standard_of_proof": "civil", "respondent_is_child": False, **facts}
    return OrderGiven.model_validate(given)


def _begin(order: int, day: date, act: str) -> OrderMoment:
    given = OrderGiven.model_validate({"type": "spo", "act": act, "on": day})
    return OrderMoment(on=day, order=order, given=given)


def _step(
    order: int, day: date, act: OrderAct, *, for_day: date | None = None, **given: object
) -> OrderMoment:
    step = StepGiven.model_validate({"act": act, "on": for_day or day, **given})
    return OrderMoment(on=day, order=order, step=step)


def _served(order: int, day: date) -> OrderMoment:
    return _step(order, day, OrderAct.SERVED, how=ServedHow.IN_PERSON, at_time="14:05")

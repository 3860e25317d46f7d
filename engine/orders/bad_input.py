"""Checks of an order as a person records it: one sentence for each fault, with its section. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from engine.domain.errors import InvalidInputError
from engine.domain.orders.clocks import ClockState
from engine.domain.orders.order_types import Duty, OrderType
from engine.domain.orders.orders import OrderAct, OrderGiven
from engine.orders.clocks import names_of_facts
from engine.orders.conditions import require_no_overlap
from engine.orders.facts import checked_day
from engine.orders.rules import clock_rules, courts, interim_types, order_type
from engine.orders.terms import AS_TYPED, count_term, fields_of, typed_fields

_LIKE_A_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])", re.ASCII)
_OF_DUTIES = ("soa_part_2_at_making", "soa_part_2", "soa_part_2_ends", "interim_expired_before")
"""Fields that only a rule of notification reads."""


def require_sound(given: OrderGiven) -> None:
    """Refuse an order whose facts cannot be right together.

    Raises InvalidInputError with one sentence that names the section, or the local rule.
    """
    kind = order_type(given.type)
    if kind is None:
        raise InvalidInputError("type", "this type of order is not known; 'stac order types' lists them")
    _require_court(kind, given)
    _require_dates(kind, given)
    if kind.adults_only is not None and given.is_of_child:
        raise InvalidInputError(
            "respondent", f"it is not made against a person under 18 ({kind.adults_only}); check the age"
        )
    _require_fields_of_type(kind, given)
    last = _require_term(kind, given) if given.act is OrderAct.MADE else None
    for number, condition in enumerate(given.conditions, start=1):
        _require_within(given, last, number, condition.starts, condition.until)
    require_no_overlap(given.conditions)


def require_real_days(given: Mapping[str, object], kind: str | None = None, *, place: str = "") -> None:
    """Refuse a date that does not exist, such as 29 February 2027, of an order as it was written.

    Raises InvalidInputError with the field and the section that counts from it.
    """
    of = kind or given.get("type")
    for name, value in given.items():
        where = f"{place}{name}"
        if isinstance(value, Mapping):
            require_real_days(value, str(of), place=f"{where}, ")
        elif isinstance(value, list | tuple):
            for number, each in enumerate(value, start=1):
                if isinstance(each, Mapping):
                    require_real_days(each, str(of), place=f"{where} {number}, ")
        elif isinstance(value, str) and (found := _LIKE_A_DAY.match(value)):
            try:
                checked_day(*map(int, found.groups()))
            except ValueError as error:
                raise InvalidInputError(where, f"{error} ({section_of_dates(str(of))})") from None


def section_of_dates(kind: str) -> str:
    """Return the section that counts from the dates of a type of order, or its act."""
    there = order_type(kind)
    if there is None:
        return "local rule"
    rule = clock_rules()[there.term.counted_by]
    return rule.rests_on if rule.claims else there.act


def require_service_after_making(kind: str, made: date | None, served: date) -> None:
    """Refuse a service before the making of the order. Raises InvalidInputError."""
    if made is not None and served < made:
        there = order_type(kind)
        first = there.duties.get(Duty.FIRST) if there else None
        section = clock_rules()[first].rests_on if first else "local rule"
        raise InvalidInputError(
            "on", f"the order was served before it was made; check both dates ({section})"
        )


def _require_court(kind: OrderType, given: OrderGiven) -> None:
    if given.court is None:
        return
    if given.court not in courts():
        raise InvalidInputError(
            "court", f"this court is not known; choose one of {', '.join(courts())} ({kind.act})"
        )
    if given.court not in kind.made_by:
        raise InvalidInputError(
            "court",
            f"'{given.court}' does not make this type of order; choose one of {', '.join(kind.made_by)}, "
            f"or of an older order leave 'court' out and give 'court_name' ({kind.act})",
        )


def _require_dates(kind: OrderType, given: OrderGiven) -> None:
    for name, day in (("ends", given.ends), ("in_effect", given.in_effect)):
        if day is not None and given.made is not None and day < given.made:
            said = (
                "the order ends before it starts" if name == "ends" else "it is in effect before it is made"
            )
            raise InvalidInputError(name, f"{said}; check 'made' and '{name}' ({kind.act})")
    if given.ends is not None and given.in_effect is not None and given.ends < given.in_effect:
        raise InvalidInputError("ends", f"the order ends before it starts; check both dates ({kind.act})")


def _require_fields_of_type(kind: OrderType, given: OrderGiven) -> None:
    """Refuse a field that no rule of this type reads, so that nothing typed is lost."""
    for name in typed_fields(given):
        if given.act is not OrderAct.MADE:
            raise InvalidInputError(
                name, f"'{name}' is recorded when the order is made; leave it out until then (local rule)"
            )
        if name not in fields_of(kind):
            raise InvalidInputError(name, f"{_not_its_term(kind, name)} ({section_of_dates(kind.code)})")
    for name in _fields_without_reader(kind, given):
        raise InvalidInputError(
            name, f"'{name}' has no meaning for this type of order; leave it out ({kind.act})"
        )


def _not_its_term(kind: OrderType, name: str) -> str:
    names = [f"'{each}'" for each in fields_of(kind)]
    if not names:
        return f"a notice lasts until its application is determined; give 'given_at', and no '{name}'"
    return f"how long this type lasts is given as {' or '.join(names)}, and no '{name}'"


def _fields_without_reader(kind: OrderType, given: OrderGiven) -> Iterator[str]:
    read = {name for rule in kind.duties.values() for name in names_of_facts(rule)}
    if kind.interim is None:
        read -= {"interim_expired_before", "replaces_interim"}
    else:
        read.add("replaces_interim")
    if kind.lasts_until_determined:
        read.add("given_at")
    read.add(kind.term.starts)
    if kind.code in interim_types():
        read.add("interim_to")
    for name in (*_OF_DUTIES, "given_at", "arrested", "replaces_interim", "interim_to"):
        if getattr(given, name) is not None and name not in read:
            yield name


def _require_term(kind: OrderType, given: OrderGiven) -> date | None:
    """Refuse a term that the rule of the type calls invalid, in its own words; return its last date."""
    typed, section = typed_fields(given), section_of_dates(kind.code)
    if not typed and kind.term.is_required:
        raise InvalidInputError(
            "order",
            f"it states how long it lasts: give {' or '.join(map(repr, fields_of(kind)))} ({section})",
        )
    if kind.term.starts == "arrested" and (given.arrested is None) != (given.months is None):
        raise InvalidInputError(
            "arrested",
            f"give 'arrested' with 'months': they count from the date after the arrest ({section})",
        )
    term = count_term(kind, given, made=given.made)
    if term is None:
        return None
    if term.answer.state is ClockState.INVALID:
        raise InvalidInputError("order", term.answer.says.rstrip("."))
    is_without_rule = term.rule == AS_TYPED and kind.term.counted_by != AS_TYPED
    if (is_without_rule or term.is_doubtful) and given.ends is None and not given.until_further_order:
        raise InvalidInputError(
            "ends",
            f"from when this term counts is not known here: give 'ends', as the order states it ({section})",
        )
    if given.ends is not None and term.answer.last_day not in (None, given.ends):
        raise InvalidInputError(
            "ends", f"'{typed[0]}' and 'ends' give different end dates; correct one ({section})"
        )
    return term.answer.last_day


def _require_within(
    given: OrderGiven, last: date | None, number: int, starts: date | None, until: date | None
) -> None:
    start = given.in_effect or given.made
    if start is not None and until is not None and until < start:
        raise InvalidInputError(
            f"condition {number}", "it ends before the order starts; correct 'until' (local rule)"
        )
    if last is not None and starts is not None and starts > last:
        raise InvalidInputError(
            f"condition {number}", "it starts after the order ends; correct 'starts' (local rule)"
        )
    if last is not None and until is not None and until > last:
        raise InvalidInputError(
            f"condition {number}", "it ends after the order does; correct 'until' (local rule)"
        )

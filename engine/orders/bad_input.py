"""Checks of an order as a person records it: one sentence for each fault, with its section. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from engine.domain.errors import InvalidInputError
from engine.domain.orders.clocks import ClockState
from engine.domain.orders.orders import OrderAct, OrderGiven
from engine.orders.clocks import answer_clock
from engine.orders.conditions import require_no_overlap
from engine.orders.facts import checked_day
from engine.orders.rules import courts, order_type

_LIKE_A_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])", re.ASCII)
_SECTIONS = {
    "spo": "SPA 2019 s.3(2)",
    "interim-spo": "SPA 2019 s.5(6)",
    "dapn": "DAA 2021 s.29(2)",
    "police-bail": "PACE 1984 s.47ZA",
}
_FULL, _INTERIM, _NOTICES = "spo", "interim-spo", frozenset({"dapn", "dvpn"})


def require_sound(given: OrderGiven) -> None:
    """Refuse an order whose facts cannot be right together.

    Raises InvalidInputError with one sentence that names the section, or the local rule.
    """
    kind = order_type(given.type)
    if kind is None:
        raise InvalidInputError("type", "this type of order is not known; 'stac order types' lists them")
    _require_court(given)
    _require_dates(given)
    if given.type in _NOTICES and given.is_of_child:
        section = "DAA 2021 s.22(6)" if given.type == "dapn" else "local rule: the text was not read"
        raise InvalidInputError(
            "respondent", f"a notice may not be given to a person under 18 ({section}); check the age"
        )
    if given.act is OrderAct.MADE:
        _require_period(given)
    for number, condition in enumerate(given.conditions, start=1):
        _require_within(given, number, condition.starts, condition.until)
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
    return _SECTIONS.get(kind) or (there.act if there else "local rule")


def require_service_after_making(kind: str, made: date | None, served: date) -> None:
    """Refuse a service before the making of the order. Raises InvalidInputError."""
    if made is not None and served < made:
        section = "SPA 2019 s.9(1)" if kind in {_FULL, _INTERIM} else "local rule"
        raise InvalidInputError(
            "on", f"the order was served before it was made; check both dates ({section})"
        )


def _require_court(given: OrderGiven) -> None:
    kind = order_type(given.type)
    assert kind is not None
    if given.court is None:
        return
    if given.court not in courts():
        raise InvalidInputError(
            "court", f"this court is not known; choose one of {', '.join(courts())} ({kind.act})"
        )
    if given.court not in kind.made_by:
        raise InvalidInputError(
            "court",
            f"'{given.court}' does not make this type of order; choose one of {', '.join(kind.made_by)} "
            f"({kind.act})",
        )


def _require_dates(given: OrderGiven) -> None:
    kind = order_type(given.type)
    assert kind is not None
    for name, day in (("ends", given.ends), ("in_effect", given.in_effect)):
        if day is not None and given.made is not None and day < given.made:
            said = (
                "the order ends before it starts" if name == "ends" else "it is in effect before it is made"
            )
            raise InvalidInputError(name, f"{said}; check 'made' and '{name}' ({kind.act})")
    if given.ends is not None and given.in_effect is not None and given.ends < given.in_effect:
        raise InvalidInputError("ends", f"the order ends before it starts; check both dates ({kind.act})")
    if given.until_further_order and (given.ends or given.years or given.days):
        raise InvalidInputError(
            "ends", f"an order until further order has no end; leave one of them out ({kind.act})"
        )


def _require_period(given: OrderGiven) -> None:
    """Refuse what the rule of the type calls invalid, in the rule's own words."""
    facts: dict[str, object] = {}
    if given.type == _FULL and given.days is not None:
        raise InvalidInputError(
            "days",
            "a full order lasts at least 2 years: give 'years' or 'ends', and no 'days' (SPA 2019 s.3(2))",
        )
    if given.type == _FULL and (given.ends or given.years or given.until_further_order):
        facts = {
            "rule": "spa-3-2",
            "made": _iso(given.made),
            "years": given.years,
            "ends": _iso(given.ends),
            "until_further_order": given.until_further_order or None,
        }
    elif given.type == _INTERIM:
        facts = {"rule": "spa-5-6", "made": _iso(given.made), "days": given.days, "ends": _iso(given.ends)}
    elif given.type == "dapn":
        given_at = given.given_at.isoformat(timespec="minutes") if given.given_at else None
        facts = {"rule": "daa-29", "given": given_at, "age": given.respondent_age}
    elif given.type == "police-bail" and given.months is not None:
        facts = {"rule": "pace-47z", "arrested": _iso(given.arrested), "months": given.months}
    if not facts:
        return
    answer = answer_clock(facts)
    if answer.state is ClockState.INVALID:
        raise InvalidInputError("order", answer.says.rstrip("."))


def _require_within(given: OrderGiven, number: int, starts: date | None, until: date | None) -> None:
    start = given.in_effect or given.made
    if start is not None and until is not None and until < start:
        raise InvalidInputError(
            f"condition {number}", "it ends before the order starts; correct 'until' (local rule)"
        )
    if given.ends is not None and starts is not None and starts > given.ends:
        raise InvalidInputError(
            f"condition {number}", "it starts after the order ends; correct 'starts' (local rule)"
        )
    if given.ends is not None and until is not None and until > given.ends:
        raise InvalidInputError(
            f"condition {number}", "it ends after the order does; correct 'until' (local rule)"
        )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

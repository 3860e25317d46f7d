"""The fields of an order in a dialog: terms, protected persons, and conditions with the slots of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from dashboard import days, markup, words
from dashboard.days import NoSuchDayError
from dashboard.form_draft import FormDraft
from engine.domain.errors import InvalidInputError
from engine.domain.orders.conditions import Allowed, Attends, ConditionLibrary, Means, Thing, Weekday
from engine.domain.orders.order_types import Court, OrderType, Unit
from engine.domain.orders.orders import FIRST_ACTS, OrderAct, StandardOfProof
from engine.domain.orders.views import OrderView
from engine.domain.shown import shown
from engine.services.orders.clocks import (
    check_days_of_order,
    list_conditions,
    list_courts,
    list_order_types,
    section_of_order_dates,
)

RELATION = "relation"
"""The end of the key of a field whose choices may be others tomorrow."""
LISTS = "list-"
"""The beginning of the codes under which a draft stores fields with several choices."""
_FREE = "A condition in the court's own words (not checked by software)"
_Choice = TypeVar("_Choice", bound=StrEnum)
LASTS = {
    Unit.YEARS: "Years",
    Unit.MONTHS: "Months",
    Unit.DAYS: "Days",
    Unit.ENDS: "To a date",
    Unit.OPEN: "Until further order",
}
"""The labels of the ways to say how long an order lasts. A type offers its own ones."""
NOT_RECORDED = "Not recorded"
_COUNTED = (Unit.YEARS, Unit.MONTHS, Unit.DAYS)
_MADE, _GIVEN = "Date made", "Given, in London time"
STEP_DATE = "Date of this step"
_FIELDS = {
    "made": _MADE,
    "given_at": _GIVEN,
    "ends": "End date",
    "in_effect": "In effect from, if later",
    "arrested": "Date of the arrest",
    "on": STEP_DATE,
    "replaces_interim": "Replaces the interim order",
    "interim_to": "Interim to the application",
    "years": "Years",
    "months": "Months",
    "days": "Days",
    "until_further_order": "Until further order",
    "court": "Made by",
    "court_name": "Name of the court",
}
"""The labels of the fields of an order whose names in files an error may have."""
_NAMES = re.compile(rf"'({'|'.join(_FIELDS)})'")
_SEALED = "Sealed when you record it: only the safe-contact officer and the police lead can open it."


class _Lists:
    """Fields with several choices: a draft stores what is chosen, as it does for the other short fields."""

    def __init__(self, key: str, draft: FormDraft | None) -> None:
        self._key, self._draft = key, draft
        self._before = draft.stored(LISTS) if draft else {}
        self._now: dict[str, str] = {}

    def choose(
        self, label: str, options: Sequence[str], name: str, shown_as: Callable[[str], str]
    ) -> list[str]:
        """Draw one and return the codes that are chosen."""
        before = self._before.get(name, "").split()
        found = st.multiselect(
            label,
            list(options),
            default=[each for each in options if each in before] or None,
            format_func=shown_as,
            key=f"{self._key}-{name}",
        )
        self._now[name] = " ".join(found)
        return found

    def several(self, label: str, kind: type[_Choice], name: str) -> list[_Choice]:
        """Draw one whose choices are an enumeration of ours."""
        names = [each.name for each in kind]
        chosen = self.choose(label, names, name, lambda each: words.sentence(kind[each].value))
        return [kind[each] for each in chosen]

    def store(self) -> None:
        """Store the choices, once all fields are drawn."""
        if self._draft:
            self._draft.store(LISTS, {name: text for name, text in self._now.items() if text})


@contextmanager
def field_labels() -> Iterator[None]:
    """Name the fields in an error about an order as this page does: the engine names them as files do.

    Raises
    ------
    InvalidInputError
        The same fault, with labels for names.
    """
    try:
        yield
    except InvalidInputError as error:
        reason = _NAMES.sub(lambda name: f"'{_FIELDS[name[1]]}'", error.reason)
        raise InvalidInputError(_FIELDS.get(error.part, error.part), reason) from None


def order_fields(
    key: str,
    *,
    kind: str | None = None,
    draft: FormDraft | None = None,
    others: Sequence[OrderView] = (),
) -> Callable[[], dict[str, object]]:
    """Draw the fields and return what reads them; ``kind`` is a type that cannot be changed.

    ``others`` are the orders of the case: one of them may be the interim order or the application.
    """
    lists = _Lists(key, draft)
    types = {each.code: each for each in list_order_types()}
    chosen = kind or st.selectbox(
        "Type of order", list(types), format_func=lambda code: _type_in_words(types[code]), key=f"{key}-type"
    )
    acts = [act for act in OrderAct if act in FIRST_ACTS]
    act = OrderAct.MADE
    if kind is None:
        act = st.selectbox(
            "First known step",
            acts,
            index=acts.index(OrderAct.MADE),
            format_func=lambda each: words.sentence(each.value),
            key=f"{key}-act",
        )
    is_made = act is OrderAct.MADE and not types[chosen].lasts_until_determined
    day_label = _MADE if is_made else STEP_DATE
    left, right = st.columns(2)
    with left:
        on = days.field(day_label, key=f"{key}-on")
    reads: list[Callable[[], dict[str, object]]] = []
    if act is OrderAct.MADE:
        with right:
            reads.append(_court(key, types[chosen]))
        reads.append(_period(key, types[chosen]))
        reads.append(_relation(key, types[chosen], others))
    reads += [_people(key), _conditions(key, lists, draft)]
    lists.store()

    def given() -> dict[str, object]:
        try:
            return read()
        except NoSuchDayError as error:
            raise InvalidInputError(
                error.part, f"{error.reason} ({section_of_order_dates(chosen)})"
            ) from None

    def read() -> dict[str, object]:
        day = days.read(day_label, on)
        found: dict[str, object] = {"type": chosen, "act": act}
        if is_made and day is None:
            raise InvalidInputError(_MADE, "give the date when the order was made")
        found |= {"made": day} if is_made else {"on": day}
        for each in reads:
            found |= each()
        check_days_of_order(found)
        return found

    return given


def _type_in_words(kind: OrderType) -> str:
    area = "" if kind.area == "england-and-wales" else f", {words.sentence(kind.area.replace('-', ' '))}"
    return f"{kind.name}{area}"


def _court(key: str, kind: OrderType) -> Callable[[], dict[str, object]]:
    names: Mapping[str, Court] = list_courts()
    court = st.selectbox(
        "Made by",
        list(kind.made_by),
        index=None,
        format_func=lambda code: names[code].name,
        key=f"{key}-court",
        placeholder=NOT_RECORDED,
    )
    name = st.text_input("Name of the court", key=f"{key}-court-name", max_chars=120)
    force = st.text_input("Police force", key=f"{key}-force", max_chars=120)
    return lambda: {"court": court, "court_name": name.strip() or None, "force": force.strip() or None}


def _period(key: str, kind: OrderType) -> Callable[[], dict[str, object]]:
    return _given_at(key) if kind.lasts_until_determined else _lasting(key, kind)


def _given_at(key: str) -> Callable[[], dict[str, object]]:
    at = st.text_input(f"{_GIVEN} (2026-03-02T20:00)", key=f"{key}-given", max_chars=16).strip()

    def read() -> dict[str, object]:
        if not at:
            raise InvalidInputError(_GIVEN, "give the date and time when the notice was given")
        if not _is_exact(at):
            raise InvalidInputError(_GIVEN, "write it as 2026-03-02T20:00")
        return {"given_at": at}

    return read


def _lasting(key: str, kind: OrderType) -> Callable[[], dict[str, object]]:
    """Draw the ways to say how long this type lasts: no other would be counted."""
    units = {LASTS[unit]: unit for unit in kind.term.units}
    first, second, third = st.columns(3)
    with first:
        offered = [*units, *([] if kind.term.is_required else [NOT_RECORDED])]
        unit = units.get(st.selectbox("Lasts", offered, key=f"{key}-lasts-{kind.code}"))
    with second:
        number = (
            st.number_input(LASTS[unit], min_value=1, value=None, step=1, key=f"{key}-number")
            if unit in _COUNTED
            else None
        )
        ends = days.field(_FIELDS["ends"], key=f"{key}-ends") if unit is Unit.ENDS else ""
    with third:
        effect = days.field(_FIELDS["in_effect"], key=f"{key}-effect")
    proof = st.selectbox(
        "Standard of proof that applied",
        list(StandardOfProof),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{key}-proof",
        placeholder=NOT_RECORDED,
    )
    is_from_arrest = kind.term.starts == "arrested"
    arrested = days.field(_FIELDS["arrested"], key=f"{key}-arrested") if is_from_arrest else ""

    def read() -> dict[str, object]:
        found: dict[str, object] = {
            "ends": days.read(_FIELDS["ends"], ends) if ends else None,
            "until_further_order": unit is Unit.OPEN,
            "in_effect": days.read(_FIELDS["in_effect"], effect),
            "standard_of_proof": proof,
            "arrested": days.read(_FIELDS["arrested"], arrested) if arrested else None,
        }
        if unit in _COUNTED:
            assert unit.field is not None
            found[unit.field] = number
        return found

    return read


def _is_exact(at: str) -> bool:
    """Return whether this is a date and time in the one form: it may also be read in others."""
    try:
        return datetime.fromisoformat(at).isoformat(timespec="minutes") == at
    except ValueError:
        return False


def _people(key: str) -> Callable[[], dict[str, object]]:
    left, right = st.columns(2)
    with left:
        child = st.selectbox(
            "The respondent is", ["Not recorded", "An adult", "A child"], key=f"{key}-respondent"
        )
        victim = st.checkbox("It protects the victim of this case", value=True, key=f"{key}-victim")
    with right:
        other = st.text_input(
            "Another protected person: name", key=f"{key}-other", max_chars=120, help=_SEALED
        )
        is_child = st.checkbox("This person is a child", key=f"{key}-other-child")

    def read() -> dict[str, object]:
        people: list[dict[str, object]] = [{"is_victim": True}] if victim else []
        if other.strip():
            people.append({"is_victim": False, "name": other.strip(), "is_child": is_child})
        if not people:
            raise InvalidInputError("protected persons", "an order protects at least one person; choose one")
        known = {"An adult": False, "A child": True}
        return {"protected": people, "respondent_is_child": known.get(child)}

    return read


def _relation(key: str, kind: OrderType, others: Sequence[OrderView]) -> Callable[[], dict[str, object]]:
    """Draw the choice of the interim order that a full one replaces, or of the application it waits for."""
    if kind.interim is not None:
        field = "replaces_interim"
        there = [each for each in others if each.type == kind.interim and not each.successors]
    elif kind.code in {each.interim for each in list_order_types()}:
        field = "interim_to"
        there = [each for each in others if OrderAct.INTERIM in each.next_acts]
    else:
        return dict
    if not there:
        return dict
    by_reference = {each.reference: each for each in there}
    chosen = st.selectbox(
        _FIELDS[field],
        list(by_reference),
        index=None,
        format_func=lambda ref: shown(f"{by_reference[ref].name}, {by_reference[ref].state.value} ({ref})"),
        key=f"{key}-{RELATION}",
        placeholder=NOT_RECORDED,
    )
    return lambda: {field: chosen}


def _conditions(key: str, lists: _Lists, draft: FormDraft | None) -> Callable[[], dict[str, object]]:
    library: ConditionLibrary = list_conditions()
    chosen = lists.choose(
        "Conditions from the library",
        [each.code for each in library.conditions],
        "conditions",
        lambda code: library.by_code[code].title,
    )
    reads = [_condition(key, code, library.by_code[code].slots, lists) for code in chosen]
    free = (
        draft.text("free", _FREE, longest=1_000)
        if draft
        else st.text_input(_FREE, key=f"{key}-free", max_chars=1_000)
    )

    def read() -> dict[str, object]:
        found = [each() for each in reads]
        if free.strip():
            found.append({"wording": free.strip()})
        return {"conditions": found}

    return read


def _condition(
    form: str, code: str, slots: tuple[str, ...], lists: _Lists
) -> Callable[[], dict[str, object]]:
    title, key = list_conditions().by_code[code].title, f"{form}-{code}"
    found: dict[str, object] = {}
    if slots:
        markup.draw(markup.heading(title, at=f"at-{key}", level=3))
    for slot in slots:
        match slot:
            case "means":
                found["means"] = lists.several("Means of contact", Means, f"{code}-means")
            case "exceptions":
                found["exceptions"] = lists.several("Allowed all the same", Allowed, f"{code}-exceptions")
            case "things":
                found["things"] = lists.several("Things", Thing, f"{code}-things")
            case "attends":
                found["attends"] = st.selectbox(
                    "Attends", list(Attends), index=None, format_func=str, key=f"{key}-attends"
                )
            case "metres":
                found["metres"] = st.number_input(
                    "Metres", min_value=1, value=None, step=1, key=f"{key}-metres"
                )
            case "times":
                found["times"] = st.number_input(
                    "Number of appointments", min_value=1, value=None, step=1, key=f"{key}-times"
                )
            case "zone":
                area = st.text_input("The area", key=f"{key}-zone", max_chars=400, help=_SEALED)
                found["zone"] = {"description": area.strip()} if area.strip() else None
            case "hours":
                found["hours"] = _hours(key, code, lists)
            case _:
                pass  # which persons: all of them
    return lambda: {"code": code, **found}


def _hours(key: str, code: str, lists: _Lists) -> list[dict[str, object]]:
    first, second, third = st.columns([2, 1, 1])
    with first:
        weekdays = lists.several("Days (blank: always)", Weekday, f"{code}-days")
    with second:
        begins = st.text_input("From, such as 19:00", key=f"{key}-begins", max_chars=5)
    with third:
        ends = st.text_input("To, 24:00 at the latest", key=f"{key}-ends", max_chars=5)
    return [{"days": weekdays, "begins": begins, "ends": ends}] if weekdays else []

"""The agenda of a conference: its items, their order, and what one person may see of it. Knows no storage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field

from engine.domain.base import Frozen, Instant, Sentence, Text
from engine.domain.cases.names import CaseNames

PLANNED_MINUTES = 15
FEWEST_MINUTES = 1
"""The planned length of an item until another is chosen."""
PRIVATE_ITEM = "Private item"
"""The text of an item whose case is not open to the reader, whatever the cause."""


class AgendaPart(StrEnum):
    """Why a case is on an agenda; an agenda that is built in one step has its parts in this order."""

    OUTSTANDING = "actions outstanding"
    DECISION = "for decision"
    TWELVE_MONTHS = "twelve months since the last referral"


class Deferral(Frozen):
    """Why an item is not taken now, until when, and what protects the victim meanwhile."""

    because: Sentence
    until: date
    meanwhile: Sentence


class ItemPlan(Frozen):
    """The plan of one item. Only the chair and the deputy read the note."""

    minutes: Annotated[int, Field(ge=FEWEST_MINUTES, le=240)] = PLANNED_MINUTES
    guests: Annotated[tuple[Sentence, ...], Field(max_length=20)] = ()
    chair_note: Text | None = None
    deferral: Deferral | None = None

    def has_text(self, *, with_note: bool) -> bool:
        """Return whether it has a text of a person; the note of the chair counts only ``with_note``."""
        return bool(self.guests or self.deferral or (with_note and self.chair_note))


class AgendaItem(Frozen):
    """One stored item. ``number`` is its own for as long as the conference lasts, wherever it is moved."""

    number: int
    case: str
    part: AgendaPart
    plan: ItemPlan
    planned_by: str
    """The writer of the texts of the newest plan."""
    by: str
    at: Instant


class Agenda(Frozen):
    """One version of the order: the numbers of its items. Version 0 is an agenda that was never built."""

    version: int
    order: tuple[int, ...]
    at: Instant | None = None

    def place_of(self, number: int) -> int | None:
        """Return the place of an item, from 1; None for one that was taken off."""
        return self.order.index(number) + 1 if number in self.order else None


class ItemView(Frozen):
    """One item as one person sees it. Of a private one there are its place and its minutes only."""

    place: int
    minutes: int
    is_private: bool
    case: str | None = None
    names: CaseNames | None = None
    part: AgendaPart | None = None
    guests: tuple[str, ...] = ()
    chair_note: str | None = None
    deferral: Deferral | None = None
    is_on_screen: bool = False
    was_on_screen: bool = False
    """True also while it is there. Of a private item only those who plan the agenda read it."""
    used_minutes: int | None = None
    """Whole minutes on the screen of an item that was there; None for one that is, and where none is read."""

    @property
    def in_words(self) -> str:
        """The item in one line."""
        if self.case is None or self.part is None:
            return PRIVATE_ITEM
        deferred = f", deferred until {self.deferral.until:%-d %B %Y}" if self.deferral else ""
        return f"{self.case}, {self.part.value}{deferred}"


class CaseForAgenda(NamedTuple):
    """A case that may come on an agenda, with what its place depends on."""

    reference: str
    part: AgendaPart
    is_urgent: bool
    has_children: bool
    linked: frozenset[str]
    """Other cases of the same episode or the same people, which are taken together with it."""
    waits_since: date


def in_agenda_order(cases: Iterable[CaseForAgenda]) -> tuple[CaseForAgenda, ...]:
    """Return the cases part by part: urgent first, children's early and together, linked ones together.

    Linked cases come where the first of them does, with those that are linked to them in turn. Otherwise
    those that wait longest come first.
    """
    given = sorted(cases, key=_place)
    ordered: dict[str, CaseForAgenda] = {}
    for case in given:
        together = [] if case.reference in ordered else [case]
        for one in together:  # which grows by what is linked to it
            ordered[one.reference] = one
            together += [
                other
                for other in given
                if other.reference in one.linked and other.part is one.part and other not in together
            ]
    return tuple(ordered.values())


def _place(case: CaseForAgenda) -> tuple[int, bool, bool, date, str]:
    part = list(AgendaPart).index(case.part)
    return part, not case.is_urgent, not case.has_children, case.waits_since, case.reference


def twelve_months_passed(last_referral: date, *, on: date) -> bool:
    """Return whether twelve months have passed since the last referral: after that it is a new one."""
    return last_referral <= on - timedelta(days=365)


def next_place(agenda: Agenda, items: Mapping[int, AgendaItem], *, after: int | None) -> int | None:
    """Return the number of the item that follows another; None at the end. Deferred ones are passed over."""
    return _first_taken(agenda.order[_index_after(agenda, after) :], items)


def previous_place(agenda: Agenda, items: Mapping[int, AgendaItem], *, before: int | None) -> int | None:
    """Return the number of the item before another; None at the beginning."""
    index = agenda.order.index(before) if before in agenda.order else len(agenda.order)
    return _first_taken(agenda.order[:index][::-1], items)


def _index_after(agenda: Agenda, number: int | None) -> int:
    return agenda.order.index(number) + 1 if number in agenda.order else 0


def _first_taken(order: Sequence[int], items: Mapping[int, AgendaItem]) -> int | None:
    return next((number for number in order if items[number].plan.deferral is None), None)

"""A plan while it is changed: its actions as typed, one of them open. Pure; knows no page and no session.

An action that was not touched stays as the newest version has it: one save undoes nothing of another's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from pydantic import ValidationError

from engine.domain.conference.risk import Domain
from engine.domain.dates import read_date
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import LibraryRef, PlannedAction, Side
from engine.domain.plans.library import ActionLibrary, LibraryAction
from engine.domain.plans.views import ActionView, PlanView
from engine.domain.responses.answers import ProposedAction
from engine.domain.typed_days import require_coming

Fields = Mapping[str, object]
"""The content of an action by field, as typed. ``due`` is a text."""
_LIBRARY = ("library_item", "library_version")
"""The fields of a new action that is from the library; apart, so that a draft stores them."""
_MADE_FROM = ("library", "proposed_by", "proposal", "need")
"""The parts of a stored action that no field of the page changes: its source, and the need."""


@dataclass(frozen=True)
class Row:
    """One action: as it is stored, and as it is typed. ``faults`` says what is wrong, by field.

    ``saved_first`` says that another person saved a change of it while it was typed.
    """

    name: str
    typed: Fields
    stored: ActionView | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    saved_first: bool = False

    @property
    def is_changed(self) -> bool:
        """True if it is new, or typed differently from what is stored."""
        return self.stored is None or dict(self.typed) != dict(fields_of(self.stored))

    @property
    def side(self) -> Side | None:
        """The side that is chosen; None also for what no field of ours offers, so that each row is drawn."""
        side = self.typed["side"]
        return side if isinstance(side, Side) else None

    @property
    def has_started(self) -> bool:
        """True for an urgent safety action that has started: it stays in the plan."""
        return self.stored is not None and self.stored.must_stay

    @property
    def proposal(self) -> tuple[object, object]:
        """The agency and the key of the proposal that it was made from; both None if of none."""
        if self.stored is not None:
            return self.stored.proposed_by, self.stored.proposal
        return self.typed.get("proposed_by"), self.typed.get("proposal")


class Proposal(NamedTuple):
    """An action that an agency proposed, as this person reads it."""

    agency: str
    action: ProposedAction


@dataclass(frozen=True)
class Working:
    """The plan as one person changes it. ``open_row`` is the one whose fields are drawn."""

    version: int
    rows: tuple[Row, ...]
    open_row: str | None = None
    made: int = 0
    removed: frozenset[str] = frozenset()

    @property
    def faulty(self) -> tuple[Row, ...]:
        """The rows that were refused."""
        return tuple(row for row in self.rows if row.faults)

    def row(self, name: str) -> Row:
        """Return the row of this name."""
        return next(row for row in self.rows if row.name == name)

    def number(self, row: Row) -> int:
        """Return the place of a row in the plan, from 1."""
        return self.rows.index(row) + 1

    def with_row(self, changed: Row) -> Working:
        """Return the plan with this row in place of the one of its name."""
        return replace(self, rows=tuple(changed if row.name == changed.name else row for row in self.rows))

    def with_new(self, typed: Fields) -> Working:
        """Return the plan with one more action, open."""
        row = Row(f"new-{self.made + 1}", typed)
        return replace(self, rows=(*self.rows, row), open_row=row.name, made=self.made + 1)

    def without(self, name: str) -> Working:
        """Return the plan without this action."""
        rows = tuple(row for row in self.rows if row.name != name)
        open_row = None if self.open_row == name else self.open_row
        return replace(self, rows=rows, open_row=open_row, removed=self.removed | {name})


def begin(plan: PlanView | None) -> Working:
    """Return the newest version, ready to be changed."""
    if plan is None:
        return Working(version=0, rows=())
    return Working(version=plan.version, rows=tuple(_stored(action) for action in plan.actions))


def restored(plan: PlanView | None, rows: Mapping[str, Fields], removed: Collection[str]) -> Working:
    """Return the newest version with the rows that were being typed; ``removed`` are those removed."""
    working = begin(plan)
    blank = empty(None)
    there = tuple(
        replace(row, typed={**blank, **rows[row.name]}) if row.name in rows else row
        for row in working.rows
        if row.name not in removed
    )
    known = {row.name for row in working.rows}
    added = sorted(rows.keys() - known - set(removed), key=lambda name: (len(name), name))
    new = [Row(f"new-{place}", {**blank, **rows[name]}) for place, name in enumerate(added, start=1)]
    return replace(working, rows=(*there, *new), made=len(new), removed=frozenset(removed) & known)


def onto(working: Working, newest: PlanView) -> Working:
    """Return the same changes put onto a version that another person saved first, with no action open.

    Of an action that both changed, each field that was not typed here is as the other person saved it.
    """
    ours = {row.name: row for row in working.rows}
    there = {action.reference for action in newest.actions}
    rows = [
        _put_onto(ours[action.reference], action)
        if action.reference in ours and ours[action.reference].is_changed
        else _stored(action)
        for action in newest.actions
        if action.reference not in working.removed
    ]
    rows += [row for row in working.rows if row.is_changed and row.name not in there]
    return replace(working, version=newest.version, rows=tuple(rows), open_row=None)


def _put_onto(row: Row, action: ActionView) -> Row:
    assert row.stored is not None  # it has the reference of an action that is stored
    before, theirs = fields_of(row.stored), fields_of(action)
    typed = {**theirs, **{name: value for name, value in row.typed.items() if value != before.get(name)}}
    return Row(row.name, typed, action, row.faults, saved_first=theirs != before)


def refused_on(working: Working, saved: PlanView) -> Working:
    """Return what was refused, on the version that has everything else; the first of it is open."""
    refused = {row.name: row for row in working.faulty}
    rows = tuple(refused.pop(action.reference, _stored(action)) for action in saved.actions)
    rows = (*rows, *refused.values())
    open_row = next(row.name for row in rows if row.faults)
    return Working(version=saved.version, rows=rows, open_row=open_row, made=working.made)


def checked(working: Working, *, agencies: Collection[str], users: Mapping[str, str], today: date) -> Working:
    """Return the plan with what is wrong in each row. ``users`` are the agency of each user, by name."""
    rows = tuple(replace(row, faults=_faults(row, agencies, users, today)) for row in working.rows)
    return replace(working, rows=rows)


def planned(working: Working, *, names: Mapping[str, str]) -> tuple[PlannedAction, ...]:
    """Return the actions to be saved; one that was refused stays as it is stored, a new one is left out.

    ``names`` are the users' names as they are shown.
    """
    actions = []
    for row in working.rows:
        if row.faults and row.stored is not None:
            actions.append(_given(fields_of(row.stored), row.stored, names))
        elif not row.faults:
            actions.append(_given(row.typed, row.stored, names))
    return tuple(actions)


def fields_of(action: ActionView) -> Fields:
    """Return an action as its fields show it."""
    return {
        "what": action.what,
        "side": action.side,
        "agency": action.agency,
        "owner": action.owner_user or action.owner,
        "due": f"{action.due:%-d %B %Y}",
        "serves": action.serves,
        "evidence": action.evidence or "",
        "is_urgent": action.is_urgent,
        "departs_from_wishes": action.departs_from_wishes,
        "differs_from_notice": action.differs_from_notice or "",
    }


def empty(side: Side | None) -> Fields:
    """Return a new action of this side; None where it is still to be chosen."""
    return {
        "what": "",
        "side": side,
        "agency": None,
        "owner": None,
        "due": "",
        "serves": None,
        "evidence": "",
        "is_urgent": False,
        "departs_from_wishes": False,
        "differs_from_notice": "",
    }


def from_library(item: LibraryAction, reference: LibraryRef) -> Fields:
    """Return an action of the library, still without owner and due date."""
    return {
        **empty(item.side),
        "what": item.title,
        "serves": item.serves,
        "evidence": item.done_when,
        "need": item.need,
        "library_item": reference.item,
        "library_version": reference.version,
    }


def from_proposal(proposal: Proposal, library: ActionLibrary) -> Fields:
    """Return an action as an agency proposed it, still without agency, owner and due date."""
    action = proposal.action
    code = action.library if action.library in library.codes else None
    item = from_library(library.find(code), library.reference(code)) if code is not None else {}
    given = {"side": action.side, "serves": action.serves, "evidence": action.evidence, "need": action.need}
    return {
        **empty(None),
        **item,
        **{name: value for name, value in given.items() if value is not None},
        "what": action.says,
        "proposed_by": proposal.agency,
        "proposal": action.key,
    }


def not_taken(proposals: Iterable[Proposal], working: Working) -> tuple[Proposal, ...]:
    """Return the proposals that no action of the plan was made from."""
    taken = {row.proposal for row in working.rows}
    return tuple(each for each in proposals if (each.agency, each.action.key) not in taken)


def _stored(action: ActionView) -> Row:
    return Row(action.reference, fields_of(action), action)


def _given(typed: Fields, stored: ActionView | None, names: Mapping[str, str]) -> PlannedAction:
    owner = str(typed["owner"] or "")
    made_from = {name: getattr(stored, name) for name in _MADE_FROM} if stored else _library_of(typed)
    typed = {name: value for name, value in typed.items() if name not in _LIBRARY}
    return PlannedAction.model_validate(
        {
            **made_from,
            **typed,
            "due": _day(typed),
            "owner": names.get(owner, owner),
            "owner_user": owner if owner in names else None,
            "evidence": typed["evidence"] or None,
            "differs_from_notice": typed["differs_from_notice"] or None,
            "reference": stored.reference if stored else None,
        }
    )


def _library_of(typed: Fields) -> Fields:
    item, version = (typed.get(name) for name in _LIBRARY)
    return {"library": {"item": item, "version": version} if item is not None else None}


def _day(typed: Fields) -> date:
    read = read_date(str(typed["due"]))
    if not read.is_whole_day:
        raise ValueError("give the full date, such as 9 March 2026")
    return read.earliest


def _faults(row: Row, agencies: Collection[str], users: Mapping[str, str], today: date) -> Mapping[str, str]:
    if not row.is_changed:
        return {}
    typed, faults = row.typed, dict[str, str]()
    if not str(typed["what"]).strip():
        faults["what"] = "say what is to be done"
    if typed["agency"] not in agencies:
        faults["agency"] = "choose an agency"
    owner = str(typed["owner"] or "").strip()
    if not 2 <= len(owner) <= 120:
        faults["owner"] = "choose or type an owner"
    elif users.get(owner, typed["agency"]) != typed["agency"]:
        faults["owner"] = "choose an owner at this agency"
    try:
        due = _day(typed)
        if row.stored is None or due != row.stored.due:
            require_coming("due", due, on=today)
    except InvalidInputError as error:
        faults["due"] = error.reason
    except ValueError as error:
        faults["due"] = str(error)
    if not faults:
        faults |= _other_faults(row)
    return faults


def _other_faults(row: Row) -> Mapping[str, str]:
    """Return what the domain refuses, by field."""
    try:
        _given(row.typed, row.stored, {})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return {str(first["loc"][0]) if first["loc"] else "what": first["msg"]}
    return {}


DOMAINS: tuple[Domain | None, ...] = (None, *Domain)

"""Changes that a user made in the plan's table, put onto the newest plan. Pure; knows no page and no session.

A row that was not touched stays as the newest version has it, so one person's save undoes nothing
of another's. Only the columns named here can be changed; rows are identified by reference, never by place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dashboard.session import EditorChanges
from dashboard.words import domain_in_words, listed
from engine.domain.conference.risk import Domain
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import ActionContent, PlannedAction
from engine.domain.plans.views import ActionView
from engine.domain.typed_days import require_coming

COLUMNS = ("Action", "Agency", "Owner", "Due", "Risk domain")
EDITABLE = frozenset(COLUMNS)
_NEEDED = ("Action", "Agency", "Owner", "Due")
_TYPED = ("Action", "Agency", "Owner")
_DOMAINS = {domain_in_words(domain): domain for domain in Domain}
DOMAIN_WORDS = tuple(_DOMAINS)
_IN_TABLE = frozenset({"what", "agency", "owner", "due", "serves"})
_NOT_IN_TABLE = tuple(name for name in ActionContent.model_fields if name not in _IN_TABLE)
"""Fields of an action that the table does not show: saving the table leaves them as they are."""


def as_row(action: ActionView, names: Mapping[str, str]) -> dict[str, object]:
    """Return an action as the table shows it."""
    return {
        "Action": action.what,
        "Agency": names.get(action.agency, action.agency),
        "Owner": action.owner,
        "Due": action.due,
        "Risk domain": domain_in_words(action.serves) if action.serves else None,
    }


def planned(
    *,
    opened_on: Sequence[ActionView],
    newest: Sequence[ActionView],
    changes: EditorChanges,
    names: Mapping[str, str],
    today: date,
) -> tuple[PlannedAction, ...]:
    """Return the whole plan to be saved: the newest one, with the changes made to the one that was opened.

    Every row is checked, and each that is refused is named by its place on the screen and by what it lacks.
    """
    there = range(len(opened_on))
    edits = {opened_on[row].reference: changed for row, changed in changes.edited.items() if row in there}
    deleted = {opened_on[row].reference for row in changes.deleted if row in there}
    actions_by_name = {action.reference: action for action in newest}
    actions_by_name |= {
        action.reference: action
        for action in opened_on
        if action.reference in edits.keys() - actions_by_name.keys()
    }
    on_screen = [action.reference for action in opened_on if action.reference not in deleted]
    places = {reference: f"action {place}" for place, reference in enumerate(on_screen, start=1)}
    rows = [
        _Row(
            places.get(reference, f"action {reference}"),
            {**as_row(action, names), **edits.get(reference, {})},
            action,
        )
        for reference, action in actions_by_name.items()
        if reference not in deleted
    ]
    rows += [
        _Row(f"action {place}", row, None)
        for place, row in enumerate(changes.added, start=len(on_screen) + 1)
    ]
    if not rows:
        raise InvalidInputError("plan", "add at least one action")
    return _all_or_none(rows, names, today)


class _Row(NamedTuple):
    """A row as it is on the screen, where it is there, and the action that it changes, if any."""

    part: str
    cells: Mapping[str, object]
    changes: ActionView | None


def _all_or_none(rows: Sequence[_Row], names: Mapping[str, str], today: date) -> tuple[PlannedAction, ...]:
    actions: list[PlannedAction] = []
    faults: list[InvalidInputError] = []
    for row in rows:
        try:
            actions.append(_action(row, names, today))
        except InvalidInputError as fault:
            faults.append(fault)
    if faults:
        first, *others = faults
        raise InvalidInputError(first.part, "; ".join([first.reason, *(str(other) for other in others)]))
    return tuple(actions)


def _action(row: _Row, names: Mapping[str, str], today: date) -> PlannedAction:
    codes = {name: code for code, name in names.items()}
    part, cells = row.part, row.cells
    empty = [f"'{column}'" for column in _NEEDED if not str(cells.get(column) or "").strip()]
    if empty:
        is_empty = f"{listed(empty)} {'is' if len(empty) == 1 else 'are'} empty"
        raise InvalidInputError(
            part, f"{is_empty}; give the action, its agency, its owner and when it is due"
        )
    serves, (what, agency, owner) = cells.get("Risk domain"), (cells[name] for name in _TYPED)
    domain = _DOMAINS.get(serves) if isinstance(serves, str) else None
    if (
        (serves and domain is None)
        or not isinstance(what, str)
        or not isinstance(agency, str)
        or not isinstance(owner, str)
    ):
        # no table of ours sends this: a select takes only its own terms, a text is a text
        raise InvalidInputError(part, "choose each value from its list")
    if len(what) > 600 or not 2 <= len(owner.strip()) <= 120:
        raise InvalidInputError(
            part, "write the action in at most 600 characters and give the owner's full name"
        )
    due = _day(part, cells["Due"])
    if row.changes is None or due != row.changes.due:
        require_coming(f"{part}, 'Due'", due, on=today)
    untouched = (
        {name: getattr(row.changes, name) for name in _NOT_IN_TABLE} if row.changes is not None else {}
    )
    return PlannedAction(
        **untouched,
        what=what,
        agency=codes.get(agency, agency),
        owner=owner,
        due=due,
        serves=domain,
        reference=row.changes.reference if row.changes else None,
    )


def _day(part: str, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise InvalidInputError(part, "'Due' is not a date") from None

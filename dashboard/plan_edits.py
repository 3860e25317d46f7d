"""What somebody changed in the plan's table, put onto the newest plan. Pure; knows no page and no session.

A row that was not touched keeps whatever the newest version says of it, so one person's save undoes nothing
of another's. Only the columns named here can be changed; rows are told apart by reference, never by place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.session import EditorChanges
from dashboard.words import domain_in_words
from engine.domain.errors import InvalidInputError
from engine.domain.plan import PlannedAction
from engine.domain.risk import Domain
from engine.domain.views import ActionView

COLUMNS = ("Action", "Agency", "Owner", "Due", "Serves")
EDITABLE = frozenset(COLUMNS)
_TYPED = ("Action", "Agency", "Owner")
_DOMAINS = {domain_in_words(domain): domain for domain in Domain}
DOMAIN_WORDS = tuple(_DOMAINS)


def as_row(action: ActionView, names: Mapping[str, str]) -> dict[str, Any]:
    """An action as the table shows it."""
    return {
        "Action": action.what,
        "Agency": names.get(action.agency, action.agency),
        "Owner": action.owner,
        "Due": action.due,
        "Serves": domain_in_words(action.serves) if action.serves else None,
    }


def planned(
    *,
    opened_on: Sequence[ActionView],
    newest: Sequence[ActionView],
    changes: EditorChanges,
    names: Mapping[str, str],
) -> tuple[PlannedAction, ...]:
    """The whole plan to be saved: the newest one, with the changes made to the one that was opened."""
    there = range(len(opened_on))
    edits = {opened_on[row].reference: changed for row, changed in changes.edited.items() if row in there}
    deleted = {opened_on[row].reference for row in changes.deleted if row in there}
    kept = {action.reference: action for action in newest}
    kept |= {
        action.reference: action for action in opened_on if action.reference in edits.keys() - kept.keys()
    }
    rows: list[tuple[str | None, dict[str, Any]]] = [
        (reference, {**as_row(action, names), **edits.get(reference, {})})
        for reference, action in kept.items()
        if reference not in deleted
    ]
    rows += [(None, row) for row in changes.added]
    if not rows:
        raise InvalidInputError("plan", "it needs at least one action")
    return tuple(
        _action(number, reference, row, names) for number, (reference, row) in enumerate(rows, start=1)
    )


def _action(
    number: int, reference: str | None, row: Mapping[str, Any], names: Mapping[str, str]
) -> PlannedAction:
    codes = {name: code for code, name in names.items()}
    for column in ("Action", "Agency", "Owner", "Due"):
        if not row.get(column):
            raise InvalidInputError(
                f"action {number}", f"'{column}' is empty; an action says what, who and by when"
            )
    agency = str(row["Agency"])
    serves = row.get("Serves")
    if (serves and serves not in _DOMAINS) or not all(isinstance(row[name], str) for name in _TYPED):
        # no table of ours sends this: a select takes its own words alone, a text is a text
        raise InvalidInputError(f"action {number}", "it holds something that the table does not offer")
    if len(str(row["Action"])) > 600 or not 2 <= len(str(row["Owner"]).strip()) <= 120:
        raise InvalidInputError(
            f"action {number}", "write the action in at most 600 letters and the owner's whole name"
        )
    return PlannedAction(
        what=str(row["Action"]),
        agency=codes.get(agency, agency),
        owner=str(row["Owner"]),
        due=_day(number, row["Due"]),
        serves=_DOMAINS[serves] if serves else None,
        reference=reference,
    )


def _day(number: int, value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise InvalidInputError(f"action {number}", "'Due' is not a day") from None

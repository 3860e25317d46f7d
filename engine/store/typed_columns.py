"""Texts that a person typed, as one transaction writes them: they are checked before they are stored.

Longer texts (a decision, a plan, an answer) are checked by the use case that stores them, which knows what of
them is new. Each column says which of the two it is, or why neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from sqlalchemy import event
from sqlmodel import Session

from engine.store.fates import Words, typed_in
from engine.store.tables.base import Row

VALUES_STORED = "protected values stored"
"""The key of a session's references of the new values that it stored, by case."""
CASES_ADDED = "cases added"
"""The key of the cases that it added: nothing was typed about them before."""
_HERE = "reasons typed"


class ReasonsTyped:
    """Gathers what one transaction writes into these columns, by the case that the row names, if it does."""

    def __init__(self, session: Session) -> None:
        self._texts: dict[int | None, list[str]] = defaultdict(list)
        session.info[_HERE] = self
        event.listen(session, "before_flush", self._gather)

    def by_case(self) -> dict[int | None, list[str]]:
        """Return the texts by the number of their involvement; None are those whose row names none."""
        return dict(self._texts)

    def _gather(self, session: Session, *_: object) -> None:
        for row in session.new:
            self.note(type(row), row.__dict__)

    def note(self, table: type[Row], row: Mapping[str, object]) -> None:
        """Note what is typed in this row; a rule's text is not typed."""
        if row.get("by_rule"):
            return
        for column in typed_in(table, Words.TYPED):
            self._texts[cast("int | None", row.get("involvement_id"))].extend(texts_in(row.get(column)))


def note_written(session: Session, table: type[Row], rows: Iterable[Mapping[str, object]]) -> None:
    """Note rows that are written past the session."""
    reasons = session.info.get(_HERE)
    if reasons is not None and typed_in(table, Words.TYPED):
        for row in rows:
            reasons.note(table, row)


def texts_in(stored: object) -> Iterator[str]:
    """Yield every text in a column's value: itself, or those of a document."""
    if isinstance(stored, str):
        yield stored
    elif isinstance(stored, dict):
        yield from _of_each(stored.values())
    elif isinstance(stored, list | tuple):
        yield from _of_each(stored)


def _of_each(stored: Iterable[object]) -> Iterator[str]:
    for each in stored:
        yield from texts_in(each)

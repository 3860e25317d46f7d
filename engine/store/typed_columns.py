"""Columns that hold a reason which a person typed: what is written into them is checked before it is stored.

Longer texts (a decision, a plan, an answer) are checked by the use case that stores them, which knows what of
them is new. A test goes through every column of text and asks which of the two it is, or why neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from sqlalchemy import event
from sqlmodel import Session

REASONS: dict[str, tuple[str, ...]] = {
    "acts_shared": ("why",),
    "alarm_question": ("why",),
    "alarm_step": ("why",),
    "associates_ask": ("why",),
    "change_answer": ("why",),
    "change_request": ("what",),
    "complaint_finding": ("source",),
    "connection": ("why",),
    "court_order_step": ("content",),
    "dissent_entry": ("reasons",),
    "glass_broken": ("why",),
    "glass_review": ("why",),
    "identity_judgement": ("why",),
    "incident_review": ("why",),
    "incident_rule": ("grounds", "why"),
    "investigator": ("why",),
    "item_rule": ("grounds", "why"),
    "ledger": ("grounds", "why"),
    "item_plan": ("guests", "chair_note", "deferred_because", "meanwhile"),
    "likely_breach_review": ("content",),
    "link_map_export": ("why", "notes"),
    "minutes_correction": ("says",),
    "minutes_correction_answer": ("why",),
    "plan_review": ("decided",),
    "police_decision": ("decided_by", "why"),
    "record_request": ("why",),
    "remark": ("text", "source"),
    "restricted_reason": ("purpose", "why"),
    "restriction": ("why",),
    "retention_word": ("why",),
    "role_assessment": ("why",),
    "victim_notice_attempt": ("content",),
    "victim_request": ("content",),
    "victim_request_word": ("content",),
    "victim_told": ("content",),
}


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
            self.note(getattr(row, "__tablename__", ""), row.__dict__)

    def note(self, table: str, row: Mapping[str, object]) -> None:
        """Note what is typed in this row; a rule's text is not typed."""
        if row.get("by_rule"):
            return
        for column in REASONS.get(table, ()):
            self._texts[cast("int | None", row.get("involvement_id"))].extend(texts_in(row.get(column)))


def note_written(session: Session, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Note rows that are written past the session."""
    reasons = session.info.get(_HERE)
    if reasons is not None and table in REASONS:
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

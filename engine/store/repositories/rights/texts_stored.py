"""Every text that a person typed about a case, with its writer: compared again when a value is protected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from engine.store.every_table import every_table
from engine.store.fates import typed_in
from engine.store.repositories.rights.parts import of_case
from engine.store.tables.base import Row, table_of
from engine.store.tables.cases.incidents import IncidentReportRow
from engine.store.tables.cases.involvements import ReferralVersionRow
from engine.store.tables.conference import DecisionRow, DissentRow
from engine.store.tables.links.associates import AssociatesAskRow
from engine.store.tables.links.graph import LinkAlertWordRow, LinkQueryRow
from engine.store.tables.links.maps import LinkMapExportRow
from engine.store.tables.rights.subject_access import AccessRequestRow, AccessStepRow
from engine.store.typed_columns import texts_in


class TextStored(NamedTuple):
    """The texts of one row about a case, and who wrote them; empty where that is not in the row."""

    case: str
    table: str
    by: str
    texts: tuple[str, ...]


_TIMES = ("at", "received_at")
_WRITERS = ("received_by", "by", "author", "told_by", "user", "user_name", "owner")
_Which = ColumnElement[bool]
_ON_LINKS: tuple[type[Row], ...] = (LinkQueryRow, LinkAlertWordRow, AssociatesAskRow, LinkMapExportRow)


def tables_with_texts(session: Session, reference: str, number: int) -> Iterator[tuple[type[Row], _Which]]:
    """Yield the tables with texts that people typed about this involvement, which rows, and all on links.

    A saved search, a question or a map may be about a thing of several cases, or about none.
    """
    for table in every_table():
        if table.rows.of and typed_in(table):
            yield table, of_case(table, number)
    yield AccessStepRow, _in_access_steps(session, reference)
    yield from ((table, true()) for table in _ON_LINKS)


def texts_of(session: Session, reference: str, number: int, *, before: datetime) -> Iterator[TextStored]:
    """Yield the texts of each row about an involvement that was stored before this instant.

    A row without a time or a writer of its own has those of the row that it is a part of. A version repeats
    what others wrote in versions before it: a text is of the row that had it first.
    """
    had: dict[str, set[str]] = {}
    for rows_of, which in tables_with_texts(session, reference, number):
        rows = select(rows_of).where(which).order_by(table_of(rows_of).c.id)
        for row in session.execute(rows).scalars():
            whole = _whole_of(session, row)
            stored_at: datetime = next(value for name in _TIMES if (value := getattr(whole, name, None)))
            if stored_at < before:
                table = table_of(rows_of).name
                before_it = had.setdefault(table, set())
                typed = (getattr(row, name) for name in typed_in(rows_of))
                texts = {text for value in typed for text in texts_in(value)} - before_it
                before_it |= texts
                yield TextStored(
                    case=reference,
                    table=table,
                    by=next((value for name in _WRITERS if (value := getattr(whole, name, None))), ""),
                    texts=tuple(texts),
                )


def _whole_of(session: Session, row: Row) -> Row:
    """Return the row that this one is a part of, which has its time and writer; else itself."""
    if isinstance(row, DissentRow):
        return session.get_one(DecisionRow, row.decision_id)
    if isinstance(row, IncidentReportRow) and row.referral_version is not None:
        version = col(ReferralVersionRow.version) == row.referral_version
        of_file = col(ReferralVersionRow.involvement_id) == row.involvement_id
        file: ReferralVersionRow = session.execute(
            select(ReferralVersionRow).where(of_file, version)
        ).scalar_one()
        return file
    return row


def _in_access_steps(session: Session, reference: str) -> _Which:
    """Return which steps are of the subject access requests that are about this involvement."""
    requests = session.execute(select(col(AccessRequestRow.id), col(AccessRequestRow.involvements))).all()
    about = [number for number, involvements in requests if reference in involvements]
    return col(AccessStepRow.access_request_id).in_(about)

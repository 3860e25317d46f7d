"""Every text that a person typed about a case, with its writer: compared again when a value is protected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, true
from sqlmodel import Session, col

from engine.store.repositories.rights import erased_rows
from engine.store.repositories.rights.erased_parts import Part, part_of
from engine.store.repositories.rights.owners_parts import agencys_parts, desks_parts, words_on_keeping
from engine.store.tables.base import Row, table_of
from engine.store.tables.cases.incidents import IncidentReportRow
from engine.store.tables.cases.involvements import ReferralVersionRow
from engine.store.tables.conference import DecisionRow, DissentRow, MinutesCopyItemRow
from engine.store.tables.links.associates import AssociatesAskRow
from engine.store.tables.links.graph import LinkAlertWordRow, LinkQueryRow
from engine.store.tables.links.maps import LinkMapExportRow
from engine.store.tables.people.persons import PersonRecordRow
from engine.store.tables.rights.subject_access import AccessRequestRow, AccessStepRow
from engine.store.tables.vault.typed_texts import TextSeenToRow, TextThatTellsRow
from engine.store.typed_columns import texts_in


class TextStored(NamedTuple):
    """The texts of one row about a case, and who wrote them; empty where that is not in the row."""

    case: str
    table: str
    by: str
    texts: tuple[str, ...]


_TIMES = ("at", "received_at")
_WRITERS = ("received_by", "by", "author", "told_by", "user", "user_name", "owner")
_NOT_TYPED = frozenset({PersonRecordRow, ReferralVersionRow, MinutesCopyItemRow})
"""The words of a source, and copies of minutes: each of their texts has a row of its own."""

_ON_LINKS: tuple[type[Row], ...] = (LinkQueryRow, LinkAlertWordRow, AssociatesAskRow)


def parts_with_texts(session: Session, reference: str, number: int) -> list[Part]:
    """Return the parts of the record with texts that people typed about this involvement, and all on links.

    A saved search, a question or a map may be about a thing of several cases, or about none.
    """
    flagged = select(col(TextThatTellsRow.id)).where(col(TextThatTellsRow.involvement_id) == number)
    parts = [
        *desks_parts(number),
        *agencys_parts(number, None),
        *words_on_keeping(number),
        part_of(TextSeenToRow, col(TextSeenToRow.text_that_tells_id).in_(flagged), lambda *_: {"how": None}),
        _access_steps(session, reference),
        *(part_of(table, true(), lambda *_: {"why": None}) for table in _ON_LINKS),
        part_of(LinkMapExportRow, true(), erased_rows.exported_map),
    ]
    return [part for part in parts if part.table not in _NOT_TYPED]


def texts_of(session: Session, reference: str, number: int, *, before: datetime) -> Iterator[TextStored]:
    """Yield the texts of each row about an involvement that was stored before this instant.

    A row without a time or a writer of its own has those of the row that it is a part of. A version repeats
    what others wrote in versions before it: a text is of the row that had it first.
    """
    had: dict[str, set[str]] = {}
    for part in parts_with_texts(session, reference, number):
        rows = select(part.table).where(part.where).order_by(table_of(part.table).c.id)
        for row in session.execute(rows).scalars():
            whole = _whole_of(session, row)
            stored_at: datetime = next(value for name in _TIMES if (value := getattr(whole, name, None)))
            if stored_at < before:
                table, columns = table_of(part.table).name, part.how(row, "")
                before_it = had.setdefault(table, set())
                texts = {text for name in columns for text in texts_in(getattr(row, name))} - before_it
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


def _access_steps(session: Session, reference: str) -> Part:
    """Return the steps of the subject access requests that are about this involvement."""
    requests = session.execute(select(col(AccessRequestRow.id), col(AccessRequestRow.involvements))).all()
    about = [number for number, involvements in requests if reference in involvements]
    return part_of(AccessStepRow, col(AccessStepRow.access_request_id).in_(about), erased_rows.access_step)

"""Parts of the record that an erasure empties: a table, its rows, and the way of each. Empties nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import col

from engine.store.repositories.rights import erased_rows
from engine.store.tables.base import Row
from engine.store.tables.breaches import IncidentDetailRow, LikelyBreachResultRow, LikelyBreachReviewRow
from engine.store.tables.cases.complaints import ComplaintFindingRow
from engine.store.tables.cases.person_acts import ActsSharedRow
from engine.store.tables.conference import (
    DissentEntryRow,
    ItemPlanRow,
    MinutesCopyItemRow,
    MinutesCorrectionAnswerRow,
    MinutesCorrectionRow,
    RemarkRow,
    VictimWordsRow,
)
from engine.store.tables.orders import CourtOrderStepRow, VictimNoticeAttemptRow

_OfTable = TypeVar("_OfTable", bound=Row)


class Part(NamedTuple):
    """A table, which of its rows, and how each is emptied."""

    table: type[Row]
    where: ColumnElement[bool]
    how: erased_rows.Emptied


def part_of(
    table: type[_OfTable], where: ColumnElement[bool], how: Callable[[_OfTable, str], erased_rows.Columns]
) -> Part:
    """Return a part of one table, whose rows are emptied alike."""

    def emptied(row: Row, certificate: str) -> erased_rows.Columns:
        assert isinstance(row, table)
        return how(row, certificate)

    return Part(table, where, emptied)


def order_parts(number: int) -> list[Part]:
    """Return what orders, likely breaches and notices to the victim hold about an involvement."""

    def here(involvement: int) -> ColumnElement[bool]:
        return col(involvement) == number

    def emptied(_: Row, certificate: str) -> erased_rows.Columns:
        return {"content": {"erased_by": certificate}}

    return [
        part_of(IncidentDetailRow, here(IncidentDetailRow.involvement_id), emptied),
        part_of(LikelyBreachResultRow, here(LikelyBreachResultRow.involvement_id), emptied),
        part_of(LikelyBreachReviewRow, here(LikelyBreachReviewRow.involvement_id), emptied),
        part_of(CourtOrderStepRow, here(CourtOrderStepRow.involvement_id), emptied),
        part_of(VictimNoticeAttemptRow, here(VictimNoticeAttemptRow.involvement_id), emptied),
    ]


def conference_parts(number: int) -> list[Part]:
    """Return what conferences hold about an involvement, beside its decisions."""

    def here(involvement: int) -> ColumnElement[bool]:
        return col(involvement) == number

    return [
        part_of(DissentEntryRow, here(DissentEntryRow.involvement_id), erased_rows.dissent_entry),
        part_of(ItemPlanRow, here(ItemPlanRow.involvement_id), erased_rows.item_plan),
        part_of(MinutesCorrectionRow, here(MinutesCorrectionRow.involvement_id), erased_rows.correction),
        part_of(MinutesCorrectionAnswerRow, here(MinutesCorrectionAnswerRow.involvement_id), erased_rows.why),
        part_of(VictimWordsRow, here(VictimWordsRow.involvement_id), erased_rows.victim_words),
        part_of(RemarkRow, here(RemarkRow.involvement_id), erased_rows.remark),
        part_of(MinutesCopyItemRow, here(MinutesCopyItemRow.involvement_id), erased_rows.minuted),
    ]


def acts_parts(number: int) -> list[Part]:
    """Return what was shared from other cases with this one, and what its complaints were found to be."""

    def emptied(_: Row, certificate: str) -> erased_rows.Columns:
        return {"source": erased_rows.erased(certificate)}

    return [
        part_of(ActsSharedRow, col(ActsSharedRow.involvement_id) == number, erased_rows.acts_shared),
        part_of(ComplaintFindingRow, col(ComplaintFindingRow.involvement_id) == number, emptied),
    ]

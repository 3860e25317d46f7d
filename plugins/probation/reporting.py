"""Licences, links and checks as probation recorded them, in the contract's types. Forms no sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.hooks.v1 import (
    LinkEvidence,
    PartialDate,
    RecordPointer,
    RecordsChecked,
    ReportedCondition,
    ReportedOrder,
    counted,
    key_of,
    links_reported,
    newest_orders,
    sentence,
    was,
)
from plugins.probation.records import ProbationRecords, SupervisedOn, SupervisionRow

_RECORDS = "supervision records"
CONDITIONS = "conditions"
"""The key of the finding that has every condition."""
_CONDITIONS = {"no contact with a named person": "no-contact", "an exclusion zone": "stay-out"}
"""The conditions with one meaning in the engine's library; any other is given in a finding."""


def orders_reported(periods: Sequence[SupervisionRow]) -> tuple[tuple[ReportedOrder, ...], tuple[str, ...]]:
    """Return the newest licences among the periods of supervision, and what is left out of them.

    No other basis is an order that protects.
    """
    licences = [row for row in periods if row.kind is SupervisedOn.LICENCE]
    sent, older = newest_orders(_order(row) for row in licences)
    return sent, (*older, *_gaps(licences))


def links_of(
    held: ProbationRecords, person: str, *, on: date
) -> tuple[tuple[LinkEvidence, ...] | None, tuple[str, ...]]:
    """Return the links of a person, and what is not sent; None if the extract has no table of links."""
    rows = None if held.links is None else held.links.get(person, ())
    return links_reported(rows, on=on, records=_RECORDS)


def _gaps(licences: Sequence[SupervisionRow]) -> Iterator[str]:
    """Yield how many conditions are left out of the licences; what is withdrawn as a finding stays so."""
    count = sum(each not in _CONDITIONS for row in licences for each in row.conditions)
    if count:
        yield sentence(
            f"{counted(count, 'condition')} of licences {was(count)} recorded in other words, "
            "and not given with the order"
        )


def checked(periods: Sequence[SupervisionRow], *, on: date) -> tuple[RecordsChecked, ...]:
    """Return when the newest period of supervision was last checked."""
    days = [row.last_checked for row in periods if row.last_checked is not None and row.last_checked <= on]
    return (RecordsChecked(source=_RECORDS, on=max(days, default=None)),)


def _order(row: SupervisionRow) -> ReportedOrder:
    coded = dict.fromkeys(_CONDITIONS[each] for each in row.conditions if each in _CONDITIONS)
    conditions = tuple(ReportedCondition(code=each) for each in coded)
    return ReportedOrder(
        key=key_of("licence", row.supervision_id),
        type="licence",
        in_effect=row.started,
        ends=row.ends if row.ends is not None and row.ends >= row.started else None,
        conditions=conditions or None,
        conditions_in=CONDITIONS if conditions else None,
        source=_RECORDS,
        records=(
            RecordPointer(record=row.supervision_id, kind="supervision", dated=PartialDate.of(row.started)),
        ),
    )

"""A row that could not be imported waits for the coordinator; an incident that somebody reports is theirs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.referrals.intake import AlarmTopic
from engine.exchange.rows import CellFault, ReferralRow, RowFault
from engine.services.referrals.imports import (
    deal_with_rejected_row,
    import_referrals,
    rejected_rows,
)
from engine.services.referrals.incidents import record_incident
from tests.builders import Desk, a_referral, an_incident

FAULT = RowFault(
    row=7,
    column="victim_date_of_birth",
    reason="not a date",
    original='{"victim_surname": "Kent"}',
    also=(CellFault(column="referred_on", reason="in the future"),),
    alarms=(AlarmTopic.ENTRY,),
)
UNKNOWN = RowFault(row=9, column=None, reason="it cannot be read", original="?", alarms=None)


def taken_in(desk: Desk, *faults: RowFault) -> None:
    import_referrals(desk.context(desk.coordinator), rows=faults, file_digest="1" * 64)


def test_the_report_names_every_fault_of_a_row_and_its_alarms_and_never_its_content(desk: Desk) -> None:
    context = desk.context(desk.coordinator)
    row = ReferralRow(row=2, referral=a_referral(), original="{}")
    report = import_referrals(context, rows=[FAULT, row, UNKNOWN], file_digest="1" * 64)
    first, second = report.rejected
    assert (first.row, first.column, first.reason) == (7, "victim_date_of_birth", "not a date")
    assert (first.also, first.alarms) == (("referred_on: in the future",), (AlarmTopic.ENTRY,))
    assert (second.row, second.column, second.also, second.alarms) == (9, None, (), None)
    assert "Kent" not in report.model_dump_json()


def test_a_rejected_row_is_stored_as_it_came_with_what_is_wrong_until_it_is_purged(desk: Desk) -> None:
    taken_in(desk, FAULT, UNKNOWN)
    first, second = rejected_rows(desk.context(desk.coordinator))
    assert (first.row_number, first.column, first.reason) == (7, "victim_date_of_birth", "not a date")
    assert (first.alarms, first.content, first.at) == (("entry",), FAULT.original.encode(), desk.clock.now())
    assert (second.row_number, second.column, second.alarms) == (9, None, None)
    days = timedelta(days=desk.runtime.settings.rejected_rows_kept_days)
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        assert work.protected.purge(at=desk.clock.now() + days) == 0
        assert work.protected.purge(at=desk.clock.now() + days + timedelta(seconds=1)) == 2


def test_a_row_is_resolved_once_by_whoever_resolved_it(desk: Desk) -> None:
    taken_in(desk, FAULT)
    context = desk.context(desk.coordinator)
    (row,) = rejected_rows(context)
    assert row.dealt_with_by is None
    deal_with_rejected_row(context, import_id=row.import_id, row=7)
    with desk.runtime.uow.unrecorded() as work:
        *_, last = work.audit.entries()
    assert json.loads(last.body)["what"] == "deal with rejected row"
    assert rejected_rows(context)[0].dealt_with_by == "cora"
    for number in (7, 8):
        with pytest.raises(NotFoundError, match=f"rejected row {number} of import {row.import_id}"):
            deal_with_rejected_row(context, import_id=row.import_id, row=number)


@pytest.mark.parametrize("reason", [None, "The source would be known."])
def test_an_incident_is_of_who_reports_it_and_a_coordinators_is_the_stacs_own(
    desk: Desk, reason: str | None
) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    context = desk.context(desk.coordinator)
    incident = record_incident(
        context, reference=reference, incident=an_incident("2026-03-01"), kept_with_us=reason
    )
    with desk.runtime.uow.unrecorded() as work:
        assert work.incidents.reported_by(incident, reference) == ("stac",)
        rules = work.incident_rules.of([reference])
        *_, last = work.audit.entries()
    assert [(rule.item, rule.why) for rule in rules] == ([(incident, reason)] if reason else [])
    assert last.cases == (reference,)


def test_an_incident_of_tomorrow_is_refused(desk: Desk) -> None:
    reference = desk.refer(a_referral()).referrals[0]
    with pytest.raises(InvalidInputError, match="happened"):
        record_incident(
            desk.context(desk.coordinator),
            reference=reference,
            incident=an_incident().model_copy(update={"happened": PartialDate("2026-03-03")}),
        )

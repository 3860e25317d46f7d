"""A police extract on the disk, showing only what matters, and what the plugin says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.responses.requests import CaseAsked
from engine.hooks.carried_links import RecordedLink
from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import write_table
from plugins.police.assessor import assess
from plugins.police.ranking import Windows, windows_of
from plugins.police.records import (
    INCIDENTS,
    LINKS,
    OFFENCES,
    ORDERS,
    PERSONS,
    VIEWS,
    IncidentRow,
    OffenceRow,
    OrderKind,
    OrderRow,
    PersonRow,
    police_records,
)
from tests.plugins.builders import BORN, HIS_PNC, a_case, records_in


def a_person(**changes: object) -> PersonRow:
    whole: dict[str, object] = {
        "person_id": "N1",
        "forename": "Perpetua",
        "surname": "Toyson",
        "also_known_as": (),
        "date_of_birth": BORN,
        "pnc": HIS_PNC.value,
        "cro": None,
        "markers": (),
        "markers_reviewed": None,
    }
    return PersonRow.model_validate(whole | changes)


def a_report(
    number: int,
    happened: str | None,
    kind: IncidentKind = IncidentKind.CONTACTING,
    victim: str | None = "V1",
    crime: str | None = "",
) -> IncidentRow:
    return IncidentRow(
        incident_id=f"RPT-{number}",
        person_id="N1",
        victim_id=victim,
        happened=PartialDate(happened) if happened else None,
        kind=kind,
        crime_reference=f"ZZ{number}" if crime == "" else crime,
    )


def an_offence(report: int, code: str | None, place: int = 1, **changes: object) -> OffenceRow:
    whole: dict[str, object] = {
        "offence_id": f"RPT-{report}-O{place}",
        "incident_id": f"RPT-{report}",
        "principal": place == 1,
        "code": code,
        "cchi_urn": None,
        "asn": None,
    }
    return OffenceRow.model_validate(whole | changes)


def an_order(made: date, ends: date | None, kind: OrderKind = OrderKind.SPO, **changes: object) -> OrderRow:
    whole: dict[str, object] = {
        "order_id": f"ORD-{made:%Y%m%d}",
        "person_id": "N1",
        "kind": kind,
        "made": made,
        "ends": ends,
        "until_further_order": False,
        "conditions": ("no contact by any means", "not to enter a named area"),
    }
    return OrderRow.model_validate(whole | changes)


def written(
    folder: Path,
    *,
    persons: tuple[PersonRow, ...] = (a_person(),),
    reports: tuple[IncidentRow, ...] = (),
    offences: tuple[OffenceRow, ...] = (),
    orders: tuple[OrderRow, ...] = (),
    views: tuple[RecordedView, ...] = (),
    links: tuple[RecordedLink, ...] | None = None,
) -> None:
    folder.mkdir(exist_ok=True)
    write_table(folder, PERSONS, PersonRow, persons)
    write_table(folder, INCIDENTS, IncidentRow, reports)
    write_table(folder, OFFENCES, OffenceRow, offences)
    write_table(folder, ORDERS, OrderRow, orders)
    write_table(folder, VIEWS, RecordedView, views)
    if links is not None:
        write_table(folder, LINKS, RecordedLink, links)


def answer(
    folder: Path,
    case: CaseAsked | None = None,
    *,
    persons: tuple[PersonRow, ...] = (a_person(),),
    reports: tuple[IncidentRow, ...] = (),
    offences: tuple[OffenceRow, ...] = (),
    orders: tuple[OrderRow, ...] = (),
    views: tuple[RecordedView, ...] = (),
    links: tuple[RecordedLink, ...] | None = None,
    windows: tuple[Windows, ...] | None = None,
) -> Contribution | NilReturn:
    written(
        folder, persons=persons, reports=reports, offences=offences, orders=orders, views=views, links=links
    )
    records = records_in(folder)
    return assess(
        case or a_case(), police_records(records), windows_of(records) if windows is None else windows
    )


def contribution(given: Contribution | NilReturn) -> Contribution:
    assert isinstance(given, Contribution)
    return given


def sentences(given: Contribution | NilReturn) -> dict[str, str]:
    return {finding.key: finding.says for finding in contribution(given).findings}

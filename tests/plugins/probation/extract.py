"""A small probation extract, of which a test says only what matters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.hooks.carried_views import RecordedView
from engine.hooks.extract_files import write_json_lines, write_table
from plugins.probation.records import (
    ASKED_FOR,
    BREACHES,
    SUPERVISION,
    VIEWS,
    BreachRow,
    PredictorAskedFor,
    ProbationRecords,
    SupervisedOn,
    SupervisionRow,
    probation_records,
)
from tests.plugins.builders import BORN, HIS_PNC, records_in


def a_period(number: int = 1, **changes: object) -> SupervisionRow:
    """One period of supervision on a licence, running on the day of asking."""
    whole: dict[str, object] = {
        "supervision_id": f"SUP-{number}",
        "person_id": "P1",
        "forename": "Perpetua",
        "surname": "Toyson",
        "also_known_as": (),
        "date_of_birth": BORN,
        "crn": "X000001",
        "pnc": HIS_PNC.value,
        "kind": SupervisedOn.LICENCE,
        "started": date(2026, 1, 5),
        "ends": date(2027, 1, 4),
        "conditions": ("an exclusion zone", "residence as directed"),
        "rosh": "high",
        "rosh_to": ("known adult",),
        "rosh_recorded_on": date(2026, 2, 1),
        "mappa_category": 3,
        "mappa_level": 2,
    }
    return SupervisionRow.model_validate(whole | changes)


def an_asking(number: int = 1, **changes: object) -> PredictorAskedFor:
    """Probation asked for OGRS3 on 1 February 2026."""
    whole: dict[str, object] = {
        "asked_id": f"ASK-{number}",
        "person_id": "P1",
        "predictor": "ogrs3",
        "inputs": {
            "sex": "M",
            "age_at_conviction": 20,
            "age_at_first_sanction": 20,
            "age_at_followup": 20,
            "previous_sanctions": 2,
            "offence_code": "19512",
        },
        "asked_by": "Delphine Fauxley",
        "post": "Probation Practitioner",
        "asked_on": date(2026, 2, 1),
    }
    return PredictorAskedFor.model_validate(whole | changes)


def write(
    folder: Path,
    *periods: SupervisionRow,
    breaches: tuple[BreachRow, ...] = (),
    views: tuple[RecordedView, ...] = (),
    asked: tuple[PredictorAskedFor, ...] | None = None,
) -> Path:
    """Write the extract; without ``asked`` there is no file of askings."""
    folder.mkdir(exist_ok=True)
    write_table(folder, SUPERVISION, SupervisionRow, periods or (a_period(),))
    write_table(folder, BREACHES, BreachRow, breaches)
    write_table(folder, VIEWS, RecordedView, views)
    if asked is not None:
        write_json_lines(folder, ASKED_FOR, asked)
    return folder


def read(folder: Path) -> ProbationRecords:
    """Read it as the plugin does."""
    return probation_records(records_in(folder))

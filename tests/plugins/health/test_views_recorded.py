"""A view is carried only when a named professional with a post recorded it for the panel, on a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.domain.responses.answers import Contribution
from tests.plugins.health.fhir import a_panel_assessment, a_patient, answer_from, read_in

BY = {"resourceType": "PractitionerRole", "id": "by"}


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"performer": {"display": "Dr Linnea Fictiva"}}, "It names no professional with a post"),
        (
            {"contained": [{**BY, "practitioner": {"display": "Dr A"}}]},
            "It names no professional with a post",
        ),
        ({"contained": [{**BY, "code": [{"text": "Nurse"}]}]}, "It names no professional with a post"),
        ({"occurrenceDateTime": "2026-09"}, "It has no date of assessment"),
        ({"status": "preliminary"}, "It is not a final assessment"),
    ],
)
def test_without_who_when_or_an_end_the_views_are_not_carried_and_that_is_told(
    tmp_path: Path, changes: dict[str, Any], note: str
) -> None:
    read = read_in(tmp_path / "health", a_patient(), a_panel_assessment(**changes))
    given = answer_from(tmp_path / "health", a_patient(), a_panel_assessment(**changes))

    (text,) = [place.reason for kind in read.kinds for place in kind.notes]
    assert text.startswith(note)
    assert isinstance(given, Contribution)
    assert given.views == ()


def test_a_clinical_instrument_s_prediction_is_never_a_view(tmp_path: Path) -> None:
    clinical = {"coding": [{"system": "http://snomed.info/sct", "code": "709510001"}]}
    given = answer_from(tmp_path / "health", a_patient(), a_panel_assessment(code=clinical))

    assert isinstance(given, Contribution)
    assert given.views == ()
    assert "Comes back" not in given.model_dump_json()


def test_other_contained_resources_do_not_disturb_it(tmp_path: Path) -> None:
    whole = a_panel_assessment()
    other = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}}
    given = answer_from(
        tmp_path / "health", a_patient(), {**whole, "contained": [other, *whole["contained"]]}
    )

    assert isinstance(given, Contribution)
    assert len(given.views) == 1

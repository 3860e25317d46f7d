"""The whole page that others see of what health released: no diagnosis, no score, no clinical word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.agencies.files import AgencyFilesRead
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.dates import PartialDate
from engine.domain.people.persons import PersonDescribed
from engine.domain.responses.answers import AnswerState
from engine.services.agencies.files import import_agency_files
from engine.services.cases import views as case_views
from engine.services.conference import decisions
from engine.services.referrals import screening
from engine.services.responses import agency_answers
from tests.builders import Desk, a_desk, a_referral, a_screening, ask_all
from tests.plugins.builders import HIS_NHS
from tests.plugins.health.fhir import (
    DIAGNOSIS,
    SCORE,
    a_bundle,
    a_care_plan,
    a_condition,
    a_consent,
    a_flag,
    a_panel_assessment,
    a_patient,
    a_questionnaire,
    a_risk_assessment,
    an_encounter,
    an_observation,
)

HIM = PersonDescribed(
    forename="Perpetua", surname="Toyson", date_of_birth=PartialDate("1984-03-09"), identifiers=(HIS_NHS,)
)


def early(resource: dict[str, object]) -> dict[str, object]:
    """The same, before the day of the desk."""
    return json.loads(json.dumps(resource).replace("2026-", "2025-"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        yield made


def test_nothing_clinical_is_on_the_released_page_anywhere(desk: Desk, tmp_path: Path) -> None:
    practitioner = desk.add("nurse", Role.PRACTITIONER, "health")
    file = tmp_path / "records.json"
    marked = (
        *(a_condition(), an_observation(), a_questionnaire(), a_care_plan(), an_encounter(), a_flag()),
        *(a_risk_assessment(), a_panel_assessment(), a_consent()),
    )
    file.write_text(json.dumps(a_bundle(*(early(each) for each in (a_patient(), *marked)))))
    read = import_agency_files(desk.context(practitioner), agency="health", files=(file,))
    assert isinstance(read, AgencyFilesRead)
    assert read.whole
    reference = desk.refer(a_referral(perpetrator=HIM)).referrals[0]
    screening.screen(
        desk.context(desk.coordinator),
        reference=reference,
        screening=a_screening(TriageOutcome.CONFERENCE, people=("nurse",)),
    )
    ask_all(desk, reference)
    agency_answers.release(desk.context(practitioner), reference=reference, agency="health")
    decisions.open_conference(desk.context(desk.chair), reference=reference)

    page = case_views.view_case(desk.context(desk.chair), reference=reference)
    shown = next(answer for answer in page.answers if answer.agency == "health")
    assert shown.state is AnswerState.CONTRIBUTION
    text = page.model_dump_json()
    assert "talk of harming another person was noted" in text
    assert "Comes back to the matter each time." in text
    for planted in (DIAGNOSIS, str(SCORE), "0.87", "87654"):
        assert planted not in text

"""What a person who asks is told, and whom probation's own staff find: for certain, or said to be not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.domain.agencies.people import PeopleFound, SubjectAccessResult
from engine.domain.conference.risk import Domain, Level
from engine.domain.dates import PartialDate
from engine.domain.responses.requests import PersonAsked
from engine.hooks.carried_views import RecordedView
from engine.hooks.questions import FIND_PEOPLE, SUBJECT_ACCESS
from engine.hooks.registry import Agencies, agencies_folder, load_agencies
from plugins.probation.records import BreachOutcome, BreachRow
from plugins.probation.subject_access import people_found, told_about
from tests.plugins.builders import BORN, HIS_PNC
from tests.plugins.probation.extract import a_period, an_asking, read, write
from tests.seals import sealed

HE = PersonAsked(forename="Perpetua", surname="Toyson", date_of_birth=BORN, identifiers=(HIS_PNC,))
BY_NAME = HE.model_copy(update={"identifiers": ()})
A_VIEW = RecordedView(
    view_id="PV-1",
    person_id="P1",
    domain=Domain.VIOLENCE,
    level=Level.HIGH,
    reasons="Speaks of the victim's new address.",
    recorded_by="Delphine Fauxley",
    post="Probation Practitioner",
    recorded_on=date(2026, 3, 1),
)
A_BREACH = BreachRow(
    breach_id="BR-1",
    person_id="P1",
    happened=PartialDate("2026-03"),
    of_condition="an exclusion zone",
    outcome=BreachOutcome.WARNING,
)


def test_each_record_is_told_in_a_sentence_and_no_reason_that_may_speak_of_others(tmp_path: Path) -> None:
    held = read(write(tmp_path / "extract", breaches=(A_BREACH,), views=(A_VIEW,), asked=(an_asking(),)))
    result = told_about(HE, held)

    assert [(item.kind, item.record) for item in result.items] == [
        ("supervision", "SUP-1"),
        ("risk of serious harm", "SUP-1"),
        ("MAPPA", "SUP-1"),
        ("breach", "BR-1"),
        ("predictor", "ASK-1"),
        ("view", "PV-1"),
    ]
    sentence = " ".join(item.says for item in result.items)
    assert "Risk of serious harm (RoSH) was recorded as high to known adult." in sentence
    assert "A breach of the condition an exclusion zone was recorded, followed by a warning." in sentence
    assert "new address" not in sentence


def test_a_record_that_may_be_another_s_is_counted_and_not_told(tmp_path: Path) -> None:
    held = read(write(tmp_path / "extract"))
    shared = read(write(tmp_path / "shared", a_period(), a_period(2, person_id="P2", pnc=None)))

    for result in (told_about(BY_NAME, held), told_about(HE, shared)):
        assert result.items == ()
        assert "A record here may be this person's, but this is not certain; it was not given." in result.gaps


def test_nobody_of_that_name_and_number_is_an_empty_telling_that_says_where_it_looked(tmp_path: Path) -> None:
    stranger = PersonAsked(forename="Nobody", surname="Here", date_of_birth=BORN)
    result = told_about(stranger, read(write(tmp_path / "extract")))

    assert (result.items, result.gaps) == ((), ())
    assert result.looked_in == ("supervision records", "breach records")


def test_staff_find_one_for_certain_and_of_two_that_answer_alike_both(tmp_path: Path) -> None:
    alone = people_found(HE, read(write(tmp_path / "alone")))
    twins = read(write(tmp_path / "twins", a_period(pnc=None), a_period(2, person_id="P2", pnc=None)))
    both = people_found(BY_NAME, twins)

    assert [(each.record, each.matched_on.confirmed) for each in alone.found] == [("SUP-1", True)]
    assert [(each.record, each.matched_on.confirmed) for each in both.found] == [
        ("SUP-1", False),
        ("SUP-2", False),
    ]
    assert people_found(PersonAsked(forename="Nobody", surname="Here"), twins) == PeopleFound()


@pytest.fixture
def agencies(tmp_path: Path) -> Iterator[Agencies]:
    """Probation in its own process, with a record of him."""
    with load_agencies(tmp_path) as loaded:
        folder = agencies_folder(tmp_path, "probation")
        folder.mkdir(parents=True)
        write(folder)
        sealed(folder)
        yield loaded


def test_hook_stac_subject_access_is_answered_by_probation_in_its_own_process(agencies: Agencies) -> None:
    answer = agencies.ask("probation", SUBJECT_ACCESS, HE)

    assert isinstance(answer, SubjectAccessResult)
    assert [item.kind for item in answer.items] == ["supervision", "risk of serious harm", "MAPPA"]


def test_hook_stac_find_people_is_answered_by_probation_in_its_own_process(agencies: Agencies) -> None:
    found = agencies.ask("probation", FIND_PEOPLE, HE)

    assert isinstance(found, PeopleFound)
    assert [(each.record, each.matched_on.says) for each in found.found] == [("SUP-1", "by PNC ID")]

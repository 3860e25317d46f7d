"""What health says: the minimum, in its own words alone; no diagnosis and no score; a refusal stays one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.domain.conference.risk import Domain, Level
from engine.domain.responses.answers import Contribution, Nature, NilReturn, RefusalGround, Refused
from plugins.health.assessor import assess
from plugins.health.records import health_records
from tests.plugins.builders import HIS_NHS, a_case
from tests.plugins.health.fhir import (
    DIAGNOSIS,
    NHS,
    SCORE,
    Resource,
    a_care_plan,
    a_condition,
    a_consent,
    a_flag,
    a_panel_assessment,
    a_patient,
    a_questionnaire,
    a_record,
    a_risk_assessment,
    an_appointment,
    an_encounter,
    an_observation,
    answer_from,
    extract_in,
    read_in,
)

EVERYTHING = (
    a_patient(),
    a_condition(),
    an_observation(),
    a_questionnaire(),
    a_care_plan(),
    an_encounter(),
    an_appointment(),
    a_flag(),
    a_risk_assessment(meta={"security": [{"system": "urn:stac:health:sharing", "code": "legal-duty"}]}),
    a_panel_assessment(),
    a_consent(),
)


def sentences_of(answer: object) -> list[str]:
    assert isinstance(answer, Contribution)
    return [finding.says for finding in answer.findings]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "health"


def test_the_minimum_is_said_and_each_item_says_why_it_may_be_shared(home: Path) -> None:
    given = answer_from(home, *EVERYTHING)

    assert sentences_of(given) == [
        "The person was known to services since March 2024 at the latest.",
        "In the year before 24 November 2026 the person attended one appointment or contact and missed one; "
        "the last one attended was on 4 May 2026.",
        "A plan of care was in place since May 2025.",
        "On 2 November 2026 talk of harming another person was noted (shared because a clinician recorded a "
        "risk of serious harm).",
        "On 1 September 2026 a professional assessed risk; what else it says stays with health (shared "
        "because a clinician recorded a legal duty to share it).",
        "On 1 September 2026 a professional assessed risk, with one view for the panel; what else it says "
        "stays with health (shared because a clinician recorded a risk of serious harm).",
        "The person agreed on 3 May 2026 to what bears on risk being shared.",
    ]
    assert isinstance(given, Contribution)
    assert (given.matched_on.says, given.matched_on.confirmed) == ("by NHS number", True)


def test_no_diagnosis_value_answer_or_probability_is_anywhere_in_the_answer(home: Path) -> None:
    given = answer_from(home, *EVERYTHING)

    text = given.model_dump_json()
    assert DIAGNOSIS not in text
    assert str(SCORE) not in text
    assert "0.87" not in text


def test_nor_is_any_of_it_in_the_extract_that_health_keeps(home: Path) -> None:
    answer_from(home, *EVERYTHING)

    stored_text = (home / "records.jsonl").read_text(encoding="utf-8")
    assert '"Observation"' in stored_text
    assert DIAGNOSIS not in stored_text
    assert str(SCORE) not in stored_text
    assert "0.87" not in stored_text


def test_an_id_that_says_what_somebody_has_is_pointed_at_by_a_number_instead(home: Path) -> None:
    given = answer_from(home, a_patient(), a_flag("flag-schizophrenia"), a_flag("17"))

    assert isinstance(given, Contribution)
    pointers = [pointer.record for finding in given.findings for pointer in finding.records]
    assert "schizophrenia" not in given.model_dump_json()
    assert "17" in pointers
    assert all(pointer in (home / "records.jsonl").read_text() for pointer in pointers)


def test_known_since_is_never_later_than_what_is_said(home: Path) -> None:
    given = answer_from(
        home, a_patient(), a_flag(period={"start": "2025-11-20"}), an_encounter(start="2026-03-01")
    )

    assert sentences_of(given)[0] == "The person was known to services since 20 November 2025 at the latest."


def test_a_clinician_s_judgement_stands_apart_from_facts(home: Path) -> None:
    given = answer_from(home, a_patient(), a_flag("4"), a_flag("5", "talk-of-victim"))

    assert isinstance(given, Contribution)
    assert [f.key for f in given.findings if f.nature is Nature.OPINION] == ["risk-5"]


def test_what_is_not_marked_and_not_agreed_to_is_counted_and_left_out(home: Path) -> None:
    given = answer_from(home, a_patient(), a_flag("4"), a_flag("5", "substance-use", share=None))

    assert isinstance(given, Contribution)
    assert given.held_back == 1
    assert "drinking" not in given.model_dump_json()


def test_a_flag_whose_code_stands_for_no_word_is_neither_said_nor_counted(home: Path) -> None:
    allergy = {"coding": [{"system": "http://snomed.info/sct", "code": "91935009"}], "text": DIAGNOSIS}
    given = answer_from(home, a_patient(), a_flag(code=allergy))

    assert isinstance(given, Contribution)
    assert [finding.key for finding in given.findings] == ["known", "sharing"]
    assert given.held_back == 0


def test_the_agency_s_settings_may_give_another_system_s_code_a_word(home: Path) -> None:
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}
    given = answer_from(
        home, a_patient(), a_flag(code=code), risk_words={"http://snomed.info/sct|1": "suicidal-talk"}
    )

    assert any("ending their own life" in sentence for sentence in sentences_of(given))


def test_a_safety_flag_with_words_of_its_own_is_said_without_them(home: Path) -> None:
    safety = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"}]}
    given = answer_from(home, a_patient(), a_flag(code={"text": DIAGNOSIS}, category=[safety]))

    assert any("whose words stay with health" in sentence for sentence in sentences_of(given))
    assert DIAGNOSIS not in given.model_dump_json()


def test_a_clinician_who_declines_is_a_refusal_and_says_nothing_else(home: Path) -> None:
    ground = {"coding": [{"system": "urn:stac:health:refusal-ground", "code": "confidential"}]}
    given = answer_from(home, a_patient(), a_flag(), a_consent(category=[ground], provision={"type": "deny"}))

    assert isinstance(given, Refused)
    assert given.ground is RefusalGround.CONFIDENTIAL
    assert "known" not in given.says


def test_what_came_after_the_day_of_asking_is_left_out(home: Path) -> None:
    given = answer_from(
        home,
        *(a_patient(), a_flag(), an_encounter(start="2026-11-01"), a_condition()),
        case=a_case(on=date(2026, 9, 30), numbers=(HIS_NHS,)),
    )

    assert isinstance(given, Contribution)
    assert [finding.key for finding in given.findings] == ["known", "sharing"]


def test_what_was_entered_in_error_is_as_if_it_were_not_there(home: Path) -> None:
    given = answer_from(home, a_patient(), a_flag(status="entered-in-error"))

    assert isinstance(given, Contribution)
    assert [finding.key for finding in given.findings] == ["known", "sharing"]


def test_silence_is_told_as_silence(home: Path) -> None:
    given = answer_from(home, a_patient(birthDate=None))

    assert isinstance(given, Contribution)
    assert given.gaps == (
        "Attendance at appointments is not recorded here.",
        "Nothing is recorded here as bearing on risk. This does not mean that there is nothing.",
        "The person's date of birth is not recorded here.",
    )


def test_a_professional_s_view_for_the_panel_is_carried_word_for_word(home: Path) -> None:
    given = answer_from(home, a_patient(), a_panel_assessment())

    assert isinstance(given, Contribution)
    (view,) = given.views
    assert (view.domain, view.level, view.horizon_weeks) == (Domain.PERSISTENCE, Level.HIGH, 12)
    assert view.reasons == "Comes back to the matter each time."
    assert (view.recorded_by.name, view.recorded_by.post) == ("Dr Linnea Fictiva", "Forensic Psychiatrist")


def test_a_view_that_is_not_marked_for_sharing_is_held_back_with_its_assessment(home: Path) -> None:
    given = answer_from(home, a_patient(), a_panel_assessment(meta={"lastUpdated": "2026-09-01T09:00:00Z"}))

    assert isinstance(given, Contribution)
    assert given.views == ()
    assert given.held_back == 1


def test_nobody_found_is_a_nil_return(home: Path) -> None:
    given = answer_from(home, a_patient(name=[{"text": "Somebody Else"}], identifier=[]))

    assert isinstance(given, NilReturn)
    assert given.looked_in == ("the health records exported for the centre",)


def test_a_number_that_fails_its_check_finds_nobody_and_is_told(home: Path) -> None:
    wrong = [{"system": NHS, "value": "9999999999"}]
    given = answer_from(home, a_patient(identifier=wrong), case=a_case(numbers=()))

    assert isinstance(given, Contribution)
    assert given.matched_on.says == "by name and date of birth, unconfirmed"
    assert "An NHS number recorded here failed its check and was not used to find the person." in given.gaps


def test_two_patients_with_one_nhs_number_are_said_and_neither_is_used(home: Path) -> None:
    given = answer_from(home, a_patient("1"), a_patient("2", name=[{"text": "Ann Other"}]), a_flag())

    assert isinstance(given, Contribution)
    assert given.matched_on.says == "no confirmed match: two records hold the numbers asked about"
    assert given.findings == ()


def test_a_record_that_was_replaced_by_another_is_the_same_person(home: Path) -> None:
    link = [{"other": {"reference": "Patient/1"}, "type": "replaced-by"}]
    old = a_patient("2", link=link)
    given = answer_from(home, a_patient("1"), old, a_flag(subject={"reference": "Patient/2"}))

    assert isinstance(given, Contribution)
    assert given.matched_on.confirmed
    assert any("harming" in finding.says for finding in given.findings)


def test_a_middle_name_does_not_hide_the_person(home: Path) -> None:
    name = [{"family": "Toyson", "given": ["Perpetua", "Anne"]}]
    given = answer_from(home, a_patient(name=name), case=a_case(numbers=()))

    assert isinstance(given, Contribution)
    assert given.matched_on.says == "by name and date of birth, unconfirmed"


def test_an_appointment_and_the_contact_that_it_led_to_are_counted_once(home: Path) -> None:
    given = answer_from(
        home,
        a_patient(),
        an_appointment("6", status="fulfilled", start="2026-05-04T10:00:00Z"),
        an_encounter("5", appointment=[{"reference": "Appointment/6"}]),
    )

    assert sentences_of(given)[1].startswith(
        "In the year before 24 November 2026 the person attended one appointment or contact;"
    )


def test_long_silence_is_not_told_as_having_missed_anything(home: Path) -> None:
    given = answer_from(home, a_patient(), an_encounter(start="2020-05-04"))

    assert sentences_of(given)[1] == (
        "In the year before 24 November 2026 no appointment or contact was recorded; "
        "the last one attended was on 4 May 2020."
    )


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("2026-05", "the person attended one appointment or contact; the last one attended was in May 2026."),
        ("2024", "no appointment or contact was recorded; the last one attended was in 2024."),
        (
            "2025-11",
            "no appointment or contact was recorded; the last one attended was in November 2025; "
            "whether one was within that year was not recorded.",
        ),
    ],
)
def test_a_month_or_a_year_stays_one(home: Path, start: str, said: str) -> None:
    given = answer_from(home, a_patient(), an_encounter(start=start))

    assert sentences_of(given)[1] == f"In the year before 24 November 2026 {said}"


def after(home: Path, *resources: Resource) -> Contribution | NilReturn | Refused:
    """The answer when some of what was handed over was not understood."""
    assert not read_in(home, *resources).whole
    held = health_records(extract_in(home, digest=(home / "records.jsonl").read_text()))
    return assess(a_case(numbers=(HIS_NHS,)), held)


def test_what_was_not_understood_about_the_person_is_told_as_a_gap(home: Path) -> None:
    broken = a_flag("40", status=None)
    given = after(home, a_patient(), a_flag(), broken, a_record("MedicationStatement", "1"))

    assert isinstance(given, Contribution)
    assert given.gaps[-2:] == (
        "One record handed over about this person was not understood and left out.",
        "Records of types that are not read here were handed over too; nothing is said of them.",
    )


def test_once_it_is_mended_it_is_a_gap_no_more(home: Path) -> None:
    after(home, a_patient(), a_flag(status=None))
    given = answer_from(home, a_flag())

    assert isinstance(given, Contribution)
    assert not any("not understood" in gap for gap in given.gaps)


def test_somebody_else_s_damaged_record_is_no_gap_of_this_person(home: Path) -> None:
    other = a_flag("40", status=None, subject={"reference": "Patient/2"})
    given = after(home, a_patient(), a_patient("2", identifier=[], name=[{"text": "A B"}]), a_flag(), other)

    assert isinstance(given, Contribution)
    assert not any("not understood" in gap for gap in given.gaps)


def test_what_could_be_anybody_s_is_told_even_when_nobody_is_found(home: Path) -> None:
    given = after(home, a_patient(identifier=[], name=[{"text": "A B"}]), {"id": "1"})

    assert isinstance(given, NilReturn)
    assert given.note == (
        "In the newest hand-over one record or file could not be read; it is not known whose they are."
    )

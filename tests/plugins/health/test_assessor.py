"""What health says: the minimum, by allow-list; no diagnosis, no score; a refusal stays a refusal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from engine.domain.answers import Contribution, Nature, NilReturn, RefusalGround, Refused
from engine.domain.asking import CaseAsked
from plugins.health.assessor import assess
from plugins.health.records import PATIENTS, health_records
from tests.plugins.builders import HIS_NHS, a_case, records_in

NOTES = [
    {"note_id": "H1-1", "what": "missed appointments", "noted": "2026-10", "may_share": True},
    {
        "note_id": "H1-2",
        "what": "talk of the victim",
        "noted": "2026-11-02",
        "may_share": True,
        "is_judgement": True,
    },
    {"note_id": "H1-3", "what": "substance use", "noted": "2026-09-01", "may_share": False},
]


def answer(
    folder: Path, case: CaseAsked | None = None, **changes: object
) -> Contribution | NilReturn | Refused:
    patient: dict[str, object] = {
        "patient_id": "H1",
        "names": ["Perpetua Toyson"],
        "date_of_birth": "1984-03-09",
        "nhs": "999 000 0018",
        "known_since": "2024",
        "contact": "stopped attending",
        "last_contact": "2026-05-04",
        "risk_notes": NOTES,
        "diagnosis": "SECRET-DIAGNOSIS",
        "score": 27,
    }
    (folder / PATIENTS).write_text('{"lines": 1}\n' + json.dumps(patient | changes) + "\n", encoding="utf-8")
    return assess(case or a_case(numbers=(HIS_NHS,)), health_records(records_in(folder)))


def test_the_minimum_is_said_and_nothing_clinical(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert [finding.says for finding in given.findings] == [
        "The person was known to services since 2024.",
        "The person had stopped attending and services were trying to reach them; "
        "the last contact was on 4 May 2026.",
        "In October 2026 the person missed two or more appointments in a row.",
        "On 2 November 2026 the person was noted as speaking of the victim again and again.",
    ]
    assert (given.matched_on.says, given.matched_on.confirmed) == ("by NHS number", True)
    assert "SECRET" not in given.model_dump_json()
    assert "27" not in given.model_dump_json()


def test_a_clinician_s_judgement_stands_apart_from_facts(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert [f.key for f in given.findings if f.nature is Nature.OPINION] == ["risk-h1-2"]


def test_what_is_not_marked_as_shareable_is_counted_and_left_out(tmp_path: Path) -> None:
    given = answer(tmp_path)

    assert isinstance(given, Contribution)
    assert given.held_back == 1
    assert "drinking" not in given.model_dump_json()


def test_a_note_without_a_mark_is_not_shareable(tmp_path: Path) -> None:
    given = answer(tmp_path, risk_notes=[{"note_id": "H1-1", "what": "crisis contact"}])

    assert isinstance(given, Contribution)
    assert given.held_back == 1


def test_a_duty_of_confidence_is_a_refusal_and_says_nothing_else(tmp_path: Path) -> None:
    given = answer(tmp_path, refuse_on="duty of confidence outweighs")

    assert isinstance(given, Refused)
    assert given.ground is RefusalGround.CONFIDENTIAL
    assert "known" not in given.says


def test_what_was_noted_after_the_day_of_asking_is_left_out(tmp_path: Path) -> None:
    given = answer(tmp_path, a_case(on=date(2026, 9, 30), numbers=(HIS_NHS,)), last_contact="2026-10-01")

    assert isinstance(given, Contribution)
    assert [finding.key for finding in given.findings] == ["known", "contact"]
    assert "last contact" not in given.findings[1].says


def test_silence_about_risk_is_told_as_silence(tmp_path: Path) -> None:
    given = answer(tmp_path, risk_notes=[], contact="not recorded")

    assert isinstance(given, Contribution)
    assert given.gaps == (
        "Whether a service is in contact is not recorded here.",
        "Nothing is noted here as bearing on risk, which does not say that there is nothing.",
    )


def test_nobody_found_is_a_nil_return(tmp_path: Path) -> None:
    given = answer(tmp_path, names=["Somebody Else"], nhs=None)

    assert isinstance(given, NilReturn)
    assert given.looked_in == ("mental health records", "court liaison records")

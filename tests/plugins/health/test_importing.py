"""Reading in: kept, held already or told as not understood; never dropped, never half a file, never twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.domain.agencies.files import MOST_NAMED, FileRead
from engine.hooks.v1 import RecordsUnreadableError
from plugins.health.importing import import_files
from tests.builders import written
from tests.plugins.health.fhir import (
    DIAGNOSIS,
    NHS,
    Resource,
    a_bundle,
    a_condition,
    a_flag,
    a_patient,
    an_appointment,
    an_observation,
    extract_in,
    kinds_of,
    read_in,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "health"


def reasons(read: FileRead) -> list[tuple[str, str, str]]:
    return [(kind.kind, place.where, place.reason) for kind in read.kinds for place in kind.not_understood]


def notes(read: FileRead) -> list[str]:
    return [place.reason for kind in read.kinds for place in kind.notes]


def changed(patient: Resource, on: str | None, **changes: object) -> Resource:
    return {**patient, "meta": {"lastUpdated": on} if on else {}, **changes}


def held(home: Path) -> list[Resource]:
    lines = (home / "records.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    answer = [json.loads(line) for line in lines]
    return [each for each in answer if each["kind"] != "Lost"]


def example_3141(**patient: object) -> Resource:
    """The shape of FHIR's own example QuestionnaireResponse/3141: its subject is within it."""
    bsn = {"type": {"text": "Dutch BSN"}, "system": "urn:oid:2.16.840.1.113883.2.4.6.3", "value": "188912345"}
    within = {"resourceType": "Patient", "id": "patsub", "identifier": [bsn], "birthDate": "1972-11-30"}
    order = {
        "resourceType": "ServiceRequest",
        "id": "order",
        "status": "unknown",
        "intent": "order",
        "subject": {"reference": "#patsub"},
    }
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "3141",
        "contained": [{**within, **patient}, order],
        "basedOn": [{"reference": "#order"}],
        "status": "completed",
        "subject": {"reference": "#patsub"},
        "authored": "2013-02-19T14:15:00-05:00",
    }


WITHIN = "Its patient is within it, without one good NHS number: nothing says which patient it is."


@pytest.mark.parametrize(
    "numbers",
    [
        None,
        [],
        [{"system": NHS, "value": "9990000017"}],
        [{"system": NHS, "value": "9990000018"}, {"system": NHS, "value": "9990000026"}],
    ],
)
def test_a_contained_patient_without_one_good_nhs_number_is_told_as_that(
    home: Path, numbers: list[Resource] | None
) -> None:
    given = {} if numbers is None else {"identifier": numbers}
    read = read_in(home, a_patient(), example_3141(**given))
    assert [reason for _, _, reason in reasons(read)] == [WITHIN]
    assert len(held(home)) == 1


def test_a_contained_patient_is_known_by_their_nhs_number(home: Path) -> None:
    numbers = [{"system": NHS, "value": "999 000 0018"}]
    appointment = {
        **an_appointment(),
        "participant": [{"actor": {"reference": "#patsub"}, "status": "accepted"}],
        "contained": [{"resourceType": "Patient", "id": "patsub", "identifier": numbers}],
    }
    read = read_in(home, a_patient(), example_3141(identifier=numbers), appointment)
    assert reasons(read) == []
    answer = {each["kind"]: each.get("about") for each in held(home)}
    assert answer["QuestionnaireResponse"] == answer["Appointment"] == "nhs:9990000018"


def test_a_damaged_record_of_a_contained_patient_is_a_gap_of_that_patient(home: Path) -> None:
    numbers = [{"system": NHS, "value": "9990000018"}]
    read_in(home, a_patient(), {**example_3141(identifier=numbers), "status": 7})
    lines = (home / "records.jsonl").read_text(encoding="utf-8")
    assert '"about":"nhs:9990000018"' in lines.replace(" ", "")


def test_each_kind_is_counted_with_its_identifiers(home: Path) -> None:
    read = read_in(home, a_patient(), a_condition(), an_observation(), a_flag(), a_flag("41"))

    counts = {kind: (one.read, one.kept, one.identifiers_kept) for kind, one in kinds_of(read).items()}
    assert counts == {
        "Patient": (1, 1, 2),
        "Condition": (1, 1, 0),
        "Observation": (1, 1, 0),
        "Flag": (2, 2, 0),
    }
    assert read.whole


def test_every_identifier_is_kept_with_its_system_whatever_its_check_says(home: Path) -> None:
    numbers = [
        {"system": NHS, "value": "9999999999"},
        {"value": "no system"},
        {"system": "urn:x", "value": "1"},
    ]
    read = read_in(home, a_patient(identifier=numbers))

    assert held(home)[0]["identifiers"] == [
        {"system": NHS, "value": "9999999999"},
        {"value": "no system"},
        {"system": "urn:x", "value": "1"},
    ]
    assert kinds_of(read)["Patient"].identifiers_kept == 3
    assert notes(read) == ["Its NHS number fails the check; it is stored, and no person is found by it."]


def test_the_same_file_twice_changes_nothing(home: Path) -> None:
    read_in(home, a_patient(), a_flag())
    before = written(home / "records.jsonl")
    read = read_in(home, a_patient(), a_flag())

    assert written(home / "records.jsonl") == before
    assert [(kind.kept, kind.held_already) for kind in read.kinds] == [(0, 1), (0, 1)]
    assert read.whole


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ("2026-06-01T09:00:00Z", "2026-06-02T09:00:00Z", "Newname"),
        ("2026-06-02T09:00:00Z", "2026-06-01T09:00:00Z", "Toyson"),
        (None, "2026-06-01T09:00:00Z", "Newname"),
        (None, None, "Newname"),
        ("2026-06-01T09:00:00Z", None, "Toyson"),
    ],
)
def test_only_what_may_be_newer_replaces_what_is_held(
    home: Path, first: str | None, second: str | None, stands: str
) -> None:
    read_in(home, changed(a_patient(), first))
    read_in(home, changed(a_patient(), second, name=[{"text": "Perpetua Newname"}]))

    (patient,) = held(home)
    assert stands in patient["names"][0]


def test_a_version_that_does_not_say_its_age_is_told_and_replaces_nothing(home: Path) -> None:
    read_in(home, a_patient())
    read = read_in(home, changed(a_patient(), None, name=[{"text": "Perpetua Newname"}]))

    assert reasons(read) == [
        (
            "Patient",
            "entry 1",
            "It has no date of change, and the version held has one; it replaced nothing.",
        )
    ]


def test_one_id_of_two_people_replaces_nobody(home: Path) -> None:
    read_in(home, a_patient())
    read = read_in(
        home,
        changed(a_patient(), "2026-07-01T09:00:00Z", identifier=[{"system": NHS, "value": "9990000026"}]),
    )

    assert not read.whole
    assert (
        reasons(read)[0][2]
        == "Its id is held already for a person with another NHS number; it replaced no record."
    )
    assert held(home)[0]["nhs"] == ["9990000018"]


def test_an_unknown_type_is_told_by_its_name(home: Path) -> None:
    read = read_in(home, a_patient(), {"resourceType": "Medication", "id": "9"})

    assert reasons(read) == [("Medication", "entry 2", "Health reads no Medication.")]
    assert not read.whole


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"resourceType": "Patient", "birthDate": "09/03/1984"}, "It breaks FHIR R4 at birthDate."),
        (
            {"resourceType": "Flag", "status": "active", "code": {}},
            "It lacks subject, which FHIR R4 requires.",
        ),
        (
            {"resourceType": "Patient", f"{DIAGNOSIS}": "1"},
            "It has an element that FHIR R4 does not know.",
        ),
        (a_flag(subject={"reference": "Group/1"}), "It is about a person or thing that is not a patient."),
        (
            a_flag(subject={"display": DIAGNOSIS}),
            "It does not name its patient by a reference or by a valid NHS number.",
        ),
        (
            a_flag(subject={"reference": "urn:uuid:0"}),
            "It names its patient by an address that is not in the file.",
        ),
        (
            a_patient(modifierExtension=[{"url": "urn:x", "valueBoolean": True}]),
            "It carries a modifier extension, which may turn its meaning and is not known here.",
        ),
        (
            a_patient(implicitRules="urn:x"),
            "It follows rules of its own (implicitRules), which are not known here.",
        ),
        ({"id": "1"}, "It is not a FHIR resource: it has no resourceType."),
    ],
)
def test_what_cannot_be_kept_is_told_with_a_reason_that_repeats_nothing_of_it(
    home: Path, resource: Resource, reason: str
) -> None:
    read = read_in(home, resource)

    assert [text for _, _, text in reasons(read)] == [reason]
    assert DIAGNOSIS not in read.model_dump_json()


def test_a_bundle_may_name_its_patient_by_an_address_further_down(home: Path) -> None:
    file = home.parent / "bundle.json"
    bundle = a_bundle(a_flag(subject={"reference": "urn:uuid:1"}), a_patient("500"))
    bundle["entry"][1]["fullUrl"] = "urn:uuid:1"
    file.write_text(json.dumps(bundle))
    (read,) = import_files((file,), extract_in(home)).files

    assert read.whole
    assert held(home)[0]["about"] == "Patient/500"


def test_a_record_whose_patient_is_not_held_is_kept_and_told(home: Path) -> None:
    read = read_in(home, a_flag())

    assert read.whole
    assert notes(read) == ["Its patient is not held; it will be used when the patient's own record is."]


def test_a_file_that_breaks_off_is_left_out_whole_and_the_others_are_read(home: Path) -> None:
    good, bad = home.parent / "good.json", home.parent / "bad.json"
    good.write_text(json.dumps(a_bundle(a_patient("2"))))
    bad.write_text(json.dumps(a_bundle(a_patient("3"), a_flag()))[:-90])
    first, second = import_files((bad, good), extract_in(home)).files

    assert first.error == (
        "It is half-written: it breaks off before its end after one whole entry. Nothing of it was stored."
    )
    assert second.whole
    assert [each["id"] for each in held(home)] == ["Patient/2"]


def test_a_damaged_extract_is_not_written_over(home: Path) -> None:
    read_in(home, a_patient())
    damaged = (home / "records.jsonl").read_bytes()[:-20]
    (home / "records.jsonl").write_bytes(damaged)

    with pytest.raises(RecordsUnreadableError):
        read_in(home, a_patient("2"))
    assert (home / "records.jsonl").read_bytes() == damaged


def test_of_very_many_the_first_are_named_and_all_are_counted(home: Path) -> None:
    many = [{"resourceType": "Medication", "id": str(number)} for number in range(MOST_NAMED + 5)]
    kind = kinds_of(read_in(home, *many))["Medication"]

    assert (kind.read, kind.not_kept, len(kind.not_understood)) == (
        MOST_NAMED + 5,
        MOST_NAMED + 5,
        MOST_NAMED,
    )


def test_a_word_that_is_no_type_is_not_repeated(home: Path) -> None:
    odd = [{"resourceType": f"{DIAGNOSIS}{number}"} for number in range(100)]
    read = read_in(home, *odd, a_patient())

    assert {kind.kind: (kind.read, kind.kept) for kind in read.kinds} == {
        "Patient": (1, 1),
        "unknown type": (100, 0),
    }
    assert reasons(read)[0] == ("unknown type", "entry 1", "Its type is not known here.")
    assert DIAGNOSIS not in read.model_dump_json()


@pytest.mark.slow
def test_a_bundle_of_fifty_megabytes_is_read_in_a_fraction_of_its_size(home: Path) -> None:
    import resource as limits

    file = home.parent / "large.json"
    with open(file, "w") as opened:
        opened.write('{"resourceType": "Bundle", "type": "collection", "entry": [')
        filler = {"note": [{"text": "x" * 40_000}]}
        for number in range(1_300):
            text = json.dumps({"resource": a_flag(str(number))})
            padded = json.dumps({"resource": an_observation(str(number), **filler)})
            opened.write(("," if number else "") + text + "," + padded)
        opened.write("]}")
    assert file.stat().st_size > 50_000_000
    before = limits.getrusage(limits.RUSAGE_SELF).ru_maxrss
    (read,) = import_files((file,), extract_in(home)).files

    assert read.whole
    assert kinds_of(read)["Observation"].kept == 1_300
    assert limits.getrusage(limits.RUSAGE_SELF).ru_maxrss - before < 40_000

"""`stac agency import`: counts for a person, JSON for a program, exit code 1 when anything was lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import Stac
from tests.plugins.health.fhir import a_bundle, a_flag, a_patient


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(a_bundle(a_patient(), a_flag())))
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(a_bundle({"resourceType": "Medication"}, a_flag("40"))))
    return file


def test_a_person_reads_what_became_of_each_file(stac: Stac, good: Path, bad: Path, tmp_path: Path) -> None:
    findings = stac("agency", "import", "health", str(good), str(bad), str(tmp_path / "no.json"))

    assert findings.code == 1
    assert findings.out.splitlines() == [
        "good.json: 2 read, 2 stored, 0 already there, 0 not understood",
        "  Flag: 1 read, 1 stored, 0 already there, 0 not understood, 0 identifiers stored",
        "  Patient: 1 read, 1 stored, 0 already there, 0 not understood, 2 identifiers stored",
        "bad.json: 2 read, 1 stored, 0 already there, 1 not understood",
        "  Flag: 1 read, 1 stored, 0 already there, 0 not understood, 0 identifiers stored",
        "  Medication: 1 read, 0 stored, 0 already there, 1 not understood, 0 identifiers stored",
        "  not understood: entry 1 (Medication): Health reads no Medication.",
        "no.json: The file was not found.",
    ]


def test_a_program_reads_the_same_in_json(stac: Stac, good: Path, bad: Path) -> None:
    assert stac("agency", "import", "health", str(good)).code == 0
    findings = stac("agency", "import", "health", str(good), str(bad), "--json")

    assert findings.code == 1
    first, second = findings.json["files"]
    assert first["error"] is None
    assert first["kinds"][0] == {
        "kind": "Flag",
        "read": 1,
        "kept": 0,
        "held_already": 1,
        "not_kept": 0,
        "not_understood": [],
        "identifiers_kept": 0,
        "notes": [],
    }
    assert second["kinds"][1]["not_understood"] == [
        {"where": "entry 1", "reason": "Health reads no Medication."}
    ]


def test_an_agency_that_is_not_installed_is_refused_in_one_sentence(stac: Stac, good: Path) -> None:
    findings = stac("agency", "import", "nobody", str(good))

    assert findings.code == 1
    assert findings.err == (
        "you cannot view agency nobody, or it does not exist; installed are advocacy, health, police, "
        "probation\n"
    )


def test_an_extract_that_was_put_in_place_by_hand_is_sealed_and_a_half_one_is_not(
    stac: Stac, tmp_path: Path
) -> None:
    folder = stac.home / "agencies" / "police"
    folder.mkdir(parents=True)
    (folder / "persons.csv").write_text("person_id\n1\n2\n")

    sealed = stac("agency", "seal", "police", "--as-of", "2026-02-27")
    (folder / "persons.csv").write_text("person_id\n1\n")
    half = stac("agency", "seal", "police")
    silent = stac("agency", "seal", "police", "--accept-fewer")
    accepted = stac("agency", "seal", "police", "--accept-fewer", "--reason", "one was erased", "--json")

    assert (sealed.code, sealed.out.splitlines()) == (
        0,
        [
            "police: the extract of 27 February 2026 is sealed as complete",
            "  persons.csv: 2 rows",
            "  This is the first extract, so it was not compared.",
        ],
    )
    assert half.code == 1
    assert "persons.csv fell from 2 rows to 1, by more than 10 %" in half.err
    assert silent.code == 1
    assert "persons.csv has 1 row and had 2" in silent.err
    assert accepted.json["reason"] == "one was erased"
    assert accepted.json["files"] == [{"name": "persons.csv", "rows": 1, "rows_before": 2}]
    assert stac("agency", "seal", "police", "--as-of", "soon").code == 1

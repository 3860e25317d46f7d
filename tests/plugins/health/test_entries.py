"""Files as they really come: lines, bundles, broken, packed, in another encoding; a fault is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.health.entries import entries_of
from plugins.health.entry import Entry, FileUnreadableError
from plugins.health.understanding import KINDS
from tests.plugins.health.fhir import a_bundle, a_flag, a_patient

PATIENT = json.dumps(a_patient())
BUNDLE = json.dumps(a_bundle(a_patient(), a_flag()))


def read(tmp_path: Path, content: str | bytes, name: str = "file.json") -> list[Entry]:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(entries_of(file, KINDS))


def types(entries: list[Entry]) -> list[object]:
    return [entry.content["resourceType"] if entry.content else None for entry in entries]


@pytest.mark.parametrize(
    "content",
    [
        PATIENT,
        json.dumps(a_patient(), indent=2),
        "\ufeff" + PATIENT,
        json.dumps(a_bundle(a_patient()), indent=2),
        json.dumps(dict(reversed(a_bundle(a_patient()).items()))),
        json.dumps(a_bundle(a_bundle(a_patient()))),
        PATIENT + "\n",
    ],
)
def test_a_resource_alone_or_in_a_bundle_is_found(tmp_path: Path, content: str) -> None:
    assert types(read(tmp_path, content)) == ["Patient"]


@pytest.mark.parametrize("name", ["file.ndjson", "file.json"])
def test_lines_of_json_are_told_apart_from_one_object(tmp_path: Path, name: str) -> None:
    entries = read(tmp_path, PATIENT + "\r\n\n" + BUNDLE + "\n", name)

    assert [(entry.where, kind) for entry, kind in zip(entries, types(entries), strict=True)] == [
        ("line 1", "Patient"),
        ("line 3, entry 1", "Patient"),
        ("line 3, entry 2", "Flag"),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"resourceType": "Pati', "It is half-written: it breaks off before its end."),
        (b'{"resourceType": "Patient", "id":', "It is half-written: it breaks off before its end."),
        (b'{"resourceType": "Patient", "id": "\xe9"}', "It is not UTF-8 text."),
        (b'{"resourceType": "Patient", }', "It is not JSON."),
        (b'{"resourceType": "Patient", "multipleBirthInteger": NaN}', "It is not readable JSON."),
        (b'["Patient"]', "It is not a FHIR resource: it has no resourceType."),
    ],
)
def test_a_bad_line_is_told_and_costs_no_other(tmp_path: Path, line: bytes, fault: str) -> None:
    entries = read(tmp_path, line + b"\n" + PATIENT.encode(), "file.ndjson")

    assert [(entry.where, entry.fault) for entry in entries] == [("line 1", fault), ("line 2", None)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It is empty."),
        (b" \n", "It is empty."),
        (b"PK\x03\x04...", "It is a packed file; unpack it first."),
        (PATIENT.encode("utf-16"), "It is not UTF-8 text."),
        (b"name,date\n", "It is not JSON or XML with a FHIR resource in it."),
        (b"[1, 2]", "It is not JSON or XML with a FHIR resource in it."),
        (BUNDLE[:-60].encode(), "It is half-written: it breaks off before its end after one whole entry."),
        (BUNDLE.replace("Toyson", "T\xf6yson").encode("latin-1"), "It is not UTF-8 text."),
        (b'{"resourceType": "Bundle", "entry": {"a": 1}}', "It is a bundle whose entries are not a list."),
        (b'{"resourceType": "Bundle", "entry": [nothing]}', "It is not readable JSON."),
        (b"<Patient><id", "It is XML and not FHIR: its namespace is another."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(FileUnreadableError) as error:
        read(tmp_path, content)
    assert error.value.reason == reason


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError) as error:
        entries_of(tmp_path / "no", KINDS)
    assert error.value.reason == "It could not be opened (FileNotFoundError)."


def test_an_entry_without_a_resource_is_told_and_not_left_out(tmp_path: Path) -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": "Flag/1"}}, 7]}
    entries = read(tmp_path, json.dumps(bundle))

    assert [(entry.where, entry.content) for entry in entries] == [("entry 1", None), ("entry 2", None)]


def test_a_line_of_many_brackets_is_told_and_costs_no_other(tmp_path: Path) -> None:
    entries = read(tmp_path, "[" * 100_000 + "\n" + PATIENT, "file.ndjson")

    assert [entry.fault for entry in entries] == ["It is not readable JSON.", None]


@pytest.mark.parametrize("name", ["file.ndjson", "file.json"])
def test_one_name_with_two_values_is_told_and_neither_is_taken(tmp_path: Path, name: str) -> None:
    twice = '{"resourceType": "Consent", "status": "active", "status": "inactive"}'
    bundle = '{"resourceType": "Bundle", "entry": [%s]}'

    in_lines = read(tmp_path, PATIENT + "\n" + twice + "\n" + PATIENT, name)
    in_a_bundle = read(
        tmp_path,
        bundle % ", ".join(f'{{"resource": {each}}}' for each in (PATIENT, twice, PATIENT)),
        "b.json",
    )

    for entries in (in_lines, in_a_bundle):
        assert types(entries) == ["Patient", None, "Patient"]
        assert [entry.fault for entry in entries] == [None, "It gives two values for one name.", None]
    with pytest.raises(FileUnreadableError, match="two values for one name"):
        read(tmp_path, twice, "alone.json")


def test_a_resource_alone_says_how_it_is_broken(tmp_path: Path) -> None:
    for content, reason in (
        (PATIENT[:-9].encode(), "It is half-written: it breaks off before its end."),
        (PATIENT.replace("}", ', "language": "\u00e9"}', 1).encode("latin-1"), "It is not UTF-8 text."),
    ):
        with pytest.raises(FileUnreadableError) as raised:
            read(tmp_path, content)
        assert raised.value.reason == reason

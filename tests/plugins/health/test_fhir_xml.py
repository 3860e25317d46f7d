"""FHIR in XML is read as FHIR in JSON is; entities and broken text are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins.health.checking import fault_of
from plugins.health.entries import entries_of
from plugins.health.entry import FileUnreadableError
from plugins.health.importing import import_files
from plugins.health.understanding import KINDS
from tests.plugins.health.fhir import extract_in

BUNDLE = Path(__file__).parents[2] / "files" / "health" / "bundle.xml"
PATIENT = '<Patient xmlns="http://hl7.org/fhir"><id value="1"/>{}</Patient>'


def shape(tmp_path: Path, text: str) -> dict[str, Any]:
    file = tmp_path / "file.xml"
    file.write_text(text, encoding="utf-8")
    (entry,) = entries_of(file, KINDS)
    assert entry.content is not None
    return dict(entry.content)


def test_a_bundle_in_xml_is_read_entry_by_entry(tmp_path: Path) -> None:
    (read,) = import_files((BUNDLE,), extract_in(tmp_path)).files

    assert {kind.kind: (kind.read, kind.kept, kind.identifiers_kept) for kind in read.kinds} == {
        "Flag": (1, 1, 1),
        "Patient": (2, 1, 2),
        "Medication": (1, 0, 0),
    }
    assert [(place.where, place.reason) for kind in read.kinds for place in kind.not_understood] == [
        ("entry 3", "Health reads no Medication."),
        ("entry 4", "It has an element that FHIR R4 does not know."),
    ]
    stored_text = (tmp_path / "records.jsonl").read_text()
    assert '"about": "Patient/500"' in stored_text
    assert '"born": "1984-03"' in stored_text
    assert "SECRET-DIAGNOSIS" not in stored_text


def test_the_shape_is_that_of_json_with_what_extends_a_primitive_beside_it(tmp_path: Path) -> None:
    extended = '<given value="B"><extension url="urn:x"><valueString value="z"/></extension></given>'
    answer = shape(tmp_path, PATIENT.format(f'<name><given value="A"/>{extended}<given value="C"/></name>'))

    assert answer == {
        "resourceType": "Patient",
        "id": "1",
        "name": [
            {
                "given": ["A", "B", "C"],
                "_given": [None, {"extension": [{"url": "urn:x", "valueString": "z"}]}, None],
            }
        ],
    }
    assert fault_of(answer) is None


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>' + PATIENT.format('<language value="&x;"/>'),
        '<!DOCTYPE a [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>' + PATIENT.format('<language value="&c;"/>'),
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">' + PATIENT.format(""),
    ],
)
def test_document_types_and_entities_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileUnreadableError, match="a document type or entities, which FHIR does not allow"):
        shape(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PATIENT.format("")[:-4], "It breaks off or is not XML at line 1."),
        (
            '<?xml version="1.0" encoding="no-such"?><a/>',
            "Its text is in an encoding that is not known here.",
        ),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "It is XML and not FHIR: its namespace is another."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(FileUnreadableError) as error:
        shape(tmp_path, text)
    assert error.value.reason == reason


def test_an_unknown_type_within_a_resource_is_refused_by_the_check(tmp_path: Path) -> None:
    answer = shape(tmp_path, PATIENT.format("<contained><Nonsense/></contained>"))

    assert fault_of(answer) is not None

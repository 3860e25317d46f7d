"""Handing files over: who may, what is copied, what is left behind, and what the record keeps of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.files import AgencyFilesRead
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError, SetupError
from engine.domain.responses.answers import Failed, FailureReason
from engine.services.agencies.files import MOST_FILES, import_agency_files
from tests.builders import Desk
from tests.plugins.health.fhir import a_bundle, a_flag, a_patient
from tests.seals import sealed

AGENCY = "health"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    given = tmp_path / "Patients of Ward 7.json"
    given.write_text(json.dumps(a_bundle(a_patient(), a_flag())), encoding="utf-8")
    return given


def hand_over(
    desk: Desk, *files: Path, acting: Acting | None = None, agency: str = AGENCY
) -> AgencyFilesRead | Failed:
    return import_agency_files(desk.context(acting or desk.coordinator), agency=agency, files=files)


def folder(desk: Desk) -> Path:
    return desk.runtime.settings.home / "agencies" / AGENCY


def newest_entry(desk: Desk) -> dict[str, object]:
    with desk.runtime.uow.unrecorded() as work:
        entries = list(work.audit.entries())
    return json.loads(entries[-1].body)


def test_files_are_read_under_their_own_names_and_nothing_is_left_behind(desk: Desk, file: Path) -> None:
    read = hand_over(desk, file)

    assert isinstance(read, AgencyFilesRead)
    assert [(one.file, one.error) for one in read.files] == [("Patients of Ward 7.json", None)]
    assert {kind.kind: kind.kept for kind in read.files[0].kinds} == {"Flag": 1, "Patient": 1}
    assert not (folder(desk) / "incoming").exists()
    assert (folder(desk) / "records.jsonl").exists()


@pytest.mark.parametrize(
    ("role", "agency", "may"),
    [
        (Role.PRACTITIONER, AGENCY, True),
        (Role.ADMINISTRATOR, None, True),
        (Role.PRACTITIONER, "police", False),
        (Role.CHAIR, None, False),
        (Role.ANALYST, None, False),
        (Role.AUDITOR, None, False),
    ],
)
def test_an_agency_s_own_people_and_who_looks_after_the_installation_may(
    desk: Desk, file: Path, role: Role, agency: str | None, may: bool
) -> None:
    somebody = desk.add("somebody", role, agency)

    if may:
        assert isinstance(hand_over(desk, file, acting=somebody), AgencyFilesRead)
    else:
        with pytest.raises(NotPermittedError, match="import files for"):
            hand_over(desk, file, acting=somebody)
        assert not (folder(desk) / "records.jsonl").exists()


def test_the_record_keeps_counts_and_a_digest_and_no_name(desk: Desk, file: Path) -> None:
    hand_over(desk, file)

    entry = newest_entry(desk)
    assert entry["what"] == "hand files over"
    text = json.dumps(entry)
    assert '"kept": 2' in text
    assert "files_digest" in text
    assert "Ward" not in text
    assert "Toyson" not in text


def test_a_file_that_cannot_be_copied_is_told_and_the_others_are_read(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    link, pipe = tmp_path / "link.json", tmp_path / "pipe.json"
    link.symlink_to(file)
    os.mkfifo(pipe)
    read = hand_over(desk, tmp_path / "no.json", link, pipe, tmp_path, file)

    assert isinstance(read, AgencyFilesRead)
    assert [one.error for one in read.files] == [
        "The file was not found.",
        "It is a link; give the file itself.",
        "It is not a plain file.",
        "It is not a plain file.",
        None,
    ]


def test_a_link_in_place_of_the_agency_s_folder_for_files_is_refused(
    desk: Desk, file: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder(desk).mkdir(parents=True)
    (folder(desk) / "incoming").symlink_to(elsewhere)

    with pytest.raises(SetupError, match="a folder and not a link"):
        hand_over(desk, file)
    assert list(elsewhere.iterdir()) == []


def test_what_waits_there_already_is_left_alone(desk: Desk, file: Path) -> None:
    waiting = folder(desk) / "incoming" / "waits.json"
    waiting.parent.mkdir(parents=True)
    waiting.write_text("{}")
    hand_over(desk, file)

    assert [each.name for each in waiting.parent.iterdir()] == ["waits.json"]


def test_a_damaged_extract_is_a_failure_and_the_files_are_taken_away(desk: Desk, file: Path) -> None:
    hand_over(desk, file)
    (folder(desk) / "records.jsonl").write_text('{"lines": 5}\n')
    spoilt = hand_over(desk, file)
    sealed(folder(desk), on=desk.clock.today())
    failed = hand_over(desk, file)

    assert isinstance(spoilt, Failed)
    assert spoilt.reason is FailureReason.EXTRACT_NOT_WHOLE
    assert isinstance(failed, Failed)
    assert failed.reason is FailureReason.BAD_RECORDS
    assert "records.jsonl has a different number of lines" in failed.says
    assert not (folder(desk) / "incoming").exists()
    assert '"failed"' in json.dumps(newest_entry(desk))


def test_an_agency_that_is_not_installed_and_no_files_are_refused(desk: Desk, file: Path) -> None:
    with pytest.raises(NotFoundError):
        hand_over(desk, file, agency="nobody")
    with pytest.raises(InvalidInputError):
        hand_over(desk)
    with pytest.raises(InvalidInputError):
        hand_over(desk, *(file,) * (MOST_FILES + 1))

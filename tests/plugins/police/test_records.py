"""An extract that is not whole is told as such in one sentence, and never read as "nothing held"."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.hooks.v1 import RecordsUnreadableError
from plugins.police.records import INCIDENTS, OFFENCES, ORDERS, PERSONS, VIEWS, police_records
from tests.plugins.builders import records_in
from tests.plugins.police.given import a_person, a_report, an_offence, written


def read(folder: Path, digest: str = "damaged") -> str:
    """What reading the folder is refused with."""
    with pytest.raises(RecordsUnreadableError) as refused:
        police_records(records_in(folder).model_copy(update={"digest": digest}))
    return refused.value.sentence


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    written(tmp_path, reports=(a_report(1, "2026-01-01"),), offences=(an_offence(1, "195/12"),))
    police_records(records_in(tmp_path))
    return tmp_path


@pytest.mark.parametrize("file", [PERSONS, INCIDENTS, OFFENCES, ORDERS, VIEWS])
def test_a_missing_table_makes_the_extract_unreadable(whole: Path, file: str) -> None:
    (whole / file).unlink()

    assert read(whole) == f"{file} is not there"


@pytest.mark.parametrize("cut", [1, 3, 9, 20])
def test_a_half_written_last_line_is_never_taken_for_a_whole_one(whole: Path, cut: int) -> None:
    file = whole / INCIDENTS
    file.write_bytes(file.read_bytes()[:-cut])

    assert read(whole).startswith("incidents.csv ")


def test_a_cut_that_leaves_every_column_filled_is_still_noticed(whole: Path) -> None:
    file = whole / INCIDENTS
    file.write_bytes(file.read_bytes().removesuffix(b"\n"))

    assert read(whole) == "incidents.csv ends without a line end, so its last line may not be whole"


def test_another_encoding_is_told(whole: Path) -> None:
    written(whole, persons=(a_person(surname="Töyson"),))
    file = whole / PERSONS
    file.write_bytes(file.read_text(encoding="utf-8").encode("latin-1"))

    assert read(whole) == "persons.csv is not UTF-8 text"


def test_what_is_no_table_at_all_is_told(whole: Path) -> None:
    (whole / ORDERS).write_bytes(b"PK\x03\x04\x00\x00 no table \n")

    assert read(whole) == "orders.csv lacks a column (column order_id)"


def test_a_key_that_stands_twice_is_told_and_neither_row_is_lost(whole: Path) -> None:
    written(whole, persons=(a_person(), a_person(surname="Other", pnc=None)))

    assert read(whole) == "persons.csv holds the same key twice (column person_id)"


def test_a_report_about_nobody_in_the_extract_is_told(whole: Path) -> None:
    stray = a_report(2, "2026-02-01").model_copy(update={"person_id": "N9"})
    written(whole, reports=(a_report(1, "2026-01-01"), stray))

    assert read(whole) == "incidents.csv names a key that is not in the extract (column person_id)"


def test_an_offence_on_no_report_of_the_extract_is_told(whole: Path) -> None:
    written(whole, reports=(a_report(1, "2026-01-01"),), offences=(an_offence(9, "195/12"),))

    assert read(whole) == "offences.csv names a key that is not in the extract (column incident_id)"


def test_a_sentence_repeats_nothing_of_the_extract(whole: Path) -> None:
    file = whole / INCIDENTS
    file.write_text(file.read_text().replace("contacting", "Perpetua Toyson"))

    assert read(whole) == "incidents.csv has a line that breaks its format (line 2, column kind)"


def test_an_empty_extract_of_whole_tables_is_read(tmp_path: Path) -> None:
    written(tmp_path, persons=())

    assert police_records(records_in(tmp_path)).persons == {}

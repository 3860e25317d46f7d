"""A network's file gives the same tables however it was saved, and one sentence where it is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.domain.errors import InvalidInputError
from engine.exchange.network_files import tables_in
from engine.links.mapping import read_mapping

TEXT = "id,label\n1,Zoë O’Neil\n2,€ 5\n"
CELLS = [["id", "label"], ["1", "Zoë O’Neil"], ["2", "€ 5"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_rows_are_the_same(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(TEXT.replace(",", delimiter).replace("\n", ending).encode(encoding))
    (read,) = tables_in(file, part="link file")
    assert [row.cells for row in read.rows()] == CELLS
    assert read.is_guessed is (encoding == "cp1252")


def test_an_encoding_that_is_told_is_used(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes("id,label\n1,Ольга\n".encode("cp1251"))
    (read,) = tables_in(file, part="link file", encoding="cp1251")
    assert [row.cells for row in read.rows()][1] == ["1", "Ольга"]
    assert read_mapping('encoding = "windows-1251"').encoding == "cp1251"


def test_an_encoding_that_nobody_knows_is_said() -> None:
    with pytest.raises(InvalidInputError, match="'klingon' is not an encoding"):
        read_mapping('encoding = "klingon"')


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04\0\0,\n", "link file: the workbook is damaged"),
        (b"\x00\x01\x02\x03,\n", "link file: not a text file"),
        (b"\xff\xfea\0\x00\xd8", "not text in utf-16"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 i2 chart",
            "an i2 chart .* export its entities and its links as CSV",
        ),
        (b"<?xml version='1.0'?><svg/>", "it is XML of another kind"),
    ],
)
def test_what_is_no_text_is_said(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(InvalidInputError, match=sentence):
        [list(table.rows()) for table in tables_in(tmp_path / "file.csv", part="link file")]


def test_no_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="link file: the file was not found; check its name"):
        tables_in(tmp_path / "none.csv", part="link file")
    with pytest.raises(InvalidInputError, match="link file: it is a folder"):
        tables_in(tmp_path, part="link file")


def test_a_chart_of_i2_is_refused_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "gang.anb").write_bytes(b"anything")
    with pytest.raises(InvalidInputError, match=r"entity file: an i2 chart \(.anb\) cannot be read"):
        tables_in(tmp_path / "gang.anb", part="entity file")


def test_each_filled_sheet_of_a_workbook_is_a_table_and_a_formula_costs_its_row(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "People"
    for row in (["id", "label"], ["1", "Ann"], ["=1+1", "Ben"]):
        book.worksheets[0].append(row)
    book.create_sheet("blank")
    links = book.create_sheet("Calls")
    for made in (["from", "to", "date"], [1, 2, date(2024, 3, 9)]):
        links.append(made)
    book.save(tmp_path / "book.xlsx")
    people, calls = tables_in(tmp_path / "book.xlsx", part="file")
    assert (people.name, calls.name) == ("People", "Calls")
    assert [row.cells for row in calls.rows()] == [["from", "to", "date"], ["1", "2", "2024-03-09"]]
    assert [(row.row, bool(row.fault)) for row in people.rows()] == [(1, False), (2, False), (3, True)]

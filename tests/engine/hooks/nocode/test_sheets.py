"""Rows of CSV files and workbooks, read as a person would, or told why not."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.hooks.nocode.sheets import read_sheet
from engine.hooks.records import RecordsUnreadableError


def rows(folder: Path, text: str, *columns: str) -> list[dict[str, str | None]]:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    return [each.cells for each in read_sheet(folder, "a.csv", None, columns)]


def test_only_the_named_columns_are_kept_and_a_blank_cell_is_none(tmp_path: Path) -> None:
    found = rows(tmp_path, "\ufeffNo,Kind,Other\n1, noise ,x\n\n2,,y\n", "No", "Kind")

    assert found == [{"No": "1", "Kind": "noise"}, {"No": "2", "Kind": None}]


def test_a_cell_may_hold_commas_and_lines(tmp_path: Path) -> None:
    assert rows(tmp_path, 'No,Kind\n1,"a, b\nc"\n', "Kind") == [{"Kind": "a, b\nc"}]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a.csv is empty"),
        ("\n", "a.csv is empty"),
        ("No,Kind\n1\n", "format (line 2): expected as many cells as the first line has"),
        ("No,Kind\n1,2,3\n", "line that breaks its format (line 2)"),
        ('No,Kind\n1,"half', "line that breaks its format"),
        ("No,Sort\n1,2\n", "lacks a column (column Kind)"),
        ("No,Kind,Kind\n1,2,3\n", "lacks a column (column Kind)"),
    ],
)
def test_a_file_that_breaks_its_form_is_told(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(RecordsUnreadableError) as raised:
        rows(tmp_path, text, "No", "Kind")

    assert sentence in str(raised.value)


def test_another_encoding_is_told_and_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("No\nZo\u00eb\n".encode("cp1252"))

    with pytest.raises(RecordsUnreadableError, match="not UTF-8 text"):
        read_sheet(tmp_path, "a.csv", None, ["No"])


def test_a_workbook_gives_dates_as_days_and_whole_numbers_without_a_point(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("One")
    sheet.append(["No", "Day", "Moment", "Sum"])
    sheet.append([7.0, date(2024, 3, 9), datetime(2024, 3, 9, 14, 30), "=1+1"])  # noqa: DTZ001  as Excel has it
    book.save(tmp_path / "a.xlsx")

    (row,) = read_sheet(tmp_path, "a.xlsx", "One", ["No", "Day", "Moment", "Sum"])

    assert row.cells == {"No": "7", "Day": "2024-03-09", "Moment": "2024-03-09", "Sum": None}
    with pytest.raises(RecordsUnreadableError, match=r"a.xlsx lacks a sheet \(sheet Two\)"):
        read_sheet(tmp_path, "a.xlsx", "Two", ["No"])

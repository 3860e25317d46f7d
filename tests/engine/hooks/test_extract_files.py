"""An extract that breaks its shape is unreadable, is told by file, line and column, and never by a value."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.dates import PartialDate
from engine.hooks.extract_files import (
    Recorded,
    Several,
    Short,
    read_json_lines,
    read_table,
    write_json_lines,
    write_table,
)
from engine.hooks.records import AgencyRecords, RecordsUnreadableError, once_per_extract


class Colour(str, Enum):
    RED = "red"


class ToyRow(Recorded):
    toy_id: Short
    colour: Colour | None
    made: PartialDate | None
    marks: Several


def in_folder(folder: Path, digest: str = "1") -> AgencyRecords:
    return AgencyRecords(folder=folder, digest=digest)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "toys.csv is not there"),
        (b"", "toys.csv is empty"),
        (b"\n \n", "toys.csv is empty"),
        (b"toy_id,colour,made,marks\nT1,\xff,,\n", "toys.csv is not UTF-8 text"),
        (b"toy_id,colour,made\nT1,,\n", "toys.csv lacks a column (column marks)"),
        (b"toy_id,toy_id,colour,made,marks\nT1,T1,,,\n", "toys.csv lacks a column (column toy_id)"),
        (b"toy_id,colour,made,marks\nT1,,,\nT2,red\n", "toys.csv has a line that breaks its format (line 3)"),
        (b"toy_id,colour,made,marks\nT1,mauve,,\n", "(line 2, column colour)"),
        (b"toy_id,colour,made,marks\nT1,,31/02/2026,\n", "(line 2, column made)"),
        (b"toy_id,colour,made,marks\n,,,\n", "(line 2, column toy_id)"),
        (b'toy_id,colour,made,marks\n"T1,,,\n', "toys.csv has a line that breaks its format"),
        (
            b"toy_id,colour,made,marks\n" + b"T" * 10_000_000 + b",,,\n",
            "toys.csv has a line that breaks its format",
        ),
    ],
)
def test_a_table_that_breaks_its_shape_is_told_by_line_and_column(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "toys.csv").write_bytes(content)

    with pytest.raises(RecordsUnreadableError) as raised:
        read_table(in_folder(tmp_path), "toys.csv", ToyRow)

    assert sentence in str(raised.value)
    assert not any(value in str(raised.value) for value in ("mauve", "31/02", "TTT"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "toys.jsonl is empty"),
        ('{"toy_id": "T1"}\n', "(line 1)"),
        (
            '{"lines": 2}\n{"toy_id": "T1", "colour": null, "made": null, "marks": []}\n',
            "a different number of lines",
        ),
        ('{"lines": 1}\n{"toy_id": "T1", "colour": nu', "(line 2)"),
        (
            '{"lines": 1}\n{"toy_id": "T1", "colour": "mauve", "made": null, "marks": []}\n',
            "(line 2, column colour)",
        ),
    ],
)
def test_json_lines_that_break_their_shape_are_told_by_line(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "toys.jsonl").write_text(content, encoding="utf-8")

    with pytest.raises(RecordsUnreadableError) as raised:
        read_json_lines(in_folder(tmp_path), "toys.jsonl", ToyRow)

    assert sentence in str(raised.value)


def test_an_empty_cell_is_not_recorded_and_other_columns_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "toys.csv").write_text(
        "diagnosis,toy_id,colour,made,marks\nX,T1,,2026-03, a ; b;\n", encoding="utf-8-sig"
    )

    (row,) = read_table(in_folder(tmp_path), "toys.csv", ToyRow)

    assert row == ToyRow(toy_id="T1", colour=None, made=PartialDate("2026-03"), marks=("a", "b"))
    assert not hasattr(row, "diagnosis")


@given(
    rows=st.lists(
        st.builds(
            ToyRow,
            toy_id=st.from_regex(r"[A-Za-z0-9,\"' é]{1,20}", fullmatch=True).filter(str.strip),
            colour=st.sampled_from([None, Colour.RED]),
            made=st.sampled_from([None, PartialDate("2024"), PartialDate("2024-02-29")]),
            marks=st.lists(st.from_regex(r"[a-z,\"]{1,9}", fullmatch=True), max_size=3).map(tuple),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[ToyRow]
) -> None:
    folder = tmp_path_factory.mktemp("extract")
    write_table(folder, "toys.csv", ToyRow, rows)
    write_json_lines(folder, "toys.jsonl", rows)

    assert list(read_table(in_folder(folder), "toys.csv", ToyRow)) == rows
    assert list(read_json_lines(in_folder(folder), "toys.jsonl", ToyRow)) == rows


def test_an_extract_is_read_again_when_its_digest_changes(tmp_path: Path) -> None:
    read: list[str] = []

    @once_per_extract
    def reading(records: AgencyRecords) -> int:
        read.append(records.digest)
        return len(read)

    assert [reading(in_folder(tmp_path, digest)) for digest in ("1", "1", "2", "2", "1")] == [1, 1, 2, 2, 3]


def test_a_fault_is_told_in_plain_names_only() -> None:
    from engine.hooks.records import RecordsFault

    error = RecordsUnreadableError(
        "of Petronella Mustnotshow.csv", RecordsFault.MISSING, column="a secret, told"
    )

    assert str(error) == "(unnamed) is not there (column (unnamed))"

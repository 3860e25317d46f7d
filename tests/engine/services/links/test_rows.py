"""A file's rows come out the same in whatever encoding and with whatever delimiter it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.links.mapping import read_mapping
from engine.services.links.rows import RowsRead

TEXT = "id,label\n1,Zoë O’Neil\n2,€ 5\n"
CELLS = [["id", "label"], ["1", "Zoë O’Neil"], ["2", "€ 5"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_rows_are_the_same(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(TEXT.replace(",", delimiter).replace("\n", ending).encode(encoding))
    read = RowsRead(file, "link file")
    assert [row.cells for row in read] == CELLS
    assert read.is_guessed is (encoding == "cp1252")


def test_an_encoding_that_is_told_is_used(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes("id,label\n1,Ольга\n".encode("cp1251"))
    assert [row.cells for row in RowsRead(file, "link file", encoding="cp1251")][1] == ["1", "Ольга"]
    assert read_mapping('encoding = "windows-1251"').encoding == "cp1251"


def test_an_encoding_that_nobody_knows_is_said() -> None:
    with pytest.raises(InvalidInputError, match="'klingon' is not an encoding"):
        read_mapping('encoding = "klingon"')


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"PK\x03\x04\0\0,\n", "not a text file"), (b"\xff\xfea\0\x00\xd8", "not text in utf-16")],
)
def test_what_is_no_text_is_said(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    with pytest.raises(InvalidInputError, match=sentence):
        list(RowsRead(tmp_path / "file.csv", "link file"))


def test_no_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="link file: the file was not found; check its name"):
        RowsRead(tmp_path / "none.csv", "link file")
    with pytest.raises(InvalidInputError, match="link file: cannot be read"):
        RowsRead(tmp_path, "link file")

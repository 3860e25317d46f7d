"""Files of a network sorted into tables, as they are given to an import."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from openpyxl import Workbook

from engine.domain.errors import InvalidInputError
from engine.links.mapping import LinkMapping
from engine.links.reading import Reading, read_register
from engine.services.links.given_files import files_given


def taken_in(
    *, entities: tuple[Path, ...] = (), links: tuple[Path, ...] = ()
) -> tuple[Reading, tuple[str, ...]]:
    """The network in these files, and the notes about them."""
    mapping = LinkMapping()
    with files_given({"entities": entities, "links": links}, mapping) as given:
        return read_register(given.entities, given.links, mapping=mapping, about={}), given.notes


@pytest.mark.parametrize("option", ["entities", "links"])
def test_a_graph_file_gives_both_tables_under_either_option(tmp_path: Path, option: str) -> None:
    nx.write_gexf(nx.karate_club_graph(), tmp_path / "club.gexf")
    read, _ = taken_in(**{option: (tmp_path / "club.gexf",)})
    assert (len(read.register), read.register.link_count, read.rejected) == (34, 78, ())


def test_the_sheets_of_a_workbook_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    book = Workbook()
    sheets = {"Calls": ["from", "to"], "People": ["id", "name"], "Notes": ["remark"]}
    for (name, header), row in zip(sheets.items(), (["a", "b"], ["a", "Ann"], ["none"]), strict=True):
        sheet = book.create_sheet(name)
        sheet.append(header)
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "more.csv").write_text("id,label\nb,Ben\n", encoding="utf-8")
    read, notes = taken_in(links=(tmp_path / "book.xlsx",), entities=(tmp_path / "more.csv",))
    register = read.register
    assert {register.entity(n).label for n in range(2)} == {"Ann", "Ben"}
    assert (register.link_count, read.rejected) == (1, ())
    assert "a sheet of the link file is left out: no column has ids or two ends" in notes


def test_files_in_the_wrong_order_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,label\na,Ann\n", encoding="utf-8")
    (tmp_path / "l.csv").write_text("from,to\na,b\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="entity file: row 1: the column 'id' is missing"):
        taken_in(entities=(tmp_path / "l.csv",), links=(tmp_path / "e.csv",))


def test_29_files_are_refused(tmp_path: Path) -> None:
    files = tuple(tmp_path / f"{number}.csv" for number in range(29))
    with pytest.raises(InvalidInputError, match="give at most 28 at once"):
        taken_in(links=files)

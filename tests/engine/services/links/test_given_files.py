"""Files of a network sorted into tables, as they are given to `stac links import`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import pytest
from openpyxl import Workbook

from engine.clock import SetClock
from engine.domain.errors import InvalidInputError
from engine.links.register_files import open_register
from engine.services.links.files import LinksImported, import_links

CLOCK = SetClock(datetime(2026, 11, 25, 12, tzinfo=UTC))


def taken_in(place: Path, *, entities: tuple[Path, ...] = (), links: tuple[Path, ...] = ()) -> LinksImported:
    return import_links(clock=CLOCK, entities=entities, links=links, register=place / "r")


@pytest.mark.parametrize("option", ["entities", "links"])
def test_a_graph_file_gives_both_tables_under_either_option(tmp_path: Path, option: str) -> None:
    nx.write_gexf(nx.karate_club_graph(), tmp_path / "club.gexf")
    done = taken_in(tmp_path, **{option: (tmp_path / "club.gexf",)})
    assert (done.entities, done.links, done.rejected) == (34, 78, ())


def test_the_sheets_of_a_workbook_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    book = Workbook()
    sheets = {"Calls": ["from", "to"], "People": ["id", "name"], "Notes": ["remark"]}
    for (name, header), row in zip(sheets.items(), (["a", "b"], ["a", "Ann"], ["none"]), strict=True):
        sheet = book.create_sheet(name)
        sheet.append(header)
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "more.csv").write_text("id,label\nb,Ben\n", encoding="utf-8")
    done = taken_in(tmp_path, links=(tmp_path / "book.xlsx",), entities=(tmp_path / "more.csv",))
    register = open_register(tmp_path / "r")
    assert {register.entity(n).label for n in range(2)} == {"Ann", "Ben"}
    assert (done.links, done.rejected) == (1, ())
    assert "a sheet of the link file is left out: no column has ids or two ends" in done.notes


def test_files_in_the_wrong_order_are_one_sentence_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,label\na,Ann\n", encoding="utf-8")
    (tmp_path / "l.csv").write_text("from,to\na,b\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="entity file: row 1: the column 'id' is missing"):
        taken_in(tmp_path, entities=(tmp_path / "l.csv",), links=(tmp_path / "e.csv",))
    assert not (tmp_path / "r").exists()


def test_29_files_are_refused(tmp_path: Path) -> None:
    files = tuple(tmp_path / f"{number}.csv" for number in range(29))
    with pytest.raises(InvalidInputError, match="give at most 28 at once"):
        taken_in(tmp_path, links=files)

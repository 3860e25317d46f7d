"""Files of networks through the service: what is said of files that cannot be read at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import SetClock, SystemClock
from engine.domain.errors import InvalidInputError
from engine.links.register_files import open_register
from engine.services.links.choices import graph_formats
from engine.services.tools.registers import escalation_in, export_links, import_links

CLOCK = SetClock(datetime(2026, 11, 25, 12, tzinfo=UTC))


def taken_in(place: Path, entities: bytes, links: bytes = b"from,to\n1,2\n") -> Path:
    (place / "e.csv").write_bytes(entities)
    (place / "l.csv").write_bytes(links)
    import_links(clock=CLOCK, entities=[place / "e.csv"], links=[place / "l.csv"], register=place / "r")
    return place / "r"


def test_a_register_says_when_and_of_what_it_was_made(tmp_path: Path) -> None:
    register = open_register(taken_in(tmp_path, b"id,type\n1,person\n2,person\n"))
    assert register.about == {"made_on": "2026-11-25", "entities": "e.csv", "links": "l.csv"}


def test_a_register_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    before = taken_in(tmp_path, b"id,type\n1,person\n2,person\n").read_bytes()
    with pytest.raises(InvalidInputError):
        taken_in(tmp_path, b"kind\nperson\n")
    assert (tmp_path / "r").read_bytes() == before


def test_a_register_is_never_written_over_a_file_of_another_kind(tmp_path: Path) -> None:
    taken_in(tmp_path, b"id\n1\n2\n")
    before = (tmp_path / "e.csv").read_bytes()
    with pytest.raises(InvalidInputError, match="a file of another kind"):
        import_links(
            clock=CLOCK,
            entities=[tmp_path / "e.csv"],
            links=[tmp_path / "l.csv"],
            register=tmp_path / "e.csv",
        )
    assert (tmp_path / "e.csv").read_bytes() == before
    taken_in(tmp_path, b"id\n1\n2\n3\n")
    assert len(open_register(tmp_path / "r")) == 3


def test_an_export_is_never_written_over_its_register(tmp_path: Path) -> None:
    register = taken_in(tmp_path, b"id\n1\n2\n")
    with pytest.raises(InvalidInputError, match="this is the register itself"):
        export_links(clock=SystemClock(), register=register, form=graph_formats()("gexf"), out=register)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="entity file: not a text file"):
        taken_in(tmp_path, b"\x01\x02\x03\x04\x00\x00\x00\n1")


@pytest.mark.parametrize("which", ["e.csv", "l.csv"])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, which: str) -> None:
    taken_in(tmp_path, b"id\n1\n2\n")
    (tmp_path / which).unlink()
    with pytest.raises(InvalidInputError, match="the file was not found; check its name"):
        import_links(
            clock=CLOCK, entities=[tmp_path / "e.csv"], links=[tmp_path / "l.csv"], register=tmp_path / "r"
        )


def test_an_unclosed_quotation_mark_costs_its_own_row_alone(tmp_path: Path) -> None:
    register = open_register(taken_in(tmp_path, b'id,label\n1,"open\n2,b\n3,c\n', b"from,to\n2,3\n"))
    assert (len(register), register.link_count) == (2, 1)


def test_events_may_have_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[events]\ncase = "dyad"\ndate = "on"\n', encoding="utf-8")
    (tmp_path / "v.csv").write_text("dyad;on\nA;01/02/2025\n", encoding="utf-8")
    trends, left = escalation_in(events=tmp_path / "v.csv", mapping=tmp_path / "m.toml")
    assert [(trend.case, trend.events) for trend in trends] == [("A", 1)]
    assert not left
    (tmp_path / "m.toml").write_text('[events]\ncolour = "dyad"\n', encoding="utf-8")
    with pytest.raises(InvalidInputError, match="'colour' is not a column; use one of case, date"):
        escalation_in(events=tmp_path / "v.csv", mapping=tmp_path / "m.toml")


def test_files_in_the_wrong_order_leave_no_register(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="entity file: row 1: the column 'id' is missing"):
        taken_in(tmp_path, b"from,to\na,b\n", b"id,label\na,Ann\n")
    assert not (tmp_path / "r").exists()

"""Files of a network that are wrong or hostile: one sentence or faults by row, and nothing half-stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.links.maps import MapAsked
from engine.domain.links.networks import ColumnsGiven, NetworkImported
from engine.services.links import received_files, workspaces
from engine.services.links.network_maps import draw_network, open_network
from engine.services.links.received_files import SentFile
from tests.builders import Desk
from tests.engine.services.links.test_workspaces import stored

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "ha">]><graphml><graph><node id="&a;"/></graph></graphml>'
)
DEEP = b'{"type":"bundle","objects":[{"type":"tool","id":"t","a":' + b"[" * 99_999 + b"]" * 99_999 + b"}]}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it has no header row"),
        (b"from,to\n", "a header but no links with two ends"),
        (b"from\na\n", "the column 'id' is missing"),
        (b"from,to,to\na,b,c\n", "two columns are called 'to'"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not a text file"),
        (b"PK\x03\x04aaaa", "the workbook is damaged"),
        (BOMB, "it declares entities"),
        (DEEP, "nested too deeply"),
    ],
    ids=["empty", "header", "one column", "two of a name", "picture", "zip", "bomb", "deep"],
)
def test_one_sentence_and_nothing_is_stored(
    desk: Desk, tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        _import(desk, tmp_path, content)
    waiting = received_files.files_waiting(desk.context(desk.coordinator))
    assert len(stored(desk)) == (0 if waiting is None else 1), "the files wait, and no network is there"
    assert list(desk.runtime.settings.uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "size", "faults"),
    [
        (b"from,to\na,a\nb,b\n", (2, 0), ["linked to itself", "linked to itself"]),
        (b"from,to,kind\na,b,same person\nb,c,same person\nc,a,same person\n", (3, 3), []),
        (b"from,to,date\na,b,1899-12-31\na,c,0001-01-01\n", (3, 2), ["the year 1 is not between"]),
        ("from;to\na;A\nA;\u202e<b>\n".encode("utf-16"), (3, 2), []),
        (b"from,to,kind\na,b," + b"x" * 10_000 + b"\n" + b"z" * 500 + b",b,\n", (2, 1), ["no entity zzz"]),
    ],
    ids=["self-loops", "circle of one person", "old dates", "marks and case", "long texts"],
)
def test_what_can_be_read_is_read_and_each_fault_has_its_row(
    desk: Desk, tmp_path: Path, content: bytes, size: tuple[int, int], faults: list[str]
) -> None:
    done = _import(desk, tmp_path, content)
    assert (done.network.entities, done.network.links) == size
    assert len(done.rejected) == len(faults)
    assert all(fault in each.reason for each, fault in zip(done.rejected, faults, strict=True))
    context, reference = desk.context(desk.coordinator), done.network.reference
    begin = open_network(context, network=reference).begin
    assert draw_network(context, network=reference, asked=MapAsked(start=begin), placed={}).nodes


def _import(desk: Desk, place: Path, content: bytes) -> NetworkImported:
    context = desk.context(desk.coordinator)
    (place / "sent").write_bytes(content)
    desk.runtime.settings.uploads.mkdir(exist_ok=True)
    received = received_files.receive_files(context, files=[SentFile("file", place / "sent")])
    which = ["links" if "to" in each.header else "entities" for each in received.tables]
    given: dict[str, Any] = {"reference": received.reference, "columns": ColumnsGiven(), "which": which}
    received_files.check_received(context, **given)
    terms = workspaces.terms_of(
        name="N",
        controller="Police",
        purpose="Task",
        basis="Law",
        delete_on=desk.clock.today().replace(year=desk.clock.today().year + 1),
    )
    return received_files.import_received(context, **given, terms=terms)

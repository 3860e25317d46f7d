"""A hostile file of a network, of each format, is one sentence, in little time and memory, and no fault."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine.domain.errors import InvalidInputError
from engine.links.mapping import LinkMapping
from engine.links.reading import read_register
from engine.links.register_files import open_register
from engine.services.links.given_files import files_given
from engine.services.links.received_files import receive_together
from tests.builders import a_desk

GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="k" for="edge" attr.name="{name}" '
GRAPHML += 'attr.type="{kind}"/><graph edgedefault="directed"><node id="a"/><node id="b"/>'
GRAPHML += '<edge id="1" source="a" target="b"><data key="k">{value}</data></edge></graph></graphml>'
GEXF = '<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph mode="dynamic" timeformat="{form}"><nodes>'
GEXF += '<node id="a" label="a"/><node id="b" label="b"/></nodes><edges><edge id="0" source="a" target="b" '
GEXF += 'weight="{value}" start="{value}"/></edges></graph></gexf>'
STIX = '{{"type":"bundle","id":"bundle--1","objects":[{{"type":"identity","id":"identity--1","name":"A",'
STIX += '"number":{value}}},{{"type":"relationship","id":"relationship--1","relationship_type":"knows",'
STIX += '"source_ref":"identity--1","target_ref":"identity--1","start_time":{value},"weight":{value}}}]}}'
NUMBERS = ("1e400", "-1e400", str(10**15), "9" * 5000, "1e999999999", "NaN")


def imported(tmp_path: Path, name: str, text: str | bytes) -> str | None:
    """What is wrong with the file as a whole, in a sentence; None where it was read."""
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        with files_given({"entities": [], "links": [file]}, LinkMapping()) as given:
            read_register(given.entities, given.links, mapping=LinkMapping(), about={})
    except InvalidInputError as error:
        return str(error)
    return None


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "id,from,to,kind,date,weight,times\n1,a,b,knows,{value},{value},{value}\n"),
        ("b.graphml", GRAPHML.replace("{name}", "date").replace("{kind}", "long")),
        ("c.graphml", GRAPHML.replace("{name}", "weight").replace("{kind}", "double")),
        ("d.gexf", GEXF.replace("{form}", "double")),
        ("e.gexf", GEXF.replace("{form}", "date")),
        ("f.json", STIX),
    ],
)
def test_a_number_beyond_all_measure_is_a_value_or_a_sentence(
    tmp_path: Path, name: str, text: str, value: str
) -> None:
    said = imported(tmp_path, name, text.format(value=value))
    assert said is None or (said and "\n" not in said and "Error" not in said)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "attributes.graphml",
            "<graphml><graph><node id='a' "
            + " ".join(f"k{n}='1'" for n in range(401))
            + "/></graph></graphml>",
            "more than 400 attributes",
        ),
        (
            "tag.graphml",
            "<graphml><graph><node id='" + "a" * 9_000_000 + "'/></graph></graphml>",
            "than 4 MiB",
        ),
        ("tag.gexf", "<gexf><graph><nodes><node label='" + "a" * 9_000_000, "than 4 MiB"),
        ("deep.graphml", "<graphml>" + "<graph>" * 300, "nested too deeply"),
        ("deep.json", '{"type":"bundle","objects":' + "[" * 10_000, "nested too deeply"),
        ("entity.gexf", '<!DOCTYPE a [<!ENTITY a "b">]><gexf>&a;</gexf>', "document type"),
    ],
)
def test_what_would_fill_the_memory_is_a_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    assert said in (imported(tmp_path, name, text) or "it was read")


def test_as_many_attributes_as_there_may_be_columns_are_read(tmp_path: Path) -> None:
    given = " ".join(f"k{n}='1'" for n in range(397))
    text = (
        f"<graphml><graph><node id='a' {given}/><node id='b'/><edge source='a' target='b'/></graph></graphml>"
    )
    assert imported(tmp_path, "a.graphml", text) is None


def a_register(**changed: bytes) -> bytes:
    """A file like a register's, with an array of its own."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("header.npy", changed["header"])
    return file.getvalue()


def an_array(shape: str) -> bytes:
    head = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode()
    head = head.ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + b"{}"


@pytest.mark.parametrize("shape", ["(10**15,)", "(1000000000000000,)", "(1000000000,)", "(1e400,)", "(-1,)"])
def test_a_size_in_the_head_of_a_register_is_held_to_the_file(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "a.stac"
    file.write_bytes(a_register(header=an_array(shape)))
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInputError, match="is not a register of links"):
            open_register(file)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_register_that_is_packed_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.stac"
    with file.open("wb") as out:
        np.savez_compressed(out, header=np.zeros(100_000_000, dtype=np.uint8))
    with pytest.raises(InvalidInputError, match="is not a register of links"):
        open_register(file)


@pytest.mark.parametrize(
    "size", ["1e400", str(10**15), "9" * 5000, "-1", "true", "NaN", '"5"', "null", "5.0", "6"]
)
def test_a_size_in_the_head_of_a_sent_file_is_held_to_what_was_sent(tmp_path: Path, size: str) -> None:
    with a_desk(tmp_path / "home") as desk:
        sent = tmp_path / "sent"
        sent.write_bytes(f'{{"name": "a.csv", "size": {size}}}\n'.encode() + b"a,b,c")
        with pytest.raises(InvalidInputError, match="they did not arrive complete; send them again"):
            receive_together(desk.context(desk.chair), path=sent)

"""A bundle is STIX 2.1 to the library of its makers, has all that was recorded, and comes back as it was."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import stix2

from engine.exchange.network_files import tables_in
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.exporting.stix import THING, THING_TYPE, FileAbout
from engine.links.exporting.stix_names import DETAILS
from engine.links.reading import read_register
from engine.links.register import Register
from engine.links.rows import NetworkFile
from tests.engine.links.given import ABOUT, a_reading

REGISTER = a_reading(
    "id,type,label,note,protected\np 1,person,Zo\u00eb <Co>,first,\nb,boat,=1+1,,\nt,phone,07700 900001,,\n"
    "w,place,Harbour,,\ni,crime,,,\ns,place,Safe house,,yes",
    "id,from,to,kind,role,date,grade,source,more\na,p 1,i,in,Suspect Victim,2024-03,1A P,police,x\n"
    "c,p 1,i,in,helper,,3D C,,\nd,p 1,t,Uses (old),,1899-12-31,,,\ne,p 1,w,at,,2024,,,\nf,b,w,at,,,,,\n"
    "f,b,w,at,,,,,\ng,p 1,s,at,,,,,",
).register


@stix2.v21.CustomObject(
    THING_TYPE, [("name", stix2.properties.StringProperty(required=True))], extension_name=THING
)
class LinkedItem:
    """The object that our extension defines, as a program that knows the extension registers it."""


def bundle(register: Register, place: Path, about: FileAbout = ABOUT) -> dict[str, Any]:
    (file,) = write_graph(register, GraphFormat.STIX, place / "out", about)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def read(file: Path) -> Register:
    nodes, edges = tables_in(file, part="file")
    again = read_register(
        [NetworkFile("objects", "file", nodes.rows())], [NetworkFile("links", "file", edges.rows())]
    )
    assert not again.rejected
    return again.register


def plain(register: Register) -> tuple[list[Any], list[Any]]:
    entities = [register.entity(number) for number in range(len(register))]
    links = [register.link(number)._replace(times=1) for number in range(register.link_count)]
    return entities, [
        each._replace(attributes={name: text for name, text in each.attributes.items() if name != "times"})
        for each in links
    ]


def test_the_library_of_stix_reads_every_object_as_2_1(tmp_path: Path) -> None:
    written = bundle(REGISTER, tmp_path)
    parsed = stix2.parse(written, allow_custom=False, version="2.1")
    assert len(parsed.objects) == len(written["objects"])
    kinds = [each["type"] for each in written["objects"]]
    for kind, number in (("identity", 2), ("user-account", 1), ("location", 1), ("incident", 1)):
        assert kinds.count(kind) == number, kind
    assert kinds.count("relationship") == REGISTER.link_count == 5
    ids = [each["id"] for each in written["objects"]]
    assert len(set(ids)) == len(ids)
    for each in parsed.objects:
        if each["type"] == "relationship":
            assert {each["source_ref"], each["target_ref"]} <= set(ids)
        if each["type"] != "marking-definition":
            assert each["object_marking_refs"]
    assert "OFFICIAL-SENSITIVE. A network of the tests." in json.dumps(written)


def test_a_link_has_its_time_and_what_stix_has_no_field_for(tmp_path: Path) -> None:
    links = {
        each["extensions"][DETAILS]["id"]: each
        for each in bundle(REGISTER, tmp_path)["objects"]
        if each["type"] == "relationship"
    }
    assert (links["a"]["start_time"], links["a"]["stop_time"]) == (
        "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z",
    )  # fmt: skip
    assert links["a"]["extensions"][DETAILS] == {
        "extension_type": "property-extension",
        "id": "a",
        "kind": "in",
        "role": "Suspect Victim",
        "date": "2024-03",
        "grade": "1A P",
        "source": "police",
        "attributes": {"more": "x"},
    }
    assert links["d"]["relationship_type"] == "uses-old"
    assert "start_time" not in links["c"]
    assert links["f"]["extensions"][DETAILS]["attributes"] == {"times": "2"}
    assert "confidence" not in json.dumps(list(links.values())), "a grade is no number"


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    bundle(REGISTER, tmp_path)
    assert plain(read(tmp_path / "out")) == plain(REGISTER)


def test_nothing_protected_is_in_it_and_two_origins_share_no_id(tmp_path: Path) -> None:
    one = bundle(REGISTER, tmp_path)
    assert "Safe house" not in json.dumps(one)
    other = bundle(REGISTER, tmp_path, ABOUT._replace(origin="another"))
    of_ours = re.compile("^(identity|incident|location|user-account|linked-item|relationship)")
    ids = [{each["id"] for each in made["objects"][4:] if of_ours.match(each["id"])} for made in (one, other)]
    assert ids[0].isdisjoint(ids[1])
    assert bundle(REGISTER, tmp_path) == one, "the same bytes on the same date"
    assert bundle(REGISTER, tmp_path, ABOUT._replace(on=date(2026, 1, 1)))["objects"] != one["objects"]


@pytest.mark.parametrize("kind", ["", "\u202e", "a" * 300])
def test_a_kind_without_a_letter_or_too_long_has_a_valid_name(tmp_path: Path, kind: str) -> None:
    register = a_reading("id,type,label\n1,person,\n2,person,\u202ex", f"from,to,kind\n1,2,{kind}").register
    stix2.parse(bundle(register, tmp_path), allow_custom=False, version="2.1")

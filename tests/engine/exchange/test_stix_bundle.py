"""A bundle of another program is read as two tables; one that is hostile or none is one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import stix2

from engine.domain.errors import InvalidInputError
from engine.exchange.network_files import tables_in
from engine.links.kinds import Shape
from engine.links.reading import Reading, read_register
from engine.links.rows import NetworkFile

TIMES = {"created": "2024-01-01T00:00:00Z", "modified": "2024-01-01T00:00:00Z"}


def an_id(kind: str, number: int) -> str:
    return f"{kind}--00000000-0000-4000-8000-{number:012d}"


def written(place: Path, objects: list[Any]) -> Path:
    file = place / "bundle"
    file.write_text(json.dumps({"id": an_id("bundle", 1), "objects": objects, "type": "bundle"}), "utf-8")
    return file


def reading(file: Path) -> Reading:
    found: dict[str, list[NetworkFile]] = {"entities": [], "links": []}
    for table in tables_in(file, part="file"):
        found[str(table.which)].append(NetworkFile(table.name, "file", table.rows()))
    return read_register(found["entities"], found["links"])


def a_case() -> stix2.Bundle:
    """A bundle as the library writes it."""
    ann = stix2.Identity(name="Ann Other", identity_class="individual")
    agency = stix2.Identity(name="Agency", identity_class="organization")
    account = stix2.UserAccount(user_id="ann77", display_name="Ann")
    mail = stix2.EmailAddress(value="ann@example.org", belongs_to_ref=account.id)
    place = stix2.Location(name="Harbour", country="GB")
    actor = stix2.ThreatActor(name="Gull", created_by_ref=agency.id, threat_actor_types=["crime-syndicate"])
    report = stix2.Report(
        name="R", published="2024-03-09T00:00:00Z", object_refs=[ann.id, actor.id], report_types=["campaign"]
    )
    links = [
        stix2.Relationship(ann, "uses", account, start_time="2024-03-09T10:00:00Z", description="seen"),
        stix2.Relationship(actor, "located-at", place),
        stix2.Relationship(actor, "attributed-to", ann, confidence=50),
    ]
    return stix2.Bundle(ann, agency, account, mail, place, actor, report, *links, stix2.TLP_AMBER)


def test_objects_relationships_and_references_are_read(tmp_path: Path) -> None:
    (tmp_path / "b").write_text(a_case().serialize(), encoding="utf-8")
    done = reading(tmp_path / "b")
    register = done.register
    assert not done.rejected
    entities = [register.entity(number) for number in range(len(register))]
    assert {(each.type, each.label, each.shape) for each in entities} == {
        ("individual", "Ann Other", Shape.PERSON),
        ("organization", "Agency", Shape.OTHER),
        ("account", "Ann", Shape.CONTACT),
        ("email address", "ann@example.org", Shape.CONTACT),
        ("location", "Harbour", Shape.PLACE),
        ("threat actor", "Gull", Shape.PERSON),
        ("report", "R", Shape.INCIDENT),
    }
    links = [register.link(number) for number in range(register.link_count)]
    labels = {number: entities[number].label for number in range(len(register))}
    assert {(labels[each.start], each.kind, labels[each.end], str(each.date or "")) for each in links} == {
        ("Ann Other", "uses", "Ann", "2024-03-09"),
        ("Gull", "located at", "Harbour", ""),
        ("Gull", "attributed to", "Ann Other", ""),
        ("ann@example.org", "belongs to", "Ann", ""),
        ("R", "object", "Ann Other", ""),
        ("R", "object", "Gull", ""),
    }
    used = next(each for each in links if each.kind == "uses")
    assert used.attributes["description"] == "seen"


def test_ids_that_come_twice_links_to_nothing_and_cycles_are_said_row_by_row(tmp_path: Path) -> None:
    one, two = ({"type": "tool", "id": an_id("tool", number), **TIMES, "name": "T"} for number in (1, 2))
    link = {"type": "relationship", "relationship_type": "same-person", **TIMES}
    ends = [(1, 2), (2, 1), (1, 1), (1, 9)]
    links = [
        {
            **link,
            "id": an_id("relationship", number),
            "source_ref": an_id("tool", a),
            "target_ref": an_id("tool", b),
        }
        for number, (a, b) in enumerate(ends)
    ]
    done = reading(written(tmp_path, [one, two, one, *links]))
    assert (len(done.register), done.register.link_count) == (2, 2)
    assert [(each.row, each.why) for each in done.rejected] == [
        (4, "id twice"), (7, "linked to itself"), (8, "no entity"),
    ]  # fmt: skip


def test_ten_thousand_unknown_kinds_are_kinds(tmp_path: Path) -> None:
    objects = [{"type": f"x-{n}", "id": an_id(f"x-{n}", n), "x_deep": {"a": [[n]]}} for n in range(10_000)]
    done = reading(written(tmp_path, objects))
    assert len(done.register) == len(done.types) == 10_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"referrals": []}', "it is JSON of another kind; export it as a STIX 2.1 bundle"),
        (b'{"type": "identity"}', "it is JSON of another kind"),
        (b'{"type": "bundle", "objects": [{"type": "bundle", "objects": []}]}', "a bundle in a bundle"),
        (b'{"type": "bundle", "objects": [{"type": "marking-definition"}]}', "the bundle has no objects but"),
        (b'{"type": "bundle"}', "the bundle has no objects but"),
        (b'{"type": "bundle", "objects": [1]}', "an object of the bundle is none"),
        (b'{"type": "bundle", "objects": [{"type": "tool"', "not a whole STIX 2.1 bundle"),
        (b'{"type": "bundle", "objects": [{"type": "\xff"}]}', "not a whole STIX 2.1 bundle"),
        (
            b'\xef\xbb\xbf{"type": "bundle", "objects": [' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"]}",
            "nested too deeply",
        ),
        (
            b'{"type": "bundle", "objects": [{' + b",".join(b'"p%d": 1' % n for n in range(500)) + b"}]}",
            "more than 400 properties",
        ),
    ],
    ids=[
        "referrals",
        "object",
        "bundle in bundle",
        "language",
        "empty",
        "number",
        "cut",
        "bytes",
        "deep",
        "wide",
    ],
)
def test_what_is_no_bundle_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(InvalidInputError, match=sentence):
        reading(tmp_path / "b")


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_several_versions_of_an_object_the_newest_counts(tmp_path: Path, newest_first: bool) -> None:
    """Fractions of a second have several lengths: as plain texts the older one is the greater here."""
    later = {"created": "2024-01-01T00:00:00Z", "modified": "2024-01-01T00:00:00.500Z"}
    person = {"type": "identity", "id": an_id("identity", 1), "identity_class": "individual"}
    phone = {"type": "phone", "id": an_id("phone", 2), "value": "07700 900123"}
    relation = {"type": "relationship", "id": an_id("relationship", 3), "source_ref": person["id"]}
    relation |= {"target_ref": phone["id"]}
    versions = [
        {**person, **TIMES, "name": "Older"},
        {**relation, **TIMES, "relationship_type": "found"},
        {**person, **later, "name": "Newer"},
        {**relation, **later, "relationship_type": "uses"},
    ]
    if newest_first:
        versions.reverse()
    done = reading(written(tmp_path, [*versions, phone]))
    assert not done.rejected
    assert {done.register.entity(number).label for number in range(len(done.register))} == {
        "Newer", "07700 900123",
    }  # fmt: skip
    assert [done.register.link(number).kind for number in range(done.register.link_count)] == ["uses"]

"""A register as a STIX 2.1 bundle. Knows its objects; chooses nothing, and grades nothing on its scale.

People are identities, phones and accounts are user accounts, places locations, incidents incidents, and all
else an object of our own extension. Where STIX has no field (role, grade, source, a date without a day), a
property extension has it, so that nothing is lost when the bundle is read again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

from engine.links.exporting.pictures import MARKING
from engine.links.exporting.stix_names import DETAILS, MAKER
from engine.links.kinds import Role, Shape
from engine.links.model import Entity, Link
from engine.links.register import Register

THING = "extension-definition--5b9d8e04-3f5b-4d0c-8a55-0b1d7c9e2f47"
"""Extension of an object that STIX has no kind for."""
THING_TYPE = "linked-item"
_NAMES = UUID("6d1f0c3a-77f4-4e5b-9c1a-0a5d2e8b6f93")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_KIND = 200
_TYPES = {
    Shape.PERSON: "identity",
    Shape.CONTACT: "user-account",
    Shape.PLACE: "location",
    Shape.INCIDENT: "incident",
}

Object = dict[str, object]


class FileAbout(NamedTuple):
    """The date of a file, where its entities are from, and the sentence that says so."""

    on: date
    origin: str
    """Each origin has ids of its own in STIX."""
    source: str


def write_bundle(register: Register, about: FileAbout, part: Path) -> None:
    """Write the whole register as one bundle, object by object."""
    bundle = _uuid(about, "bundle", str(len(register)), str(register.link_count))
    with part.open("w", encoding="utf-8") as opened:
        opened.write(f'{{"type":"bundle","id":"bundle--{bundle}","objects":[')
        for number, each in enumerate(_objects(register, about)):
            opened.write(",\n" if number else "\n")
            opened.write(json.dumps(each, separators=(",", ":")))
        opened.write("\n]}\n")


def _objects(register: Register, about: FileAbout) -> Iterator[Object]:
    made = f"{about.on.isoformat()}T00:00:00.000Z"
    times = {"created": made, "modified": made}
    marking = f"marking-definition--{_uuid(about, 'marking', about.source)}"
    yield {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": marking,
        "created": made,
        "definition_type": "statement",
        "definition": {"statement": f"{MARKING}. {about.source}"},
    }
    marked = {"object_marking_refs": [marking]}
    yield _object("identity", MAKER, times, {"name": "STAC engine", "identity_class": "system"}, marked)
    for extension, name, kinds in (
        (DETAILS, "Details of linked items", ["property-extension"]),
        (THING, "A linked item of another kind", ["new-sdo"]),
    ):
        said = "Fields are texts under their own names. See docs/analysts/networks.md of the STAC engine."
        fields = {"name": name, "schema": said, "version": "1.0", "extension_types": kinds}
        yield _object("extension-definition", extension, times, {"created_by_ref": MAKER, **fields}, marked)
    ids: dict[int, str] = {}
    for number in range(len(register)):
        entity = register.entity(number)
        ids[number] = f"{_type_of(entity)}--{_uuid(about, 'entity', entity.id)}"
        yield _entity(entity, ids[number], times, marked)
    for number in range(register.link_count):
        link = register.link(number)
        name = f"relationship--{_uuid(about, 'link', str(number), register.link_id(number))}"
        ends = {"source_ref": ids[link.start], "target_ref": ids[link.end]}
        yield _link(link, register.link_id(number), name, ends, times, marked)


def _entity(entity: Entity, name: str, times: Mapping[str, str], marked: Mapping[str, object]) -> Object:
    label = entity.label or entity.id
    details = _details({"id": entity.id, "type": entity.type, "label": entity.label}, entity.attributes)
    if entity.shape is Shape.CONTACT:
        fields: Object = {"user_id": entity.id, "display_name": label}
        times = {}  # an observed object has no times of its own
    elif entity.shape is Shape.PERSON:
        fields = {"name": label, "identity_class": "individual"}
    elif entity.shape is Shape.PLACE:
        fields = {"name": label, "region": "unknown"}  # STIX needs one of three, and none is recorded
    else:
        fields = {"name": label}
    extensions: Object = {DETAILS: details}
    if _type_of(entity) == THING_TYPE:
        extensions[THING] = {"extension_type": "new-sdo"}
    return _object(_type_of(entity), name, times, fields, marked, {"extensions": extensions})


def _link(
    link: Link,
    link_id: str,
    name: str,
    ends: Mapping[str, str],
    times: Mapping[str, str],
    marked: Mapping[str, object],
) -> Object:
    details = _details(
        {
            "id": link_id,
            "kind": link.kind,
            "role": link.role_word or (link.role.in_words if link.role is not Role.NOT_RECORDED else None),
            "date": str(link.date) if link.date else None,
            "grade": link.grade,
            "source": link.source,
        },
        {**link.attributes, **({"times": str(link.times)} if link.times > 1 else {})},
    )
    span: Object = {}
    if link.date is not None:
        after = link.date.latest + timedelta(days=1)
        span = {"start_time": f"{link.date.earliest}T00:00:00Z", "stop_time": f"{after}T00:00:00Z"}
    slug = _NO_SLUG.sub("-", link.kind.casefold()).strip("-")[:_LONGEST_KIND] or "related-to"
    fields: Object = {"relationship_type": slug, **ends, **span}
    return _object("relationship", name, times, fields, marked, {"extensions": {DETAILS: details}})


def _object(kind: str, name: str, *parts: Mapping[str, object]) -> Object:
    made: Object = {"type": kind, "spec_version": "2.1", "id": name}
    for part in parts:
        made |= part
    return made


def _details(fields: Mapping[str, str | None], attributes: Mapping[str, str]) -> Object:
    recorded: Object = {key: text for key, text in fields.items() if text}
    more = {key: text for key, text in attributes.items() if text}
    return {
        "extension_type": "property-extension",
        **recorded,
        **({"attributes": more} if more else {}),
    }


def _type_of(entity: Entity) -> str:
    return _TYPES.get(entity.shape, THING_TYPE)


def _uuid(about: FileAbout, *parts: str) -> UUID:
    return uuid5(_NAMES, json.dumps((about.origin, *parts)))

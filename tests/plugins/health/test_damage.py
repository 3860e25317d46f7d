"""However a resource is damaged, reading goes on: each is kept or told, and no reason repeats its content."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from plugins.health.importing import import_files
from plugins.health.records import health_records
from tests.plugins.health.fhir import (
    Resource,
    a_care_plan,
    a_condition,
    a_consent,
    a_flag,
    a_panel_assessment,
    a_patient,
    a_questionnaire,
    an_appointment,
    an_encounter,
    an_observation,
    extract_in,
)

WHOLE = (
    *(a_patient(link=[{"other": {"reference": "Patient/2"}, "type": "replaced-by"}]), a_condition()),
    *(an_observation(), a_flag(), an_encounter(), an_appointment(), a_consent(), a_care_plan()),
    *(a_panel_assessment(), a_questionnaire()),
)
PLANTED = "PLANTED-WORD"
JUNK: tuple[Any, ...] = (
    *(None, True, -1, 1.5, "", PLANTED, "é" * 500, [], {}, [None], [[]], {PLANTED: 1}, {"a": PLANTED}),
    *("1700", "2026-13-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
    *("urn:uuid:1", "Patient/", "/", "#by", "Patient/1/_history/2", "\ud800", "\x00", 10**400),
    *({"resourceType": PLANTED}, {"resourceType": 5}, [{"resourceType": []}], [{"resourceType": "Boolean"}]),
    *(
        {"reference": ""},
        {"reference": "//"},
        [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "٩"}],
    ),
)


def places(part: object, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within a resource."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inner:
        yield (*before, key)
        yield from places(value, (*before, key))


def damaged(chance: Random) -> Resource:
    """A whole resource with junk in one place."""
    resource = copy.deepcopy(chance.choice(WHOLE))
    *way, last = chance.choice(list(places(resource)))
    part: Any = resource
    for step in way:
        part = part[step]
    part[last] = copy.deepcopy(chance.choice(JUNK))
    if chance.random() < 0.1:
        resource["contained"] = copy.deepcopy(chance.choice(JUNK))
    return resource


def test_no_damage_to_a_resource_stops_the_reading(tmp_path: Path) -> None:
    chance = Random(3)
    file = tmp_path / "damaged.ndjson"
    file.write_text("".join(json.dumps(damaged(chance)) + "\n" for _ in range(1_500)))
    home = tmp_path / "health"
    (read,) = import_files((file,), extract_in(home)).files

    assert read.error is None
    assert sum(kind.read for kind in read.kinds) == 1_500
    assert sum(kind.kept for kind in read.kinds) > 10
    texts = [place.reason for kind in read.kinds for place in (*kind.not_understood, *kind.notes)]
    assert len(texts) > 100
    assert not any(PLANTED in reason for reason in texts)
    held = health_records(extract_in(home))
    assert sum(len(held.about(patient)) for patient in held.lines_by_patient) > 0

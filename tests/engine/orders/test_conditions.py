"""Conditions: wording from slots, versions of the library, and what each version changes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.errors import InvalidInputError
from engine.domain.orders.conditions import (
    ConditionGiven,
    ConditionLibrary,
    Difference,
    Hours,
    StoredCondition,
    Zone,
)
from engine.orders.conditions import (
    changes_between,
    condition_libraries,
    condition_library,
    public_condition,
    recorded_condition,
)

SECRETS = ("Marlow", "ZZ99", "51.5", "300", "Mondays", "08:15", "Mia")


def recorded(**given: object) -> StoredCondition:
    condition = ConditionGiven.model_validate(given)
    zone = "V-7K3M9QV" if condition.zone else None
    return recorded_condition(condition, 1, condition_library(), persons=2, zone=zone)


@pytest.mark.parametrize(
    ("given", "wording"),
    [
        (
            {"code": "no-contact", "means": ["phone", "message"]},
            "must not contact any protected person, directly or indirectly, by phone and message",
        ),
        (
            {
                "code": "no-contact",
                "means": ["any means"],
                "persons": [2],
                "exceptions": ["through a solicitor"],
            },
            "must not contact protected person 2, directly or indirectly, by any means, "
            "except through a solicitor",
        ),
        (
            {"code": "stay-out", "zone": {"description": "Marlow Crescent"}},
            "must not enter or wait in the sealed area",
        ),
        (
            {"code": "attend", "attends": "a mental health assessment", "times": 6},
            "must attend a mental health assessment, 6 times",
        ),
        (
            {"code": "curfew", "hours": [{"days": ["Monday"], "begins": "19:00", "ends": "24:00"}]},
            "must stay at their home address on Mondays, 19:00 to 24:00",
        ),
    ],
)
def test_the_wording_is_rendered_from_the_slots(given: dict[str, Any], wording: str) -> None:
    assert recorded(**given).rendered == wording


def test_free_text_is_stored_as_it_is_and_marked_as_not_checked() -> None:
    condition = recorded(wording="must not discuss the hearing online")
    assert not condition.is_checked
    assert condition.rendered == "must not discuss the hearing online"
    assert (condition.must, condition.what, condition.library) == (None, None, None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "no-contact"}, r"its slot 'means' is empty.*s\.2\(1\)"),
        ({"code": "stay-out"}, "its slot 'zone' is empty"),
        ({"code": "no-contact", "means": ["phone"], "metres": 100}, "has no slot 'metres'"),
        ({"code": "never-heard-of"}, "is not in version 2 of the library"),
        ({"code": "no-contact", "means": ["phone"], "persons": [3]}, "names protected person 3"),
    ],
)
def test_a_condition_that_does_not_fit_is_refused_in_one_sentence(
    given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        recorded(**given)


@pytest.mark.parametrize(
    "description",
    [
        *("England and Wales", "the whole of the UK", "Scotland.", "uk", "the whole country"),
        *(
            "All of England and Wales",
            "anywhere in Great Britain",
            "The entire United Kingdom",
            "any part of Wales",
        ),
    ],
)
def test_a_zone_that_is_a_whole_country_is_refused_with_its_section(description: str) -> None:
    with pytest.raises(ValidationError, match=r"s\.2\(4\)"):
        Zone(description=description)


def test_a_zone_is_refused_when_it_is_wider_than_a_county() -> None:
    with pytest.raises(ValidationError, match="wider than 50 km"):
        Zone(description="The north", latitude=54, longitude=-2, radius_metres=50_001)
    Zone(description="The north", latitude=54, longitude=-2, radius_metres=50_000)


def test_hours_over_midnight_are_to_be_split() -> None:
    with pytest.raises(ValidationError, match="split them at midnight: 22:00 to 24:00, and 00:00 to 06:00"):
        Hours.model_validate({"days": ["Monday"], "begins": "22:00", "ends": "06:00"})
    Hours.model_validate({"days": ["Monday"], "begins": "22:00", "ends": "24:00"})


def test_a_zone_shows_itself_in_no_text_of_python() -> None:
    zone = Zone(description="Marlow Crescent", latitude=51.5, longitude=-0.1, radius_metres=300)
    condition = ConditionGiven.model_validate({"code": "stay-out", "zone": zone.model_dump()})
    for text in (repr(zone), repr(condition), str(condition)):
        assert "Marlow" not in text
        assert "51.5" not in text


def test_public_text_has_no_slot_and_no_free_text() -> None:
    hours = [{"days": ["Monday"], "begins": "08:15", "ends": "16:00"}]
    zone = {
        "description": "Marlow Crescent, ZZ99 3QX",
        "latitude": 51.5,
        "longitude": -0.1,
        "radius_metres": 300,
    }
    conditions = [
        recorded(code="stay-out", zone=zone, hours=hours),
        recorded(code="not-approach", metres=300),
        recorded(wording="must not go near Mia in Marlow Crescent"),
    ]
    said = " ".join(public_condition(each) for each in conditions)
    assert "Stay out of an area." in said
    assert not [secret for secret in SECRETS if secret in said]


def test_two_versions_of_the_library_differ_in_five_ways() -> None:
    def entry(
        code: str, text: str = "must not", slots: tuple[str, ...] = (), **more: object
    ) -> dict[str, object]:
        return {
            "code": code,
            "title": code,
            "must": "must not",
            "what": "contact",
            "text": text,
            "slots": slots,
        } | more

    def library(version: int, *entries: dict[str, object]) -> ConditionLibrary:
        made = {"version": version, "in_use_from": "2026-01-01", "conditions": entries}
        return ConditionLibrary.model_validate(made)

    old = library(1, *map(entry, ("same", "text", "options", "replaced", "deleted", "removed")))
    new = library(
        2,
        entry("same", replaces=("deleted",)),
        entry("text", "must never"),
        entry("options", slots=("means",)),
        entry("fresh", replaces=("replaced",)),
    )
    found = {each.code: (each.difference, each.instead) for each in changes_between(old, new)}
    assert found == {
        "text": (Difference.TEXT, ()),
        "options": (Difference.OPTIONS, ()),
        "replaced": (Difference.REPLACED, ("fresh",)),
        "deleted": (Difference.DELETED, ("same",)),
        "removed": (Difference.REMOVED, ()),
    }
    assert changes_between(new, new) == ()


def test_every_condition_of_the_library_renders_from_its_needed_slots() -> None:
    filled: dict[str, object] = {
        "means": ["phone"],
        "metres": 100,
        "zone": {"description": "A park"},
        "things": ["a weapon"],
        "attends": "a police station",
        "hours": [{"days": ["Friday"], "begins": "10:00", "ends": "11:00"}],
    }
    for library in condition_libraries():
        for entry in library.conditions:
            given = ConditionGiven.model_validate(
                {"code": entry.code, **{name: filled[name] for name in entry.needs}}
            )
            stored = recorded_condition(given, 1, library, persons=1, zone="V-7K3M9QV")
            assert stored.rendered.startswith(f"{entry.must.value} ")
            assert "{" not in stored.rendered
            assert set(entry.needs) <= set(entry.slots)


def test_a_wrong_version_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="versions 1 to 2"):
        condition_library(9)

"""A place of an incident against a sealed area. Pure; only two people get what it answers.

No sentence names a place or a distance.
"""

from __future__ import annotations

import json
import math

from engine.domain.orders.breaches import PlaceGiven
from engine.domain.orders.conditions import Zone
from engine.orders.breach_checks import Check, Match

_EARTH_METRES = 6_371_000
_INSIDE = Check(Match.YES, "Place: in the area, by the point that is recorded.", ("The point is wrong.",))
_OUTSIDE = Check(Match.NO, "Place: outside the area, by the point that is recorded.")
_NOT_PRECISE = Check(Match.UNKNOWN, "The point that is recorded is not precise enough.")
_BY_NAME = Check(Match.UNKNOWN, "The report names something at or near the area. A person must compare them.")
_NOT_RECORDED = Check(Match.NO_FACT, "No place is recorded that software can compare.")


def compare_area(zone: Zone, place: PlaceGiven | None, *, is_near_by_name: bool) -> Check:
    """Return whether a place is in a sealed area: by its point, or else perhaps by its name.

    ``is_near_by_name`` is whether the place or the report names something at or near the area.
    """
    if place is not None and place.latitude is not None and zone.latitude is not None:
        return _by_point(zone, place)
    return _BY_NAME if is_near_by_name else _NOT_RECORDED


def _by_point(zone: Zone, place: PlaceGiven) -> Check:
    apart = metres_apart(
        (zone.latitude or 0, zone.longitude or 0), (place.latitude or 0, place.longitude or 0)
    )
    off, radius = place.metres_off or 0, zone.radius_metres or 0
    if apart + off <= radius:
        return _INSIDE
    if apart - off > radius + (zone.tolerance_metres or 0):
        return _OUTSIDE
    return _NOT_PRECISE


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the metres between two points on the earth, each latitude and longitude."""
    north, other_north = math.radians(one[0]), math.radians(other[0])
    up = math.sin((other_north - north) / 2) ** 2
    across = math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(math.sqrt(up + math.cos(north) * math.cos(other_north) * across))


def read_zone(written: str) -> Zone:
    """Return a zone from its one text: a description, and perhaps a circle after it."""
    description, found, circle = written.rpartition("; {")
    try:
        drawn = json.loads("{" + circle) if found else {}
    except ValueError:  # a description with the same signs
        return Zone(description=written)
    return Zone.model_validate({"description": description if found else written, **drawn})


def read_place(written: str) -> PlaceGiven:
    """Return the place of an incident from its one text."""
    return PlaceGiven.model_validate_json(written)

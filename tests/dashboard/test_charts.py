"""What the pictures show: every kind in one family, no day that nobody told, nothing of the future."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from dashboard import charts
from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.views import IncidentView
from engine.domain.dates import PartialDate

UNTIL = date(2026, 3, 2)


def an_incident(happened: str | None, kind: IncidentKind = IncidentKind.THREAT) -> IncidentView:
    return IncidentView(
        reference="I-1",
        happened=PartialDate(happened) if happened else None,
        kind=kind,
        channel=Channel.PHONE,
        reports=(),
    )


def test_every_kind_of_incident_belongs_to_exactly_one_family() -> None:
    kinds = [kind for family in charts.FAMILIES.values() for kind in family]
    assert sorted(kinds) == sorted(IncidentKind)


def test_a_month_is_drawn_as_the_whole_month_and_never_as_a_day() -> None:
    first, last, *_, is_day = charts.drawn([an_incident("2026-01")], until=UNTIL)[0]
    assert (first, last, is_day) == ("2026-01-01", "2026-01-31", False)


def test_a_year_that_is_not_over_is_drawn_until_today() -> None:
    assert charts.drawn([an_incident("2026")], until=UNTIL)[0][1] == "2026-03-02"


def test_what_has_no_date_or_lies_too_far_back_is_not_drawn() -> None:
    incidents = [an_incident(None), an_incident("2023-12-31"), an_incident("2026-02-01")]
    assert len(charts.drawn(incidents, until=UNTIL)) == 1


def test_shape_says_the_same_as_colour() -> None:
    points = charts.drawn(
        [an_incident("2026-02-01"), an_incident("2026-02-03", IncidentKind.GIFT)], until=UNTIL
    )
    spec: Any = charts.timeline(points, (("2026-02-10", "Referred"),), until=UNTIL.isoformat(), dark=False)
    drawn = [layer["encoding"] for layer in spec["layer"] if "shape" in layer.get("encoding", {})]
    assert drawn[0]["shape"]["scale"]["domain"] == drawn[0]["color"]["scale"]["domain"]
    assert drawn[0]["shape"]["scale"]["range"] == ["circle", "diamond"]


def test_a_chart_asks_no_other_machine_for_anything() -> None:
    points = charts.drawn([an_incident("2026-02-01")], until=UNTIL)
    spec = charts.timeline(points, (), until=UNTIL.isoformat(), dark=True)
    assert "url" not in str({key: value for key, value in spec.items() if key != "$schema"})


def test_a_line_of_months_without_incidents_is_flat_and_drawn() -> None:
    assert charts.sparkline([0] * 8).startswith("data:image/svg+xml;base64,")


def test_words_in_a_chart_turn_no_direction() -> None:
    points = charts.drawn([an_incident("2026-02-20")], until=UNTIL)
    spec: Any = charts.timeline(
        points, (("2026-02-21", "Arrest by Ka\u202ete"),), until=str(UNTIL), dark=False
    )
    assert "Arrest by Ka\ufffdte" in str(spec)
    assert "\u202e" not in json.dumps(spec, ensure_ascii=False)

"""Paths of the record as a picture and as steps: longer ones, by kinds and dates, and evidence against."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.links.maps import PathAsked, PathOnMap
from engine.services.links.path_maps import draw_path, link_kinds, path_asked
from tests.builders import Desk, a_person, an_incident
from tests.engine.services.links.test_maps import PHONE, tied

HER = a_person("Vic", "Victim1", pnc="2003/0000456Q")


@pytest.fixture
def ends(desk: Desk) -> tuple[str, str]:
    """Two alleged perpetrators who share a phone, and whose incidents bear one crime reference."""
    crime = "cr/1"
    cases = desk.refer(
        tied("1", PHONE, incidents=(an_incident("2026-02-20", crime_reference=crime),)),
        tied("2", PHONE, incidents=(an_incident("2026-02-20", crime_reference=crime),)),
    ).referrals
    with desk.runtime.uow.unrecorded() as work:
        one, other = (work.people.on_cases([each])[0].reference for each in cases)
    return one, other


def found(desk: Desk, ends: tuple[str, str], **asked: Any) -> PathOnMap:
    return draw_path(
        desk.context(desk.coordinator),
        asked=PathAsked(start=ends[0], end=ends[1], **asked),
        snapshots=desk.runtime.link_snapshots,
    )


def kinds_on(path: PathOnMap) -> set[str]:
    return {edge.kind for edge in path.drawn.edges}


def test_a_path_is_limited_to_kinds_and_says_that_it_is(desk: Desk, ends: tuple[str, str]) -> None:
    assert kinds_on(found(desk, ends)) == {"uses", "involved in"}
    assert not found(desk, ends).has_limits
    for kind in ("uses", "involved in"):
        limited = found(desk, ends, kinds=(kind,))
        assert len(limited.paths) == limited.number == 1
        assert kinds_on(limited) == {kind}
        assert limited.has_limits
    assert found(desk, ends, kinds=("at",)).paths == ()
    with pytest.raises(InvalidInputError, match="kind"):
        found(desk, ends, kinds=("knows",))


def test_a_path_is_limited_to_dates_and_says_nothing_of_others(desk: Desk, ends: tuple[str, str]) -> None:
    (phone,) = {edge.date for edge in found(desk, ends, kinds=("uses",)).drawn.edges}
    assert phone is not None
    assert phone.earliest > date(2026, 2, 20)
    for limits, first in (
        ({"since": date(2026, 2, 21)}, "J-"),
        ({"until": date(2026, 2, 20)}, "I-"),
        ({"since": date(2026, 2, 20), "until": date(2026, 2, 20)}, "I-"),
    ):
        (stops,) = found(desk, ends, **limits).paths
        assert stops[1].startswith(first)
    assert found(desk, ends, until=date(2026, 2, 19)).paths == ()
    assert len(found(desk, ends, since=date(2026, 2, 20), until=phone.latest).paths) == 2


def test_longer_paths_follow_the_shortest_and_are_drawn_too(desk: Desk, ends: tuple[str, str]) -> None:
    shortest = found(desk, ends)
    longer = found(desk, ends, longer=1)
    assert longer.paths[: len(shortest.paths)] == shortest.paths
    assert {len(stops) for stops in longer.paths} == {3, 5}
    assert longer.number == shortest.number == 2
    drawn = {each.node.id for each in longer.drawn.nodes}
    assert {stop for stops in longer.paths for stop in stops} == drawn
    for number in range(len(longer.paths)):
        assert all(longer.steps(number))


def test_what_is_recorded_against_a_path_is_told_of_each_step(desk: Desk, ends: tuple[str, str]) -> None:
    path = found(desk, ends, kinds=("uses",))
    assert path.against(0)[0] == "Nothing is recorded against it."
    bare = [edge.model_copy(update={"date": None}) for edge in path.drawn.edges]
    vague = [bare[0], bare[1].model_copy(update={"grade": "3 E P"})]
    doubtful = path.model_copy(
        update={"drawn": path.drawn.model_copy(update={"edges": tuple(vague)}), "through_hubs": True}
    )
    reasons = doubtful.against(0)
    assert "very many people share" in reasons[0]
    assert "Step 1 has no date, so it may be of another time." in reasons
    assert [each for each in reasons if "not confirmed" in each]
    assert reasons[-1] == "A link does not show that people know each other."


def test_a_search_by_other_dates_begins_with_the_shortest_again() -> None:
    asked = PathAsked(start="P-1", end="P-2", longer=2, through_hubs=True)
    other = path_asked(asked, kinds=("uses",), since=None, until=date(2026, 2, 1))
    assert (other.longer, other.through_hubs, other.kinds) == (0, True, ("uses",))
    with pytest.raises(InvalidInputError, match="before the first"):
        path_asked(asked, kinds=(), since=date(2026, 2, 2), until=date(2026, 2, 1))


def test_the_kinds_are_those_of_the_record() -> None:
    assert {"uses", "involved in", "referred in"} <= set(link_kinds())

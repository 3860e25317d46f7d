"""Longer paths in a network of one's own: through widely shared items, and what is not searched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from engine.domain.links.maps import PathAsked, PathOnMap
from engine.links import longer_paths
from engine.links.hubs import HUB_CAP
from engine.links.neighbourhood import neighbourhood
from engine.services.links import network_maps
from engine.services.links.workspaces import import_network, networks_of, terms_of
from tests.builders import Desk

BY_HUB = ["A,B", "A,H", "H,C", "C,D", "D,E", "E,B", *(f"H,Z{n}" for n in range(HUB_CAP))]
CHAIN = [f"N{n},N{n + 1}" for n in range(17)]


def path(desk: Desk, place: Path, pairs: Sequence[str], asked: PathAsked) -> PathOnMap:
    ids = sorted({end for pair in pairs for end in pair.split(",")})
    kinds = [f"{each},{'phone' if each == 'H' else 'person'}" for each in ids]
    (place / "e.csv").write_text("\n".join(["id,type", *kinds]), encoding="utf-8")
    (place / "l.csv").write_text("\n".join(["from,to", *pairs]), encoding="utf-8")
    context = desk.context(desk.coordinator)
    until = desk.clock.today() + timedelta(days=9)
    terms = terms_of(name="N", controller="Police", purpose="Task", basis="Law", delete_on=until)
    done = import_network(context, entities=[place / "e.csv"], links=[place / "l.csv"], terms=terms)
    return network_maps.draw_network_path(context, network=done.network.reference, asked=asked)


@pytest.mark.parametrize("through_hubs", [True, False])
def test_longer_paths_cross_widely_shared_items_only_where_asked(
    desk: Desk, tmp_path: Path, through_hubs: bool
) -> None:
    asked = PathAsked(start="A", end="B", longer=2, through_hubs=through_hubs)
    found = path(desk, tmp_path, BY_HUB, asked)
    assert (("A", "H", "C", "D", "E", "B") in found.paths) is through_hubs
    assert not found.longer_cut


def test_beyond_the_longest_that_is_searched_it_is_said(desk: Desk, tmp_path: Path) -> None:
    found = path(desk, tmp_path, CHAIN, PathAsked(start="N0", end="N17", longer=1))
    assert len(found.paths) == 1
    assert found.longer_cut


def test_where_not_all_items_near_were_searched_it_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longer_paths, "neighbourhood", partial(neighbourhood, most=3))
    asked = PathAsked(start="A", end="B", longer=1, through_hubs=True)
    assert path(desk, tmp_path, BY_HUB, asked).longer_cut


def test_a_path_is_limited_to_dates_and_says_that_it_is(desk: Desk, tmp_path: Path) -> None:
    pairs = ["from,to,date", "A,B,2024-03", "A,C,2022", "C,B,"]
    found = path(desk, tmp_path, ["A,B"], PathAsked(start="A", end="B"))
    assert not found.has_limits
    (tmp_path / "l.csv").write_text("\n".join(pairs), encoding="utf-8")
    context = desk.context(desk.coordinator)
    until = desk.clock.today() + timedelta(days=9)
    terms = terms_of(name="N", controller="Police", purpose="Task", basis="Law", delete_on=until)
    network = import_network(context, entities=[], links=[tmp_path / "l.csv"], terms=terms).network.reference
    asked = PathAsked(start="A", end="B", until=date(2023, 12, 31))
    limited = network_maps.draw_network_path(context, network=network, asked=asked)
    assert limited.has_limits
    assert limited.paths == (("A", "C", "B"),)
    nothing = asked.model_copy(update={"since": date(2023, 1, 1)})
    assert network_maps.draw_network_path(context, network=network, asked=nothing).paths == ()


def test_a_shorter_path_through_a_widely_shared_item_is_named_and_so_many_are_listed(
    desk: Desk, tmp_path: Path
) -> None:
    ways = [pair for n in (1, 2, 3) for pair in (f"A,X{n}", f"X{n},Y", "Y,B")]
    hub = ["A,H", "H,B", *(f"H,Z{n}" for n in range(HUB_CAP))]
    found = path(desk, tmp_path, [*dict.fromkeys(ways), *hub], PathAsked(start="A", end="B"))
    assert (found.number, found.through_hubs, found.hops_through_hubs) == (3, False, 2)
    (network,) = networks_of(desk.context(desk.coordinator))
    asked = PathAsked(start="A", end="B")
    words = network_maps.path_in_words(
        desk.context(desk.coordinator), network=network.reference, asked=asked, most=2
    )
    assert (words["hops"], words["count"], words["hops_through_hubs"]) == (3, 3, 2)
    assert len(words["paths"]) == len(words["in_words"]) == 2

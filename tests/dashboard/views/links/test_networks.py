"""A network of one's own on the screen: found, drawn, measured; for everyone else it does not exist."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dashboard import made_files, record
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.errors import NotFoundError
from engine.domain.links.exported_maps import ExportedMap
from engine.services.links.workspaces import delete_network, import_network, networks_of, terms_of
from tests.builders import Desk
from tests.dashboard.views.links.test_address import codes
from tests.dashboard.views.links.test_explore import labels, sent
from tests.dashboard.visits import Visit, Visits

FILES = Path(__file__).parents[3] / "files" / "links"


@pytest.fixture
def network(desk: Desk) -> str:
    """The coordinator's network of the invented town."""
    done = import_network(
        desk.context(desk.coordinator),
        entities=[FILES / "stalking-entities.csv"],
        links=[FILES / "stalking-links.csv"],
        terms=terms_of(
            name="Town",
            controller="Harbour Police",
            purpose="Task 12",
            basis="Law",
            delete_on=desk.clock.today() + timedelta(9),
        ),
    )
    return done.network.reference


def find(visit: Visit, text: str) -> Visit:
    visit.app.text_input(key="network-search-text").input(text)
    visit.app.button(key="network-search-ask").click()
    return visit.run()


def pressed(visit: Visit, key: str) -> Visit:
    visit.app.button(key=key).click()
    return visit.run()


def test_it_is_listed_and_drawn_at_once_from_its_most_linked_entity(
    desk: Desk, visits: Visits, network: str
) -> None:
    listed = visits(desk.coordinator, Place.NETWORKS)
    assert "are deleted on the date you choose." in listed.words
    assert "Town 16 21 Harbour Police" in listed.words
    visit = visits(desk.coordinator, Place.NETWORKS, network)
    assert "Only you can open it" in visit.words
    assert {"Perpetua Toyson", "Invented Street", "07700 900001"} <= labels(visit)
    assert "safe house" not in visit.source
    assert "The record as of" not in visit.words


def test_an_entity_is_found_by_its_label_and_leads_to_its_links_and_to_a_path(
    desk: Desk, visits: Visits, network: str
) -> None:
    visit = find(visits(desk.coordinator, Place.NETWORKS, network), "ola toy")
    assert "Ola Toyson person, id P2" in visit.words
    begun = pressed(visit, "network-from-0")
    assert sent(begun)["middle"] == "P2"
    path = pressed(find(begun, "V2"), "network-to-0")
    assert "Evidence against it" in path.words
    assert "Ola Toyson to Zoë Ångström" in path.words
    assert "No entity has this id" in find(path, "nobody").words


def test_the_whole_network_is_measured_ranked_searched_and_asked(
    desk: Desk, visits: Visits, network: str
) -> None:
    visit = pressed(visits(desk.coordinator, Place.NETWORKS, network), "network-measure")
    assert "Largest values of betweenness" in visit.words
    assert "1 Perpetua Toyson P1" in visit.words
    assert "A community is not a gang" in visit.words
    visit = pressed(visit, "network-patterns-all")
    assert "Named as perpetrator in records of several victims" in visit.words
    assert "Serial perpetrator" not in visit.words
    visit = pressed(visit, "network-question-ask")
    assert "Problem." not in visit.words


def test_for_anybody_else_it_does_not_exist(
    desk: Desk, visits: Visits, network: str, workers: dict[str, Acting]
) -> None:
    visit = visits(desk.chair, Place.NETWORKS, network)
    nowhere = visits(desk.chair, Place.NETWORKS, "NW-7K3M9QV")
    assert "Toyson" not in visit.source
    assert visit.words.replace(network, "") == nowhere.words.replace("NW-7K3M9QV", "")
    assert "You have no networks" in visits(desk.chair, Place.NETWORKS).words


def test_a_map_that_began_at_another_entity_is_drawn_again_by_its_address(
    desk: Desk, visits: Visits, network: str
) -> None:
    visit = visits(desk.coordinator, Place.NETWORKS, network)
    assert codes(visit) == {"ref": network}
    begun = pressed(find(visit, "ola toy"), "network-from-0")
    address = codes(begun)
    assert address == {"ref": network, "at": address["at"]}
    assert address["at"].isdecimal(), "an id may be a name"
    assert sent(visits(desk.coordinator, Place.NETWORKS, codes=address))["middle"] == "P2"


@pytest.mark.parametrize("at", ["99999", "-1", "P2", "\u0663", "1e3", ""])
def test_an_address_with_a_number_that_no_entity_has_begins_as_usual(
    desk: Desk, visits: Visits, network: str, at: str
) -> None:
    usual = sent(visits(desk.coordinator, Place.NETWORKS, network))["middle"]
    visit = visits(desk.coordinator, Place.NETWORKS, codes={"ref": network, "at": at})
    assert sent(visit)["middle"] == usual
    assert codes(visit) == {"ref": network}


def test_deleting_asks_once_more(desk: Desk, visits: Visits, network: str) -> None:
    visit = pressed(visits(desk.coordinator, Place.NETWORKS, network), "network-delete")
    assert "This deletes the network and its maps for good" in visit.words
    assert len(networks_of(desk.context(desk.coordinator))) == 1


def test_one_that_was_deleted_elsewhere_leaves_the_screen_and_the_session(
    desk: Desk, visits: Visits, network: str
) -> None:
    visit = pressed(visits(desk.coordinator, Place.NETWORKS, network), "network-measure")
    assert "Perpetua Toyson" in visit.words
    held = "network-measured-" + network
    assert held in visit.app.session_state
    delete_network(desk.context(desk.coordinator), reference=network)
    visit.run()
    assert "Toyson" not in visit.source
    assert held not in visit.app.session_state
    assert f"-{network}" not in repr(visit.app.session_state)


def test_a_file_that_was_made_is_offered_for_five_minutes(desk: Desk) -> None:
    record.use(desk.runtime)
    made = ExportedMap(file_name="n.csv", media_type="text/csv", content=b"x")
    token, late = (made_files.offer(desk.coordinator.user, made) for _ in range(2))
    desk.clock.forward(timedelta(minutes=4))
    assert made_files.take(desk.coordinator.user, token) == made
    desk.clock.forward(timedelta(minutes=2))
    with pytest.raises(NotFoundError, match="create the file again"):
        made_files.take(desk.coordinator.user, late)

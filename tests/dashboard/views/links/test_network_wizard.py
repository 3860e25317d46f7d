"""The wizard of a network: words for types and roles get a meaning after a look at how the files are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.pages import Place
from engine.services.links.received_files import SentFile, receive_files
from engine.services.links.workspaces import networks_of
from tests.builders import Desk
from tests.dashboard.views.links.test_networks import pressed
from tests.dashboard.visits import Visit, Visits

PEOPLE = "id,type,name\na,sujeto,Una Fenwick\nb,SUJETO,Ben Holm\nc,suceso,\nd,suceso,\n"
CALLS = "from,to,role,date\na,c,agresor,03/04/2024\nb,c,afectado,never\na,d,agresor,\n"
TERMS = {"name": "N", "controller": "Harbour Police", "purpose": "Task", "basis": "Law"}


@pytest.fixture
def reference(desk: Desk, tmp_path: Path) -> str:
    """Files that wait, with words that none of ours are."""
    (tmp_path / "1").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "2").write_text(CALLS, encoding="utf-8")
    sent = [SentFile("people.csv", tmp_path / "1"), SentFile("calls.csv", tmp_path / "2")]
    return receive_files(desk.context(desk.coordinator), files=sent).reference


def chosen(visit: Visit, ref: str, column: str, meant: dict[int, str]) -> None:
    for number, ours in meant.items():
        visit.app.selectbox(key=f"network-word-{ref}-{column}-{number}").select(ours)


def test_words_are_asked_for_once_the_files_were_checked_and_are_remembered(
    desk: Desk, visits: Visits, reference: str, tmp_path: Path
) -> None:
    visit = visits(desk.coordinator, Place.NETWORKS)
    assert "Words for types" not in visit.words
    visit = pressed(visit, f"network-check-{reference}")
    assert "4 entities and 3 links would be imported, 1 fault." in visit.words
    assert "suceso (2 times)" in [each.label for each in visit.app.selectbox]
    assert "3 April 2024" in visit.words
    assert "afectado" in visit.words
    chosen(visit, reference, "types", {0: "incident", 1: "person"})
    chosen(visit, reference, "roles", {0: "perpetrator", 1: "victim"})
    visit = pressed(visit, f"network-check-{reference}")
    assert "a person person Una Fenwick" in visit.words, "both words of one meaning, whatever their case"
    for name, text in {**TERMS, "until": "31 January 2027"}.items():
        visit.app.text_input(key=f"network-{name}-{reference}").input(text)
    pressed(visit, f"network-import-{reference}")
    (network,) = networks_of(desk.context(desk.coordinator))
    assert network.columns.types == {"suceso": "incident", "sujeto": "person"}
    assert network.columns.roles == {"agresor": "perpetrator", "afectado": "victim"}
    sent = [SentFile("people.csv", tmp_path / "1"), SentFile("calls.csv", tmp_path / "2")]
    again = receive_files(desk.context(desk.coordinator), files=sent)
    assert again.remembered == network.columns
    visit = pressed(visits(desk.coordinator, Place.NETWORKS), f"network-check-{again.reference}")
    assert visit.app.selectbox(key=f"network-word-{again.reference}-types-0").value == "incident"
    assert "perpetrator" in visit.words


def test_words_may_stay_the_types_that_a_map_shows_while_patterns_read_them_as_ours(
    desk: Desk, visits: Visits, reference: str, tmp_path: Path
) -> None:
    visit = pressed(visits(desk.coordinator, Place.NETWORKS), f"network-check-{reference}")
    chosen(visit, reference, "types", {0: "incident", 1: "person"})
    visit.app.checkbox(key=f"network-keep-{reference}").check()
    visit = pressed(visit, f"network-check-{reference}")
    assert "c suceso incident" in visit.words
    for name, text in {**TERMS, "until": "31 January 2027"}.items():
        visit.app.text_input(key=f"network-{name}-{reference}").input(text)
    pressed(visit, f"network-import-{reference}")
    (network,) = networks_of(desk.context(desk.coordinator))
    assert network.columns.shapes == {"suceso": "incident", "sujeto": "person"}
    assert not network.columns.types
    sent = [SentFile("people.csv", tmp_path / "1"), SentFile("calls.csv", tmp_path / "2")]
    again = receive_files(desk.context(desk.coordinator), files=sent).reference
    visit = pressed(visits(desk.coordinator, Place.NETWORKS), f"network-check-{again}")
    assert visit.app.checkbox(key=f"network-keep-{again}").value
    assert visit.app.selectbox(key=f"network-word-{again}-types-0").value == "incident"


def test_files_that_another_tab_deleted_are_not_just_another_page(
    desk: Desk, visits: Visits, reference: str
) -> None:
    visit = visits(desk.coordinator, Place.NETWORKS)
    other = pressed(visits(desk.coordinator, Place.NETWORKS), f"network-drop-{reference}")
    assert "deleted or imported elsewhere" not in other.words
    assert "deleted or imported elsewhere" in pressed(visit, f"network-import-{reference}").words
    assert "deleted or imported elsewhere" not in visit.run().words, "said once"


def test_a_check_stores_nothing_and_says_what_is_wrong(desk: Desk, visits: Visits, reference: str) -> None:
    visit = visits(desk.coordinator, Place.NETWORKS)
    visit.app.selectbox(key=f"network-which-{reference}-1").select("not read")
    visit.app.selectbox(key=f"network-which-{reference}-2").select("entities")
    visit = pressed(visit, f"network-check-{reference}")
    assert "the column 'id' is missing" in visit.words
    assert networks_of(desk.context(desk.coordinator)) == ()
    assert not list(desk.runtime.settings.uploads.iterdir())

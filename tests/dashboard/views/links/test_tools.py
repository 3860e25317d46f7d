"""The tools of a map: each act is a step that can be undone, and the table keeps every link."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.links.arrangements import Arrangement, Grouping, Placed
from engine.domain.sharing import VisibilityToOthers
from tests.builders import Desk
from tests.dashboard.views.links.test_explore import chosen, labels, linked, sent
from tests.dashboard.visits import Visit, Visits
from tests.engine.services.links.test_hidden_records import a_case, ruled, worker

_ALL = "All links on the map, in record order: 7 links"


def take(visit: Visit, tool: str, value: Any) -> Visit:
    """The same with this chosen beside the map."""
    (box,) = (each for each in visit.app.selectbox if str(each.key).startswith(f"links-{tool}-"))
    box.set_value(value)
    return visit.run()


def places(visit: Visit) -> dict[str, tuple[float, float]]:
    return {each["id"]: (each["x"], each["y"]) for each in sent(visit)["nodes"]}


@pytest.fixture
def visit(desk: Desk, workers: dict[str, Acting], visits: Visits) -> Visit:
    """The map of a case."""
    return visits(desk.coordinator, Place.LINKS, linked(desk))


def test_each_layout_is_a_step_that_is_undone_and_redone(visit: Visit) -> None:
    before = places(visit)
    take(visit, "layout", Arrangement.TIME)
    by_time = places(visit)
    assert by_time.keys() == before.keys()
    assert by_time != before
    assert "From left to right: an item's own date" in visit.words
    assert places(visit.press("links-undo")) == before
    assert places(visit.press("links-redo")) == by_time


def test_a_group_is_one_node_with_its_number_and_the_table_keeps_its_links(visit: Visit) -> None:
    before = labels(visit)
    take(visit, "group", Grouping.KIND)
    assert any(each.startswith("2 people") for each in labels(visit))
    assert not {"Daniel Roe", "Amira Kent"} & labels(visit)
    assert _ALL in visit.words
    chosen(visit, "2 people")
    assert "Links of 2 people: 7 links" in visit.words
    visit.press("links-item-expand")
    assert {"Daniel Roe", "Amira Kent"} <= labels(visit)
    chosen(visit, "Daniel Roe").press("links-item-fold")
    assert "Daniel Roe" not in labels(visit)
    assert labels(visit.press("links-undo").press("links-undo").press("links-undo")) == before


def test_parallel_links_are_one_line_until_each_is_asked_for(visit: Visit) -> None:
    take(visit, "group", Grouping.KIND)
    bundles = [each for each in sent(visit)["edges"] if "bundle" in each]
    assert {each["label"] for each in bundles} >= {"2 links", "4 links"}
    chosen(visit, "2 people").press("links-item-apart")
    assert len(sent(visit)["edges"]) == 7
    assert _ALL.rpartition(" ")[0].rpartition(":")[0] not in visit.words  # the group is still chosen


def test_a_pinned_item_stays_in_every_layout(visit: Visit) -> None:
    chosen(visit, "phone").press("links-item-pin")
    (phone,) = [each for each in sent(visit)["nodes"] if each.get("pinned")]
    take(visit, "layout", Arrangement.CIRCLE)
    assert places(visit)[phone["id"]] == (phone["x"], phone["y"])
    visit.press("links-item-pin")
    assert places(visit)[phone["id"]] != (phone["x"], phone["y"])
    assert not any(each.get("pinned") for each in sent(visit)["nodes"])


def test_a_case_is_offered_at_an_item_that_has_it(visit: Visit) -> None:
    (case,) = {case for node in sent(visit)["nodes"] for case in node.get("cases", ())}
    assert f"Open case {case}" in {each.label for each in chosen(visit, "Daniel").app.button}
    assert f"Open case {case}" not in {each.label for each in chosen(visit, "phone").app.button}


def test_a_caption_and_a_note_are_shown_and_undone(visit: Visit) -> None:
    chosen(visit, "phone").open("links-notes")
    visit.type("map-notes-caption", "As told on Monday").type("map-notes-note", "Ask about it")
    visit.finish("map-notes-save")
    assert "Caption: As told on Monday" in visit.words
    assert "phone 07700 900123: Ask about it" in visit.words
    assert any(label.endswith("\u270e") for label in labels(visit))
    visit.press("links-undo")
    assert "Ask about it" not in visit.words


def test_path_and_patterns_are_asked_from_the_map(visit: Visit) -> None:
    chosen(visit, "phone").press("links-item-path")
    assert "Evidence against it" in visit.words
    visit.press("links-path-back").press("links-item-patterns")
    assert "Links of phone 07700 900123: 1 link" in visit.words


@pytest.mark.parametrize(
    ("act", "part", "sentence"),
    [
        ("expand", "opened", "expand at most 60 items"),
        ("apart", "unbundled", "show each link of at most 200"),
    ],
)
def test_more_than_a_map_has_is_refused_in_a_sentence_without_references(
    visit: Visit, act: str, part: str, sentence: str
) -> None:
    chosen(visit, "phone")
    steps = visit.app.session_state["links-steps"]
    many = tuple(f"R-{n:07}" for n in range(60 if part == "opened" else 200))
    visit.app.session_state["links-steps"] = steps.by(lambda at: at.changed(**{part: many}))
    visit.press(f"links-item-{act}")
    assert sentence in visit.words
    assert "R-0000001" not in visit.words
    assert visit.app.session_state["links-steps"].now.model_dump()[part] == many


def test_a_layout_of_more_places_than_a_map_has_is_refused_in_a_sentence(visit: Visit) -> None:
    steps = visit.app.session_state["links-steps"]
    many = [Placed(node=f"R-{n:07}", x=1, y=1) for n in range(2_000)]
    visit.app.session_state["links-steps"] = steps.by(lambda at: at.placing(*many))
    visit.press("links-anew")
    assert "placed: Tuple should have at most 2000 items" in visit.words
    assert "R-0000001" not in visit.words


def test_a_record_that_exists_is_asked_about_and_the_agency_replies(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = a_case(desk)
    ruled(desk, case, VisibilityToOthers.STUB)
    visit = visits(desk.chair, Place.LINKS, case).press(f"record-ask-{case}-harbour")
    visit.press(f"record-ask-{case}-harbour-save")
    assert "Purpose: choose one." in visit.words
    visit.app.radio(key=f"record-ask-{case}-harbour-purpose").set_value("Review of plans")
    visit.press(f"record-ask-{case}-harbour-save").press(f"record-ask-{case}-harbour-record")
    assert "The reply will be on your worklist." in visit.words
    ask = f"record-ask-{case}-harbour"
    for there in (visit, visits(desk.chair, Place.LINKS, case)):
        assert re.search(r"You asked on [^.]+\. Awaiting a reply\.", there.words)
        assert re.search(r"AR-\w+, Harbour Office, ", there.words), "by its name, as on the map"
        assert not there.offers(ask)
    assert visits(worker("lantern"), Place.LINKS, case).offers(ask), "the request is not theirs"
    theirs = visits(worker("harbour"), Place.LINKS, case)
    assert "Purpose: review of plans." in theirs.words
    (key,) = (str(each.key) for each in theirs.app.button if "record-will-contact" in str(each.key))
    theirs.press(key)
    assert "Requests about your record" not in theirs.words
    replied = visits(desk.chair, Place.LINKS, case)
    assert "The agency will contact you." in replied.words
    assert replied.offers(ask)
    assert "The agency will contact you." in visits(desk.chair, Place.WORKLIST).words

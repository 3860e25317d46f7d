"""The links of a case and the analysts' page: who sees what, the same in picture and table, step by step."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from dashboard.pages import Place
from dashboard.views.links import measures
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.errors import InvalidInputError
from engine.domain.links.map_measures import Colouring, ItemMeasure
from engine.domain.links.maps import MapAsked, PathAsked
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.links import longer_paths
from engine.services.links.export import ask_export, made_export
from engine.services.links.maps import draw_map, saved_maps
from engine.services.people.matching import compare_new
from engine.services.referrals.incidents import record_incident
from tests.builders import SAFE_HOUSE, SAFE_PHONE, Desk, a_person, an_incident
from tests.dashboard.visits import Visit, Visits, referred, screened

PHONE = Thing(kind=ThingKind.PHONE, value="07700 900123")


def linked(desk: Desk, number: str = "1", **changes: Any) -> str:
    """A case whose alleged perpetrator has a telephone, and a number that is the victim's own."""
    protected = (
        ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),
        ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),
    )
    things = (PHONE, Thing(kind=ThingKind.PHONE, value=SAFE_PHONE))
    return screened(desk, number, perpetrator_things=things, protected=protected, **changes)


def sent(visit: Visit) -> dict[str, Any]:
    """What the browser is given for the picture."""
    there: list[Any] = [each.proto for each in visit.app.get("bidi_component")]
    (proto,) = [each for each in there if not each.component_name.endswith(".draft_text")]
    answer: dict[str, Any] = json.loads(proto.json or proto.mixed.json)
    return answer


def chosen(visit: Visit, label: str) -> Visit:
    """The same with this node chosen in the picture."""
    (node,) = [each["id"] for each in sent(visit)["nodes"] if each["label"].startswith(label)]
    visit.app.session_state["links-chosen"] = node
    return visit.run()


def labels(visit: Visit) -> set[str]:
    return {each["label"] for each in sent(visit)["nodes"]}


def test_the_case_page_draws_its_links_and_tells_the_same_in_a_table(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.chair, Place.CASE, linked(desk))
    assert {"Daniel Roe", "Amira Kent", "phone 07700 900123"} <= labels(visit)
    assert f"Links as a table ({len(sent(visit)['edges'])})" in {each.label for each in visit.app.expander}
    for edge in sent(visit)["edges"]:
        assert edge["label"] in visit.words


def test_what_would_find_the_victim_is_in_nothing_that_the_browser_is_given(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = linked(desk)
    for who in (desk.chair, desk.coordinator, *workers.values()):
        for place in (Place.CASE, Place.LINKS):
            visit = visits(who, place, reference)
            text = json.dumps(sent(visit)) + visit.source
            assert "900417" not in text
            assert "Larkfield" not in text
            assert "ZZ99" not in text


def test_the_rooms_screen_shows_initials_and_no_number(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.chair, Place.CASE, linked(desk))
    visit.app.toggle(key="room_view").set_value(True)
    visit.run()
    assert {"D.R.", "A.K.", "phone"} <= labels(visit)
    assert "900123" not in json.dumps(sent(visit)) + visit.words


def test_the_case_page_opens_hides_and_takes_back(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = visits(desk.chair, Place.CASE, reference)
    (node,) = [each["id"] for each in sent(visit)["nodes"] if each["label"] == "Rex Yarn"]
    visit.app.session_state["case-links-chosen"] = node
    before = len(sent(visit.run())["nodes"])
    assert len(sent(visit.press("case-links-expand"))["nodes"]) > before
    assert "Rex Yarn" not in labels(visit.press("case-links-hide"))
    visit.press("case-links-undo").press("case-links-undo")
    assert "Rex Yarn" in labels(visit)
    assert len(sent(visit)["nodes"]) == before


def test_the_page_begins_at_a_reference_and_says_when_there_is_none(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.LINKS)
    assert "No map yet." in visit.words
    visit.app.text_input(key="search-text-links").input("R-2222222")
    visit.press("search-ask-links")
    assert "Problem." in visit.words
    assert not visit.app.get("bidi_component")


def test_a_mistyped_beginning_can_be_mended(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = linked(desk)
    visit = visits(desk.coordinator, Place.LINKS)
    for typed in ("D-7K3M9Q", reference.lower()):
        visit.app.text_input(key="search-text-links").input(typed)
        visit.press("search-ask-links")
    assert "Daniel Roe" in labels(visit)
    assert "Problem." not in visit.words


def test_an_analyst_reads_references_where_names_would_stand(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = linked(desk)
    visit = visits(desk.add("ana", Role.ANALYST), Place.LINKS, reference)
    text = json.dumps(sent(visit)) + visit.words
    assert "You see reference numbers instead of names" in visit.words
    assert not [term for term in ("Daniel", "Amira", "900123") if term in text]


def test_a_case_that_is_not_open_reads_as_if_it_were_not_there(desk: Desk, visits: Visits) -> None:
    reference = referred(desk)
    outsider = desk.add("pat", Role.PRACTITIONER, "harbour")
    visit = visits(outsider, Place.LINKS, reference)
    assert not visit.app.get("bidi_component")
    assert "Amira" not in visit.words


def test_hiding_undo_and_redo_change_picture_and_table_alike(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = chosen(visits(desk.coordinator, Place.LINKS, linked(desk)), "phone")
    assert "Links of phone 07700 900123: 1 link" in visit.words
    visit.press("links-item-hide")
    assert "phone 07700 900123" not in labels(visit)
    assert "1 item hidden by you." in visit.words
    visit.press("links-undo")
    assert "phone 07700 900123" in labels(visit)
    visit.press("links-redo")
    assert "phone 07700 900123" not in labels(visit)


def test_expanding_brings_who_else_used_it(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    other = a_person("Rex", "Yarn")
    reference = linked(desk)
    linked(desk, "2", perpetrator=other, victim=a_person("Nadia", "Ode"))
    visit = chosen(visits(desk.coordinator, Place.LINKS, reference), "phone")
    assert "Rex Yarn" not in labels(visit)
    visit.press("links-item-expand")
    assert "Rex Yarn" in labels(visit)
    assert "Rex Yarn" in visit.words


def test_a_kind_that_is_not_shown_is_counted(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    kinds = next(each for each in visit.app.multiselect if str(each.key).startswith("links-kinds"))
    kinds.set_value([kind for kind in kinds.value if kind.value != "phone"])
    visit.run()
    assert "phone 07700 900123" not in labels(visit)
    assert "1 item left out by kind." in visit.words


def test_a_pattern_is_told_with_its_way_and_what_stands_against_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    visit.app.selectbox(key="links-pattern").select_index(0)
    visit.run()
    assert "Evidence against it" in visit.words
    assert "Roles are what the sources claimed" in visit.words
    assert len(sent(visit)["path"]) > 1


def test_two_who_may_be_one_person_are_joined_by_a_dashed_line_and_in_words(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    him = a_person("Daniel", "Roe")
    first, _ = (
        screened(desk, number, perpetrator=him, victim=a_person("Vic", name), perpetrator_things=(PHONE,))
        for number, name in (("1", "Kent"), ("2", "Lowe"))
    )
    compare_new(desk.context(flow_acting("compare", "runner")))
    visit = visits(desk.coordinator, Place.LINKS, first)
    visit.app.selectbox(key="links-hops-0-0").select(4)
    visit.run()
    dashed = [each for each in sent(visit)["edges"] if each["label"] == "may be the same person"]
    assert [(each["inferred"], each["mutual"], each["alike"]) for each in dashed] == [(True, True, True)]
    for sentence in (
        "may be one person: very strong evidence in their records",
        "Dashed line between 2 people: may be the same person",
        " remain if people who may be the same are counted as one. Nothing is merged.",
    ):
        assert sentence in visit.words


def typed(visit: Visit, text: str) -> Visit:
    """The same after this was typed into the box and submitted."""
    visit.app.text_input(key="search-text-links").input(text)
    return visit.press("search-ask-links")


def button(visit: Visit, begin: str) -> str:
    """The key of the only button whose key begins so."""
    (key,) = [str(each.key) for each in visit.app.button if str(each.key).startswith(begin)]
    return key


def test_a_name_begins_a_map_in_two_presses_and_another_name_ends_a_path(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS), "Daniel Roe")
    assert "Sent to the coordinator" in visit.words
    visit.press(button(visit, "links-from-"))
    assert "Daniel Roe" in labels(visit)
    typed(visit, "Rex Yarn")
    visit.press(button(visit, "links-to-"))
    words = visit.words
    assert "Daniel Roe uses phone 07700 900123" in words
    assert "Rex Yarn uses phone 07700 900123" in words
    assert "Evidence against it" in words
    assert "Amira Kent" not in labels(visit)
    assert {*visit.app.query_params} == {"ref", "end"}
    visit.press("links-path-back")
    assert "Amira Kent" in labels(visit)


def test_a_path_between_two_names_is_drawn_at_once_where_each_is_one_person(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS), "path from Daniel Roe to Rex Yarn")
    assert "Daniel Roe to Rex Yarn: 2 links" in visit.words
    visit.press("links-path-back")
    assert "No map yet." in visit.words


def test_who_is_meant_by_a_name_of_two_is_chosen_and_then_the_path_is_drawn(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    for number, victim in (("2", "Ode"), ("3", "Poe")):
        linked(desk, number, perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", victim))
    visit = typed(visits(desk.coordinator, Place.LINKS), "path from Daniel Roe to Rex Yarn")
    keys = [str(each.key) for each in visit.app.button if str(each.key).startswith("links-end-1-")]
    assert len(keys) == 2
    visit.press(keys[1])
    assert "Daniel Roe to Rex Yarn: 2 links" in visit.words


def test_two_that_nothing_links_have_no_path_and_that_is_said_with_care(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first = screened(desk)
    other = screened(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS, first), f"path to {other}")
    assert "There may still be a connection." in visit.words
    assert not visit.app.get("bidi_component")


def test_an_analyst_searches_by_name_and_reads_references(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    visit = typed(visits(desk.add("ana", Role.ANALYST), Place.LINKS), "Daniel Roe")
    visit.press(button(visit, "links-from-"))
    text = json.dumps(sent(visit)) + visit.words
    assert not [term for term in ("Daniel", "Amira", "900123") if term in text]


def test_a_map_is_saved_under_a_name_and_opened_again(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk)).open("links-save")
    visit.type("save-map-name", "The telephone").finish("save-map-save")
    (saved,) = saved_maps(desk.runtime.context(desk.coordinator))
    fresh = visits(desk.coordinator, Place.LINKS)
    fresh.app.selectbox(key="links-saved").select(saved.reference)
    fresh.run().press("links-open-saved")
    assert "Daniel Roe" in labels(fresh)


@pytest.mark.parametrize(("why", "made"), [("", False), ("For the panel in May.", True)])
def test_an_export_needs_a_reason(
    desk: Desk, workers: dict[str, Acting], visits: Visits, why: str, made: bool
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk)).open("links-export")
    visit.type("export-map-why", why).finish("export-map-save")
    assert ("Download file W-" in visit.words) is made
    with desk.runtime.uow.unrecorded() as work:
        assert bool(work.links.maps.taken_out()) is made


def test_the_dialog_of_an_export_counts_what_is_in_the_file(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = linked(desk, incidents=tuple(an_incident(f"2026-02-{day:02}") for day in range(1, 8)))
    visit = visits(desk.coordinator, Place.LINKS, case).open("links-export")
    asked = MapAsked(start=case)
    common: dict[str, Any] = {
        "context": desk.context(desk.coordinator),
        "snapshots": desk.runtime.link_snapshots,
    }
    taken = ask_export(**common, asked=asked, form="nodelink", why="A chart.")
    held = json.loads(made_export(**common, reference=taken.ref).content)
    items, links = len(held["nodes"]), len(held["edges"])
    assert len(sent(visit)["nodes"]) < items
    assert (
        f"The file contains {items} items and {links} links, with grouped incidents listed one by one."
        in visit.words
    )


def test_a_file_of_other_links_than_were_counted_is_not_made(desk: Desk, workers: dict[str, Acting]) -> None:
    case = linked(desk)
    common: dict[str, Any] = {
        "context": desk.context(desk.coordinator),
        "snapshots": desk.runtime.link_snapshots,
    }
    taken = ask_export(**common, asked=MapAsked(start=case), form="nodelink", why="A chart.")
    context = desk.context(desk.coordinator)
    record_incident(context, reference=case, incident=an_incident("2026-03-01"))
    with pytest.raises(InvalidInputError, match="export the map again"):
        made_export(**common, reference=taken.ref)


def test_a_chosen_pattern_says_in_how_many_of_all_cases_it_occurs_and_how_it_is_marked(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    linked(desk, "3", victim=a_person("Una", "Pine"), incidents=(an_incident(),))
    visit = visits(desk.coordinator, Place.LINKS, case)
    keys = [each.partition(" (")[0] for each in visit.app.selectbox(key="links-pattern").options]
    visit.app.selectbox(key="links-pattern").select_index(keys.index("Named as victim in several incidents"))
    visit.run()
    sentence = "Found in 2 of 3 cases. It occurs in most cases, so it shows little about one case."
    assert sentence in visit.words
    assert "No finding is marked as useful or not useful." in visit.words
    visit.app.selectbox(key="links-whole-key").select_index(1)
    visit.press("links-whole-look")
    assert visit.words.count(sentence) == 2


def test_a_practitioner_is_offered_no_export(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    visit = visits(workers["harbour"], Place.LINKS, linked(desk))
    assert labels(visit)
    assert not visit.offers("links-export")


def test_patterns_of_the_whole_record_are_looked_for_one_at_a_time(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first = linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = visits(desk.add("ana", Role.ANALYST), Place.LINKS)
    visit.app.selectbox(key="links-whole-key").select_index(7)
    visit.press("links-whole-look")
    assert "Shared object: 1 found" in visit.words
    assert ") used J-" in visit.words
    assert "Link index last updated" in visit.words
    assert "Rex" not in visit.words
    assert first not in visit.words


def test_other_thresholds_and_chance_are_tried_from_what_was_found(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = visits(desk.add("ana", Role.ANALYST), Place.LINKS)
    visit.app.selectbox(key="links-whole-key").select_index(7)
    visit.press("links-whole-look").press("links-whole-chance-shared-object")
    assert "In 100 random reshuffles of these links, 100 had as many" in visit.words
    assert not visit.offers("links-whole-chance-shared-object")
    visit.app.number_input(key="links-threshold-shared-object-shared_users").set_value(3)
    visit.press("links-whole-try-shared-object")
    assert "Shared object: 0 found" in visit.words
    assert "With other thresholds than today's, which give 1." in visit.words
    assert "Gone" in visit.words
    visit.press("links-whole-look")
    assert "Shared object: 1 found" in visit.words
    assert "other thresholds than" not in visit.words


def test_a_finding_is_marked_from_a_closed_list_and_the_share_is_beside_the_pattern(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = visits(desk.add("ana", Role.ANALYST), Place.LINKS)
    visit.app.selectbox(key="links-whole-key").select_index(7)
    visit.press("links-whole-look")
    assert "No finding is marked as useful or not useful." in visit.words
    visit.press("links-mark-save-shared-object")
    assert "choose a reason" in visit.words
    visit.app.selectbox(key="links-mark-reason-shared-object").set_value("new-enquiry")
    visit.press("links-mark-save-shared-object")
    assert "Marked useful in 1 of 1 finding that was marked." in visit.words
    assert "You: useful, led to a new line of enquiry" in visit.words
    other = visits(desk.coordinator, Place.LINKS)
    other.app.selectbox(key="links-whole-key").select_index(7)
    other.press("links-whole-look")
    assert "Another person: useful, led to a new line of enquiry" in other.words
    assert "ana" not in other.words.split()
    other.app.number_input(key="links-threshold-shared-object-shared_users").set_value(2)
    other.press("links-whole-try-shared-object")
    assert not other.offers("links-mark-save-shared-object")


def test_probabilities_stand_on_the_analysts_page_and_are_offered_to_no_panel_member(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    days = ("2025-10-20", "2025-12-15", "2026-01-20", "2026-02-05", "2026-02-14", "2026-02-20", "2026-02-24")
    linked(desk, incidents=tuple(an_incident(day) for day in days))
    visit = visits(desk.add("ana", Role.ANALYST), Place.LINKS).press("links-whole-trends-look")
    assert "1 pair with enough incidents to be judged" in visit.words
    assert "p by order" in visit.words
    for who in (desk.chair, workers["harbour"]):
        assert not visits(who, Place.LINKS).offers("links-whole-trends-look")


def test_size_and_colour_are_steps_that_read_nothing_again_and_no_victim_has_a_size(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    assert "Items and links" in visit.words
    assert "Important on a map is not dangerous." in visit.words
    with desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    visit.app.selectbox(key="links-size-0-0").set_value(ItemMeasure.DEGREE)
    visit.run()
    sizes = {each["label"]: each.get("size") for each in sent(visit)["nodes"]}
    assert sizes["Daniel Roe"] == max(size for size in sizes.values() if size)
    assert sizes["Amira Kent"] is None
    visit.app.selectbox(key="links-colour-1-0").set_value(Colouring.COMMUNITY)
    visit.run()
    assert all(each["label"].endswith(")") and each["colour"] for each in sent(visit)["nodes"])
    with desk.runtime.uow.unrecorded() as work:
        assert len(list(work.audit.entries())) == before
    visit.press("links-undo").press("links-undo")
    assert not [each for each in sent(visit)["nodes"] if "size" in each or "colour" in each]


def test_a_path_is_searched_again_by_kinds_and_dates_and_for_longer_ones(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first = linked(desk)
    second = linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS, first), f"path to {second}")
    assert "4 links" in visit.words
    visit.press("links-path-longer")
    assert "longer path" in visit.words
    visit.app.multiselect(key=f"links-path-kinds-{first}-{second}").set_value(["at"])
    visit.press("links-path-again")
    assert "No path" in visit.words
    assert "with these kinds and dates" in visit.words
    visit.app.text_input(key=f"links-path-since-{first}-{second}").input("2 May 2026")
    visit.app.text_input(key=f"links-path-until-{first}-{second}").input("1 May 2026")
    visit.press("links-path-again")
    assert "give one that is not before the first date" in visit.words


def test_a_new_path_begins_with_its_own_limits_in_the_form(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first = linked(desk)
    second = linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS, first), f"path to {second}")
    visit.app.multiselect(key=f"links-path-kinds-{first}-{second}").set_value(["at"])
    visit.app.text_input(key=f"links-path-since-{first}-{second}").input("2/5/2026")
    visit.press("links-path-again")
    typed(visit, f"path from {second} to {first}")
    assert visit.app.multiselect(key=f"links-path-kinds-{second}-{first}").value == []
    assert visit.app.text_input(key=f"links-path-since-{second}-{first}").value == ""
    visit.app.session_state["links-path"] = PathAsked(start=second, end=second, since=date(2026, 5, 2))
    assert visit.run().app.text_input(key=f"links-path-since-{second}-{second}").value == "2 May 2026"


def test_a_map_whose_people_may_not_all_be_measured_any_more_is_measured_again(desk: Desk) -> None:
    asked = MapAsked(start=linked(desk), hops=2)
    before = draw_map(desk.context(desk.coordinator), asked=asked, snapshots=desk.runtime.link_snapshots)
    after = before.model_copy(update={"measured": before.measured[1:]})
    assert len(measures.of(after).items) == len(measures.of(before).items) - 1


def test_the_period_limits_picture_and_table_and_can_be_undone(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    days = ("2026-01-04", "2026-02-05", "2026-02-06")
    case = linked(desk, incidents=tuple(an_incident(day) for day in days))
    visit = visits(desk.coordinator, Place.LINKS, case)
    assert "Period on the map: Jan 2026 to" in visit.words
    before = len(sent(visit)["edges"])
    visit.app.select_slider(key="links-time-0-0").set_value(("2026-01", "2026-01"))
    visit.run()
    assert "Period on the map: Jan 2026 to Jan 2026" in visit.words
    assert len(sent(visit)["edges"]) < before
    assert not [label for label in labels(visit) if "February" in label]
    visit.press("links-all-dates")
    assert len(sent(visit)["edges"]) == before
    visit.press("links-undo").press("links-undo")
    assert len(sent(visit)["edges"]) == before


def test_the_patterns_of_a_result_are_shown_with_the_first_in_full(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    linked(desk)
    visit = typed(visits(desk.coordinator, Place.LINKS), "Daniel Roe")
    visit.press(button(visit, "links-patterns-of-"))
    assert "Evidence against it" in visit.words
    assert len(sent(visit)["path"]) > 1


def test_an_item_is_found_by_name_and_the_table_follows(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    box = visit.app.selectbox(key="links-find-None")
    assert "phone 07700 900123" in box.options
    box.select_index(box.options.index("phone 07700 900123"))
    visit.run()
    assert sent(visit)["selected"] is not None
    assert "Links of phone 07700 900123: 1 link" in visit.words


def test_a_path_is_told_as_text_that_can_be_copied(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    first = linked(desk)
    second = linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS, first), f"path to {second}")
    assert "2. Daniel Roe uses phone 07700 900123 (borough-desk, " in visit.words
    assert "not graded)" in visit.words


def test_the_measures_of_a_large_map_are_worked_out_when_they_are_asked_for(
    desk: Desk, workers: dict[str, Acting], visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_AT_ONCE_TO", 1)
    visit = visits(desk.coordinator, Place.LINKS, linked(desk))
    assert "Not worked out: the map is large." in visit.words
    assert "The whole map" in visit.press("links-measures").words


def test_a_search_for_longer_paths_that_stopped_early_does_not_say_that_there_is_none(
    desk: Desk, workers: dict[str, Acting], visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longer_paths, "_MOST_TRIED", 1)
    first = linked(desk)
    second = linked(desk, "2", perpetrator=a_person("Rex", "Yarn"), victim=a_person("Nadia", "Ode"))
    visit = typed(visits(desk.coordinator, Place.LINKS, first), f"path to {second}")
    visit.press("links-path-longer")
    assert "The search for longer paths stopped early" in visit.words
    assert "No longer path was found" not in visit.words

"""Maps of links: remembered by place, cut to the viewer, saved for oneself, taken out with a reason."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.domain.accounts.acting import Acting, Role
from engine.domain.dates import PartialDate
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.links.map_measures import Colouring, ItemMeasure
from engine.domain.links.maps import LinkMap, MapAsked
from engine.domain.links.views import NodeKind
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue, Referral
from engine.services.access import restrictions
from engine.services.links import maps as link_maps
from engine.services.links.export import ask_export, formats, made_export
from engine.services.people import same_person
from engine.services.referrals import screening
from tests.builders import SAFE_HOUSE, SAFE_PHONE, Desk, a_person, a_referral, a_screening, an_incident

PHONE = "07700 900123"
PROTECTED = (
    ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),
    ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),
)


def tied(number: str, *phones: str, **changes: Any) -> Referral:
    """A referral of two people of its own whose alleged perpetrator has these phones."""
    return a_referral(
        number,
        **{
            "perpetrator": a_person("Dan", f"Perp{number}"),
            "victim": a_person("Vic", f"Victim{number}"),
            "perpetrator_things": tuple(Thing(kind=ThingKind.PHONE, value=phone) for phone in phones),
            "protected": (),
            **changes,
        },
    )


def screened(desk: Desk, *references: str, people: tuple[str, ...] = ()) -> None:
    for reference in references:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()),
            reference=reference,
            screening=a_screening(people=people) if people else a_screening(),
        )


def drawn(desk: Desk, asked: MapAsked | str, acting: Acting | None = None) -> LinkMap:
    if isinstance(asked, str):
        asked = MapAsked(start=asked, hops=3)
    return link_maps.draw_map(
        desk.context(acting or desk.coordinator), asked=asked, snapshots=desk.runtime.link_snapshots
    )


def places(made: LinkMap) -> dict[str, tuple[float, float]]:
    return {each.node.id: (each.x, each.y) for each in made.nodes}


def exported(desk: Desk, asked: MapAsked, form: str, why: str = "A task.") -> ExportedMap:
    taken = ask_export(
        desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots, asked=asked, form=form, why=why
    )
    return made_export(
        desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots, reference=taken.ref
    )


def of_kind(made: LinkMap, kind: NodeKind) -> list[str]:
    return [each.node.id for each in made.nodes if each.node.kind is kind]


def test_every_node_lies_next_week_where_it_lay_and_what_is_new_finds_its_own_place(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    before = places(drawn(desk, case))
    desk.refer(tied("2", PHONE))
    after = places(drawn(desk, case))
    assert {node: after[node] for node in before} == before
    assert len(after) > len(before)


def test_a_map_with_what_was_opened_is_read_at_once_and_is_one_entry_of_the_audit_log(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    made = drawn(desk, case)
    with desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    drawn(desk, made.asked.opening(of_kind(made, NodeKind.PHONE)[0]).opening(made.middle))
    with desk.runtime.uow.unrecorded() as work:
        assert len(list(work.audit.entries())) == before + 1


def test_a_panels_map_holds_three_hundred_and_an_analysts_more(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", *(f"07700 8{number:05}" for number in range(310)))).referrals
    screened(desk, case)
    ana = desk.add("ana", Role.ANALYST)
    assert len(drawn(desk, case, ana).nodes) > 310
    panels = drawn(desk, case, desk.chair)
    assert len(panels.nodes) <= 300
    assert any("more are within this distance and are not shown" in sentence for sentence in panels.told.says)


def test_a_node_that_was_dragged_stays_there_for_whoever_dragged_it_alone(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    made = drawn(desk, case)
    (phone,) = of_kind(made, NodeKind.PHONE)
    link_maps.move_nodes(desk.context(desk.coordinator), middle=made.middle, places={phone: (12.0, -7.5)})
    assert places(drawn(desk, case))[phone] == (12.0, -7.5)
    assert places(drawn(desk, case, desk.chair))[phone] != (12.0, -7.5)
    link_maps.lay_out_anew(desk.context(desk.coordinator), middle=made.middle)
    assert places(drawn(desk, case)) == places(made)


@pytest.mark.parametrize(
    ("node", "place"),
    [("Amira Kent", (1.0, 1.0)), (SAFE_HOUSE, (1.0, 1.0)), ("own", (math.nan, 0.0)), ("own", (9e9, 0.0))],
)
def test_a_forged_place_is_refused_and_nothing_but_references_is_kept(
    desk: Desk, node: str, place: tuple[float, float]
) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    made = drawn(desk, case)
    name = made.middle if node == "own" else node
    with pytest.raises(InvalidInputError):
        link_maps.move_nodes(desk.context(desk.coordinator), middle=made.middle, places={name: place})
    assert places(drawn(desk, case)) == places(made)


def test_a_protected_number_is_on_no_map_in_no_place_and_in_no_file(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", SAFE_PHONE, PHONE, protected=PROTECTED)).referrals
    made = drawn(desk, case)
    assert [each.node.label for each in made.nodes if each.node.kind is NodeKind.PHONE] == [
        "phone 07700 900123"
    ]
    result = made.model_dump_json()
    taken = exported(desk, made.asked, "graphml")
    for text in (result, taken.content.decode()):
        assert "900417" not in text
        assert "Larkfield" not in text


def test_an_opened_node_brings_its_own_links_and_a_hidden_one_goes(desk: Desk) -> None:
    case, other = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    near = drawn(desk, MapAsked(start=case, hops=1))
    assert not of_kind(near, NodeKind.PHONE)
    he = next(each.node.id for each in near.nodes if each.node.label == "Dan Perp1")
    opened = drawn(desk, near.asked.opening(he))
    (phone,) = of_kind(opened, NodeKind.PHONE)
    farther = drawn(desk, opened.asked.opening(phone))
    assert "Dan Perp2" in {each.node.label for each in farther.nodes}
    assert other not in places(farther)
    hidden = drawn(desk, farther.asked.hiding(phone))
    assert not of_kind(hidden, NodeKind.PHONE)
    assert (hidden.left_out.hidden, hidden.left_out.alone) == (1, 1)


def test_what_was_opened_and_is_no_longer_to_be_seen_is_left_out_as_if_it_had_never_been(desk: Desk) -> None:
    case, _ = desk.refer(tied("1"), tied("2")).referrals
    asked = MapAsked(start=case, hops=1, opened=("P-2222222",))
    assert places(drawn(desk, asked)) == places(drawn(desk, MapAsked(start=case, hops=1)))


def test_an_analyst_reads_references_and_no_name_or_number(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    screened(desk, case)
    made = drawn(desk, case, desk.add("ana", Role.ANALYST))
    text = made.model_dump_json()
    assert made.told.pseudonymised
    assert not [term for term in ("Dan", "Vic", "Perp1", "900123") if term in text]


def test_who_is_not_on_the_case_is_told_that_there_is_nothing(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    screened(desk, case)
    with pytest.raises(NotFoundError):
        drawn(desk, case, desk.add("pat", Role.PRACTITIONER, "harbour"))
    with pytest.raises(NotPermittedError, match="explore links"):
        drawn(desk, case, desk.add("max", Role.MANAGER))


def test_a_pattern_is_found_in_all_that_may_be_seen_here_even_where_it_is_hidden(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", incidents=(an_incident(), an_incident("2026-02-27")))).referrals
    made = drawn(desk, case)
    hidden = drawn(desk, made.asked.changed(kinds_left_out=[NodeKind.INCIDENT]))
    assert hidden.patterns == made.patterns
    (repeat,) = [found for found in made.patterns.found if found.key == "repeat-victim"]
    assert repeat.counter_evidence
    assert all(made.drawn_as(stop) is not None for stop in repeat.path)


def test_a_path_leads_over_what_incidents_are_folded_into(desk: Desk) -> None:
    days = ("2026-02-01", "2026-02-03", "2026-02-05")
    (case,) = desk.refer(tied("1", incidents=tuple(an_incident(day) for day in days))).referrals
    made = drawn(desk, case)
    (one,) = of_kind(made, NodeKind.INCIDENT)
    (folded,) = [each for each in made.nodes if each.node.id == one]
    assert len(folded.stands_for) == 3
    assert {made.drawn_as(each) for each in folded.stands_for} == {one}
    assert len(of_kind(drawn(desk, made.asked.changed(folds=False)), NodeKind.INCIDENT)) == 3


def test_a_saved_map_is_its_owners_alone_and_looks_anew_when_it_is_opened(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    asked = MapAsked(start=case, hops=3)
    saved = link_maps.save_map(desk.context(desk.coordinator), name="  The  shared phone ", asked=asked)
    assert saved.name == "The shared phone"
    (saved_map,) = link_maps.saved_maps(desk.runtime.context(desk.coordinator))
    assert saved_map == saved
    assert link_maps.saved_maps(desk.runtime.context(desk.chair)) == ()
    with pytest.raises(NotFoundError):
        link_maps.forget_map(desk.context(desk.chair), reference=saved.reference)
    desk.refer(tied("2", PHONE))
    assert "Dan Perp2" in {each.node.label for each in drawn(desk, saved_map.asked).nodes}
    link_maps.forget_map(desk.context(desk.coordinator), reference=saved.reference)
    assert link_maps.saved_maps(desk.runtime.context(desk.coordinator)) == ()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\x07bells"])
def test_a_map_needs_a_name_that_can_be_read(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInputError, match="name"):
        link_maps.save_map(desk.context(desk.coordinator), name=name, asked=MapAsked(start="R-1"))


@pytest.mark.parametrize("form", formats())
def test_a_map_is_taken_out_as_it_is_seen_with_its_reason_kept(desk: Desk, form: str) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    asked = MapAsked(start=case, hops=3)
    made = exported(desk, asked, form, "For the panel of May.")
    assert made.file_name.startswith("links-R-")
    if form == "i2":
        with zipfile.ZipFile(io.BytesIO(made.content)) as held:
            rows = list(csv.reader(io.StringIO(held.read("entities.csv").decode("utf-8-sig"))))
        assert "Dan Perp1" in {row[2] for row in rows}
    elif form in ("png", "pdf"):
        assert made.content.startswith({"png": b"\x89PNG", "pdf": b"%PDF"}[form])
    elif form == "xlsx":
        sheet = load_workbook(io.BytesIO(made.content)).worksheets[0]
        assert "Dan Perp1" in {cell.value for row in sheet for cell in row}
    else:
        assert "Dan Perp1" in made.content.decode()
    with desk.runtime.uow.unrecorded() as work:
        (taken,) = work.links.maps.taken_out()
    assert (taken.user, taken.why, taken.form) == (desk.coordinator.user, "For the panel of May.", form)


def test_an_export_without_a_reason_is_refused_before_anything_is_read(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    asked = MapAsked(start=case)
    with pytest.raises(InvalidInputError, match="reason"):
        ask_export(
            desk.context(desk.coordinator),
            snapshots=desk.runtime.link_snapshots,
            asked=asked,
            form="gexf",
            why="  ",
        )
    with pytest.raises(InvalidInputError, match="format"):
        ask_export(
            desk.context(desk.coordinator),
            snapshots=desk.runtime.link_snapshots,
            asked=asked,
            form="anb",
            why="A task.",
        )
    with pytest.raises(NotPermittedError, match="export"):
        ask_export(
            desk.context(desk.add("pat", Role.PRACTITIONER, "harbour")),
            snapshots=desk.runtime.link_snapshots,
            asked=asked,
            form="gexf",
            why="A task.",
        )


def test_a_file_is_fetched_by_whoever_asked_for_it_and_soon(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    taken = ask_export(
        desk.context(desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        asked=MapAsked(start=case),
        form="gexf",
        why="A task.",
    )
    with pytest.raises(NotFoundError):
        made_export(desk.context(desk.chair), snapshots=desk.runtime.link_snapshots, reference=taken.ref)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=6))
    with pytest.raises(NotFoundError):
        made_export(
            desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots, reference=taken.ref
        )


def measured_people(desk: Desk, case: str, acting: Acting | None = None) -> set[str]:
    made = drawn(desk, MapAsked(start=case, hops=4), acting)
    labels = {each.node.id: each.node.label for each in made.nodes if each.node.kind is NodeKind.PERSON}
    return {labels[each] for each in made.measured if each in labels}


def test_the_last_maps_are_listed_for_their_owner_without_what_was_hidden_since(desk: Desk) -> None:
    cases = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    screened(desk, *cases)
    ana = desk.add("ana", Role.ANALYST)
    for case in (*cases, cases[0]):
        desk.clock.forward(timedelta(minutes=1))
        drawn(desk, case, ana)
    phone = next(
        each.node.id for each in drawn(desk, cases[0], ana).nodes if each.node.kind is NodeKind.PHONE
    )
    desk.clock.forward(timedelta(minutes=1))
    drawn(desk, phone, ana)
    recent = link_maps.recent_maps(desk.context(ana))
    assert [each.reference for each in recent] == [phone, cases[0], cases[1]]
    assert recent[0].label == f"phone {phone}", "an analyst reads no number"
    assert [each.reference for each in link_maps.recent_maps(desk.context(ana), most=1)] == [phone]
    assert link_maps.recent_maps(desk.context(desk.coordinator)) == ()
    restrictions.restrict(desk.context(desk.chair), reference=cases[1], why="A reason.")
    assert [each.reference for each in link_maps.recent_maps(desk.context(ana))] == [phone, cases[0]]


def test_only_adults_named_as_perpetrator_and_nowhere_as_victim_have_a_measure(desk: Desk) -> None:
    child = a_person("Dan", "Perp2").model_copy(update={"date_of_birth": PartialDate("2010-05-06")})
    cases = desk.refer(tied("1", PHONE), tied("2", PHONE, perpetrator=child)).referrals
    assert measured_people(desk, cases[0]) == {"Dan Perp1"}
    made = drawn(desk, cases[0])
    things = {each.node.id for each in made.nodes if each.node.kind is not NodeKind.PERSON}
    assert things <= set(made.measured)


def test_a_person_without_a_date_of_birth_may_be_a_child_and_has_no_measure(desk: Desk) -> None:
    unknown = a_person("Dan", "Perp2").model_copy(update={"date_of_birth": None})
    cases = desk.refer(tied("1", PHONE), tied("2", PHONE, perpetrator=unknown)).referrals
    assert measured_people(desk, cases[0]) == {"Dan Perp1"}


def test_a_person_who_is_a_victim_elsewhere_has_no_measure_where_the_viewer_may_know_it(desk: Desk) -> None:
    both = a_person("Dan", "Perp1", pnc="2001/0000123Y")
    first, second = desk.refer(
        tied("1", PHONE, perpetrator=both),
        tied("2", perpetrator=a_person("Rex", "Yarn"), victim=both),
    ).referrals
    assert measured_people(desk, first) == {"Dan Perp1"}
    with desk.runtime.uow.unrecorded() as work:
        him = work.people.on_cases([first])[0].reference
        people = {each.role.value: each.reference for each in work.people.on_cases([second])}
    same_person.judge_same(
        desk.context(desk.coordinator),
        one=him,
        other=people["victim"],
        verdict=SameVerdict.SAME,
        why="One number.",
    )
    assert "Dan Perp1" not in measured_people(desk, first)


def test_measures_are_of_what_is_drawn_and_looks_read_nothing_again(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    made = drawn(desk, case)
    found = link_maps.measures_of(made)
    assert {item.id for item in found.items} == set(made.measured)
    assert len(made.nodes) == len(found.items) + found.without
    sized = made.asked.changed(sized_by=ItemMeasure.BETWEENNESS, coloured_by=Colouring.COMMUNITY)
    assert sized.shows_the_same(made.asked)
    assert not sized.changed(hops=1).shows_the_same(made.asked)


def test_the_timeline_counts_links_by_month_whatever_period_is_chosen(desk: Desk) -> None:
    days = ("2026-01-04", "2026-03-05", "2026-03", "2025")
    (case,) = desk.refer(tied("1", incidents=tuple(an_incident(day) for day in days))).referrals
    made = drawn(desk, MapAsked(start=case, hops=3))
    counts = {each.month: each.links for each in made.months}
    assert list(counts)[:3] == ["2026-01", "2026-02", "2026-03"]
    assert (counts["2026-01"], counts["2026-02"]) == (2, 0)
    assert counts["2026-03"] >= 4
    assert made.without_month == 2
    assert sum(counts.values()) + made.without_month == len(
        drawn(desk, made.asked.changed(folds=False)).edges
    )
    limited = drawn(desk, made.asked.changed(until=date(2026, 1, 31)))
    assert (limited.months, limited.without_month) == (made.months, made.without_month)

"""The link graph of the record: what is in it, what never is, and who sees how much of it."""

from __future__ import annotations

import doctest
from datetime import date
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.views import LinkView, NodeKind
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue, Referral
from engine.links.incident_roles import Happenings
from engine.services.access import conflicts
from engine.services.access.checks import open_cases
from engine.services.cases import views as case_views
from engine.services.links import graphs as link_graphs
from engine.services.links import register as link_register
from engine.services.links.labels import node_labels
from engine.services.links.projection import refresh_links
from engine.services.links.record import links_for
from engine.services.links.views import view_around
from engine.services.people import same_person
from engine.services.referrals import episodes, screening
from engine.services.referrals import incidents as referral_incidents
from tests.builders import SAFE_HOUSE, SAFE_PHONE, Desk, a_person, a_referral, a_screening, an_incident

PHONE = "07700 900123"


def tied(number: str, *phones: str, place: str | None = None, **changes: Any) -> Referral:
    """A referral of two people of its own whose alleged perpetrator has these phones."""
    return a_referral(
        number,
        **{
            "perpetrator": a_person("Dan", f"Perp{number}"),
            "victim": a_person("Vic", f"Victim{number}"),
            "perpetrator_things": tuple(Thing(kind=ThingKind.PHONE, value=phone) for phone in phones),
            "perpetrator_address": place,
            "protected": (),
            **changes,
        },
    )


def seen(desk: Desk, reference: str, acting: Acting | None = None, **asked: Any) -> LinkView:
    snapshots = desk.runtime.link_snapshots
    context = desk.context(acting or desk.coordinator)
    return view_around(context, reference=reference, snapshots=snapshots, **{"hops": 4, **asked})


def screened(desk: Desk, *references: str) -> None:
    for reference in references:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()), reference=reference, screening=a_screening()
        )


def labels(view: LinkView, kind: NodeKind) -> set[str]:
    return {node.label for node in view.nodes if node.kind is kind}


def test_a_referral_becomes_people_incidents_things_and_places(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE, place="1 High Street, ZZ1 1AA")).referrals
    view = seen(desk, case)
    assert labels(view, NodeKind.PERSON) == {"Dan Perp1", "Vic Victim1"}
    assert labels(view, NodeKind.INCIDENT) == {"loitering, 20 February 2026", "contacting, 27 February 2026"}
    assert labels(view, NodeKind.PHONE) == {"phone 07700 900123"}
    assert labels(view, NodeKind.PLACE) == {"place 1 High Street, ZZ1 1AA"}
    roles = {(edge.kind, edge.role) for edge in view.edges}
    assert ("involved in", "perpetrator") in roles
    assert ("referred in", "victim") in roles
    assert {edge.told_by for edge in view.edges} == {"borough-desk"}


def test_one_phone_however_it_is_written_joins_two_people(desk: Desk) -> None:
    one, other = desk.refer(tied("1", PHONE), tied("2", "+44 7700 900 123")).referrals
    view = seen(desk, one)
    assert other in {node.id for node in view.nodes}
    assert labels(view, NodeKind.PERSON) >= {"Dan Perp1", "Dan Perp2"}


AS_GIVEN = {
    ThingKind.PHONE: "+44 (0)7700 900-123",
    ThingKind.EMAIL: "D.Perp-Jones, Jr.+post@mail.example.com",
    ThingKind.ACCOUNT: "@Dan.Perp_1",
    ThingKind.VEHICLE: "ab12 CDE",
    ThingKind.DEVICE: "IMEI: 35-209900.176148",
}


def test_a_thing_and_a_place_are_labelled_as_the_source_gave_them(desk: Desk) -> None:
    place = "Flat 2, 12-14 St. Ann's Rd., LONDON, zz1 1aa"
    things = tuple(Thing(kind=kind, value=value) for kind, value in AS_GIVEN.items())
    (case,) = desk.refer(tied("1", place=place, perpetrator_things=things)).referrals
    given = {f"{kind.value} {value}" for kind, value in AS_GIVEN.items()} | {f"place {place}"}
    view = seen(desk, case)
    kinds = {*(kind.value for kind in AS_GIVEN), "place"}
    assert {node.label for node in view.nodes if node.kind.value in kinds} == given
    with link_register.whole(
        desk.context(desk.coordinator), desk.runtime.link_snapshots, "look at links"
    ) as opened:
        assert given <= set(opened.register.entities.labels.all())


def test_a_thing_is_labelled_only_as_a_case_gave_it_that_the_viewer_reads(desk: Desk) -> None:
    ways = ("07700 900123", "07700-900-123", "+44 7700 900123")
    cases = desk.refer(*(tied(str(number), way) for number, way in enumerate(ways))).referrals
    screened(desk, *cases)
    ana = desk.add("ana", Role.ANALYST)
    screening.name_people(desk.context(desk.coordinator), reference=cases[1], people=["ana"])
    assert labels(seen(desk, cases[2], desk.coordinator), NodeKind.PHONE) == {f"phone {ways[0]}"}
    assert labels(seen(desk, cases[2], ana), NodeKind.PHONE) == {f"phone {ways[1]}"}
    conflicts.say_own(desk.context(desk.coordinator), reference=cases[0], is_connected=True)
    assert labels(seen(desk, cases[2], desk.coordinator), NodeKind.PHONE) == {f"phone {ways[1]}"}


def test_a_record_of_before_shows_no_altered_value_and_gives_it_once_it_is_up_to_date(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    with desk.runtime.uow.unrecorded() as work:
        work._session.connection().exec_driver_sql("update link set given = null")
        work._session.connection().exec_driver_sql("delete from link_case")
        work._session.commit()
    (label,) = labels(seen(desk, case), NodeKind.PHONE)
    assert "900" not in label
    refresh_links(desk.context(desk.coordinator))
    assert labels(seen(desk, case), NodeKind.PHONE) == {f"phone {PHONE}"}


@pytest.mark.parametrize("value", [SAFE_PHONE, "+447700900417"])
def test_what_equals_a_protected_value_of_any_case_joins_nobody(desk: Desk, value: str) -> None:
    protected = (ProtectedValue(kind=ProtectedKind.PHONE, value=SAFE_PHONE),)
    desk.refer(tied("9", protected=protected))
    one, _ = desk.refer(tied("1", value, PHONE), tied("2", value)).referrals
    view = seen(desk, one)
    assert labels(view, NodeKind.PHONE) == {"phone 07700 900123"}
    assert labels(view, NodeKind.PERSON) == {"Dan Perp1", "Vic Victim1"}


def test_a_protected_place_of_the_same_case_is_no_place_and_one_near_it_is(desk: Desk) -> None:
    safe = (ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE),)
    inside, near = desk.refer(
        tied("1", place=f"c/o {SAFE_HOUSE}", protected=safe), tied("2", place="15 Larkfield Passage")
    ).referrals
    assert labels(seen(desk, inside), NodeKind.PLACE) == set()
    assert labels(seen(desk, near), NodeKind.PLACE) == {"place 15 Larkfield Passage"}


def test_a_thing_ceases_to_be_one_when_a_protected_value_like_it_comes_in(desk: Desk) -> None:
    one, _ = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    assert labels(seen(desk, one), NodeKind.PHONE)
    desk.refer(tied("3", protected=(ProtectedValue(kind=ProtectedKind.PHONE, value="07700900123"),)))
    assert labels(seen(desk, one), NodeKind.PHONE) == set()
    refresh_links(desk.context(desk.coordinator), everything=True)
    assert labels(seen(desk, one), NodeKind.PHONE) == set()


def test_only_the_newest_version_of_a_referral_is_linked(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    desk.refer(tied("1", perpetrator=a_person("Don", "Right"), incidents=(an_incident("2026-01-05"),)))
    view = seen(desk, case)
    assert labels(view, NodeKind.PERSON) == {"Don Right", "Vic Victim1"}
    assert labels(view, NodeKind.INCIDENT) == {"loitering, 5 January 2026"}


def test_an_incident_that_a_person_records_is_linked_at_once(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    added = referral_incidents.record_incident(
        desk.context(desk.coordinator), reference=case, incident=an_incident("2026-03-01")
    )
    view = seen(desk, case)
    assert added in {node.id for node in view.nodes}
    assert labels(view, NodeKind.PHONE)


def test_two_reports_with_one_crime_reference_are_one_incident(desk: Desk) -> None:
    crime: dict[str, Any] = {"incidents": (an_incident(crime_reference="cr/123"),)}
    one, _ = desk.refer(
        tied("1", **crime), tied("2", incidents=(an_incident(crime_reference="CR/123"),))
    ).referrals
    view = seen(desk, one)
    assert len(labels(view, NodeKind.INCIDENT)) == 1
    assert len(labels(view, NodeKind.PERSON)) == 4


def test_the_grade_of_an_incident_is_that_of_its_links_and_graded_e_is_no_evidence(desk: Desk) -> None:
    reports = (
        an_incident(),
        an_incident("2026-02-21", grade="2E P"),
        an_incident("2026-02-22", grade="1A P"),
    )
    (case,) = desk.refer(tied("1", incidents=reports)).referrals
    view = seen(desk, case)
    happened = {node.id for node in view.nodes if node.kind is NodeKind.INCIDENT}
    graded = {edge.target: edge.grade for edge in view.edges if edge.target in happened}
    assert sorted(map(str, graded.values())) == ["1A P", "2E P", "None"]
    with desk.runtime.uow.unrecorded() as work:
        record, _ = links_for(work, desk.coordinator, desk.clock, desk.runtime.link_snapshots)
        acts = Happenings(record)
        for incident, grade in graded.items():
            number = record.find(incident)
            assert number is not None
            assert len(acts.counted(number)) == (0 if grade == "2E P" else 2)
            assert acts.suspected_false(number) == (2 if grade == "2E P" else 0)


def test_two_reports_of_one_incident_keep_their_own_grades(desk: Desk) -> None:
    crime: dict[str, Any] = {"crime_reference": "cr/123"}
    reports = tuple(an_incident(grade=grade, **crime) for grade in ("2E P", "1A P"))
    (case,) = desk.refer(tied("1", incidents=reports)).referrals
    view = seen(desk, case)
    assert len(labels(view, NodeKind.INCIDENT)) == 1
    (happened,) = (node.id for node in view.nodes if node.kind is NodeKind.INCIDENT)
    grades = {edge.grade for edge in view.edges if happened in (edge.source, edge.target)}
    assert grades == {"2E P", "1A P"}, "no grade is chosen among them"


def test_joining_makes_the_parties_one_and_taking_it_back_makes_them_two_again(desk: Desk) -> None:
    earlier, later = desk.refer(a_referral("1"), a_referral("2")).referrals
    before = seen(desk, earlier)
    offer = referrals_offer(desk, later)
    screening.screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=later,
        screening=a_screening(same_episode_as=offer),
    )
    joined = seen(desk, earlier)
    assert len([node for node in joined.nodes if node.kind is NodeKind.PERSON]) == 2
    assert {earlier, later} <= {node.id for node in joined.nodes}
    episodes.take_back_joining(desk.context(desk.coordinator), reference=later, why="Not they.")
    after = seen(desk, earlier)
    assert (after.nodes, after.edges) == (before.nodes, before.edges)


def test_a_word_makes_two_records_one_and_taking_it_back_restores_the_same_graph(desk: Desk) -> None:
    one, other = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    pair: dict[str, Any] = {
        name: case_views.view_case(
            desk.context(desk.coordinator).with_agencies(()), reference=reference
        ).perpetrator.reference
        for name, reference in (("one", one), ("other", other))
    }
    here: dict[str, Any] = {"context": desk.context(desk.coordinator), **pair}
    before = seen(desk, one)
    same_person.judge_same(**here, verdict=SameVerdict.SAME, why="One photograph.")
    assert {"Dan Perp1", "Dan Perp2"} <= labels(before, NodeKind.PERSON)
    assert labels(seen(desk, one), NodeKind.PERSON) == {"Dan Perp1", "Vic Victim1", "Vic Victim2"}
    same_person.take_back_same(**here, why="Another man.")
    after = seen(desk, one)
    assert (after.nodes, after.edges) == (before.nodes, before.edges)


def referrals_offer(desk: Desk, reference: str) -> str:
    from engine.services.cases.views import view_case

    (offer,) = view_case(desk.context(desk.coordinator).with_agencies(()), reference=reference).offers
    return offer.episode


def test_a_thing_with_many_users_is_drawn_and_not_expanded_and_told(desk: Desk) -> None:
    case = desk.refer(*(tied(str(n), PHONE) for n in range(1, 6))).referrals[0]
    view = seen(desk, case, hub_cap=4)
    (hub,) = view.told.hubs
    assert hub.users == 5
    assert [node.id for node in view.nodes if node.is_hub] == [hub.id]
    assert labels(view, NodeKind.PERSON) == {"Dan Perp1", "Vic Victim1"}
    assert any("5 users" in sentence for sentence in view.told.says)
    assert seen(desk, case, hub_cap=5).told.hubs == ()


def test_the_hub_cap_counts_the_users_that_this_viewer_may_see(desk: Desk) -> None:
    cases = desk.refer(*(tied(str(n), PHONE) for n in range(1, 6))).referrals
    screened(desk, *cases[:2])
    ana = desk.add("ana", Role.ANALYST)
    view = seen(desk, cases[0], ana, hub_cap=2)
    assert view.told.hubs == ()
    assert {node.id for node in view.nodes if node.kind is NodeKind.REFERRAL} == set(cases[:2])


def test_an_analyst_reads_no_name_but_on_the_cases_that_name_them(desk: Desk) -> None:
    one, other = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    screened(desk, one, other)
    ana = desk.add("ana", Role.ANALYST)
    view = seen(desk, one, ana)
    assert view.told.pseudonymised
    assert not any("Perp" in node.label or "900123" in node.label for node in view.nodes)
    assert not any(node.cases for node in view.nodes)
    screening.name_people(desk.context(desk.coordinator), reference=one, people=["ana"])
    named = seen(desk, one, ana)
    assert {node.label for node in named.nodes} >= {"Dan Perp1", "Vic Victim1", "phone 07700 900123"}
    assert "Dan Perp2" not in labels(named, NodeKind.PERSON)
    assert [node.id for node in named.nodes] == [node.id for node in view.nodes]


def test_what_a_viewer_may_not_know_reads_like_what_there_is_not(desk: Desk) -> None:
    open_one, unscreened, restricted = desk.refer(
        tied("1", PHONE), tied("2", PHONE), tied("3", PHONE, party_works_for=YesNo.YES)
    ).referrals
    screened(desk, open_one, restricted)
    ana, outsider = desk.add("ana", Role.ANALYST), desk.add("out", Role.PRACTITIONER, "harbour")
    for acting, hidden in ((ana, (unscreened, restricted)), (outsider, (open_one, unscreened, restricted))):
        for case in hidden:
            with pytest.raises(NotFoundError, match=f"you cannot view node {case}, or it does not exist"):
                seen(desk, case, acting)
    with pytest.raises(NotFoundError, match="you cannot view node P-222222B, or it does not exist"):
        seen(desk, "P-222222B", ana)


def test_the_graph_holds_the_cases_that_the_door_opens_and_no_other(desk: Desk) -> None:
    cases = desk.refer(
        *(tied(str(n), PHONE, party_works_for=YesNo.YES if n == 4 else YesNo.NO) for n in range(1, 6))
    ).referrals
    screened(desk, *cases[:4])
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    other = desk.add("other", Role.COORDINATOR)
    for case in (cases[0], cases[1], cases[3]):
        screening.name_people(desk.context(desk.coordinator), reference=case, people=["worker"])
    conflicts.say_own(desk.context(worker), reference=cases[1], is_connected=True)
    conflicts.say_own(desk.context(other), reference=cases[2], is_connected=True)
    for acting in (worker, other, desk.coordinator, desk.chair):
        with desk.runtime.uow.unrecorded() as work:
            opened = {each.reference for each in open_cases(work, acting, work.cases.all())}
        drawn = {node.id for node in seen(desk, cases[0], acting).nodes if node.kind is NodeKind.REFERRAL}
        assert drawn == opened, acting.user


def test_links_after_the_day_asked_for_are_neither_drawn_nor_followed(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", incidents=(an_incident("2026-02-20"), an_incident("2026-02")))).referrals
    person = next(node.id for node in seen(desk, case).nodes if node.label == "Dan Perp1")
    view = seen(desk, person, at=date(2026, 2, 19))
    assert labels(view, NodeKind.INCIDENT) == {"loitering, February 2026"}
    assert case not in {node.id for node in view.nodes}
    assert "Links after 19 February 2026 are left out." in view.told.says


def test_wrong_questions_are_refused_in_a_sentence(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    for asked in ({"hops": 9}, {"hub_cap": 0}, {"kinds": ["knows"]}):
        with pytest.raises(InvalidInputError):
            seen(desk, case, **asked)
    with pytest.raises(NotPermittedError):
        seen(desk, case, desk.add("max", Role.MANAGER))


def test_making_the_graph_anew_changes_nothing(desk: Desk) -> None:
    one, _ = desk.refer(tied("1", PHONE, place="1 High Street"), tied("2", PHONE)).referrals
    before = seen(desk, one)
    with desk.runtime.uow.unrecorded() as work:
        assert work.links.projection.never_written(most=10) == ()
    refresh_links(desk.context(desk.coordinator), everything=True)
    after = seen(desk, one)
    assert (after.nodes, after.edges) == (before.nodes, before.edges)


def test_the_example_runs() -> None:
    failed, tried = doctest.testmod(link_graphs)
    assert tried > 0
    assert failed == 0


def test_labels_are_of_what_this_person_may_read_and_of_nothing_else(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    screened(desk, case)
    people = [node.id for node in seen(desk, case).nodes if node.kind is NodeKind.PERSON]
    asked = [*people, "P-222222B", "nonsense"]
    assert sorted(node_labels(desk.context(desk.coordinator), references=asked).values()) == [
        "Dan Perp1",
        "Vic Victim1",
    ]
    for stranger in (desk.add("ana", Role.ANALYST), desk.add("pat", Role.PRACTITIONER, "harbour")):
        assert node_labels(desk.context(stranger), references=asked) == {}

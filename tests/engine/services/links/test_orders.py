"""An order that was made is a node between the person under it and the person whom it protects."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.errors import NotFoundError
from engine.domain.links.maps import MapAsked
from engine.domain.links.saved_searches import AroundQuestion
from engine.domain.links.views import LinkView, NodeKind
from engine.domain.orders.orders import OrderAct, OrderGiven
from engine.domain.rights.retention import DESK_OWNER
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.searching import PatternsAsked
from engine.services.access import conflicts
from engine.services.links import register as link_register
from engine.services.links.maps import save_map, saved_maps
from engine.services.links.projection import refresh_links
from engine.services.links.saved_searches import my_queries, save_query
from engine.services.orders.recording import create_order, join_case, make_order, vary_order
from engine.services.rights import retention
from tests.builders import Desk, a_person, an_incident, in_one_entry, with_toys
from tests.engine.services.links.test_graphs import labels, screened, seen, tied
from tests.engine.services.rights.test_retention import decided, ended

ZONE = "Marlow Crescent, ZZ99 4AB"
NAME = "Mia Farrow-Lane"


def recorded(desk: Desk, case: str, **changes: object) -> str:
    given = {
        "type": "spo",
        "made": "2026-02-02",
        "years": 2,
        "protected": [{}, {"is_victim": False, "name": NAME}],
        "conditions": [{"code": "stay-out", "zone": {"description": ZONE}}],
        **changes,
    }
    return create_order(
        desk.context(desk.chair), reference=case, given=OrderGiven.model_validate(given)
    ).reference


def of_order(view: LinkView, order: str) -> set[tuple[str, str, str | None, str | None]]:
    names = {node.id: node.label for node in view.nodes}
    return {
        (names[edge.source], edge.kind, str(edge.date), edge.told_by)
        for edge in view.edges
        if edge.target == order
    }


def test_the_person_under_it_and_the_victim_are_linked_to_it_and_no_place_or_name(
    desk: Desk,
) -> None:
    (case,) = desk.refer(tied("1")).referrals
    order = recorded(desk, case)
    view = seen(desk, case)

    assert labels(view, NodeKind.ORDER) == {"Stalking protection order, made 2 February 2026"}
    assert of_order(view, order) == {
        ("Dan Perp1", "bound by", "2026-02-02", "order record"),
        ("Vic Victim1", "protected by", "2026-02-02", "order record"),
    }
    assert {edge.role for edge in view.edges if edge.target == order} == {None}  # an order claims no role
    assert NodeKind.PLACE not in {node.kind for node in view.nodes}
    assert not any(secret in view.model_dump_json() for secret in ("Marlow", "ZZ99", "Mia", "Farrow"))


def test_it_is_found_by_its_reference(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    order = recorded(desk, case)

    assert {node.label for node in seen(desk, order, hops=1).nodes} >= {"Dan Perp1", "Vic Victim1"}


def test_an_order_that_was_considered_is_no_node_until_a_court_made_it(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    order = recorded(
        desk, case, act=OrderAct.CONSIDERED, made=None, years=None, on="2026-02-01", conditions=[]
    )
    assert labels(seen(desk, case), NodeKind.ORDER) == set()
    given = OrderGiven.model_validate({"type": "spo", "made": "2026-02-02", "years": 2})
    make_order(desk.context(desk.chair), order=order, given=given)

    assert labels(seen(desk, case), NodeKind.ORDER) == {"Stalking protection order, made 2 February 2026"}


def test_a_variation_is_an_order_of_its_own(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    order = recorded(desk, case)
    given = OrderGiven.model_validate({"type": "spo", "made": "2026-02-20", "years": 2})
    vary_order(desk.context(desk.chair), order=order, given=given, why="The court added a condition.")

    assert len(labels(seen(desk, case), NodeKind.ORDER)) == 2


def test_an_order_that_does_not_protect_the_victim_of_the_case_is_not_linked_to_them(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    order = recorded(desk, case, protected=[{"is_victim": False, "name": NAME}])

    assert {kind for _, kind, _, _ in of_order(seen(desk, case), order)} == {"bound by"}


def without_age(view: LinkView) -> dict[str, object]:
    return view.model_dump(exclude={"read_at"})


@pytest.mark.parametrize("hops", [1, 4])
def test_a_case_that_is_closed_to_a_viewer_adds_nothing_to_an_order_that_serves_it_too(
    desk: Desk, hops: int
) -> None:
    one, other = desk.refer(tied("1"), tied("2")).referrals
    screened(desk, one, other)
    connected = desk.add("ned", Role.COORDINATOR)
    conflicts.say_own(desk.context(connected), reference=other, is_connected=True)
    order = recorded(desk, one)
    before = {ref: without_age(seen(desk, ref, connected, hops=hops)) for ref in (one, order)}
    join_case(desk.context(desk.chair), order=order, reference=other)

    assert {ref: without_age(seen(desk, ref, connected, hops=hops)) for ref in (one, order)} == before
    assert {who for who, _, _, _ in of_order(seen(desk, order, desk.chair), order)} == {
        *("Dan Perp1", "Vic Victim1", "Dan Perp2")
    }


def test_an_order_of_a_closed_case_reads_as_one_that_does_not_exist(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    screened(desk, case)
    order = recorded(desk, case)
    worker = desk.add("outsider", Role.PRACTITIONER, "harbour")
    faults = set()
    for reference in (order, "PO-2222228"):
        with pytest.raises(NotFoundError) as found:
            seen(desk, reference, worker)
        faults.add(str(found.value).replace(reference, "?"))

    assert len(faults) == 1


def test_an_analyst_reads_the_type_and_date_and_no_name(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    screened(desk, case)
    recorded(desk, case)
    view = seen(desk, case, desk.add("ana", Role.ANALYST))

    assert labels(view, NodeKind.ORDER) == {"Stalking protection order, made 2 February 2026"}
    assert "Perp1" not in view.model_dump_json()


def test_a_new_victim_after_an_order_is_found_as_a_pattern(desk: Desk) -> None:
    same = a_person("Dan", "Perp", pnc="2001/0000123Y")
    one, other = desk.refer(
        tied("1", perpetrator=same, incidents=(an_incident("2026-01-05"),)),
        tied("2", perpetrator=same, incidents=(an_incident("2026-02-20"),)),
    ).referrals
    screened(desk, one, other)
    order = recorded(desk, one)
    refresh_links(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
    (found,) = link_register.patterns(
        desk.context(desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        asked=PatternsAsked([PatternKey.ORDER_THEN_SWITCH]),
    ).findings[PatternKey.ORDER_THEN_SWITCH]

    assert found.says.startswith(f"After {order} of 2 February 2026")


def test_an_order_whose_content_is_erased_is_no_node(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    recorded(desk, case)
    with desk.runtime.uow.unrecorded() as work:
        (before,) = work.links.projection.sources([case])
    assert len(before.orders) == 1
    with in_one_entry(desk.runtime) as work:
        work.erasing.of_desk(case, work.retention.new_certificate())
        (after,) = work.links.projection.sources([case])
    assert after.orders == ()


@pytest.mark.parametrize("recorded_on", ["erased", "other"])
def test_an_order_of_two_cases_is_linked_as_the_record_is_when_one_of_them_is_erased(
    desk: Desk, recorded_on: str
) -> None:
    with_toys(desk)
    (other,) = desk.refer(tied("2")).referrals
    erased = ended(desk)
    one, joined = (erased, other) if recorded_on == "erased" else (other, erased)
    order = recorded(desk, one)
    join_case(desk.context(desk.chair), order=order, reference=joined)
    assert {who for who, _, _, _ in of_order(seen(desk, other, desk.chair), order)} >= {"Dan Perp2"}
    decided(desk, desk.chair, erased, DESK_OWNER)
    retention.erase(desk.context(desk.coordinator), reference=erased, owner=DESK_OWNER)
    left = {"Dan Perp2", "Vic Victim2"} if recorded_on == "other" else set()
    for everything in (False, True):
        if everything:
            refresh_links(desk.context(desk.coordinator), everything=True)
        linked = of_order(seen(desk, other, desk.chair), order)
        assert {who for who, _, _, _ in linked} == left
        assert of_order(seen(desk, erased, desk.chair), order) == set()


def test_a_search_about_an_order_is_saved_and_goes_with_a_saved_map_when_its_case_is_erased(
    desk: Desk,
) -> None:
    (case,) = desk.refer(tied("1")).referrals
    order = recorded(desk, case)
    context = desk.context(desk.coordinator)
    question = AroundQuestion(reference=order, hops=1)
    save_query(context, snapshots=desk.runtime.link_snapshots, question=question, why="A new address.")
    save_map(context, name="The order", asked=MapAsked(start=order))
    with in_one_entry(desk.runtime) as work:
        work.erasing.of_desk(case, "X-1")

    assert [query.why for query in my_queries(context)] == ["Erased (X-1)."]
    assert saved_maps(context) == ()


def test_all_links_are_the_same_when_they_are_made_again(desk: Desk) -> None:
    (case,) = desk.refer(tied("1")).referrals
    recorded(desk, case)
    before = seen(desk, case)
    refresh_links(desk.context(desk.coordinator), everything=True)

    assert seen(desk, case).edges == before.edges

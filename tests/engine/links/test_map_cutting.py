"""What is cut from a map by wish, what is folded, and that every part that is not shown is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.domain.links.maps import GradeCut, MapAsked, NamedIn
from engine.domain.links.views import LinkEdge, LinkHub, LinkNode, LinkNotes, LinkView, NodeKind
from engine.links.map_cutting import cut, days_of, folded, merged, named_in, register_of, span_of
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.thresholds import thresholds_on

KINDS = {"P": NodeKind.PERSON, "I": NodeKind.INCIDENT, "J": NodeKind.PHONE, "R": NodeKind.REFERRAL}
ASKED = MapAsked(start="P-he")


def a_node(name: str, day: str | None = None, **more: object) -> LinkNode:
    answer = {"id": name, "kind": KINDS[name[0]], "label": name, "date": day, **more}
    return LinkNode.model_validate(answer)


def a_link(
    source: str, target: str, role: str | None = None, day: str | None = None, **more: str
) -> LinkEdge:
    kind = "involved in" if target[0] == "I" else "uses"
    answer = {
        "id": f"{source} {kind} {target}",
        "source": source,
        "target": target,
        "kind": kind,
        "role": role,
    }
    return LinkEdge.model_validate({**answer, "date": day, **more})


def a_view(*edges: LinkEdge, middle: str = "P-he", **answer: object) -> LinkView:
    names = dict.fromkeys([middle, *(end for edge in edges for end in (edge.source, edge.target))])
    days = {edge.target: edge.date for edge in edges if edge.date}
    return LinkView(
        middle=middle,
        hops=2,
        hub_cap=50,
        at=None,
        kinds=(),
        nodes=tuple(a_node(name, days.get(name), is_middle=name == middle) for name in names),
        edges=edges,
        told=LinkNotes.model_validate(answer),
        read_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def both(incident: str, day: str | None, *, her: str = "P-she", **more: str) -> list[LinkEdge]:
    return [
        a_link("P-he", incident, "perpetrator", day, **more),
        a_link(her, incident, "victim", day, **more),
    ]


def names(nodes: tuple[LinkNode, ...]) -> list[str]:
    return [node.id for node in nodes]


def test_hiding_a_node_takes_with_it_what_only_it_held_and_counts_both() -> None:
    view = a_view(*both("I-1", "2026-01-02"), a_link("P-he", "J-1"))
    nodes, edges, left = cut(view, ASKED.hiding("I-1"))
    assert names(nodes) == ["P-he", "J-1"]
    assert [edge.target for edge in edges] == ["J-1"]
    assert (left.hidden, left.alone) == (1, 1)


def test_the_middle_is_never_left_out() -> None:
    view = a_view(*both("I-1", "2026-01-02"))
    nodes, _, _ = cut(view, ASKED.hiding("P-he").changed(kinds_left_out=[NodeKind.PERSON]))
    assert "P-he" in names(nodes)


def test_time_cuts_only_what_certainly_lies_outside_and_tells_what_has_no_date() -> None:
    view = a_view(*both("I-1", "2025-12-31"), *both("I-2", "2026-01"), *both("I-3", None))
    nodes, _, left = cut(view, ASKED.changed(since="2026-01-15", until="2026-02-28"))
    assert [name for name in names(nodes) if name[0] == "I"] == ["I-2", "I-3"]
    assert (left.by_time, left.undated) == (2, 2)


def test_grades_cut_false_links_or_all_but_confirmed_ones() -> None:
    view = a_view(
        a_link("P-he", "J-1", grade="1A P"), a_link("P-he", "J-2", grade="2E P"), a_link("P-he", "J-3")
    )
    not_false = cut(view, ASKED.changed(grades=GradeCut.NOT_FALSE))
    confirmed = cut(view, ASKED.changed(grades=GradeCut.CONFIRMED))
    assert names(not_false[0]) == ["P-he", "J-1", "J-3"]
    assert names(confirmed[0]) == ["P-he", "J-1"]
    assert confirmed[2].by_grade == 2


def test_three_incidents_of_the_same_people_are_folded_and_two_are_not() -> None:
    three = [edge for n in (1, 2, 3) for edge in both(f"I-{n}", f"2026-01-0{n}")]
    view = a_view(*three, *both("I-8", "2026-02-01", her="P-other"), *both("I-9", None, her="P-other"))
    nodes, edges, groups = folded(view.nodes, view.edges, apart=())
    assert [name for name in names(nodes) if name[0] == "I"] == ["I-1", "I-8", "I-9"]
    assert names(groups["I-1"]) == ["I-1", "I-2", "I-3"]
    assert span_of(groups["I-1"]) == (date(2026, 1, 1), date(2026, 1, 3))
    assert len(edges) == 6


def test_an_incident_in_which_somebody_else_stood_as_well_is_not_folded_away() -> None:
    three = [edge for n in (1, 2, 3) for edge in both(f"I-{n}", f"2026-01-0{n}")]
    view = a_view(*three, *both("I-4", "2026-01-04"), a_link("P-third", "I-4", "witness"))
    nodes, _, _ = folded(view.nodes, view.edges, apart=())
    assert "I-4" in names(nodes)


def test_an_incident_that_was_opened_stays_as_it_is() -> None:
    view = a_view(*(edge for n in (1, 2, 3) for edge in both(f"I-{n}", f"2026-01-0{n}")))
    assert folded(view.nodes, view.edges, apart={"I-2"})[2] == {}


def test_a_folded_link_names_everybody_who_told_one_of_them() -> None:
    view = a_view(
        *both("I-1", None, told_by="desk"), *both("I-2", None, told_by="police"), *both("I-3", None)
    )
    _, edges, _ = folded(view.nodes, view.edges, apart=())
    assert [edge.told_by for edge in edges] == ["desk, police", "desk, police"]


def test_views_are_put_together_without_doubling_and_an_opened_hub_is_no_longer_one() -> None:
    hub = LinkHub(id="J-1", users=60)
    first = a_view(a_link("P-he", "J-1"), hubs=(hub,), says=("J-1 has 60 users: it is drawn.", "A record."))
    first = first.model_copy(
        update={"nodes": (first.nodes[0], first.nodes[1].model_copy(update={"is_hub": True}))}
    )
    second = a_view(a_link("P-he", "J-1"), a_link("P-2", "J-1"), middle="J-1", says=("A record.",))
    both_views = merged([first, second], most=10)
    assert names(both_views.nodes) == ["P-he", "J-1", "P-2"]
    assert [node.id for node in both_views.nodes if node.is_middle] == ["P-he"]
    assert not any(node.is_hub for node in both_views.nodes)
    assert both_views.told.hubs == ()
    assert both_views.told.says == ("A record.",)


def test_what_does_not_fit_is_counted_and_told() -> None:
    view = a_view(*(a_link("P-he", f"J-{n}") for n in range(9)))
    small = merged([view], most=5)
    assert len(small.nodes) == 5
    assert all(edge.target in names(small.nodes) for edge in small.edges)
    assert small.told.left_out == 5
    assert small.told.says[0].startswith("5 more would not fit")


def test_a_person_named_as_both_is_told_as_both() -> None:
    view = a_view(*both("I-1", None), a_link("P-she", "I-2", "perpetrator"), a_link("P-x", "I-2", "witness"))
    named = named_in(view.edges)
    assert named == {"P-he": NamedIn.PERPETRATOR, "P-she": NamedIn.BOTH}


def test_the_detectors_read_the_same_out_of_a_view() -> None:
    view = a_view(*both("I-1", "2026-01-02"), *both("I-2", "2026-02-02", her="P-other"))
    found = scan(register_of(view.nodes, view.edges), thresholds_on(date(2026, 3, 2)))
    assert [each.persons[0] for each in found.findings[PatternKey.SERIAL_PERPETRATOR]] == ["P-he"]


def test_a_map_without_dates_has_no_days() -> None:
    assert days_of(both("I-1", None)) == (None, None)
    assert days_of(both("I-1", "2026-01")) == (date(2026, 1, 1), date(2026, 1, 31))

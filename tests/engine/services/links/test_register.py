"""The record's links whole, for one viewer: paths, components, figures, patterns and files."""

from __future__ import annotations

import csv
from datetime import timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.links.arrays import Layer
from engine.links.exporting.graph_files import GraphFormat
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.searching import PatternsAsked
from engine.links.snapshot_files import current_name, open_snapshot
from engine.services.links import export as link_export
from engine.services.links import graphs as link_graphs
from engine.services.links import register as link_register
from engine.services.links.graphs import neighbourhood
from engine.services.links.projection import refresh_links
from engine.services.links.views import view_around
from engine.services.referrals import screening
from tests.builders import SAFE_PHONE, Desk, a_person, a_referral, a_screening, an_incident
from tests.engine.services.links.test_graphs import PHONE, tied

PHONES = ["07700 900201", "07700 900202", "07700 900203", "07700 900204"]


def whole(desk: Desk, acting: Acting | None = None) -> dict[str, Any]:
    return {"context": desk.context(acting or desk.coordinator), "snapshots": desk.runtime.link_snapshots}


def a_chain(desk: Desk) -> tuple[str, ...]:
    """Five cases, each two neighbours joined by a telephone of both alleged perpetrators."""
    referrals = [tied(str(n), *PHONES[max(0, n - 1) : n + 1]) for n in range(5)]
    return desk.refer(*referrals).referrals


def by_networkx(desk: Desk, acting: Acting, start: str) -> nx.Graph:
    return nx.Graph(neighbourhood(**whole(desk, acting), person=start, hops=8))


@pytest.mark.parametrize("written", [False, True])
def test_a_path_is_as_long_as_networkx_finds_it(desk: Desk, written: bool) -> None:
    cases = a_chain(desk)
    if written:
        refresh(desk)
    graph = by_networkx(desk, desk.coordinator, cases[2])
    for a, b in combinations(cases, 2):
        found = link_graphs.path(**whole(desk), a=a, b=b)
        assert found.hops == nx.shortest_path_length(graph, a, b)
        assert found.number == len(list(nx.all_shortest_paths(graph, a, b)))
        for stops in found.paths:
            assert all(graph.has_edge(*step) for step in pairwise(stops))
            assert (stops[0], stops[-1]) == (a, b)


def refresh(desk: Desk) -> None:
    refresh_links(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)


def test_what_changed_since_the_arrays_were_made_is_there_and_their_age_is_told(desk: Desk) -> None:
    cases = a_chain(desk)
    refresh(desk)
    assert current_name(desk.runtime.settings.home / "links")
    before = link_graphs.path(**whole(desk), a=cases[0], b=cases[4])
    assert before.changed_since == 0
    desk.clock.forward(timedelta(hours=3))
    (new,) = desk.refer(tied("9", PHONES[0], PHONES[3])).referrals
    after = link_graphs.path(**whole(desk), a=cases[0], b=cases[4])
    assert (before.hops, after.hops) == (10, 6)
    assert new not in after.graph
    assert after.changed_since == 1
    assert after.snapshot_at == before.snapshot_at


def test_a_thing_that_became_protected_is_gone_from_paths_at_once(desk: Desk) -> None:
    cases = a_chain(desk)
    refresh(desk)
    desk.refer(tied("9", protected=(ProtectedValue(kind=ProtectedKind.PHONE, value=PHONES[1]),)))
    assert link_graphs.path(**whole(desk), a=cases[0], b=cases[1]).hops is not None
    assert link_graphs.path(**whole(desk), a=cases[0], b=cases[4]).hops is None


def test_joined_people_are_one_stop_of_a_path(desk: Desk) -> None:
    he, she = a_person(), a_person("Amira", "Kent")  # without a number by which a rule would join them
    things = (Thing(kind=ThingKind.PHONE, value=PHONE),)
    one, other = desk.refer(
        a_referral("1", perpetrator=he, victim=she),
        a_referral("2", perpetrator=he, victim=she, perpetrator_things=things),
    ).referrals
    far = desk.refer(tied("3", PHONE)).referrals[0]
    assert link_graphs.path(**whole(desk), a=one, b=far).hops is None
    from engine.services.cases.views import view_case

    (offer,) = view_case(desk.context(desk.coordinator).with_agencies(()), reference=other).offers
    screening.screen(
        desk.context(desk.coordinator).with_agencies(()),
        reference=other,
        screening=a_screening(same_episode_as=offer.episode),
    )
    found = link_graphs.path(**whole(desk), a=one, b=far)
    assert found.hops == 4
    assert found.hops == nx.shortest_path_length(by_networkx(desk, desk.coordinator, one), one, far)


def test_a_thing_with_many_users_is_crossed_only_where_there_is_no_other_way(desk: Desk) -> None:
    cases = desk.refer(*(tied(str(n), PHONE) for n in range(1, 53))).referrals
    found = link_graphs.path(**whole(desk), a=cases[0], b=cases[1])
    assert found.hops == 4
    assert found.through_hubs
    screen(desk, *cases[:3])
    ana = desk.add("ana", Role.ANALYST)
    seen = link_graphs.path(**whole(desk, ana), a=cases[0], b=cases[1])
    assert seen.hops == 4
    assert not seen.through_hubs


def screen(desk: Desk, *references: str) -> None:
    for reference in references:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()), reference=reference, screening=a_screening()
        )


def test_a_path_never_leads_through_what_is_not_open(desk: Desk) -> None:
    cases = a_chain(desk)
    screen(desk, *(case for case in cases if case != cases[2]))
    ana = desk.add("ana", Role.ANALYST)
    assert link_graphs.path(**whole(desk, ana), a=cases[0], b=cases[1]).hops == 4
    assert link_graphs.path(**whole(desk, ana), a=cases[0], b=cases[4]).hops is None
    with pytest.raises(NotFoundError):
        link_graphs.path(**whole(desk, ana), a=cases[0], b=cases[2])


def test_components_and_figures_are_those_of_networkx(desk: Desk) -> None:
    cases = a_chain(desk)
    alone = desk.refer(tied("alone")).referrals[0]
    found = link_graphs.components(**whole(desk))
    one, other = (nx.Graph(graph) for graph in found.graphs)
    assert set(one) == set(by_networkx(desk, desk.coordinator, cases[2]))
    assert set(other) == set(by_networkx(desk, desk.coordinator, alone))
    assert found.figures["components"] == 2
    answer = link_register.summary(**whole(desk))
    assert answer["entities"]["person"] == 12
    assert answer["components"] == 2
    assert answer["largest_component"] == len(one)


def test_patterns_are_found_in_what_the_viewer_may_see_and_no_more(desk: Desk) -> None:
    first, second = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    screen(desk, first)
    ana = desk.add("ana", Role.ANALYST)
    keys = [PatternKey.SHARED_OBJECT, PatternKey.REPEAT_VICTIM]
    seen = link_register.patterns(**whole(desk), asked=PatternsAsked(keys))
    (shared,) = seen.findings[PatternKey.SHARED_OBJECT]
    assert len(shared.persons) == 2
    assert len(seen.findings[PatternKey.REPEAT_VICTIM]) == 2
    hers = link_register.patterns(**whole(desk, ana), asked=PatternsAsked(keys))
    assert hers.findings[PatternKey.SHARED_OBJECT] == ()
    assert second not in str(hers)


def test_two_reports_of_one_crime_are_one_incident_to_a_pattern(desk: Desk) -> None:
    crime = (an_incident(crime_reference="CR/1"), an_incident("2026-02-21", crime_reference="cr/1"))
    desk.refer(tied("1", incidents=crime))
    found = link_register.patterns(**whole(desk), asked=PatternsAsked([PatternKey.REPEAT_VICTIM]))
    assert found.findings[PatternKey.REPEAT_VICTIM] == ()


def test_an_export_needs_a_reason_and_holds_no_protected_value_and_no_formula(
    desk: Desk, tmp_path: Path
) -> None:
    bad = a_referral(
        "1",
        perpetrator=a_referral().perpetrator.model_copy(update={"forename": "=cmd()"}),
        perpetrator_things=(
            Thing(kind=ThingKind.PHONE, value=SAFE_PHONE),
            Thing(kind=ThingKind.PHONE, value=PHONE),
        ),
    )
    desk.refer(bad)
    asked: dict[str, Any] = {**whole(desk), "form": GraphFormat.I2, "out": tmp_path / "i2"}
    for why in ("", "two\nlines"):
        with pytest.raises(InvalidInputError):
            link_export.export(**asked, why=why)
    assert not (tmp_path / "i2").exists()
    files = link_export.export(**asked, why="For the analyst's chart.")
    entities = list(csv.DictReader(Path(files[0]).read_text(encoding="utf-8-sig").splitlines()))
    assert {each["type"] for each in entities} == {"person", "incident", "referral", "phone"}
    assert any(each["label"].startswith("'=cmd()") for each in entities)
    text = "".join(Path(file).read_text() for file in files)
    assert "900417" not in text
    assert "900123" in text
    with pytest.raises(NotPermittedError):
        link_export.export(
            **{**asked, "context": desk.context(desk.add("worker", Role.PRACTITIONER, "harbour"))}, why="So."
        )


def test_an_analysts_export_holds_no_name(desk: Desk, tmp_path: Path) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    screen(desk, case)
    ana = desk.add("ana", Role.ANALYST)
    (file,) = link_export.export(
        **whole(desk, ana), form=GraphFormat.GRAPHML, out=tmp_path / "g.graphml", why="A chart."
    )
    text = Path(file).read_text()
    assert "Perp1" not in text
    assert "900123" not in text
    assert case in text


def test_renewed_arrays_are_those_that_would_be_read_whole(desk: Desk) -> None:
    cases = a_chain(desk)
    refresh(desk)
    desk.refer(tied("changed", PHONE))
    episodes_before = _arrays(desk)
    screen(desk, cases[0])
    desk.refer(tied("1", "07700 900987"), tied("new", PHONE))
    refresh(desk)
    folder = desk.runtime.settings.home / "links"
    renewed = open_snapshot(folder, str(current_name(folder)))
    assert renewed is not None
    for name, column in _arrays(desk).links.items():
        assert renewed.laid[0].layer.links[name].tolist() == column.tolist(), name
    assert renewed.laid[0].layer.size > episodes_before.size
    for name, column in _arrays(desk).same.items():
        assert sorted(renewed.laid[0].layer.same[name].tolist()) == sorted(column.tolist()), name
    before = current_name(folder)
    refresh(desk)
    assert current_name(folder) == before  # nothing changed, and nothing is written


def _arrays(desk: Desk) -> Layer:
    with desk.runtime.uow.unrecorded() as work:
        return work.links.arrays.whole()


def test_a_damaged_snapshot_is_made_again(desk: Desk) -> None:
    cases = a_chain(desk)
    refresh(desk)
    folder = desk.runtime.settings.home / "links"
    (folder / str(current_name(folder)) / "nodes.npy").write_bytes(b"no array")
    assert link_graphs.path(**whole(desk), a=cases[0], b=cases[1]).hops == 4


def test_an_age_counts_the_changed_cases_that_the_viewer_may_see_and_no_other(desk: Desk) -> None:
    """A count of all that changed would tell of what is hidden."""
    first = desk.refer(tied("1", PHONE)).referrals
    screen(desk, *first)
    refresh(desk)
    ana = desk.add("ana", Role.ANALYST)
    assert link_graphs.components(**whole(desk, ana)).changed_since == 0
    later = desk.refer(tied("2", PHONE), tied("3", PHONE)).referrals
    assert link_graphs.components(**whole(desk, ana)).changed_since == 0
    screen(desk, later[0])
    assert link_graphs.components(**whole(desk, ana)).changed_since == 1
    assert link_graphs.components(**whole(desk)).changed_since == 2
    refresh(desk)
    assert link_graphs.components(**whole(desk)).changed_since == 0


def test_a_neighbourhood_says_how_old_the_arrays_are_in_which_it_was_found(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE)).referrals
    asked: dict[str, Any] = {**whole(desk), "reference": case}
    assert view_around(**asked).snapshot_at == desk.clock.now(), "without files they are made at once"
    refresh(desk)
    made = desk.clock.now()
    desk.clock.forward(timedelta(hours=5))
    desk.refer(tied("2", PHONE))
    seen = view_around(**asked)
    assert (seen.snapshot_at, seen.changed_since) == (made, 1)


COURSE = tuple(
    an_incident(day)
    for day in (
        "2025-06-01",
        "2025-10-20",
        "2025-12-15",
        "2026-01-20",
        "2026-02-05",
        "2026-02-14",
        "2026-02-20",
    )
)


def test_the_trend_of_each_two_people_has_its_probabilities_for_an_analyst(desk: Desk) -> None:
    course, short, _ = desk.refer(
        tied("1", incidents=COURSE), tied("2", incidents=COURSE[:3]), tied("3", incidents=COURSE)
    ).referrals
    screen(desk, course, short)
    found = link_register.trends(**whole(desk, desk.add("ana", Role.ANALYST))).found
    (pair_trend,) = found.trends
    assert found.number == 1
    assert (pair_trend.trend.events, pair_trend.trend.alarm) == (7, True)
    assert pair_trend.trend.p_permutation is not None
    assert pair_trend.trend.p_permutation <= 0.01
    assert {pair_trend.perpetrator[:2], pair_trend.victim[:2]} == {"P-"}
    assert link_register.trends(**whole(desk)).found.number == 2
    assert link_register.trends(**whole(desk), first=1).found.trends[0] != pair_trend
    with pytest.raises(NotPermittedError):
        link_register.trends(**whole(desk, desk.chair))


def test_a_page_looks_at_so_many_candidates_and_says_that_there_are_more(desk: Desk) -> None:
    desk.refer(tied("1"), tied("2"), tied("3"))
    keys = [PatternKey.REPEAT_VICTIM]
    some = link_register.patterns(**whole(desk), asked=PatternsAsked(keys, most=2))
    assert len(some.findings[PatternKey.REPEAT_VICTIM]) == 2
    assert [each.judged.says for each in some.not_judged] == [
        "More than 2 are possible; the others were not checked."
    ]
    assert link_register.patterns(**whole(desk), asked=PatternsAsked(keys, most=3)).not_judged == ()

"""Map, search, week and alerts find the same in the real record, in the same words, whichever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.cases.incidents import Channel, IncidentReported
from engine.domain.links.maps import LinkMap, MapAsked
from engine.domain.links.saved_searches import PatternQuestion
from engine.domain.people.persons import PersonDescribed, Thing, ThingKind
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import Referral
from engine.links.patterns.finding import Finding, PatternKey
from engine.services.cases import views as case_views
from engine.services.links import maps as link_maps
from engine.services.links import register as link_register
from engine.services.links.week import patterns_of_week
from engine.services.people import same_person
from engine.services.people.matching import compare_new
from engine.services.referrals import screening
from tests.builders import Desk, a_desk, a_person, a_referral, an_incident
from tests.engine.services.links.test_graphs import screened
from tests.engine.services.links.test_orders import recorded
from tests.engine.services.links.test_saved_searches import alerts, asked, watching

NOT_HELD = {PatternKey.REPEAT_LOCATION: "place", PatternKey.PROFESSIONAL_TARGETED: "professional"}
"""Patterns of which the record holds no fact: where an incident was, and who works with the matter."""
HIM, FRIEND = a_person("Daniel", "Roe"), a_person("Piotr", "Zielinski")
HER, OTHER = a_person("Amira", "Kent"), a_person("Beth", "Oakes")
SHARED = "07700 900123"


class Told(NamedTuple):
    """A finding as one door gives it."""

    key: str
    says: str
    persons: tuple[str, ...]
    counter_evidence: tuple[str, ...]


def called(number: str, one: PersonDescribed, other: PersonDescribed, *days: str, **more: Any) -> Referral:
    channel = more.pop("channel", Channel.PHONE)
    return a_referral(
        number,
        **{
            "perpetrator": one,
            "victim": other,
            "protected": (),
            "incidents": tuple(an_incident(day, channel=channel) for day in days),
            **more,
        },
    )


def phones(*values: str) -> tuple[Thing, ...]:
    return tuple(Thing(kind=ThingKind.PHONE, value=value) for value in values)


def parties(desk: Desk, case: str) -> tuple[str, str]:
    view = case_views.view_case(desk.context(desk.coordinator).with_agencies(()), reference=case)
    return view.perpetrator.reference, view.victim.reference


def same(desk: Desk, one: str, other: str) -> None:
    same_person.judge_same(
        desk.context(desk.coordinator), one=one, other=other, verdict=SameVerdict.SAME, why="Seen."
    )


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """Each pattern that the record can hold, planted by referrals, decisions and an order."""
    with a_desk(tmp_path_factory.mktemp("doors") / "home") as desk:
        for key in PatternKey:
            watching(desk, PatternQuestion(pattern=key.value))
        months = [f"2025-0{month}-10" for month in (1, 2, 3)]
        mine = IncidentReported.model_validate(an_incident("2026-02-20", channel=Channel.ONLINE))
        first, second, back, friend = desk.refer(
            called(
                "1",
                HIM,
                HER,
                perpetrator_things=phones(SHARED, "07700 900201", "07700 900202"),
                incidents=(*(an_incident(day, channel=Channel.PHONE) for day in months), mine),
            ),
            called("2", HIM, OTHER, "2026-02-10"),
            called("3", HER, HIM, "2025-02-20"),
            called("4", FRIEND, HER, "2025-03-20", perpetrator_things=phones(SHARED)),
        ).referrals
        screened(desk, first, second, back, friend)
        (he, her), (he_again, _) = parties(desk, first), parties(desk, second)
        her_as_perpetrator, he_as_victim = parties(desk, back)
        for one, other in (
            (he, he_again),
            (he, he_as_victim),
            (her, her_as_perpetrator),
            (her, parties(desk, friend)[1]),
        ):
            same(desk, one, other)
        recorded(desk, first, made="2026-02-02")
        desk.clock.forward(timedelta(days=3))
        (again,) = desk.refer(called("5", HIM, HER, "2026-03-04", channel=Channel.ONLINE)).referrals
        screened(desk, again)
        for one, other in zip((he, her), parties(desk, again), strict=True):
            same(desk, one, other)
        asked(desk)
        yield desk, first


def by_search(desk: Desk, acting: Acting | None = None) -> list[Told]:
    found = link_register.patterns(
        desk.context(acting or desk.coordinator), snapshots=desk.runtime.link_snapshots
    )
    return [as_told(key, each) for key, findings in found.findings.items() for each in findings]


def as_told(key: PatternKey, finding: Finding) -> Told:
    return Told(key.value, finding.says, finding.persons, finding.counter_evidence)


def drawn(desk: Desk, start: str, hops: int, acting: Acting | None = None) -> LinkMap:
    return link_maps.draw_map(
        desk.context(acting or desk.coordinator),
        asked=MapAsked(start=start, hops=hops),
        snapshots=desk.runtime.link_snapshots,
    )


def by_map(found: LinkMap) -> list[Told]:
    return [Told(each.key, each.says, each.persons, each.counter_evidence) for each in found.patterns.found]


def by_week(desk: Desk) -> list[Told]:
    found = patterns_of_week(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
    assert found is not None
    return [Told(each.pattern, each.says, each.persons, each.counter_evidence) for each in found.found]


def test_each_pattern_of_the_record_is_found_by_all_four_in_the_same_words(planted: tuple[Desk, str]) -> None:
    desk, case = planted
    search = by_search(desk)
    assert {each.key for each in search} == {key.value for key in PatternKey if key not in NOT_HELD}
    assert sorted(by_map(drawn(desk, case, 4))) == sorted(search)
    assert sorted(by_week(desk)) == sorted(search)
    raised = {
        (each.says.split("is one more in this: ")[-1], each.counter_evidence) for each in alerts(desk).alerts
    }
    assert raised == {(each.says, each.counter_evidence) for each in search}


def test_an_order_and_then_another_way_names_the_way(planted: tuple[Desk, str]) -> None:
    desk, _ = planted
    (switch,) = [each for each in by_search(desk) if each.key == PatternKey.ORDER_THEN_SWITCH]
    assert "by online, not used before" in switch.says


def test_what_the_record_cannot_show_is_said_and_not_passed_over(planted: tuple[Desk, str]) -> None:
    desk, case = planted
    found = link_register.patterns(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
    reasons = {each.pattern: each.judged.says for each in found.not_judged}
    on_map = " ".join(drawn(desk, case, 4).patterns.not_judged)
    for key, lacking in NOT_HELD.items():
        assert lacking in reasons[key]
        assert f"{key.value}: " in on_map


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_a_map_of_any_distance_has_the_findings_about_its_items_and_counts_what_lies_beyond(
    planted: tuple[Desk, str], hops: int
) -> None:
    desk, case = planted
    near = drawn(desk, case, hops)
    there = {each.node.id for each in near.nodes} | {id_ for each in near.nodes for id_ in each.stands_for}
    assert set(by_map(near)) <= set(by_search(desk))
    for each in near.patterns.found:
        assert bool(each.beyond) is not ({*each.path, *each.persons} <= there), each.says
        assert (each.beyond_in_words is None) is (each.beyond == 0)
    wider = drawn(desk, case, hops + 1)
    assert near.patterns.further == len(wider_items(wider)) - len(wider_items(near))
    assert (near.patterns.further_in_words is None) is (near.patterns.further == 0)


def wider_items(found: LinkMap) -> set[str]:
    return {each.node.id for each in found.nodes} | {id_ for each in found.nodes for id_ in each.stands_for}


def test_a_serial_perpetrator_is_named_where_the_other_victim_is_one_link_further(
    planted: tuple[Desk, str],
) -> None:
    desk, case = planted
    near = drawn(desk, case, 2)
    (serial,) = [each for each in near.patterns.found if each.key == PatternKey.SERIAL_PERPETRATOR]
    assert serial.beyond > 0
    assert serial.persons[-1] not in wider_items(near)


def two_who_may_share_a_victim(desk: Desk) -> tuple[str, str]:
    """Two who share a phone, in no incident together; their victims have one name, birthday and number."""
    her = a_person("Amira", "Kent", pnc="2003/0000456Q")
    one, other = desk.refer(
        called("1", HIM, her, "2026-02-10", perpetrator_things=phones(SHARED)),
        called("2", FRIEND, her, "2026-02-12", perpetrator_things=phones(SHARED)),
    ).referrals
    screened(desk, one, other)
    compare_new(desk.context(flow_acting("compare", "runner")))
    return one, other


def proxies(desk: Desk, acting: Acting | None = None) -> tuple[str, ...]:
    (found,) = [each for each in by_search(desk, acting) if each.key == PatternKey.PROXY]
    assert not any("Nothing recorded ties" in each for each in found.counter_evidence)
    return found.counter_evidence


def test_two_victims_who_may_be_one_are_named_in_the_finding_of_all_four(desk: Desk) -> None:
    watching(desk, PatternQuestion(pattern="proxy"))
    one, other = two_who_may_share_a_victim(desk)
    asked(desk)
    pair = [parties(desk, case)[1] for case in (one, other)]
    (alert,) = [each for each in alerts(desk).alerts if "one more" not in each.says]
    doors = [
        proxies(desk),
        alert.counter_evidence,
        *(
            each.counter_evidence
            for each in (*by_map(drawn(desk, one, 4)), *by_week(desk))
            if each.key == PatternKey.PROXY
        ),
    ]
    assert len(doors) == 4
    for against in doors:
        assert all(reference in against[0] for reference in pair)
        assert "may be one person" in against[0]
        assert "both named against that person" in against[1]


@pytest.mark.parametrize("verdict", [SameVerdict.NOT_SAME, SameVerdict.SAME])
def test_once_a_person_decided_it_is_not_said(desk: Desk, verdict: SameVerdict) -> None:
    """The near miss."""
    one, other = two_who_may_share_a_victim(desk)
    pair = [parties(desk, case)[1] for case in (one, other)]
    same_person.judge_same(
        desk.context(desk.coordinator), one=pair[0], other=pair[1], verdict=verdict, why="Seen."
    )
    assert not any("may be one person" in each for each in proxies(desk))


def test_victims_who_may_be_one_are_named_only_to_who_decides_and_reads_both_by_name(desk: Desk) -> None:
    """Anybody else reads the same words whether there is such a pair or not."""
    ana = desk.add("ana", Role.ANALYST)
    pat = desk.add("pat", Role.PRACTITIONER, agency="police")
    one, other = two_who_may_share_a_victim(desk)
    for case, is_named in ((one, False), (other, True)):
        people = ["ana", "pat"]
        screening.name_people(desk.context(desk.coordinator), reference=case, people=people)
        assert any("may be one person" in each for each in proxies(desk, ana)) is is_named
    for against in (proxies(desk, pat), proxies(desk, desk.chair)[2:]):
        assert not any("may be one person" in each for each in against)
        assert "By the records as they are joined now" in against[-1]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        yield made

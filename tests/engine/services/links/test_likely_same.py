"""Two records likely of one person are shown as that beside links, where it is safe; nothing is merged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.links.maps import LinkMap, MapAsked
from engine.domain.links.saved_searches import PatternQuestion
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.links.exporting.graph_files import GraphFormat
from engine.links.patterns.finding import Finding, PatternKey
from engine.links.patterns.scan import PatternsFound
from engine.links.patterns.searching import PatternsAsked
from engine.services.cases import views as case_views
from engine.services.links import alerts as link_alerts
from engine.services.links import export as link_export
from engine.services.links import maps as link_maps
from engine.services.links import register as link_register
from engine.services.links.views import view_around
from engine.services.people import same_person
from engine.services.people.matching import compare_new
from engine.services.referrals import screening
from tests.builders import Desk, a_person, a_referral
from tests.engine.services.links.test_graphs import screened, tied
from tests.engine.services.links.test_saved_searches import asked, watching

PHONE, HIDDEN = "07700 900123", "07700 900777"
PROXY, SHARED = PatternKey.PROXY, PatternKey.SHARED_OBJECT
HIM = a_person("Daniel", "Roe")


def alike(desk: Desk, *phones: str, **second: Any) -> tuple[str, str]:
    """Two referrals whose alleged perpetrators have one name and one phone, against two victims."""
    first, other = desk.refer(
        tied("1", PHONE, perpetrator=HIM), tied("2", PHONE, *phones, perpetrator=HIM, **second)
    ).referrals
    screened(desk, first, other)
    compare_new(desk.context(flow_acting("compare", "runner")))
    return first, other


def found(desk: Desk, acting: Acting | None = None) -> PatternsFound:
    return link_register.patterns(
        desk.context(acting or desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        asked=PatternsAsked([PROXY, SHARED]),
    )


def the_one(patterns_found: PatternsFound, key: PatternKey = PROXY) -> Finding:
    (finding,) = patterns_found.findings[key]
    return finding


def reads_so(patterns_found: PatternsFound) -> bool:
    return "may be one person" in the_one(patterns_found).counter_evidence[0]


def a_map(desk: Desk, start: str, acting: Acting | None = None) -> LinkMap:
    context = desk.context(acting or desk.coordinator)
    return link_maps.draw_map(
        context, asked=MapAsked(start=start, hops=4), snapshots=desk.runtime.link_snapshots
    )


def him(desk: Desk, reference: str) -> str:
    view = case_views.view_case(desk.context(desk.coordinator).with_agencies(()), reference=reference)
    return view.perpetrator.reference


def judged(desk: Desk, one: str, other: str, verdict: SameVerdict) -> None:
    same_person.judge_same(desk.context(desk.coordinator), one=one, other=other, verdict=verdict, why="Seen.")


def test_the_other_reading_is_first_against_a_finding_and_both_are_counted(desk: Desk) -> None:
    alike(desk)
    patterns_found = found(desk)
    one, other = the_one(patterns_found).persons
    sentences = the_one(patterns_found).counter_evidence
    assert sentences[0] == (
        f"{one} and {other} may be one person: very strong evidence in their records, "
        "and no person has decided it."
    )
    assert sentences[1] == (
        "Read as one person, 1 person is named here instead of 2, and this pattern is not there."
    )
    assert sentences[2].startswith("A shared object does not show an association")
    assert patterns_found.as_one == {PROXY: 0, SHARED: 0}


def test_of_three_users_of_whom_two_may_be_one_the_shared_object_holds(desk: Desk) -> None:
    alike(desk)
    (third,) = desk.refer(tied("3", PHONE)).referrals
    screened(desk, third)
    patterns_found = found(desk)
    assert the_one(patterns_found, SHARED).counter_evidence[1] == (
        "Read as one person, 2 people are named here instead of 3."
    )
    assert patterns_found.as_one == {PROXY: 2, SHARED: 1}


def test_a_map_draws_it_between_the_two_and_merges_nothing(desk: Desk) -> None:
    first, other = alike(desk)
    drawn = a_map(desk, first)
    (pair,) = drawn.may_be_one
    assert {pair.one, pair.other} == {him(desk, first), him(desk, other)}
    assert {pair.one, pair.other} <= {each.node.id for each in drawn.nodes}
    assert drawn.patterns.as_one < len(drawn.patterns.found)
    hidden = MapAsked(start=first, hops=4, hidden=(him(desk, other),))
    context, snapshots = desk.context(desk.coordinator), desk.runtime.link_snapshots
    assert link_maps.draw_map(context, asked=hidden, snapshots=snapshots).may_be_one == ()


@pytest.mark.parametrize("written_out", ["record", "map"])
def test_no_file_no_alert_and_no_plain_look_holds_it(desk: Desk, tmp_path: Path, written_out: str) -> None:
    first, _ = alike(desk)
    if written_out == "record":
        (file,) = link_export.export(
            desk.context(desk.coordinator),
            snapshots=desk.runtime.link_snapshots,
            form=GraphFormat.NODELINK,
            out=tmp_path / "links.json",
            why="A chart.",
        )
        text = Path(file).read_text(encoding="utf-8")
    else:
        common: dict[str, Any] = {
            "context": desk.context(desk.coordinator),
            "snapshots": desk.runtime.link_snapshots,
        }
        from engine.services.links.export import ask_export, made_export

        taken = ask_export(**common, asked=MapAsked(start=first, hops=4), form="nodelink", why="A chart.")
        text = made_export(**common, reference=taken.ref).content.decode()
    assert him(desk, first) in text
    assert "may be" not in text
    context, snapshots = desk.context(desk.coordinator), desk.runtime.link_snapshots
    assert view_around(context, reference=first, hops=4, snapshots=snapshots).may_be_one == ()
    watching(desk, PatternQuestion(pattern="shared-object"))
    desk.refer(tied("5", "07700 900888", perpetrator=HIM), tied("6", "07700 900888", perpetrator=HIM))
    compare_new(desk.context(flow_acting("compare", "runner")))
    asked(desk)
    alerts = link_alerts.my_alerts(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
    assert len(alerts.alerts) == 1
    assert "may be" not in alerts.alerts[0].says


def _a_victim_by_another_record(desk: Desk, first: str, other: str) -> None:
    (third,) = desk.refer(tied("3", victim=HIM)).referrals
    view = case_views.view_case(desk.context(desk.coordinator).with_agencies(()), reference=third)
    judged(desk, him(desk, other), view.victim.reference, SameVerdict.SAME)


def _judged_not_the_same(desk: Desk, first: str, other: str) -> None:
    judged(desk, him(desk, first), him(desk, other), SameVerdict.NOT_SAME)


def _a_protected_value_of_another_case(desk: Desk, first: str, other: str) -> None:
    safe = (ProtectedValue(kind=ProtectedKind.PHONE, value=HIDDEN),)
    desk.refer(tied("4", protected=safe))


@pytest.mark.parametrize(
    "happens", [_a_victim_by_another_record, _judged_not_the_same, _a_protected_value_of_another_case]
)
def test_it_is_not_said_where_it_would_be_unsafe_or_is_denied(
    desk: Desk, happens: Callable[[Desk, str, str], None]
) -> None:
    first, other = alike(desk, HIDDEN)
    assert reads_so(found(desk))
    happens(desk, first, other)
    patterns_found = found(desk)
    assert not reads_so(patterns_found)
    assert patterns_found.as_one == {PROXY: 1, SHARED: 1}
    assert a_map(desk, first).may_be_one == ()


def test_a_person_who_is_not_sure_leaves_both_readings(desk: Desk) -> None:
    first, other = alike(desk)
    judged(desk, him(desk, first), him(desk, other), SameVerdict.UNSURE)
    assert reads_so(found(desk))


def test_it_is_said_only_to_who_reads_both_records_by_name(desk: Desk) -> None:
    first, other = alike(desk)
    ana = desk.add("ana", Role.ANALYST)
    assert not reads_so(found(desk, ana))
    for case, sentence in ((first, False), (other, True)):
        screening.name_people(desk.context(desk.coordinator), reference=case, people=["ana"])
        assert reads_so(found(desk, ana)) is sentence
        assert bool(a_map(desk, first, ana).may_be_one) is sentence


def test_weak_agreement_is_not_said(desk: Desk) -> None:
    first, other = desk.refer(
        a_referral("1", perpetrator=HIM, perpetrator_things=(Thing(kind=ThingKind.PHONE, value=PHONE),)),
        tied("2", PHONE, perpetrator=a_person("Marta", "Lindqvist")),
    ).referrals
    screened(desk, first, other)
    compare_new(desk.context(flow_acting("compare", "runner")))
    assert not reads_so(found(desk))

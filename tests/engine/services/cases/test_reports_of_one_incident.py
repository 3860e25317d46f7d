"""Two reports that a crime reference makes one incident keep both kinds and every alarm topic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from engine.domain.absence import YesNo
from engine.domain.cases.incidents import IncidentKind, kinds_in_words
from engine.domain.cases.views import CaseView
from engine.domain.dates import PartialDate
from engine.domain.plans.reviews import IncidentKnown, breaches, new_incidents
from engine.domain.referrals.intake import AlarmTopic
from engine.links.measures import Reported, measures_of
from engine.orders.breach_checks import Match, act
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.orders.criteria import criteria
from engine.services.referrals.incidents import record_incident
from engine.store.repositories.cases.incidents import ReportRead, merged
from tests.builders import Desk, a_desk, a_referral, an_incident
from tests.engine.orders.compared import NO_CONTACT, conditions
from tests.engine.orders.compared import an_incident as a_held_incident

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
PAIRS = list(permutations(IncidentKind, 2))
CRIME = {"crime_reference": "CR/1/26"}
ASSAULT, THREAT = IncidentKind.ASSAULT, IncidentKind.THREAT


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as opened:
        yield opened


def referred(desk: Desk, *kinds: IncidentKind, number: str = "1", **changes: object) -> str:
    reported = tuple(an_incident("2026-02-20", kind=kind, **{**CRIME, **changes}) for kind in kinds)
    (reference,) = desk.refer(a_referral(number, incidents=reported)).referrals
    return reference


def entered(desk: Desk, case: str, kind: IncidentKind, topics: dict[AlarmTopic, YesNo] | None = None) -> str:
    desk.clock.forward(timedelta(minutes=1))
    return record_incident(
        desk.context(desk.coordinator),
        reference=case,
        incident=an_incident("2026-02-20", kind=kind, **CRIME),
        topics=topics,
    )


def seen(desk: Desk, case: str) -> CaseView:
    return view_case(desk.context(desk.chair), reference=case)


def asking(desk: Desk) -> list[str]:
    return [
        item.reference for item in worklist(desk.context(desk.coordinator)).items if item.kind == "ask topics"
    ]


@pytest.mark.parametrize(("first", "second"), [(ASSAULT, THREAT), (THREAT, ASSAULT)])
def test_a_threat_and_an_assault_of_one_crime_are_one_incident_of_both_kinds(
    desk: Desk, first: IncidentKind, second: IncidentKind
) -> None:
    case = referred(desk, first)
    entered(desk, case, second, {AlarmTopic.THREAT_TO_KILL: YesNo.YES})
    view = seen(desk, case)
    (incident,) = view.incidents
    assert incident.kinds == (first, second)
    assert [each.raised for each in view.alarms_since] == [(AlarmTopic.THREAT_TO_KILL,)]
    (undecided,) = view.review.not_decided
    assert "threat" in undecided.in_words


def test_a_corrected_report_undoes_it(desk: Desk) -> None:
    case = referred(desk, ASSAULT)
    entered(desk, case, THREAT, {AlarmTopic.THREAT_TO_KILL: YesNo.YES})
    assert len(seen(desk, case).incidents) == 1
    referred(desk, ASSAULT, crime_reference="CR/2/26")
    view = seen(desk, case)
    assert sorted(incident.kinds for incident in view.incidents) == [(ASSAULT,), (THREAT,)]
    assert [each.raised for each in view.alarms_since] == [(AlarmTopic.THREAT_TO_KILL,)]
    referred(desk, ASSAULT)
    assert [incident.kinds for incident in seen(desk, case).incidents] == [(ASSAULT, THREAT)]


def test_topics_asked_about_either_stand_for_both(desk: Desk) -> None:
    case = referred(desk, IncidentKind.OTHER, crime_reference="CR/9/26")
    entered(desk, case, THREAT)
    assert asking(desk) == [case]
    entered(desk, case, ASSAULT, {AlarmTopic.THREAT_TO_KILL: YesNo.NO, AlarmTopic.STRANGULATION: YesNo.NO})
    assert asking(desk) == []


def test_topics_that_leave_the_gravest_of_a_kind_open_do_not_stand_for_it(desk: Desk) -> None:
    case = referred(desk, IncidentKind.OTHER, crime_reference="CR/9/26")
    entered(desk, case, THREAT)
    entered(desk, case, ASSAULT, {AlarmTopic.STRANGULATION: YesNo.NO})
    assert asking(desk) == [case]


def report(number: int, kind: IncidentKind, crime: str | None) -> ReportRead:
    return ReportRead(
        incident=number,
        report=number,
        involvement="R-1",
        ref=f"I-{number}",
        kind=kind.value,
        channel=None,
        happened="2026-02-20",
        owner="stac",
        told_by="ana",
        received_at=AT,
        what=None,
        crime_reference=crime,
        grade=None,
        received_by=None,
    )


def test_every_pair_of_kinds_is_one_incident_of_both_and_two_without_the_reference() -> None:
    for first, second in PAIRS:
        (incident,) = merged([report(1, first, "CR/1"), report(2, second, "cr/1")])
        assert incident.kinds == (first, second)
        assert kinds_in_words(incident.kinds) == f"{first.in_words} and {second.in_words}"
        (acts, *_) = criteria(
            [incident], [], None, [], [], dissent=(), victim_asked=True, on=date(2026, 3, 1)
        )
        said = " ".join(acts.evidence)
        assert f"1 recorded: {first.in_words}." in said
        assert f"1 recorded: {second.in_words}." in said
        apart = merged([report(1, first, "CR/1"), report(2, second, "CR/2")])
        assert {each.kinds for each in apart} == {(first,), (second,)}


def test_every_pair_of_kinds_causes_the_reviews_of_each() -> None:
    for first, second in PAIRS:
        known = IncidentKnown("I-1", first, PartialDate("2026-02-20"), AT, also=(second,))
        found = [*new_incidents([known], since=AT - timedelta(days=1))]
        is_breach = IncidentKind.BREACH in (first, second)
        (cause,) = found
        for kind in {first, second} - {IncidentKind.BREACH}:
            assert kind.in_words in cause.says
        assert bool([*breaches([known], since=AT - timedelta(days=1))]) is is_breach


def test_the_trend_takes_the_graver_and_the_nearer_of_both_in_either_order() -> None:
    day, until = PartialDate("2026-02-20"), date(2026, 3, 1)
    series = [Reported(PartialDate(f"2026-02-{n:02}"), "contacting", "phone") for n in range(1, 9)]
    for first, second in PAIRS:
        one, other = (
            measures_of([*series, Reported(day, a, None, (b,))], until=until)
            for a, b in ((first.value, second.value), (second.value, first.value))
        )
        for name in ("How grave", "How near", "After an order"):
            (x,), (y,) = ([m.says for m in v.measures if m.name == name] for v in (one, other))
            assert sorted(x.split()) == sorted(y.split()), (first, second)
    for pair in ((ASSAULT.value, "gift"), ("gift", ASSAULT.value)):
        view = measures_of([*series, Reported(day, pair[0], None, pair[1:])], until=until)
        assert any("assault" in m.says for m in view.measures if m.name == "How grave")


def test_a_condition_is_compared_with_both_kinds() -> None:
    order = [Match.NO, Match.NO_FACT, Match.UNKNOWN, Match.YES]
    (condition,) = conditions(NO_CONTACT)
    for first, second in PAIRS:
        both, one, other = (
            act(a_held_incident(kind=a.value, channel=None).model_copy(update={"also": also}), condition)
            for a, also in ((first, (second,)), (first, ()), (second, ()))
        )
        assert order.index(both.match) == max(order.index(one.match), order.index(other.match))

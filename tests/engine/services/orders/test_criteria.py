"""The criteria of section 1: a dissent stands as it was typed, and one report only is something missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.involvement import StoredDecision
from engine.domain.cases.views import IncidentView
from engine.domain.conference.risk import Dissent, Level
from engine.domain.dates import PartialDate
from engine.domain.orders.orders import OrderAct, StoredOrder
from engine.domain.orders.protection import Applies
from engine.domain.orders.views import CriterionView
from engine.orders.rules import order_types
from engine.services.orders.criteria import criteria
from engine.services.orders.reading import orders_on_case
from tests.builders import SAFE_HOUSE, a_decision
from tests.conferences import Room
from tests.engine.orders.test_on_record import AT
from tests.engine.orders.test_protection import STATES, TODAY, far

pytestmark = pytest.mark.whose_is_said

SAYS = "The plan rests too much on the victim."
"""It asks for more: a count of dissents stood under what speaks against an order."""
NOTED = Dissent(agency="voice", who="V. Worker", reasons=SAYS)
DAY = date(2026, 3, 2)


NOT_SERVED = {"made, not served", "service tried", "not served, its end not recorded"}


def of_risk(level: Level) -> CriterionView:
    decision = StoredDecision(
        reference="D-1",
        version=1,
        decision=a_decision(level, dissent=(NOTED,)),
        saw={},
        not_seen={},
        by="chair",
        at=AT,
    )
    return criteria([], [], decision, [], [], victim_asked=True, on=DAY)[1]


@pytest.mark.parametrize("level", Level)
def test_a_dissent_speaks_neither_for_nor_against_at_any_level(level: Level) -> None:
    found = of_risk(level)
    assert not [line for line in (*found.evidence, *found.gaps, *found.against) if "dissent" in line.lower()]


def test_a_decision_without_a_dissent_has_no_part_for_it() -> None:
    assert [name for name, _ in of_risk(Level.HIGH).parts] == ["on the record", "missing", "speaks against"]


def test_the_text_of_a_dissent_is_read_as_its_reader_reads_the_decision(room: Room) -> None:
    room.started().next()
    moved = Dissent(agency="voice", who="V. Worker", reasons=f"{SAYS} He knows {SAFE_HOUSE}.")
    room.decide(room.cases[0], **dict(a_decision(dissent=(moved,))))
    there = orders_on_case(room.context(room.workers["harbour"]), reference=room.cases[0])
    (dissent,) = there.criteria[1].dissent
    assert dissent.startswith(f"voice, as noted by chair: {SAYS}")
    assert SAFE_HOUSE not in there.model_dump_json()
    assert there.criteria[1].parts[-1] == ("dissent, as recorded", (dissent,))


def test_one_report_only_is_missing_and_does_not_speak_against(room: Room) -> None:
    (acts, *_) = orders_on_case(room.context(), reference=room.cases[0]).criteria
    assert any("known from 1 report only" in line for line in acts.gaps)
    assert not any("report only" in line for line in acts.against)


def an_act(day: date | str) -> IncidentView:
    return IncidentView(
        reference="I-1",
        kind=IncidentKind.THREAT,
        happened=PartialDate(day) if isinstance(day, str) else PartialDate.of(day),
        channel=Channel.PHONE,
        reports=(),
    )


def of_need(order: StoredOrder, incidents: Sequence[IncidentView] = ()) -> CriterionView:
    return criteria(incidents, [], None, [order], [], victim_asked=True, on=TODAY)[2]


@pytest.mark.parametrize("state", STATES)
def test_an_order_of_every_type_speaks_against_only_where_it_surely_applies(state: str) -> None:
    make, of_service, of_none = STATES[state]
    for kind in order_types():
        answer = of_service if kind.needs_service else of_none
        found = of_need(make(kind.code))
        against = [line for line in found.against if "applies" in line]
        not_known = [line for line in found.gaps if "Not known whether" in line]
        waits = [line for line in found.gaps if "is not served" in line]
        assert bool(against) is (answer is Applies.YES), kind.code
        assert bool(not_known) is (answer is Applies.NOT_KNOWN), kind.code
        assert bool(waits) is (kind.needs_service and state in NOT_SERVED), kind.code


def test_an_incident_before_the_service_of_an_order_was_not_while_it_applied() -> None:
    act = an_act(date(2026, 11, 5))
    served_later, unserved = far("spo", (OrderAct.SERVED, "2026-11-10")), far("spo")
    for order in (served_later, unserved):
        (line,) = [each for each in of_need(order, [act]).evidence if order.reference in each]
        assert (
            line == f"1 after stalking protection order {order.reference} was made and before it was served."
        )
    served_before = far("spo", (OrderAct.SERVED, "2026-11-04"))
    (line,) = [each for each in of_need(served_before, [act]).evidence if "order" in each]
    assert line.startswith(f"1 while stalking protection order {served_before.reference} applied.")


@pytest.mark.parametrize(
    ("happened", "last"),
    [("2026", "1 December 2026"), ("2026-12", "1 December 2026"), ("2026-11", "30 November 2026")],
)
def test_no_act_is_dated_after_today_where_only_a_month_or_a_year_is_known(happened: str, last: str) -> None:
    acts = criteria([an_act(happened)], [], None, [], [], victim_asked=True, on=TODAY)[0]
    (line,) = [each for each in acts.evidence if each.startswith("Dated incidents")]
    assert line.endswith(f" and {last}.")

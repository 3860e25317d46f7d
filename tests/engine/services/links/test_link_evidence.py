"""Link evidence of agencies becomes links with source, date and grade, where all on the case may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.links.views import LinkEdge, LinkView, NodeKind
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.responses.reported import LinkEvidence
from engine.domain.rights.retention import DESK_OWNER
from engine.domain.sharing import AudienceKind, MayShare
from engine.services.links.projection import refresh_links
from engine.services.referrals.screening import name_people, screen
from engine.services.responses.agency_answers import answer_by_hand, release
from engine.services.responses.withdrawal import withdraw
from engine.services.rights import retention
from engine.services.sharing.agency_rules import store_verdicts
from engine.services.vault.protected_details import compared_as
from tests.builders import (
    Desk,
    a_contribution,
    a_person,
    a_screening,
    ask_all,
    in_one_entry,
    let_answer,
    with_toys,
)
from tests.engine.domain.responses.test_reported import evidence
from tests.engine.services.links.test_graphs import labels, seen, tied
from tests.engine.services.rights.test_retention import decided, ended
from tests.engine.services.sharing.test_release_rules import a_rule, ruled

PHONE = "07700 900777"


def reporting(*items: LinkEvidence) -> Contribution:
    return a_contribution(link_evidence=items or (phone(),))


def phone(**changes: Any) -> LinkEvidence:
    dated = {"first_recorded": "2025-11", "last_recorded": "2026-02-20", "grade": "2B P"}
    return evidence(**{"value": PHONE, **dated, **changes})


def asked(desk: Desk, answer: Contribution | None = None, **referral: Any) -> str:
    let_answer(desk, "harbour", answer or reporting())
    (case,) = desk.refer(tied("1", **referral)).referrals
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    ask_all(desk, case)
    return case


def uses(view: LinkView) -> list[LinkEdge]:
    return [edge for edge in view.edges if edge.kind in ("uses", "at")]


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def test_a_phone_is_a_link_with_its_source_date_and_grade(desk: Desk, workers: dict[str, Acting]) -> None:
    view = seen(desk, asked(desk))
    (edge,) = uses(view)

    assert labels(view, NodeKind.PHONE) == {f"phone {PHONE}"}
    assert (edge.told_by, str(edge.date), edge.grade) == ("harbour", "2026-02-20", "2B P")


@pytest.mark.parametrize(
    ("changes", "date", "grade"),
    [
        ({"last_recorded": None}, "2025-11", "2B P"),
        ({"first_recorded": None, "last_recorded": None, "grade": None}, "None", None),
    ],
)
def test_what_is_not_recorded_of_it_stays_so(
    desk: Desk, workers: dict[str, Acting], changes: dict[str, object], date: str, grade: str | None
) -> None:
    (edge,) = uses(seen(desk, asked(desk, reporting(phone(**changes)))))

    assert (str(edge.date), edge.grade) == (date, grade)


def test_each_kind_of_thing_but_an_associate_is_a_node(desk: Desk, workers: dict[str, Acting]) -> None:
    given = {
        "address": "1 High Street, ZZ1 1AA",
        "email": "dan@example.org",
        "account": "@dan",
        "vehicle": "ZZ99 ZZZ",
        "device": "IMEI 1",
        "associate": "Sam Friend",
    }
    items = [evidence(key=f"thing-{thing}", thing=thing, value=value) for thing, value in given.items()]
    view = seen(desk, asked(desk, reporting(*items)))
    things = {node.label for node in view.nodes if node.kind.value not in ("person", "incident", "referral")}

    assert things == {
        *("place 1 High Street, ZZ1 1AA", "email dan@example.org", "account @dan"),
        *("vehicle ZZ99 ZZZ", "device IMEI 1"),
    }


def test_a_phone_that_two_agencies_or_a_referral_tell_too_is_one_node(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    (other,) = desk.refer(tied("2", "+44 7700 900 777")).referrals
    case = asked(desk)

    assert other in {node.id for node in seen(desk, case).nodes}


def test_two_sources_of_one_phone_are_two_links_with_their_own_grades(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = asked(desk, perpetrator_things=(Thing(kind=ThingKind.PHONE, value=PHONE),))
    edges = uses(seen(desk, case))
    assert {edge.grade for edge in edges} == {None, "2B P"}
    assert len({edge.id for edge in edges}) == len(edges) == 2


@pytest.mark.parametrize("item", ["evidence:phone-1", "*"])
def test_a_rule_takes_it_out_at_once_and_its_end_puts_it_back(
    desk: Desk, workers: dict[str, Acting], item: str
) -> None:
    case = asked(desk)
    ruled(desk, workers["harbour"], case, a_rule(item, AudienceKind.OWNER))
    assert uses(seen(desk, case)) == []
    refresh_links(desk.context(desk.coordinator), everything=True)
    assert uses(seen(desk, case)) == []
    ruled(desk, workers["harbour"], case, a_rule(item, AudienceKind.PANEL))

    assert len(uses(seen(desk, case))) == 1


OTHER, REFERRED = "07700 900555", "07700 900666"


def phones(view: LinkView) -> set[str]:
    return {label.removeprefix("phone ") for label in labels(view, NodeKind.PHONE)}


def test_an_agencys_own_rule_takes_out_what_it_narrows_and_nothing_else(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    both = reporting(phone(), phone(key="phone-2", value=OTHER))
    let_answer(desk, "harbour", both)
    (case,) = desk.refer(tied("1", REFERRED, source="harbour")).referrals
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    ask_all(desk, case)
    assert phones(seen(desk, case)) == {PHONE, OTHER, REFERRED}
    narrowed = {"evidence:phone-1": MayShare(audience=AudienceKind.OWNER, because="It is ours.")}
    with in_one_entry(desk.runtime) as work:
        key, at = desk.runtime.key, desk.clock.now()
        store_verdicts(work, case, "harbour", narrowed, key=key, purpose="case work", at=at)
    assert phones(seen(desk, case)) == {OTHER, REFERRED}
    ask_all(desk, case, again=True)

    assert phones(seen(desk, case)) == {OTHER, REFERRED}


def test_what_an_agency_said_of_another_person_is_no_link_until_it_says_it_again(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = asked(desk)
    desk.clock.forward(timedelta(hours=1))
    desk.refer(tied("1", perpetrator=a_person("Don", "Right")))
    assert labels(seen(desk, case), NodeKind.PERSON) >= {"Don Right"}
    assert phones(seen(desk, case)) == set()
    ask_all(desk, case, again=True)

    assert phones(seen(desk, case)) == {PHONE}


def test_what_was_prepared_about_another_person_is_no_link_although_it_was_released_later(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    let_answer(desk, "lantern", reporting())
    let_answer(desk, "harbour", NilReturn(looked_in=("register",), says="Nothing was held."))
    (case,) = desk.refer(tied("1")).referrals
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    ask_all(desk, case)
    desk.clock.forward(timedelta(hours=1))
    desk.refer(tied("1", perpetrator=a_person("Don", "Right")))
    desk.clock.forward(timedelta(hours=1))
    release(desk.context(workers["lantern"]), reference=case, agency="lantern")
    assert phones(seen(desk, case)) == set(), "it was prepared about the earlier person"
    let_answer(desk, "lantern", reporting(phone(), phone(key="phone-2", value="07700 900778")))
    ask_all(desk, case, again=True)
    release(desk.context(workers["lantern"]), reference=case, agency="lantern")

    assert phones(seen(desk, case)) == {PHONE, "07700 900778"}


def test_a_person_who_was_erased_gets_no_thing_back_from_an_agency(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = ended(desk)
    assert phones(seen(desk, case)) == {PHONE}
    decided(desk, desk.chair, case, DESK_OWNER)
    retention.erase(desk.context(desk.coordinator), reference=case, owner=DESK_OWNER)
    refresh_links(desk.context(desk.coordinator), everything=True)
    assert phones(seen(desk, case)) == set()
    with desk.runtime.uow.unrecorded() as work:
        assert case in work.answers.link_evidence([case])  # the agency's part is still there


def test_when_an_agencys_part_is_erased_what_the_referral_said_stays(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = ended(desk, source="harbour", perpetrator_things=tied("1", REFERRED).perpetrator_things)
    assert phones(seen(desk, case)) == {PHONE, REFERRED}
    decided(desk, workers["harbour"], case, "harbour")
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    name_people(desk.context(desk.coordinator), reference=case, people=[second.user])
    retention.erase(desk.context(second), reference=case, owner="harbour")

    assert phones(seen(desk, case)) == {REFERRED}


def test_withdrawn_or_replaced_it_is_gone_and_made_again_it_is_the_same(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    case = asked(desk)
    before = seen(desk, case).edges
    refresh_links(desk.context(desk.coordinator), everything=True)
    assert seen(desk, case).edges == before
    context = desk.context(workers["harbour"])
    withdraw(context, reference=case, agency="harbour", item="evidence:phone-1")
    assert uses(seen(desk, case)) == []
    with desk.runtime.uow.unrecorded() as work:
        assert work.links.projection.forget([("phone", compared_as("phone", PHONE))]) == 0  # no value is left
    answer_by_hand(context, reference=case, agency="harbour", answer=reporting())
    assert len(uses(seen(desk, case))) == 1
    nil = NilReturn(looked_in=("register",), says="None is held.")
    answer_by_hand(context, reference=case, agency="harbour", answer=nil)
    assert uses(seen(desk, case)) == []


def test_what_is_prepared_and_not_released_is_no_link(desk: Desk, workers: dict[str, Acting]) -> None:
    let_answer(desk, "lantern", reporting())  # its people release every answer
    (case,) = desk.refer(tied("1")).referrals
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    ask_all(desk, case)

    assert uses(seen(desk, case)) == []


def test_what_equals_a_protected_value_of_any_case_is_no_link(desk: Desk, workers: dict[str, Acting]) -> None:
    protected = (ProtectedValue(kind=ProtectedKind.PHONE, value=PHONE),)
    case = asked(desk, protected=protected)
    assert uses(seen(desk, case)) == []
    desk.refer(tied("2", protected=(ProtectedValue(kind=ProtectedKind.PHONE, value="07700 900888"),)))
    let_answer(desk, "harbour", reporting(phone(value="07700 900888")))
    ask_all(desk, case, again=True)

    assert uses(seen(desk, case)) == []
    assert labels(seen(desk, case), NodeKind.PHONE) == set()

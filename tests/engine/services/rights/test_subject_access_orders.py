"""Orders in a reply to a subject access request: what a respondent and a victim get, and what not."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.orders.breaches import ReviewAct
from engine.domain.orders.notices import AttemptGiven
from engine.domain.orders.orders import OrderAct
from engine.domain.people.persons import ClaimedRole
from engine.domain.rights.subject_access import OUR_RECORD
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.orders.notices import try_notice
from engine.services.orders.recording import join_case, vary_order
from engine.services.referrals.screening import screen
from engine.services.rights import subject_access
from engine.services.rights.subject_access_orders import SEALED_NAMES
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import Desk, a_person, a_referral, a_screening, with_toys
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.orders.test_breaches import an_order, answer, only, report
from tests.engine.services.orders.test_stories import NO_CONTACT, create, given, move, step
from tests.engine.services.rights.test_subject_access import officer

__all__ = ["officer"]
MIA = {"is_victim": False, "name": "Mia Farrow-Lane", "is_child": True}
STAY_OUT = {
    "code": "stay-out",
    "zone": {"description": "Tarn Hill estate, ZZ99 4AB"},
    "hours": [{"days": ["Monday"], "begins": "08:15", "ends": "15:45"}],
}
SECRETS = ("Mia", "Farrow", "Tarn", "ZZ99", "08:15", "Monday", "Hale Road", "Amira", "metres")


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    return reference


def person(desk: Desk, case: str, role: ClaimedRole) -> str:
    with desk.runtime.uow.reading(acting=desk.chair, what="test", at=desk.clock.now()) as work:
        return next(p.reference for p in work.people.on_cases([case]) if p.role is role)


def held_of(
    desk: Desk, officer: Acting, case: str, role: ClaimedRole = ClaimedRole.PERPETRATOR
) -> SubjectAccessResult:
    """The answer of our own record about one person of a case."""
    context = desk.context(officer)
    request = subject_access.open_request(context, person=person(desk, case, role)).reference
    held = subject_access.held_here(context, request=request, controller=OUR_RECORD)
    assert held is not None
    return held


def orders_in(held: SubjectAccessResult) -> list[str]:
    return [item.says for item in held.items if item.kind == "order"]


def test_a_respondent_gets_the_served_order_in_public_words(desk: Desk, officer: Acting, case: str) -> None:
    attend = {"code": "attend", "attends": "a programme for people who stalk"}
    order = create(
        desk, case, force="Hale Road police", protected=[{}, MIA], conditions=[NO_CONTACT, STAY_OUT, attend]
    )
    step(desk, order, OrderAct.SERVED, "2026-03-02", how="in person")
    step(desk, order, OrderAct.MISSED, "2026-03-02", condition=3, why="Mia Farrow-Lane saw it.")
    held = held_of(desk, officer, case)
    first, conditions, since = orders_in(held)
    assert first == (
        "You are the respondent of an order: Stalking protection order, made on 2 Mar 2026, served on 2 Mar "
        "2026, to 1 Mar 2028."
    )
    assert "Stay out of an area." in conditions
    assert since == "Recorded since: requirement missed on 2 Mar 2026."
    assert not [secret for secret in SECRETS if secret in held.model_dump_json()]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "not served"),
        ({"act": "considered", "made": None, "years": None, "conditions": []}, "not made"),
        ({"act": "sought", "made": None, "years": None, "on": "2026-03-02", "conditions": []}, "not made"),
        (
            {"type": "licence", "years": None, "ends": "2027-03-01", "in_effect": "2026-03-20"},
            "not served",
        ),
    ],
)
def test_a_reply_is_not_how_a_respondent_learns_of_an_order(
    desk: Desk, officer: Acting, case: str, changes: dict[str, object], words: str
) -> None:
    create(desk, case, **changes)
    held = held_of(desk, officer, case)
    assert orders_in(held) == []
    (counted,) = [gap for gap in held.gaps if gap.startswith("1 order ")]
    assert words in counted


def test_a_copy_that_is_not_served_does_not_show_in_the_end_of_its_predecessor(
    desk: Desk, officer: Acting, case: str
) -> None:
    order = create(desk, case)
    step(desk, order, OrderAct.SERVED, "2026-03-02", how="in person")
    before = orders_in(held_of(desk, officer, case))
    copy = vary_order(
        desk.context(desk.chair),
        order=order,
        given=given(in_effect="2026-03-10", years=3),
        why="The respondent moved.",
    ).reference
    assert orders_in(held_of(desk, officer, case)) == before
    move(desk, "2026-03-03")
    step(desk, copy, OrderAct.SERVED, "2026-03-03", how="in person")
    after = " ".join(orders_in(held_of(desk, officer, case)))
    assert "served on 2 Mar 2026, to 9 Mar 2026" in after
    assert "served on 3 Mar 2026, to 1 Mar 2029" in after


def test_a_victim_gets_the_orders_that_protect_them_and_no_one_else(
    desk: Desk, officer: Acting, case: str
) -> None:
    create(desk, case, protected=[{}, MIA])
    create(desk, case, type="non-molestation", years=None, ends="2027-03-01", protected=[MIA])
    held = held_of(desk, officer, case, ClaimedRole.VICTIM)
    first, _ = orders_in(held)
    assert first == ("An order protects you: Stalking protection order, made on 2 Mar 2026, to 1 Mar 2028.")
    assert not [secret for secret in SECRETS if secret in held.model_dump_json()]


def test_an_order_that_serves_a_case_is_no_data_of_its_victim_unless_it_protects_them(
    desk: Desk, officer: Acting, case: str
) -> None:
    (second,) = desk.refer(a_referral("second", victim=a_person("Ida", "Holm"))).referrals
    order = create(desk, case)
    join_case(desk.context(desk.chair), order=order, reference=second)
    assert orders_in(held_of(desk, officer, case, ClaimedRole.VICTIM))
    assert orders_in(held_of(desk, officer, second, ClaimedRole.VICTIM)) == []


def test_a_notice_is_an_item_only_once_the_victim_was_informed(desk: Desk, officer: Acting) -> None:
    workers = with_toys(desk)
    case = screened(desk)
    create(desk, case)
    waiting = held_of(desk, officer, case, ClaimedRole.VICTIM)
    assert not [item for item in waiting.items if item.kind == "notice"]
    assert [gap for gap in waiting.gaps if gap.startswith("1 notice ")]
    attempt = {"reached": True, "through": "the victim's advocate, through the safe contact"}
    try_notice(
        desk.context(workers["voice"]),
        reference=case,
        number=1,
        attempt=AttemptGiven.model_validate({**attempt, "on": "2026-03-02", "at_time": "08:00"}),
    )
    held = held_of(desk, officer, case, ClaimedRole.VICTIM)
    (notice,) = [item for item in held.items if item.kind == "notice"]
    assert notice.says == "You were informed on 2 Mar 2026: order made, 2 Mar 2026."
    respondent = held_of(desk, officer, case)
    assert not [item for item in respondent.items if item.kind == "notice"]
    assert not [gap for gap in respondent.gaps if "notice" in gap]


def test_sealed_names_are_named_as_not_searched_in_every_reply(
    desk: Desk, officer: Acting, case: str
) -> None:
    without = held_of(desk, officer, case).gaps
    create(desk, case, act="considered", made=None, years=None, conditions=[], protected=[MIA])
    assert SEALED_NAMES in without
    assert SEALED_NAMES in held_of(desk, officer, case).gaps


def breach_of(desk: Desk, case: str, act: ReviewAct | None) -> None:
    """A call of 20 February while an order applies, answered by the chair or not at all."""
    an_order(desk, case)
    report(desk, case, by=desk.coordinator)
    if act is not None:
        answer(desk, only(desk, case).reference, act)


def breaches_in(held: SubjectAccessResult) -> tuple[list[str], list[str]]:
    items = [item.says for item in held.items if item.kind == "breach of an order"]
    return items, [gap for gap in held.gaps if "likely breach" in gap]


COUNTED = [
    "one likely breach of an order, with people's answers: the data protection officer decides whether they "
    "can be given."
]


@pytest.mark.parametrize("act", [None, ReviewAct.ASKED, ReviewAct.REJECTED])
def test_a_breach_that_no_one_confirmed_is_only_counted(
    desk: Desk, officer: Acting, act: ReviewAct | None
) -> None:
    (case,) = desk.refer(a_referral(incidents=())).referrals
    breach_of(desk, case, act)
    for role in (ClaimedRole.VICTIM, ClaimedRole.PERPETRATOR):
        assert breaches_in(held_of(desk, officer, case, role)) == ([], COUNTED)


def test_a_victim_gets_a_confirmed_breach_without_condition_and_a_respondent_only_its_number(
    desk: Desk, officer: Acting
) -> None:
    (case,) = desk.refer(a_referral(incidents=())).referrals
    breach_of(desk, case, ReviewAct.CONFIRMED)
    items, counted = breaches_in(held_of(desk, officer, case, ClaimedRole.VICTIM))
    assert counted == []
    assert items == [
        "A breach of an order that protects you was confirmed: Stalking protection order, incident of 20 "
        "February 2026."
    ]
    assert breaches_in(held_of(desk, officer, case)) == ([], COUNTED)


def test_a_breach_in_an_incident_that_its_owner_hides_is_only_counted(desk: Desk, officer: Acting) -> None:
    (case,) = desk.refer(a_referral(incidents=())).referrals
    workers = with_toys(desk)
    people = tuple(worker.user for worker in workers.values())
    screen(desk.context(desk.coordinator), reference=case, screening=a_screening(people=people))
    an_order(desk, case)
    incident = report(desk, case, by=workers["lantern"])
    answer(desk, only(desk, case).reference, ReviewAct.CONFIRMED)
    rule = RuleGiven(
        item=incident,
        audience=AudienceKind.OWNER,
        otherwise=VisibilityToOthers.HIDE,
        grounds=Grounds(purpose="case work"),
        why="Told in confidence.",
    )
    set_incident_rule(desk.context(workers["lantern"]), reference=case, rule=rule)
    assert breaches_in(held_of(desk, officer, case, ClaimedRole.VICTIM)) == ([], COUNTED)

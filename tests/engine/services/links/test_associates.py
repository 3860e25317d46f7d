"""Questions by associates: a purpose, a reason, a second person, one asking, and nobody who is not listed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.dates import PartialDate
from engine.domain.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.associates import ApprovalState, AssociatesFound, AssociatesQuestion
from engine.domain.rights.retention import DESK_OWNER
from engine.services.access import restrictions
from engine.services.accounts import users
from engine.services.cases import worklists
from engine.services.links import associates_requests as requests
from engine.services.links.associates import ask_associates
from engine.services.rights import retention
from tests.builders import Desk, a_person, in_one_entry, with_toys
from tests.engine.services.links.test_saved_searches import PHONE, WHY, perpetrator_of, tied
from tests.engine.services.rights.test_retention import decided, ended

NO_INCIDENT: Any = {"incidents": ()}
NONE_OF_THEIR_OWN = requests.associates_question({"own_incidents": "none"})


@pytest.fixture
def cases(desk: Desk) -> tuple[str, ...]:
    """Five cases, four with one phone, the first two with incidents; the fourth man may be a child."""
    young = a_person("Dan", "Young").model_copy(update={"date_of_birth": PartialDate("2010-04-09")})
    return desk.refer(
        tied("1", PHONE),
        tied("2", PHONE),
        tied("3", PHONE, **NO_INCIDENT),
        tied("4", PHONE, perpetrator=young, **NO_INCIDENT),
        tied("5", "07700 900456", **NO_INCIDENT),
    ).referrals


def sent(desk: Desk, question: AssociatesQuestion = NONE_OF_THEIR_OWN, by: Acting | None = None) -> str:
    context = desk.context(by or desk.coordinator)
    return requests.request_associates(context, question=question, purpose=Task.REVIEW, why=WHY).reference


def answered(desk: Desk, reference: str, *, agrees: bool = True, by: Acting | None = None) -> None:
    requests.answer_associates(desk.context(by or desk.chair), reference=reference, agrees=agrees)


def asked(desk: Desk, reference: str, by: Acting | None = None) -> AssociatesFound:
    return ask_associates(
        desk.context(by or desk.coordinator), reference=reference, snapshots=desk.runtime.link_snapshots
    )


def found(desk: Desk, by: Acting | None = None, **given: object) -> AssociatesFound:
    reference = sent(desk, requests.associates_question(given), by)
    answered(desk, reference)
    return asked(desk, reference, by)


def state(desk: Desk, reference: str) -> ApprovalState:
    mine = requests.associates_requests(desk.context(desk.coordinator)).mine
    return {each.reference: each.state for each in mine}[reference]


def waits_for(desk: Desk, acting: Acting) -> set[str]:
    return {each.reference for each in requests.associates_requests(desk.context(acting)).to_answer}


def lines(desk: Desk, acting: Acting) -> list[str]:
    items = worklists.worklist(desk.context(acting)).items
    return [item.what for item in items if item.kind == requests.ASSOCIATES_ITEM]


def test_people_with_no_incident_are_listed_by_reference_with_their_associates_in_one(
    desk: Desk, cases: tuple[str, ...]
) -> None:
    answer = found(desk, own_incidents="none")
    assert [(each.label, each.links) for each in answer.items] == [("Dan Perp3", 2)]
    everyone = found(desk)
    assert [each.reference for each in everyone.items] == sorted(each.reference for each in everyone.items)
    assert {each.label: each.links for each in everyone.items} == {
        "Dan Perp1": 1,
        "Dan Perp2": 1,
        "Dan Perp3": 2,
    }
    assert found(desk, own_incidents="none", at_least=3).number == 0
    assert found(desk, own_incidents="none", until="2001-01-01").number == 0
    assert found(desk, own_incidents="some").number == 2


def test_associates_of_one_person_are_listed_also_without_one_in_an_incident(
    desk: Desk, cases: tuple[str, ...]
) -> None:
    him = perpetrator_of(desk, cases[0])
    answer = found(desk, of=him)
    assert {each.label: each.links for each in answer.items} == {"Dan Perp2": 1, "Dan Perp3": 2}
    assert {each.label for each in found(desk, of=him, own_incidents="none").items} == {"Dan Perp3"}
    assert found(desk, of=perpetrator_of(desk, cases[4])).number == 0


def test_nobody_asks_for_associates_of_a_victim_or_a_child(desk: Desk, cases: tuple[str, ...]) -> None:
    with desk.runtime.uow.unrecorded() as work:
        people = {str(each.described.surname): each.reference for each in work.people.on_cases(cases)}
    for surname in ("Victim1", "Young"):
        with pytest.raises(InvalidInputError, match="no associates that are listed"):
            found(desk, of=people[surname])


def test_a_question_is_asked_only_when_approved_and_once(desk: Desk, cases: tuple[str, ...]) -> None:
    reference = sent(desk)
    assert state(desk, reference) is ApprovalState.AWAITING
    with pytest.raises(InvalidInputError, match="'awaiting approval'"):
        asked(desk, reference)
    assert waits_for(desk, desk.chair) == {reference}
    assert lines(desk, desk.chair) == ["Answer a question about associates"]
    assert lines(desk, desk.coordinator) == []
    answered(desk, reference)
    assert state(desk, reference) is ApprovalState.APPROVED
    assert waits_for(desk, desk.chair) == set()
    assert lines(desk, desk.coordinator) == ["Ask the record about associates"]
    assert asked(desk, reference).number == 1
    with pytest.raises(InvalidInputError, match="one asking"):
        asked(desk, reference)
    assert state(desk, reference) is ApprovalState.USED
    with pytest.raises(ConflictError), in_one_entry(desk.runtime) as work:
        work.links.associates.use(reference, at=desk.clock.now())


def test_the_sender_does_not_approve_and_a_refusal_is_final_and_for_the_sender_alone(
    desk: Desk, cases: tuple[str, ...]
) -> None:
    other = desk.add("carl", Role.COORDINATOR)
    reference = sent(desk)
    with pytest.raises(NotFoundError) as own:
        answered(desk, reference, by=desk.coordinator)
    answered(desk, reference, agrees=False)
    assert state(desk, reference) is ApprovalState.REFUSED
    assert lines(desk, desk.coordinator) == ["Read the answer about associates"]
    with pytest.raises(NotFoundError) as late:
        answered(desk, reference, by=other)
    assert str(late.value) == str(own.value)
    with pytest.raises(InvalidInputError, match="'refused'"):
        asked(desk, reference)
    with pytest.raises(NotFoundError):
        asked(desk, reference, by=other)


def test_a_request_is_withdrawn_and_lapses(desk: Desk, cases: tuple[str, ...]) -> None:
    reference, late = sent(desk), sent(desk)
    requests.withdraw_associates(desk.context(desk.coordinator), reference=reference)
    assert waits_for(desk, desk.chair) == {late}
    with pytest.raises(InvalidInputError, match="'withdrawn'"):
        asked(desk, reference)
    answered(desk, late)
    desk.clock.forward(timedelta(hours=desk.runtime.settings.vault_ask_hours))
    assert state(desk, late) is ApprovalState.EXPIRED
    with pytest.raises(InvalidInputError, match="'expired'"):
        asked(desk, late)


@pytest.mark.parametrize("is_disabled", [False, True], ids=["role", "disabled"])
def test_an_approval_ends_with_another_role_and_with_the_account(
    desk: Desk, cases: tuple[str, ...], is_disabled: bool
) -> None:
    second = desk.add("chris", Role.CHAIR)
    reference = sent(desk)
    answered(desk, reference, by=second)
    if is_disabled:
        users.set_active(desk.context(desk.coordinator), name="chris", active=False)
    else:
        users.change_role(desk.context(desk.coordinator), name="chris", role=Role.COORDINATOR)
    assert state(desk, reference) is ApprovalState.AWAITING
    with pytest.raises(InvalidInputError, match="'awaiting approval'"):
        asked(desk, reference)


def test_a_request_ends_with_the_role_of_its_sender(desk: Desk, cases: tuple[str, ...]) -> None:
    ana = desk.add("ana", Role.ANALYST)
    reference = sent(desk, by=ana)
    assert waits_for(desk, desk.chair) == {reference}
    users.change_role(desk.context(desk.coordinator), name="ana", role=Role.COORDINATOR)
    assert waits_for(desk, desk.chair) == set()
    with pytest.raises(NotFoundError):
        answered(desk, reference)


def test_the_answer_is_cut_by_the_access_of_the_asker_and_never_the_second_persons(
    desk: Desk, cases: tuple[str, ...]
) -> None:
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=cases[1], why=WHY)
    assert [(each.label, each.links) for each in found(desk, own_incidents="none").items] == [
        ("Dan Perp3", 1)
    ]


def test_a_person_who_does_not_exist_for_the_second_person_makes_no_line(
    desk: Desk, cases: tuple[str, ...]
) -> None:
    him = perpetrator_of(desk, cases[1])
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=cases[1], why=WHY)
    reference = sent(desk, requests.associates_question({"of": him}), by=desk.chair)
    assert waits_for(desk, desk.coordinator) == set()
    assert lines(desk, desk.coordinator) == []
    with pytest.raises(NotFoundError) as hidden:
        answered(desk, reference, by=desk.coordinator)
    with pytest.raises(NotFoundError) as nowhere:
        answered(desk, "AQ-" + "2" * 7, by=desk.coordinator)
    assert str(hidden.value).replace(reference, "AQ-2222222") == str(nowhere.value)
    with pytest.raises(NotFoundError) as absent:
        sent(desk, requests.associates_question({"of": him}))
    assert str(absent.value) == str(NotFoundError("node", him))


def test_who_may_send_and_who_may_answer(desk: Desk) -> None:
    ana, worker = desk.add("ana", Role.ANALYST), desk.add("paul", Role.PRACTITIONER, "harbour")
    with pytest.raises(NotPermittedError):
        sent(desk, by=worker)
    reference = sent(desk)
    with pytest.raises(NotPermittedError):
        answered(desk, reference, by=ana)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"of": "J-7K3M9QV"}, "give a person's reference such as P-7K3M9QV"),
        ({"at_least": 0}, "give a number from 1 to 50"),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "the first date is after the last"),
    ],
    ids=["a thing", "none", "dates"],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        requests.associates_question(given)


def test_the_purpose_is_of_a_closed_list_and_open_requests_are_bounded(desk: Desk) -> None:
    assert requests.purpose_named(" Review of plans ") is Task.REVIEW
    with pytest.raises(InvalidInputError, match="give one of: triage"):
        requests.purpose_named("curiosity")
    for _ in range(requests.MOST_WAITING):
        sent(desk)
    with pytest.raises(InvalidInputError, match="withdraw one first"):
        sent(desk)


def test_each_act_is_one_entry_with_codes_and_no_reason(desk: Desk, cases: tuple[str, ...]) -> None:
    him = perpetrator_of(desk, cases[0])
    with desk.runtime.uow.unrecorded() as work:
        before = len(list(work.audit.entries()))
    found(desk, of=him)
    with desk.runtime.uow.unrecorded() as work:
        entries = list(work.audit.entries())[before:]
    assert [json.loads(each.body)["what"] for each in entries] == [
        "send question about associates",
        "answer question about associates",
        "ask about associates",
    ]
    for each in entries:
        assert WHY not in each.body
        assert him not in each.body
        assert "Perp" not in each.body


def test_the_reason_goes_with_the_case_that_it_is_about(desk: Desk) -> None:
    with_toys(desk)
    case = ended(desk)
    with desk.runtime.uow.unrecorded() as work:
        person = work.people.on_cases([case])[0].reference
    about, other = sent(desk, requests.associates_question({"of": person})), sent(desk)
    decided(desk, desk.chair, case, DESK_OWNER)
    made = retention.erase(desk.context(desk.coordinator), reference=case, owner=DESK_OWNER)
    assert {each.reference: each.why for each in _stored(desk)} == {
        about: f"Erased ({made.reference}).",
        other: WHY,
    }


def test_the_reason_goes_some_time_after_the_end(desk: Desk) -> None:
    sent(desk)
    desk.clock.forward(timedelta(days=desk.runtime.settings.standing_words_kept_days + 2))
    with in_one_entry(desk.runtime) as work:
        over = desk.clock.now() - timedelta(days=desk.runtime.settings.standing_words_kept_days)
        assert work.erasing.of_queries_over(before=over) == 1
    assert [each.why for each in _stored(desk)] == ["Erased (its time is over)."]


def _stored(desk: Desk) -> tuple[Any, ...]:
    with desk.runtime.uow.unrecorded() as work:
        return work.links.associates.sent_since(desk.clock.now() - timedelta(days=4_000))

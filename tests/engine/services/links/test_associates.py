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
from engine.domain.people.same_person import SameVerdict
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.rights.retention import DESK_OWNER
from engine.services.access import restrictions
from engine.services.accounts import users
from engine.services.cases import worklists
from engine.services.links import associates as link_associates
from engine.services.links import associates_requests as requests
from engine.services.links.associates import ask_associates
from engine.services.people import same_person
from engine.services.rights import retention
from engine.services.vault import typed_texts
from tests.builders import SAFE_HOUSE, Desk, a_person, an_incident, in_one_entry, with_toys
from tests.engine.services.links.test_saved_searches import PHONE, WHY, perpetrator_of, tied
from tests.engine.services.rights.test_retention import decided, ended

pytestmark = pytest.mark.whose_is_said

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


def sent(
    desk: Desk,
    question: AssociatesQuestion = NONE_OF_THEIR_OWN,
    by: Acting | None = None,
    why: str = WHY,
) -> str:
    context = desk.context(by or desk.coordinator)
    return requests.request_associates(context, question=question, purpose=Task.REVIEW, why=why).reference


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
    approved = sent(desk)
    answered(desk, approved)
    for agrees in (True, False):
        with pytest.raises(NotFoundError) as finished:
            answered(desk, approved, agrees=agrees, by=other)
        assert str(finished.value).replace(approved, reference) == str(late.value)
    assert state(desk, approved) is ApprovalState.APPROVED


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
def test_an_approval_applies_only_with_the_role_and_while_the_account_is_active(
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
    users.set_active(desk.context(desk.coordinator), name="chris", active=True)
    users.change_role(desk.context(desk.coordinator), name="chris", role=Role.CHAIR)
    assert state(desk, reference) is ApprovalState.APPROVED


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
    before = len(_entries(desk))
    reference = sent(desk, requests.associates_question({"of": him}))
    assert waits_for(desk, desk.chair) == {reference}
    answered(desk, reference)
    asked(desk, reference)
    entries = _entries(desk)[before:]
    assert [(each["what"], each["cases"]) for each in entries] == [
        ("check reason about associates", [cases[0]]),
        ("send question about associates", [cases[0]]),
        ("list questions about associates", [cases[0]]),
        ("answer question about associates", [cases[0]]),
        ("work out question about associates", [cases[0]]),
        ("ask about associates", [cases[0]]),
    ]
    for each in entries:
        assert WHY not in str(each)
        assert him not in str(each)
        assert "Perp" not in str(each)


def test_the_record_is_searched_while_another_may_write(
    desk: Desk, cases: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = sent(desk)
    answered(desk, reference)
    reading, used = link_associates._found, list[AssociatesFound]()

    def another_asks_meanwhile(*given: Any) -> AssociatesFound:
        monkeypatch.setattr(link_associates, "_found", reading)
        used.append(asked(desk, reference))
        return reading(*given)

    monkeypatch.setattr(link_associates, "_found", another_asks_meanwhile)
    with pytest.raises(InvalidInputError, match="one asking"):
        asked(desk, reference)
    assert len(used) == 1


def test_links_graded_e_make_no_associates_and_no_incidents(desk: Desk) -> None:
    false, sound = an_incident("2026-02-21", grade="1E P"), an_incident("2026-02-22", grade="1A P")
    shared = {"crime_reference": "cr/123"}
    desk.refer(
        tied("1", PHONE, incidents=(false,)),
        tied("2", PHONE, incidents=(sound,)),
        tied("3", incidents=(an_incident("2026-02-23", grade="1E P", **shared),)),
        tied("4", incidents=(an_incident("2026-02-23", grade="1E P", **shared),)),
    )
    answer = found(desk, own_incidents="none")
    assert [(each.label, each.links) for each in answer.items] == [("Dan Perp1", 1)]
    everyone = found(desk)
    assert [each.label for each in everyone.items] == ["Dan Perp1"]


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


TELLS = f"The victim is at {SAFE_HOUSE} and he waits."
MASKED = "The victim is at [protected] and he waits."
_HOUSE = ProtectedValue(kind=ProtectedKind.ADDRESS, value=SAFE_HOUSE)


def _read_by(desk: Desk, acting: Acting) -> list[str | None]:
    return [each.why for each in requests.associates_requests(desk.context(acting)).to_answer]


def test_a_reason_without_a_person_is_masked_by_every_case_of_the_sender_and_queued(desk: Desk) -> None:
    case, _ = desk.refer(tied("1", PHONE, protected=(_HOUSE,)), tied("2", PHONE)).referrals
    sent(desk, by=desk.chair, why=TELLS)
    assert _read_by(desk, desk.coordinator) == [MASKED]
    assert [each.why for each in _stored(desk)] == [MASKED]
    flags = typed_texts.texts_to_see_to(desk.context(desk.coordinator))
    assert [(each.involvement, each.by) for each in flags] == [(case, "chair")]
    assert typed_texts.texts_to_see_to(desk.context(desk.chair)) == ()
    assert case not in str([each for each in _entries(desk) if each["what"].endswith("about associates")]), (
        "its sender could read there that a guess is right"
    )


def test_a_reason_is_masked_also_by_a_restricted_case_of_the_same_person(desk: Desk) -> None:
    one, other = desk.refer(tied("1", PHONE), tied("2", PHONE, protected=(_HOUSE,))).referrals
    him, also = perpetrator_of(desk, one), perpetrator_of(desk, other)
    same_person.judge_same(
        desk.context(desk.coordinator), one=him, other=also, verdict=SameVerdict.SAME, why=WHY
    )
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=other, why=WHY)
    sent(desk, requests.associates_question({"of": him}), by=desk.chair, why=TELLS)
    assert _read_by(desk, desk.coordinator) == [MASKED]
    assert typed_texts.texts_to_see_to(desk.context(desk.coordinator)) == ()
    second = desk.add("chris", Role.CHAIR)
    flags = typed_texts.texts_to_see_to(desk.context(second))
    assert [each.involvement for each in flags] == [other]


def test_a_phrase_of_many_cases_is_masked_and_queued_on_a_few(desk: Desk) -> None:
    desk.refer(*(tied(str(n), protected=(_HOUSE,)) for n in range(5)))
    sent(desk, why=TELLS)
    assert _read_by(desk, desk.chair) == [MASKED]
    assert len(typed_texts.texts_to_see_to(desk.context(desk.chair))) == 3


def test_a_reason_shows_no_address_after_the_erasure_of_its_case(desk: Desk) -> None:
    with_toys(desk)
    case = ended(desk)
    sent(desk, why=TELLS)
    decided(desk, desk.chair, case, DESK_OWNER)
    retention.erase(desk.context(desk.coordinator), reference=case, owner=DESK_OWNER)
    assert [each.why for each in _stored(desk)] == [MASKED]


def test_a_reason_names_nothing_of_a_case_that_its_sender_may_not_see(desk: Desk) -> None:
    (case,) = desk.refer(tied("1", PHONE, protected=(_HOUSE,))).referrals
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=case, why=WHY)
    sent(desk, why=TELLS)
    assert [each.why for each in _stored(desk)] == [TELLS]
    assert typed_texts.texts_to_see_to(desk.context(desk.chair)) == ()


def _protected_later(desk: Desk) -> tuple[str, str]:
    """A case where a request has been sent, and one for which the address of its reason is stored since."""
    (first,) = desk.refer(tied("1", PHONE)).referrals
    desk.clock.forward(timedelta(hours=2))
    sent(desk, why=TELLS)
    assert _read_by(desk, desk.chair) == [TELLS]
    desk.clock.forward(timedelta(hours=2))
    (later,) = desk.refer(tied("2", protected=(_HOUSE,))).referrals
    return first, later


@pytest.mark.both
def test_a_reason_without_a_person_is_masked_by_a_value_that_was_stored_after_it(desk: Desk) -> None:
    _, later = _protected_later(desk)
    assert [each.why for each in _stored(desk)] == [TELLS]
    assert _read_by(desk, desk.chair) == [MASKED]
    read = [each for each in _entries(desk) if each["what"] == "list questions about associates"]
    assert later not in str(read), "its sender could read there that a guess is right"


def test_a_value_of_a_case_that_exists_for_neither_the_sender_nor_the_reader_masks_nothing(
    desk: Desk,
) -> None:
    _, later = _protected_later(desk)
    second = desk.add("cole", Role.COORDINATOR)
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=later, why=WHY)
    assert _read_by(desk, second) == [TELLS]
    assert _read_by(desk, desk.chair) == [MASKED], "the chair may know of it"


def test_the_reason_goes_some_time_after_the_end(desk: Desk) -> None:
    sent(desk)
    desk.clock.forward(timedelta(days=desk.runtime.settings.standing_words_kept_days + 2))
    with in_one_entry(desk.runtime) as work:
        over = desk.clock.now() - timedelta(days=desk.runtime.settings.standing_words_kept_days)
        assert work.erasing.of_queries_over(before=over) == 1
    assert [each.why for each in _stored(desk)] == ["Erased (its time is over)."]


def _entries(desk: Desk) -> list[Any]:
    with desk.runtime.uow.unrecorded() as work:
        return [json.loads(each.body) for each in work.audit.entries()]


def _stored(desk: Desk) -> tuple[Any, ...]:
    with desk.runtime.uow.unrecorded() as work:
        return work.links.associates.sent_since(desk.clock.now() - timedelta(days=4_000))

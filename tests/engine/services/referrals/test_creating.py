"""A referral that a person types: an alarm at once, the rest later, and nothing stored twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.referrals.intake import AlarmTopic, ProtectedKind
from engine.domain.referrals.typed import ReferralTyped
from engine.domain.system.submissions import RecordedBeforeError
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.people.matching import compare_new
from engine.services.people.same_person import review_queue
from engine.services.referrals.creating import ReferralCreated, complete, create, raise_first
from engine.services.referrals.screening import acknowledge_alarm, screen
from engine.services.vault.protected_details import held_on_case
from tests.builders import Desk, a_referral, a_screening

pytestmark = pytest.mark.both
HOUR = timedelta(hours=1)
KNIFE = {"topics": {"weapon": "yes"}, "victim": {"forename": "Amira", "surname": "Kent"}}
REST = {
    "what_happened": "He stood at the gate with a knife.",
    "alleged": {"forename": "Daniel", "surname": "Marsh", "age": 41, "phones": ["07700 900123"]},
    "incidents": [{"happened": "2026-03-01", "kind": "threat", "what": "He showed a knife."}],
    "safe_contact": {"how": "text first, to 07700 900999"},
    "caller": "The housing office",
    "call_999": {"at": "08:55", "log_number": "1234"},
}


def typed(**parts: object) -> ReferralTyped:
    return ReferralTyped.model_validate(parts)


@pytest.fixture
def officer(desk: Desk) -> Acting:
    return desk.add("olu", Role.PRACTITIONER, "harbour")


def raised(desk: Desk, acting: Acting, **parts: object) -> ReferralCreated:
    return raise_first(desk.context(acting), typed=typed(**{**KNIFE, **parts}))


def alarms(desk: Desk, acting: Acting) -> list[WorkItem]:
    return [item for item in worklist(desk.context(acting)).items if item.is_alarm]


def agrees(desk: Desk) -> bool:
    return not any(desk.runtime.due.differences(desk.runtime.uow).values())


def test_a_topic_and_one_name_are_an_alarm_at_once(desk: Desk, officer: Acting) -> None:
    created = raised(desk, officer)
    assert created.raised == (AlarmTopic.WEAPON,)
    assert created.due_at == desk.clock.now() + HOUR
    (alarm,) = alarms(desk, desk.coordinator)
    assert (alarm.reference, alarm.due_at) == (created.reference, created.due_at)
    assert alarms(desk, officer) == []
    with pytest.raises(NotFoundError):
        view_case(desk.context(officer), reference=created.reference)
    view = view_case(desk.context(desk.coordinator), reference=created.reference)
    assert view.source == "harbour"
    assert view.reason == "Alarm from a call: weapon. The rest of the call is not recorded yet."
    assert agrees(desk)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CHAIR])
def test_of_a_coordinator_or_the_chair_it_is_the_centres_own(desk: Desk, role: Role) -> None:
    acting = desk.coordinator if role is Role.COORDINATOR else desk.chair
    created = raised(desk, acting)
    assert view_case(desk.context(desk.chair), reference=created.reference).source == "stac"


def test_no_other_role_may(desk: Desk) -> None:
    analyst = desk.add("nat", Role.ANALYST)
    with pytest.raises(NotPermittedError):
        raised(desk, analyst)
    with pytest.raises(NotPermittedError):
        complete(desk.context(analyst), reference="R-7K3M9QV", typed=typed(**KNIFE))


def test_the_rest_is_a_correction_of_the_same_referral(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer)
    desk.clock.forward(timedelta(minutes=2))
    created = complete(desk.context(officer), reference=first.reference, typed=typed(**REST))
    assert (created.reference, created.raised, created.due_at) == (
        first.reference,
        (AlarmTopic.WEAPON,),
        first.due_at,
    )
    assert created.received_at == first.received_at
    view = view_case(desk.context(desk.coordinator), reference=first.reference)
    assert view.reason == REST["what_happened"]
    assert view.victim.described.full_name == "Amira Kent"
    assert view.perpetrator.described.full_name == "Daniel Marsh"
    assert view.perpetrator.described.date_of_birth is None, "an age is no date of birth"
    assert len(view.incidents) == 1
    assert view.safe_contact_is_recorded
    assert len(alarms(desk, desk.coordinator)) == 1
    assert agrees(desk)


def test_safe_contact_is_in_the_protected_details_only(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer, **REST)
    with desk.runtime.uow.unrecorded() as work:
        referral = work.referrals.newest([first.reference])[first.reference]
        assert "900999" not in referral.model_dump_json()
        held = held_on_case(work=work, reference=first.reference)
        assert [each.kind for each in held] == [ProtectedKind.CONTACT_HOW]


def test_a_topic_changed_to_no_leaves_the_alarm_and_records_the_change(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer)
    complete(
        desk.context(officer), reference=first.reference, typed=typed(**{**REST, "topics": {"weapon": "no"}})
    )
    (alarm,) = alarms(desk, desk.coordinator)
    assert alarm.why.startswith("Weapon (withdrawn on 2 March 2026 by harbour)")
    assert alarm.due_at == first.due_at
    view = view_case(desk.context(desk.coordinator), reference=first.reference)
    assert view.alarms.in_words(AlarmTopic.WEAPON).startswith("no; yes before")
    assert agrees(desk)


def test_a_topic_that_the_rest_does_not_repeat_stays_yes(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer)
    rest = typed(topics={"entry": "yes", "weapon": "not asked"}, what_happened="He came in.")
    created = complete(desk.context(officer), reference=first.reference, typed=rest)
    assert set(created.raised) == {AlarmTopic.WEAPON, AlarmTopic.ENTRY}


def test_the_same_rest_twice_changes_nothing(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer)
    for _ in range(2):
        complete(desk.context(officer), reference=first.reference, typed=typed(**REST))
    with desk.runtime.uow.unrecorded() as work:
        (known,) = work.referrals.known(
            [("harbour", work.cases.get(first.reference).source_reference)]
        ).values()
    assert known.version == 2


def test_only_who_typed_it_and_who_works_on_every_case_complete_it(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer)
    colleague = desk.add("uma", Role.PRACTITIONER, "harbour")
    for reference in (first.reference, "R-7K3M9QV"):
        with pytest.raises(NotFoundError):
            complete(desk.context(colleague), reference=reference, typed=typed(**REST))
    complete(desk.context(desk.coordinator), reference=first.reference, typed=typed(**REST))
    complete(
        desk.context(officer), reference=first.reference, typed=typed(**REST, relationship="former partner")
    )


def test_who_completes_a_referral_of_a_file_learns_to_correct_the_file(desk: Desk, officer: Acting) -> None:
    (case,) = desk.refer(a_referral()).referrals
    with pytest.raises(InvalidInputError, match="it came in a file"):
        complete(desk.context(desk.coordinator), reference=case, typed=typed(**REST))
    with pytest.raises(NotFoundError):
        complete(desk.context(officer), reference=case, typed=typed(**REST))


@pytest.mark.parametrize("party", ["victim", "alleged"])
def test_a_colleague_restricts_it_at_once_and_who_typed_it_gets_no_access(
    desk: Desk, officer: Acting, party: str
) -> None:
    parts = {**KNIFE, party: {"surname": "Kent", "works_for_us": "yes"}}
    created = raised(desk, officer, **parts)
    assert created.is_restricted
    assert alarms(desk, desk.coordinator) == []
    assert len(alarms(desk, desk.chair)) == 1
    with desk.runtime.uow.unrecorded() as work:
        assert work.cases.people_on(created.reference) == ()


def test_yes_in_the_rest_restricts_and_no_of_one_party_answers_nothing(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer, victim={"surname": "Kent", "works_for_us": "no"})
    view = view_case(desk.context(desk.coordinator), reference=first.reference)
    assert view.party_works_for is YesNo.NOT_ASKED
    rest = typed(what_happened="So.", alleged={"surname": "Marsh", "works_for_us": "yes"})
    assert complete(desk.context(officer), reference=first.reference, typed=rest).is_restricted
    with pytest.raises(NotFoundError):
        view_case(desk.context(desk.coordinator), reference=first.reference)


def test_a_coordinator_who_typed_a_colleagues_referral_is_named_on_it(desk: Desk) -> None:
    created = raised(desk, desk.coordinator, victim={"surname": "Kent", "works_for_us": "yes"})
    assert view_case(desk.context(desk.coordinator), reference=created.reference).is_restricted


def test_who_typed_it_does_not_acknowledge_it(desk: Desk) -> None:
    created = raised(desk, desk.coordinator)
    assert [each.reference for each in alarms(desk, desk.chair)] == [created.reference]
    with pytest.raises(InvalidInputError, match="another person must acknowledge it"):
        acknowledge_alarm(desk.context(desk.coordinator), reference=created.reference)
    acknowledge_alarm(desk.context(desk.chair), reference=created.reference)
    assert alarms(desk, desk.coordinator) == []
    (imported,) = desk.refer(a_referral(alarms=(AlarmTopic.WEAPON,))).referrals
    acknowledge_alarm(desk.context(desk.coordinator), reference=imported)


@pytest.mark.asked_again
def test_the_same_text_twice_is_recognised_and_stored_once(desk: Desk, officer: Acting) -> None:
    first = raised(desk, officer)
    desk.clock.forward(timedelta(minutes=2))
    with pytest.raises(RecordedBeforeError) as refused:
        raised(desk, officer)
    assert (refused.value.answer, refused.value.at) == (first.reference, first.received_at)
    assert len(alarms(desk, desk.coordinator)) == 1
    other = raised(desk, officer, victim={"surname": "Kentish"})
    assert other.reference != first.reference


def test_two_people_who_are_not_named_are_not_proposed_as_one(desk: Desk, officer: Acting) -> None:
    unnamed = {"victim": {"not_named": True, "born": "1990-11-02"}, "alleged": {"not_named": True}}
    for _ in range(2):
        raised(desk, officer, **unnamed)
    assert proposed(desk) == 0
    named = {"forename": "Daniel", "surname": "Marsh", "born": "1985-07-03"}
    for _ in range(2):
        raised(desk, officer, **{**unnamed, "alleged": named})
    assert proposed(desk) == 1


def proposed(desk: Desk) -> int:
    """The number of pairs of persons who may be one, as the record proposes them."""
    compare_new(desk.context(desk.coordinator))
    return review_queue(desk.context(desk.coordinator)).total


def test_ten_thousand_characters_are_stored_whole_with_markup_as_it_was_typed(
    desk: Desk, officer: Acting
) -> None:
    text = "<script>alert('1')</script> & " + "x" * 9_960 + " end of it"
    assert len(text) == 10_000
    first = raised(desk, officer, what_happened=text)
    assert view_case(desk.context(desk.coordinator), reference=first.reference).reason == text


def test_nothing_is_stored_of_bad_input(desk: Desk, officer: Acting) -> None:
    with pytest.raises(InvalidInputError, match=r"incidents\.1\.happened: it is in the future"):
        raised(desk, officer, incidents=[{"happened": "2026-03-03", "kind": "threat"}])
    with pytest.raises(InvalidInputError, match="no topic is 'yes'"):
        raised(desk, officer, topics={"weapon": "no"})
    assert worklist(desk.context(desk.chair)).items == ()


def test_a_typed_referral_is_screened_as_any_other(desk: Desk, officer: Acting) -> None:
    first = create(
        desk.context(officer),
        typed=typed(what_happened="Letters every day.", victim=KNIFE["victim"], alleged={"not_named": True}),
    )
    assert (first.raised, first.due_at) == ((), None)
    screened = screen(
        desk.context(desk.coordinator),
        reference=first.reference,
        screening=a_screening(TriageOutcome.ADVICE),
    )
    assert screened.outcome is TriageOutcome.ADVICE

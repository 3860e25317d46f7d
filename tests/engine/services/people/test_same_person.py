"""Whether two records are of one person is a named person's word, with a reason, and can be taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.cases.views import CaseView
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.people.persons import PersonDescribed
from engine.domain.people.same_person import QueueItem, ReviewQueue, SamePerson, SameVerdict
from engine.services.access import conflicts
from engine.services.cases import views as case_views
from engine.services.people import same_person
from engine.services.people.matching import compare_new
from tests.builders import Desk, a_person, a_referral

SAME, NOT_SAME, UNSURE = SameVerdict.SAME, SameVerdict.NOT_SAME, SameVerdict.UNSURE
WHY = "The photograph is the same."
HER = a_person("Amira", "Kent")


def two_alike(desk: Desk, **second: Any) -> tuple[str, str]:
    """Two referrals of one alleged perpetrator, written in two ways, against two victims."""
    first, other = desk.refer(
        a_referral("1", perpetrator=a_person("Daniel", "Roe"), victim=HER),
        a_referral("2", perpetrator=a_person("Dan", "Roe"), victim=a_person("Nadia", "Lowe"), **second),
    ).referrals
    return first, other


def seen(desk: Desk, reference: str, acting: Acting | None = None) -> CaseView:
    return case_views.view_case(
        desk.context(acting or desk.coordinator).with_agencies(()), reference=reference
    )


def him(desk: Desk, reference: str) -> str:
    return seen(desk, reference).perpetrator.reference


def queue(desk: Desk, acting: Acting | None = None, **how: Any) -> ReviewQueue:
    return same_person.review_queue(desk.context(acting or desk.coordinator), **how)


def item_of(found: ReviewQueue) -> QueueItem:
    assert found.item is not None
    return found.item


def judge(desk: Desk, one: str, other: str, verdict: SameVerdict = SAME, by: Acting | None = None) -> None:
    same_person.judge_same(
        desk.context(by or desk.coordinator), one=one, other=other, verdict=verdict, why=WHY
    )


def take_back(desk: Desk, one: str, other: str) -> None:
    same_person.take_back_same(desk.context(desk.chair), one=one, other=other, why="Another man.")


def person(desk: Desk, reference: str, acting: Acting | None = None) -> SamePerson:
    return same_person.same_person(desk.context(acting or desk.coordinator), person=reference)


def records(found: SamePerson) -> set[str]:
    return {each.person for each in found.people}


def linked_sentences(view: CaseView) -> list[str]:
    return [other.says for other in view.other_involvements]


def test_two_records_alike_wait_in_the_queue_with_reasons_and_nothing_is_merged(desk: Desk) -> None:
    first, second = two_alike(desk)
    found = queue(desk)
    assert found.total == 1
    item = item_of(found)
    assert {item.one.involvement, item.other.involvement} == {first, second}
    assert item.matched is not None
    assert item.matched.says.startswith("Fair evidence, weight ")
    assert "surname and date of birth are the same" in item.matched.says
    assert item.words == ()
    assert records(person(desk, item.one.person)) == {item.one.person}


def test_two_unlike_people_do_not_wait(desk: Desk) -> None:
    desk.refer(
        a_referral("1", perpetrator=a_person("Daniel", "Roe"), victim=HER),
        a_referral("2", perpetrator=a_person("Otto", "Pym"), victim=a_person("Nadia", "Lowe")),
    )
    assert queue(desk) == ReviewQueue(total=0, place=0, blind=False, item=None)


def test_who_judges_blind_sees_neither_weight_nor_words_from_which_it_could_be_read(desk: Desk) -> None:
    two_alike(desk)
    assert item_of(queue(desk, blind=True)).matched is None


def test_a_word_joins_two_records_and_taking_it_back_restores_everything(desk: Desk) -> None:
    first, second = two_alike(desk)
    one, other = him(desk, first), him(desk, second)
    before = (queue(desk), seen(desk, first), person(desk, one))
    judge(desk, one, other)
    assert records(person(desk, one)) == records(person(desk, other)) == {one, other}
    assert queue(desk).total == 0
    assert "the same person by the decision of cora, 2 March 2026" in linked_sentences(seen(desk, first))[0]
    take_back(desk, one, other)
    after = (queue(desk), seen(desk, first), person(desk, one))
    assert item_of(after[0]).matched == item_of(before[0]).matched
    assert after[1] == before[1]
    assert after[2].people == before[2].people
    words = item_of(queue(desk)).words
    assert [decision.verdict for decision in words] == [SAME, SameVerdict.TAKEN_BACK]
    assert [decision.by for decision in words] == ["cora", "chair"]


def test_not_same_is_remembered_and_never_proposed_again(desk: Desk) -> None:
    first, second = two_alike(desk)
    assert len(linked_sentences(seen(desk, first))) == 1
    judge(desk, him(desk, first), him(desk, second), NOT_SAME)
    assert queue(desk).total == 0
    assert linked_sentences(seen(desk, first)) == []
    desk.refer(a_referral("2", perpetrator=a_person("Danny", "Roe"), victim=a_person("Nadia", "Lowe")))
    assert queue(desk).total == 0
    assert linked_sentences(seen(desk, first)) == []


def test_not_same_holds_even_against_an_exact_identifier(desk: Desk) -> None:
    number = a_person(pnc="2001/0000123X")  # fails its check, so no rule speaks
    first, second = desk.refer(
        a_referral("1", perpetrator=number), a_referral("2", perpetrator=number, victim=a_person("N", "Lowe"))
    ).referrals
    assert len(linked_sentences(seen(desk, second))) == 1
    judge(desk, him(desk, first), him(desk, second), NOT_SAME)
    assert linked_sentences(seen(desk, second)) == []


def test_unsure_is_a_word_too_and_joins_nobody(desk: Desk) -> None:
    first, second = two_alike(desk)
    one, other = him(desk, first), him(desk, second)
    judge(desk, one, other, UNSURE)
    assert queue(desk).total == 0
    assert records(person(desk, one)) == {one}


def test_weak_links_do_not_chain_and_contradicting_words_are_told(desk: Desk) -> None:
    references = desk.refer(
        *(
            a_referral(str(n), perpetrator=a_person(name, "Roe"), victim=a_person("Vera", f"Vane{sign}"))
            for n, (name, sign) in enumerate((("Daniel", "x"), ("Dan", "y"), ("Danny", "z")))
        )
    ).referrals
    one, two, three = (him(desk, reference) for reference in references)
    judge(desk, one, two)
    assert records(person(desk, one)) == {one, two}
    judge(desk, two, three)
    judge(desk, one, three, NOT_SAME)
    found = person(desk, one)
    assert records(found) == {one, two, three}
    assert [set(pair) for pair in found.conflicts] == [{one, three}]


@pytest.mark.parametrize("why", ["", "   "])
def test_a_word_needs_a_reason(desk: Desk, why: str) -> None:
    first, second = two_alike(desk)
    with pytest.raises(InvalidInputError):
        same_person.judge_same(
            desk.context(desk.coordinator),
            one=him(desk, first),
            other=him(desk, second),
            verdict=SAME,
            why=why,
        )
    assert queue(desk).total == 1


def test_there_is_nothing_to_take_back_where_nobody_said_anything(desk: Desk) -> None:
    first, second = two_alike(desk)
    with pytest.raises(InvalidInputError, match="no current match decision on these records"):
        take_back(desk, him(desk, first), him(desk, second))


def test_a_party_described_anew_is_not_compared_with_itself(desk: Desk) -> None:
    (first,) = desk.refer(a_referral("1", perpetrator=a_person("Daniel", "Roe"))).referrals
    old = him(desk, first)
    desk.refer(a_referral("1", perpetrator=a_person("Danny", "Roe")))
    assert queue(desk).total == 0
    with pytest.raises(InvalidInputError, match="the same party of one referral"):
        judge(desk, old, him(desk, first))


def test_a_practitioner_neither_sees_the_queue_nor_judges(desk: Desk) -> None:
    first, second = two_alike(desk)
    worker = desk.add("worker", Role.PRACTITIONER, "harbour")
    for act in (
        lambda: queue(desk, worker),
        lambda: judge(desk, him(desk, first), him(desk, second), by=worker),
        lambda: person(desk, him(desk, first), worker),
    ):
        with pytest.raises(NotPermittedError):
            act()


def test_a_pair_of_a_restricted_case_waits_for_those_alone_who_know_of_it(desk: Desk) -> None:
    first, second = two_alike(desk, party_works_for=YesNo.YES)
    one, other = him(desk, first), him(desk, second)
    stranger = desk.add("other", Role.COORDINATOR)
    assert queue(desk).total == queue(desk, desk.chair).total == 1
    assert queue(desk, stranger) == ReviewQueue(total=0, place=0, blind=False, item=None)
    with pytest.raises(NotFoundError):
        judge(desk, one, other, by=stranger)
    judge(desk, one, other)
    assert records(person(desk, one, stranger)) == {one}
    assert person(desk, one, stranger).words == ()
    assert linked_sentences(seen(desk, first, stranger)) == []


def test_nobody_is_joined_through_a_record_of_which_the_viewer_may_not_know(desk: Desk) -> None:
    first, second = two_alike(desk, party_works_for=YesNo.YES)
    (third,) = desk.refer(
        a_referral("3", perpetrator=a_person("Daniel", "Row"), victim=a_person("Vera", "Vane"))
    ).referrals
    one, hidden, three = (him(desk, reference) for reference in (first, second, third))
    judge(desk, one, hidden)
    judge(desk, hidden, three)
    stranger = desk.add("other", Role.COORDINATOR)
    assert records(person(desk, one)) == {one, hidden, three}
    assert records(person(desk, one, stranger)) == {one}


def test_who_is_connected_to_a_party_is_shut_out_of_the_same_persons_other_cases(desk: Desk) -> None:
    first, second = two_alike(desk)
    other = desk.add("other", Role.COORDINATOR)
    conflicts.say_own(desk.context(other), reference=first, is_connected=True)
    assert seen(desk, second, other).reference == second
    judge(desk, him(desk, first), him(desk, second))
    with pytest.raises(NotFoundError):
        seen(desk, second, other)
    take_back(desk, him(desk, first), him(desk, second))
    assert seen(desk, second, other).reference == second


def test_comparing_is_done_once_and_in_parts(desk: Desk) -> None:
    two_alike(desk)
    flow: dict[str, Any] = {"context": desk.context(flow_acting("compare", "runner"))}
    assert [compare_new(**flow, at_most=3) for _ in range(3)] == [3, 1, 0]
    assert queue(desk).total == 1
    with desk.runtime.uow.unrecorded() as work:
        bodies = [json.loads(each.body) for each in work.audit.entries()]
    entries = [each for each in bodies if each["what"] == "compare new person records"]
    assert [(each["facts"]["records"], each["cases"]) for each in entries] == [(3, []), (1, [])]


def test_a_word_is_in_the_audit_by_reference_alone(desk: Desk) -> None:
    first, second = two_alike(desk)
    one, other = him(desk, first), him(desk, second)
    judge(desk, one, other)
    with desk.runtime.uow.unrecorded() as work:
        (entry,) = [each.body for each in work.audit.entries() if "judge whether" in each.body]
    assert set(json.loads(entry)["cases"]) == {first, second}
    assert "Roe" not in entry
    assert one in entry


class TestTheRuleOnPoliceAndPrisonNumbers:
    """The one exception: the same valid number of persons none of whom has ever been a victim."""

    @staticmethod
    def perpetrator(pnc: str = "2001/0000123Y", **changes: Any) -> PersonDescribed:
        return a_person(pnc=pnc).model_copy(update=changes)

    def refer(
        self, desk: Desk, number: str, *, perpetrator: PersonDescribed, victim: PersonDescribed | None = None
    ) -> str:
        victim = victim or a_person("Vera", f"Vane{'abcdefgh'[int(number)]}")
        return desk.refer(a_referral(number, perpetrator=perpetrator, victim=victim)).referrals[0]

    def test_the_same_valid_number_joins_by_the_rule_and_is_taken_back_for_good(self, desk: Desk) -> None:
        first = self.refer(desk, "1", perpetrator=self.perpetrator())
        second = self.refer(desk, "2", perpetrator=self.perpetrator())
        one, other = him(desk, first), him(desk, second)
        assert records(person(desk, one)) == {one, other}
        (decision,) = person(desk, one).words
        assert decision.by_rule
        assert "no person with that number has been named as a victim" in decision.why
        assert "by the rule on police and prison numbers" in linked_sentences(seen(desk, first))[0]
        take_back(desk, one, other)
        assert records(person(desk, one)) == {one}
        third = self.refer(desk, "3", perpetrator=self.perpetrator())
        assert records(person(desk, one)) == {one}
        assert him(desk, third) not in records(person(desk, other))

    def test_a_number_that_fails_its_check_joins_nobody(self, desk: Desk) -> None:
        wrong = self.perpetrator("2001/0000123X")
        first = self.refer(desk, "1", perpetrator=wrong)
        self.refer(desk, "2", perpetrator=wrong)
        assert len(records(person(desk, him(desk, first)))) == 1

    def test_somebody_who_was_ever_a_victim_is_joined_by_nobody_but_a_person(self, desk: Desk) -> None:
        first = self.refer(desk, "1", perpetrator=self.perpetrator())
        counter = self.refer(desk, "2", perpetrator=a_person("Otto", "Pym"), victim=self.perpetrator())
        third = self.refer(desk, "3", perpetrator=self.perpetrator())
        assert len(records(person(desk, him(desk, first)))) == 1
        assert len(records(person(desk, him(desk, third)))) == 1
        waiting = queue(desk).total
        judge(desk, him(desk, first), seen(desk, counter).victim.reference, NOT_SAME)
        assert queue(desk).total == waiting - 1

    def test_the_rules_word_lapses_when_its_person_turns_out_to_be_a_victim(self, desk: Desk) -> None:
        first = self.refer(desk, "1", perpetrator=self.perpetrator())
        second = self.refer(desk, "2", perpetrator=self.perpetrator())
        third = self.refer(desk, "3", perpetrator=a_person("Otto", "Pym"), victim=self.perpetrator())
        one, other = him(desk, first), him(desk, second)
        her = seen(desk, third).victim.reference
        assert records(person(desk, one)) == {one, other}
        judge(desk, one, her)
        assert records(person(desk, one)) == {one, her}

    def test_numbers_that_conflict_join_nobody(self, desk: Desk) -> None:
        short = self.refer(desk, "1", perpetrator=self.perpetrator("01/123Y"))
        self.refer(desk, "2", perpetrator=self.perpetrator("2001/0000123Y"))
        old = self.refer(desk, "3", perpetrator=self.perpetrator("1901/0000123Y"))
        assert len(records(person(desk, him(desk, short)))) == 2
        assert records(person(desk, him(desk, old))) == {him(desk, old)}

    def test_a_number_beside_another_name_and_birthday_waits_for_a_person(self, desk: Desk) -> None:
        first = self.refer(desk, "1", perpetrator=self.perpetrator())
        stranger = self.perpetrator(forename="Otto", surname="Pym", date_of_birth=None)
        other = self.perpetrator(forename="Otto", surname="Pym", date_of_birth="1961-01-30")
        self.refer(desk, "2", perpetrator=PersonDescribed.model_validate(other.model_dump()))
        assert len(records(person(desk, him(desk, first)))) == 1
        assert stranger.full_name == "Otto Pym"

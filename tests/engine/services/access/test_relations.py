"""How a person is related to a case: each check gives what the policy says of that relation, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest

from engine.access.policy import Relation, is_open
from engine.access.policy_table import RELATIONS
from engine.access.vault_policy import stands_in_for_life
from engine.domain.accounts.acting import Acting, Role, flow_acting
from engine.domain.errors import NotFoundError
from engine.domain.ids import new_reference
from engine.services.access import restrictions
from engine.services.access.checks import (
    finding_part,
    known_part,
    open_for_life_door,
    relation_to,
    still_opens,
)
from engine.services.referrals import screening
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.unit_of_work import Work
from tests.builders import Desk, a_desk, a_person, a_referral, a_screening, in_one_entry
from tests.standing import stand


class Cases(NamedTuple):
    """One practitioner and coordinator, and a case for each relation that they can have to one."""

    desk: Desk
    worker: Acting
    coordinator: Acting
    there: dict[str, str]

    def relation(self, work: Work, acting: Acting, reference: str) -> Relation:
        return relation_to(work, acting, reference, work.cases.find(reference))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    with a_desk(tmp_path_factory.mktemp("relations") / "home") as desk:
        worker = desk.add("worker", Role.PRACTITIONER, "harbour")
        second = desk.add("second", Role.COORDINATOR)
        there = {}
        for number, (sentence, relation) in enumerate(RELATIONS.items()):
            him, her = a_person("Otto", f"Vane{number}"), a_person("Ida", f"Holm{number}")
            (reference,) = desk.refer(a_referral(str(number), perpetrator=him, victim=her)).referrals
            if relation.is_screened:
                screening.screen(
                    desk.context(desk.coordinator).with_agencies(()),
                    reference=reference,
                    screening=a_screening(),
                )
            with in_one_entry(desk.runtime) as work:
                for acting in (worker, second):
                    stand(work, acting.user, reference, relation, at=desk.clock.now())
            if relation.is_restricted:
                restrictions.restrict(desk.context(desk.chair), reference=reference, why="So.")
            there[sentence] = reference
        yield Cases(desk, worker, second, there)


@pytest.mark.parametrize("sentence", RELATIONS)
def test_a_relation_is_what_was_recorded_and_emergency_access_counts_only_at_an_instant(
    cases: Cases, sentence: str
) -> None:
    reference, expected = cases.there[sentence], RELATIONS[sentence]
    now = cases.desk.clock.now()
    with cases.desk.runtime.uow.unrecorded() as work:
        for acting in (cases.worker, cases.coordinator):
            related = cases.relation(work, acting, reference)
            assert related == replace(expected, looks_urgently=False)
            opens = still_opens(work, acting, reference, at=now)
            assert opens is is_open(acting, expected)
            later = still_opens(work, acting, reference, at=now + timedelta(hours=2))
            assert later is is_open(acting, replace(expected, looks_urgently=False))


@pytest.mark.parametrize("sentence", RELATIONS)
@pytest.mark.parametrize("is_duty", [True, False])
def test_the_duty_responder_opens_for_life_what_the_policy_lets_them_and_it_is_logged(
    cases: Cases, sentence: str, is_duty: bool
) -> None:
    reference = cases.there[sentence]
    relation = replace(RELATIONS[sentence], looks_urgently=False)
    may = stands_in_for_life(cases.worker, relation, is_duty_responder=is_duty)
    with in_one_entry(cases.desk.runtime) as work:
        if may:
            typed = f" {reference.lower()} "
            assert open_for_life_door(work, cases.worker, typed, is_duty=is_duty) == reference
        else:
            with pytest.raises(NotFoundError, match=reference):
                open_for_life_door(work, cases.worker, reference, is_duty=is_duty)
    with cases.desk.runtime.uow.unrecorded() as work:
        *_, last = work.audit.entries()
        assert last.cases == ((reference,) if may else ())


def test_a_case_that_does_not_exist_opens_to_nobody_for_anything(cases: Cases) -> None:
    nowhere = new_reference("involvement")
    with cases.desk.runtime.uow.unrecorded() as work:
        with pytest.raises(NotFoundError, match=nowhere):
            open_for_life_door(work, cases.worker, nowhere, is_duty=True)
        for acting in (cases.worker, cases.coordinator, flow_acting("assess", "cora")):
            assert not still_opens(work, acting, nowhere, at=cases.desk.clock.now())
            assert cases.relation(work, acting, nowhere) == Relation(is_named=False, is_screened=False)


def test_a_part_that_does_not_exist_reads_what_a_case_that_is_not_open_reads(cases: Cases) -> None:
    with cases.desk.runtime.uow.unrecorded() as work:
        with finding_part(work, cases.worker):
            pass
        with pytest.raises(NotFoundError, match="R-2222222"), finding_part(work, cases.worker):
            raise NotFoundError("referral", "R-2222222")


def test_a_flow_has_no_relation_and_knows_whether_a_case_was_screened(cases: Cases) -> None:
    flow = flow_acting("assess", "cora")
    with cases.desk.runtime.uow.unrecorded() as work:
        for sentence, relation in RELATIONS.items():
            found = cases.relation(work, flow, cases.there[sentence])
            assert found == Relation(is_named=False, is_screened=relation.is_screened)


def test_the_known_part_is_cut_by_role_and_without_the_cases_of_a_conflict(cases: Cases) -> None:
    shut = frozenset(cases.there[each] for each, relation in RELATIONS.items() if relation.is_connected)
    with cases.desk.runtime.uow.unrecorded() as work:
        assert known_part(work, flow_acting("assess", "cora")) is EVERYTHING
        assert known_part(work, cases.desk.chair) == VisibilityFilter(user=None)
        assert known_part(work, cases.coordinator) == VisibilityFilter(user="second", without=shut)
        assert known_part(work, cases.worker) == VisibilityFilter(
            user="worker", named_on="worker", without=shut
        )

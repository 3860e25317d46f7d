"""Opening protected values: who may, on whose word, for how long, and who is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError, StacError
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.vault.openings import Basis, OpenedItem, OpeningAsked, VaultOnCase, VaultTask
from engine.services.access import conflicts, restrictions
from engine.services.access import emergency as emergency_access
from engine.services.cases.worklists import worklist
from engine.services.conference import decisions
from engine.services.plans import versions as plan_versions
from engine.services.referrals import screening
from engine.services.vault import access_requests, openings
from engine.services.vault.notifications import ASKED, OPENED, vault_on_case
from tests.builders import (
    SAFE_HOUSE,
    SAFE_PHONE,
    Desk,
    a_decision,
    a_plan,
    a_referral,
    a_screening,
    approve,
    ask_all,
    with_toys,
)
from tests.prepared import prepared

pytestmark = pytest.mark.whose_is_said

TASK = VaultTask.SAFE_CONTACT.value


@dataclass
class Vault:
    """A screened case with an address and a phone, and what people do about them."""

    desk: Desk
    workers: dict[str, Acting]
    case: str

    def __post_init__(self) -> None:
        self.settings = self.desk.runtime.settings
        self.advocate, self.first, self.second = (self.workers[c] for c in ("voice", "harbour", "lantern"))

    def item(self, kind: ProtectedKind = ProtectedKind.ADDRESS) -> str:
        return next(each.reference for each in self.seen(self.desk.chair).items if each.kind == kind)

    def seen(self, acting: Acting) -> VaultOnCase:
        return vault_on_case(**self._given(acting), reference=self.case)

    def open(self, acting: Acting, item: str | None = None, task: str = TASK) -> OpenedItem:
        return openings.open_item(
            **self._given(acting), reference=self.case, item=item or self.item(), task=task
        )

    def again(self, acting: Acting, opening: str) -> OpenedItem:
        return openings.shown_again(
            replace(self.desk.context(acting), settings=self.settings), opening=opening
        )

    def for_life(self, acting: Acting, why: str = "He is on his way with a knife.") -> OpenedItem:
        return openings.open_for_life(
            **self._given(acting), reference=self.case, kind=ProtectedKind.ADDRESS, why=why
        )

    def ask(self, acting: Acting, item: str | None = None, why: str = "To fit a lock.") -> OpeningAsked:
        return access_requests.ask_to_open(
            replace(self.desk.context(acting), settings=self.settings),
            reference=self.case,
            item=item or self.item(),
            task=TASK,
            why=why,
        )

    def agree(self, acting: Acting, asked: OpeningAsked, *, agrees: bool = True) -> OpeningAsked:
        return access_requests.agree(self.desk.context(acting), asked=asked.reference, agrees=agrees)

    def name_officer(self, user: Acting, by: Acting | None = None) -> None:
        access_requests.name_safe_contact(
            self.desk.context(by or self.desk.chair), reference=self.case, user=user.user
        )

    def on_duty(self, user: Acting, **contacts: str) -> None:
        self.settings = self.settings.model_copy(
            update={"duty_responder": user.user, "professional_standards": contacts}
        )

    def notes_for(self, acting: Acting, kind: str = OPENED) -> list[str]:
        day = worklist(replace(self.desk.context(acting), settings=self.settings))
        return [f"{item.what}: {item.why}" for item in day.items if item.kind == kind]

    def _given(self, acting: Acting) -> dict[str, Any]:
        return {"context": replace(self.desk.context(acting), settings=self.settings)}


@pytest.fixture
def vault(desk: Desk) -> Vault:
    workers = with_toys(desk)
    return Vault(desk, workers, prepared(desk, _screened))


def _screened(desk: Desk) -> str:
    (case,) = desk.refer(a_referral()).referrals
    screening.screen(desk.context(desk.coordinator), reference=case, screening=a_screening())
    return case


def test_what_is_held_is_listed_by_kind_without_a_value(vault: Vault) -> None:
    for acting in (vault.advocate, vault.first, vault.desk.chair, vault.desk.coordinator):
        there = vault.seen(acting)
        assert [item.kind for item in there.items] == ["address", "phone"]
        assert SAFE_HOUSE not in there.model_dump_json()
        assert SAFE_PHONE not in there.model_dump_json()


def test_the_advocate_on_the_case_opens_one_item_for_fifteen_minutes(vault: Vault) -> None:
    opened = vault.open(vault.advocate)
    assert (opened.value, opened.opening.basis) == (SAFE_HOUSE, Basis.ADVOCATE)
    assert opened.opening.until - opened.opening.at == timedelta(minutes=15)
    assert SAFE_HOUSE not in repr(opened)
    assert vault.again(vault.advocate, opened.opening.reference).value == SAFE_HOUSE


def test_an_advocate_who_is_not_on_the_case_finds_no_case(vault: Vault) -> None:
    other = vault.desk.add("voice-other", Role.PRACTITIONER, "voice")
    with pytest.raises(NotFoundError):
        vault.open(other)


@pytest.mark.parametrize("who", ["first", "chair", "coordinator"])
def test_nobody_else_opens_anything_alone(vault: Vault, who: str) -> None:
    acting = vault.first if who == "first" else getattr(vault.desk, who)
    with pytest.raises(NotPermittedError):
        vault.open(acting)
    assert vault.seen(vault.desk.chair).openings == ()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_see_no_vault_at_all(vault: Vault, role: Role) -> None:
    acting = vault.desk.add("other-role", role)
    for act in (vault.seen, vault.open, vault.ask):
        with pytest.raises((NotFoundError, NotPermittedError)):
            act(acting)


def test_after_its_time_an_opening_shows_nothing(vault: Vault) -> None:
    opened = vault.open(vault.advocate).opening
    vault.desk.clock.move_to(opened.until - timedelta(seconds=1))
    assert vault.again(vault.advocate, opened.reference).value == SAFE_HOUSE
    vault.desk.clock.move_to(opened.until)
    with pytest.raises(NotFoundError):
        vault.again(vault.advocate, opened.reference)


def test_opening_the_same_item_again_makes_its_time_no_longer(vault: Vault) -> None:
    first = vault.open(vault.advocate).opening
    vault.desk.clock.move_to(first.at + timedelta(minutes=10))
    assert vault.open(vault.advocate).opening == first
    vault.desk.clock.move_to(first.until)
    assert vault.open(vault.advocate).opening != first


def test_another_item_ends_the_first_one(vault: Vault) -> None:
    first = vault.open(vault.advocate).opening
    second = vault.open(vault.advocate, vault.item(ProtectedKind.PHONE))
    assert second.value == SAFE_PHONE
    with pytest.raises(NotFoundError):
        vault.again(vault.advocate, first.reference)


def test_somebody_elses_opening_is_nobodys(vault: Vault) -> None:
    opened = vault.open(vault.advocate).opening
    for acting in (vault.first, vault.desk.chair, vault.desk.coordinator):
        with pytest.raises(NotFoundError):
            vault.again(acting, opened.reference)


def test_the_safe_contact_officer_opens_alone_and_the_one_before_does_not(vault: Vault) -> None:
    vault.name_officer(vault.first)
    assert vault.open(vault.first).opening.basis is Basis.SAFE_CONTACT
    vault.name_officer(vault.second)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first, vault.item(ProtectedKind.PHONE))


def test_only_the_chair_names_an_officer_and_only_one_who_is_on_the_case(vault: Vault) -> None:
    with pytest.raises(NotPermittedError):
        vault.name_officer(vault.first, by=vault.desk.coordinator)
    with pytest.raises(InvalidInputError, match="not named on this case"):
        vault.name_officer(vault.desk.add("lantern-other", Role.PRACTITIONER, "lantern"))


def test_an_agreed_ask_opens_its_own_item_once_to_the_one_who_asked(vault: Vault) -> None:
    asked = vault.ask(vault.first)
    vault.agree(vault.second, asked)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first, vault.item(ProtectedKind.PHONE))
    with pytest.raises(NotPermittedError):
        vault.open(vault.second)
    opened = vault.open(vault.first)
    assert (opened.value, opened.opening.basis) == (SAFE_HOUSE, Basis.AGREED)
    vault.desk.clock.move_to(opened.opening.until)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first)


def test_nobody_agrees_with_themselves_or_with_their_own_agency(vault: Vault) -> None:
    colleague = vault.desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    with vault.desk.runtime.uow.writing(
        acting=vault.desk.chair, what="name", at=vault.desk.clock.now()
    ) as work:
        work.cases.name_people(vault.case, [colleague.user], by="chair", at=vault.desk.clock.now())
    asked = vault.ask(vault.first)
    for acting in (vault.first, colleague, vault.desk.chair, vault.desk.coordinator):
        with pytest.raises(NotPermittedError):
            vault.agree(acting, asked)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first)


def test_somebody_of_another_agency_who_is_not_on_the_case_knows_of_no_ask(vault: Vault) -> None:
    asked = vault.ask(vault.first)
    with pytest.raises(NotFoundError):
        vault.agree(vault.desk.add("lantern-other", Role.PRACTITIONER, "lantern"), asked)


def test_an_agreement_that_was_taken_back_opens_nothing(vault: Vault) -> None:
    asked = vault.ask(vault.first)
    vault.agree(vault.second, asked)
    vault.agree(vault.second, asked, agrees=False)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first)
    vault.agree(vault.advocate, asked)
    assert vault.open(vault.first).value == SAFE_HOUSE


def test_the_agreement_of_somebody_who_turns_out_to_be_connected_opens_nothing(vault: Vault) -> None:
    asked = vault.ask(vault.first)
    vault.agree(vault.second, asked)
    conflicts.say_own(vault.desk.context(vault.second), reference=vault.case, is_connected=True)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first)


def test_an_ask_that_was_taken_back_or_lapsed_takes_no_word_and_opens_nothing(vault: Vault) -> None:
    back, late = vault.ask(vault.first), vault.ask(vault.first, vault.item(ProtectedKind.PHONE))
    vault.agree(vault.second, back)
    vault.agree(vault.second, late)
    vault.agree(vault.first, back, agrees=False)
    with pytest.raises(InvalidInputError):
        vault.agree(vault.second, back)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first)
    vault.desk.clock.move_to(late.lapses_at)
    with pytest.raises(NotPermittedError):
        vault.open(vault.first, vault.item(ProtectedKind.PHONE))


def test_an_opening_is_for_a_task_on_this_case(vault: Vault) -> None:
    for task in ("curiosity", "", "A-2222222"):
        with pytest.raises(InvalidInputError, match="task"):
            vault.open(vault.advocate, task=task)


def test_a_reason_that_repeats_a_protected_value_keeps_it_nowhere(vault: Vault) -> None:
    asked = vault.ask(vault.first, why=f"Is {SAFE_HOUSE} still right?")
    assert "Larkfield" not in asked.model_dump_json()


def test_chair_and_advocate_are_told_of_every_opening_the_same_day(vault: Vault) -> None:
    vault.name_officer(vault.first)
    opened = vault.open(vault.first).opening
    for acting in (vault.desk.chair, vault.advocate):
        (line,) = vault.notes_for(acting)
        assert "harbour-worker of harbour opened" in line
        assert opened.item in line
        assert [each.reference for each in vault.seen(acting).openings] == [opened.reference]
    for acting in (vault.second, vault.desk.coordinator):
        assert vault.notes_for(acting) == []
        assert vault.seen(acting).openings == ()


def test_the_second_person_is_asked_and_the_first_is_told_of_the_agreement(vault: Vault) -> None:
    asked = vault.ask(vault.first)
    assert len(vault.notes_for(vault.second, ASKED)) == 1
    assert vault.notes_for(vault.first, ASKED) == []
    vault.agree(vault.second, asked)
    assert vault.notes_for(vault.second, ASKED) == []
    assert vault.notes_for(vault.first, ASKED)[0].startswith("Open V-")


def test_for_a_threat_to_life_the_duty_responder_opens_one_alone_and_others_know(vault: Vault) -> None:
    duty = vault.desk.add("duty", Role.PRACTITIONER, "harbour")
    with pytest.raises(NotFoundError):
        vault.for_life(duty)
    standards = vault.desk.add("standards", Role.AUDITOR)
    vault.on_duty(duty, **{"borough-desk": standards.user})
    opened = vault.for_life(duty)
    assert (opened.value, opened.opening.basis) == (SAFE_HOUSE, Basis.THREAT_TO_LIFE)
    for acting in (vault.desk.chair, vault.advocate):
        assert "He is on his way with a knife." in vault.notes_for(acting)[0]
    (line,) = vault.notes_for(standards)
    assert opened.opening.item in line
    assert "knife" not in line
    with pytest.raises(InvalidInputError, match="it is still open; wait until it closes"):
        vault.for_life(duty)


def test_a_threat_to_life_needs_a_written_reason(vault: Vault) -> None:
    vault.on_duty(vault.first)
    with pytest.raises(InvalidInputError, match="reason"):
        vault.for_life(vault.first, why=" ")


def test_a_restricted_case_and_a_connected_person_stay_shut_to_the_duty_responder(vault: Vault) -> None:
    duty = vault.desk.add("duty", Role.PRACTITIONER, "harbour")
    vault.on_duty(duty)
    restrictions.restrict(
        vault.desk.context(vault.desk.chair), reference=vault.case, why="A party works for us."
    )
    with pytest.raises(NotFoundError):
        vault.for_life(duty)
    vault.on_duty(vault.first)
    assert vault.for_life(vault.first).value == SAFE_HOUSE
    conflicts.say_own(vault.desk.context(vault.first), reference=vault.case, is_connected=True)
    with pytest.raises(NotFoundError):
        vault.for_life(vault.first)


def test_an_urgent_look_opens_no_vault(vault: Vault) -> None:
    looker = vault.desk.add("looker", Role.PRACTITIONER, "voice")
    emergency_access.break_glass(
        replace(vault.desk.context(looker), settings=vault.settings),
        reference=vault.case,
        why="She rang the night desk.",
    )
    item = vault.item()
    acts: tuple[Callable[[Acting], object], ...] = (
        vault.seen,
        lambda acting: vault.open(acting, item),
        lambda acting: vault.ask(acting, item),
    )
    for act in acts:
        with pytest.raises(StacError):
            act(looker)


def test_a_case_that_shuts_takes_its_open_value_away(vault: Vault) -> None:
    opened = vault.open(vault.advocate).opening
    conflicts.say_own(vault.desk.context(vault.advocate), reference=vault.case, is_connected=True)
    with pytest.raises(NotFoundError):
        vault.again(vault.advocate, opened.reference)


def test_every_act_and_every_refused_try_is_in_the_audit_with_ids_and_kinds_alone(vault: Vault) -> None:
    with pytest.raises(NotPermittedError):
        vault.open(vault.first)
    vault.agree(vault.second, vault.ask(vault.first))
    opened = vault.open(vault.first).opening
    vault.again(vault.first, opened.reference)
    with vault.desk.runtime.uow.unrecorded() as work:
        lines = [entry.body for entry in work.audit.entries()]
    said = [json.loads(line) for line in lines]
    tries = [each["facts"] for each in said if each["what"] == "open protected value"]
    assert [each.get("refused") for each in tries] == [1, None]
    assert tries[1]["opening"] == opened.reference
    for what in ("ask to open protected value", "say word on an ask", "see opened value"):
        assert what in [each["what"] for each in said]
    assert "Larkfield" not in "".join(lines)
    assert "lock" not in "".join(lines)


def test_an_open_action_of_the_plan_is_a_task(vault: Vault) -> None:
    before = vault.seen(vault.advocate).tasks
    _through_the_conference(vault)
    (action,) = set(vault.seen(vault.advocate).tasks) - set(before)
    assert vault.open(vault.advocate, task=action).opening.task == action


def _through_the_conference(vault: Vault) -> None:
    desk = vault.desk
    given: dict[str, Any] = {"context": desk.context(desk.chair), "reference": vault.case}
    ask_all(desk, vault.case)
    decisions.open_conference(**given)
    decisions.decide(**given, decision=a_decision())
    plan_versions.make_plan(**given, plan=a_plan(agency="harbour"), agencies=["harbour"])
    approve(desk, vault.case)

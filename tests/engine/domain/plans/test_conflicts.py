"""Each rule of the conflict check: when it fires, and what comes near it and does not."""

from __future__ import annotations

from datetime import date

import pytest

from engine.domain.absence import YesNo
from engine.domain.plans.actions import PlannedAction, Side
from engine.domain.plans.conflicts import Conflict, ConflictRule, PlanFacts, VictimContact, find_conflicts
from engine.domain.referrals.intake import PerpetratorAccessTo

SAFE = VictimContact(
    address_is_protected=False,
    rules_are_recorded=True,
    message_may_be_left=YesNo.YES,
    names=("Amira", "Kent"),
)
PROTECTED = SAFE.model_copy(update={"address_is_protected": True})
NO_RULES = SAFE.model_copy(update={"rules_are_recorded": False})


def an_action(what: str, agency: str = "harbour", **changes: object) -> PlannedAction:
    given: dict[str, object] = {
        "what": what,
        "agency": agency,
        "owner": "A. Officer",
        "due": "2026-03-20",
        **changes,
    }
    return PlannedAction.model_validate(given)


def facts(contact: VictimContact = SAFE, **changes: object) -> PlanFacts:
    given = {
        "contact": contact,
        "agency_names": {"harbour": "Harbour", "lantern": "Lantern", "voice": "Voice"},
        "speak_for_victim": frozenset({"voice"}),
        **changes,
    }
    return PlanFacts.model_validate(given)


def found(known: PlanFacts, *actions: PlannedAction) -> list[tuple[ConflictRule, int]]:
    return [(conflict.rule, conflict.action) for conflict in find_conflicts(actions, known)]


@pytest.mark.parametrize(
    "what",
    ["Send a letter to the victim", "Post the leaflet to Amira", "Write to Kent about the order"],
)
def test_a_letter_to_a_protected_address_is_found(what: str) -> None:
    (conflict,) = find_conflicts([an_action("Arrest for breach"), an_action(what)], facts(PROTECTED))
    assert conflict.in_words == (
        "Action 2: It sends a letter to the victim, whose address is protected. Have it delivered through "
        "the safe-contact officer."
    )


def test_where_others_may_open_the_post_it_is_not_taken_for_safe() -> None:
    (conflict,) = find_conflicts([an_action("Send a letter to the victim")], facts())
    assert conflict.rule is ConflictRule.LETTER
    assert "not recorded whether others open the post" in conflict.says


@pytest.mark.parametrize(
    ("what", "agency"),
    [
        ("Send a letter to the perpetrator's solicitor", "harbour"),
        ("Send a letter to the victim through the safe-contact officer", "harbour"),
        ("Hand the victim a letter", "voice"),
        ("Ask the letting agent about the victim's locks", "harbour"),
    ],
)
def test_no_letter_to_the_victim_is_no_conflict(what: str, agency: str) -> None:
    assert found(facts(PROTECTED), an_action(what, agency)) == []


@pytest.mark.parametrize(
    ("contact", "what", "sentence"),
    [
        (NO_RULES, "Phone the victim weekly", "no safe-contact rules are recorded"),
        (NO_RULES, "Visit Amira", "no safe-contact rules are recorded"),
        (
            SAFE.model_copy(update={"message_may_be_left": YesNo.NO}),
            "Call the victim and leave a message",
            "No message may be left",
        ),
        (
            SAFE.model_copy(update={"message_may_be_left": YesNo.NOT_ASKED}),
            "Leave the victim a voicemail",
            "not recorded whether a message may be left",
        ),
        (
            SAFE.model_copy(update={"perpetrator_can_reach": frozenset({PerpetratorAccessTo.PHONE})}),
            "Text the victim",
            "can reach the victim's phone",
        ),
        (
            SAFE.model_copy(update={"perpetrator_can_reach": frozenset({PerpetratorAccessTo.EMAIL})}),
            "Email the victim",
            "can reach the victim's email",
        ),
    ],
)
def test_contact_outside_the_rules_is_found(contact: VictimContact, what: str, sentence: str) -> None:
    (conflict,) = find_conflicts([an_action(what)], facts(contact))
    assert conflict.rule is ConflictRule.SAFE_CONTACT
    assert sentence in conflict.says


@pytest.mark.parametrize(
    ("contact", "what", "agency"),
    [
        (SAFE, "Phone the victim weekly", "harbour"),
        (NO_RULES, "Phone the victim weekly", "voice"),
        (NO_RULES, "Phone the victim through the advocate", "harbour"),
        (NO_RULES, "Visit the perpetrator", "harbour"),
        (NO_RULES, "Record a warning for the victim's file", "harbour"),
        (
            SAFE.model_copy(update={"perpetrator_can_reach": frozenset({PerpetratorAccessTo.CAR})}),
            "Text the victim",
            "harbour",
        ),
    ],
)
def test_contact_within_the_rules_is_no_conflict(contact: VictimContact, what: str, agency: str) -> None:
    assert found(facts(contact), an_action(what, agency)) == []


def test_an_action_for_the_victims_safety_that_names_no_one_else_is_contact_with_the_victim() -> None:
    assert found(facts(NO_RULES), an_action("Call weekly", side=Side.VICTIM_SAFETY)) == [
        (ConflictRule.SAFE_CONTACT, 1)
    ]
    assert found(facts(NO_RULES), an_action("Call the school", side=Side.VICTIM_SAFETY)) == []
    assert found(facts(NO_RULES), an_action("Call weekly", side=Side.INTERVENTION)) == []


def test_an_action_of_an_agency_that_refused_is_found_and_one_of_another_is_not() -> None:
    known = facts(refused_on={"lantern": date(2026, 2, 25)})
    (conflict,) = find_conflicts([an_action("Arrest"), an_action("Assess", "lantern")], known)
    assert (conflict.rule, conflict.action) == (ConflictRule.REFUSED, 2)
    assert conflict.says == "Lantern refused this case on 25 February 2026."
    assert conflict.resolve == "Choose another agency."


@pytest.mark.parametrize(
    ("review_on", "conflicts"), [("2026-03-19", 1), ("2026-03-20", 0), ("2026-03-21", 0), (None, 0)]
)
def test_an_action_is_due_at_the_latest_on_the_day_of_the_review(
    review_on: str | None, conflicts: int
) -> None:
    known = facts(review_on=review_on)
    assert found(known, an_action("Arrest", due="2026-03-20")) == [(ConflictRule.AFTER_REVIEW, 1)] * conflicts


def test_two_agencies_that_inform_the_victim_are_found() -> None:
    actions = [an_action("Inform the victim of bail", "voice"), an_action("Tell Amira about bail")]
    (conflict,) = find_conflicts(actions, facts())
    assert (conflict.rule, conflict.action) == (ConflictRule.INFORMED_TWICE, 2)
    assert conflict.says == "Harbour informs the victim, and so does Voice by action 1."


def test_the_agency_that_was_agreed_informs_the_victim_even_if_its_action_comes_later() -> None:
    actions = [an_action("Tell the victim"), an_action("Inform the victim", "voice")]
    (conflict,) = find_conflicts(actions, facts(informs_victim="voice"))
    assert (conflict.action, "as agreed" in conflict.says) == (1, True)


@pytest.mark.parametrize(
    "actions",
    [
        (an_action("Inform the victim"), an_action("Inform the victim again")),
        (an_action("Inform the victim"), an_action("Inform the perpetrator", "lantern")),
        (an_action("Inform the victim"),),
    ],
)
def test_one_agency_may_inform_the_victim_more_than_once(actions: tuple[PlannedAction, ...]) -> None:
    assert found(facts(), *actions) == []


def test_a_conflict_is_accepted_by_its_rule_and_its_action() -> None:
    conflict = Conflict(
        rule=ConflictRule.AFTER_REVIEW, action=2, reference="A-7K3M9QV", says="So.", resolve="Do."
    )
    assert conflict.key == "after-review:A-7K3M9QV"
    assert conflict.in_words == "Action 2 (A-7K3M9QV): So. Do."
    assert conflict.model_copy(update={"reference": None}).key == "after-review:2"


@pytest.mark.parametrize(
    ("what", "conflicts"),
    [
        ("Offer mediation", 1),
        ("Restorative meeting in March", 1),
        ("The perpetrator writes to the victim about the belongings", 1),
        ("Ask the respondent for a letter of apology", 1),
        ("Explain that the perpetrator must not contact the victim", 0),
        ("Arrest if the perpetrator contacts the victim", 0),
        ("Visit the perpetrator about the tracker", 0),
    ],
)
def test_contact_that_a_condition_forbids_is_found(what: str, conflicts: int) -> None:
    known = facts(contact_forbidden_by=("PO-7K3M9QV, condition 1",))
    there = [each for each in found(known, an_action(what)) if each[0] is ConflictRule.FORBIDDEN]
    assert there == [(ConflictRule.FORBIDDEN, 1)] * conflicts
    without = found(facts(), an_action(what))
    assert ConflictRule.FORBIDDEN not in {rule for rule, _ in without}

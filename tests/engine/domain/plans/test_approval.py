"""What an approval needs: each need alone, what counts for it, and what no longer does."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.plans.approval import (
    AcceptedConflict,
    Informs,
    Need,
    NeedRecorded,
    OpenConflict,
    SafetyResult,
    StoredNeed,
    Voice,
    WhyNot,
    counting,
    found_not_safe_before,
    still_needed,
    unaccepted,
)
from engine.domain.responses.voices import EVERYONE, Agreement
from tests.builders import MONDAY


def recorded(need: Need, version: int = 1, **changes: object) -> StoredNeed:
    given: dict[str, object] = {
        "need": need,
        "plan_version": version,
        "why_not": None,
        "says": None,
        "by": "ada",
    }
    if need is Need.SAFETY_CHECK and "why_not" not in changes:
        given["result"] = "safe"
    return StoredNeed.model_validate({**given, "agency": "voice", "at": MONDAY, **changes})


ALL = tuple(recorded(need) for need in Need if need is not Need.WHO_INFORMS)
VOICE = Voice(agency="voice", version=2, at=MONDAY)


def needed(
    *needs: StoredNeed,
    voice: Voice | None = None,
    plan_departs: bool = False,
    has_reason: bool = False,
    after_version: int = 0,
    actions_changed_in: int = 1,
) -> tuple[str, ...]:
    counts = counting(needs, after_version=after_version, actions_changed_in=actions_changed_in)
    checks = [each for each in needs if each.need is Need.SAFETY_CHECK]
    return still_needed(
        counts,
        voice=voice,
        plan_departs=plan_departs,
        has_reason=has_reason,
        last_check=checks[-1] if checks else None,
    )


def test_nothing_recorded_is_said_in_one_sentence_for_each_need() -> None:
    assert needed() == (
        "The advocate's view of the plan is not recorded: record it, or sign why not.",
        "The victim's wishes are not recorded: record them, or sign why not.",
        "The safety check is not recorded: record it, or sign why not.",
    )
    assert needed(*ALL) == ()


@pytest.mark.parametrize("need", [need for need in Need if need is not Need.WHO_INFORMS])
def test_each_need_is_needed_and_a_signature_that_it_is_missing_answers_it(need: Need) -> None:
    others = [each for each in ALL if each.need is not need]
    assert len(needed(*others)) == 1
    assert needed(*others, recorded(need, why_not=WhyNot.NO_ADVOCATE, says="None yet.")) == ()


def test_a_released_response_counts_as_the_advocates_view_and_as_nothing_else() -> None:
    assert [sentence[:22] for sentence in needed(voice=VOICE)] == [
        "The victim's wishes ar",
        "The safety check is no",
    ]


def test_a_plan_that_departs_needs_a_reason_and_who_informs_the_victim() -> None:
    departing = needed(*ALL, plan_departs=True)
    assert len(departing) == 2
    assert "record who informs the victim" in departing[0]
    informs = recorded(Need.WHO_INFORMS, informs_agency="voice", informs_person="W. Dale")
    assert needed(*ALL, informs, plan_departs=True, has_reason=True) == ()


def test_a_departure_that_only_the_advocate_sees_is_one() -> None:
    wishes = recorded(Need.VICTIMS_WISHES, plan_departs=True)
    findings = needed(*ALL, wishes)
    assert len(findings) == 2
    assert "The advocate recorded that the plan departs" in findings[1]
    assert needed(*ALL, recorded(Need.VICTIMS_WISHES, plan_departs=False)) == ()


def test_a_safety_check_does_not_cover_an_action_that_came_or_changed_after_it() -> None:
    assert needed(*ALL, actions_changed_in=2) == (
        "The safety check was made on version 1, and actions have changed since: record it again.",
    )
    assert needed(*ALL, recorded(Need.SAFETY_CHECK, version=2), actions_changed_in=2) == ()


NEEDED_WITH = {
    SafetyResult.SAFE: (),
    SafetyResult.NOT_DONE: (),
    SafetyResult.NOT_SAFE: (
        "The safety check found version 1 not safe: add an action with an owner, or remove what is not safe, "
        "and the victim's advocate records the check again.",
    ),
    None: ("The safety check was recorded without a result: record it again.",),
}
"""By result of the safety check, read by a person: what an approval still needs. None: of before results."""


@pytest.mark.parametrize("result", [*SafetyResult, None])
def test_each_result_of_a_safety_check_is_weighed_and_none_passes_for_another(
    result: SafetyResult | None,
) -> None:
    others = [each for each in ALL if each.need is not Need.SAFETY_CHECK]
    assert needed(*others, recorded(Need.SAFETY_CHECK, result=result)) == NEEDED_WITH[result]
    assert needed(*others, recorded(Need.SAFETY_CHECK, result=result), recorded(Need.SAFETY_CHECK)) == ()


def test_a_change_after_not_safe_asks_for_the_check_again() -> None:
    unsafe = recorded(Need.SAFETY_CHECK, result=SafetyResult.NOT_SAFE)
    others = [each for each in ALL if each.need is not Need.SAFETY_CHECK]
    assert needed(*others, unsafe, actions_changed_in=2) == (
        "The safety check found version 1 not safe, and actions have changed since: record it again.",
    )
    for after, found in ((1, None), (0, 1)):
        counts = counting([unsafe], after_version=after, actions_changed_in=2)
        assert found_not_safe_before([unsafe], counts, after_version=after) == found


@pytest.mark.parametrize("need", Need)
@pytest.mark.parametrize("result", [*SafetyResult, None])
@pytest.mark.parametrize("because", [None, "The letter goes to the home."])
def test_a_safety_check_has_a_result_and_says_why_where_it_is_not_safe(
    need: Need, result: SafetyResult | None, because: str | None
) -> None:
    given: dict[str, object] = {"need": need, "plan_version": 1, "result": result, "because": because}
    if need is Need.WHO_INFORMS:
        given["informs"] = {"agency": "voice", "person": "W. Dale"}
    needs_why = result in {SafetyResult.NOT_SAFE, SafetyResult.NOT_DONE}
    if (need is Need.SAFETY_CHECK) == (result is not None) and needs_why == (because is not None):
        assert NeedRecorded.model_validate(given).result is result
    else:
        with pytest.raises(ValidationError, match=r"result: give|because: say"):
            NeedRecorded.model_validate(given)


def test_what_was_recorded_for_an_earlier_approval_counts_for_no_later_one() -> None:
    assert len(needed(*ALL, after_version=1)) == 3
    assert needed(*[recorded(each.need, version=2) for each in ALL], after_version=1) == ()


def test_words_of_the_victim_are_given_only_with_their_agreement_and_with_whom() -> None:
    given = {"need": "victim's wishes", "plan_version": 1, "says": "No letter to the flat."}
    with pytest.raises(ValidationError, match="only with the victim's agreement"):
        NeedRecorded.model_validate(given)
    with pytest.raises(ValidationError, match="only with the victim's agreement"):
        NeedRecorded.model_validate({**given, "agreed_to_sharing": "yes"})
    agreed = {**given, "agreed_to_sharing": "yes", "with_whom": ["harbour"]}
    assert NeedRecorded.model_validate(agreed).agreed_to_sharing is Agreement.YES
    with pytest.raises(ValidationError, match="without other names"):
        NeedRecorded.model_validate({**agreed, "with_whom": [EVERYONE, "harbour"]})


def test_who_informs_the_victim_is_a_person_of_an_agency() -> None:
    with pytest.raises(ValidationError, match="give the agency and the person"):
        NeedRecorded(need=Need.WHO_INFORMS, plan_version=1)
    with pytest.raises(ValidationError, match="give the agency and the person"):
        NeedRecorded(
            need=Need.VICTIMS_WISHES, plan_version=1, informs=Informs(agency="voice", person="W. Dale")
        )


def test_a_conflict_is_resolved_or_accepted_with_a_reason() -> None:
    conflicts = (OpenConflict(key="letter-3", says="Action 3 is a letter."),)
    assert unaccepted(conflicts, ()) == ("Action 3 is a letter. Resolve it, or accept it with a reason.",)
    assert unaccepted(conflicts, (AcceptedConflict(conflict="letter-3", because="It is handed over."),)) == ()

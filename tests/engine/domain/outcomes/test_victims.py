"""What a victim gives: nothing without agreement, each answer of its question, no silence as a gain."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.victims import (
    Agreed,
    Change,
    LifeChange,
    Moment,
    NoAnswer,
    Topic,
    VictimOutcomeGiven,
    change_between,
)


def an_account(moment: Moment = Moment.INTAKE, **changes: Any) -> VictimOutcomeGiven:
    return VictimOutcomeGiven.model_validate(
        {
            "moment": moment,
            "agreed": Agreed.GIVEN,
            "asked_on": "2026-03-01",
            "answers": {Topic.SAFETY: "unsafe"},
            **changes,
        }
    )


@pytest.mark.parametrize("agreed", [each for each in Agreed if each is not Agreed.GIVEN])
@pytest.mark.parametrize(
    "more",
    [
        {"answers": {"safety": "safe"}},
        {"answers": {}, "had_to_change": []},
        {"answers": {}, "with_whom": ["harbour"]},
    ],
    ids=["an answer", "changes", "with whom"],
)
def test_without_agreement_nothing_of_the_victim_is_stored(agreed: Agreed, more: dict[str, Any]) -> None:
    assert an_account(agreed=agreed, answers={}).answers == {}
    with pytest.raises(ValidationError, match="leave out answers, changes and with_whom"):
        an_account(agreed=agreed, **more)


def test_an_answer_is_one_of_its_own_topic() -> None:
    assert an_account(answers={"fear": "often"}).answer(Topic.FEAR) == "often"
    with pytest.raises(ValidationError, match="'safety' has the answers very unsafe, unsafe"):
        an_account(answers={"safety": "often"})
    with pytest.raises(ValidationError, match="give at least 1"):
        an_account(answers={})


def test_what_was_left_out_is_not_asked_and_has_no_place() -> None:
    account = an_account()
    assert account.answer(Topic.RISK) == NoAnswer.NOT_ASKED.value
    assert account.place(Topic.RISK) is None
    assert account.had_to_change is None
    assert an_account(had_to_change=[]).had_to_change == ()
    assert an_account(had_to_change=["home"]).had_to_change == (LifeChange.HOME,)


@pytest.mark.parametrize("topic", Topic)
def test_a_change_runs_from_the_answer_that_is_worst_for_the_victim(topic: Topic) -> None:
    worst, *_, best = topic.answers
    at = {answer: an_account(answers={topic: answer}) for answer in topic.answers}
    assert change_between(at[worst], at[best], topic) is Change.BETTER
    assert change_between(at[best], at[worst], topic) is Change.WORSE
    assert change_between(at[best], at[best], topic) is Change.SAME
    for silence in NoAnswer:
        silent = an_account(answers={topic: silence.value})
        assert change_between(at[worst], silent, topic) is Change.NOT_COMPARED
        assert change_between(silent, silent, topic) is Change.NOT_COMPARED


def test_a_description_is_of_closed_codes_and_never_required() -> None:
    given = DescriptionGiven.model_validate(
        {
            "agreed": "agreed",
            "asked_on": "2026-03",
            "characteristics": {"sex": "female", "religion": "prefer not to say"},
        }
    )
    assert given.answer(Characteristic.SEX) == "female"
    assert given.answer(Characteristic.RELIGION) == NoAnswer.PREFERS_NOT_TO_SAY.value
    assert given.answer(Characteristic.ETHNICITY) == NoAnswer.NOT_ASKED.value
    assert DescriptionGiven.model_validate({"agreed": "agreed", "asked_on": "2026"}).characteristics == {}
    with pytest.raises(ValidationError, match="'sex' is one of female, male, not asked"):
        DescriptionGiven.model_validate(
            {"agreed": "agreed", "asked_on": "2026", "characteristics": {"sex": "a long story"}}
        )
    with pytest.raises(ValidationError, match="leave out characteristics"):
        DescriptionGiven.model_validate(
            {"agreed": "refused", "asked_on": "2026", "characteristics": {"sex": "male"}}
        )

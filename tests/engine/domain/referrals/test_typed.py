"""What a typed referral needs, and the referral that it makes."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from engine.domain.absence import YesNo
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import ClaimedRole
from engine.domain.referrals.intake import AlarmTopic, Referral
from engine.domain.referrals.typed import ReferralTyped, either_works_for, referral_of

TODAY = date(2026, 3, 2)
KNIFE = {"topics": {"weapon": "yes"}}
SAID = {"what_happened": "Letters every day."}
AMIRA = {"forename": "Amira", "surname": "Kent"}
NOT_NAMED = {"not_named": True}


def made(**parts: object) -> Referral:
    return referral_of(
        ReferralTyped.model_validate(parts), source="harbour", source_reference="typed-1", today=TODAY
    )


def test_with_a_topic_one_name_is_enough_and_so_is_none_that_is_given() -> None:
    assert made(**KNIFE, victim=AMIRA).perpetrator.surname == "unknown"
    assert made(**KNIFE, alleged={"forename": "Dan"}).victim.full_name == "name not recorded"
    unnamed = made(**KNIFE, victim=NOT_NAMED, alleged=NOT_NAMED)
    assert unnamed.call is not None
    assert unnamed.call.not_named == (ClaimedRole.VICTIM, ClaimedRole.PERPETRATOR)
    assert made(**KNIFE, victim=AMIRA).alarms.raised == (AlarmTopic.WEAPON,)


def test_with_a_topic_and_no_name_it_asks_for_one_or_for_not_named() -> None:
    with pytest.raises(InvalidInputError, match="give one name, or say that neither is named"):
        made(**KNIFE)


def test_without_a_topic_not_named_is_no_name() -> None:
    with pytest.raises(InvalidInputError, match="only an alarm needs none"):
        made(**SAID, victim=NOT_NAMED, alleged=NOT_NAMED)
    with pytest.raises(InvalidInputError, match="only an alarm needs none"):
        made(**SAID, topics={"weapon": "no"})
    made(**SAID, victim=AMIRA, alleged=NOT_NAMED)


def test_without_a_topic_it_needs_both_parties_and_what_happened() -> None:
    with pytest.raises(InvalidInputError, match="alleged: give a name, or say that the caller gives none"):
        made(**SAID, victim=AMIRA)
    with pytest.raises(InvalidInputError, match="what_happened: write what the caller said"):
        made(victim=AMIRA, alleged=NOT_NAMED)


@pytest.mark.parametrize(
    ("born", "ages"),
    [(("1990-01-01", "1960-01-01"), (None, None)), ((None, None), (30, 60)), (("1990", None), (None, 60))],
)
def test_two_people_of_one_name_are_told_apart(
    born: tuple[str | None, str | None], ages: tuple[int | None, int | None]
) -> None:
    victim, alleged = ({**AMIRA, "born": on, "age": age} for on, age in zip(born, ages, strict=True))
    assert made(**SAID, victim=victim, alleged=alleged).victim.surname == "Kent"


def test_two_people_of_one_name_whom_nothing_tells_apart_are_asked_about_save_in_an_alarm() -> None:
    with pytest.raises(InvalidInputError, match="both have one name"):
        made(**SAID, victim=AMIRA, alleged={"forename": "AMIRA", "surname": "kent"})
    with pytest.raises(InvalidInputError, match="both have one name"):
        made(**SAID, victim=AMIRA, alleged={**AMIRA, "age": 30})
    assert made(**KNIFE, victim=AMIRA, alleged=AMIRA).alarms.raised
    with pytest.raises(InvalidInputError, match="are the victim's"):
        made(**KNIFE, victim={**AMIRA, "born": "1990"}, alleged={**AMIRA, "born": "1990"})


@pytest.mark.parametrize("party", ["victim", "alleged"])
def test_a_date_in_the_future_is_refused_by_its_place(party: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"{party}\.born: it is in the future"):
        made(**KNIFE, **{party: {**AMIRA, "born": "2026-03-03"}})
    made(**KNIFE, **{party: {**AMIRA, "born": "2026-03"}})


def test_ten_thousand_characters_and_no_more() -> None:
    assert (
        len(made(**SAID | {"what_happened": "x" * 10_000}, victim=AMIRA, alleged=NOT_NAMED).reason) == 10_000
    )
    with pytest.raises(ValidationError, match="at most 10000 characters"):
        made(**KNIFE, victim=AMIRA, what_happened="x" * 10_001)


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\u200bb"])
def test_characters_that_cannot_be_seen_are_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="invisible"):
        made(**KNIFE, victim=AMIRA, what_happened=text)
    with pytest.raises(ValidationError, match="invisible"):
        made(**KNIFE, victim={"surname": text})


def test_ends_of_lines_are_one_kind_and_markup_stays() -> None:
    text = made(**KNIFE, victim=AMIRA, what_happened="<b>One</b>\r\ntwo\tthree").reason
    assert text == "<b>One</b>\ntwo\tthree"


@pytest.mark.parametrize(
    "wrong",
    [
        {"victim": {**AMIRA, "not_named": True}},
        {"victim": {**AMIRA, "born": "1990", "age": 30}},
        {"victim": {**AMIRA, "age": 121}},
        {"call_999": {}},
        {"call_999": {"at": "25:00"}},
        {"call_999": {"at": "14:02", "why_not": "They rang."}},
        {"topics": {"knife": "yes"}},
        {"topics": {"weapon": "perhaps"}},
    ],
)
def test_answers_that_contradict_or_do_not_exist_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReferralTyped.model_validate({**KNIFE, **wrong})


def test_a_referral_of_a_file_is_written_as_it_was_before_calls() -> None:
    imported = made(**KNIFE, victim=AMIRA).model_copy(update={"call": None})
    assert "call" not in imported.model_dump()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (YesNo.YES, YesNo.NOT_ASKED, YesNo.YES),
        (YesNo.NO, YesNo.NOT_ASKED, YesNo.NOT_ASKED),
        (YesNo.NO, YesNo.NOT_KNOWN, YesNo.NOT_KNOWN),
        (YesNo.NO, YesNo.NO, YesNo.NO),
    ],
)
def test_works_for_us_is_answered_when_both_are(one: YesNo, other: YesNo, both: YesNo) -> None:
    assert either_works_for(one, other) is either_works_for(other, one) is both

"""Who counts as under 18, when a day ends, and when it is answered whether a party works for an agency."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.absence import YesNo
from engine.domain.alarm_questions import (
    AlarmQuestion,
    PartyFacts,
    QuestionAnswered,
    end_of_day,
    is_works_for_answered,
    may_be_under_age,
    works_for_answered_at,
)
from engine.domain.dates import PartialDate

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PERPETRATOR, VICTIM = AlarmQuestion.PERPETRATOR_WORKS_FOR, AlarmQuestion.VICTIM_WORKS_FOR
YES, NO, NOT_KNOWN, NOT_ASKED = YesNo.YES, YesNo.NO, YesNo.NOT_KNOWN, YesNo.NOT_ASKED


@pytest.mark.parametrize(
    ("born", "on", "may_be"),
    [
        ("2008-03-03", date(2026, 3, 2), True),
        ("2008-03-02", date(2026, 3, 2), False),  # the 18th birthday
        ("2008-03", date(2026, 3, 30), True),
        ("2008-03", date(2026, 3, 31), False),
        ("2008", date(2026, 12, 30), True),
        ("2008", date(2026, 12, 31), False),
        ("2008-02-29", date(2026, 2, 28), True),
        ("2008-02-29", date(2026, 3, 1), False),
    ],
)
def test_a_date_of_birth_that_may_be_under_18_counts(born: str, on: date, may_be: bool) -> None:
    assert may_be_under_age(PartialDate(born), on=on) is may_be


def facts(answer: YesNo = NOT_ASKED, *, child: bool = False, born: tuple[str, ...] = ()) -> PartyFacts:
    days = tuple(PartialDate(each) for each in born)
    return PartyFacts(works_for=answer, has_child=child, born=days, received_at=AT)


def test_a_child_in_a_household_or_a_party_who_may_be_under_18_needs_safeguarding() -> None:
    assert facts(child=True).may_need_safeguarding()
    assert facts(born=("1988-04-09", "2008")).may_need_safeguarding()
    assert not facts(born=("1988-04-09", "2007")).may_need_safeguarding()
    assert not facts().may_need_safeguarding()


def test_the_day_of_the_referral_is_one_in_london() -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # 2 June in London
    born_then = facts(born=("2008-06-02",)).model_copy(update={"received_at": late})
    assert not born_then.may_need_safeguarding()
    assert born_then.model_copy(update={"received_at": late - timedelta(hours=1)}).may_need_safeguarding()


@pytest.mark.parametrize(
    ("at", "end", "hours"),
    [
        ("2026-03-02T23:59:00+00:00", "2026-03-03T00:00:00+00:00", 24),
        ("2026-03-03T00:00:00+00:00", "2026-03-04T00:00:00+00:00", 24),
        ("2026-03-29T00:30:00+00:00", "2026-03-29T23:00:00+00:00", 23),  # the clocks go forward
        ("2026-10-25T00:30:00+00:00", "2026-10-26T00:00:00+00:00", 25),  # and back
    ],
)
def test_a_day_ends_at_midnight_in_london_as_an_instant(at: str, end: str, hours: int) -> None:
    found = end_of_day(datetime.fromisoformat(at))
    assert found.astimezone(UTC) == datetime.fromisoformat(end)
    began = end_of_day(datetime.fromisoformat(at) - timedelta(days=1))
    assert found.astimezone(UTC) - began.astimezone(UTC) == timedelta(hours=hours)


def said(question: AlarmQuestion, answer: YesNo, agency: str | None = None) -> QuestionAnswered:
    return QuestionAnswered(question=question, answer=answer, agency=agency, by="carla", at=AT)


@pytest.mark.parametrize(
    ("referral", "answers", "is_answered"),
    [
        (NOT_ASKED, (), False),
        (NOT_KNOWN, (), False),
        (NO, (), True),
        (YES, (), True),
        (NOT_ASKED, (said(PERPETRATOR, NO),), False),
        (NOT_ASKED, (said(PERPETRATOR, NO), said(VICTIM, NOT_KNOWN)), False),
        (NOT_ASKED, (said(PERPETRATOR, NO), said(VICTIM, NO)), True),
        (NOT_ASKED, (said(VICTIM, YES),), True),
        (NO, (said(VICTIM, NOT_KNOWN),), False),
        (NOT_KNOWN, (said(PERPETRATOR, NO), said(VICTIM, NO), said(VICTIM, NOT_KNOWN)), False),
    ],
)
def test_it_is_answered_by_one_yes_or_two_noes(
    referral: YesNo, answers: tuple[QuestionAnswered, ...], is_answered: bool
) -> None:
    assert is_works_for_answered(facts(referral), answers) is is_answered


def test_an_erased_referral_answers_nothing() -> None:
    assert not is_works_for_answered(None, ())


def answered(hours: int, question: AlarmQuestion, answer: YesNo) -> QuestionAnswered:
    return said(question, answer).model_copy(update={"at": AT + timedelta(hours=hours)})


@pytest.mark.parametrize(
    ("of_referral", "answers", "hours"),
    [
        (NOT_ASKED, (), None),
        (NO, (), 0),
        (YES, (), 0),
        (NOT_ASKED, (answered(1, PERPETRATOR, NO),), None),
        (NOT_ASKED, (answered(1, PERPETRATOR, NO), answered(2, VICTIM, NO)), 2),
        (NOT_ASKED, (answered(1, PERPETRATOR, YES), answered(2, VICTIM, NO)), 1),
        (NOT_ASKED, (answered(1, PERPETRATOR, NO), answered(2, VICTIM, NOT_KNOWN)), None),
        (NO, (answered(1, VICTIM, NO),), 0),
        (NO, (answered(1, VICTIM, NOT_KNOWN),), None),
        (NO, (answered(1, VICTIM, NOT_KNOWN), answered(3, VICTIM, NO)), 3),
    ],
)
def test_it_is_answered_since_the_answer_after_which_nothing_was_left_open(
    of_referral: YesNo, answers: tuple[QuestionAnswered, ...], hours: int | None
) -> None:
    since = works_for_answered_at(facts(of_referral), answers)
    assert since == (None if hours is None else AT + timedelta(hours=hours))
    assert (since is not None) is is_works_for_answered(facts(of_referral), answers)

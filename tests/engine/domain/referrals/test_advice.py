"""The clocks of advice, each with its near misses, and what a slip must have."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from pydantic import ValidationError

from engine.clock import LONDON
from engine.domain.cases.lifecycle import State
from engine.domain.referrals.advice import (
    Advice,
    AdviceClosed,
    AdviceSent,
    AdviceState,
    SentHow,
    SlipAnswer,
    SlipAnswered,
    SlipEntry,
    SlipGiven,
    SlipQuestion,
    chair_asked_from,
    contact_asked_from,
    contact_due,
    slip_due,
)

MADE = datetime(2026, 3, 2, 9, tzinfo=LONDON)


def local(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("sent_on", "asked", "contact", "slip", "chair"),
    [
        ("2026-03-02", "Tue 03 Mar 00:00", "Tue 03 Mar 17:00", "Wed 04 Mar 17:00", "Fri 06 Mar 00:00"),
        ("2026-03-06", "Mon 09 Mar 00:00", "Mon 09 Mar 17:00", "Tue 10 Mar 17:00", "Thu 12 Mar 00:00"),
        ("2026-03-08", "Mon 09 Mar 00:00", "Mon 09 Mar 17:00", "Tue 10 Mar 17:00", "Thu 12 Mar 00:00"),
        ("2026-04-02", "Tue 07 Apr 00:00", "Tue 07 Apr 17:00", "Wed 08 Apr 17:00", "Fri 10 Apr 00:00"),
        ("2026-04-01", "Thu 02 Apr 00:00", "Thu 02 Apr 17:00", "Tue 07 Apr 17:00", "Thu 09 Apr 00:00"),
        ("2026-03-27", "Mon 30 Mar 00:00", "Mon 30 Mar 17:00", "Tue 31 Mar 17:00", "Thu 02 Apr 00:00"),
    ],
    ids=["Monday", "Friday", "Sunday", "before Easter", "over Easter", "over the change of the hour"],
)
def test_each_clock_counts_working_days(
    sent_on: str, asked: str, contact: str, slip: str, chair: str
) -> None:
    day = date.fromisoformat(sent_on)
    found = (contact_asked_from(day), contact_due(day), slip_due(day), chair_asked_from(day))
    assert tuple(map(local, found)) == (asked, contact, slip, chair)


def an_advice(*, sent: bool = True, answers: int = 0, **changes: object) -> Advice:
    slip = tuple(
        SlipAnswered(question=each, answer=SlipAnswer.NO, why="Not yet.", by="cora", at=MADE)
        for each in list(SlipQuestion)[:answers]
    )
    one = AdviceSent(how=SentHow.EMAIL, to="officer in the case", on=MADE.date(), by="cora", at=MADE)
    given: dict[str, object] = {
        "reference": "R-7K3M9QV",
        "version": 1,
        "is_newest": True,
        "case_state": State.ADVICE_GIVEN,
        "text": "Advice.",
        "made_by": "cora",
        "made_at": MADE,
        "sent": (one,) if sent else (),
        "slip": slip,
        **changes,
    }
    return Advice.model_validate(given)


DUE = datetime(2026, 3, 4, 17, tzinfo=LONDON)
AFTER = DUE.replace(minute=1)


@pytest.mark.parametrize(
    ("advice", "at", "state"),
    [
        (an_advice(sent=False), AFTER, AdviceState.MADE),
        (an_advice(answers=2), DUE, AdviceState.SENT),
        (an_advice(answers=2), AFTER, AdviceState.OVERDUE),
        (an_advice(answers=3), AFTER, AdviceState.RETURNED),
        (an_advice(closed=AdviceClosed(by="chair", at=MADE)), AFTER, AdviceState.CLOSED),
        (an_advice(is_newest=False), AFTER, AdviceState.SUPERSEDED),
        (an_advice(case_state=State.CLOSED), AFTER, AdviceState.ENDED),
    ],
)
def test_its_state_is_that_of_the_moment(advice: Advice, at: datetime, state: AdviceState) -> None:
    assert advice.state(at) is state


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"answer": "yes"}, "yes: give the date and the person"),
        ({"answer": "yes", "on": "2026-03-02"}, "yes: give the date and the person"),
        ({"answer": "yes", "on": "2026-03-02", "by": "PC A.", "why": "So."}, "a reason is only for no"),
        ({"answer": "no"}, "no: give the reason"),
        ({"answer": "no", "why": "So.", "on": "2026-03-02"}, "only for yes"),
        ({"answer": "perhaps", "why": "So."}, "'yes' or 'no'"),
    ],
)
def test_a_yes_has_date_and_person_and_a_no_its_reason(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        SlipEntry.model_validate(given)


def test_a_slip_without_any_answer_is_refused() -> None:
    with pytest.raises(ValidationError, match="answer at least one"):
        SlipGiven()

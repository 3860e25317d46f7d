"""Questions that a case's first alarm opens, as people answer them. Knows no storage and no clock.

Two are about each party: whether that party works for one of the agencies. One is about children.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from engine.clock import LONDON
from engine.domain.absence import YesNo
from engine.domain.base import Frozen, Instant
from engine.domain.dates import PartialDate

ADULT_AT = 18


class AlarmQuestion(StrEnum):
    """A question that a person answers once a case has an alarm. The value is stored."""

    CHILD_SAFEGUARDING = "child safeguarding: referred"
    PERPETRATOR_WORKS_FOR = "the perpetrator works for one of the agencies"
    VICTIM_WORKS_FOR = "the victim works for one of the agencies"


PARTIES = (AlarmQuestion.PERPETRATOR_WORKS_FOR, AlarmQuestion.VICTIM_WORKS_FOR)


class QuestionAnswered(Frozen):
    """An answer to one of them; the newest applies. ``agency`` is that of a party's work."""

    question: AlarmQuestion
    answer: YesNo
    agency: str | None = None
    why: str | None = None
    by: str
    at: Instant


class PartyFacts(Frozen):
    """Facts of the newest referral that decide which of the questions are open."""

    works_for: YesNo
    has_child: bool
    """True if the referral says that a child is in either household."""
    born: tuple[PartialDate, ...]
    """The dates of birth of the parties, where they are known."""
    received_at: Instant

    def may_need_safeguarding(self) -> bool:
        """Return whether a child is in either household, or a party was or may have been under 18."""
        day = self.received_at.astimezone(LONDON).date()
        return self.has_child or any(may_be_under_age(born, on=day) for born in self.born)


def may_be_under_age(born: PartialDate, *, on: date) -> bool:
    """Return whether a person may be under 18 on this date; on the 18th birthday a person is not.

    Of a birth on 29 February the birthday is 1 March where the year has no 29th.
    """
    day = born.latest
    years = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
    return years < ADULT_AT


def end_of_day(at: datetime) -> datetime:
    """Return the midnight in London that ends this instant's date: 23 to 25 hours after it began."""
    tomorrow = at.astimezone(LONDON).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=LONDON)


def is_works_for_answered(facts: PartyFacts | None, answers: Iterable[QuestionAnswered]) -> bool:
    """Return whether it is answered: yes for one party, or no for both. "Not known" does not count.

    The referral has one answer for both parties; a newer one about a party replaces it for that party.
    """
    newest = {each.question: each.answer for each in answers}
    return _is_answered(facts, newest)


def works_for_answered_at(facts: PartyFacts | None, answers: Iterable[QuestionAnswered]) -> datetime | None:
    """Return since when it is answered, without a gap: by the referral, or by an answer; None if it is not.

    ``answers`` are oldest first.
    """
    newest: dict[AlarmQuestion, YesNo] = {}
    since = facts.received_at if facts is not None and _is_answered(facts, newest) else None
    for each in answers:
        newest[each.question] = each.answer
        since = (since or each.at) if _is_answered(facts, newest) else None
    return since


def _is_answered(facts: PartyFacts | None, newest: Mapping[AlarmQuestion, YesNo]) -> bool:
    of_referral = facts.works_for if facts is not None else YesNo.NOT_ASKED
    given = [newest.get(each, of_referral) for each in PARTIES]
    return YesNo.YES in given or given == [YesNo.NO, YesNo.NO]

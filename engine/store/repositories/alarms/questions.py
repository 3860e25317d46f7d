"""Answers to the questions that a case's first alarm opens, and what of the referral opens them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.absence import YesNo
from engine.domain.alarm_questions import AlarmQuestion, PartyFacts, QuestionAnswered
from engine.domain.dates import PartialDate
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.alarm_questions import AlarmQuestionRow
from engine.store.tables.cases.involvements import AlarmRow, InvolvementRow, ReferralVersionRow


class AlarmQuestions:
    """Adds answers, and reads them by case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, case: str, answered: QuestionAnswered) -> None:
        """Store an answer. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            AlarmQuestionRow(
                involvement_id=involvement_id(self._session, case),
                question=answered.question.value,
                answer=answered.answer.value,
                agency=answered.agency,
                why=answered.why,
                by=answered.by,
                at=answered.at,
            )
        )
        self._session.flush()

    def of(self, cases: Sequence[str]) -> dict[str, tuple[QuestionAnswered, ...]]:
        """Return by case what was answered, oldest first; a case without an answer is not among them."""
        if not cases:
            return {}
        query = (
            select(AlarmQuestionRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(AlarmQuestionRow.involvement_id))
            .where(among(col(InvolvementRow.ref), cases))
            .order_by(col(AlarmQuestionRow.id))
        )
        found: dict[str, list[QuestionAnswered]] = {}
        for row, case in self._session.execute(query):
            answered = QuestionAnswered(
                question=AlarmQuestion(row.question),
                answer=YesNo(row.answer),
                agency=row.agency,
                why=row.why,
                by=row.by,
                at=row.at,
            )
            found.setdefault(case, []).append(answered)
        return {case: tuple(answers) for case, answers in found.items()}

    def raised_by_referrals(self, cases: Sequence[str]) -> dict[str, datetime]:
        """Return when the referral of each of these first raised a topic, if it does; one from before has no
        time, and one whose topics were all taken back raises none.
        """
        query = (
            select(col(InvolvementRow.ref), col(AlarmRow.raised_at))
            .join(AlarmRow, col(AlarmRow.involvement_id) == col(InvolvementRow.id))
            .where(
                among(col(InvolvementRow.ref), cases),
                col(AlarmRow.is_raised),
                col(AlarmRow.raised_at).is_not(None),
            )
        )
        return {case: at for case, at in self._session.execute(query) if at is not None}

    def facts(self, cases: Sequence[str]) -> dict[str, PartyFacts]:
        """Return what the newest referral of each of these says of its parties; an erased one: nothing."""
        older = aliased(ReferralVersionRow)
        newest = (
            select(func.max(col(older.version)))
            .where(col(older.involvement_id) == col(InvolvementRow.id))
            .correlate(InvolvementRow)
            .scalar_subquery()
        )
        content = col(ReferralVersionRow.content)
        query = (
            select(
                col(InvolvementRow.ref),
                col(InvolvementRow.received_at),
                *(content[field].as_string() for field in _FIELDS),
            )
            .join(ReferralVersionRow, col(ReferralVersionRow.involvement_id) == col(InvolvementRow.id))
            .where(among(col(InvolvementRow.ref), cases), col(ReferralVersionRow.version) == newest)
        )
        return {case: _facts(at, *fields) for case, at, *fields in self._session.execute(query)}


_FIELDS = (
    ("party_works_for",),
    ("children", "in_victim_household"),
    ("children", "in_perpetrator_household"),
    ("perpetrator", "date_of_birth"),
    ("victim", "date_of_birth"),
)
"""The few fields of a stored referral that are read: to read all of it would slow an import."""


def _facts(received_at: datetime, works_for: str | None, *of_people: str | None) -> PartyFacts:
    children, born = of_people[:2], of_people[2:]
    return PartyFacts(
        works_for=YesNo(works_for) if works_for else YesNo.NOT_ASKED,
        has_child=YesNo.YES.value in children,
        born=tuple(PartialDate(each) for each in born if each),
        received_at=received_at,
    )

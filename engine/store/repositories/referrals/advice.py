"""Advice of cases: screenings with that outcome, and what was recorded of each after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.referrals.advice import (
    Advice,
    AdviceClosed,
    AdviceSent,
    SentHow,
    SlipAnswer,
    SlipAnswered,
    SlipEntry,
    SlipQuestion,
)
from engine.store.among import among
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.tables.advice import AdviceClosedRow, AdviceSentRow, AdviceSlipRow
from engine.store.tables.cases.involvements import InvolvementRow, ScreeningRow

_OfAdvice = TypeVar("_OfAdvice", AdviceSentRow, AdviceSlipRow, AdviceClosedRow)
_Key = tuple[int | None, int]
"""The number of an involvement and the version of its screening."""


class AdviceGiven:
    """Adds what happens to advice, and reads it by case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_sent(
        self, case: str, version: int, *, how: SentHow, to: str, on: date, by: str, at: datetime
    ) -> None:
        """Store a sending. Raises NotFoundError if the referral does not exist."""
        number = involvement_id(self._session, case)
        self._session.add(
            AdviceSentRow(
                involvement_id=number,
                screening_version=version,
                how=how.value,
                sent_to=to,
                sent_on=on,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def add_answer(
        self, case: str, version: int, question: SlipQuestion, entry: SlipEntry, *, by: str, at: datetime
    ) -> None:
        """Store an answer of the slip. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            AdviceSlipRow(
                involvement_id=involvement_id(self._session, case),
                screening_version=version,
                question=question.value,
                answer=entry.answer.value,
                done_on=entry.on,
                done_by=entry.by,
                why=entry.why,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def add_closed(self, case: str, version: int, *, reason: str | None, by: str, at: datetime) -> None:
        """Store its closing. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            AdviceClosedRow(
                involvement_id=involvement_id(self._session, case),
                screening_version=version,
                why=reason,
                by=by,
                at=at,
            )
        )
        self._session.flush()

    def of(self, cases: Sequence[str]) -> dict[str, tuple[Advice, ...]]:
        """Return by case every advice, oldest first; a case that was not advised is not among them."""
        if not cases:
            return {}
        content = col(ScreeningRow.content)
        query = (
            select(
                col(InvolvementRow.id),
                col(InvolvementRow.ref),
                col(InvolvementRow.state),
                col(ScreeningRow.version),
                col(ScreeningRow.by),
                col(ScreeningRow.at),
                content["outcome"].as_string(),
                content["advice"].as_string(),
            )
            .join(ScreeningRow, col(ScreeningRow.involvement_id) == col(InvolvementRow.id))
            .where(among(col(InvolvementRow.ref), cases))
            .order_by(col(InvolvementRow.id), col(ScreeningRow.version))
        )
        screenings = self._session.execute(query).all()
        advised = [row for row in screenings if row[6] == TriageOutcome.ADVICE.value]
        newest = {number: version for number, _, _, version, *_ in screenings}
        numbers = sorted({row[0] for row in advised})
        sent = self._by_advice(AdviceSentRow, numbers)
        slip = self._by_advice(AdviceSlipRow, numbers)
        closed = self._by_advice(AdviceClosedRow, numbers)
        found: dict[str, list[Advice]] = {}
        for number, case, state, version, by, at, _, text in advised:
            one = (number, version)
            advice = Advice(
                reference=case,
                version=version,
                is_newest=newest[number] == version,
                case_state=State(state),
                text=text,
                made_by=by,
                made_at=at,
                sent=tuple(_sent(row) for row in sent.get(one, ())),
                slip=tuple(_answered(row) for row in slip.get(one, ())),
                closed=next((_closed(row) for row in closed.get(one, ())), None),
            )
            found.setdefault(case, []).append(advice)
        return {case: tuple(each) for case, each in found.items()}

    def newest(self, cases: Sequence[str]) -> dict[str, Advice]:
        """Return by case the advice that its newest screening made; one screened otherwise has none."""
        return {case: there[-1] for case, there in self.of(cases).items() if there[-1].is_newest}

    def _by_advice(self, table: type[_OfAdvice], numbers: Sequence[int]) -> dict[_Key, list[_OfAdvice]]:
        found: dict[_Key, list[_OfAdvice]] = {}
        query = select(table).where(among(col(table.involvement_id), numbers)).order_by(col(table.id))
        for row in self._session.execute(query).scalars() if numbers else ():
            found.setdefault((row.involvement_id, row.screening_version), []).append(row)
        return found


def _sent(row: AdviceSentRow) -> AdviceSent:
    return AdviceSent(how=SentHow(row.how), to=row.sent_to, on=row.sent_on, by=row.by, at=row.at)


def _answered(row: AdviceSlipRow) -> SlipAnswered:
    return SlipAnswered(
        question=SlipQuestion(row.question),
        answer=SlipAnswer(row.answer),
        on=row.done_on,
        done_by=row.done_by,
        why=row.why,
        by=row.by,
        at=row.at,
    )


def _closed(row: AdviceClosedRow) -> AdviceClosed:
    return AdviceClosed(reason=row.why, by=row.by, at=row.at)

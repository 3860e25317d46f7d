"""Requests to agencies and their answers, in append-only versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from engine.domain.answers import ANSWER, Contribution, Failed, NilReturn, Refused, Stage
from engine.domain.audit import canonical, digest
from engine.domain.errors import NotFoundError
from engine.domain.involvement import Request, Returns, StoredAnswer
from engine.store.repositories.cases import involvement_id
from engine.store.tables.answers import AnswerConfirmedRow, AnswerRow, RequestRow
from engine.store.tables.cases import InvolvementRow


class Answers:
    """Asks, keeps and reads."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, request: Request) -> bool:
        """Keep a request; asking the same agency twice about one involvement changes nothing."""
        number = involvement_id(self._session, request.involvement)
        if self._request_row(number, request.agency) is not None:
            return False
        self._session.add(
            RequestRow(
                involvement_id=number,
                agency=request.agency,
                asked_at=request.asked_at,
                due_at=request.due_at,
                was_shown=list(request.was_shown),
            )
        )
        self._session.flush()
        return True

    def add(
        self,
        reference: str,
        agency: str,
        answer: Contribution | NilReturn | Refused | Failed,
        *,
        stage: Stage,
        author: str,
        plugin_version: str | None,
        at: datetime,
        released_by: str | None = None,
        prepared_version: int | None = None,
    ) -> int:
        """Keep an answer and return its version. An equal answer adds none, only when it was confirmed."""
        row = self._request_row(involvement_id(self._session, reference), agency)
        if row is None or row.id is None:
            raise NotFoundError("request", f"{reference} to {agency}", instead="ask the agency first")
        content = answer.model_dump(mode="json", exclude={"protected"})
        key = digest(canonical([stage.value, author, plugin_version, content]))
        versions = self._session.execute(
            select(AnswerRow).where(col(AnswerRow.request_id) == row.id).order_by(col(AnswerRow.version))
        ).scalars()
        earlier = list(versions)
        same_stage = [kept for kept in earlier if kept.stage == stage.value]
        if same_stage and same_stage[-1].digest == key:
            self._session.add(AnswerConfirmedRow(answer_id=same_stage[-1].id or 0, at=at))
            self._session.flush()
            return int(same_stage[-1].version)
        version = len(earlier) + 1
        self._session.add(
            AnswerRow(
                request_id=row.id,
                version=version,
                stage=stage.value,
                kind=answer.kind,
                content=content,
                digest=key,
                author=author,
                plugin_version=plugin_version,
                released_by=released_by,
                prepared_version=prepared_version,
                at=at,
            )
        )
        self._session.flush()
        return version

    def returns(self, references: Sequence[str]) -> dict[str, tuple[Returns, ...]]:
        """The requests of these involvements with all their answers, by agency's code."""
        found: dict[str, list[Returns]] = {reference: [] for reference in references}
        for start in range(0, len(references), 500):
            for returns in self._returns(references[start : start + 500]):
                found[returns.request.involvement].append(returns)
        return {ref: tuple(sorted(r, key=lambda x: x.request.agency)) for ref, r in found.items()}

    def of(self, reference: str, agency: str) -> Returns | None:
        """One agency's request about one involvement; None when it was not asked."""
        for returns in self.returns([reference])[reference]:
            if returns.request.agency == agency:
                return returns
        return None

    def count_by_kind(self) -> dict[tuple[str, str, str], int]:
        """How many answers there are by agency, stage and kind, over all versions."""
        rows = self._session.execute(
            select(col(RequestRow.agency), col(AnswerRow.stage), col(AnswerRow.kind), func.count())
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .group_by(col(RequestRow.agency), col(AnswerRow.stage), col(AnswerRow.kind))
        ).all()
        return {(agency, stage, kind): int(count) for agency, stage, kind, count in rows}

    def _returns(self, references: Sequence[str]) -> Iterable[Returns]:
        requests = self._session.execute(
            select(RequestRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .where(col(InvolvementRow.ref).in_(references))
        ).all()
        ids = [row.id for row, _ in requests]
        confirmations = self._session.execute(
            select(col(AnswerConfirmedRow.answer_id), func.max(AnswerConfirmedRow.at))
            .join(AnswerRow, col(AnswerRow.id) == col(AnswerConfirmedRow.answer_id))
            .where(col(AnswerRow.request_id).in_(ids))
            .group_by(col(AnswerConfirmedRow.answer_id))
        ).all()
        confirmed: dict[int, datetime] = {int(number): at for number, at in confirmations}
        answers: dict[int, list[AnswerRow]] = {}
        for answer in self._session.execute(
            select(AnswerRow).where(col(AnswerRow.request_id).in_(ids)).order_by(col(AnswerRow.version))
        ).scalars():
            answers.setdefault(answer.request_id, []).append(answer)
        for row, reference in requests:
            yield Returns(
                request=Request(
                    involvement=reference,
                    agency=row.agency,
                    asked_at=row.asked_at,
                    due_at=row.due_at,
                    was_shown=tuple(row.was_shown),
                ),
                answers=tuple(
                    _answer(row.agency, answer, confirmed.get(answer.id or 0))
                    for answer in answers.get(row.id or 0, [])
                ),
            )

    def _request_row(self, number: int, agency: str) -> RequestRow | None:
        return self._session.execute(
            select(RequestRow).where(
                col(RequestRow.involvement_id) == number, col(RequestRow.agency) == agency
            )
        ).scalar_one_or_none()


def _answer(agency: str, row: AnswerRow, confirmed_at: datetime | None) -> StoredAnswer:
    return StoredAnswer(
        agency=agency,
        version=row.version,
        stage=Stage(row.stage),
        answer=ANSWER.validate_python(row.content),
        digest=row.digest,
        author=row.author,
        plugin_version=row.plugin_version,
        released_by=row.released_by,
        prepared_version=row.prepared_version,
        at=row.at,
        confirmed_at=confirmed_at,
    )

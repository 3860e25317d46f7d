"""Answers as a person of an agency typed them: sealed on their way in, opened for their writer."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlmodel import Session, col

from engine.domain.responses.answers import ANSWER, Contribution, Failed, NilReturn, Refused
from engine.domain.vault.sealing import Seals
from engine.store.repositories.vault.key_rotation import hold_keys, typed_answer_row
from engine.store.tables.vault.protected import TypedAnswerRow

_AnyAnswer = Contribution | NilReturn | Refused | Failed


class TypedAnswers:
    """Store of hand-typed answers, by case, agency and version."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def keep(self, reference: str, agency: str, version: int, answer: _AnyAnswer, *, by: str) -> None:
        """Store an answer as its writer typed it; one of the same version is replaced."""
        hold_keys(self._session)
        self._session.execute(
            delete(TypedAnswerRow).where(
                col(TypedAnswerRow.involvement_ref) == reference,
                col(TypedAnswerRow.agency) == agency,
                col(TypedAnswerRow.version) == version,
            )
        )
        bound = typed_answer_row(reference, agency, version)
        self._session.add(
            TypedAnswerRow(
                involvement_ref=reference,
                agency=agency,
                version=version,
                by=by,
                content=self._seals.seal(answer.model_dump_json().encode(), row=bound),
            )
        )
        self._session.flush()

    def differs(self, reference: str, agency: str, answer: _AnyAnswer) -> bool:
        """Return whether it was typed otherwise than the newest one of this agency; False without one."""
        query = select(TypedAnswerRow).where(
            col(TypedAnswerRow.involvement_ref) == reference, col(TypedAnswerRow.agency) == agency
        )
        newest = query.order_by(col(TypedAnswerRow.version).desc()).limit(1)
        row = self._session.execute(newest).scalar_one_or_none()
        return row is not None and self._opened(row) != answer

    def of(self, references: Collection[str], *, by: str) -> dict[tuple[str, str, int], _AnyAnswer]:
        """Return what this person typed about these cases, by case, agency and version."""
        rows = self._session.execute(
            select(TypedAnswerRow).where(
                col(TypedAnswerRow.involvement_ref).in_(references), col(TypedAnswerRow.by) == by
            )
        ).scalars()
        return {(row.involvement_ref, row.agency, row.version): self._opened(row) for row in rows}

    def _opened(self, row: TypedAnswerRow) -> _AnyAnswer:
        bound = typed_answer_row(row.involvement_ref, row.agency, row.version)
        return ANSWER.validate_json(self._seals.unsealed(row.content, row=bound))

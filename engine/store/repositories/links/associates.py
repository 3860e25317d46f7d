"""Questions by people's associates with the answers of second persons. Decides nothing."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.domain.access.approvals import AccessApproval
from engine.domain.accounts.acting import Acting, Role
from engine.domain.accounts.tasks import Task
from engine.domain.errors import NotFoundError
from engine.domain.links.associates import AssociatesAsked, AssociatesQuestion
from engine.store.among import among
from engine.store.granting import is_proven, proven_numbers, with_check
from engine.store.repositories.references import unused_references
from engine.store.tables.links.associates import AssociatesAskRow, AssociatesRunRow, AssociatesWordRow


class AssociatesRequestsStored:
    """Store of requests, the answers to them, and which were used."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(
        self,
        question: AssociatesQuestion,
        *,
        acting: Acting,
        purpose: Task,
        why: str,
        at: datetime,
        lapses_at: datetime,
    ) -> AssociatesAsked:
        """Store a request; return it with its reference."""
        (ref,) = unused_references(self._session, "associates request", col(AssociatesAskRow.ref), 1)
        row = AssociatesAskRow(
            ref=ref,
            user_name=acting.user,
            role=acting.role.value,
            agency=acting.agency,
            question=question.model_dump(mode="json"),
            purpose=purpose.value,
            why=why,
            at=at,
            lapses_at=lapses_at,
        )
        self._session.add(row)
        self._session.flush()
        return _asked(row, [], is_used=False)

    def say(self, reference: str, approval: AccessApproval) -> None:
        """Store an answer. Raises NotFoundError if the request does not exist."""
        self._session.add(
            AssociatesWordRow(
                associates_ask_id=self._number(reference),
                user_name=approval.user,
                role=(approval.role or Role.SYSTEM).value,
                agency=approval.agency,
                agrees=approval.agrees,
                at=approval.at,
            )
        )
        self._session.flush()

    def use(self, reference: str, *, at: datetime) -> None:
        """Store that the question is asked now, which is possible once.

        Raises NotFoundError if the request does not exist.
        """
        self._session.add(AssociatesRunRow(associates_ask_id=self._number(reference), at=at))
        self._session.flush()

    def sent_since(self, at: datetime) -> tuple[AssociatesAsked, ...]:
        """Return the requests whose time was not over at this instant, oldest first."""
        return self._found(_rows().where(col(AssociatesAskRow.lapses_at) > at))

    def about(self, names: AbstractSet[str]) -> set[int]:
        """Return the rows of requests that name one of these."""
        asked = self._session.execute(select(col(AssociatesAskRow.id), col(AssociatesAskRow.question))).all()
        return {int(number or 0) for number, question in asked if question.get("of") in names}

    def over(self, *, before: datetime) -> set[int]:
        """Return the rows of requests whose time was over before this."""
        query = select(col(AssociatesAskRow.id)).where(col(AssociatesAskRow.lapses_at) < before)
        return {int(number or 0) for number in self._session.execute(query).scalars()}

    def _number(self, reference: str) -> int:
        found: int | None = self._session.execute(
            select(col(AssociatesAskRow.id)).where(col(AssociatesAskRow.ref) == reference)
        ).scalar()
        if found is None:
            raise NotFoundError("associates request", reference)
        return found

    def _found(self, query: Select[AssociatesAskRow, int | None]) -> tuple[AssociatesAsked, ...]:
        found = self._session.execute(query.order_by(col(AssociatesAskRow.id))).all()
        right = proven_numbers(self._session, AssociatesAskRow, [row.id for row, _ in found])
        rows = [each for each in found if each[0].id in right]
        words: dict[int, list[AccessApproval]] = {}
        said = self._session.connection().execute(
            with_check(AssociatesWordRow)
            .where(among(col(AssociatesWordRow.associates_ask_id), [row.id or 0 for row, _ in rows]))
            .order_by(col(AssociatesWordRow.id))
        )
        for each in said:
            words.setdefault(each.associates_ask_id, []).append(
                AccessApproval(
                    user=each.user_name,
                    role=Role(each.role),
                    agency=each.agency,
                    agrees=each.agrees and is_proven(self._session, AssociatesWordRow, each),
                    at=each.at,
                )
            )
        return tuple(_asked(row, words.get(row.id or 0, []), is_used=used is not None) for row, used in rows)


def _rows() -> Select[AssociatesAskRow, int | None]:
    return select(AssociatesAskRow, col(AssociatesRunRow.id)).outerjoin(
        AssociatesRunRow, col(AssociatesRunRow.associates_ask_id) == col(AssociatesAskRow.id)
    )


def _asked(row: AssociatesAskRow, words: list[AccessApproval], *, is_used: bool) -> AssociatesAsked:
    return AssociatesAsked(
        reference=row.ref,
        user=row.user_name,
        role=Role(row.role),
        agency=row.agency,
        question=AssociatesQuestion.model_validate(row.question),
        purpose=Task(row.purpose),
        why=row.why,
        at=row.at,
        lapses_at=row.lapses_at,
        words=tuple(words),
        is_used=is_used,
    )

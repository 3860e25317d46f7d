"""Batches of cases that are asked about again, and each answer beside the earlier one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import ANSWER, Failed
from engine.domain.responses.reassessment import AgencyInBatch, Batch, Compared, Reassessed
from engine.store.repositories.access.restrictions import not_restricted
from engine.store.repositories.bulk import insert_all, insert_and_number
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.responses.answers import AnswerRow, RequestRow
from engine.store.tables.responses.reassessment import BatchAnswerRow, BatchMemberRow, BatchRow

_Columns = TypeVarTuple("_Columns")
FAILED: str = Failed.model_fields["kind"].default


@dataclass(frozen=True)
class KeptBefore:
    """The newest answer of an agency that did not fail, by what an equal one would repeat."""

    version: int
    stage: str
    author: str
    plugin_version: str | None
    digest: str


class NewBatchAnswer(NamedTuple):
    """An agency's answer about one involvement, compared with the version before; ``content`` if stored."""

    involvement: str
    agency: str
    compared: Compared
    version: int | None
    content: Mapping[str, object] | None
    by_hand: bool
    at: datetime


class Reassessments:
    """Store of batches and their results."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, batch: Batch, involvements: Sequence[str]) -> Batch:
        """Store a batch of these involvements, in the order of their age; return it with its reference."""
        ref = unused_references(self._session, "batch", col(BatchRow.ref), 1)[0]
        members = self._numbers(involvements)
        (number,) = insert_and_number(
            self._session,
            BatchRow,
            [
                {
                    "ref": ref,
                    "reason": batch.reason,
                    "agencies": [agency.model_dump(mode="json") for agency in batch.agencies],
                    "referrals": len(members),
                    "by": batch.by,
                    "at": batch.at,
                }
            ],
        )
        insert_all(
            self._session,
            BatchMemberRow,
            [
                {"batch_id": number, "place": place, "involvement_id": involvement}
                for place, involvement in enumerate(members, start=1)
            ],
        )
        return batch.model_copy(update={"reference": ref, "referrals": len(members)})

    def get(self, reference: str) -> tuple[int, Batch]:
        """Return the batch of that reference, with its inner number.

        Raises NotFoundError if the batch does not exist.
        """
        row = self._session.execute(
            select(BatchRow).where(col(BatchRow.ref) == reference)
        ).scalar_one_or_none()
        if row is None or row.id is None:
            raise NotFoundError("batch", reference)
        return row.id, Batch(
            reference=row.ref,
            reason=row.reason,
            by=row.by,
            at=row.at,
            agencies=tuple(AgencyInBatch.model_validate(agency) for agency in row.agencies),
            referrals=row.referrals,
        )

    def asked_of(self, agencies: Collection[str], states: Iterable[State]) -> tuple[str, ...]:
        """Return the involvements in these states about which any of these agencies was asked, oldest first.

        Restricted ones are left out, so that a batch counts the same for every viewer.
        """
        refs = self._session.execute(
            select(col(InvolvementRow.ref))
            .where(
                col(InvolvementRow.state).in_([state.value for state in states]),
                col(InvolvementRow.id).in_(
                    select(col(RequestRow.involvement_id))
                    .where(col(RequestRow.agency).in_(list(agencies)))
                    .scalar_subquery()
                ),
                not_restricted(col(InvolvementRow.id)),
            )
            .order_by(col(InvolvementRow.id))
        ).scalars()
        return tuple(refs)

    def count_due(self, batch_id: int, agencies: Collection[str]) -> int:
        """Return the number of answers due to a batch:
        one for each of its agencies asked about each member.
        """
        count = self._session.execute(
            select(func.count())
            .select_from(BatchMemberRow)
            .join(RequestRow, col(RequestRow.involvement_id) == col(BatchMemberRow.involvement_id))
            .where(col(BatchMemberRow.batch_id) == batch_id, col(RequestRow.agency).in_(list(agencies)))
        ).scalar_one()
        return int(count)

    def due(self, batch_id: int, low: int, high: int, agencies: Collection[str]) -> dict[str, set[str]]:
        """Return, by agency, the involvements at these places about which the batch has no answer of its
        yet.
        """
        about = {"batch": batch_id, "low": low, "high": high, "agencies": list(agencies)}
        pairs = self._session.connection().execute(_due(), about).all()
        due: dict[str, set[str]] = defaultdict(set)
        for agency, ref in pairs:
            due[agency].add(ref)
        return due

    def still_due(self, batch_id: int, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Return, of these (agency, involvement) pairs, those without an answer of the batch.

        With each is the number of the involvement.
        """
        about = {
            "batch": batch_id,
            "agencies": sorted({agency for agency, _ in pairs}),
            "references": sorted({ref for _, ref in pairs}),
        }
        rows = self._session.connection().execute(_still_due(), about).all()
        return {(agency, ref): int(number or 0) for agency, ref, number in rows}

    def kept_before(
        self, batch_id: int, low: int, high: int, agencies: Collection[str]
    ) -> dict[tuple[str, str], KeptBefore]:
        """Return, by involvement and agency, the newest answer that did not fail."""
        rows = self._session.execute(
            select(
                col(InvolvementRow.ref),
                col(RequestRow.agency),
                col(AnswerRow.version),
                col(AnswerRow.stage),
                col(AnswerRow.author),
                col(AnswerRow.plugin_version),
                col(AnswerRow.digest),
            )
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
            .join(BatchMemberRow, col(BatchMemberRow.involvement_id) == col(RequestRow.involvement_id))
            .where(
                col(BatchMemberRow.batch_id) == batch_id,
                col(BatchMemberRow.place).between(low, high),
                col(RequestRow.agency).in_(list(agencies)),
                col(AnswerRow.kind) != FAILED,
            )
            .order_by(col(AnswerRow.version))
        ).all()
        return {(ref, agency): KeptBefore(*stored) for ref, agency, *stored in rows}

    def keep(self, batch_id: int, answers: Iterable[tuple[int, NewBatchAnswer]]) -> None:
        """Store these answers of a batch, each with the number of its involvement."""
        insert_all(
            self._session,
            BatchAnswerRow,
            [
                {
                    "batch_id": batch_id,
                    "involvement_id": number,
                    "agency": answer.agency,
                    "compared": answer.compared.value,
                    "version": answer.version,
                    "content": answer.content,
                    "by_hand": answer.by_hand,
                    "at": answer.at,
                }
                for number, answer in answers
            ],
        )

    def newest_on(self, reference: str) -> tuple[Reassessed, ...]:
        """Return the newest batch answer of each agency about one involvement, by agency's code."""
        rows = self._session.execute(
            select(BatchAnswerRow, col(BatchRow.ref), col(BatchRow.agencies))
            .join(BatchRow, col(BatchRow.id) == col(BatchAnswerRow.batch_id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(BatchAnswerRow.involvement_id))
            .where(col(InvolvementRow.ref) == reference)
            .order_by(col(BatchAnswerRow.id))
        ).all()
        newest = {row.agency: _reassessed(row, reference, ref, asked) for row, ref, asked in rows}
        return tuple(newest[agency] for agency in sorted(newest))

    def compared(self, batch_id: int) -> dict[str, dict[Compared, int]]:
        """Return, by agency, the number of answers of a batch that compare in each way with those before."""
        rows = self._session.execute(
            select(col(BatchAnswerRow.agency), col(BatchAnswerRow.compared), func.count())
            .where(col(BatchAnswerRow.batch_id) == batch_id)
            .group_by(col(BatchAnswerRow.agency), col(BatchAnswerRow.compared))
        ).all()
        found: dict[str, dict[Compared, int]] = defaultdict(dict)
        for agency, compared, count in rows:
            found[agency][Compared(compared)] = int(count)
        return {agency: found[agency] for agency in sorted(found)}

    def _numbers(self, involvements: Sequence[str]) -> list[int]:
        found: list[int] = []
        for start in range(0, len(involvements), 500):
            found += self._session.execute(
                select(col(InvolvementRow.id)).where(
                    col(InvolvementRow.ref).in_(involvements[start : start + 500])
                )
            ).scalars()
        return sorted(found)


@cache
def _due() -> Select[str, str]:
    """Build the statement once: building a statement takes several times as long as running it."""
    return _without_answer(select(col(RequestRow.agency), col(InvolvementRow.ref))).where(
        col(BatchMemberRow.place).between(bindparam("low"), bindparam("high"))
    )


@cache
def _still_due() -> Select[str, str, int | None]:
    return _without_answer(
        select(col(RequestRow.agency), col(InvolvementRow.ref), col(InvolvementRow.id))
    ).where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))


def _without_answer(selected: Select[*_Columns]) -> Select[*_Columns]:
    """Add the requests of a batch's members to its agencies that have no answer of it yet."""
    return (
        selected.select_from(RequestRow)
        .join(BatchMemberRow, col(BatchMemberRow.involvement_id) == col(RequestRow.involvement_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .outerjoin(
            BatchAnswerRow,
            (col(BatchAnswerRow.batch_id) == col(BatchMemberRow.batch_id))
            & (col(BatchAnswerRow.involvement_id) == col(BatchMemberRow.involvement_id))
            & (col(BatchAnswerRow.agency) == col(RequestRow.agency)),
        )
        .where(
            col(BatchMemberRow.batch_id) == bindparam("batch"),
            col(RequestRow.agency).in_(bindparam("agencies", expanding=True)),
            col(BatchAnswerRow.id).is_(None),
        )
    )


def _reassessed(
    row: BatchAnswerRow, reference: str, batch: str, asked: list[dict[str, object]]
) -> Reassessed:
    versions = {str(agency["code"]): str(agency["plugin_version"]) for agency in asked}
    return Reassessed(
        batch=batch,
        involvement=reference,
        agency=row.agency,
        compared=Compared(row.compared),
        version=row.version,
        answer=ANSWER.validate_python(row.content) if row.content else None,
        by_hand=row.by_hand,
        plugin_version=versions[row.agency],
        at=row.at,
    )

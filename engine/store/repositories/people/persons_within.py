"""Judgements and proposals on persons of one viewer's part of the record: cut in the query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.people.persons import ClaimedRole
from engine.domain.people.same_person import SameVerdict
from engine.identity.merged_persons import MatchDecision
from engine.store.among import among
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.people.same_person import IdentityFormRow, IdentityJudgementRow, IdentityProposalRow

_AT_ONCE = 500


class Undecided(NamedTuple):
    """Two alleged perpetrators who may be one person, and since when that is proposed."""

    low: int
    high: int
    at: datetime


class PersonsWithin:
    """Reads what is judged and proposed. Parties are the store's own numbers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def decisions(
        self, parties: Collection[int], part: VisibilityFilter
    ) -> dict[tuple[int, int], MatchDecision]:
        """Return the newest judgement on each pair with one of these parties, of cases in this part only."""
        wanted, rows = sorted(parties), dict[int, MatchDecision]()
        query = _judgements(part)
        for start in range(0, len(wanted), _AT_ONCE):
            some = {"parties": wanted[start : start + _AT_ONCE]}
            for number, low, high, verdict, by_rule in self._session.connection().execute(query, some):
                rows[int(number or 0)] = MatchDecision(low, high, SameVerdict(verdict), by_rule)
        return {(rows[number].low, rows[number].high): rows[number] for number in sorted(rows)}

    def undecided(
        self, part: VisibilityFilter, *, least: float, states: Collection[State], most: int
    ) -> tuple[Undecided, ...]:
        """Return proposals on two alleged perpetrators that no person has decided, the oldest first.

        Both are of cases in this part, and one of them of a case in one of these states.
        """
        low, high, case = aliased(IdentityFormRow), aliased(IdentityFormRow), aliased(InvolvementRow)
        is_open = exists().where(
            or_(col(case.id) == col(low.involvement_id), col(case.id) == col(high.involvement_id)),
            col(case.state).in_(sorted(each.value for each in states)),
        )
        proposal, role = IdentityProposalRow, ClaimedRole.PERPETRATOR.value
        query = (
            select(col(proposal.low_id), col(proposal.high_id), col(proposal.at))
            .join(low, col(low.person_record_id) == col(proposal.low_id))
            .join(high, col(high.person_record_id) == col(proposal.high_id))
            .where(
                col(proposal.weight) >= least,
                col(low.role) == role,
                col(high.role) == role,
                *part.of_each(col(low.involvement_id)),
                *part.of_each(col(high.involvement_id)),
                is_open,
                ~is_judged(),
            )
            .order_by(col(proposal.id))
            .limit(most)
        )
        return tuple(Undecided(int(one), int(other), at) for one, other, at in self._session.execute(query))

    def proposed_among(self, parties: Collection[int], *, least: float) -> frozenset[tuple[int, int]]:
        """Return the pairs of these parties that are proposed with at least this weight, judged or not."""
        wanted = sorted(set(parties))
        low, high = col(IdentityProposalRow.low_id), col(IdentityProposalRow.high_id)
        query = select(low, high).where(
            among(low, wanted), among(high, wanted), col(IdentityProposalRow.weight) >= least
        )
        return frozenset((int(one), int(other)) for one, other in self._session.execute(query))


@lru_cache(maxsize=200)
def _judgements(part: VisibilityFilter) -> Select[int | None, int, int, str, bool]:
    """Build the statement once for each part: both cases of a pair are in it."""
    one, other = aliased(IdentityFormRow), aliased(IdentityFormRow)
    low, high = col(IdentityJudgementRow.low_id), col(IdentityJudgementRow.high_id)
    parties: BindParameter[int] = bindparam("parties", expanding=True)
    return (
        select(
            col(IdentityJudgementRow.id),
            low,
            high,
            col(IdentityJudgementRow.verdict),
            col(IdentityJudgementRow.by_rule),
        )
        .join(one, col(one.person_record_id) == low)
        .join(other, col(other.person_record_id) == high)
        .where(
            or_(low.in_(parties), high.in_(parties)),
            *part.of_each(col(one.involvement_id)),
            *part.of_each(col(other.involvement_id)),
        )
    )


def is_judged() -> ColumnElement[bool]:
    """Return whether a judgement on a proposed pair applies; one that was undone does not."""
    later = aliased(IdentityJudgementRow)
    newest = ~(
        select(col(later.id))
        .where(
            col(later.low_id) == col(IdentityJudgementRow.low_id),
            col(later.high_id) == col(IdentityJudgementRow.high_id),
            col(later.id) > col(IdentityJudgementRow.id),
        )
        .exists()
    )
    return (
        select(col(IdentityJudgementRow.id))
        .where(
            and_(
                col(IdentityJudgementRow.low_id) == col(IdentityProposalRow.low_id),
                col(IdentityJudgementRow.high_id) == col(IdentityProposalRow.high_id),
                col(IdentityJudgementRow.verdict) != SameVerdict.TAKEN_BACK.value,
                newest,
            )
        )
        .exists()
    )

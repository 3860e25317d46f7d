"""Proposals that two parties are one person, and people's judgements on them. Decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, delete, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.people.persons import ClaimedRole
from engine.domain.people.same_person import SameJudgement, SameVerdict
from engine.identity.merged_persons import MatchDecision
from engine.store.among import among_parameter, are_few
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.people.persons import People, PersonOnCase
from engine.store.repositories.people.persons_within import is_judged
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.people.persons import PersonRecordRow, RoleClaimRow
from engine.store.tables.people.same_person import IdentityFormRow, IdentityJudgementRow, IdentityProposalRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two parties that may be one person, the lower number first."""

    low: int
    high: int
    weight: float


class SamePersons:
    """Store of proposals and judgements. Parties are the store's own numbers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_word(
        self, one: int, other: int, *, verdict: SameVerdict, by: str, by_rule: bool, why: str, at: datetime
    ) -> None:
        """Add a judgement on two parties; the newest applies."""
        self.add_words([(one, other)], verdict=verdict, by=by, by_rule=by_rule, why=why, at=at)

    def add_words(
        self,
        pairs: Iterable[tuple[int, int]],
        *,
        verdict: SameVerdict,
        by: str,
        by_rule: bool,
        why: str,
        at: datetime,
    ) -> None:
        """Add the same word on each of these pairs."""
        common = {"verdict": verdict.value, "by": by, "by_rule": by_rule, "why": why, "at": at}
        insert_all(
            self._session,
            IdentityJudgementRow,
            [{"low_id": min(pair), "high_id": max(pair), **common} for pair in pairs],
        )

    def words_on(self, parties: Collection[int]) -> dict[tuple[int, int], MatchDecision]:
        """Return the newest judgement on each pair with one of these parties, undone ones too."""
        return _newest(self._words(parties))

    def joined_with(self, parties: Collection[int]) -> frozenset[int]:
        """Return these parties and all whom current judgements of "same" join to them, for any viewer.

        Of a person with many records there is a judgement on each two: those between parties that are found
        already are not read.
        """
        seen, frontier = set(parties), set(parties)
        while frontier:
            words = _newest(self._words(frontier, beyond=seen))
            same = {each for pair, w in words.items() if w.verdict is SameVerdict.SAME for each in pair}
            frontier = same - seen
            seen |= frontier
        return frozenset(seen)

    def are_all_same(self, parties: Collection[int]) -> bool:
        """Return whether the newest judgement on every pair with one of these is "same"; none is undone."""
        wanted = sorted(parties)
        for start in range(0, len(wanted), _AT_ONCE):
            some = {"parties": wanted[start : start + _AT_ONCE]}
            if self._session.connection().execute(_said_otherwise(), some).first() is not None:
                return False
        return True

    def history(self, one: int, other: int) -> tuple[SameJudgement, ...]:
        """Return every judgement on two parties, oldest first; each is named by the newest record of it."""
        people = self.people([one, other])
        low, high = min(one, other), max(one, other)
        rows = self._session.execute(
            select(IdentityJudgementRow)
            .where(col(IdentityJudgementRow.low_id) == low, col(IdentityJudgementRow.high_id) == high)
            .order_by(col(IdentityJudgementRow.id))
        ).scalars()
        return tuple(
            SameJudgement(
                one=people[low].reference,
                other=people[high].reference,
                verdict=SameVerdict(row.verdict),
                by=row.by,
                by_rule=row.by_rule,
                why=row.why,
                at=row.at,
            )
            for row in rows
        )

    def people(self, parties: Iterable[int]) -> dict[int, PersonOnCase]:
        """Return the newest record of each party, with the newest claim about it."""
        wanted = sorted(set(parties))
        newest: dict[int, str] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            rows = self._session.execute(
                select(col(IdentityFormRow.party_id), col(PersonRecordRow.ref))
                .join(PersonRecordRow, col(PersonRecordRow.id) == col(IdentityFormRow.person_record_id))
                .where(col(IdentityFormRow.party_id).in_(wanted[start : start + _AT_ONCE]))
                .order_by(col(IdentityFormRow.person_record_id))
            ).all()
            newest.update({int(party): str(ref) for party, ref in rows})
        by_reference = {
            person.reference: person for person in People(self._session).with_references(newest.values())
        }
        return {party: by_reference[ref] for party, ref in newest.items()}

    def newest_records(self, parties: Collection[int]) -> dict[int, tuple[int, int]]:
        """Return, by party, the number of its newest record, and of its involvement."""
        rows = self._session.connection().execute(_newest_of(), {"parties": sorted(parties)}).all()
        return {int(party): (int(record or 0), int(involvement or 0)) for party, record, involvement in rows}

    def party_of(self, person: str) -> int | None:
        """Return the party of a person record; None if the record does not exist."""
        return self._session.connection().execute(_party_of(), {"person": person}).scalar_one_or_none()

    def parties_of(self, persons: Sequence[str]) -> dict[str, int]:
        """Return the party of each of these person records; one that is not there is left out."""
        found: dict[str, int] = {}
        for start in range(0, len(persons), _AT_ONCE):
            some = {"persons": list(persons[start : start + _AT_ONCE])}
            rows = self._session.connection().execute(_parties_of(), some)
            found.update((str(ref), int(party)) for ref, party in rows)
        return found

    def parties_on(self, involvements: Collection[str]) -> tuple[int, ...]:
        """Return the parties of these involvements."""
        parties, some = _parties_of_cases(few=are_few(involvements)), {"involvements": list(involvements)}
        return tuple(self._session.connection().execute(parties, some).scalars())

    def ever_victims(self, parties: Collection[int]) -> frozenset[int]:
        """Return those of these parties of whom any source ever claimed anything but that they are the
        perpetrator.
        """
        wanted, found = sorted(parties), set[int]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = {"parties": wanted[start : start + _AT_ONCE]}
            found.update(self._session.connection().execute(_victims(), some).scalars())
        return frozenset(found)

    def propose(self, found: Sequence[Proposed], *, version: str, at: datetime) -> int:
        """Store these proposals; of a pair proposed already the heavier stays.

        Return the number of new ones.
        """
        best: dict[tuple[int, int], float] = {}
        for each in found:
            pair = (each.low, each.high)
            best[pair] = max(each.weight, best.get(pair, each.weight))
        there = self._there(best)
        lighter = [number for pair, (number, weight) in there.items() if weight < best[pair]]
        self._session.execute(delete(IdentityProposalRow).where(col(IdentityProposalRow.id).in_(lighter)))
        fresh = [pair for pair in best if pair not in there or there[pair][0] in set(lighter)]
        insert_all(
            self._session,
            IdentityProposalRow,
            [
                {"low_id": low, "high_id": high, "weight": best[low, high], "version": version, "at": at}
                for low, high in fresh
            ],
        )
        return len(fresh)

    def forget_other_versions(self, parties: Collection[int], version: str) -> None:
        """Drop what other weights proposed of these parties."""
        wanted = sorted(parties)
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            self._session.execute(
                delete(IdentityProposalRow).where(
                    col(IdentityProposalRow.version) != version,
                    or_(
                        col(IdentityProposalRow.low_id).in_(part), col(IdentityProposalRow.high_id).in_(part)
                    ),
                )
            )

    def count_waiting(self, may_know: VisibilityFilter) -> int:
        """Return the number of proposals that this viewer may know of and that are not judged."""
        waiting = _waiting(may_know).subquery()
        return int(self._session.execute(select(func.count()).select_from(waiting)).scalar_one())

    def waiting(
        self, may_know: VisibilityFilter, *, first: int, count: int, by_weight: bool
    ) -> tuple[Proposed, ...]:
        """Return some of these: the heaviest first, or in the order of finding."""
        number = col(IdentityProposalRow.id)
        order = [col(IdentityProposalRow.weight).desc(), number] if by_weight else [number]
        rows = self._session.execute(_waiting(may_know).order_by(*order).offset(first).limit(count)).all()
        return tuple(Proposed(low, high, weight) for low, high, weight in rows)

    def _there(self, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, float]]:
        lows = sorted({low for low, _ in pairs})
        found: dict[tuple[int, int], tuple[int, float]] = {}
        for start in range(0, len(lows), _AT_ONCE):
            rows = self._session.execute(
                select(
                    col(IdentityProposalRow.low_id),
                    col(IdentityProposalRow.high_id),
                    col(IdentityProposalRow.id),
                    col(IdentityProposalRow.weight),
                ).where(col(IdentityProposalRow.low_id).in_(lows[start : start + _AT_ONCE]))
            ).all()
            found.update({(low, high): (int(n or 0), weight) for low, high, n, weight in rows})
        return {pair: stored for pair, stored in found.items() if pair in pairs}

    def _words(
        self, parties: Collection[int], *, beyond: Collection[int] = ()
    ) -> list[tuple[int, int, int, str, bool]]:
        """Return every judgement on a pair with one of these parties, oldest first.

        It is read past the ORM, for there are many.

        ``beyond`` leaves out pairs of which both are among these.
        """
        wanted, known = sorted(parties), set(beyond)
        rows: dict[int, tuple[int, int, int, str, bool]] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            leaves_out = 0 < len(known) <= _AT_ONCE
            some = {"parties": wanted[start : start + _AT_ONCE]}
            if leaves_out:
                some["known"] = sorted(known)
            for row in self._session.connection().execute(_judgements(leaves_out), some):
                number, low, high, verdict, by_rule = row
                rows[int(number or 0)] = (int(number or 0), low, high, verdict, by_rule)
        return [rows[number] for number in sorted(rows)]


_WORD = (
    col(IdentityJudgementRow.id),
    col(IdentityJudgementRow.low_id),
    col(IdentityJudgementRow.high_id),
    col(IdentityJudgementRow.verdict),
    col(IdentityJudgementRow.by_rule),
)


def _on_these() -> ColumnElement[bool]:
    parties: BindParameter[int] = bindparam("parties", expanding=True)
    return or_(col(IdentityJudgementRow.low_id).in_(parties), col(IdentityJudgementRow.high_id).in_(parties))


@cache
def _judgements(leaves_out: bool) -> Select[int | None, int, int, str, bool]:
    """Build the statement once: building a statement takes several times as long as running it."""
    query = select(*_WORD).where(_on_these())
    if not leaves_out:
        return query
    known: BindParameter[int] = bindparam("known", expanding=True)
    both = and_(col(IdentityJudgementRow.low_id).in_(known), col(IdentityJudgementRow.high_id).in_(known))
    return query.where(~both)


@cache
def _said_otherwise() -> Select[int | None]:
    """Return one newest judgement on a pair with one of these parties that is not "same"."""
    later = aliased(IdentityJudgementRow)
    is_newest = ~(
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
        .where(_on_these(), col(IdentityJudgementRow.verdict) != SameVerdict.SAME.value, is_newest)
        .limit(1)
    )


@cache
def _party_of() -> Select[int]:
    return (
        select(col(IdentityFormRow.party_id))
        .join(PersonRecordRow, col(PersonRecordRow.id) == col(IdentityFormRow.person_record_id))
        .where(col(PersonRecordRow.ref) == bindparam("person"))
    )


@cache
def _parties_of() -> Select[str, int]:
    return (
        select(col(PersonRecordRow.ref), col(IdentityFormRow.party_id))
        .join(IdentityFormRow, col(IdentityFormRow.person_record_id) == col(PersonRecordRow.id))
        .where(col(PersonRecordRow.ref).in_(bindparam("persons", expanding=True)))
    )


@cache
def _parties_of_cases(*, few: bool) -> Select[int]:
    return (
        select(col(IdentityFormRow.party_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(IdentityFormRow.involvement_id))
        .where(among_parameter(col(InvolvementRow.ref), "involvements", few=few))
        .distinct()
    )


@cache
def _newest_of() -> Select[int, int | None, int | None]:
    return (
        select(
            col(IdentityFormRow.party_id),
            func.max(col(IdentityFormRow.person_record_id)),
            func.max(col(IdentityFormRow.involvement_id)),
        )
        .where(col(IdentityFormRow.party_id).in_(bindparam("parties", expanding=True)))
        .group_by(col(IdentityFormRow.party_id))
    )


@cache
def _victims() -> Select[int]:
    return (
        select(col(IdentityFormRow.party_id))
        .join(RoleClaimRow, col(RoleClaimRow.person_record_id) == col(IdentityFormRow.person_record_id))
        .where(
            col(IdentityFormRow.party_id).in_(bindparam("parties", expanding=True)),
            col(RoleClaimRow.role) != ClaimedRole.PERPETRATOR.value,
        )
    )


def _newest(words: Iterable[tuple[int, int, int, str, bool]]) -> dict[tuple[int, int], MatchDecision]:
    return {
        (low, high): MatchDecision(low, high, SameVerdict(verdict), by_rule)
        for _, low, high, verdict, by_rule in words
    }


def _waiting(may_know: VisibilityFilter) -> Select[int, int, float]:
    """Return proposals without a current judgement, of cases that this viewer may know of."""
    one, other = aliased(IdentityFormRow), aliased(IdentityFormRow)
    return (
        select(
            col(IdentityProposalRow.low_id),
            col(IdentityProposalRow.high_id),
            col(IdentityProposalRow.weight),
        )
        .join(one, col(one.person_record_id) == col(IdentityProposalRow.low_id))
        .join(other, col(other.person_record_id) == col(IdentityProposalRow.high_id))
        .where(
            ~is_judged(),
            *may_know.of(col(one.involvement_id)),
            *may_know.of(col(other.involvement_id)),
        )
    )

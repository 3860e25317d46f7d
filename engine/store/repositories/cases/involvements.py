"""Involvements and episodes, and everything that moves an involvement along."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlmodel import Session, col

from engine.domain.cases.involvement import EpisodeVerdict, Involvement, Move
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.errors import ConflictError, NotFoundError, Side
from engine.store.among import among, are_few
from engine.store.granting import proven
from engine.store.repositories.access.restrictions import restricted_involvements
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.cases import statements
from engine.store.repositories.cases.people_named import NamedOn, is_named, named_among, named_on, people_on
from engine.store.tables.cases.involvements import (
    AlarmRow,
    CaseMemberRow,
    ConferenceRow,
    EpisodeJudgementRow,
    EpisodeRow,
    InvolvementRow,
    MoveRow,
)

_Read = TypeVar("_Read")
_HAS_OPEN_ALARM = col(InvolvementRow.id).in_(
    select(col(AlarmRow.involvement_id)).where(
        col(AlarmRow.is_raised), col(AlarmRow.acknowledged_by).is_(None)
    )
)

_AT_ONCE = 500
HOLDS_CASES = "holds cases"
"""Says of a session that the cases which it opens are held: of two who change one case the second waits."""


def once_in_reading(session: Session, name: str, read: Callable[[], _Read]) -> _Read:
    """Return the result, asked once in a transaction that only reads: in another it may change on the way."""
    if session.info.get(HOLDS_CASES):
        return read()
    asked: dict[str, _Read] = session.info.setdefault("asked once", {})
    if name not in asked:
        asked[name] = read()
    return asked[name]


def involvement_id(session: Session, reference: str) -> int:
    """Return the inner number of an involvement; it never leaves the store. Read once in a transaction.

    Raises NotFoundError if the referral does not exist.
    """
    known = _numbers(session)
    if reference not in known:
        found = (
            session.connection().execute(statements.number(), {"reference": reference}).scalar_one_or_none()
        )
        if found is None:
            raise NotFoundError("referral", reference)
        known[reference] = int(found)
    return known[reference]


def _numbers(session: Session) -> dict[str, int]:
    known: dict[str, int] = session.info.setdefault("involvement numbers", {})
    return known


class Cases:
    """Reads and moves involvements."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, reference: str) -> Involvement:
        """Return the involvement of that reference. Raises NotFoundError if the referral does not exist."""
        found = self.find(reference)
        if found is None:
            raise NotFoundError("referral", reference)
        return found

    def find(self, reference: str) -> Involvement | None:
        """Return the involvement of that reference, where there is one.

        A writer holds it until the end of the transaction.
        """
        one = statements.one_held() if self._session.info.get(HOLDS_CASES) else statements.one()
        row = self._session.connection().execute(one, {"reference": reference}).one_or_none()
        if row is None:
            statements.involvement(statements.NOT_THERE)  # as long as for one that is there and is not open
            return None
        _numbers(self._session)[reference] = int(row.id)
        return statements.involvement(row)

    def all(self, references: Iterable[str] | None = None) -> tuple[Involvement, ...]:
        """Return every involvement, or those named, newest first."""
        connection = self._session.connection()
        if references is None:
            return tuple(
                statements.involvement(row) for row in connection.execute(statements.newest_first()).all()
            )
        named = list(references)
        rows = connection.execute(statements.named(few=are_few(named)), {"references": named}).all()
        return tuple(map(statements.involvement, rows))

    def page(
        self,
        *,
        first: int,
        count: int | None,
        states: Iterable[State],
        triage: Collection[TriageOutcome | None] | None = None,
        only: Iterable[str] | None = None,
        may_know: VisibilityFilter = EVERYTHING,
    ) -> tuple[tuple[Involvement, ...], int]:
        """Return one page of involvements, open alarms first, then newest; and the number of all.

        ``count`` None is all of them.
        ``triage`` filters by screening outcome; None among it means not screened.
        """
        wanted = frozenset(states)
        conditions: list[ColumnElement[bool]] = []
        if wanted != frozenset(State):
            conditions.append(col(InvolvementRow.state).in_([state.value for state in wanted]))
        if triage is not None:
            decided = col(InvolvementRow.triage_outcome).in_([each.value for each in triage if each])
            unscreened = col(InvolvementRow.triage_outcome).is_(None)
            conditions.append(or_(decided, unscreened) if None in triage else decided)
        if only is not None:
            conditions.append(among(col(InvolvementRow.ref), list(only)))
        conditions += may_know.of(col(InvolvementRow.id))
        total = self._count(*conditions)
        alarmed = self._count(*conditions, _HAS_OPEN_ALARM)
        found: list[Involvement] = []
        if first < alarmed:
            found += self._newest(*conditions, _HAS_OPEN_ALARM, first=first, count=count)
        left = None if count is None else count - len(found)
        if left is None or left > 0:
            after = max(0, first - alarmed)
            found += self._newest(*conditions, ~_HAS_OPEN_ALARM, first=after, count=left)
        return tuple(found), total

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        counted = select(func.count()).select_from(InvolvementRow).where(*conditions)
        return int(self._session.connection().execute(counted).scalar_one())

    def _newest(
        self, *conditions: ColumnElement[bool], first: int, count: int | None
    ) -> Iterator[Involvement]:
        query = (
            statements.involvements()
            .where(*conditions)
            .order_by(col(InvolvementRow.received_at).desc(), col(InvolvementRow.id).desc())
            .offset(first)
            .limit(count)
        )
        return map(statements.involvement, self._session.connection().execute(query).all())

    def in_states(self, states: Iterable[State], *, only_restricted: bool = False) -> tuple[Involvement, ...]:
        """Return those in any of these states, or the restricted ones of them, oldest first."""
        query = (
            statements.involvements()
            .where(col(InvolvementRow.state).in_([state.value for state in states]))
            .order_by(col(InvolvementRow.received_at), col(InvolvementRow.id))
        )
        if only_restricted:
            query = query.where(col(InvolvementRow.id).in_(restricted_involvements()))
        return tuple(statements.involvement(row) for row in self._session.connection().execute(query).all())

    def screened(self, references: Iterable[str]) -> dict[str, bool]:
        """Return by reference whether each of these is screened, newest first as ``all`` has them."""
        reference, state = col(InvolvementRow.ref), col(InvolvementRow.state)
        newest_first = col(InvolvementRow.received_at).desc(), col(InvolvementRow.id).desc()
        query = select(reference, state).where(among(reference, list(references))).order_by(*newest_first)
        rows = self._session.connection().execute(query)
        return {ref: there != State.NOT_SCREENED.value for ref, there in rows}

    def states(self, references: Collection[str]) -> dict[str, tuple[State, datetime]]:
        """Return by reference the state of each of these, and when it was received."""
        reference = col(InvolvementRow.ref)
        query = select(reference, col(InvolvementRow.state), col(InvolvementRow.received_at))
        rows = self._session.connection().execute(query.where(among(reference, list(references))))
        return {ref: (State(state), received_at) for ref, state, received_at in rows}

    def of_episode(self, episode: str) -> tuple[Involvement, ...]:
        """Return the involvements of one episode, oldest first."""
        rows = self._session.connection().execute(statements.of_episode(), {"episode": episode}).all()
        return tuple(statements.involvement(row) for row in rows)

    def together(self, reference: str) -> tuple[str, ...]:
        """Return the references of the involvements of the same episode, its own too."""
        return tuple(
            self._session.connection().execute(statements.together(), {"reference": reference}).scalars()
        )

    def together_with_each(self, references: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the same for each of these, by its reference."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(references), _AT_ONCE):
            some = {"references": list(references[start : start + _AT_ONCE])}
            for own, other in self._session.connection().execute(statements.together_with_each(), some):
                found.setdefault(own, []).append(other)
        return {reference: tuple(found.get(reference, ())) for reference in references}

    def references(self, may_know: VisibilityFilter) -> tuple[str, ...]:
        """Return the references of this part of the record, oldest first."""
        number = col(InvolvementRow.id)
        query = select(col(InvolvementRow.ref)).where(*may_know.of(number)).order_by(number)
        return tuple(self._session.connection().execute(query).scalars())

    def references_of(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the reference of each of these involvements by its number in here."""
        query = select(col(InvolvementRow.id), col(InvolvementRow.ref))
        rows = self._session.execute(query.where(among(col(InvolvementRow.id), list(numbers)))).all()
        return {int(number or 0): reference for number, reference in rows}

    def open_to(self, user: str, *, among: Sequence[str] | None = None) -> frozenset[str]:
        """Return the involvements on which this person is named, of all or of those ``among`` some."""
        if among is not None:
            return named_among(self._session, user, among)
        return self._named(user).cases

    def unproven(self, user: str, *, only_restricted: bool) -> frozenset[int]:
        """Return the rows that name this person, and that the software did not write so: they open nothing.

        ``only_restricted`` is for a person whom the other cases need not name.
        """
        return self._named(user, only_restricted=only_restricted).unproven

    def _named(self, user: str, *, only_restricted: bool = False) -> NamedOn:
        return once_in_reading(
            self._session,
            f"{user} on {'restricted' if only_restricted else 'all'}",
            lambda: named_on(self._session, user, only_restricted=only_restricted),
        )

    def save_move(
        self, before: Involvement, after: Involvement, *, act: Act, by: str, why: str, at: datetime
    ) -> None:
        """Record a move.

        Raises NotFoundError if the referral does not exist, and ConflictError where another user moved it
        first.
        """
        number = involvement_id(self._session, before.reference)
        changed = self._session.execute(
            update(InvolvementRow)
            .where(col(InvolvementRow.id) == number, col(InvolvementRow.version) == before.version)
            .values(
                state=after.state.value,
                triage_outcome=after.triage_outcome.value if after.triage_outcome else None,
                version=after.version,
            )
            .returning(col(InvolvementRow.id))
        ).all()
        if not changed:
            newest, last = self.get(before.reference).version, self.moves(before.reference)[-1]
            raise ConflictError(
                "referral",
                before.reference,
                yours=Side(by, at, before.version),
                theirs=Side(last.by, last.at, newest),
            )
        self._session.add(
            MoveRow(
                involvement_id=number,
                act=act.value,
                before=before.state.value,
                after=after.state.value,
                by=by,
                why=why,
                at=at,
            )
        )
        self._session.flush()

    def moves(self, reference: str) -> tuple[Move, ...]:
        """Return its moves, oldest first. Raises NotFoundError if the referral does not exist."""
        rows = self._session.execute(
            select(MoveRow)
            .where(col(MoveRow.involvement_id) == involvement_id(self._session, reference))
            .order_by(col(MoveRow.id))
        ).scalars()
        return tuple(
            Move(
                act=row.act,
                before=State(row.before) if row.before else None,
                after=State(row.after),
                by=row.by,
                why=row.why,
                at=row.at,
            )
            for row in rows
        )

    def judge_episode(
        self, reference: str, episode: str, *, verdict: EpisodeVerdict, by: str, why: str, at: datetime
    ) -> None:
        """Join an involvement to an episode, or undo that: then it is in its own again.

        Raises NotFoundError if the referral or the episode does not exist.
        """
        number = involvement_id(self._session, reference)
        episode_number = self._session.execute(
            select(col(EpisodeRow.id)).where(col(EpisodeRow.ref) == episode)
        ).scalar_one_or_none()
        if episode_number is None:
            raise NotFoundError("episode", episode)
        self._session.add(
            EpisodeJudgementRow(
                involvement_id=number, episode_id=episode_number, verdict=verdict.value, by=by, why=why, at=at
            )
        )
        now_in = episode_number if verdict is EpisodeVerdict.JOINED else InvolvementRow.own_episode_id
        self._session.execute(
            update(InvolvementRow).where(col(InvolvementRow.id) == number).values(episode_id=now_in)
        )
        self._session.flush()

    def name_people(self, reference: str, users: Iterable[str], *, by: str, at: datetime) -> None:
        """Open the case to these people; naming a person twice changes nothing.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        there = set(self.people_on(reference))
        named = {"involvement_id": number, "named_by": by, "at": at}
        rows = [{**named, "user_name": user} for user in dict.fromkeys(users) if user not in there]
        if rows:  # in place of what the software did not write, which opens nothing
            these = col(CaseMemberRow.user_name).in_([row["user_name"] for row in rows])
            of_case = col(CaseMemberRow.involvement_id) == number
            self._session.execute(delete(CaseMemberRow).where(of_case, these))
            insert_all(self._session, CaseMemberRow, rows)

    def unname(self, user: str, *, before: datetime | None = None) -> tuple[str, ...]:
        """Close every case on which this person is named to them, or was ``before``; which they were."""
        were_open = set(self.open_to(user))
        at = () if before is None else (col(CaseMemberRow.at) < before,)
        self._session.execute(delete(CaseMemberRow).where(col(CaseMemberRow.user_name) == user, *at))
        return tuple(sorted(were_open - set(self.open_to(user)) if before else were_open))

    def is_named(self, user: str, reference: str) -> bool:
        """Return whether a case names this person; none does, at the same cost, if it does not exist."""
        return once_in_reading(
            self._session,
            f"{user} is named on {reference}",
            lambda: is_named(self._session, user, reference),
        )

    def people_on(self, reference: str) -> tuple[str, ...]:
        """Return the people to whom the case is open; none, at the same cost, if it does not exist."""
        return once_in_reading(
            self._session, f"people on {reference}", lambda: people_on(self._session, reference)
        )

    def open_conference(self, reference: str, *, by: str, at: datetime) -> None:
        """Open the conference, as its chair. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            ConferenceRow(involvement_id=involvement_id(self._session, reference), opened_by=by, opened_at=at)
        )
        self._session.flush()

    def conference_opened_at(self, reference: str) -> datetime | None:
        """Return when a conference on it was last opened; None if never.

        Raises NotFoundError if the referral does not exist.
        """
        one = {"case": involvement_id(self._session, reference)}

        def read() -> datetime | None:
            rows = self._session.connection().execute(statements.conferences_opened(), one)
            opened = proven(self._session, ConferenceRow, rows)
            return max((row.opened_at for row in opened), default=None)

        return once_in_reading(self._session, f"conference opened on {reference}", read)

    def with_conference(self, references: Sequence[str]) -> frozenset[str]:
        """Return those of these on which a conference was ever opened."""
        query = (
            select(col(InvolvementRow.ref))
            .join(ConferenceRow, col(ConferenceRow.involvement_id) == col(InvolvementRow.id))
            .where(among(col(InvolvementRow.ref), references))
        )
        return frozenset(self._session.execute(query).scalars())

"""Stored restrictions, connections and emergency access. The newest entry applies.

Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Select, String, bindparam, or_, select, update
from sqlmodel import Session, col

from engine.domain.access.need_to_know import (
    ConflictDeclaration,
    EmergencyAccess,
    EmergencyAccessReviewed,
    RestrictedBecause,
    Restriction,
    SaidBy,
)
from engine.domain.errors import NotFoundError
from engine.domain.people.persons import ClaimedRole
from engine.store.among import among
from engine.store.granting import RowWithCheck, is_proven, proven, with_check
from engine.store.repositories.access.restrictions import is_restricted_itself, restricted_involvements
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.cases import statements
from engine.store.repositories.cases.involvements import involvement_id, once_in_reading
from engine.store.repositories.references import unused_references
from engine.store.tables.access import ConnectionRow, GlassBrokenRow, GlassReviewRow, RestrictionRow
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow

_PARTIES = frozenset({ClaimedRole.PERPETRATOR, ClaimedRole.VICTIM})
_AT_ONCE = 500


class NeedToKnow:
    """Store of who may know of a case."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def restricted(self) -> frozenset[str]:
        """Return the references of all restricted involvements; there are few."""
        return once_in_reading(
            self._session,
            "restricted",
            lambda: frozenset(self._session.connection().execute(_restricted()).scalars().all()),
        )

    def restricted_among(self, references: Collection[str]) -> frozenset[str]:
        """Return those of these involvements that are restricted: of few, without reading all others."""
        if len(references) > _AT_ONCE:
            return self.restricted().intersection(references)
        these = {"references": list(references)}
        found = self._session.connection().execute(_restricted_of(), these).scalars()
        return frozenset(found.all())

    def is_restricted(self, reference: str) -> bool:
        """Return whether one involvement is restricted."""
        return bool(self.restricted_among([reference]))

    def restrict(self, words: Sequence[Restriction]) -> None:
        """Add these decisions, each for the whole case of its involvement."""
        for start in range(0, len(words), _AT_ONCE):
            part = words[start : start + _AT_ONCE]
            numbers = self._numbers([restriction.involvement for restriction in part])
            insert_all(
                self._session,
                RestrictionRow,
                [
                    {
                        "involvement_id": numbers[restriction.involvement],
                        "because": restriction.because.value,
                        "why": restriction.why,
                        "by": restriction.by,
                        "at": restriction.at,
                    }
                    for restriction in part
                ],
            )
            for yes in (True, False):
                chosen = [
                    numbers[restriction.involvement]
                    for restriction in part
                    if restriction.is_restricted is yes
                ]
                self._mark(chosen, restricted=yes)

    def restrictions(self, references: Iterable[str]) -> tuple[Restriction, ...]:
        """Return the decisions on these involvements, oldest first."""
        rows = self._session.execute(
            select(RestrictionRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(RestrictionRow.involvement_id))
            .where(among(col(InvolvementRow.ref), list(references)))
            .order_by(col(RestrictionRow.id))
        ).all()
        return tuple(
            Restriction(
                involvement=ref,
                because=RestrictedBecause(row.because),
                why=row.why,
                by=row.by,
                at=row.at,
            )
            for row, ref in rows
        )

    def store_declaration(self, declaration: ConflictDeclaration) -> None:
        """Add a declaration of a connection. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            ConnectionRow(
                involvement_id=involvement_id(self._session, declaration.involvement),
                user_name=declaration.user,
                is_connected=declaration.is_connected,
                said_by=declaration.said_by.value,
                by=declaration.by,
                why=declaration.why,
                at=declaration.at,
            )
        )
        self._session.flush()

    def connections(self, references: Iterable[str]) -> tuple[ConflictDeclaration, ...]:
        """Return the declarations on these involvements, oldest first."""
        rows = self._session.execute(
            select(ConnectionRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id))
            .where(among(col(InvolvementRow.ref), list(references)))
            .order_by(col(ConnectionRow.id))
        ).all()
        return tuple(_connection(row, ref) for row, ref in rows)

    def connected_on(self, user: str) -> tuple[str, ...]:
        """Return the involvements whose newest declaration says that this person is connected."""
        rows = self._session.connection().execute(statements.connected(), {"user": user})
        newest = {str(row.ref): self._says_connected(row) for row in rows}
        return tuple(ref for ref, connected in newest.items() if connected)

    def _says_connected(self, row: RowWithCheck) -> bool:
        """Return whether a declaration shuts out; what the software did not write lets no person in."""
        return row.is_connected or not is_proven(self._session, ConnectionRow, row)

    def connected_somewhere(self) -> frozenset[str]:
        """Return everyone who was ever declared to be connected to a party; there are few."""
        said = select(col(ConnectionRow.user_name)).where(col(ConnectionRow.is_connected)).distinct()
        return frozenset(self._session.execute(said).scalars())

    def shut_out_of(self, user: str) -> frozenset[str]:
        """Return every involvement that does not exist for this person,
        since they are connected to a party of it.

        Those of the same episodes, and those in which a party has an exact identifier of one of its parties.
        """
        return once_in_reading(
            self._session, f"shut out {user}", lambda: self._shut_out(self.connected_on(user))
        )

    def shut_out_of_each(self, users: Sequence[str]) -> dict[str, frozenset[str]]:
        """Return the same for each of these people: in one query, unless one of them is connected."""
        said: dict[str, dict[str, bool]] = {user: {} for user in users}
        for start in range(0, len(users), _AT_ONCE):
            some = {"users": list(users[start : start + _AT_ONCE])}
            for row in self._session.connection().execute(statements.connected_among(), some):
                said[row.user_name][row.ref] = self._says_connected(row)
        return {
            user: self._shut_out([ref for ref, connected in newest.items() if connected])
            for user, newest in said.items()
        }

    def _shut_out(self, said: Sequence[str]) -> frozenset[str]:
        return self.with_the_same_parties(said) if said else frozenset()

    def with_the_same_parties(self, references: Iterable[str]) -> frozenset[str]:
        """Return these involvements, those of the same episodes, and those of the same parties.

        The same by an exact identifier, or by a current decision.
        """
        given = list(references)
        ends = self._session.execute(
            select(col(InvolvementRow.episode_id), col(InvolvementRow.own_episode_id)).where(
                among(col(InvolvementRow.ref), given)
            )
        ).all()
        episodes = sorted({int(number) for pair in ends for number in pair})
        refs = set(
            self._session.execute(
                select(col(InvolvementRow.ref)).where(
                    or_(
                        among(col(InvolvementRow.episode_id), episodes),
                        among(col(InvolvementRow.own_episode_id), episodes),
                    )
                )
            ).scalars()
        )
        from engine.identity.identifiers import shared_identifiers  # a list of cases needs none of these
        from engine.store.repositories.people.persons import People
        from engine.store.repositories.people.same_person import SamePersons

        people = People(self._session)
        numbers = [
            pair
            for person in people.on_cases(sorted(refs))
            if person.role in _PARTIES
            for pair in shared_identifiers(person.described)
        ]
        same = people.with_identifiers(numbers) if numbers else ()
        words = SamePersons(self._session)
        judged = words.people(words.joined_with(words.parties_on(sorted(refs)))).values()
        return frozenset(
            refs | {person.involvement for person in (*same, *judged) if person.role in _PARTIES}
        )

    def has_said(self, user: str, reference: str) -> bool:
        """Return whether this person has answered the question on this involvement."""
        found = self._session.execute(
            select(col(ConnectionRow.id))
            .join(InvolvementRow, col(InvolvementRow.id) == col(ConnectionRow.involvement_id))
            .where(
                col(InvolvementRow.ref) == reference,
                col(ConnectionRow.user_name) == user,
                col(ConnectionRow.said_by) == SaidBy.SELF.value,
            )
        ).first()
        return found is not None

    def break_glass(
        self, reference: str, *, user: str, agency: str | None, why: str, at: datetime, until: datetime
    ) -> EmergencyAccess:
        """Store emergency access; return it with its reference.

        Raises NotFoundError if the referral does not exist.
        """
        row = GlassBrokenRow(
            ref=unused_references(self._session, "emergency access", col(GlassBrokenRow.ref), 1)[0],
            involvement_id=involvement_id(self._session, reference),
            user_name=user,
            agency=agency,
            why=why,
            at=at,
            until=until,
        )
        self._session.add(row)
        self._session.flush()
        return _glass(row, reference, None)

    def review(self, look: str, reviewed: EmergencyAccessReviewed) -> None:
        """Store a review of emergency access. Raises NotFoundError if the access does not exist."""
        number = self._session.execute(
            select(col(GlassBrokenRow.id)).where(col(GlassBrokenRow.ref) == look)
        ).scalar_one_or_none()
        if number is None:
            raise NotFoundError("emergency access", look)
        self._session.add(
            GlassReviewRow(
                glass_broken_id=number,
                was_right=reviewed.was_right,
                why=reviewed.why,
                by=reviewed.by,
                at=reviewed.at,
            )
        )
        self._session.flush()

    def looks_in_force(self, user: str, *, agency: str | None, at: datetime) -> frozenset[str]:
        """Return the involvements that this person, of this agency,
        may view by emergency access at this instant.
        """
        rows = self._session.connection().execute(_looks(), {"user": user, "agency": agency, "at": at})
        return frozenset(row.case_ref for row in proven(self._session, GlassBrokenRow, rows))

    def urgent_looks(
        self, references: Iterable[str] | None = None, *, unreviewed: bool = False
    ) -> tuple[EmergencyAccess, ...]:
        """Return the emergency accesses to these involvements, or at all, oldest first."""
        query = (
            select(GlassBrokenRow, col(InvolvementRow.ref), GlassReviewRow)
            .join(InvolvementRow, col(InvolvementRow.id) == col(GlassBrokenRow.involvement_id))
            .outerjoin(GlassReviewRow, col(GlassReviewRow.glass_broken_id) == col(GlassBrokenRow.id))
            .order_by(col(GlassBrokenRow.id))
        )
        if references is not None:
            query = query.where(among(col(InvolvementRow.ref), list(references)))
        if unreviewed:
            query = query.where(col(GlassReviewRow.id).is_(None))
        return tuple(_glass(row, ref, review) for row, ref, review in self._session.execute(query).all())

    def _mark(self, numbers: Sequence[int], *, restricted: bool) -> None:
        """Mark the whole case: the involvements now in its episode,
        and the episodes to which undoing it would return.
        """
        if not numbers:
            return
        now_in = select(col(InvolvementRow.episode_id)).where(col(InvolvementRow.id).in_(numbers))
        whole = select(col(InvolvementRow.own_episode_id)).where(col(InvolvementRow.episode_id).in_(now_in))
        self._session.execute(
            update(EpisodeRow)
            .where(or_(col(EpisodeRow.id).in_(now_in), col(EpisodeRow.id).in_(whole)))
            .values(restricted=restricted)
            .execution_options(synchronize_session=False)
        )

    def _numbers(self, references: Sequence[str]) -> dict[str, int]:
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(InvolvementRow.id)).where(
                col(InvolvementRow.ref).in_(references)
            )
        ).all()
        return {str(ref): int(number) for ref, number in rows}


@cache
def _looks() -> Select[*tuple[object, ...]]:
    """Return the emergency accesses of a ``user`` of an ``agency`` that last beyond ``at``, with checks."""
    return (
        with_check(GlassBrokenRow)
        .add_columns(col(InvolvementRow.ref).label("case_ref"))
        .join(InvolvementRow, col(InvolvementRow.id) == col(GlassBrokenRow.involvement_id))
        .where(
            col(GlassBrokenRow.user_name) == bindparam("user"),
            col(GlassBrokenRow.agency).is_not_distinct_from(bindparam("agency", type_=String)),
            col(GlassBrokenRow.until) > bindparam("at"),
        )
    )


@cache
def _restricted() -> Select[str]:
    """Build it once in a process: that takes longer than running it."""
    return select(col(InvolvementRow.ref)).where(col(InvolvementRow.id).in_(restricted_involvements()))


@cache
def _restricted_of() -> Select[str]:
    these: BindParameter[str] = bindparam("references", expanding=True)
    number, reference = col(InvolvementRow.id), col(InvolvementRow.ref)
    return select(reference).where(reference.in_(these), is_restricted_itself(number))


def _connection(row: ConnectionRow, reference: str) -> ConflictDeclaration:
    return ConflictDeclaration(
        involvement=reference,
        user=row.user_name,
        is_connected=row.is_connected,
        said_by=SaidBy(row.said_by),
        by=row.by,
        why=row.why,
        at=row.at,
    )


def _glass(row: GlassBrokenRow, reference: str, review: GlassReviewRow | None) -> EmergencyAccess:
    reviewed = (
        EmergencyAccessReviewed(was_right=review.was_right, why=review.why, by=review.by, at=review.at)
        if review is not None
        else None
    )
    return EmergencyAccess(
        reference=row.ref,
        involvement=reference,
        user=row.user_name,
        agency=row.agency,
        why=row.why,
        at=row.at,
        until=row.until,
        reviewed=reviewed,
    )

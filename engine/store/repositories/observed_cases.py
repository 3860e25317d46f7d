"""Everything that cases are observed by, over the whole record, without texts. Restricted cases are in
nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.incidents import Channel, IncidentKind
from engine.domain.cases.lifecycle import Act
from engine.domain.dates import PartialDate
from engine.domain.people.persons import ClaimedRole
from engine.domain.plans.actions import Side
from engine.store.repositories.access.restrictions import not_restricted
from engine.store.repositories.cases.incidents_in_short import incident_key, is_current
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow, MoveRow
from engine.store.tables.conference import DecisionRow
from engine.store.tables.people.same_person import IdentityFormRow
from engine.store.tables.plans import ActionRow, ActionVersionRow

_AT_ONCE = 500


class InvolvementSeen(NamedTuple):
    """One involvement: its case, and when the panel first decided on it, if it did."""

    reference: str
    episode: str
    decided_at: datetime | None


class IncidentReportSeen(NamedTuple):
    """One incident that every member of the case may see, with its first report."""

    involvement: str
    key: str
    happened: PartialDate | None
    kinds: tuple[IncidentKind, ...]
    """The kinds of all its reports, each once."""
    channel: Channel | None
    reported_at: datetime


class ObservedParts:
    """Reads what observed cases are made of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def involvements(self) -> tuple[InvolvementSeen, ...]:
        """Return every involvement that is not restricted, oldest first."""
        first = (
            select(col(DecisionRow.involvement_id).label("number"), func.min(DecisionRow.at).label("at"))
            .group_by(col(DecisionRow.involvement_id))
            .subquery()
        )
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(EpisodeRow.ref), first.c.at)
            .join(EpisodeRow, col(EpisodeRow.id) == col(InvolvementRow.episode_id))
            .outerjoin(first, first.c.number == col(InvolvementRow.id))
            .where(not_restricted(col(InvolvementRow.id)))
            .order_by(col(InvolvementRow.received_at), col(InvolvementRow.id))
        ).all()
        return tuple(InvolvementSeen(str(ref), str(episode), at) for ref, episode, at in rows)

    def perpetrators(self) -> tuple[tuple[str, int], ...]:
        """Return each involvement with the party who is its alleged perpetrator; one may have several."""
        rows = self._session.execute(
            select(col(InvolvementRow.ref), col(IdentityFormRow.party_id))
            .join(IdentityFormRow, col(IdentityFormRow.involvement_id) == col(InvolvementRow.id))
            .where(
                col(IdentityFormRow.role) == ClaimedRole.PERPETRATOR.value,
                not_restricted(col(InvolvementRow.id)),
            )
            .distinct()
            .order_by(col(InvolvementRow.ref), col(IdentityFormRow.party_id))
        ).all()
        return tuple((str(ref), int(party)) for ref, party in rows)

    def incidents(self, references: Sequence[str]) -> tuple[IncidentReportSeen, ...]:
        """Return the incidents of these involvements that no agency withholds.

        Two reports with one crime reference are one incident of their case. An incident has the moment of its
        first report.
        """
        first: dict[tuple[str, str], IncidentReportSeen] = {}
        for some in _in_parts(references):
            rows = self._session.execute(
                select(
                    col(InvolvementRow.ref),
                    col(IncidentRow.ref),
                    col(IncidentRow.kind),
                    col(IncidentRow.channel),
                    col(IncidentRow.happened),
                    col(IncidentReportRow.crime_reference),
                    col(IncidentReportRow.received_at),
                )
                .select_from(InvolvementRow)
                .join(IncidentRow, col(IncidentRow.involvement_id) == col(InvolvementRow.id))
                .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
                .where(
                    col(InvolvementRow.ref).in_(some),
                    col(IncidentReportRow.release_class_id).is_(None),
                    is_current(),
                )
                .order_by(col(IncidentReportRow.received_at), col(IncidentReportRow.id))
            )
            for involvement, incident, kind, channel, happened, crime, received_at in rows:
                key = incident_key(incident, crime)
                seen = IncidentReportSeen(
                    involvement=involvement,
                    key=key,
                    happened=PartialDate(happened) if happened else None,
                    kinds=(IncidentKind(kind),),
                    channel=Channel(channel) if channel else None,
                    reported_at=received_at,
                )
                there = first.setdefault((involvement, key), seen)
                if seen.kinds[0] not in there.kinds:
                    first[involvement, key] = there._replace(kinds=(*there.kinds, *seen.kinds))
        return tuple(first.values())

    def interventions(self, references: Sequence[str]) -> tuple[tuple[str, str, datetime], ...]:
        """Return each involvement, a library item planned in it as an intervention, and when it first was."""
        found: list[tuple[str, str, datetime]] = []
        for some in _in_parts(references):
            rows = self._session.execute(
                select(
                    col(InvolvementRow.ref),
                    col(ActionVersionRow.library_item),
                    func.min(ActionVersionRow.at),
                )
                .join(ActionRow, col(ActionRow.involvement_id) == col(InvolvementRow.id))
                .join(ActionVersionRow, col(ActionVersionRow.action_id) == col(ActionRow.id))
                .where(
                    col(InvolvementRow.ref).in_(some),
                    col(ActionVersionRow.side) == Side.INTERVENTION.value,
                    col(ActionVersionRow.library_item).is_not(None),
                )
                .group_by(col(InvolvementRow.ref), col(ActionVersionRow.library_item))
            )
            found.extend((str(ref), str(item), at) for ref, item, at in rows)
        return tuple(found)

    def first_sessions(self, references: Sequence[str]) -> tuple[tuple[str, str, date], ...]:
        """Return each involvement, a library item planned in it as an intervention, and its first session.

        It is the date of the first report of sessions that were delivered. A report that was undone is none.
        """
        found: dict[tuple[str, str], date] = {}
        undoing = aliased(ActionVersionRow)
        was_undone = exists().where(
            col(undoing.action_id) == col(ActionVersionRow.action_id),
            col(undoing.version) > col(ActionVersionRow.version),
            col(undoing.restores) < col(ActionVersionRow.version),
        )
        for some in _in_parts(references):
            rows = self._session.execute(
                select(
                    col(InvolvementRow.ref),
                    col(ActionVersionRow.library_item),
                    col(ActionVersionRow.done_on),
                    col(ActionVersionRow.at),
                )
                .join(ActionRow, col(ActionRow.involvement_id) == col(InvolvementRow.id))
                .join(ActionVersionRow, col(ActionVersionRow.action_id) == col(ActionRow.id))
                .where(
                    col(InvolvementRow.ref).in_(some),
                    col(ActionVersionRow.side) == Side.INTERVENTION.value,
                    col(ActionVersionRow.library_item).is_not(None),
                    col(ActionVersionRow.is_report).is_(True),
                    col(ActionVersionRow.sessions) > 0,
                    ~was_undone,
                )
            )
            for ref, item, done_on, at in rows:
                on = done_on or at.date()
                found[ref, item] = min(on, found.get((ref, item), on))
        return tuple((ref, item, on) for (ref, item), on in sorted(found.items()))

    def moved(self, references: Sequence[str], acts: Sequence[Act]) -> dict[str, datetime]:
        """Return when each of these involvements first moved by one of these acts; others are left out."""
        found: dict[str, datetime] = {}
        for some in _in_parts(references):
            rows = self._session.execute(
                select(col(InvolvementRow.ref), func.min(MoveRow.at))
                .join(MoveRow, col(MoveRow.involvement_id) == col(InvolvementRow.id))
                .where(col(InvolvementRow.ref).in_(some), col(MoveRow.act).in_([act.value for act in acts]))
                .group_by(col(InvolvementRow.ref))
            )
            found.update((str(ref), at) for ref, at in rows)
        return found


def _in_parts(references: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(references), _AT_ONCE):
        yield references[start : start + _AT_ONCE]

"""Cases as agencies are asked about them, many at once: columns instead of objects, no more than is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import ScalarSelect, Subquery, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.people.persons import ClaimedRole
from engine.store.tables.cases.incidents import IncidentReportRow, IncidentRow
from engine.store.tables.cases.involvements import InvolvementRow, ReferralVersionRow
from engine.store.tables.people.persons import PersonRecordRow, RoleClaimRow
from engine.store.tables.responses.reassessment import BatchMemberRow

_OF_A_PERSON = ("forename", "surname", "date_of_birth", "sex", "identifiers")


class CasesForAgencies:
    """Reads the members of a batch as plain documents of ``CaseAsked``, without the day of asking."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_chunk(
        self, batch_id: int, low: int, high: int, *, shown: Collection[int]
    ) -> dict[str, dict[str, object]]:
        """Return the cases at these places, by reference, in their order.

        What is incomplete is for the reader.

        Of incidents only those whose reports bear no release class or one of ``shown``.
        """
        members = (
            select(col(BatchMemberRow.involvement_id))
            .where(col(BatchMemberRow.batch_id) == batch_id, col(BatchMemberRow.place).between(low, high))
            .scalar_subquery()
        )
        newest = (
            select(
                col(ReferralVersionRow.involvement_id), func.max(ReferralVersionRow.version).label("version")
            )
            .where(col(ReferralVersionRow.involvement_id).in_(members))
            .group_by(col(ReferralVersionRow.involvement_id))
            .subquery()
        )
        rows = self._session.execute(
            select(
                col(InvolvementRow.id),
                col(InvolvementRow.ref),
                col(ReferralVersionRow.content)["relationship"].as_string(),
            )
            .join(newest, newest.c.involvement_id == col(InvolvementRow.id))
            .join(
                ReferralVersionRow,
                (col(ReferralVersionRow.involvement_id) == newest.c.involvement_id)
                & (col(ReferralVersionRow.version) == newest.c.version),
            )
            .order_by(col(InvolvementRow.id))
        ).all()
        people, incidents = self._people(members), self._incidents(members, newest, shown)
        return {
            ref: {
                "reference": ref,
                "relationship": relationship,
                "perpetrator": people.get((number, ClaimedRole.PERPETRATOR.value)),
                "victim": people.get((number, ClaimedRole.VICTIM.value)),
                "incidents": incidents.get(number, ()),
            }
            for number, ref, relationship in rows
        }

    def together(self, batch_id: int, low: int, high: int) -> dict[str, tuple[str, ...]]:
        """Return, by the reference of each case at these places, every involvement of its episode,
        itself too.
        """
        other = aliased(InvolvementRow)
        pairs = self._session.execute(
            select(col(InvolvementRow.ref), other.ref)  # type: ignore[call-overload]  # an alias of a row
            .join(BatchMemberRow, col(BatchMemberRow.involvement_id) == col(InvolvementRow.id))
            .join(other, other.episode_id == InvolvementRow.episode_id)
            .where(col(BatchMemberRow.batch_id) == batch_id, col(BatchMemberRow.place).between(low, high))
            .order_by(col(InvolvementRow.id), other.id)
        ).all()
        found: dict[str, list[str]] = defaultdict(list)
        for ref, of_episode in pairs:
            found[ref].append(of_episode)
        return {ref: tuple(refs) for ref, refs in found.items()}

    def _people(self, members: ScalarSelect[int]) -> dict[tuple[int, str], dict[str, object]]:
        """Return the newest record for each role: one that came with a correction replaces the one before."""
        claims = (
            self._session.connection()
            .execute(
                select(
                    col(PersonRecordRow.id),
                    col(PersonRecordRow.involvement_id),
                    col(RoleClaimRow.role),
                    col(PersonRecordRow.described),
                )
                .join(RoleClaimRow, col(RoleClaimRow.person_record_id) == col(PersonRecordRow.id))
                .where(col(PersonRecordRow.involvement_id).in_(members))
                .order_by(col(PersonRecordRow.id), col(RoleClaimRow.id))
            )
            .all()
        )
        newest_claim = {record: (number, role, described) for record, number, role, described in claims}
        return {
            (number, role): {name: described[name] for name in _OF_A_PERSON if name in described}
            for number, role, described in newest_claim.values()
        }

    def _incidents(
        self, members: ScalarSelect[int], newest: Subquery, shown: Collection[int]
    ) -> dict[int, list[dict[str, object]]]:
        """Return incidents by involvement, newest first and undated last.

        A shared crime reference makes two one, of the kind of the first: the contract gives an incident one.
        """
        rows = (
            self._session.connection()
            .execute(  # past the ORM, whose own work on so many rows is felt
                select(
                    col(IncidentRow.ref),
                    col(IncidentRow.involvement_id),
                    col(IncidentRow.kind),
                    col(IncidentRow.happened),
                    col(IncidentRow.latest),
                    col(IncidentReportRow.crime_reference),
                )
                .join(IncidentReportRow, col(IncidentReportRow.incident_id) == col(IncidentRow.id))
                .join(newest, newest.c.involvement_id == col(IncidentRow.involvement_id))
                .where(
                    or_(
                        col(IncidentReportRow.referral_version).is_(None),
                        col(IncidentReportRow.referral_version) == newest.c.version,
                    ),
                    or_(
                        col(IncidentReportRow.release_class_id).is_(None),
                        col(IncidentReportRow.release_class_id).in_(shown),
                    ),
                )
                .order_by(col(IncidentRow.id), col(IncidentReportRow.id))
            )
            .all()
        )
        found: dict[int, list[tuple[date | None, str, dict[str, object]]]] = defaultdict(list)
        seen, crimes = set[str](), set[tuple[int, str]]()
        for ref, number, kind, happened, latest, crime in rows:
            of_crime = (number, crime.casefold()) if crime else None
            if ref not in seen and of_crime not in crimes:
                asked: dict[str, object] = {"kind": kind, "happened": happened, "crime_reference": crime}
                found[number].append((latest, ref, asked))
            seen.add(ref)
            if of_crime:
                crimes.add(of_crime)
        return {number: _in_order(incidents) for number, incidents in found.items()}


def _in_order(incidents: list[tuple[date | None, str, dict[str, object]]]) -> list[dict[str, object]]:
    dated = [(latest, ref, asked) for latest, ref, asked in incidents if latest is not None]
    dated.sort(key=lambda each: each[:2], reverse=True)
    return [asked for _, _, asked in dated] + [asked for latest, _, asked in incidents if latest is None]

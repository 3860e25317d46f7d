"""Stored choices of the primary role, investigators on both sides, and victim information requests.

Decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.domain.access.primary_roles import Investigator, RoleAssessed
from engine.domain.errors import NotFoundError
from engine.domain.people.persons import ClaimStatus
from engine.domain.rights.information_requests import WORD, RequestGiven, RequestWord, VictimRequest
from engine.domain.rights.informing_victims import TOLD, VictimInformedEvent
from engine.store.among import among, among_parameter, are_few
from engine.store.granting import proven_numbers
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.people.persons import PersonRecordRow, RoleClaimRow
from engine.store.tables.rights.victim_rights import (
    InvestigatorRow,
    RoleAssessmentRow,
    VictimRequestRow,
    VictimRequestWordRow,
    VictimToldRow,
)


class VictimRights:
    """Store of victim rights."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def assess(self, assessed: RoleAssessed) -> None:
        """Add the panel's assessment, and the claims as they are after it.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, assessed.involvement)
        self._session.add(
            RoleAssessmentRow(
                involvement_id=number,
                is_primary=assessed.is_primary,
                why=assessed.why,
                by=assessed.by,
                at=assessed.at,
            )
        )
        newest: dict[int, str] = {}
        claims = self._session.execute(
            select(col(RoleClaimRow.person_record_id), col(RoleClaimRow.role))
            .join(PersonRecordRow, col(PersonRecordRow.id) == col(RoleClaimRow.person_record_id))
            .where(col(RoleClaimRow.involvement_id) == number)
            .order_by(col(RoleClaimRow.id))
        ).all()
        for person, role in claims:
            newest[person] = role
        status = ClaimStatus.ASSESSED if assessed.is_primary else ClaimStatus.ALLEGED
        self._session.add_all(
            RoleClaimRow(
                person_record_id=person,
                involvement_id=number,
                role=role,
                status=status.value,
                asserted_by="the panel",
                at=assessed.at,
            )
            for person, role in newest.items()
        )
        self._session.flush()

    def assessments(self, references: Sequence[str]) -> tuple[RoleAssessed, ...]:
        """Return the panel's assessments of these involvements, oldest first."""
        named = {"references": list(references)}
        rows = self._session.execute(_assessments(few=are_few(references)), named).all()
        return tuple(
            RoleAssessed(involvement=ref, is_primary=row.is_primary, why=row.why, by=row.by, at=row.at)
            for row, ref in rows
        )

    def name_investigator(self, named: Investigator) -> None:
        """Let a person work both sides. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            InvestigatorRow(
                involvement_id=involvement_id(self._session, named.involvement),
                user_name=named.user,
                why=named.why,
                by=named.by,
                at=named.at,
            )
        )
        self._session.flush()

    def investigators(self, references: Sequence[str]) -> tuple[Investigator, ...]:
        """Return who may work both sides of these, oldest first."""
        rows = self._session.execute(
            select(InvestigatorRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(InvestigatorRow.involvement_id))
            .where(among(col(InvolvementRow.ref), references))
            .order_by(col(InvestigatorRow.id))
        ).all()
        right = proven_numbers(self._session, InvestigatorRow, [row.id for row, _ in rows])
        return tuple(
            Investigator(involvement=ref, user=row.user_name, why=row.why, by=row.by, at=row.at)
            for row, ref in rows
            if row.id in right
        )

    def ask(self, request: VictimRequest) -> VictimRequest:
        """Store a request; return it with its reference.

        Raises NotFoundError if the referral does not exist.
        """
        reference = unused_references(
            self._session, "victim information request", col(VictimRequestRow.ref), 1
        )[0]
        self._session.add(
            VictimRequestRow(
                ref=reference,
                involvement_id=involvement_id(self._session, request.involvement),
                agency=request.given.agency,
                content=request.given.model_dump(mode="json"),
                by=request.by,
                at=request.at,
            )
        )
        self._session.flush()
        return request.model_copy(update={"reference": reference})

    def say(self, reference: str, request: RequestWord) -> None:
        """Add an entry to a request."""
        number = self._session.execute(
            select(col(VictimRequestRow.id)).where(col(VictimRequestRow.ref) == reference)
        ).scalar_one()
        self._session.add(
            VictimRequestWordRow(
                victim_request_id=number,
                content=request.what.model_dump(mode="json"),
                by=request.by,
                at=request.at,
            )
        )
        self._session.flush()

    def request(self, reference: str) -> VictimRequest:
        """Return one request with its entries. Raises NotFoundError if the request does not exist."""
        found = self._requests(col(VictimRequestRow.ref) == reference)
        if not found:
            raise NotFoundError("victim information request", reference)
        return found[0]

    def requests(self, references: Sequence[str]) -> tuple[VictimRequest, ...]:
        """Return the requests on these involvements, oldest first."""
        return self._requests(among(col(InvolvementRow.ref), references))

    def unanswered(self) -> tuple[VictimRequest, ...]:
        """Return every request that still awaits an entry."""
        answered = select(col(VictimRequestWordRow.victim_request_id)).where(
            col(VictimRequestWordRow.content)["kind"].as_string() == "answered"
        )
        return self._requests(col(VictimRequestRow.id).not_in(answered))

    def record_informed(self, event: VictimInformedEvent) -> None:
        """Add an entry on informing the victim. Raises NotFoundError if the referral does not exist."""
        self._session.add(
            VictimToldRow(
                involvement_id=involvement_id(self._session, event.involvement),
                kind=event.what.kind,
                content=event.what.model_dump(mode="json"),
                by=event.by,
                at=event.at,
            )
        )
        self._session.flush()

    def informed_events(self, references: Sequence[str]) -> tuple[VictimInformedEvent, ...]:
        """Return the entries on informing the victim, oldest first.

        What was erased is no longer among them.
        """
        rows = self._session.execute(
            select(VictimToldRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(VictimToldRow.involvement_id))
            .where(among(col(InvolvementRow.ref), references))
            .order_by(col(VictimToldRow.id))
        ).all()
        return tuple(
            VictimInformedEvent(involvement=ref, what=TOLD.validate_python(row.content), by=row.by, at=row.at)
            for row, ref in rows
            if "erased_by" not in row.content
        )

    def _requests(self, condition: object) -> tuple[VictimRequest, ...]:
        rows = self._session.execute(
            select(VictimRequestRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(VictimRequestRow.involvement_id))
            .where(condition)  # type: ignore[arg-type]  # a column's condition
            .order_by(col(VictimRequestRow.id))
        ).all()
        words: dict[int, list[RequestWord]] = {}
        said = self._session.execute(
            select(VictimRequestWordRow)
            .where(among(col(VictimRequestWordRow.victim_request_id), [row.id or 0 for row, _ in rows]))
            .order_by(col(VictimRequestWordRow.id))
        ).scalars()
        for term in said:
            read = RequestWord(what=WORD.validate_python(term.content), by=term.by, at=term.at)
            words.setdefault(term.victim_request_id, []).append(read)
        return tuple(
            VictimRequest(
                reference=row.ref,
                involvement=ref,
                given=RequestGiven.model_validate(row.content),
                by=row.by,
                at=row.at,
                words=tuple(words.get(row.id or 0, ())),
            )
            for row, ref in rows
        )


@cache
def _assessments(*, few: bool) -> Select[RoleAssessmentRow, str]:
    """Build it once in a process: each page of a case asks for it."""
    return (
        select(RoleAssessmentRow, col(InvolvementRow.ref))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RoleAssessmentRow.involvement_id))
        .where(among_parameter(col(InvolvementRow.ref), "references", few=few))
        .order_by(col(RoleAssessmentRow.id))
    )

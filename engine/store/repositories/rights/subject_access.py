"""Subject access requests and their steps, as stored. Decides nothing."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlmodel import Session, col

from engine.domain.errors import NotFoundError
from engine.domain.people.persons import PersonDescribed
from engine.domain.rights.subject_access import STEP, AccessRequest, Step
from engine.store.among import among
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.people.persons import PersonRecordRow
from engine.store.tables.rights.subject_access import AccessRequestRow, AccessStepRow


class SubjectAccess:
    """Store of requests."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, request: AccessRequest) -> AccessRequest:
        """Store a request; return it with its reference."""
        reference = unused_references(self._session, "subject access request", col(AccessRequestRow.ref), 1)[
            0
        ]
        self._session.add(
            AccessRequestRow(
                ref=reference,
                asked_by=request.asked_by.model_dump(mode="json"),
                persons=list(request.persons),
                involvements=list(request.involvements),
                received_on=request.received_on,
                due_on=request.due_on,
                by=request.by,
                at=request.at,
            )
        )
        self._session.flush()
        return request.model_copy(update={"reference": reference})

    def add(self, reference: str, step: Step) -> None:
        """Add a step."""
        number = self._session.execute(
            select(col(AccessRequestRow.id)).where(col(AccessRequestRow.ref) == reference)
        ).scalar_one()
        self._session.add(
            AccessStepRow(
                access_request_id=number,
                content=step.what.model_dump(mode="json"),
                by=step.by,
                at=step.at,
            )
        )
        self._session.flush()

    def get(self, reference: str) -> AccessRequest:
        """Return one request with its steps. Raises NotFoundError if the request does not exist."""
        found = self._read(select(AccessRequestRow).where(col(AccessRequestRow.ref) == reference))
        if not found:
            raise NotFoundError("subject access request", reference)
        return found[0]

    def all(self) -> tuple[AccessRequest, ...]:
        """Return every request, oldest first; there are few."""
        return self._read(select(AccessRequestRow).order_by(col(AccessRequestRow.id)))

    def of_person(self, person: str) -> AccessRequest | None:
        """Return the newest request of a person, by the reference of a person record."""
        return next((r for r in reversed(self.all()) if person in r.persons), None)

    def person(self, reference: str) -> tuple[PersonDescribed, str]:
        """Return a person record as its source described it, and its involvement.

        Raises NotFoundError if the record does not exist.
        """
        row = self._session.execute(
            select(PersonRecordRow, col(InvolvementRow.ref))
            .join(InvolvementRow, col(InvolvementRow.id) == col(PersonRecordRow.involvement_id))
            .where(col(PersonRecordRow.ref) == reference)
        ).one_or_none()
        if row is None:
            raise NotFoundError("person record", reference)
        return PersonDescribed.model_validate(row[0].described), str(row[1])

    def _read(self, query: Select[AccessRequestRow]) -> tuple[AccessRequest, ...]:
        rows = self._session.execute(query).scalars().all()
        steps: dict[int, list[Step]] = {}
        scalar_result = self._session.execute(
            select(AccessStepRow)
            .where(among(col(AccessStepRow.access_request_id), [row.id or 0 for row in rows]))
            .order_by(col(AccessStepRow.id))
        ).scalars()
        for step in scalar_result:
            read = Step(what=STEP.validate_python(step.content), by=step.by, at=step.at)
            steps.setdefault(step.access_request_id, []).append(read)
        return tuple(
            AccessRequest(
                reference=row.ref,
                asked_by=PersonDescribed.model_validate(row.asked_by),
                persons=tuple(row.persons),
                involvements=tuple(row.involvements),
                received_on=row.received_on,
                due_on=row.due_on,
                by=row.by,
                at=row.at,
                steps=tuple(steps.get(row.id or 0, ())),
            )
            for row in rows
        )

"""Stored protected notes: sealed on their way in, opened on their way out. Decides nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from engine.domain.cases.lifecycle import State
from engine.domain.errors import NotFoundError
from engine.domain.vault.despair import Ground, NoteStep, Step
from engine.domain.vault.sealing import Seals
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.references import unused_references
from engine.store.repositories.vault.key_rotation import hold_keys, note_row
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.vault.protected import ProtectedNoteRow


class ProtectedNotes:
    """Store of protected notes."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self._session = session
        self._seals = seals

    def add(
        self,
        step: NoteStep,
        text: str,
        *,
        about: Step | None = None,
        case: str = "",
        by: str,
        owner: str = "",
        at: datetime,
        to: str = "",
        ground: Ground | None = None,
    ) -> str:
        """Store a note of a case, or a step ``about`` one, with its owner; return its reference.

        A second step of a kind raises ConflictError: two people did it at once.
        """
        (ref,) = unused_references(self._session, "protected detail", col(ProtectedNoteRow.ref), 1)
        note, case = (about.about, about.case) if about else (ref, case)
        hold_keys(self._session)
        self._session.add(
            ProtectedNoteRow(
                ref=ref,
                about=note,
                involvement_ref=case,
                step=step.value,
                content=self._seals.seal(text.encode(), row=note_row(ref, note, case)),
                agency=to,
                ground=ground.value if ground else None,
                by=by,
                owner=about.owner if about else owner,
                at=at,
            )
        )
        self._session.flush()
        return ref

    def on(self, case: str) -> tuple[Step, ...]:
        """Return every step on a case, oldest first, without the texts."""
        return self._steps(select(ProtectedNoteRow).where(col(ProtectedNoteRow.involvement_ref) == case))

    def on_cases(self, there: VisibilityFilter) -> tuple[Step, ...]:
        """Return every step on the screened cases that are ``there``, oldest first."""
        return self._steps(_on(there, screened_only=True))

    def not_done(self, there: VisibilityFilter, *, screened_only: bool) -> tuple[Step, ...]:
        """Return the steps of the notes on these cases where nothing is recorded as done, oldest first."""
        other = aliased(ProtectedNoteRow)
        done = exists().where(
            col(other.about) == col(ProtectedNoteRow.about), col(other.step) == NoteStep.DONE.value
        )
        return self._steps(_on(there, screened_only=screened_only).where(not_(done)))

    def known_to(
        self, there: VisibilityFilter, *, screened_only: bool, user: str, agency: str | None
    ) -> tuple[Step, ...]:
        """Return the steps of the notes that this person recorded, or that were passed on to their agency."""
        other = aliased(ProtectedNoteRow)
        recorded = and_(col(other.step) == NoteStep.RECORDED.value, col(other.by) == user)
        passed_on = and_(col(other.step) == NoteStep.PASSED_ON.value, col(other.agency) == (agency or "-"))
        knows = exists().where(col(other.about) == col(ProtectedNoteRow.about), or_(recorded, passed_on))
        return self._steps(_on(there, screened_only=screened_only).where(knows))

    def text_of(self, step: Step) -> str:
        """Return the text of a step. Raises NotFoundError if it does not exist any more."""
        sealed: bytes | None = self._session.execute(
            select(col(ProtectedNoteRow.content)).where(col(ProtectedNoteRow.ref) == step.reference)
        ).scalar()
        if sealed is None:
            raise NotFoundError("protected detail", step.reference)
        return self._seals.unsealed(sealed, row=note_row(step.reference, step.about, step.case)).decode()

    def _steps(self, query: Select[ProtectedNoteRow]) -> tuple[Step, ...]:
        rows = self._session.execute(query.order_by(col(ProtectedNoteRow.id))).scalars()
        return tuple(
            Step(
                reference=row.ref,
                about=row.about,
                case=row.involvement_ref,
                step=NoteStep(row.step),
                by=row.by,
                owner=row.owner,
                at=row.at,
                to=row.agency,
                ground=Ground(row.ground) if row.ground else None,
            )
            for row in rows
        )


def _on(there: VisibilityFilter, *, screened_only: bool) -> Select[ProtectedNoteRow]:
    """Build the query of the notes of these cases; a note has only its reference."""
    case = aliased(InvolvementRow)
    conditions = [col(case.ref) == col(ProtectedNoteRow.involvement_ref), *there.of_each(col(case.id))]
    if screened_only:
        conditions.append(col(case.state) != State.NOT_SCREENED.value)
    return select(ProtectedNoteRow).where(exists().where(*conditions))

"""How a person stands to a case, said straight to the record: for tests of the policy, through every door."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.access.policy import Relation
from engine.domain.access.need_to_know import ConflictDeclaration, SaidBy
from engine.store.unit_of_work import Work


def stand(work: Work, user: str, reference: str, relation: Relation, *, at: datetime) -> None:
    """Let a person stand so; restricting is the case's, and said by the chair."""
    if relation.is_named:
        work.cases.name_people(reference, [user], by="chair", at=at)
    if relation.looks_urgently:
        until = at + timedelta(hours=1)
        work.need_to_know.break_glass(
            reference, user=user, agency=work.users.get(user).agency, why="So.", at=at, until=until
        )
    if relation.is_connected:
        declaration = ConflictDeclaration(
            involvement=reference,
            user=user,
            is_connected=True,
            said_by=SaidBy.CHAIR,
            by="chair",
            why="So.",
            at=at,
        )
        work.need_to_know.store_declaration(declaration)

"""Whether a case is open to the person at the door. Parts of use cases, none of its own."""

from __future__ import annotations

from collections.abc import Iterable

from engine.access.policy import May, Relation, is_open, require, require_case
from engine.domain.acting import Acting, Role
from engine.domain.ids import read_reference
from engine.domain.involvement import Involvement
from engine.store.unit_of_work import Work


def open_case(work: Work, acting: Acting, reference: str, act: May) -> Involvement:
    """The involvement, if it is open to this person and this person may do this; and note the look at it.

    A reference that does not exist and one that is not open give the same error.
    """
    reference = read_reference("involvement", reference)
    involvement = work.cases.get(reference)
    named = acting.role is not Role.SYSTEM and acting.user in work.cases.people_on(reference)
    relation = Relation(is_named=named, is_screened=involvement.is_screened)
    require_case(act, acting, relation, reference)
    work.touches(reference)
    return involvement


def open_cases(work: Work, acting: Acting, involvements: Iterable[Involvement]) -> tuple[Involvement, ...]:
    """Those of these involvements that exist for this person."""
    require(May.VIEW_CASE, acting) if acting.role is not Role.SYSTEM else None
    named_on = work.cases.open_to(acting.user)
    return tuple(
        involvement
        for involvement in involvements
        if is_open(
            acting,
            Relation(is_named=involvement.reference in named_on, is_screened=involvement.is_screened),
        )
    )

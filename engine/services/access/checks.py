"""Checks that a case is open to the person who asks. Parts of use cases, not use cases themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

from engine.access.policy import (
    May,
    Relation,
    is_open,
    links_permitted,
    require,
    require_case,
    sees_every_open_case,
    sees_restricted,
)
from engine.access.release import shown_classes
from engine.access.vault_policy import stands_in_for_life
from engine.domain.access.permissions import Permitted
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.involvement import Involvement
from engine.domain.errors import NotFoundError
from engine.domain.ids import read_reference
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.unit_of_work import Work

_NOWHERE = "none"
"""No case has this reference."""


def open_case(
    work: Work, acting: Acting, reference: str, act: May, *, at: datetime | None = None
) -> Involvement:
    """Return the involvement if it is open to this person and they may do this; log the access.

    A reference that does not exist and one that is not open give the same error after the same queries, so
    that the time is the same. ``at`` counts emergency access that is current at that instant; without it none
    counts.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    reference = read_reference("involvement", reference)
    involvement = work.cases.find(reference)
    relation = _relation(work, acting, reference, involvement, at)
    if involvement is None:
        raise NotFoundError("referral", reference)
    require_case(act, acting, relation, reference)
    work.touches(reference)
    return involvement


@contextmanager
def finding_part(work: Work, acting: Acting) -> Iterator[None]:
    """Run a block that reads a part of a case; do the work of a closed case where the part does not exist."""
    try:
        yield
    except NotFoundError:
        _relation(work, acting, _NOWHERE, work.cases.find(_NOWHERE), None)
        raise


def open_for_life_door(work: Work, acting: Acting, reference: str, *, is_duty: bool) -> str:
    """Return the case that the duty responder opens for a threat to life; for all others there is none.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    reference = read_reference("involvement", reference)
    involvement = work.cases.find(reference)
    relation = _relation(work, acting, reference, involvement, None)
    is_let_in = stands_in_for_life(acting, relation, is_duty_responder=is_duty)
    if involvement is None or not is_let_in:
        raise NotFoundError("referral", reference)
    work.touches(reference)
    return reference


_FEW = 5_000
"""For so many cases the query is whether a person is named on them; for more, on which cases at all."""


def or_nowhere(cases: Iterable[str]) -> list[str]:
    """Return these cases; where there are none, the reference of a case that does not exist.

    For what depends on cases that its reader may not know of: the database is asked the same without one.
    """
    return list(cases) or ["R-0000000"]


def open_cases(work: Work, acting: Acting, involvements: Iterable[Involvement]) -> tuple[Involvement, ...]:
    """Return those of these involvements that exist for this person; emergency access opens no list."""
    if acting.role is Role.SYSTEM:
        return tuple(involvements)
    involvements = tuple(involvements)
    there = open_among(work, acting, {each.reference: each.is_screened for each in involvements})
    return tuple(involvement for involvement in involvements if involvement.reference in there)


def open_among(work: Work, acting: Acting, is_screened: Mapping[str, bool]) -> frozenset[str]:
    """Return those of these cases that exist for this person, each given with whether it is screened."""
    require(May.VIEW_CASE, acting)
    restricted = work.need_to_know.restricted_among(is_screened)
    asked = restricted if sees_every_open_case(acting) else is_screened
    few = or_nowhere(asked) if len(asked) <= _FEW else None
    named_on = work.cases.open_to(acting.user, among=few)
    shut_out = work.need_to_know.shut_out_of(acting.user)
    return frozenset(
        case
        for case, screened in is_screened.items()
        if is_open(
            acting,
            Relation(
                is_named=case in named_on,
                is_restricted=case in restricted,
                is_screened=screened,
                is_connected=case in shut_out,
            ),
        )
    )


def permitted_links(work: Work, acting: Acting, *, on: date) -> Permitted:
    """Return the part of the link graph that exists for this person; emergency access opens no graph."""
    return links_permitted(
        acting,
        named_on=work.cases.open_to(acting.user),
        shut_out_of=work.need_to_know.shut_out_of(acting.user),
        classes=classes_shown(work, acting, on=on),
    )


def classes_shown(work: Work, acting: Acting, *, on: date) -> frozenset[int]:
    """Return the release classes whose items this person reads on a case that is open to them."""
    return shown_classes(acting, work.sharing.classes(), on=on)


def known_part(work: Work, acting: Acting) -> VisibilityFilter:
    """Return the part of the record that this person may have compared, for a query.

    For coordinator and chair it is the same cut as ``open_cases``; for others it has referrals that name them
    and are not screened yet, which ``open_cases`` leaves out.
    """
    return _known(work, acting, only_named=not sees_every_open_case(acting))


def known_before_proof(work: Work, acting: Acting) -> VisibilityFilter:
    """Return ``known_part`` by rows whose checks are not made yet.

    For a query that finds few cases: its caller leaves out each row whose case is not among those that
    ``open_to`` has of them. A check of every row of a person takes longer with every case they were ever on.
    """
    return _known(work, acting, only_named=not sees_every_open_case(acting), before_proof=True)


def open_before_proof(work: Work, acting: Acting) -> VisibilityFilter:
    """Return ``open_part`` in the same way, for such a query."""
    return replace(known_before_proof(work, acting), screened_only=not sees_every_open_case(acting))


def known_to_exist(work: Work, acting: Acting) -> VisibilityFilter:
    """Return the part of the record that exists for this person, named on its cases or not, for a query."""
    return _known(work, acting, only_named=False)


def _known(work: Work, acting: Acting, *, only_named: bool, before_proof: bool = False) -> VisibilityFilter:
    if acting.role is Role.SYSTEM:
        return EVERYTHING
    user = None if sees_restricted(acting) else acting.user
    is_checked = user is not None and not before_proof
    return VisibilityFilter(
        user=user,
        named_on=acting.user if only_named else None,
        unproven=work.cases.unproven(acting.user, only_restricted=not only_named)
        if is_checked
        else frozenset(),
        without=work.need_to_know.shut_out_of(acting.user),
    )


def open_part(work: Work, acting: Acting) -> VisibilityFilter:
    """Return the part of the record that is open to this person: the same cut as ``open_cases``, for a query.

    What is not in it makes no other query, and none more: words and time do not show that it is there.
    """
    if acting.role is Role.SYSTEM:
        return EVERYTHING
    return replace(known_part(work, acting), screened_only=not sees_every_open_case(acting))


def cases_compared(work: Work, acting: Acting) -> tuple[str, ...]:
    """Return the cases that a text of this person may be compared with, oldest first.

    An analyst sees the links of cases that do not name them, so a text of theirs may repeat a value of one.
    """
    return work.cases.references(known_to_exist(work, acting))


def still_opens(work: Work, acting: Acting, reference: str, *, at: datetime) -> bool:
    """Return whether a case is open to this person at that instant, by emergency access too; log nothing."""
    involvement = work.cases.find(reference)
    relation = _relation(work, acting, reference, involvement, at)
    return involvement is not None and is_open(acting, relation)


def practitioners_on(work: Work, agency: str, reference: str) -> tuple[Acting, ...]:
    """Return the active practitioners of an agency who are named on a case, with or without a conflict."""
    named = work.cases.people_on(reference)
    return tuple(user.acting() for user in work.users.practitioners_of([agency]) if user.name in named)


def relation_to(work: Work, acting: Acting, reference: str, involvement: Involvement | None) -> Relation:
    """Return how this person is related to one case, there or not, without emergency access."""
    return _relation(work, acting, reference, involvement, None)


def _relation(
    work: Work, acting: Acting, reference: str, involvement: Involvement | None, at: datetime | None
) -> Relation:
    """Return how this person is related to one case; a flow has no relation and needs none.

    For a case that does not exist, read all that is read for one that does.
    """
    is_screened = involvement is not None and involvement.is_screened
    if acting.role is Role.SYSTEM:
        return Relation(is_named=False, is_screened=is_screened)
    function = work.need_to_know.looks_in_force
    looks = at is not None and reference in function(acting.user, agency=acting.agency, at=at)
    return Relation(
        is_named=work.cases.is_named(acting.user, reference),
        is_restricted=work.need_to_know.is_restricted(reference),
        is_screened=is_screened,
        is_connected=reference in work.need_to_know.shut_out_of(acting.user),
        looks_urgently=looks,
    )

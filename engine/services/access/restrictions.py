"""Restricting a case, and lifting that. A restricted one exists only for its named people and the chair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.access.policy import WHO_MAY, May, require_advocate
from engine.access.redaction import masked_words
from engine.domain.absence import YesNo
from engine.domain.access.need_to_know import (
    ANSWERED_RESTRICTED,
    ARRIVED_RESTRICTED,
    RestrictedBecause,
    Restriction,
    WhoMayKnow,
)
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.referrals.intake import Referral
from engine.services.access.checks import open_case
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.access.lost_drafts import destroy_lost_drafts
from engine.services.access.masking import masker_for
from engine.services.context import Context
from engine.store.unit_of_work import Work

LONGEST_WHY = 600


def restrict(context: Context, *, reference: str, why: str) -> Restriction:
    """Restrict a case, with a reason: by the chair, or by the victim's advocate named on it.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the case is restricted already.
    NotPermittedError
        Only the chair and the victim's advocate may do this.
    """
    agencies = context.agencies_known
    reason = written_reason(why)
    with context.writing("restrict case") as work:
        involvement = open_case(work, context.acting, reference, May.RESTRICT)
        require_advocate(
            May.RESTRICT,
            context.acting,
            speaks_for_victim=speaks_for_victim(context.acting, agencies),
        )
        if work.need_to_know.is_restricted(involvement.reference):
            raise InvalidInputError(f"referral {involvement.reference}", "it is already restricted")
        because = RestrictedBecause.CHAIR if context.acting.role is Role.CHAIR else RestrictedBecause.ADVOCATE
        return _keep(
            work, involvement.reference, because, reason, acting=context.acting, at=context.clock.now()
        )


def lift(context: Context, *, reference: str, why: str) -> Restriction:
    """Lift a restriction by any person, with a reason: by the chair only.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the case is not restricted.
    """
    reason = written_reason(why)
    with context.writing("lift restriction") as work:
        involvement = open_case(work, context.acting, reference, May.LIFT)
        if not work.need_to_know.is_restricted(involvement.reference):
            raise InvalidInputError(f"referral {involvement.reference}", "it is not restricted")
        ask_for_refresh(work, context.acting, at=context.clock.now())
        return _keep(
            work,
            involvement.reference,
            RestrictedBecause.LIFTED,
            reason,
            acting=context.acting,
            at=context.clock.now(),
        )


def restrict_on_arrival(
    work: Work, placed: Sequence[tuple[str, Referral]], *, acting: Acting, at: datetime
) -> None:
    """Restrict the cases whose referral says so, and name the coordinator or chair who brought it in.

    They have read it. A practitioner who typed it gets no access by that. A correction that no longer says so
    lifts nothing: only the chair does. A part of importing referrals, and of typing one.
    """
    texts = [ref for ref, referral in placed if referral.party_works_for is YesNo.YES]
    if not texts:
        return
    known = work.need_to_know.restricted()
    work.need_to_know.restrict(
        [
            Restriction(
                involvement=reference,
                because=RestrictedBecause.PARTY_WORKS_FOR_US,
                why=ARRIVED_RESTRICTED,
                by=acting.user,
                at=at,
            )
            for reference in texts
            if reference not in known
        ]
    )
    if acting.role in COORDINATOR_AND_CHAIR:
        for reference in texts:
            work.cases.name_people(reference, [acting.user], by=acting.user, at=at)
    destroy_lost_drafts(work, at=at, cases=texts)


def restrict_by_answer(work: Work, reference: str, *, acting: Acting, at: datetime) -> None:
    """Restrict a case because a person recorded that a party works for an agency; one that is stays as it is.

    Its named people stay, and who recorded it is named. A part of recording the answer.
    """
    if not work.need_to_know.is_restricted(reference):
        because = RestrictedBecause.PARTY_WORKS_FOR_US
        _keep(work, reference, because, ANSWERED_RESTRICTED, acting=acting, at=at)


def people_to_name(work: Work, reference: str, agencies: Iterable[str]) -> list[str]:
    """Return the practitioners who get access to an asked agency's case automatically; none if restricted."""
    if work.need_to_know.is_restricted(reference):
        return []
    return [user.name for user in work.users.practitioners_of(agencies)]


def who_may_know(context: Context, *, reference: str) -> WhoMayKnow:
    """Return who may know of a case; only chair and advocate see who is connected, and why.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    agencies = context.agencies_known
    with context.reading("see who may know") as work:
        involvement = open_case(work, context.acting, reference, May.VIEW_CASE)
        whole = work.cases.together(involvement.reference)
        restricted = work.need_to_know.is_restricted(involvement.reference)
        is_chair, advocate = (
            context.acting.role is Role.CHAIR,
            speaks_for_victim(context.acting, agencies),
        )
        sees_people = is_chair or advocate
        masker = masker_for(work=work, involvements=whole, reader=context.acting.user)
        access = WhoMayKnow(
            reference=involvement.reference,
            is_restricted=restricted,
            restrictions=work.need_to_know.restrictions(whole) if sees_people else (),
            connections=work.need_to_know.connections(whole) if sees_people else (),
            urgent_looks=(
                work.need_to_know.urgent_looks(whole)
                if sees_people or context.acting.role in WHO_MAY[May.REVIEW_GLASS]
                else ()
            ),
            people=work.cases.people_on(involvement.reference),
            may_restrict=sees_people and not restricted,
            may_lift=restricted and context.acting.role in WHO_MAY[May.LIFT],
            may_see_looks=sees_people,
        )
        return masked_words(access, masker)


def speaks_for_victim(acting: Acting, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether this is a practitioner of the agency that speaks for victims."""
    return any(agency.speaks_for_victim and acting.speaks_for(agency.code) for agency in agencies)


def must_be_chair_or_advocate(act: May, acting: Acting, agencies: Sequence[AgencyKnown]) -> None:
    """Refuse a practitioner who does not speak for the victim.

    Raises
    ------
    NotPermittedError
        A flow acts, or a practitioner who does not speak for the victim.
    """
    if acting.role is Role.SYSTEM:
        raise NotPermittedError(act.value, who_may="a person")
    require_advocate(act, acting, speaks_for_victim=speaks_for_victim(acting, agencies))


def written_reason(why: str, *, part: str = "reason") -> str:
    """Return a reason as written, without outer spaces; ``part`` names its field in errors.

    Raises
    ------
    InvalidInputError
        It is empty, too long, or not one printable line.
    """
    reason = why.strip()
    if not reason or len(reason) > LONGEST_WHY or not reason.isprintable():
        raise InvalidInputError(part, f"write 1 to {LONGEST_WHY} characters, on one line")
    return reason


def _keep(
    work: Work, reference: str, because: RestrictedBecause, why: str, *, acting: Acting, at: datetime
) -> Restriction:
    restriction = Restriction(involvement=reference, because=because, why=why, by=acting.user, at=at)
    if restriction.is_restricted:  # the person who restricts it is not shut out by that
        work.cases.name_people(reference, [acting.user], by=acting.user, at=at)
    work.need_to_know.restrict([restriction])
    if restriction.is_restricted:
        destroy_lost_drafts(work, at=at, cases=[reference])
    work.notes(because=because.value)
    return restriction

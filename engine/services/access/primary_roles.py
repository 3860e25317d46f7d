"""The primary role in a case, and counter-allegations: other people work them until the panel has assessed.

Only the chair, a coordinator and people whom the chair names as investigators see that there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.access.policy import WHO_MAY, May, sees_mirrored
from engine.access.redaction import masked_words
from engine.domain.access.primary_roles import Investigator, RoleAssessed, RolesOnCase, VictimStanding
from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import ClaimedRole
from engine.identity.identifiers import shared_identifiers
from engine.services.access.checks import open_case, open_cases
from engine.services.access.masking import masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase

_TURNED = {
    ClaimedRole.PERPETRATOR: ClaimedRole.VICTIM,
    ClaimedRole.VICTIM: ClaimedRole.PERPETRATOR,
}


def assess_roles(context: Context, *, reference: str, is_primary: bool, why: str) -> RoleAssessed:
    """Record the panel's judgement on the claimed roles, once the chair opened the conference.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, or the conference has not been opened.
    """
    reason = written_reason(why)
    with context.writing("assess which role is primary") as work:
        case = open_case(work, context.acting, reference, May.ASSESS_ROLES).reference
        if work.cases.conference_opened_at(case) is None:
            raise InvalidInputError(
                f"referral {case}", "the panel assesses the roles; open the conference first"
            )
        assessed = RoleAssessed(
            involvement=case,
            is_primary=is_primary,
            why=reason,
            by=context.acting.user,
            at=context.clock.now(),
        )
        work.victim_rights.assess(assessed)
        work.notes(primary=int(is_primary))
        return assessed


def name_investigator(context: Context, *, reference: str, user: str, why: str) -> Investigator:
    """Let a person work both sides of a counter-allegation, by the chair and with a reason.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the reason is empty, too long or not one line.
    NotFoundError
        The case is not open to the person who acts, or the user does not exist.
    """
    reason = written_reason(why)
    with context.writing("name investigator") as work:
        case = open_case(work, context.acting, reference, May.NAME_INVESTIGATOR).reference
        name = work.users.get(user).name
        named = Investigator(
            involvement=case, user=name, why=reason, by=context.acting.user, at=context.clock.now()
        )
        work.victim_rights.name_investigator(named)
        work.notes(named=name)
        return named


def roles_on_case(context: Context, *, reference: str) -> RolesOnCase:
    """Return the roles on a case; a counter-allegation is shown only to those who may know of it.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    """
    with context.reading("see roles") as work:
        case = open_case(work, context.acting, reference, May.VIEW_CASE).reference
        together = work.cases.together(case)
        mirrored = [
            i.reference for i in open_cases(work, context.acting, work.cases.all(mirrors_of(work, case)))
        ]
        sees = sees_mirrored(
            context.acting, is_investigator=is_investigator(work, context.acting.user, [case, *mirrored])
        )
        standing = standing_of(work, case)
        if standing is VictimStanding.CONTESTED and not (sees and mirrored):
            standing = VictimStanding.CLAIMED
        masker = masker_for(work=work, involvements=[*together, *mirrored], reader=context.acting.user)
        result = RolesOnCase(
            reference=case,
            standing=standing,
            assessments=work.victim_rights.assessments(together),
            mirrored=tuple(sorted(mirrored)) if sees else (),
            investigators=work.victim_rights.investigators([case, *mirrored]) if sees else (),
            may_assess=context.acting.role in WHO_MAY[May.ASSESS_ROLES],
        )
        return masked_words(result, masker)


def standing_of(work: Work, reference: str) -> VictimStanding:
    """Return how firmly the victim's role is known. Part of use cases; not to be shown as it is."""
    said = work.victim_rights.assessments(work.cases.together(reference))
    if said:
        return VictimStanding.ASSESSED if said[-1].is_primary else VictimStanding.NOT_PRIMARY
    mirrored = mirrors_of(work, reference)
    if not mirrored:
        return VictimStanding.CLAIMED
    others = work.victim_rights.assessments(mirrored)
    if any(assessed.is_primary for assessed in others):
        return VictimStanding.NOT_PRIMARY
    return VictimStanding.CONTESTED


def mirrors_of(work: Work, reference: str) -> list[str]:
    """Return the involvements where the same two people have each other's role."""
    here = {p.role: p for p in work.people.on_cases([reference]) if p.role in _TURNED}
    if len(here) < len(_TURNED):
        return []
    there = [_turned_in(work, person, role) for role, person in here.items()]
    return sorted(set.intersection(*there) - {reference})


def is_investigator(work: Work, user: str, references: Iterable[str]) -> bool:
    """Return whether the chair lets this person work both sides."""
    return any(each.user == user for each in work.victim_rights.investigators(list(references)))


def kept_apart(work: Work, acting: Acting, reference: str) -> frozenset[str]:
    """Return who works a counter-allegation that the naming person may know of, and is not named here."""
    if standing_of(work, reference) is not VictimStanding.CONTESTED:
        return frozenset()
    mirrored = [i.reference for i in open_cases(work, acting, work.cases.all(mirrors_of(work, reference)))]
    both = {each.user for each in work.victim_rights.investigators([reference, *mirrored])}
    workers = {user.name for user in work.users.all() if user.role in {Role.PRACTITIONER, Role.ANALYST}}
    there = {user for mirror in mirrored for user in work.cases.people_on(mirror)}
    return frozenset((there & workers) - both)


def require_apart(apart: frozenset[str], people: Iterable[str]) -> None:
    """Refuse to name a person who works the counter-allegation; ``apart`` are those who do."""
    both = sorted(apart.intersection(people))
    if both:
        raise InvalidInputError(
            "people",
            f"{both[0]} works on the counter-allegation; name another person, or ask the chair to name an "
            "investigator",
        )


def _turned_in(work: Work, person: PersonOnCase, role: ClaimedRole) -> set[str]:
    same = [
        *work.people.with_identifiers(shared_identifiers(person.described)),
        *work.people.born_and_named([person.described]),
    ]
    return {other.involvement for other in same if other.role is _TURNED[role]}

"""A person's permissions on the vault of a case. Parts of use cases; reads no value."""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.vault_policy import opens_alone
from engine.domain.access.primary_roles import VictimStanding
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.vault.openings import Basis
from engine.services.access.checks import open_cases
from engine.services.access.primary_roles import standing_of
from engine.services.access.restrictions import speaks_for_victim
from engine.store.unit_of_work import Work

_NOBODY_ALONE = frozenset({VictimStanding.CONTESTED, VictimStanding.NOT_PRIMARY})


def cases_here(work: Work, acting: Acting, reference: str) -> list[str]:
    """Return the involvements of this case that are open to this person, with the one they came by."""
    together = work.cases.all(work.cases.together(reference))
    return list(dict.fromkeys([*(each.reference for each in open_cases(work, acting, together)), reference]))


def officer_on(work: Work, reference: str) -> str | None:
    """Return the safe-contact officer of this case, while still named on it and not connected to a party."""
    officer = work.openings.officer_of(work.cases.together(reference))
    return officer if officer is not None and may_still_act(work, officer, reference) else None


def lead_on(work: Work, reference: str) -> str | None:
    """Return the investigation lead of this case, while still named on it and not connected to a party."""
    lead = work.reviews.lead_of(work.cases.together(reference))
    return lead if lead is not None and may_still_act(work, lead, reference) else None


def is_entrusted(work: Work, acting: Acting, reference: str) -> bool:
    """Return whether this person is the safe-contact officer or the investigation lead of this case."""
    return acting.user in (officer_on(work, reference), lead_on(work, reference))


def learns_of_places(work: Work, acting: Acting, case: str, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether this person learns of it: the safe-contact officer and the named lead.

    Where neither is named, the victim's advocates on the case do: they may open
    the details without a second person anyway.
    """
    officer, lead = officer_on(work, case), lead_on(work, case)
    if officer is None and lead is None:
        return speaks_for_victim(acting, agencies) and acting.user in work.cases.people_on(case)
    return acting.user in (officer, lead)


def investigators_on(work: Work, reference: str, agencies: Sequence[AgencyKnown]) -> tuple[str, ...]:
    """Return the people on this case of the agencies that investigate: one of them may be named as lead."""
    investigating = [agency.code for agency in agencies if agency.investigates]
    there = work.users.practitioners_of(investigating)
    return tuple(user.name for user in there if may_still_act(work, user.name, reference))


def may_still_act(work: Work, user: str, reference: str) -> bool:
    """Return whether another person is still active, named on the case, and not connected to a party."""
    return (
        user in work.cases.people_on(reference)
        and reference not in work.need_to_know.shut_out_of(user)
        and any(each.name == user and each.active for each in work.users.all())
    )


def stands_alone_as(
    work: Work, acting: Acting, reference: str, agencies: Sequence[AgencyKnown]
) -> Basis | None:
    """Return this person's basis for opening a value without agreement; None when they do not.

    No person does under a counter-allegation, until the panel has assessed which role is primary.
    """
    if standing_of(work, reference) in _NOBODY_ALONE:
        return None
    is_named = acting.user in work.cases.people_on(reference)
    speaks = speaks_for_victim(acting, agencies)
    is_officer = officer_on(work, reference) == acting.user
    if not opens_alone(speaks_for_victim=speaks, is_safe_contact_officer=is_officer, is_named=is_named):
        return None
    return Basis.ADVOCATE if speaks else Basis.SAFE_CONTACT

"""A person's permissions on the vault of a case. Parts of use cases; reads no value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from engine.access.vault_policy import opens_alone
from engine.domain.access.primary_roles import VictimStanding
from engine.domain.accounts.acting import Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.vault.openings import Basis
from engine.services.access.checks import open_among, open_cases
from engine.services.access.primary_roles import standing_of
from engine.services.access.restrictions import speaks_for_victim
from engine.store.unit_of_work import Work

_NOBODY_ALONE = frozenset({VictimStanding.CONTESTED, VictimStanding.NOT_PRIMARY})


def cases_here(work: Work, acting: Acting, reference: str) -> list[str]:
    """Return the involvements of this case that are open to this person, with the one they came by."""
    together = work.cases.all(work.cases.together(reference))
    return list(dict.fromkeys([*(each.reference for each in open_cases(work, acting, together)), reference]))


class LearnsOfPlaces(NamedTuple):
    """Cases where a person learns of protected places, in the order asked,
    and those of them that they have as safe-contact officer or investigation lead.
    """

    cases: tuple[str, ...]
    entrusted: frozenset[str]


def officer_on(work: Work, reference: str) -> str | None:
    """Return the safe-contact officer of this case, while still named on it and not connected to a party."""
    return officers_on(work, [reference]).get(reference)


def lead_on(work: Work, reference: str) -> str | None:
    """Return the investigation lead of this case, while still named on it and not connected to a party."""
    return leads_on(work, [reference]).get(reference)


def officers_on(work: Work, cases: Sequence[str]) -> dict[str, str]:
    """Return by case the safe-contact officer of each of these that has one, as ``officer_on`` does."""
    return _still_acting(work, cases, work.openings.officers_named)


def leads_on(work: Work, cases: Sequence[str]) -> dict[str, str]:
    """Return by case the investigation lead of each of these that has one, as ``lead_on`` does."""
    return _still_acting(work, cases, work.reviews.leads_named)


def is_entrusted(work: Work, acting: Acting, reference: str) -> bool:
    """Return whether this person is the safe-contact officer or the investigation lead of this case."""
    return acting.user in (officer_on(work, reference), lead_on(work, reference))


def learns_of_places(work: Work, acting: Acting, case: str, agencies: Sequence[AgencyKnown]) -> bool:
    """Return whether this person learns of protected places on a case, as ``learns_of_places_on``."""
    return bool(learns_of_places_on(work, acting, [case], agencies).cases)


def learns_of_places_anywhere(
    work: Work, acting: Acting, agencies: Sequence[AgencyKnown], *, waiting: Callable[[], Collection[str]]
) -> LearnsOfPlaces:
    """Return the cases open to this person where they learn of it, the newest first: all that they are
    entrusted with, and for an advocate those ``waiting`` for a comparison.
    """
    named = work.reviews.cases_entrusted_to(acting.user)
    if speaks_for_victim(acting, agencies):
        named |= frozenset(waiting())
    screened = work.cases.screened(named) if named else {}
    there = open_among(work, acting, screened) if screened else frozenset[str]()
    return learns_of_places_on(work, acting, [case for case in screened if case in there], agencies)


def learns_of_places_on(
    work: Work, acting: Acting, cases: Sequence[str], agencies: Sequence[AgencyKnown]
) -> LearnsOfPlaces:
    """Return those of these cases where this person learns of it: as safe-contact officer or named lead.

    Where neither is named, the victim's advocates on the case do: they may open
    the details without a second person anyway.
    """
    officers, leads = officers_on(work, cases), leads_on(work, cases)
    entrusted = {case for of in (officers, leads) for case, user in of.items() if user == acting.user}
    without = [case for case in cases if case not in officers and case not in leads]
    speaks = speaks_for_victim(acting, agencies)
    named_on = work.cases.open_to(acting.user, among=without) if speaks else frozenset[str]()
    learns = entrusted | named_on
    return LearnsOfPlaces(tuple(case for case in cases if case in learns), frozenset(entrusted))


def investigators_on(work: Work, reference: str, agencies: Sequence[AgencyKnown]) -> tuple[str, ...]:
    """Return the people on this case of the agencies that investigate: one of them may be named as lead."""
    investigating = [agency.code for agency in agencies if agency.investigates]
    named = frozenset(work.cases.people_on(reference))
    there = [user.name for user in work.users.practitioners_of(investigating) if user.name in named]
    return tuple(user for user in there if may_still_act(work, user, reference))


def may_still_act(work: Work, user: str, reference: str) -> bool:
    """Return whether another person is still active, named on the case, and not connected to a party."""
    return bool(_may_act_on(work, user, [reference]))


def _may_act_on(work: Work, user: str, cases: Sequence[str]) -> frozenset[str]:
    if not any(each.name == user and each.active for each in work.users.all()):
        return frozenset()
    return work.cases.open_to(user, among=cases) - work.need_to_know.shut_out_of(user)


def _still_acting(
    work: Work, cases: Sequence[str], named: Callable[[Sequence[str]], Mapping[str, tuple[int, str]]]
) -> dict[str, str]:
    """Return by case who was named last on any involvement of it, where this person may still act there."""
    together = work.cases.together_with_each(cases)
    there = named(sorted({each for of_case in together.values() for each in of_case}))
    newest = {
        case: max(there[each] for each in of_case if each in there)[1]
        for case, of_case in together.items()
        if any(each in there for each in of_case)
    }
    still: dict[str, frozenset[str]] = {
        user: _may_act_on(work, user, [case for case, name in newest.items() if name == user])
        for user in sorted(set(newest.values()))
    }
    return {case: user for case, user in newest.items() if case in still[user]}


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

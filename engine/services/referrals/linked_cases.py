"""Linked cases: other involvements of one case's people, within the viewer's access. Part of viewing a case.

By a current decision, by an exact identifier, or by what two records have in common: each says which. A pair
decided "not same" is left out for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.access.policy import sees_mirrored
from engine.clock import LONDON
from engine.domain.access.primary_roles import VictimStanding
from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import Involvement
from engine.domain.cases.views import OtherInvolvement
from engine.domain.people.same_person import MatchExplained, SameVerdict
from engine.identity.identifiers import shared_identifiers
from engine.services.access.checks import open_cases
from engine.services.access.primary_roles import is_investigator, standing_of
from engine.services.people.identifiers import by_which_number
from engine.services.people.known import KnownPersons
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase


class _Link(NamedTuple):
    here: PersonOnCase
    there: PersonOnCase
    sentence: str
    matched: MatchExplained | None = None


def other_involvements(
    work: Work,
    involvement: Involvement,
    people: Sequence[PersonOnCase],
    acting: Acting,
    known: KnownPersons,
    together: Sequence[Involvement],
) -> tuple[OtherInvolvement, ...]:
    """Return the same people's other involvements that exist for the viewer, each with its firmest ground.

    ``together`` are those of the episode that do.
    """
    links: dict[str, _Link] = {}
    newest = {person.role: person for person in people}
    for person in newest.values():
        for link in _links(work, person, known):
            links.setdefault(link.there.involvement, link)
    links.pop(involvement.reference, None)
    for sibling in together:
        if sibling.reference != involvement.reference and sibling.reference not in links:
            theirs = {p.role: p for p in work.people.on_cases([sibling.reference])}
            for role, person in newest.items():
                if role in theirs:
                    links.setdefault(sibling.reference, _Link(person, theirs[role], ""))
    if not links:
        return ()
    mirrored = links.keys() & known.mirrors(involvement.reference)
    if mirrored and not _may_know(work, acting, involvement, mirrored):
        links = {ref: link for ref, link in links.items() if ref not in mirrored}
    there = open_cases(work, acting, work.cases.all(links))
    return tuple(_linked_case(linked, links[linked.reference], involvement) for linked in there)


def _links(work: Work, person: PersonOnCase, known: KnownPersons) -> Iterator[_Link]:
    """Yield links by a decision first, then by a number, then by likeness."""
    party = known.party_of(person.reference)
    if party is None:
        return
    refused = known.refused(party)
    same = [each for each in known.joined(party).parties if each not in {party, *refused}]
    for other, there in work.same_persons.people(same).items():
        yield _Link(person, there, _by_word(work, party, other))
    numbered = work.people.with_identifiers(shared_identifiers(person.described), part=known.part)
    parties = work.same_persons.parties_of([there.reference for there in numbered]) if refused else {}
    for there in numbered:
        if parties.get(there.reference) not in refused:
            yield _Link(person, there, f"found by {by_which_number(person.described, there.described)}")
    unjudged = [each for each in known.likely(party) if each.party not in refused]
    theirs = work.same_persons.people([each.party for each in unjudged])
    for each in unjudged:
        yield _Link(
            person, theirs[each.party], "proposed by what the two records have in common", each.matched
        )


def _by_word(work: Work, party: int, other: int) -> str:
    """Say whose decision joins the two; where several decisions on others between them do, say so."""
    words = [w for w in work.same_persons.history(party, other) if w.verdict is SameVerdict.SAME]
    if not words:
        return "the same person by decisions on records between them"
    decision = words[-1]
    day = f"{decision.at.astimezone(LONDON):%-d %B %Y}"
    return (
        f"the same person by {decision.by if decision.by_rule else f'the decision of {decision.by}'}, {day}"
    )


def _linked_case(linked: Involvement, link: _Link, involvement: Involvement) -> OtherInvolvement:
    same_episode = linked.episode == involvement.episode
    here, there = link.here, link.there
    sentence = (
        "In the same episode, by a person's decision."
        if same_episode
        else (
            f"The person claimed to be the {here.role.value} here was claimed to be the "
            f"{there.role.value} there ({there.status.value}, by {there.asserted_by}); {link.sentence}."
        )
    )
    return OtherInvolvement(
        reference=linked.reference,
        episode=linked.episode,
        same_episode=same_episode,
        role_here=here.role,
        role_there=there.role,
        state=linked.state,
        received_at=linked.received_at,
        says=sentence,
        person_here=here.reference,
        person_there=there.reference,
        matched=None if same_episode else link.matched,
    )


def _may_know(work: Work, acting: Acting, involvement: Involvement, mirrored: set[str]) -> bool:
    """Return whether the viewer may know of a counter-allegation: few may until the panel's assessment."""
    if standing_of(work, involvement.reference) is not VictimStanding.CONTESTED:
        return True
    both = [involvement.reference, *sorted(mirrored)]
    return sees_mirrored(acting, is_investigator=is_investigator(work, acting.user, both))

"""Episodes of involvements: proposed by the record, joined by a person, and undone by one.

A part of the screening, viewing and joining use cases. Nothing here merges automatically.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from engine.access.policy import May
from engine.clock import Clock
from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import EpisodeOffer, EpisodeVerdict, Involvement
from engine.domain.errors import InvalidInputError
from engine.domain.people.persons import ClaimedRole
from engine.domain.vault.typed_texts import TypedWhere
from engine.identity.identifiers import shared_identifiers
from engine.services.access.checks import open_case, open_part
from engine.services.access.link_refresh import ask_for_refresh
from engine.services.context import Context
from engine.services.links.projection import relink_cases
from engine.services.people.identifiers import by_which_number
from engine.services.people.known import KnownPersons
from engine.services.sharing.likely_breaches import compare_cases
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.store.repositories.people.persons import PersonOnCase

_Others: TypeAlias = "dict[str, list[tuple[PersonOnCase, str]]]"
"""By episode: who may be the same person there, and on what that rests."""


def episode_offers(
    work: Work, involvement: Involvement, acting: Acting, known: KnownPersons | None = None
) -> tuple[EpisodeOffer, ...]:
    """Return earlier episodes of the same two people in the same roles, and on what they were found.

    Found by a decision that they are the same, by an exact identifier, by surname, forename and full date of
    birth, or by so much in common that it is proposed; never only by a name. One that does not exist for the
    viewer is not offered, nor one of people who were decided not to be the same.
    """
    here = {person.role: person for person in work.people.on_cases([involvement.reference])}
    perpetrator, victim = here.get(ClaimedRole.PERPETRATOR), here.get(ClaimedRole.VICTIM)
    if perpetrator is None or victim is None:
        return ()
    known = known or KnownPersons(work, open_part(work, acting))
    like_perpetrator = _others(work, perpetrator, ClaimedRole.PERPETRATOR, known)
    like_victim = _others(work, victim, ClaimedRole.VICTIM, known)
    offers: list[EpisodeOffer] = []
    for episode in sorted(set(like_perpetrator) & set(like_victim)):
        if episode == involvement.episode:
            continue
        involvements = sorted({person.involvement for person, _ in like_perpetrator[episode]})
        ways = (
            sorted({way for _, way in like_perpetrator[episode]}),
            sorted({way for _, way in like_victim[episode]}),
        )
        offers.append(
            EpisodeOffer(
                episode=episode,
                involvements=tuple(involvements),
                says=(
                    f"The alleged perpetrator was found by {' and '.join(ways[0])}, the victim by "
                    f"{' and '.join(ways[1])}; a person must decide whether they are the same."
                ),
            )
        )
    return tuple(offers)


def _others(work: Work, person: PersonOnCase, role: ClaimedRole, known: KnownPersons) -> _Others:
    found: _Others = {}
    for other in work.people.with_identifiers(shared_identifiers(person.described), part=known.part):
        if other.role is role and other.involvement != person.involvement:
            way = by_which_number(person.described, other.described)
            found.setdefault(other.episode, []).append((other, way))
    for other in work.people.born_and_named([person.described], part=known.part):
        if other.role is role and other.involvement != person.involvement:
            found.setdefault(other.episode, []).append((other, "name and date of birth"))
    _add_likely(work, person, role, found, known)
    return found


def _add_likely(
    work: Work,
    person: PersonOnCase,
    role: ClaimedRole,
    found: _Others,
    known: KnownPersons,
) -> None:
    """Add those who are the same by a decision or may be by likeness, but none decided to be different."""
    party = known.party_of(person.reference)
    if party is None:
        return
    refused, same = known.refused(party), known.joined(party).parties
    alike = [each.party for each in known.likely(party)]
    people = work.same_persons.people({*same, *alike, *refused} - {party})
    there = {other.reference for pairs in found.values() for other, _ in pairs}
    gone = {people[each].involvement for each in refused}
    for each, other in people.items():
        if other.role is not role or other.involvement == person.involvement or each in refused:
            continue
        if other.reference not in there or each in same:
            way = "a decision that they are the same" if each in same else "what two records have in common"
            found.setdefault(other.episode, []).append((other, way))
    for episode, pairs in list(found.items()):
        stored = [pair for pair in pairs if pair[0].involvement not in gone]
        found[episode] = stored
        if not stored:
            del found[episode]


def join_episode(
    work: Work, involvement: Involvement, episode: str, *, acting: Acting, clock: Clock, why: str
) -> None:
    """Join an episode by a person's decision; only one that the record proposes can be joined."""
    offered = [offer.episode for offer in episode_offers(work, involvement, acting)]
    if episode not in offered:
        raise InvalidInputError(
            f"episode {episode}",
            "this episode is not proposed for this referral; open the case again and choose one that is",
        )
    work.cases.judge_episode(
        involvement.reference,
        episode,
        verdict=EpisodeVerdict.JOINED,
        by=acting.user,
        why=why,
        at=clock.now(),
    )
    relink_cases(work, [involvement.reference], at=clock.now())
    compare_cases(work, [involvement.reference], at=clock.now())
    work.notes(joined=episode)


def take_back_joining(context: Context, *, reference: str, why: str) -> str:
    """Undo a joining: the involvement is in its own episode again, which is returned.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the involvement is in its own episode already.
    """
    with context.writing("take back joining") as work:
        involvement = open_case(work, context.acting, reference, May.JOIN_EPISODE)
        if involvement.episode == involvement.own_episode:
            raise InvalidInputError(
                f"referral {reference}", "it is in its own episode; there is nothing to undo"
            )
        work.cases.judge_episode(
            involvement.reference,
            involvement.episode,
            verdict=EpisodeVerdict.TAKEN_BACK,
            by=context.acting.user,
            why=why,
            at=context.clock.now(),
        )
        check_typed(work, involvement, TypedWhere.REASON, [why], acting=context.acting, clock=context.clock)
        relink_cases(work, [involvement.reference], at=context.clock.now())
        compare_cases(work, [involvement.reference], at=context.clock.now())
        ask_for_refresh(work, context.acting, at=context.clock.now())
        work.notes(left=involvement.episode)
        return involvement.own_episode

"""Which episode an involvement belongs to: proposed by the record, said by a person, and taken back by one.

A part of the screening, viewing and joining use cases. Nothing here merges by itself.
"""

from __future__ import annotations

from engine.access.policy import May
from engine.clock import Clock
from engine.domain.acting import Acting
from engine.domain.errors import InvalidInputError
from engine.domain.involvement import EpisodeVerdict, Involvement
from engine.domain.people import ClaimedRole
from engine.domain.views import EpisodeOffer
from engine.services.doors import open_case, open_cases
from engine.services.identifiers import by_which_number
from engine.services.link_record import relink_cases
from engine.store.repositories.people import PersonOnCase, shared_identifiers
from engine.store.unit_of_work import UnitOfWork, Work


def episode_offers(work: Work, involvement: Involvement, acting: Acting) -> tuple[EpisodeOffer, ...]:
    """Earlier episodes of the same two people in the same roles, and on what they were found.

    Found by an exact identifier, or by surname, forename and whole date of birth; never by a name alone.
    One that does not exist for the viewer is not offered.
    """
    here = {person.role: person for person in work.people.on_cases([involvement.reference])}
    his, hers = here.get(ClaimedRole.PERPETRATOR), here.get(ClaimedRole.VICTIM)
    if his is None or hers is None:
        return ()
    his_others = _others(work, his, ClaimedRole.PERPETRATOR)
    her_others = _others(work, hers, ClaimedRole.VICTIM)
    found = {p.involvement for others in (his_others, her_others) for ps in others.values() for p, _ in ps}
    there = {each.reference for each in open_cases(work, acting, work.cases.all(found))} if found else set()
    his_others, her_others = _cut(his_others, there), _cut(her_others, there)
    offers: list[EpisodeOffer] = []
    for episode in sorted(set(his_others) & set(her_others)):
        if episode == involvement.episode:
            continue
        involvements = sorted({person.involvement for person, _ in his_others[episode]})
        ways = (
            sorted({way for _, way in his_others[episode]}),
            sorted({way for _, way in her_others[episode]}),
        )
        offers.append(
            EpisodeOffer(
                episode=episode,
                involvements=tuple(involvements),
                says=(
                    f"The alleged perpetrator was found by {' and '.join(ways[0])}, "
                    f"the victim by {' and '.join(ways[1])}; a person must say whether they are the same."
                ),
            )
        )
    return tuple(offers)


def _cut(
    others: dict[str, list[tuple[PersonOnCase, str]]], there: set[str]
) -> dict[str, list[tuple[PersonOnCase, str]]]:
    kept = {
        episode: [pair for pair in pairs if pair[0].involvement in there] for episode, pairs in others.items()
    }
    return {episode: pairs for episode, pairs in kept.items() if pairs}


def _others(work: Work, person: PersonOnCase, role: ClaimedRole) -> dict[str, list[tuple[PersonOnCase, str]]]:
    found: dict[str, list[tuple[PersonOnCase, str]]] = {}
    for other in work.people.with_identifiers(shared_identifiers(person.described)):
        if other.role is role and other.involvement != person.involvement:
            way = by_which_number(person.described, other.described)
            found.setdefault(other.episode, []).append((other, way))
    for other in work.people.born_and_named([person.described]):
        if other.role is role and other.involvement != person.involvement:
            found.setdefault(other.episode, []).append((other, "name and date of birth"))
    return found


def join_episode(
    work: Work, involvement: Involvement, episode: str, *, acting: Acting, clock: Clock, why: str
) -> None:
    """Join by a person's word; only an episode that the record proposes can be joined."""
    offered = [offer.episode for offer in episode_offers(work, involvement, acting)]
    if episode not in offered:
        raise InvalidInputError(
            f"episode {episode}",
            "it is not one of the episodes proposed for this referral; look at the case again",
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
    work.notes(joined=episode)


def take_back_joining(*, uow: UnitOfWork, clock: Clock, acting: Acting, reference: str, why: str) -> str:
    """Take the word back: the involvement stands in its own episode again, which this returns."""
    with uow.writing(acting=acting, what="take back joining", at=clock.now()) as work:
        involvement = open_case(work, acting, reference, May.JOIN_EPISODE)
        if involvement.episode == involvement.own_episode:
            raise InvalidInputError(
                f"referral {reference}", "it stands in its own episode; nothing to take back"
            )
        work.cases.judge_episode(
            involvement.reference,
            involvement.episode,
            verdict=EpisodeVerdict.TAKEN_BACK,
            by=acting.user,
            why=why,
            at=clock.now(),
        )
        relink_cases(work, [involvement.reference], at=clock.now())
        work.notes(left=involvement.episode)
        return involvement.own_episode

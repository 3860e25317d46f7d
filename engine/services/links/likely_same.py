"""People who may be one person, to note beside links. A part of use cases; merges nothing.

It is noted only where both records are open to the viewer by name, and neither has had a victim's role or a
protected value. Only those who decide on possible duplicates read it of victims, beside a finding that holds
them to be different. No pack, measure or file is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.domain.links.views import MayBeOne
from engine.domain.people.same_person import SameVerdict
from engine.links.record_kinds import row_of
from engine.services.vault.protected_details import compared_as
from engine.store.repositories.links.likely_same import Party
from engine.store.repositories.links.permissions import Cut
from engine.store.unit_of_work import Work


def likely_same(
    work: Work, cut: Cut, people: Mapping[str, Sequence[int]], *, with_victims: bool = False
) -> tuple[MayBeOne, ...]:
    """Return pairs of these people that may be one person; each is given with the nodes of their records.

    ``with_victims`` is for those who decide on pairs: they see the evidence of each in the review queue.
    The records are those that this viewer's cut has let through. Pairs are in the order of the people.
    """
    from engine.identity.explaining import STRONG, strength
    from engine.identity.frozen import register_weights

    parties = work.links.likely.parties([row_of(node) for nodes in people.values() for node in nodes])
    of_person = {
        person: [parties[row_of(node)] for node in nodes if row_of(node) in parties]
        for person, nodes in people.items()
    }
    readable = {
        each.party: person
        for person, those in of_person.items()
        for each in those
        if cut.named_on is None or each.case in cut.named_on
    }
    found: dict[tuple[str, str], float] = {}
    for each in work.links.likely.proposed(readable, version=register_weights().version, least=STRONG):
        one, other = readable[each.low], readable[each.high]
        if one != other:
            pair = (one, other) if (other, one) not in found else (other, one)
            found[pair] = max(each.weight, found.get(pair, each.weight))
    if not found:
        return ()
    named = {person for pair in found for person in pair}
    shut = _shut(work, of_person, named, with_victims=with_victims)
    return tuple(
        MayBeOne(one=one, other=other, evidence=strength(weight))
        for (one, other), weight in found.items()
        if not {one, other} & shut and not _is_denied(work, of_person[one], of_person[other])
    )


def _shut(
    work: Work, of_person: Mapping[str, Sequence[Party]], people: Iterable[str], *, with_victims: bool
) -> frozenset[str]:
    """Return those who are left out: a record of them had a victim's role, or something protected."""
    shut = set()
    for person in people:
        parties = {each.party for each in of_person[person]}
        was_victim = not with_victims and work.same_persons.ever_victims(
            work.same_persons.joined_with(parties)
        )
        if was_victim or work.links.likely.with_something_left_out(parties, compared_as):
            shut.add(person)
    return frozenset(shut)


def _is_denied(work: Work, one: Sequence[Party], other: Sequence[Party]) -> bool:
    """Return whether a person decided of any two of their records that these are not one person."""
    ours, theirs = {each.party for each in one}, {each.party for each in other}
    return any(
        decision.verdict is SameVerdict.NOT_SAME
        and (
            (decision.low in ours and decision.high in theirs)
            or (decision.low in theirs and decision.high in ours)
        )
        for decision in work.same_persons.words_on(ours).values()
    )

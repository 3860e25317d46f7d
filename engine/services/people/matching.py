"""Known persons that a person record may be: found by key, scored by the frozen weights, cut to the viewer.

A part of viewing, screening and reviewing. Proposes; joins nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.access.policy import May, require
from engine.domain.people.same_person import MatchExplained
from engine.services.context import Context
from engine.store.repositories.access.visibility import EVERYTHING, VisibilityFilter
from engine.store.unit_of_work import Work

if TYPE_CHECKING:
    from engine.identity.frozen import RegisterWeights, Scored
    from engine.store.repositories.people.normal_forms import KnownForm

# What scores is imported inside each function: a list of cases has no use for it, and must be quick.

AT_ONCE = 200


class Likely(NamedTuple):
    """A party that may be the same person, and why."""

    party: int
    matched: MatchExplained


def likely_persons(
    work: Work, known: KnownForm, *, may_know: VisibilityFilter, least: float
) -> tuple[Likely, ...]:
    """Return parties of other involvements that may be this person, heaviest first, by their best record."""
    best = _scored(work, known, may_know=may_know, least=least)
    if not best:
        return ()
    from engine.identity.explaining import explained  # loads numpy: not needed without likely persons

    ordered = sorted(best.items(), key=lambda pair: (-pair[1].weight, pair[0]))
    return tuple(Likely(party, explained(score)) for party, score in ordered)


def thresholds() -> RegisterWeights:
    """Return the frozen weights, with their thresholds."""
    from engine.identity.frozen import register_weights

    return register_weights()


def explanation_of(work: Work, one: int, other: int) -> MatchExplained:
    """Explain why two parties may be one person, by those of their records that agree best."""
    from engine.identity.explaining import explained
    from engine.identity.frozen import scored

    ours, theirs = work.identity.forms_of_party([one]), work.identity.forms_of_party([other])
    forms = [each.form for each in theirs]
    pairs = (score for each in ours for score in scored(each.form, forms))
    return explained(max(pairs, key=lambda score: score.weight))


def compare_new(context: Context, *, at_most: int = AT_ONCE) -> int:
    """Compare person records that were not yet compared with all known ones; return of how many.

    What it finds waits in the review queue. It may be interrupted and run again; nothing is done twice.

    Its reads have one entry, with counts, in the transaction that stores what it found: one that is cut short
    before has none. Without new records it reads none and has no entry. No person is shown what it reads: it
    is in no case's access log.
    """
    from engine.identity.frozen import register_weights
    from engine.store.repositories.people.same_person import Proposed

    require(May.COMPARE_PERSONS, context.acting)
    version = register_weights().version
    with context.uow.unrecorded() as work:  # to compare takes long, and a writer must not wait for it
        fresh = work.identity.not_compared(version, count=at_most)
        if not fresh:
            return 0
        found = [
            Proposed(min(known.party_id, party), max(known.party_id, party), score.weight)
            for known in fresh
            for party, score in _scored(
                work, known, may_know=EVERYTHING, least=register_weights().review
            ).items()
        ]
    with context.writing("compare new person records", steps_back=True) as work:
        work.same_persons.forget_other_versions([known.party_id for known in fresh], version)
        new = work.same_persons.propose(found, version=version, at=context.clock.now())
        work.identity.note_compared([known.person_record_id for known in fresh], version)
        work.notes(records=len(fresh), proposals=new)
        return len(fresh)


def _scored(work: Work, known: KnownForm, *, may_know: VisibilityFilter, least: float) -> dict[int, Scored]:
    from engine.identity.frozen import scored
    from engine.identity.lookup import MOST_CANDIDATES, MOST_UNDER_KEY, sought_keys

    best: dict[int, Scored] = {}
    others = work.identity.candidates(
        sought_keys(known.form),
        may_know=may_know,
        most=MOST_CANDIDATES,
        most_under_key=MOST_UNDER_KEY,
        not_on=known.involvement_id,
    )
    scores = scored(known.form, [other.form for other in others])
    for other, score in zip(others, scores, strict=True):
        if score.weight >= least and (
            other.party_id not in best or score.weight > best[other.party_id].weight
        ):
            best[other.party_id] = score
    return best

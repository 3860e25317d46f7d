"""The one exception to "a person says it": the same valid police or prison number, and never a victim.

A part of importing referrals. The rule's decision is like any other: stored with its reason, counted in the
audit log, and undone by any person who may judge. Where a person has decided otherwise, it is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from engine.domain.people.persons import ClaimedRole, IdentifierScheme
from engine.domain.people.same_person import SameVerdict
from engine.store.repositories.access.visibility import EVERYTHING
from engine.store.repositories.people.normal_forms import KnownForm
from engine.store.unit_of_work import Work

BY_RULE = "the rule on police and prison numbers"
WHY = (
    "A police or prison number that passes its check is the same, no number conflicts, and no person with "
    "that number has been named as a victim."
)
_SCHEMES = frozenset({IdentifierScheme.PNC, IdentifierScheme.CRO, IdentifierScheme.PRISON})


def join_by_number(work: Work, references: Sequence[str], *, at: datetime) -> int:
    """Record "same person" for these involvements' alleged perpetrators and others of one number; count."""
    from engine.identity.lookup import number_keys

    numbered = {
        known: number_keys(known.form)
        for known in work.identity.forms_on(references, ClaimedRole.PERPETRATOR)
        if any(number.holds and number.scheme in _SCHEMES for number in known.form.numbers)
    }
    span = work.identity.span(key for keys in numbered.values() for key in keys)
    return sum(
        _join(work, known, at=at)
        for known, keys in numbered.items()
        if any(each != known.involvement_id for key in keys for each in span.get(key, ()))
    )


def _join(work: Work, known: KnownForm, *, at: datetime) -> int:
    from engine.identity.frozen import numbers_conflict, register_weights, scored, shares_number

    bearers = _bearers(work, known)
    if not bearers:
        return 0
    everybody = work.same_persons.joined_with({known.party_id, *(each.party_id for each in bearers)})
    if work.same_persons.ever_victims(everybody):
        return 0
    forms = work.identity.forms_of_party(sorted(everybody))
    by_numbers = {each.form.numbers: each.form for each in forms}  # of one offender nearly all are alike
    if any(numbers_conflict(one, other) for one, other in combinations(by_numbers.values(), 2)):
        return 0
    if not work.same_persons.are_all_same(everybody):
        return 0
    least = register_weights().propose
    sharing = [other for other in bearers if shares_number(known.form, other.form)]
    scores = scored(known.form, [other.form for other in sharing])
    fitting = {other.party_id for other, score in zip(sharing, scores, strict=True) if score.weight >= least}
    judged = {each for pair in work.same_persons.words_on([known.party_id]) for each in pair}
    fresh = sorted(fitting - judged)
    work.same_persons.add_words(
        [(known.party_id, party) for party in fresh],
        verdict=SameVerdict.SAME,
        by=BY_RULE,
        by_rule=True,
        why=WHY,
        at=at,
    )
    return len(fresh)


def _bearers(work: Work, known: KnownForm) -> tuple[KnownForm, ...]:
    """Return all other records known by one of this person's numbers, in whatever role."""
    from engine.identity.lookup import MOST_CANDIDATES, MOST_UNDER_KEY, number_keys

    found = work.identity.candidates(
        number_keys(known.form),
        may_know=EVERYTHING,
        most=MOST_CANDIDATES,
        most_under_key=MOST_UNDER_KEY,
        not_on=known.involvement_id,
    )
    return tuple(each for each in found if each.party_id != known.party_id)

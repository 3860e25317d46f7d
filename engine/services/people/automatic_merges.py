"""The one exception to "a person says it": the same valid police or prison number, and never a victim.

A part of importing referrals. The rule's decision is like any other: stored with its reason, counted in the
audit log, and undone by any person who may judge. Where a person has decided otherwise, it is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from itertools import combinations

from engine.domain.people.persons import ClaimedRole, IdentifierScheme
from engine.domain.people.same_person import SameVerdict
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
    met = {
        known: keys
        for known, keys in numbered.items()
        if any(each != known.involvement_id for key in keys if key in span for each in span[key][:2])
    }
    bearers = _bearers(work, met)
    fitting = _fitting(bearers)
    return sum(_join(work, known, others, fitting[known], at=at) for known, others in bearers.items())


def _join(
    work: Work, known: KnownForm, bearers: Sequence[KnownForm], fitting: Set[int], *, at: datetime
) -> int:
    from engine.identity.frozen import numbers_conflict

    everybody = work.same_persons.joined_with({known.party_id, *(each.party_id for each in bearers)})
    if work.same_persons.ever_victims(everybody):
        return 0
    forms = work.identity.forms_of_party(sorted(everybody))
    by_numbers = {each.form.numbers: each.form for each in forms}  # of one offender nearly all are alike
    if any(numbers_conflict(one, other) for one, other in combinations(by_numbers.values(), 2)):
        return 0
    if not work.same_persons.are_all_same(everybody):
        return 0
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


def _bearers(
    work: Work, numbered: Mapping[KnownForm, Sequence[int]]
) -> dict[KnownForm, tuple[KnownForm, ...]]:
    """Return for each person all other records known by one of their numbers, in whatever role, if any."""
    from engine.identity.lookup import MOST_CANDIDATES, MOST_UNDER_KEY

    found = work.identity.candidates_of_each(
        [(keys, known.involvement_id) for known, keys in numbered.items()],
        most=MOST_CANDIDATES,
        most_under_key=MOST_UNDER_KEY,
    )
    others = {
        known: tuple(each for each in those if each.party_id != known.party_id)
        for known, those in zip(numbered, found, strict=True)
    }
    return {known: those for known, those in others.items() if those}


def _fitting(bearers: Mapping[KnownForm, Sequence[KnownForm]]) -> dict[KnownForm, set[int]]:
    """Return for each person the parties that share a number and are alike enough; all are scored at once."""
    from engine.identity.frozen import register_weights, scored_pairs, shares_number

    pairs = [
        (known, other)
        for known, others in bearers.items()
        for other in others
        if shares_number(known.form, other.form)
    ]
    least = register_weights().propose
    fitting: dict[KnownForm, set[int]] = {known: set() for known in bearers}
    scores = scored_pairs([(known.form, other.form) for known, other in pairs])
    for (known, other), score in zip(pairs, scores, strict=True):
        if score.weight >= least:
            fitting[known].add(other.party_id)
    return fitting

"""Parts of an observed case, from the outcomes and custody changes of the record. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.views import OutcomeView
from engine.domain.dates import PartialDate
from engine.domain.outcomes.follow_up import AgainstWhom, Censoring, OutcomeFound
from engine.domain.outcomes.observed import Ending
from engine.outcomes.observed.building import ActFound, Ended, InCustody, Search

_ENDINGS: Mapping[Censoring, Ending] = {
    Censoring.DIED: Ending.DIED,
    Censoring.DEPORTED: Ending.DEPORTED,
    Censoring.LEFT_AREA: Ending.MOVED_AWAY,
    Censoring.WITHDRAWN: Ending.WITHDRAWN,
}


def searches_of(outcomes: Iterable[OutcomeView]) -> Iterator[Search]:
    """Yield the searches of a case; what is not known was not searched."""
    for each in outcomes:
        if each.replaced_by is None and each.found is not OutcomeFound.NOT_KNOWN:
            yield Search(each.measure, each.looked_until)


def acts_of(outcomes: Iterable[OutcomeView]) -> Iterator[ActFound]:
    """Yield the acts that follow-ups of a case found."""
    for each in outcomes:
        if each.replaced_by is not None or each.found is not OutcomeFound.FURTHER_STALKING:
            continue
        if each.happened is not None:
            yield ActFound(
                measure=each.measure,
                happened=each.happened,
                against=each.against or AgainstWhom.SAME_VICTIM,
                source=each.agency or ", ".join(sorted(each.looked_in)) or each.by,
                recorded_on=each.at.date(),
                harm=each.harm,
                is_order_breach=each.is_order_breach,
                proved=each.proved,
            )


def endings_of(outcomes: Iterable[OutcomeView]) -> Iterator[Ended]:
    """Yield the ends of observation that follow-ups of a case found."""
    for each in outcomes:
        if each.replaced_by is None and each.censored is not None and each.censored in _ENDINGS:
            yield Ended(_ENDINGS[each.censored], each.ended_on or each.looked_until)


def custody_of(
    changes: Iterable[StoredCustodyChange], outcomes: Iterable[OutcomeView]
) -> Iterator[InCustody]:
    """Yield times in custody. A release without a beginning gives no time."""
    begins = [PartialDate.of(each.on) for each in changes if each.change is CustodyChange.TAKEN]
    begins += [
        each.ended_on or each.looked_until
        for each in outcomes
        if each.replaced_by is None and each.censored is Censoring.IN_CUSTODY
    ]
    ends = [PartialDate.of(each.on) for each in changes if each.change is CustodyChange.RELEASED]
    for begin in sorted(set(begins), key=lambda each: each.latest):
        later = [end for end in ends if end.earliest >= begin.latest]
        yield InCustody(begin, min(later, key=lambda each: each.earliest, default=None))

"""Equity in figures: one characteristic at a time, as victims describe themselves. Pure.

Not two characteristics together, and not by agency or person. "Not asked", "prefer not to say", "not
known" and a case without a description are four different levels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from engine.domain.outcomes.described import Characteristic, DescriptionGiven
from engine.domain.outcomes.process import Offered, ProcessCase
from engine.domain.outcomes.tables import FigureTable, Hiding
from engine.domain.outcomes.victims import Agreed, NoAnswer
from engine.outcomes.figure_tables import exact_table

NO_DESCRIPTION = "no description recorded"
REFUSED = "did not agree to be described"
_MEASURES = {
    "conference": ("Conference", "was in conference", "not in conference"),
    "advocate": ("Advocate", "accepted an advocate", "no acceptance recorded"),
}


def equity_tables(
    characteristic: Characteristic, cases: Sequence[ProcessCase], described: Mapping[str, DescriptionGiven]
) -> tuple[FigureTable, ...]:
    """Return the exact tables of one characteristic over all referrals, the unscreened ones too."""
    levels = [*characteristic.answers, *(each.value for each in NoAnswer), REFUSED, NO_DESCRIPTION]
    of_case = {case.reference: _level(described.get(case.reference), characteristic) for case in cases}
    code = characteristic.value.replace(" ", "_")
    counted = Counter(of_case.values())
    tables = [
        exact_table(
            f"equity_{code}",
            characteristic.value.capitalize(),
            counts="referrals",
            dimensions=(characteristic.value,),
            rows={(level,): counted[level] for level in levels},
            whole=len(cases),
            hiding=Hiding.JOINED,
        )
    ]
    for measure, (title, yes, no) in _MEASURES.items():
        by = Counter((of_case[case.reference], yes if _has(case, measure) else no) for case in cases)
        tables.append(
            exact_table(
                f"equity_{code}_{measure}",
                f"{characteristic.value.capitalize()}: {title.lower()}",
                counts="referrals",
                dimensions=(characteristic.value, title.lower()),
                rows={(level, each): by[level, each] for level in levels for each in (yes, no)},
                whole=len(cases),
                hiding=Hiding.JOINED,
            )
        )
    return tuple(tables)


def _level(given: DescriptionGiven | None, characteristic: Characteristic) -> str:
    if given is None:
        return NO_DESCRIPTION
    match given.agreed:
        case Agreed.GIVEN:
            return given.answer(characteristic)
        case Agreed.REFUSED | Agreed.WITHDRAWN:
            return REFUSED
        case _:
            return NoAnswer.NOT_ASKED.value


def _has(case: ProcessCase, measure: str) -> bool:
    return case.conference_on is not None if measure == "conference" else case.offered is Offered.ACCEPTED

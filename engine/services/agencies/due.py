"""When each agency last responded, and how: what the figures on agencies read of each case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain.cases.due import Waits, sign_of
from engine.services.due.kinds import DueGiven, DueKind
from engine.store.unit_of_work import Work


def signs(work: Work, cases: Sequence[str], given: DueGiven) -> Iterator[Waits]:
    """Yield the last release of each agency on each case, and the last good and failed call of its plugin."""
    for each in work.agency_figures.signs(cases):
        yield Waits(
            case=each.case,
            about=each.agency,
            whom=sign_of(each.agency, each.sign),
            since=each.at,
            version=each.failure.value if each.failure else "",
        )


AGENCY_SIGN = DueKind("agency sign", reads=frozenset({"request", "answer", "answer_confirmed"}), of=signs)

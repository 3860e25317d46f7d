"""Checking identifiers of a referral file on import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.domain.people.persons import IdentifierScheme, PersonDescribed
from engine.exchange.rows import ReferralRow, RowFault
from engine.identity.identifiers import (
    compared_forms,
    failed_checks,
    written_form,
)

_NOTED_MOST = 20
_NAME_OF_SCHEME = {
    IdentifierScheme.PNC: "PNC ID",
    IdentifierScheme.CRO: "CRO number",
    IdentifierScheme.CRN: "CRN",
    IdentifierScheme.PRISON: "prison number",
    IdentifierScheme.NHS: "NHS number",
}


def by_which_number(one: PersonDescribed, other: PersonDescribed) -> str:
    """Return how to say that two records share a number: whether any of the shared ones passes its check."""
    theirs = {(n.scheme, form) for n in other.identifiers for form in compared_forms(n.scheme, n.value)}
    shared = [n for n in one.identifiers if (n.scheme, written_form(n.scheme, n.value)) in theirs]
    if shared and len(failed_checks(shared)) == len(shared):
        return "an identifier that fails its check"
    return "an exact identifier"


def noting_failed_checks(
    rows: Iterable[ReferralRow | RowFault], note: Callable[[str], None]
) -> Iterator[ReferralRow | RowFault]:
    """Yield the same rows; note a sentence for each identifier that fails its check, and leave the row in.

    The sentence names the row and the kind of number, never the number.
    """
    failed = 0
    for row in rows:
        if isinstance(row, ReferralRow):
            people = (row.referral.perpetrator, row.referral.victim)
            for number in failed_checks(each for person in people for each in person.identifiers):
                failed += 1
                if failed <= _NOTED_MOST:
                    note(
                        f"row {row.row}: the {_NAME_OF_SCHEME[number.scheme]} failed its check; it was "
                        "stored as given"
                    )
        yield row
    if failed > _NOTED_MOST:
        more = failed - _NOTED_MOST
        note(f"{more} more identifiers of this file failed their checks; they were stored as given")

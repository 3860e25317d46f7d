"""Identifiers of people and places: validity, canonical form, and when two are the same one.

Pure rules: knows no storage and no clock, fixes nothing and guesses nothing. An identifier that fails its
check stays as it was given and is compared as it is written; its user says that it failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

from engine.domain.people.persons import Identifier, IdentifierScheme, PersonDescribed
from engine.identity.identifiers_checked import IdentifierChecked, fails
from engine.identity.identifiers_other import (
    check_crn,
    check_nhs,
    check_postcode,
    check_prison_number,
    check_uprn,
)
from engine.identity.identifiers_police import (
    check_asn,
    check_cro,
    check_letter,
    check_pnc,
    read_cro,
    read_pnc,
)

__all__ = [
    "NEVER_SHARED",
    "IdentifierChecked",
    "IdentifierType",
    "check_identifier",
    "check_letter",
    "compared_forms",
    "failed_checks",
    "identifier_type",
    "shared_identifiers",
    "written_form",
]

LONGEST = 60
"""No identifier has so many characters; a longer value is refused before any rule reads it."""
# The checks of a person's numbers do not depend on the century: only the canonical form does.
_ANY_DAY = date(2000, 1, 1)
NEVER_SHARED = frozenset({IdentifierScheme.NHS})
"""Matched inside its own agency's answer only, so never in the shared key table."""


class IdentifierType(StrEnum):
    """Type of identifier that can be checked."""

    PNC = "pnc"
    CRO = "cro"
    ASN = "asn"
    NHS = "nhs"
    CRN = "crn"
    PRISON = "prison number"
    UPRN = "uprn"
    POSTCODE = "postcode"


_TYPE_BY_SPELLING = {
    **{kind.value.replace(" ", ""): kind for kind in IdentifierType},
    **dict.fromkeys(("pncid", "pncnumber"), IdentifierType.PNC),
    **dict.fromkeys(("croid", "cronumber"), IdentifierType.CRO),
    **dict.fromkeys(("asnnumber", "arrestsummonsnumber"), IdentifierType.ASN),
    **dict.fromkeys(("nhsnumber", "nhsno"), IdentifierType.NHS),
    **dict.fromkeys(("crnnumber", "deliuscrn", "casereferencenumber"), IdentifierType.CRN),
    **dict.fromkeys(
        ("prison", "prisonno", "prisonernumber", "noms", "nomsnumber", "nomis", "nomisnumber", "offenderno"),
        IdentifierType.PRISON,
    ),
    "uprnnumber": IdentifierType.UPRN,
    "postalcode": IdentifierType.POSTCODE,
}
_TYPE_BY_SCHEME = {
    IdentifierScheme.PNC: IdentifierType.PNC,
    IdentifierScheme.CRO: IdentifierType.CRO,
    IdentifierScheme.CRN: IdentifierType.CRN,
    IdentifierScheme.PRISON: IdentifierType.PRISON,
    IdentifierScheme.NHS: IdentifierType.NHS,
}


def identifier_type(term: str) -> IdentifierType | None:
    """Return the type that a term means, in the spellings that people use: ``NHS``, ``nhs_number``,
    ``noms``.
    """
    return _TYPE_BY_SPELLING.get(re.sub(r"[\s_\-/]+", "", term).casefold())


def check_identifier(kind: IdentifierType, value: str, *, today: date) -> IdentifierChecked:
    """Return whether a value is valid as an identifier of this type.

    Only ``today`` decides a two-digit century.
    """
    text = _in_capitals(value) if len(value) <= LONGEST else ""
    if not text:
        rule = f"{kind.value}: a value of 1 to {LONGEST} characters"
        return fails(rule, "No value is given." if not value.strip() else "It is longer than any identifier.")
    match kind:
        case IdentifierType.PNC:
            return check_pnc(text, today)
        case IdentifierType.CRO:
            return check_cro(text)
        case IdentifierType.ASN:
            return check_asn(text)
        case IdentifierType.NHS:
            return check_nhs(text)
        case IdentifierType.CRN:
            return check_crn(text)
        case IdentifierType.PRISON:
            return check_prison_number(text)
        case IdentifierType.UPRN:
            return check_uprn(text)
        case IdentifierType.POSTCODE:
            return check_postcode(text)
        case _:
            assert_never(kind)


def written_form(scheme: IdentifierScheme, value: str) -> str:
    """Return the one form in which a person's number is stored for comparing, even if it fails its check.

    Only the way of writing is removed: case, spaces, zeros before a serial. A two-digit year stays
    one, so that the form does not change with the calendar.
    """
    text = _in_capitals(value)
    if scheme is IdentifierScheme.PNC and (pnc := read_pnc(text)):
        return pnc.with_year(pnc.year)
    if scheme is IdentifierScheme.CRO and (cro := read_cro(text)):
        return cro.compared()
    return re.sub(r"[^0-9A-Z]", "", text) or text


def compared_forms(scheme: IdentifierScheme, value: str) -> frozenset[str]:
    """Return every stored form that is the same number:
    a PNC ID's year may be given in two digits or in four.
    """
    text = _in_capitals(value)
    if scheme is IdentifierScheme.PNC and (pnc := read_pnc(text)):
        short = pnc.year[-2:]
        years = {pnc.year, short} if pnc.year != short else {short, f"19{short}", f"20{short}"}
        return frozenset(pnc.with_year(year) for year in years)
    return frozenset({written_form(scheme, value)})


def _in_capitals(value: str) -> str:
    """Return it without spaces around it.

    Other scripts' letters stay, so that none turns into one of ours.
    """
    text = value.strip()
    return text.upper() if text.isascii() else text


def failed_checks(numbers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """Return those of a person's numbers that fail their register's rule, as they were given."""
    return tuple(
        number
        for number in numbers
        if not check_identifier(_TYPE_BY_SCHEME[number.scheme], number.value, today=_ANY_DAY).valid
    )


def shared_identifiers(described: PersonDescribed) -> list[tuple[str, str]]:
    """Return the (scheme, value) pairs by which records may be proposed as the same person,
    in their one written form.
    """
    return [
        (number.scheme.value, written_form(number.scheme, number.value))
        for number in described.identifiers
        if number.scheme not in NEVER_SHARED
    ]

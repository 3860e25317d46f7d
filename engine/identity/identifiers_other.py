"""NHS number, CRN, prison number, UPRN and postcode: their forms, and a check where there is a public one.

Where none is public only the form is checked, and the rule says so: a form that fits proves nothing.
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import nhs

from engine.identity.identifiers_checked import IdentifierChecked, fails, holds

_NHS_RULE = "NHS number: ten digits, the last a check digit modulo 11"
_CRN_RULE = "CRN: form only (a letter and six digits); no check is public"
_PRISON_RULE = "prison number: form only (a letter, four digits, two letters); no check is public"
_UPRN_RULE = "UPRN: form only (up to twelve digits); no check is public"
_POSTCODE_RULE = "postcode: form only; it is not checked whether it is in use"

_NHS_FORM = re.compile(r"[0-9](?:[ \-]?[0-9]){9}")
_CRN = re.compile(r"[A-Z][0-9]{6}")
_PRISON = re.compile(r"[A-Z][0-9]{4}[A-Z]{2}")
_UPRN = re.compile(r"[0-9]{1,12}")
# The letters in each place are those that Royal Mail uses there.
_OUTWARD = r"[A-PR-UWYZ](?:[0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9]{1,2}|[A-HK-Y][0-9][ABEHMNPRVWXY])"
_POSTCODE = re.compile(rf"(?P<outward>GIR(?= ?0AA)|{_OUTWARD}) ?(?P<inward>[0-9][ABD-HJLNP-UW-Z]{{2}})")


def check_nhs(text: str) -> IdentifierChecked:
    """Check an NHS number: ten digits, perhaps with spaces or hyphens between.

    Ten equal digits are not a person's.
    """
    if not _NHS_FORM.fullmatch(text):
        return fails(_NHS_RULE, "It is not written as an NHS number: ten digits.")
    try:
        number = nhs.validate(text)
    except InvalidChecksum:
        return fails(_NHS_RULE, "The check digit does not fit: it is wrong, or a digit before it is.")
    except ValidationError:
        return fails(_NHS_RULE, "It is not written as an NHS number: ten digits.")
    if len(set(number)) == 1:
        return fails(_NHS_RULE, "All its digits are equal: such a number only fills a blank.")
    return holds(number, _NHS_RULE)


def check_crn(text: str) -> IdentifierChecked:
    """Check Probation's case reference number."""
    if _CRN.fullmatch(text):
        return holds(text, _CRN_RULE)
    return fails(_CRN_RULE, "It is not written as a CRN: one letter and six digits.")


def check_prison_number(text: str) -> IdentifierChecked:
    """Check the number that a prison gives, also called NOMS or NOMIS number."""
    if _PRISON.fullmatch(text):
        return holds(text, _PRISON_RULE)
    return fails(_PRISON_RULE, "It is not written as a prison number: one letter, four digits, two letters.")


def check_uprn(text: str) -> IdentifierChecked:
    """Check a property's number, canonical without zeros before it."""
    if not _UPRN.fullmatch(text):
        return fails(_UPRN_RULE, "It is not written as a UPRN: up to twelve digits.")
    if not text.strip("0"):
        return fails(_UPRN_RULE, "It is all zeros, which is not the number of a property.")
    return holds(text.lstrip("0"), _UPRN_RULE)


def check_postcode(text: str) -> IdentifierChecked:
    """Check a postcode of the United Kingdom, canonical in capitals with one space."""
    match = _POSTCODE.fullmatch(" ".join(text.split()))
    if match is None:
        return fails(_POSTCODE_RULE, "It is not written as a postcode, such as the form AB1 2CD.")
    return holds(f"{match['outward']} {match['inward']}", _POSTCODE_RULE)

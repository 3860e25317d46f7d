"""Normal forms of telephones, e-mail, postcodes, addresses, numbers and sexes. Compares nothing."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import phonenumbers

from engine.identity.identifiers import IdentifierType, check_identifier
from engine.identity.words import folded, without_fraction, wordlist, words_of

HOME_REGION = "GB"
NUMBERS_END = "|"
"""In an address, the text before it is its numbers and after it its words."""
_SIGNS = re.compile(r"[^a-z0-9]")
_UK_POSTCODE = re.compile(r"^[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}$")
# The rule of an NHS number does not depend on the century.
_ANY_DAY = date(2000, 1, 1)


def phone(text: str) -> str:
    """Return a telephone number with its country; only digits where no country's rule fits.

    Examples
    --------
    >>> phone("020 7946 0018"), phone("+44 (0)20 7946 0018"), phone("0044 20 7946 0018")
    ('+442079460018', '+442079460018', '+442079460018')
    """
    given = folded(without_fraction(text))
    digits = re.sub(r"\D", "", given)
    if len(digits) < 5:
        return ""
    if digits.startswith("00"):
        given = f"+{digits[2:]}"
    elif len(digits) == 10 and digits[0] in "1237":  # a spreadsheet took the leading zero for nothing
        given = f"0{digits}"
    try:
        number = phonenumbers.parse(given, HOME_REGION)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(number) and not digits.startswith("0"):
        return digits  # after a zero it is one of ours with a digit too many or too few
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str:
    """Return an address in lower case, without a ``+tag`` before its @."""
    local, at, domain = folded(text).replace(" ", "").rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" if at and local else domain


def postcode(text: str) -> str:
    """Return only letters and digits, as ``sw1a1aa`` or ``2612``."""
    return _SIGNS.sub("", folded(without_fraction(text)))


def postcode_area(normal: str) -> str:
    """Return the part of a postcode that is a neighbourhood: without the last two signs,
    or the first half.
    """
    return normal[:-2] if _UK_POSTCODE.match(normal) else normal[: max(2, len(normal) // 2)]


def address(text: str) -> str:
    """Return numbers first, then the words written out; either may be empty.

    Examples
    --------
    >>> address("Flat 2, 12a Rowley St.")
    '2 12a|flat rowley street'
    """
    longer = wordlist().address_words
    words = words_of(without_fraction(text))
    numbers = [term for term in words if term[0].isdigit()]
    rest = [longer.get(term, term) if place else term for place, term in enumerate(
        term for term in words if not term[0].isdigit()
    )]  # fmt: skip
    return f"{' '.join(numbers)}{NUMBERS_END}{' '.join(rest)}" if words else ""


def number(text: str) -> str:
    """Return a register's number: only letters and digits."""
    return _SIGNS.sub("", folded(without_fraction(text)))


def nhs_number_holds(normal: str) -> bool:
    """Return whether an NHS number passes its check."""
    return check_identifier(IdentifierType.NHS, normal, today=_ANY_DAY).valid


def plain(text: str) -> str:
    """Return only words, for a column of no known kind."""
    return " ".join(words_of(without_fraction(text)))


def sex(text: str) -> str:
    """Return one of our terms for a sex in any usual code; empty where the code is not known."""
    return _sexes().get(plain(text), "")


@cache
def _sexes() -> dict[str, str]:
    return {term: kind for kind, words in wordlist().sexes.items() for term in words}

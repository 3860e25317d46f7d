"""Numbers that have the right form and check, from ranges that are visibly invented or reserved.

A number is made from a running number of the city, so that no two people share one by accident.
"""

from __future__ import annotations

from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.synthetic.wording import places

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_NHS_WEIGHTS = range(10, 1, -1)
_MILLION = 1_000_000


def police_number(year: int, running: int) -> Identifier:
    """Return a PNC number of that year: its serial begins with 9, where no force has counted to."""
    serial = 9_000_000 + running % _MILLION
    letter = _check_letter(int(f"{year % 100:02}{serial:07}"))
    return Identifier(scheme=IdentifierScheme.PNC, value=f"{year}/{serial:07}{letter}")


def court_number(earliest_year: int, running: int) -> Identifier:
    """Return a CRO number of the earliest or one of the nine following years:
    the choice makes numbers differ.
    """
    year = earliest_year + (running - earliest_year) % 10
    serial = 900_000 + running // 10 % 100_000
    letter = _check_letter(int(f"{year % 100:02}{serial:06}"))
    return Identifier(scheme=IdentifierScheme.CRO, value=f"{serial:06}/{year % 100:02}{letter}")


def probation_number(running: int) -> Identifier:
    """Return a CRN: a letter and six digits, here always Z."""
    return Identifier(scheme=IdentifierScheme.CRN, value=f"Z{running % _MILLION:06}")


def prison_number(running: int) -> Identifier:
    """Return a prison number: a letter, four digits and two letters, here always Z first."""
    block, digits = divmod(running, 10_000)
    first, second = divmod(block % 676, 26)
    return Identifier(
        scheme=IdentifierScheme.PRISON, value=f"Z{digits:04}{chr(65 + first)}{chr(65 + second)}"
    )


def health_number(running: int) -> Identifier | None:
    """Return an NHS number of the 999 range, which is for tests; none where the check digit would be ten."""
    body = f"999{running % _MILLION:06}"
    check = 11 - sum(weight * int(digit) for weight, digit in zip(_NHS_WEIGHTS, body, strict=True)) % 11
    if check == 10:
        return None
    return Identifier(scheme=IdentifierScheme.NHS, value=f"{body}{0 if check == 11 else check}")


def perpetrators_phone(running: int) -> str:
    """Return a reserved number; each is given once until all are used up."""
    return _phone(places().phones.perpetrators, running)


def victims_phone(running: int) -> str:
    """Return a reserved London number."""
    return _phone(places().phones.victims, running)


def plate(running: int) -> str:
    """Return a registration of an area that is never issued."""
    letters = places().plates.letters
    block, digits = divmod(running, 100)
    tail = ""
    for _ in range(3):
        block, letter = divmod(block, len(letters))
        tail += letters[letter]
    return f"{places().plates.area}{digits:02} {tail}"


def crime_reference(running: int, incident: int, year: int) -> str:
    """Return a crime reference of no force."""
    return f"ZZ{running:07}-{incident:03}/{year % 100:02}"


def _phone(prefixes: tuple[str, ...], running: int) -> str:
    block, last = divmod(running, 1_000)
    return f"{prefixes[block % len(prefixes)]}{last:03}"


def _check_letter(number: int) -> str:
    return CHECK_LETTERS[number % len(CHECK_LETTERS)]

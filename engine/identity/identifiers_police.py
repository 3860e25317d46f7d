"""PNC ID, CRO number and arrest/summons number: their forms, check letters and the century. Asks no clock.

The three share one check letter: a number modulo 23, counted into an alphabet without I, O and S. The public
sources, and where they disagree, are listed in docs/agencies/identifiers.md.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from engine.identity.identifiers_checked import IdentifierChecked, fails, holds

CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
WRONG_LETTER = "The check letter does not fit: it is wrong, or something before it is."
FIVE_DIGITS = (
    "The check letter does not fit either public rule. It would fit the serial filled up to five digits, "
    "but that rule is not published."
)
NO_CHECK_LETTER = "It ends in I, O or S, which are not check letters."

_PNC = re.compile(r"(?P<year>[0-9]{4}|[0-9]{2})/(?P<serial>[0-9]{1,7})(?P<letter>[A-Z])")
_PNC_WITHOUT_SLASH = re.compile(r"(?P<digits>[0-9]{3,11})(?P<letter>[A-Z])")
_PNC_TWO_WAYS = re.compile(r"[0-9]{10}[A-Z]")
_CRO = re.compile(r"(?P<serial>[0-9]{1,6})/(?P<year>[0-9]{2})(?P<letter>[A-Z])")
_CRO_FILE = re.compile(r"SF(?P<year>[0-9]{2})/(?P<serial>[0-9]{1,6})(?P<letter>[A-Z])")
_ASN = re.compile(
    r"(?P<year>[0-9]{2})/?(?P<force>[A-Z0-9]{2})(?P<unit>[A-Z0-9]{2})/?(?P<system>[A-Z0-9]{2})/?"
    r"(?P<serial>[0-9]{1,11})(?P<letter>[A-Z])"
)

_PNC_RULE = "PNC ID: check letter over the year's last two digits and the serial in seven digits"
_CRO_RULE = "CRO number: check letter over the year and the serial in six digits"
_CRO_FILE_RULE = "CRO number, file form: check letter over the year and the serial"
_ASN_RULE = "ASN: check letter over force, system, year and the serial in eleven digits"
_WHOLE_PNC_DIGITS = 11


def check_letter(number: int) -> str:
    """Return the letter that belongs to this number."""
    return CHECK_LETTERS[number % len(CHECK_LETTERS)]


class PncWritten(NamedTuple):
    """A PNC ID's parts: the year in two or four digits as it was given, the serial in seven."""

    year: str
    serial: str
    letter: str

    @property
    def fits(self) -> bool:
        """True if the check letter is the one that belongs to the number."""
        return self.letter == check_letter(int(self.year[-2:] + self.serial))

    def with_year(self, year: str) -> str:
        """Return it written out with this year."""
        return f"{year}/{self.serial}{self.letter}"


def read_pnc(text: str) -> PncWritten | None:
    """Return the parts of a PNC ID; None when it is not written as one.

    With a slash, the slash says where the year ends. Without one, eleven digits are a year of four and a
    serial of seven, and up to nine are a year of two; ten could be read two ways and are not read at all.
    """
    if match := _PNC.fullmatch(text):
        return PncWritten(match["year"], match["serial"].zfill(7), match["letter"])
    if match := _PNC_WITHOUT_SLASH.fullmatch(text):
        digits, letter = match["digits"], match["letter"]
        if len(digits) == _WHOLE_PNC_DIGITS:
            return PncWritten(digits[:4], digits[4:], letter)
        if len(digits) < _WHOLE_PNC_DIGITS - 1:
            return PncWritten(digits[:2], digits[2:].zfill(7), letter)
    return None


def check_pnc(text: str, today: date) -> IdentifierChecked:
    """Check ``YYYY/NNNNNNNL``, the year perhaps in two digits, the serial perhaps without its zeros."""
    written = read_pnc(text)
    if written is None and _PNC_TWO_WAYS.fullmatch(text):
        return fails(
            _PNC_RULE,
            "Without a slash its ten digits could be a year of two digits or of four: write the slash.",
        )
    if written is None:
        return fails(
            _PNC_RULE,
            "It is not written as a PNC ID: two or four digits of a year, a slash, up to seven digits, "
            "one letter.",
        )
    if not written.fits:
        return fails(_PNC_RULE, _what_is_wrong(written.letter))
    if len(written.year) == 4:
        return holds(written.with_year(written.year), _PNC_RULE)
    century = today.year - today.year % 100
    year = century + int(written.year)
    if year > today.year:
        year -= 100
    rule = f"{_PNC_RULE}; the two-digit year was read as {year}, as of {today.year}"
    return holds(written.with_year(str(year)), rule)


class CroWritten(NamedTuple):
    """A CRO number's parts; ``is_file`` for the form with SF, whose serial is not filled up with zeros."""

    year: str
    serial: str
    letter: str
    is_file: bool

    def compared(self) -> str:
        """Return its form for comparing: zeros before a serial make no other number of it."""
        if self.is_file:
            return f"SF{self.year}/{int(self.serial)}{self.letter}"
        return f"{self.serial.zfill(6)}/{self.year}{self.letter}"


def read_cro(text: str) -> CroWritten | None:
    """Return the parts of a CRO number; None when it is not written as one."""
    if match := _CRO.fullmatch(text):
        return CroWritten(match["year"], match["serial"], match["letter"], is_file=False)
    if match := _CRO_FILE.fullmatch(text):
        return CroWritten(match["year"], match["serial"], match["letter"], is_file=True)
    return None


def check_cro(text: str) -> IdentifierChecked:
    """Check ``NNNNNN/YYL``, or the file form ``SFYY/N...L``, for which two public rules exist:
    either will do.
    """
    written = read_cro(text)
    if written is None:
        return fails(
            _CRO_RULE,
            "It is not written as a CRO number: up to six digits, a slash, two digits of a year, one letter; "
            "or SF, two digits of a year, a slash, up to six digits, one letter.",
        )
    padded = _letter_fits(written, 6)
    if not written.is_file:
        if padded:
            return holds(written.compared(), _CRO_RULE)
        return fails(_CRO_RULE, _what_is_wrong(written.letter))
    plain = _letter_fits(written, 0)
    canonical = f"SF{written.year}/{written.serial}{written.letter}"
    if plain and padded:
        return holds(canonical, f"{_CRO_FILE_RULE}, with and without zeros before it")
    if plain:
        return holds(canonical, f"{_CRO_FILE_RULE} as it is written; filled up to six digits it would fail")
    if padded:
        return holds(canonical, f"{_CRO_FILE_RULE} filled up to six digits; as it is written it would fail")
    return fails(
        f"{_CRO_FILE_RULE}, as it is written or filled up to six digits",
        FIVE_DIGITS if _letter_fits(written, 5) else _what_is_wrong(written.letter),
    )


def _letter_fits(written: CroWritten, digits: int) -> bool:
    """Return whether the check letter fits with the serial filled up to so many digits."""
    return written.letter == check_letter(int(written.year + written.serial.zfill(digits)))


def check_asn(text: str) -> IdentifierChecked:
    """Check ``YYFFUUSSNNNNNNNNNNNL``; the canonical form has slashes and no zeros before the serial."""
    match = _ASN.fullmatch(text)
    if match is None:
        return fails(
            _ASN_RULE,
            "It is not written as an arrest/summons number: year, force, unit and system in two signs each, "
            "up to eleven digits, one letter.",
        )
    # A force or system that is not all digits counts for nothing in the sum.
    counted = "".join(part for part in (match["force"], match["system"]) if part.isdigit())
    number = int(counted + match["year"] + match["serial"].zfill(11))
    if match["letter"] != check_letter(number):
        return fails(_ASN_RULE, _what_is_wrong(match["letter"]))
    place = f"{match['year']}/{match['force']}{match['unit']}/{match['system']}"
    return holds(f"{place}/{int(match['serial'])}{match['letter']}", _ASN_RULE)


def _what_is_wrong(letter: str) -> str:
    return WRONG_LETTER if letter in CHECK_LETTERS else NO_CHECK_LETTER

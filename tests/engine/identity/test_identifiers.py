"""Each register's rule: what it accepts, the one form of it, and what it refuses by one sign more or less."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.identity.identifiers import (
    IdentifierChecked,
    IdentifierType,
    check_identifier,
    compared_forms,
    failed_checks,
    identifier_type,
    written_form,
)
from engine.identity.identifiers_police import CHECK_LETTERS, check_letter

TODAY = date(2026, 11, 25)
PNC, CRO, ASN, NHS = IdentifierType.PNC, IdentifierType.CRO, IdentifierType.ASN, IdentifierType.NHS


def checked(kind: IdentifierType, value: str, today: date = TODAY) -> IdentifierChecked:
    return check_identifier(kind, value, today=today)


# Published examples: the Ministry of Justice's person record and data compliance services, the court
# message service, and the NHS number's own rule. docs/agencies/identifiers.md says which is from where.
@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        (PNC, "81/34U", "1981/0000034U"),
        (PNC, "02/73319Z", "2002/0073319Z"),
        (PNC, "00/223R", "2000/0000223R"),
        (PNC, "79/163001B", "1979/0163001B"),
        (PNC, "0273319Z", "2002/0073319Z"),
        (PNC, "033Y", "2003/0000003Y"),
        (PNC, "20020073319Z", "2002/0073319Z"),
        (PNC, "1979/0163001B", "1979/0163001B"),
        (PNC, "2020/00009N", "2020/0000009N"),
        (PNC, "99/123456X", "1999/0123456X"),
        (PNC, "2007/1607611J", "2007/1607611J"),
        (CRO, "265416/21G", "265416/21G"),
        (CRO, "65656/91H", "065656/91H"),
        (CRO, "1/11X", "000001/11X"),
        (CRO, "826/65W", "000826/65W"),
        (CRO, "SF05/482703J", "SF05/482703J"),
        (CRO, "SF83/50058Z", "SF83/50058Z"),
        (CRO, "SF88/1234P", "SF88/1234P"),
        (CRO, "SF11/1X", "SF11/1X"),
        (ASN, "11/01ZD/01/448754K", "11/01ZD/01/448754K"),
        (ASN, "1101ZD01448754K", "11/01ZD/01/448754K"),
        (ASN, "1101ZD0100000448754K", "11/01ZD/01/448754K"),
        (ASN, "11/01ZD/01/00000448754K", "11/01ZD/01/448754K"),
        (NHS, "9434765919", "9434765919"),
        (NHS, "943 476 5919", "9434765919"),
        (NHS, "943-476-5870", "9434765870"),
        (IdentifierType.PRISON, "a1234bc", "A1234BC"),
        (IdentifierType.CRN, "x123456", "X123456"),
        (IdentifierType.UPRN, "100023336956", "100023336956"),
        (IdentifierType.UPRN, "000010033544", "10033544"),
        (IdentifierType.POSTCODE, "sw1a1aa", "SW1A 1AA"),
        (IdentifierType.POSTCODE, "M1  1AE", "M1 1AE"),
        (IdentifierType.POSTCODE, "EC1A 1BB", "EC1A 1BB"),
        (IdentifierType.POSTCODE, "W1A 0AX", "W1A 0AX"),
        (IdentifierType.POSTCODE, "CR2 6XH", "CR2 6XH"),
        (IdentifierType.POSTCODE, "DN55 1PT", "DN55 1PT"),
        (IdentifierType.POSTCODE, "GIR 0AA", "GIR 0AA"),
    ],
)
def test_a_published_example_holds_and_has_one_form(kind: IdentifierType, value: str, canonical: str) -> None:
    answer = checked(kind, f" {value} ")

    assert (answer.valid, answer.canonical, answer.reason) == (True, canonical, None)
    assert checked(kind, canonical).canonical == canonical


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (PNC, "81/34V", "check letter does not fit"),
        (PNC, "82/34U", "check letter does not fit"),
        (PNC, "20030011985Z", "check letter does not fit"),
        (PNC, "20120052494O", "which are not check letters"),
        (PNC, "2001/0171310S", "which are not check letters"),
        (PNC, "01", "not written as a PNC ID"),
        (PNC, "012", "not written as a PNC ID"),
        (PNC, "199/123456X", "not written as a PNC ID"),
        (PNC, "1999/01234567B", "not written as a PNC ID"),
        (PNC, "1923/1234567AA", "not written as a PNC ID"),
        (PNC, "1923[1234567A", "not written as a PNC ID"),
        (PNC, "1999123456X", "could be a year of two digits or of four"),
        (PNC, "\u0661\u0669\u0669\u0669/0123456X", "not written as a PNC ID"),
        (CRO, "85227/65G", "check letter does not fit"),
        (CRO, "123456/99Z", "check letter does not fit"),
        (CRO, "SF99/123456Z", "check letter does not fit"),
        (CRO, "SF93/2294N", "filled up to five digits, but that rule is not published"),
        (CRO, "45183/712", "not written as a CRO number"),
        (CRO, "1234567/99L", "not written as a CRO number"),
        (CRO, "26541621G", "not written as a CRO number"),
        (ASN, "11/01ZD/01/448755K", "check letter does not fit"),
        (ASN, "11/02ZD/01/448754K", "check letter does not fit"),
        (ASN, "1101ZD01K", "not written as an arrest/summons number"),
        (ASN, "1101ZD01000000448754K", "not written as an arrest/summons number"),
        (NHS, "9434765918", "check digit does not fit"),
        (NHS, "4505577105", "check digit does not fit"),
        (NHS, "943476591", "ten digits"),
        (NHS, "0000000000", "such a number only fills a blank"),
        (NHS, "9999999999", "such a number only fills a blank"),
        (IdentifierType.PRISON, "A123BC", "one letter, four digits, two letters"),
        (IdentifierType.PRISON, "A12345C", "one letter, four digits, two letters"),
        (IdentifierType.CRN, "X12345", "one letter and six digits"),
        (IdentifierType.CRN, "1X12345", "one letter and six digits"),
        (IdentifierType.UPRN, "1000233369561", "up to twelve digits"),
        (IdentifierType.UPRN, "10002333695x", "up to twelve digits"),
        (IdentifierType.UPRN, "000", "all zeros"),
        (IdentifierType.POSTCODE, "SW1A 1A", "not written as a postcode"),
        (IdentifierType.POSTCODE, "QW1A 1AA", "not written as a postcode"),
        (IdentifierType.POSTCODE, "SW1A 1AC", "not written as a postcode"),
        (IdentifierType.POSTCODE, "ZZ99 3VZ", "not written as a postcode"),
        (IdentifierType.POSTCODE, "SW1A-1AA", "not written as a postcode"),
        (PNC, "", "No value is given."),
        (CRO, "  ", "No value is given."),
        (NHS, "9" * 61, "longer than any identifier"),
    ],
)
def test_a_near_miss_is_refused_with_one_reason(kind: IdentifierType, value: str, reason: str) -> None:
    answer = checked(kind, value)

    assert (answer.valid, answer.canonical) == (False, None)
    assert answer.reason is not None
    assert reason in answer.reason
    assert answer.reason.endswith(".")


@pytest.mark.parametrize(
    ("today", "canonical"),
    [
        (date(2026, 1, 1), "2026/0000003A"),
        (date(2025, 12, 31), "1926/0000003A"),
        (date(1999, 6, 1), "1926/0000003A"),
        (date(2126, 1, 1), "2126/0000003A"),
    ],
)
def test_a_two_digit_year_is_of_this_century_until_it_would_lie_ahead(today: date, canonical: str) -> None:
    letter = check_letter(int("260000003"))

    answer = checked(PNC, f"26/3{letter}", today)

    assert answer.canonical == canonical[:-1] + letter
    assert f"read as {canonical[:4]}" in answer.rule


def test_a_four_digit_year_is_never_read_again() -> None:
    answer = checked(PNC, "1979/0163001B", date(2126, 1, 1))

    assert answer.canonical == "1979/0163001B"
    assert "read as" not in answer.rule


def test_the_two_public_rules_for_the_file_form_are_told_apart() -> None:
    assert "filled up to six digits it would fail" in checked(CRO, "SF83/50058Z").rule
    assert "as it is written it would fail" in checked(CRO, "SF88/1234P").rule
    assert "with and without zeros" in checked(CRO, "SF05/482703J").rule


def test_a_force_of_letters_counts_for_nothing_in_an_asn() -> None:
    letter = check_letter(int("01" + "11" + "00000000042"))

    assert checked(ASN, f"11AAZD0142{letter}").canonical == f"11/AAZD/01/42{letter}"


def test_a_form_without_a_public_check_says_so() -> None:
    for kind, value in ((IdentifierType.CRN, "X123456"), (IdentifierType.PRISON, "A1234BC")):
        assert "no check is public" in checked(kind, value).rule


@given(year=st.integers(0, 99), serial=st.integers(0, 9_999_999), other=st.sampled_from(CHECK_LETTERS))
def test_of_all_letters_one_alone_fits_a_pnc_id(year: int, serial: int, other: str) -> None:
    right = check_letter(int(f"{year:02}{serial:07}"))

    assert checked(PNC, f"{year:02}/{serial}{other}").valid is (other == right)


@given(
    year=st.integers(1950, 2026),
    serial=st.integers(1, 9_999_999),
    place=st.integers(0, 8),
    step=st.integers(1, 9),
)
def test_one_wrong_digit_never_passes_a_pnc_id(year: int, serial: int, place: int, step: int) -> None:
    digits = f"{year % 100:02}{serial:07}"
    changed = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    letter = check_letter(int(digits))

    assert checked(PNC, f"{digits[:2]}/{digits[2:]}{letter}").valid
    assert not checked(PNC, f"{changed[:2]}/{changed[2:]}{letter}").valid


@given(kind=st.sampled_from(IdentifierType), value=st.text(max_size=80))
def test_whatever_is_given_is_answered_and_a_canonical_form_is_its_own(
    kind: IdentifierType, value: str
) -> None:
    answer = checked(kind, value)

    if answer.canonical is not None:
        assert checked(kind, answer.canonical).canonical == answer.canonical


@given(
    kind=st.sampled_from(IdentifierType), value=st.from_regex(r"[A-Z]{0,2}[0-9]{1,7}/?[0-9]{0,4}[A-Z]{0,2}")
)
def test_a_reason_never_repeats_the_value(kind: IdentifierType, value: str) -> None:
    answer = checked(kind, value)

    if len(value.strip()) > 5 and answer.reason:
        assert value.strip() not in answer.reason + answer.rule


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("pnc", "PNC", "PNC ID", "pnc_number"), PNC),
        (("cro", "CRO number"), CRO),
        (("asn", "arrest_summons_number", "Arrest/Summons Number"), ASN),
        (("nhs", "NHS", "nhs_number", "NHS-Number"), NHS),
        (("crn", "CRN"), IdentifierType.CRN),
        (("prison_number", "PRISON_NUMBER", "prison", "noms", "prison number"), IdentifierType.PRISON),
        (("uprn", "UPRN"), IdentifierType.UPRN),
        (("postcode", "Postcode", "post code"), IdentifierType.POSTCODE),
    ],
)
def test_a_type_is_known_in_the_spellings_that_people_use(
    words: tuple[str, ...], kind: IdentifierType
) -> None:
    assert {identifier_type(term) for term in words} == {kind}


@pytest.mark.parametrize("term", ["", "passport", "pn", "nhss"])
def test_another_word_is_no_type(term: str) -> None:
    assert identifier_type(term) is None


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        (IdentifierScheme.PNC, "12/1h", "2012/0000001H"),
        (IdentifierScheme.PNC, "20120000001H", "2012/1H"),
        (IdentifierScheme.CRO, "65656/91H", "065656/91h"),
        (IdentifierScheme.CRO, "SF88/1234P", "SF88/001234P"),
        (IdentifierScheme.NHS, "943 476 5919", "9434765919"),
        (IdentifierScheme.CRN, " x000001", "X000001"),
        (IdentifierScheme.PNC, "2012/1A", "12/0000001A"),
    ],
)
def test_one_number_written_in_two_ways_is_the_same(scheme: IdentifierScheme, one: str, other: str) -> None:
    assert written_form(scheme, one) in compared_forms(scheme, other)
    assert written_form(scheme, other) in compared_forms(scheme, one)


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        (IdentifierScheme.PNC, "1912/1H", "2012/1H"),
        (IdentifierScheme.PNC, "12/1H", "12/1A"),
        (IdentifierScheme.PNC, "12/1H", "13/1H"),
        (IdentifierScheme.CRO, "1234/88P", "SF88/1234P"),
        (IdentifierScheme.CRN, "X000001", "X000010"),
    ],
)
def test_two_numbers_are_not_the_same(scheme: IdentifierScheme, one: str, other: str) -> None:
    assert written_form(scheme, one) not in compared_forms(scheme, other)
    assert written_form(scheme, other) not in compared_forms(scheme, one)


def test_what_has_no_form_at_all_is_still_compared() -> None:
    assert written_form(IdentifierScheme.PNC, "--") == "--"
    assert compared_forms(IdentifierScheme.PNC, "--") == {"--"}


def test_numbers_that_fail_are_given_back_as_they_were_given() -> None:
    good = Identifier(scheme=IdentifierScheme.PNC, value="12/1H")
    bad = Identifier(scheme=IdentifierScheme.NHS, value="943 476 5918")

    assert failed_checks((good, bad)) == (bad,)

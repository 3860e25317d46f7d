"""A person is found by a number for certain, by name and date of birth unconfirmed, and never by a guess."""

from __future__ import annotations

import pytest

from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.requests import PersonAsked
from engine.hooks.matchable import NotMatchable, name_fault, name_key
from engine.hooks.people import (
    FoundNobody,
    FoundOne,
    FoundUnclear,
    PersonIndex,
    PersonOnRecord,
    doubts_about_held,
    row_fault,
    row_of,
)

BORN = "1984-03-09"


def pnc(value: str) -> Identifier:
    return Identifier(scheme=IdentifierScheme.PNC, value=value)


def cro(value: str) -> Identifier:
    return Identifier(scheme=IdentifierScheme.CRO, value=value)


def on_record(
    key: str = "1", *names: str, born: str | None = BORN, numbers: tuple[Identifier, ...] = ()
) -> PersonOnRecord:
    return PersonOnRecord(
        key=key,
        names=names or ("Perpetua Toyson",),
        date_of_birth=PartialDate(born) if born else None,
        identifiers=numbers,
    )


def asked(
    forename: str | None = "Perpetua",
    surname: str | None = "Toyson",
    born: str | None = BORN,
    numbers: tuple[Identifier, ...] = (),
) -> PersonAsked:
    return PersonAsked(
        forename=forename,
        surname=surname,
        date_of_birth=PartialDate(born) if born else None,
        identifiers=numbers,
    )


def find(who: PersonAsked | None, *persons: PersonOnRecord) -> FoundOne | FoundUnclear | FoundNobody:
    return PersonIndex(persons).find(who)


def test_a_number_finds_for_certain_however_it_is_written() -> None:
    found = find(asked(born=None, numbers=(pnc(" 12/1h "),)), on_record(numbers=(pnc("2012/0000001H"),)))

    assert isinstance(found, FoundOne)
    assert (found.basis.says, found.basis.confirmed) == ("by PNC ID", True)


def test_two_numbers_of_one_person_are_both_named() -> None:
    numbers = (pnc("2012/1H"), cro("1/12D"))

    found = find(asked(numbers=numbers), on_record(numbers=numbers))

    assert isinstance(found, FoundOne)
    assert found.basis.says == "by PNC ID and CRO number"


def test_a_number_with_another_date_of_birth_is_unconfirmed_and_says_so() -> None:
    found = find(asked(born="1991-01-01", numbers=(pnc("12/1H"),)), on_record(numbers=(pnc("12/1H"),)))

    assert isinstance(found, FoundOne)
    assert not found.basis.confirmed
    assert found.gaps == ("The date of birth recorded here differed from what was asked about.",)


def test_a_number_with_another_number_against_it_is_unconfirmed() -> None:
    found = find(asked(numbers=(pnc("12/1H"), cro("2/12E"))), on_record(numbers=(pnc("12/1H"), cro("9/12M"))))

    assert isinstance(found, FoundOne)
    assert not found.basis.confirmed
    assert "CRO number recorded here differed" in found.basis.says


def test_a_number_under_a_new_name_and_the_same_date_of_birth_is_certain() -> None:
    found = find(asked(surname="Married", numbers=(pnc("12/1H"),)), on_record(numbers=(pnc("12/1H"),)))

    assert isinstance(found, FoundOne)
    assert found.basis.confirmed


def test_a_number_under_another_name_without_a_date_of_birth_is_unconfirmed() -> None:
    found = find(
        asked("Somebody", "Else", born=None, numbers=(pnc("12/1H"),)), on_record(numbers=(pnc("12/1H"),))
    )

    assert isinstance(found, FoundOne)
    assert not found.basis.confirmed


def test_numbers_of_two_persons_find_neither() -> None:
    found = find(
        asked(numbers=(pnc("12/1H"), cro("2/12E"))),
        on_record("1", numbers=(pnc("12/1H"),)),
        on_record("2", numbers=(cro("2/12E"),)),
    )

    assert isinstance(found, FoundUnclear)
    assert found.gap.startswith("Two records hold the numbers asked about; none was used")


def test_one_number_held_by_two_persons_finds_neither() -> None:
    found = find(asked(numbers=(pnc("12/1H"),)), *(on_record(key, numbers=(pnc("12/1H"),)) for key in "12"))

    assert isinstance(found, FoundUnclear)


def test_name_and_date_of_birth_find_unconfirmed_in_any_order_case_and_accent() -> None:
    found = find(asked("TOYSON", "Pérpetua"), on_record())

    assert isinstance(found, FoundOne)
    assert (found.basis.says, found.basis.confirmed) == ("by name and date of birth, unconfirmed", False)


def test_another_spelling_on_record_finds_too() -> None:
    assert isinstance(find(asked("Petra"), on_record("1", "Perpetua Toyson", "Petra Toyson")), FoundOne)


def test_two_persons_of_one_name_and_date_of_birth_find_neither() -> None:
    found = find(asked(), on_record("1"), on_record("2"))

    assert isinstance(found, FoundUnclear)
    answer = found.answer()
    assert answer.findings == ()
    assert not answer.matched_on.confirmed
    assert "Two records answer to the name and date of birth asked about" in answer.gaps[0]


def test_a_name_alone_finds_nobody_and_is_no_nil_return() -> None:
    for who, there in (
        (asked(born=None), on_record()),
        (asked(), on_record(born=None)),
        (asked(born="1984"), on_record()),
    ):
        found = find(who, there)
        assert isinstance(found, FoundUnclear)
        assert "One record answers to the name asked about, with no date of birth to compare" in found.gap


def test_a_namesake_born_on_another_day_is_somebody_else() -> None:
    found = find(asked(), on_record(born="1991-01-01"), on_record("2", born="1991"))

    assert isinstance(found, FoundNobody)
    assert found.looked_by == ("by name and date of birth",)


def test_a_namesake_with_another_number_is_not_used_and_is_told() -> None:
    found = find(asked(numbers=(pnc("12/1H"),)), on_record(numbers=(pnc("12/2J"),)))

    assert isinstance(found, FoundUnclear)
    assert "with another number" in found.gap


def test_too_little_to_look_with_is_no_nil_return() -> None:
    for who in (None, PersonAsked(), asked(forename=None), asked(surname=None)):
        found = find(who, on_record())
        assert isinstance(found, FoundUnclear)
        assert "so no search was made" in found.gap


def test_a_nil_return_says_where_and_by_what_was_looked() -> None:
    found = find(asked(numbers=(pnc("12/1H"),)))

    assert isinstance(found, FoundNobody)
    answer = found.answer(who="the toys", looked_in=("toy files", "toy orders"))
    assert answer.says == (
        "The toys searched toy files and toy orders by PNC ID and by name and date of birth and found no "
        "record of the person."
    )


def test_a_name_s_key_ignores_what_people_write_differently() -> None:
    assert name_key("O'Toy-Son, Zoë") == name_key("zoe otoy son") == "otoy son zoe"


def test_a_number_that_fails_its_check_finds_unconfirmed_and_is_told() -> None:
    found = find(asked(numbers=(pnc("12/1A"),)), on_record(numbers=(pnc("2012/0000001A"),)))

    assert isinstance(found, FoundOne)
    assert (found.basis.says, found.basis.confirmed) == (
        "by PNC ID, which failed its check, unconfirmed",
        False,
    )
    assert found.gaps == ("The PNC ID asked about failed its check and was compared as it was written.",)


def test_one_number_that_holds_beside_one_that_fails_is_certain_and_the_failing_one_is_told() -> None:
    numbers = (pnc("12/1H"), cro("1/12A"))

    found = find(asked(numbers=numbers), on_record(numbers=numbers))

    assert isinstance(found, FoundOne)
    assert (found.basis.says, found.basis.confirmed) == ("by PNC ID and CRO number", True)
    assert found.gaps == ("The CRO number asked about failed its check and was compared as it was written.",)


def test_a_nil_return_says_that_a_number_asked_about_failed_its_check() -> None:
    found = find(asked(numbers=(pnc("12/1A"), cro("1/12A"))))

    assert isinstance(found, FoundNobody)
    assert found.answer(who="the toys", looked_in=("toy files",)).says.endswith(
        "found no record of the person. The PNC ID and CRO number asked about failed their checks and were "
        "compared as they were written."
    )


def test_where_nobody_is_used_a_failing_number_is_told_too() -> None:
    found = find(asked(born=None, numbers=(pnc("12/1A"),)), on_record())

    assert isinstance(found, FoundUnclear)
    assert found.answer().gaps[1:] == (
        "The PNC ID asked about failed its check and was compared as it was written.",
    )


def test_the_same_number_of_another_century_is_another_number() -> None:
    found = find(asked(numbers=(pnc("1912/1H"),)), on_record(numbers=(pnc("2012/1H"),)))

    assert isinstance(found, FoundUnclear)
    assert "with another number" in found.gap


def test_numbers_of_the_records_that_fail_their_checks_are_told_of() -> None:
    person = on_record(numbers=(pnc("12/1A"), cro("1/12D")))

    assert doubts_about_held(person) == (
        "The PNC ID recorded here failed its check and was compared as it was written.",
    )
    assert doubts_about_held(on_record(numbers=(pnc("12/1H"),))) == ()


def held(who: PersonAsked, *persons: PersonOnRecord) -> list[tuple[str, str, bool]]:
    found = PersonIndex(persons).people(who).found
    return [(each.record, each.matched_on.says, each.matched_on.confirmed) for each in found]


def test_for_the_agency_s_own_staff_every_record_that_could_be_meant_is_named() -> None:
    assert held(
        asked(numbers=(pnc("12/1H"),)),
        on_record("1", numbers=(pnc("2012/1H"),)),
        on_record("2"),
        on_record("3", born=None),
        on_record("4", numbers=(pnc("12/2J"),)),
        on_record("5", born="1991-01-01"),
        on_record("6", "Somebody Else"),
    ) == [
        ("1", "by PNC ID", True),
        ("2", "by name and date of birth, unconfirmed", False),
        ("3", "by name only, unconfirmed", False),
        ("4", "by name and date of birth, but the PNC ID recorded here differed, unconfirmed", False),
    ]


def test_of_two_records_with_one_number_neither_is_certain() -> None:
    both = tuple(on_record(key, numbers=(pnc("12/1H"),)) for key in "12")

    assert held(asked(numbers=(pnc("12/1H"),)), *both) == [
        ("1", "by PNC ID, as another record was, unconfirmed", False),
        ("2", "by PNC ID, as another record was, unconfirmed", False),
    ]


def test_nobody_who_could_be_meant_is_an_empty_answer() -> None:
    assert held(asked(), on_record("1", "Somebody Else")) == []
    assert held(PersonAsked(), on_record("1")) == []


@pytest.mark.parametrize(
    ("row", "question", "is_confirmed", "fault"),
    [
        (on_record(numbers=(pnc("12/1H"),)), asked(numbers=(pnc("2012/0000001H"),)), True, None),
        (on_record(numbers=(pnc("12/2F"),)), asked(numbers=(pnc("12/1H"),)), True, "PNC ID"),
        (on_record(numbers=(pnc("12/2F"),)), asked(numbers=(pnc("12/1H"),)), False, "PNC ID"),
        (on_record(born="1990-01-01"), asked(), True, "date of birth"),
        (on_record(born="1990-01-01"), asked(), False, "date of birth"),
        (on_record(born="1984"), asked(), True, None),  # as precise as its source
        (on_record(born=None), asked(), True, None),
        (on_record(), asked(numbers=(pnc("12/1H"),)), True, None),  # the row has no number to compare
        # One number fits and another thing differs: so only where the plugin says that it is not confirmed.
        (
            on_record(born="1990-01-01", numbers=(pnc("12/1H"),)),
            asked(numbers=(pnc("12/1H"),)),
            False,
            None,
        ),
        (
            on_record(born="1990-01-01", numbers=(pnc("12/1H"),)),
            asked(numbers=(pnc("12/1H"),)),
            True,
            "date of birth",
        ),
        (on_record(numbers=(pnc("12/2F"),)), None, True, None),
    ],
)
def test_a_row_of_another_person_than_asked_about_is_named(
    row: PersonOnRecord, question: PersonAsked | None, is_confirmed: bool, fault: str | None
) -> None:
    assert row_fault(row_of(row), question, is_confirmed=is_confirmed) == fault


@pytest.mark.parametrize("born", [BORN, "1990-01-01", None])
@pytest.mark.parametrize("numbers", [(), (pnc("12/1H"),), (pnc("12/2F"),), (pnc("12/1H"), cro("1/23A"))])
def test_who_is_found_never_has_a_row_that_does_not_fit(
    born: str | None, numbers: tuple[Identifier, ...]
) -> None:
    """The index and the check agree: an agency that searches with the one does not fail by the other."""
    person = on_record(born=born, numbers=numbers)
    for question in (asked(numbers=(pnc("12/1H"),)), asked(), asked(born=None, numbers=(cro("1/23A"),))):
        found = find(question, person)
        if isinstance(found, FoundOne):
            assert row_fault(row_of(person), question, is_confirmed=found.basis.confirmed) is None


def test_a_nil_return_counts_the_rows_that_could_not_be_compared_by_why() -> None:
    index = PersonIndex(
        (on_record("1", "n/k"), on_record("2", "Toyson"), on_record("3", "Unknown"), on_record("4")),
        table="Nominals",
    )

    found = index.find(asked("Nemo", "Neverwas"))

    assert isinstance(found, FoundNobody)
    answer = found.answer(who="harbour", looked_in=("nominals",))
    assert answer.gaps == (
        "Three of four rows in Nominals could not be compared with the person, who may be among them: two "
        "have a name that says that it is not known and one has only a part of a name.",
    )


def test_a_row_with_a_number_that_was_asked_about_was_compared() -> None:
    index = PersonIndex((on_record("1", "n/k", numbers=(pnc("12/1H"),)), on_record("2")))

    by_number = index.find(asked("Nemo", "Neverwas", numbers=(pnc("13/2J"),)))
    by_name = index.find(asked("Nemo", "Neverwas"))

    assert isinstance(by_number, FoundNobody)
    assert by_number.gaps == ()
    assert isinstance(by_name, FoundNobody)
    assert len(by_name.gaps) == 1


def test_who_is_asked_about_by_a_number_is_not_compared_with_rows_without_one() -> None:
    index = PersonIndex((on_record("1", numbers=(pnc("12/1H"),)), on_record("2")))

    found = index.find(PersonAsked(identifiers=(pnc("13/2J"),)))

    assert isinstance(found, FoundNobody)
    assert found.gaps == (
        "One of two rows could not be compared with the person, who may be among them: one has no number "
        "that was asked about.",
    )


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("Perpetua Toyson", None),
        ("TOYSON, Perpetua (Ms)", None),
        ("Jack Lord", None),
        ("Jo Na", None),
        ("Andrew Orr", None),
        ("\u738b \u4f1f", None),
        ("N.K. Toyson", NotMatchable.NOT_KNOWN),
        ("Toyson, n/k", NotMatchable.NOT_KNOWN),
        ("Perpetua not known", NotMatchable.NOT_KNOWN),
        ("don't know", NotMatchable.NOT_KNOWN),
        ("Mr Toyson", NotMatchable.PART),
        ("Mrs Toy-Son", NotMatchable.PART),
        ("Perpetua and Otto Toyson", NotMatchable.SEVERAL),
        ("Flat 2", NotMatchable.FIGURES),
        ("#REF!", NotMatchable.ERROR),
        (" ", NotMatchable.BLANK),
    ],
)
def test_a_name_finds_nobody_for_a_reason_that_is_named(written: str, fault: NotMatchable | None) -> None:
    assert name_fault(written) is fault

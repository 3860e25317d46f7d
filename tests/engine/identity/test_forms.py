"""A person record in normal form holds what is compared and nothing that would find a victim."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.dates import PartialDate
from engine.domain.people.persons import Identifier, IdentifierScheme, PersonDescribed, Thing, ThingKind
from engine.identity.forms import PersonForm, address_key, form_of, postcode_in, thing_key
from engine.identity.lookup import kept_keys, sought_keys


def described(forename: str | None = "Daniel", surname: str | None = "Roe", **more: Any) -> PersonDescribed:
    given = {"forename": forename, "surname": surname, "date_of_birth": PartialDate("1988-04-09"), **more}
    return PersonDescribed.model_validate(given)


def numbered(*numbers: tuple[str, str], **more: Any) -> PersonDescribed:
    return described(identifiers=tuple({"scheme": s, "value": v} for s, v in numbers), **more)


def meet(one: PersonForm, other: PersonForm) -> bool:
    return bool(set(kept_keys(one)) & set(sought_keys(other)))


def test_ways_of_writing_are_taken_out() -> None:
    one = form_of(described("Mr. JOSÉ", "Mac Donald"))
    other = form_of(described("José", "McDonald"))
    assert one == other
    assert (one.forename, one.surname, one.born) == ("jose", "mcdonald", "19880409")


def test_a_partial_date_stays_partial() -> None:
    assert form_of(described(date_of_birth=PartialDate("1988-04"))).born == "19880400"
    assert form_of(described(date_of_birth=PartialDate("1988"))).born == "19880000"


def test_unknown_is_not_a_name() -> None:
    form = form_of(described(None, "Unknown", date_of_birth=None))
    assert (form.surname, kept_keys(form)) == ("", ())


def test_an_nhs_number_comes_into_no_form_and_no_key() -> None:
    form = form_of(numbered(("nhs", "943 476 5919"), ("pnc", "01/123y")))
    assert [number.scheme for number in form.numbers] == [IdentifierScheme.PNC]
    assert len(kept_keys(form)) == len(kept_keys(form_of(numbered(("pnc", "01/123y")))))


def test_a_number_that_fails_its_check_is_kept_and_said_to_fail() -> None:
    right, wrong = form_of(numbered(("pnc", "01/123Y"))), form_of(numbered(("pnc", "01/123X")))
    assert [number.holds for number in (*right.numbers, *wrong.numbers)] == [True, False]


def test_two_ways_of_writing_a_number_meet() -> None:
    short, long = form_of(numbered(("pnc", "01/123y"))), form_of(numbered(("pnc", "2001/0000123Y")))
    nobody = PersonForm()
    assert meet(PersonForm(numbers=short.numbers), PersonForm(numbers=long.numbers))
    assert meet(PersonForm(numbers=long.numbers), PersonForm(numbers=short.numbers))
    assert not meet(nobody, long)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Dan", "Roe"), ("Daniel", "Row")),  # short form, and the same sound
        (("Roe", "Daniel"), ("Daniel", "Roe")),  # exchanged
        (("Anna", "Smith"), ("Anna", "Smith Jones")),  # double-barrelled, same year of birth
        (("Anna", "Smith"), ("Anna", "Zhukova")),  # another surname, same month of birth
    ],
)
def test_two_records_of_one_person_share_a_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert meet(form_of(described(*one)), form_of(described(*other)))


def test_two_unlike_people_share_none() -> None:
    other = described("Otto", "Pym", date_of_birth=PartialDate("1971-11-30"))
    assert not meet(form_of(described()), form_of(other))


def test_objects_are_kept_as_keys_of_their_normal_form() -> None:
    ways = ("07700 900123", "+44 7700 900123", "0044 7700 900 123")
    assert len({thing_key(ThingKind.PHONE, way) for way in ways}) == 1
    assert thing_key(ThingKind.ACCOUNT, "@Dan_R ") == thing_key(ThingKind.ACCOUNT, "dan_r")
    form = form_of(described(), things=[Thing(kind=ThingKind.PHONE, value=ways[0])])
    assert "900123" not in repr(form)


def test_an_address_is_one_by_its_number_and_postcode() -> None:
    assert address_key("12 Acacia Avenue, London E1 6AN") == address_key("12 Acacia Ave., E16AN")
    assert address_key("12 Acacia Avenue, E1 6AN") != address_key("14 Acacia Avenue, E1 6AN")
    assert postcode_in("12 Acacia Ave., E16AN") == "e16an"
    assert postcode_in("12 Acacia Avenue") == ""


def test_keys_are_whole_numbers_that_both_databases_hold() -> None:
    keys = kept_keys(form_of(numbered(("pnc", "01/123Y")), place="12 Acacia Avenue, E1 6AN"))
    assert all(0 <= key < 2**63 for key in keys)
    assert len(keys) >= 7


def test_no_identifier_of_another_register_is_the_same_number() -> None:
    one = Identifier(scheme=IdentifierScheme.CRN, value="X123456")
    other = Identifier(scheme=IdentifierScheme.PRISON, value="X123456")
    forms = [PersonForm(numbers=form_of(described(identifiers=(each,))).numbers) for each in (one, other)]
    assert not meet(*forms)

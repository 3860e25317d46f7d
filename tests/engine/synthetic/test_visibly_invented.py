"""Nothing in the city can be dialled, posted or visited, and every number is of a range that nobody has."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs

from engine.domain.invented import InventedEpisode, InventedPerson
from engine.domain.people.persons import IdentifierScheme
from engine.domain.referrals.intake import ProtectedKind, Referral
from engine.synthetic import numbers
from engine.synthetic.city import invented_episodes
from engine.synthetic.referrals import further_referrals
from tests.engine.synthetic.conftest import SEED, SOURCES, UNTIL

City = tuple[InventedEpisode, ...]

# Ofcom's ranges for television and radio drama, written out once more on purpose.
RESERVED_PHONES = re.compile(
    r"07700 900\d{3}|020 7946 0\d{3}|01632 960\d{3}|03069 990\d{3}|029 2018 0\d{3}|028 9649 6\d{3}"
    r"|0191 498 0\d{3}"
    r"|01(?:13|14|15|16|17|18|21|31|41|51|61) 496 0\d{3}"
)
# No postcode area begins with Q, V or X; of those with Z only ZE is in use (and ZZ99 stands for "unknown").
UNUSED_POSTCODES = re.compile(r"(?:[QVX][A-Z]|Z[^EZ])\d{1,2} \d[ABD-HJLNP-UW-Z]{2}")
RESERVED_MAIL = re.compile(r"[a-z0-9.]+@(?:[a-z]+\.)*(?:example\.org|invalid)")


def people(city: City) -> dict[str, InventedPerson]:
    return {person.key: person for episode in city for person in (episode.perpetrator, episode.victim)}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**63))
def test_nobody_can_be_reached_whatever_the_seed(seed: int) -> None:
    for person in people(tuple(invented_episodes(seed, count=10, until=UNTIL))).values():
        assert RESERVED_PHONES.fullmatch(person.phone)
        assert UNUSED_POSTCODES.fullmatch(person.postcode)
        assert RESERVED_MAIL.fullmatch(person.email)
        assert person.account is None or person.account.startswith("zz_")
        assert person.vehicle is None or person.vehicle.startswith("QX")


def test_nobody_can_be_reached_in_the_whole_city(city: City) -> None:
    for person in people(city).values():
        assert RESERVED_PHONES.fullmatch(person.phone)
        assert UNUSED_POSTCODES.fullmatch(person.postcode)
        assert RESERVED_MAIL.fullmatch(person.email)


def test_people_are_told_apart_by_all_that_is_theirs(city: City) -> None:
    known = people(city)
    lodgers = [person for person in known.values() if person.address.startswith("Room ")]
    addresses = Counter((p.address, p.postcode) for p in known.values() if not p.address.startswith("Room "))
    assert 20 < len(lodgers) < 0.1 * len(known)
    assert max(addresses.values()) == 1
    for own in ("email", "account", "vehicle"):
        held = [value for person in known.values() if (value := getattr(person, own)) is not None]
        assert len(held) == len(set(held)), own
    identifiers = [identifier for person in known.values() for identifier in person.identifiers]
    assert len(identifiers) == len(set(identifiers))


def test_perpetrators_share_no_phone_while_the_reserved_numbers_last(true_courses: City) -> None:
    phones = {episode.perpetrator.key: episode.perpetrator.phone for episode in true_courses}
    assert len(phones) == len(set(phones.values()))


def test_no_victim_gives_a_house_that_a_perpetrator_has_given(true_courses: City) -> None:
    his = {(episode.perpetrator.address, episode.perpetrator.postcode) for episode in true_courses}
    hers = {(episode.victim.address, episode.victim.postcode) for episode in true_courses}
    assert not his & hers


def test_police_numbers_carry_the_check_letter_of_their_year_and_serial(city: City) -> None:
    seen = 0
    for person in people(city).values():
        for identifier in person.identifiers:
            if identifier.scheme is IdentifierScheme.PNC:
                seen += 1
                match = re.fullmatch(r"(\d{4})/(9\d{6})([A-Z])", identifier.value)
                assert match is not None
                assert match[3] == "ZABCDEFGHJKLMNPQRTUVWXY"[int(match[1][2:] + match[2]) % 23]
    assert seen > 500


@pytest.mark.parametrize(
    ("year", "running", "expected"), [(1981, 0, "1981/9000000"), (2002, 73319, "2002/9073319")]
)
def test_a_police_number_is_made_of_its_year_and_the_running_number(
    year: int, running: int, expected: str
) -> None:
    assert numbers.police_number(year, running).value[:-1] == expected


def test_the_check_letter_is_that_of_a_published_example() -> None:
    assert numbers.CHECK_LETTERS[int("02" + "0073319") % 23] == "Z"  # 2002/0073319Z
    assert numbers.CHECK_LETTERS[int("81" + "0000034") % 23] == "U"  # 1981/0000034U


def test_court_numbers_carry_their_check_letter_and_are_all_different(city: City) -> None:
    made = [numbers.court_number(1990 + running % 20, running).value for running in range(30_000)]
    assert len(set(made)) == len(made)
    for value in made[:1_000]:
        match = re.fullmatch(r"(9\d{5})/(\d{2})([A-Z])", value)
        assert match is not None
        assert match[3] == "ZABCDEFGHJKLMNPQRTUVWXY"[int(match[2] + match[1]) % 23]


def test_health_numbers_are_valid_and_of_the_range_for_tests() -> None:
    made = [number for running in range(5_000) if (number := numbers.health_number(running)) is not None]
    assert 0.85 < len(made) / 5_000 < 0.95, "one body in eleven has no check digit"
    assert all(nhs.is_valid(number.value) and number.value.startswith("999") for number in made)


def test_other_numbers_have_the_form_of_their_register(city: City) -> None:
    forms = {IdentifierScheme.CRN: r"Z\d{6}", IdentifierScheme.PRISON: r"Z\d{4}[A-Z]{2}"}
    held = [i for person in people(city).values() for i in person.identifiers if i.scheme in forms]
    assert {identifier.scheme for identifier in held} == set(forms)
    assert all(re.fullmatch(forms[identifier.scheme], identifier.value) for identifier in held)


def test_crime_references_are_of_no_force_and_never_given_twice(city: City) -> None:
    given_out = [i.crime_reference for episode in city for i in episode.incidents if i.crime_reference]
    assert len(given_out) > len(city)
    assert len(set(given_out)) == len(given_out)
    assert all(re.fullmatch(r"ZZ\d{7}-\d{3}/\d{2}", reference) for reference in given_out)


def test_whatever_could_be_dialled_or_posted_in_a_referral_is_reserved_too(
    city: City, referrals: tuple[Referral, ...]
) -> None:
    later = [
        referral
        for episode in city
        for referral in further_referrals(
            episode, seed=SEED, sources=SOURCES, until=UNTIL + timedelta(days=999)
        )
    ]
    values = [value for referral in (*referrals, *later) for value in referral.protected]
    phones = [value.value for value in values if value.kind is ProtectedKind.PHONE]
    mails = [value.value for value in values if value.kind is ProtectedKind.EMAIL]
    addresses = [value.value for value in values if value.kind is ProtectedKind.ADDRESS]
    assert min(len(phones), len(mails), len(addresses)) > len(city) * 3 / 4
    assert all(RESERVED_PHONES.fullmatch(phone) for phone in phones)
    assert all(RESERVED_MAIL.fullmatch(mail) for mail in mails)
    assert all(UNUSED_POSTCODES.search(address) for address in addresses)

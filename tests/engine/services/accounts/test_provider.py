"""What a provider's claims stand for: by the operator's table, and never by a name alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.accounts.acting import Role, User
from engine.domain.accounts.sign_ins import SignInEnd, SignInStanding
from engine.domain.errors import SignInError
from engine.services.accounts import users
from engine.services.accounts.provider import sign_in_from_provider
from engine.services.accounts.sign_ins import all_act_on_their_word, look_at_sign_in
from engine.settings import SignInSettings
from tests.builders import Desk

TOLD: dict[str, Any] = {
    "address": "https://stac.example",
    "provider": {
        "metadata": "https://login.example/.well-known/openid-configuration",
        "client_id": "stac",
        "roles": {"chairs": "chair", "workers": "practitioner", "admins": "administrator"},
        "agencies": {"met": "police", "nhs": "health"},
    },
}
SETTINGS = SignInSettings.model_validate(TOLD)


def claims(desk: Desk, **changes: Any) -> dict[str, Any]:
    """What a provider says of one person."""
    exp = (desk.clock.now() + timedelta(hours=10)).timestamp()
    of_amina = {
        "iss": "https://login.example",
        "sub": "a1",
        "preferred_username": "amina",
        "name": "Amina K.",
    }
    return {**of_amina, "roles": ["chairs"], "exp": exp, **changes}


def come(desk: Desk, **changes: Any) -> str:
    return sign_in_from_provider(**desk.common, settings=SETTINGS, claims=claims(desk, **changes))


def look(desk: Desk, token: str) -> SignInStanding:
    return look_at_sign_in(**desk.common, token=token, lock_after=timedelta(hours=8))


def user_of(desk: Desk, token: str) -> User:
    found = look(desk, token).user
    assert found is not None
    return found


def test_who_comes_for_the_first_time_is_a_user_from_then_on(desk: Desk) -> None:
    expected = User(name="amina", display_name="Amina K.", role=Role.CHAIR)
    assert user_of(desk, come(desk)) == expected
    assert user_of(desk, come(desk)) == expected
    assert not all_act_on_their_word(uow=desk.runtime.uow)


def test_a_practitioner_speaks_for_the_agency_that_the_claims_stand_for(desk: Desk) -> None:
    user = user_of(desk, come(desk, roles="workers", agency="met"))
    assert (user.role, user.agency) == (Role.PRACTITIONER, "police")


def test_an_agency_says_nothing_of_a_chair(desk: Desk) -> None:
    assert user_of(desk, come(desk, agency="met")).agency is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"roles": []}, "no role"),
        ({"roles": None}, "no role"),
        ({"roles": ["strangers"]}, "no role"),
        ({"roles": {"chairs": True}}, "no role"),
        ({"roles": ["chairs", "admins"]}, "more than one role"),
        ({"roles": "workers"}, "no agency"),
        ({"roles": "workers", "agency": ["met", "nhs"]}, "more than one agency"),
        ({"roles": "workers", "agency": "elsewhere"}, "no agency"),
        ({"sub": ""}, "lacks 'sub'"),
        ({"sub": None}, "lacks 'sub'"),
        ({"sub": "x" * 501}, "lacks 'sub'"),
        ({"iss": 7}, "lacks 'iss'"),
        ({"exp": None}, "lacks an expiry time"),
        ({"exp": "tomorrow"}, "lacks an expiry time"),
        ({"exp": True}, "lacks an expiry time"),
        ({"exp": 1e300}, "lacks an expiry time"),
        ({"exp": 0}, "has expired"),
        ({"preferred_username": None}, "lacks 'preferred_username'"),
        ({"preferred_username": "7"}, "is not valid here"),
    ],
)
def test_claims_that_do_not_say_who_somebody_is_here_sign_nobody_in(
    desk: Desk, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SignInError, match=sentence):
        come(desk, **changes)
    assert all_act_on_their_word(uow=desk.runtime.uow)


def test_two_words_for_one_role_are_one_role(desk: Desk) -> None:
    assert user_of(desk, come(desk, roles=["chairs", "strangers"])).role is Role.CHAIR


def test_a_name_that_is_taken_takes_nobody_over(desk: Desk) -> None:
    first = user_of(desk, come(desk, preferred_username="cora", sub="a2"))
    assert first.name == "cora-2"
    assert users.find_user(uow=desk.runtime.uow, name="cora").role is Role.COORDINATOR


def test_the_same_subject_of_another_issuer_is_somebody_else(desk: Desk) -> None:
    assert user_of(desk, come(desk)).name == "amina"
    assert user_of(desk, come(desk, iss="https://other.example")).name == "amina-2"


@pytest.mark.parametrize(
    ("said", "name"),
    [("Amina.K@unit.example", "amina-k"), ("AMINA", "amina"), ("ü amina", "amina"), ("a" * 60, "a" * 32)],
)
def test_a_user_name_is_made_of_what_the_provider_says(desk: Desk, said: str, name: str) -> None:
    assert user_of(desk, come(desk, preferred_username=said)).name == name


def test_who_comes_with_another_role_is_that_and_what_was_open_ends(desk: Desk) -> None:
    token = come(desk)
    assert user_of(desk, come(desk, roles=["admins"])).role is Role.ADMINISTRATOR
    assert look(desk, token).ended is SignInEnd.CHANGED


def test_who_comes_again_as_the_same_keeps_what_is_open_elsewhere(desk: Desk) -> None:
    token = come(desk)
    come(desk, name="Amina Khan")
    assert look(desk, token).user is not None


def test_a_user_who_is_disabled_here_does_not_come_in_through_the_provider(desk: Desk) -> None:
    come(desk)
    users.set_active(desk.context(desk.coordinator), name="amina", active=False)
    with pytest.raises(SignInError, match="this user is disabled"):
        come(desk)


def test_a_sign_in_ends_with_the_providers_token_and_at_the_latest_after_eight_hours(desk: Desk) -> None:
    short = come(desk, exp=(desk.clock.now() + timedelta(minutes=5)).timestamp())
    long = come(desk)
    desk.clock.forward(timedelta(minutes=5))
    assert look(desk, short).ended is SignInEnd.LAPSED
    assert look(desk, long).user is not None
    desk.clock.forward(timedelta(hours=7, minutes=55))
    assert look(desk, long).ended is SignInEnd.LAPSED


@pytest.mark.parametrize(
    "changes",
    [
        {"metadata": "http://login.example/x"},
        {"roles": {}},
        {"roles": {"chairs": "king"}},
        {"agencies": {"met": "Not A Code"}},
        {"client_secret": "in the open"},
    ],
)
def test_settings_that_would_let_somebody_in_by_mistake_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SignInSettings.model_validate({**TOLD, "provider": {**TOLD["provider"], **changes}})


def test_a_provider_needs_to_know_where_to_send_people_back(desk: Desk) -> None:
    with pytest.raises(ValidationError, match=r"'address' .* is required"):
        SignInSettings.model_validate({**TOLD, "address": None})

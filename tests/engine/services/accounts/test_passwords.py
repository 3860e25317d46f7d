"""Local accounts: a password of one's own, no way to try many, and nothing learnt from being refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInEnd
from engine.domain.errors import (
    InvalidInputError,
    NewPasswordError,
    NotFoundError,
    NotPermittedError,
    SignInError,
)
from engine.services.accounts import users
from engine.services.accounts.passwords import (
    MOST_AT_ONE_PLACE,
    MOST_FROM_ONE_PLACE,
    WAIT,
    give_start_password,
    sign_in_with_password,
)
from engine.services.accounts.sign_ins import look_at_sign_in
from tests.builders import Desk
from tests.databases import stored_bytes

OWN = "three quiet herons"
SECOND = timedelta(seconds=1)


def signed_in(desk: Desk, password: str, *, name: str = "cora", place: str = "192.0.2.7", **more: Any) -> str:
    return sign_in_with_password(
        **desk.common,
        key=desk.runtime.key,
        name=name,
        password=password,
        lasts=timedelta(hours=8),
        place=place,
        **more,
    )


def with_password(desk: Desk, name: str = "cora") -> None:
    """Somebody who has chosen a password of their own."""
    start = give_start_password(desk.context(desk.coordinator), name=name)
    signed_in(desk, start, name=name, new_password=OWN)


def ended(desk: Desk, token: str) -> SignInEnd | None:
    return look_at_sign_in(**desk.common, token=token, lock_after=timedelta(hours=8)).ended


def tried(desk: Desk, times: int, **more: Any) -> None:
    for _ in range(times):
        with pytest.raises(SignInError):
            signed_in(desk, "not the password", **more)


def entries(desk: Desk) -> list[str]:
    with desk.runtime.uow.unrecorded() as work:
        return [entry.body for entry in work.audit.entries()]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes with the least work, for tests that make a hundred of them."""
    from argon2 import PasswordHasher

    from engine.access import passwords

    least = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", least)
    monkeypatch.setattr(passwords, "_OF_NOBODY", least.hash("nobody's"))


def test_a_start_password_must_be_changed_before_anything_else(desk: Desk) -> None:
    start = give_start_password(desk.context(desk.coordinator), name="cora")
    with pytest.raises(NewPasswordError, match="choose your own"):
        signed_in(desk, start)
    assert ended(desk, signed_in(desk, start, new_password=OWN)) is None
    assert ended(desk, signed_in(desk, OWN)) is None


def test_a_start_password_is_worth_nothing_once_it_was_changed(desk: Desk) -> None:
    start = give_start_password(desk.context(desk.coordinator), name="cora")
    signed_in(desk, start, new_password=OWN)
    with pytest.raises(SignInError):
        signed_in(desk, start, new_password="another quiet heron")


def test_a_new_password_that_will_not_do_changes_nothing(desk: Desk) -> None:
    start = give_start_password(desk.context(desk.coordinator), name="cora")
    with pytest.raises(InvalidInputError, match="at least 12"):
        signed_in(desk, start, new_password="short")
    signed_in(desk, start, new_password=OWN)


def test_who_is_refused_learns_nothing(desk: Desk) -> None:
    with_password(desk)
    desk.add("pia", Role.MANAGER)
    with_password(desk, "pia")
    users.set_active(desk.context(desk.coordinator), name="pia", active=False)
    answer = set()
    for name in ("cora", "nobody", "chair", "pia", "Not a name!", ""):
        with pytest.raises(SignInError) as refused:
            signed_in(desk, "not the password", name=name)
        answer.add((type(refused.value), str(refused.value)))
    with pytest.raises(SignInError) as refused:
        signed_in(desk, OWN, name="pia")
    answer.add((type(refused.value), str(refused.value)))
    assert len(answer) == 1


def test_a_hash_is_worked_out_for_somebody_who_is_not_there(desk: Desk, monkeypatch: Any) -> None:
    from engine.access import passwords

    worked: list[str | None] = []
    real = passwords.is_right

    def noted(given: str, stored_text: str | None) -> bool:
        worked.append(stored_text)
        return real(given, stored_text)

    monkeypatch.setattr(passwords, "is_right", noted)
    tried(desk, 1, name="nobody")
    assert worked == [None]


def test_after_some_failures_from_one_place_the_right_password_does_not_help(desk: Desk) -> None:
    with_password(desk)
    tried(desk, MOST_FROM_ONE_PLACE)
    with pytest.raises(SignInError):
        signed_in(desk, OWN)
    desk.clock.forward(WAIT)
    signed_in(desk, OWN)


def test_one_failure_fewer_does_no_harm_and_a_success_forgets_them(desk: Desk) -> None:
    with_password(desk)
    for _ in range(3):
        tried(desk, MOST_FROM_ONE_PLACE - 1)
        signed_in(desk, OWN)


def test_a_stranger_elsewhere_does_not_lock_the_owner_out(desk: Desk) -> None:
    with_password(desk)
    tried(desk, MOST_FROM_ONE_PLACE + 3, place="198.51.100.9")
    signed_in(desk, OWN, place="192.0.2.7")


def test_a_name_that_is_nobodys_is_locked_alike(desk: Desk) -> None:
    tried(desk, MOST_FROM_ONE_PLACE, name="nobody")
    before = len(entries(desk))
    tried(desk, 1, name="nobody")
    assert len(entries(desk)) == before


def test_one_place_cannot_try_one_password_under_many_names(desk: Desk) -> None:
    with_password(desk)
    for number in range(MOST_AT_ONE_PLACE):
        tried(desk, 1, name=f"name-{number}")
    with pytest.raises(SignInError):
        signed_in(desk, OWN)
    signed_in(desk, OWN, place="198.51.100.9")


def test_many_people_who_sign_in_from_one_place_do_not_lock_it(desk: Desk) -> None:
    with_password(desk)
    for _ in range(MOST_AT_ONE_PLACE + 5):
        signed_in(desk, OWN)


def test_a_reset_ends_every_sign_in_and_the_old_password(desk: Desk) -> None:
    with_password(desk)
    token = signed_in(desk, OWN)
    give_start_password(desk.context(desk.coordinator), name="cora")
    assert ended(desk, token) is SignInEnd.PASSWORD_RESET
    with pytest.raises(SignInError):
        signed_in(desk, OWN)


def test_changing_ones_own_password_ends_the_other_sign_ins(desk: Desk) -> None:
    with_password(desk)
    token = signed_in(desk, OWN)
    new = signed_in(desk, OWN, new_password="four quiet herons here")
    assert ended(desk, token) is SignInEnd.PASSWORD_RESET
    assert ended(desk, new) is None


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MANAGER])
def test_the_first_password_is_for_somebody_who_may_give_others_theirs(desk: Desk, role: Role) -> None:
    desk.add("pia", role)
    with pytest.raises(InvalidInputError, match="the first user with a password"):
        give_start_password(desk.context(desk.coordinator), name="pia")
    with_password(desk)
    with_password(desk, "pia")


def test_a_disabled_user_is_out_and_stays_out_until_they_are_let_in_again(desk: Desk) -> None:
    with_password(desk)
    desk.add("pia", Role.MANAGER)
    with_password(desk, "pia")
    token = signed_in(desk, OWN, name="pia")
    users.set_active(desk.context(desk.coordinator), name="pia", active=False)
    assert ended(desk, token) is SignInEnd.DISABLED
    with pytest.raises(SignInError):
        signed_in(desk, OWN, name="pia")
    users.set_active(desk.context(desk.coordinator), name="pia", active=True)
    assert ended(desk, token) is SignInEnd.DISABLED
    signed_in(desk, OWN, name="pia")


def test_another_role_ends_what_somebody_was_signed_in_to(desk: Desk) -> None:
    with_password(desk)
    desk.add("pia", Role.MANAGER)
    with_password(desk, "pia")
    token = signed_in(desk, OWN, name="pia")
    users.change_role(desk.context(desk.coordinator), name="pia", role=Role.ANALYST)
    assert ended(desk, token) is SignInEnd.CHANGED


def test_nobody_disables_themselves(desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="you cannot disable yourself"):
        users.set_active(desk.context(desk.coordinator), name="cora", active=False)


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MANAGER, Role.AUDITOR, Role.ANALYST])
def test_others_give_no_passwords(desk: Desk, role: Role) -> None:
    somebody = desk.add("somebody", role)
    with pytest.raises(NotPermittedError):
        give_start_password(desk.context(somebody), name="cora")


def test_nobody_who_is_not_there_gets_a_password(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        give_start_password(desk.context(desk.coordinator), name="nobody")


def test_neither_password_nor_typed_name_is_kept_or_told(desk: Desk) -> None:
    with_password(desk)
    tried(desk, 1, name="hunter-two-typed-here")
    stored = stored_bytes(desk.runtime.settings.home)
    for secret in (OWN, "hunter-two-typed-here", "not the password"):
        assert secret.encode() not in stored
    assert any('"what":"sign in refused"' in entry for entry in entries(desk))

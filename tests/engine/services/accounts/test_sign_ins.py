"""Who is signed in: for how long, until when nobody used it, and what ends it at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInEnd, SignInStanding, SignInWay
from engine.domain.errors import NotFoundError
from engine.services.accounts.sign_ins import (
    all_act_on_their_word,
    begin_sign_in,
    end_sign_in,
    look_at_sign_in,
    token_digest,
)
from tests.builders import Desk, in_one_entry
from tests.databases import stored_bytes

LASTS, LOCK = timedelta(hours=8), timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def begun(desk: Desk, name: str = "cora", **changes: Any) -> str:
    given: dict[str, Any] = {"way": SignInWay.DEVELOPMENT, "lasts": LASTS, **changes}
    return begin_sign_in(**desk.common, name=name, **given)


def look(desk: Desk, token: str | None, **changes: Any) -> SignInStanding:
    return look_at_sign_in(**desk.common, token=token, **{"lock_after": LOCK, **changes})


def in_use_until(desk: Desk, token: str, end: timedelta) -> None:
    """Somebody uses it again and again."""
    until = desk.clock.now() + end
    while desk.clock.now() + LOCK - SECOND < until:
        desk.clock.forward(LOCK - SECOND)
        assert look(desk, token).user is not None
    desk.clock.forward(until - desk.clock.now())


def entries(desk: Desk) -> list[str]:
    with desk.runtime.uow.unrecorded() as work:
        return [entry.body for entry in work.audit.entries()]


def test_a_token_stands_for_its_user(desk: Desk) -> None:
    token = begun(desk)
    user = look(desk, token).user
    assert user is not None
    assert user.name == "cora"


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_an_unknown_token_stands_for_nobody(desk: Desk, token: str | None) -> None:
    assert look(desk, token) == SignInStanding(ended=SignInEnd.UNKNOWN)


def test_a_sign_in_ends_after_eight_hours_however_much_it_is_used(desk: Desk) -> None:
    token = begun(desk)
    in_use_until(desk, token, LASTS - SECOND)
    assert look(desk, token).user is not None
    desk.clock.forward(SECOND)
    assert look(desk, token).ended is SignInEnd.LAPSED


def test_a_sign_in_ends_sooner_where_the_proof_does(desk: Desk) -> None:
    token = begun(desk, not_after=desk.clock.now() + timedelta(minutes=5))
    desk.clock.forward(timedelta(minutes=5))
    assert look(desk, token).ended is SignInEnd.LAPSED


def test_a_sign_in_that_nobody_uses_is_locked(desk: Desk) -> None:
    token = begun(desk)
    desk.clock.forward(LOCK - SECOND)
    assert look(desk, token, counts_as_use=False).user is not None
    desk.clock.forward(SECOND)
    assert look(desk, token).ended is SignInEnd.LOCKED


def test_using_a_sign_in_keeps_it_open(desk: Desk) -> None:
    token = begun(desk)
    in_use_until(desk, token, timedelta(hours=2))
    assert look(desk, token).user is not None


def test_what_is_locked_is_not_opened_by_being_looked_at(desk: Desk) -> None:
    token = begun(desk)
    desk.clock.forward(LOCK)
    look(desk, token)
    assert look(desk, token).ended is SignInEnd.LOCKED


def test_signing_out_ends_the_token_and_only_this_one(desk: Desk) -> None:
    token, other = begun(desk), begun(desk)
    assert end_sign_in(**desk.common, token=token)
    assert look(desk, token).ended is SignInEnd.SIGNED_OUT
    assert look(desk, other).user is not None


def test_what_has_ended_is_ended_once(desk: Desk) -> None:
    token = begun(desk)
    end_sign_in(**desk.common, token=token, because=SignInEnd.LOCKED)
    assert not end_sign_in(**desk.common, token=token)
    assert look(desk, token).ended is SignInEnd.LOCKED


@pytest.mark.parametrize(
    ("column", "value", "because"),
    [
        ("role", "analyst", SignInEnd.CHANGED),
        ("agency", "health", SignInEnd.CHANGED),
        ("active", False, SignInEnd.DISABLED),
    ],
)
def test_a_user_who_is_changed_or_disabled_is_out_at_once(
    desk: Desk, column: str, value: Any, because: SignInEnd
) -> None:
    desk.add("pia", Role.PRACTITIONER, "police")
    token = begun(desk, "pia")
    with in_one_entry(desk.runtime) as work:
        row = work.users._there("pia")
        assert row is not None
        setattr(row, column, value)
    assert look(desk, token).ended is because


def test_the_token_of_one_account_is_worth_nothing_in_another(desk: Desk) -> None:
    token = begun(desk, account="cora (1000)")
    assert look(desk, token, account="cora (1000)").user is not None
    assert look(desk, token, account="eve (1001)").ended is SignInEnd.ELSEWHERE
    assert look(desk, token).ended is SignInEnd.ELSEWHERE


def test_a_token_of_a_browser_is_worth_nothing_at_the_command(desk: Desk) -> None:
    assert look(desk, begun(desk), account="cora (1000)").ended is SignInEnd.ELSEWHERE


def test_nobody_signs_in_as_somebody_who_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFoundError):
        begun(desk, "nobody")


def test_the_record_keeps_a_digest_and_never_the_token(desk: Desk) -> None:
    token = begun(desk)
    stored = stored_bytes(desk.runtime.settings.home)
    assert token_digest(token).encode() in stored
    assert token.encode() not in stored


def test_signing_in_and_out_are_in_the_audit(desk: Desk) -> None:
    before = len(entries(desk))
    end_sign_in(**desk.common, token=begun(desk))
    last = entries(desk)[before:]
    assert len(last) == 2
    assert '"what":"sign in"' in last[0]
    assert '"because":"signed out"' in last[1]


def test_a_record_of_invented_people_takes_a_name_for_a_word(desk: Desk) -> None:
    assert all_act_on_their_word(uow=desk.runtime.uow)


@pytest.mark.parametrize("kind", ["password", "subject"])
def test_from_the_first_user_on_who_can_prove_it_no_word_is_enough(desk: Desk, kind: str) -> None:
    now = desk.clock.now()
    with in_one_entry(desk.runtime) as work:
        if kind == "password":
            work.sign_ins.store_account("cora", password_hash="x", must_change=True, at=now)
        else:
            work.sign_ins.add_subject("https://provider.example", "1", user="cora", at=now)
    assert not all_act_on_their_word(uow=desk.runtime.uow)

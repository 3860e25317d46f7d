"""Which password will do, and that only its owner's will."""

from __future__ import annotations

import pytest

from engine.access import passwords
from engine.domain.errors import InvalidInputError


@pytest.mark.parametrize(
    "password", ["three quiet herons", "Tr0ub4dor&3xtra", "zwölf große Bären", "kettle-9-orbit-lamp"]
)
def test_a_password_of_twelve_signs_that_nobody_would_guess_will_do(password: str) -> None:
    passwords.require_good(password, user="cora")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("herons qui", "at least 12"),
        ("", "at least 12"),
        ("x" * 257, "at most 256"),
        ("three-cora-herons", "your user name"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("abababababab", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("abcdefghijklmnop", "easy to guess"),
        ("Password12345!", "easy to guess"),
        ("P4ssw0rd!P4ssw0rd!", "easy to guess"),
        ("Welcome2026!!", "easy to guess"),
        ("three quiet herons", "the same as the old one"),
    ],
)
def test_a_password_that_somebody_would_guess_is_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason) as refused:
        passwords.require_good(password, user="cora", other_than="three quiet herons")
    assert len(password) < 5 or password not in str(refused.value)


def test_only_the_password_itself_is_right() -> None:
    stored_text = passwords.hashed("three quiet herons")
    assert passwords.is_right("three quiet herons", stored_text)
    assert not passwords.is_right("three quiet heron", stored_text)
    assert "herons" not in stored_text
    assert stored_text.startswith("$argon2id$")


def test_nobodys_password_is_never_right_and_takes_a_real_hash() -> None:
    assert not passwords.is_right("", None)
    assert not passwords.should_be_hashed_anew(passwords._OF_NOBODY)


def test_a_hash_that_cannot_be_read_lets_nobody_in() -> None:
    assert not passwords.is_right("three quiet herons", "x")


def test_a_start_password_is_good_and_never_the_same() -> None:
    first, second = passwords.start_password(), passwords.start_password()
    assert first != second
    passwords.require_good(first, user="cora")

"""Passwords: rules for good ones, and slow hashes (Argon2id). Knows no user; stores and shows no password."""

from __future__ import annotations

import re
import secrets
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.domain.errors import InvalidInputError

FEWEST_SIGNS, MOST_SIGNS = 12, 256
_FEWEST_DIFFERENT = 6
_LONGEST_RUN = 5
_PART = "the new password"
_WORN = (
    "administrator", "changeme", "iloveyou", "letmein", "letmeinnow", "londonlondon", "monkey", "password",
    "qwerty", "qwertyuiop", "safeguarding", "secret", "stalking", "sunshine", "welcome", "zaq12wsx",
)  # fmt: skip
_START_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()
# The hash of an unknown text: a user who does not exist is checked for as long as one who does.
_OF_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$M1SCFWYfp+DIqpb9TOQUyw$mLY500l3j4Rf7zQUvHN9Qotlqg9atxGU23XRhs9IdPU"
)


def require_good(password: str, *, user: str, other_than: str | None = None) -> None:
    """Refuse a password that is easy to guess. Length counts, not signs; the reason does not repeat it.

    Raises InvalidInputError.
    """
    if len(password) < FEWEST_SIGNS:
        raise InvalidInputError(_PART, f"it needs at least {FEWEST_SIGNS} characters; three words will do")
    if len(password) > MOST_SIGNS:
        raise InvalidInputError(_PART, f"it can have at most {MOST_SIGNS} characters")
    if other_than is not None and password == other_than:
        raise InvalidInputError(_PART, "it is the same as the old one; choose another")
    plain = password.casefold()
    if user.casefold() in plain:
        raise InvalidInputError(_PART, "your user name is a part of it; choose another")
    if len(set(plain)) < _FEWEST_DIFFERENT or _has_long_run(plain) or _is_worn(plain):
        raise InvalidInputError(_PART, "it is easy to guess; choose another")


def start_password() -> str:
    """Return a first password, shown once, to be changed immediately: twenty signs that are not mixed up."""
    return "-".join("".join(secrets.choice(_START_SIGNS) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    """Return the slow hash that is stored."""
    return _HASHER.hash(password)


def is_right(password: str, stored_text: str | None) -> bool:
    """Return whether this is the password; without a stored hash (None) it is not, after as long a check."""
    try:
        _HASHER.verify(stored_text or _OF_NOBODY, password[:MOST_SIGNS])
    except (VerificationError, InvalidHashError):
        return False
    return stored_text is not None


def should_be_hashed_anew(stored_text: str) -> bool:
    """Return whether a hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored_text)


def _has_long_run(plain: str) -> bool:
    """Return whether a run such as 12345 or edcba makes up half of it."""
    longest = run = 1
    step = 0
    for before, after in pairwise(plain):
        now = ord(after) - ord(before)
        run = run + 1 if now == step and now in {-1, 0, 1} else 2 if now in {-1, 0, 1} else 1
        step, longest = now, max(longest, run)
    return longest >= max(_LONGEST_RUN, len(plain) // 2)


def _is_worn(plain: str) -> bool:
    """Return whether only common words are in it, with digits and signs around them."""
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain).translate(str.maketrans("013457@$", "oieastas"))
    worn = "|".join(sorted(_WORN, key=len, reverse=True))
    return not re.sub(worn, "", re.sub(r"[^a-z]", "", core))

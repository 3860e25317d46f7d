"""Keyed digests of protected values, and the form for comparing two. Knows no file and no table."""

from __future__ import annotations

import hashlib
import hmac
import re

from engine.domain.orders.conditions import SealedKind
from engine.domain.referrals.intake import ProtectedKind

_NO_DIGIT = re.compile(r"\D")
_SPACING = re.compile(r"[\s,.;\-]+")


class VaultKey:
    """The key of the digests; its text never shows."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "VaultKey(...)"

    @property
    def check_value(self) -> str:
        """The check value that a record recognises the key by; it shows nothing of the key."""
        return hmac.new(self._key, b"check value", hashlib.sha256).hexdigest()[:32]

    @property
    def for_versions(self) -> bytes:
        """The key of the digests that identify each version of a row in the audit log."""
        return hmac.digest(self._key, b"versions of rows", "sha256")

    @property
    def for_drafts(self) -> bytes:
        """The key that signs what a page is given so that it may save a draft."""
        return hmac.digest(self._key, b"passes for drafts", "sha256")

    @property
    def for_register(self) -> bytes:
        """The key that signs the lines of the register of acts that a restore repeats."""
        return hmac.digest(self._key, b"register of repeated acts", "sha256")

    def digest(self, kind: ProtectedKind | SealedKind, value: str) -> str:
        """Return the keyed digest (HMAC-SHA-256) of the normalised value, to find equal ones."""
        return hmac.digest(self._key, f"{kind.value}\n{normalised(kind, value)}".encode(), "sha256").hex()

    def digest_of_name(self, text: str) -> str:
        """Return the keyed digest of a text other than a protected value, such as a name as typed."""
        return hmac.new(self._key, f"name\n{text}".encode(), hashlib.sha256).hexdigest()

    def digest_of_words(self, words: str) -> str:
        """Return the keyed digest of what a person typed in to search for, as the audit log stores it."""
        return hmac.new(self._key, f"words\n{words}".encode(), hashlib.sha256).hexdigest()


def normalised(kind: ProtectedKind | SealedKind, value: str) -> str:
    """Return a value as it is compared: a phone by its digits, others in lower case without spacing."""
    if kind is ProtectedKind.PHONE:
        digits = _NO_DIGIT.sub("", value)
        return "0" + digits[2:] if digits.startswith("44") else digits
    return _SPACING.sub(" ", value).strip().casefold()

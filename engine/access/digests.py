"""Keyed digests of protected values, and the form for comparing two. Knows no file and no table."""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import cached_property

from engine.access.sealing import KEY_BYTES
from engine.domain.orders.conditions import SealedKind
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.system.audit import NumberedKey

_NO_DIGIT = re.compile(r"\D")
_SPACING = re.compile(r"[\s,.;\-]+")


class VaultKey:
    """The key of the digests, with the retired ones, which only verify; its text never shows.

    ``content`` is that of its file: one key after the other, the newest first.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._keys = [content[at : at + KEY_BYTES] for at in range(0, len(content), KEY_BYTES)]
        self._key = self._keys[0]

    def __repr__(self) -> str:
        return "VaultKey(...)"

    @property
    def check_value(self) -> str:
        """The check value that a record recognises the newest key by; it shows nothing of the key."""
        return self.check_values[-1]

    @property
    def check_values(self) -> tuple[str, ...]:
        """The check value of each key, the oldest first."""
        return tuple(
            hmac.new(key, b"check value", hashlib.sha256).hexdigest()[:32] for key in reversed(self._keys)
        )

    @cached_property
    def for_versions(self) -> NumberedKey:
        """The key of the entries' checks, and of the digests in the log that identify versions of rows."""
        newest, *retired = (hmac.digest(key, b"versions of rows", "sha256") for key in self._keys)
        return NumberedKey(newest, retired[::-1])

    @property
    def for_cookies(self) -> str:
        """The key that signs the dashboard's cookies of a provider: several processes have the same."""
        return hmac.digest(self._key, b"cookies of the dashboard", "sha256").hex()

    @property
    def for_drafts(self) -> bytes:
        """The key that signs what a page is given so that it may save a draft."""
        return hmac.digest(self._key, b"passes for drafts", "sha256")

    @property
    def for_register(self) -> bytes:
        """The key that signs the lines of the register of acts that a restore repeats."""
        return self.all_for_register[0]

    @property
    def all_for_register(self) -> tuple[bytes, ...]:
        """The same of each key, the newest first: a copy of the register may be older."""
        return tuple(hmac.digest(key, b"register of repeated acts", "sha256") for key in self._keys)

    def digest(self, kind: ProtectedKind | SealedKind, value: str) -> str:
        """Return the keyed digest (HMAC-SHA-256) of the normalised value, to store it."""
        return self.digests(kind, value)[0]

    def digests(self, kind: ProtectedKind | SealedKind, value: str) -> tuple[str, ...]:
        """Return the digests that find an equal value: by the newest key, and by the one before it.

        While the key is changed, a value that is stored has one of the two.
        """
        text = f"{kind.value}\n{normalised(kind, value)}".encode()
        return tuple(hmac.digest(key, text, "sha256").hex() for key in self._keys[:2])

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

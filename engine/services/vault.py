"""The one door to the protected tables. What would find a victim goes in, and is compared by keyed digest.

Knows the key; nobody else does. No function here prints, logs or returns a value to a page.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

from engine.access.redaction import Masker
from engine.access.taking_out import HeldValue
from engine.clock import Clock
from engine.domain.referral import ProtectedKind, ProtectedValue
from engine.store.unit_of_work import Work


class VaultKey:
    """The key of the digests; its text never shows."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "VaultKey(...)"

    @property
    def check_value(self) -> str:
        """By which a record knows the key again; it tells nothing of the key."""
        return hmac.new(self._key, b"check value", hashlib.sha256).hexdigest()[:32]

    @property
    def for_versions(self) -> bytes:
        """The key of the digests by which the audit chain knows each version of a row."""
        return hmac.digest(self._key, b"versions of rows", "sha256")

    def digest(self, kind: ProtectedKind, value: str) -> str:
        """The keyed digest (HMAC-SHA-256) of the normalised value, by which equal ones are found."""
        return hmac.new(
            self._key, f"{kind.value}\n{normalised(kind, value)}".encode(), hashlib.sha256
        ).hexdigest()

    def digest_of_name(self, text: str) -> str:
        """The keyed digest of something that is no protected value, such as a name that somebody typed."""
        return hmac.new(self._key, f"name\n{text}".encode(), hashlib.sha256).hexdigest()

    def digest_of_words(self, words: str) -> str:
        """The keyed digest of what somebody typed in to search for, under which the audit keeps it."""
        return hmac.new(self._key, f"words\n{words}".encode(), hashlib.sha256).hexdigest()


def normalised(kind: ProtectedKind, value: str) -> str:
    """A value as it is compared: a phone by its digits, anything else in lower case without spacing."""
    if kind is ProtectedKind.PHONE:
        digits = re.sub(r"\D", "", value)
        return "0" + digits[2:] if digits.startswith("44") else digits
    return re.sub(r"[\s,.;\-]+", " ", value).strip().casefold()


_LIKE: dict[ProtectedKind, tuple[str, ...]] = {
    ProtectedKind.PHONE: ("phone", "account"),
    ProtectedKind.EMAIL: ("email", "account"),
    ProtectedKind.ADDRESS: ("place",),
    ProtectedKind.WORKPLACE: ("place",),
    ProtectedKind.SCHOOL: ("place",),
}
"""What kinds of thing in the link graph a protected value could be."""


def protected_like(kind: str) -> tuple[ProtectedKind, ...]:
    """As which protected values a thing of this kind could be one."""
    return tuple(protected for protected, things in _LIKE.items() if kind in things)


def compared_as(kind: str, value: str) -> str:
    """A thing's value as it is compared with others: in one form, however a source wrote it."""
    return normalised(ProtectedKind.PHONE if kind == "phone" else ProtectedKind.EMAIL, value)


def keep_protected(
    *,
    work: Work,
    key: VaultKey,
    clock: Clock,
    values: Sequence[tuple[str, ProtectedValue]],
    told_by: str,
) -> list[str]:
    """Keep these (involvement, value) pairs and return a reference for each; part of a larger use case.

    Whatever in the link graph is like one of them ceases to be there.
    """
    from engine.store.repositories.protected import NewProtected  # a list or a page keeps none

    work.links.projection.forget(
        (thing, compared_as(thing, value.value)) for _, value in values for thing in _LIKE.get(value.kind, ())
    )
    return work.protected.keep(
        [
            NewProtected(
                involvement=involvement,
                kind=value.kind.value,
                content=value.value.encode(),
                digest=key.digest(value.kind, value.value),
                told_by=told_by,
            )
            for involvement, value in values
        ],
        at=clock.now(),
    )


def held_on_case(*, work: Work, reference: str) -> tuple[HeldValue, ...]:
    """What is kept for this involvement's whole episode, to take it out of a document; part of a use case."""
    together = work.cases.together(reference)
    return tuple(
        HeldValue(reference=ref, kind=kind, value=content.decode())
        for ref, kind, content in work.protected.held_on(together)
    )


def masker_for(*, work: Work, involvements: Iterable[str], reader: str | None = None) -> Masker:
    """What takes these cases' protected values out of free text for a reader; part of a larger use case."""
    contents = work.protected.contents_on(list(involvements))
    return Masker(((kind, content.decode()) for kind, content in contents), reader=reader)


def maskers_for(*, work: Work, references: Sequence[str]) -> dict[str, Masker]:
    """For each of these cases what takes out the values of its whole episode; part of a larger use case."""
    together = work.cases.together_with_each(references)
    held = work.protected.held_by_case(sorted({each for those in together.values() for each in those}))
    return {
        reference: Masker(
            (kind, content.decode()) for each in those for _, kind, content in held.get(each, ())
        )
        for reference, those in together.items()
    }

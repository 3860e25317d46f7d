"""The audit entry and its place in the chain. Ids and digests only, so that an erasure never breaks it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from json import encoder

from engine.domain.accounts.acting import Acting
from engine.domain.base import Frozen, Instant

FIRST_PREVIOUS = "0" * 64
"""The hash that the first entry of a stream names as the one before it."""
MAIN_STREAM = "main"


def _writer() -> Callable[[object], str]:
    """Return what writes canonical JSON. ``encode`` makes another each time, as long as a small row takes."""
    way = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False)
    make = getattr(encoder, "c_make_encoder", None)  # not every interpreter has one in C
    if make is None:
        return way.encode
    in_pieces = make(None, way.default, encoder.encode_basestring, None, ":", ",", True, False, True)
    return lambda value: "".join(in_pieces(value, 0))


_written = _writer()


class AuditEntry(Frozen):
    """One use case: who, the purpose, what, and the cases that it touched."""

    at: Instant
    user: str
    role: str
    agency: str | None
    purpose: str
    on_behalf_of: str | None
    account: str | None = None
    what: str
    cases: tuple[str, ...] = ()
    facts: dict[str, str | int | None] = {}
    wrote: str | None = None

    def body(self) -> str:
        """Return the canonical text that is hashed and stored: sorted keys, no spaces, UTF-8.

        Only a command's entry names an account, and only one that wrote something has the digest of the
        versions that it wrote, so that the entries of before read as they did.
        """
        fields = self.model_dump(mode="json")
        for name in ("account", "wrote"):
            if fields[name] is None:
                del fields[name]
        return canonical(fields)


def audit_entry(
    *,
    acting: Acting,
    what: str,
    at: Instant,
    cases: tuple[str, ...],
    facts: dict[str, str | int | None],
    versions: str | None = None,
) -> AuditEntry:
    """Return the entry for one use case of one person at a task; ``versions`` names what it wrote."""
    return AuditEntry(
        at=at,
        user=acting.user,
        role=acting.role.value,
        agency=acting.agency,
        purpose=acting.purpose,
        on_behalf_of=acting.on_behalf_of,
        account=acting.account,
        what=what,
        cases=cases,
        facts=facts,
        wrote=digest(versions) if versions is not None else None,
    )


class WrittenOut(dict[str, object]):
    """A document that is not changed again, with its canonical text: written out once for all who need it.

    ``text`` is given where it was made of the texts of its parts.
    """

    def __init__(self, document: Mapping[str, object], text: str | None = None) -> None:
        super().__init__(document)
        self.text = _written(document) if text is None else text


def canonical(value: object) -> str:
    """Return JSON that is the same for equal values: sorted keys, no spaces, not escaped beyond need."""
    return value.text if type(value) is WrittenOut else _written(value)


def canonical_of_parts(parts: Mapping[str, str]) -> str:
    """Return the same of a document whose parts are written out already."""
    return f"{{{','.join(f'{canonical(name)}:{parts[name]}' for name in sorted(parts))}}}"


def digest_of_written(key: bytes, written: str) -> str:
    """Return the keyed digest of one version of one row, of its text: its table and its content as JSON.

    Absent values are left out of that, so a new column is too. Keyed, for most of a row can be guessed: a
    reader of the log must not learn an answer by trying.
    """
    return hmac.digest(key, written.encode(), "sha256").hex()


class NumberedKey(bytes):
    """The key that new entries and digests of rows are made with; it knows its number and the retired keys.

    Those of lower numbers only verify.
    """

    retired: tuple[bytes, ...]

    def __new__(cls, key: bytes, retired: Sequence[bytes] = ()) -> NumberedKey:
        """Return the newest key, with the ones before it, the oldest first."""
        made = super().__new__(cls, key)
        made.retired = tuple(retired)
        return made

    def __repr__(self) -> str:
        return "NumberedKey(...)"

    @property
    def number(self) -> int:
        """The number of the newest key, from 1."""
        return len(self.retired) + 1

    def of_number(self, number: int) -> bytes:
        """Return the key of a number, which is one from 1 to the newest."""
        return self if number == self.number else self.retired[number - 1]


def entry_check(key: bytes, number: int, sequence: int, hashed: str) -> str:
    """Return the keyed check of an entry: of its place and its hash, and so of every entry before it.

    It is outside the hash and outside of an export, which is verified without a key.
    """
    return hmac.digest(_key_of_entries(key, number), f"{sequence}\n{hashed}".encode(), "sha256").hex()


@cache
def _key_of_entries(key: bytes, number: int) -> bytes:
    return hmac.digest(key, f"entries of the audit log, key {number}".encode(), "sha256")


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(previous: str, sequence: int, body: str) -> str:
    """Return the hash that binds an entry to the one before it: SHA-256 of previous, sequence and body."""
    return digest(f"{previous}\n{sequence}\n{body}")

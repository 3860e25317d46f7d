"""The vault's keys, and sealing under them (AES-256-GCM). Knows the key file; knows no table and no person.

The file has one key a line, the newest first. It has more than one only during a rotation: everything is
sealed under the first, and opens under any.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.domain.errors import SetupError
from engine.domain.file_faults import why_not
from engine.domain.vault.sealing import SealBrokenError
from engine.key_files import is_from_command, read_key_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_MAGIC = b"\x00stac\x01"
"""No text begins with a zero byte, so no typed text is taken for something sealed."""
_NAME_BYTES, _NONCE_BYTES, _TAG_BYTES = 8, 12, 16
_HEAD_BYTES = len(_MAGIC) + _NAME_BYTES
MISSING = "the key of the vault is missing; restore it from your copy of the keys"


class _Key:
    """One key and its name, which shows nothing of it; the key itself is not shown."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.name = hashlib.sha256(b"stac vault key name\n" + secret).digest()[:_NAME_BYTES]
        self.head = _MAGIC + self.name

    def __repr__(self) -> str:
        return "_Key(...)"

    @cached_property
    def cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # what reads no case need not wait

        return AESGCM(self._secret)

    @property
    def line(self) -> bytes:
        return base64.b64encode(self._secret) + b"\n"


NewKey = _Key
Stamp = tuple[int, int, int]


@cache
def _invalid_tag() -> type[Exception]:
    from cryptography.exceptions import InvalidTag  # what reads no case need not wait

    return InvalidTag


def stamp_of(file: Path) -> Stamp | None:
    """Return a stamp that changes when a file is written again; None without a file."""
    try:
        about = file.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


class VaultKeys:
    """The keys of one home, read again whenever the file is another: a rotation may change it meanwhile."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: Stamp | None = None
        self._keys: tuple[_Key, ...] = ()

    def __repr__(self) -> str:
        return f"VaultKeys({len(self._keys)} read)"

    def seal(self, content: bytes, *, row: str) -> bytes:
        """Return the content sealed under the newest key, bound to its future row."""
        return self.seal_all([(content, row)])[0]

    def seal_all(self, contents: Iterable[tuple[bytes, str]]) -> list[bytes]:
        """Return each of these contents sealed for its row; whether the file is another is asked once."""
        key, sealed = None, list[bytes]()
        for content, row in contents:
            key = key or self._now()[0]
            nonce = os.urandom(_NONCE_BYTES)
            sealed.append(key.head + nonce + key.cipher.encrypt(nonce, content, row.encode()))
        return sealed

    def unsealed(self, sealed: bytes, *, row: str) -> bytes:
        """Return the content again. Raises SealBrokenError, also for what the vault did not seal."""
        return _unsealed(self._now(), sealed, row)

    def unsealed_all(self, sealed: Iterable[tuple[bytes, str]]) -> list[bytes]:
        """Return the content of each of these for its row; whether the file is another is asked once."""
        given = list(sealed)
        keys = self._now() if given else ()
        return [_unsealed(keys, content, row) for content, row in given]

    def is_newest(self, content: bytes) -> bool:
        """Return whether it is sealed under the newest key."""
        return content.startswith(self.newest)

    @property
    def newest(self) -> bytes:
        """The beginning of everything sealed under the newest key."""
        return self._now()[0].head

    @property
    def newest_name(self) -> str:
        """The newest key's name, which shows nothing of the key."""
        return self._now()[0].name.hex()

    @property
    def is_rotating(self) -> bool:
        """True while an old key is still stored beside the new one."""
        return len(self._now()) > 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the keys, the newest first; a name shows nothing of its key."""
        return tuple(key.name.hex() for key in self._now())

    @property
    def stamp(self) -> Stamp | None:
        """A stamp that changes when the file is written again; None without a file."""
        return stamp_of(self._file)

    def require_file(self) -> None:
        """Raise SetupError where a command prints the keys: a new one would be in memory only."""
        if is_from_command(self._file):
            raise SetupError(
                "the keys come from 'keys_command', so no other one can be stored; nothing was changed: put "
                "the keys into files in the folder of keys, take 'keys_command' out of settings.toml, change "
                "the key, and put the new one where the command reads it"
            )

    @staticmethod
    def another() -> NewKey:
        """Return a new key, which is in no file yet."""
        return _Key(secrets.token_bytes(KEY_BYTES))

    def put_first(self, key: NewKey) -> None:
        """Put a new key before the old one; do nothing when a rotation is in progress already."""
        there = self._now()
        if len(there) == 1:
            self._write((key, *there))

    def drop_old(self) -> None:
        """Drop all but the newest key. Anything still sealed under another is lost: check first."""
        there = self._now()
        if len(there) > 1:
            self._write(there[:1])

    def make(self) -> bool:
        """Make the file with a first key, readable by its owner only; return whether it was missing."""
        try:
            handle = os.open(self._file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        with os.fdopen(handle, "wb") as out:
            out.write(_Key(secrets.token_bytes(KEY_BYTES)).line)
            out.flush()
            os.fsync(out.fileno())
        return True

    def _now(self) -> tuple[_Key, ...]:
        stamp = self.stamp
        if stamp is None:
            raise SetupError(MISSING)
        if stamp != self._seen:
            self._keys = self._read()
            self._seen = stamp
        return self._keys

    def _read(self) -> tuple[_Key, ...]:
        try:
            lines = read_key_file(self._file).split()
            secrets_read = [base64.b64decode(line, validate=True) for line in lines]
        except OSError as error:
            raise SetupError(f"the key of the vault cannot be read ({why_not(error)})") from None
        except binascii.Error:
            secrets_read = []
        if not secrets_read or any(len(secret) != KEY_BYTES for secret in secrets_read):
            raise SetupError("the key of the vault is damaged; restore it from your copy of the keys")
        return tuple(map(_Key, secrets_read))

    def _write(self, keys: tuple[_Key, ...]) -> None:
        """Write all or nothing: a kill leaves the file as it was or as it will be."""
        beside = self._file.with_name(f"{self._file.name}.new")
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.writelines(key.line for key in keys)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, self._file)
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _unsealed(keys: Iterable[_Key], sealed: bytes, row: str) -> bytes:
    is_sealed = sealed.startswith(_MAGIC) and len(sealed) >= _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES
    if not is_sealed:
        raise SealBrokenError(row.split("\n")[1], "it was not sealed")
    key = _named(keys, sealed[len(_MAGIC) : _HEAD_BYTES])
    if key is None:
        raise SealBrokenError(row.split("\n")[1], "its key is not in the key file")
    nonce, rest = sealed[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES], sealed[_HEAD_BYTES + _NONCE_BYTES :]
    try:
        return key.cipher.decrypt(nonce, rest, row.encode())
    except _invalid_tag():
        raise SealBrokenError(row.split("\n")[1], "it was changed, or sealed for another row") from None


def _named(keys: Iterable[_Key], name: bytes) -> _Key | None:
    for key in keys:
        if key.name == name:
            return key
    return None

"""A file that is sealed in parts (AES-256-GCM). Knows no content, and no place where a key is stored.

A part that was changed, moved, left out or added does not open, and a file that was cut does not end. Each
file has a key of its own, made of the given key and of a random number at the file's beginning.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.key_files import read_key_file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_MAGIC = b"stac-sealed-1\n"
_NAME_BYTES, _SALT_BYTES, _LENGTH_BYTES, _TAG_BYTES = 8, 32, 4, 16
_HEAD_BYTES = len(_MAGIC) + 1 + _NAME_BYTES + _SALT_BYTES
_LONGEST_PART = 64 * 1024 * 1024


class Sealed(IntEnum):
    """Content of a sealed file: one kind does not open as another."""

    RECORD = 1
    KEYS = 2


_NAMES = {Sealed.RECORD: "backup", Sealed.KEYS: "keys"}


class SealingKey:
    """The key of sealed files; its text does not show."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.name = hashlib.sha256(b"stac backup key name\n" + secret).digest()[:_NAME_BYTES]

    def __repr__(self) -> str:
        return f"SealingKey({self.name.hex()})"

    def cipher(self, salt: bytes) -> AESGCM:
        """Return the cipher of one file."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # loaded by those who need it
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        made = HKDF(SHA256(), length=KEY_BYTES, salt=salt, info=b"stac sealed file").derive(self._secret)
        return AESGCM(made)


def read_key(file: Path) -> SealingKey:
    """Return the key in a file. Raises InvalidInputError where there is none."""
    try:
        secret = read_key_file(file)
    except OSError as error:
        raise InvalidInputError("backup key", f"it cannot be read ({why_not(error)})") from None
    if len(secret) != KEY_BYTES:
        raise InvalidInputError("backup key", f"it is not {KEY_BYTES} bytes long; give another file")
    return SealingKey(secret)


def make_key(file: Path) -> bool:
    """Make a new key, readable by its owner only; return whether there was none. Raises InvalidInputError."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        raise InvalidInputError("backup key", f"it cannot be made ({why_not(error)})") from None
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
    return True


def write_sealed(file: Path, kind: Sealed, parts: Iterable[bytes], key: SealingKey) -> str:
    """Write the parts, sealed, and return the digest of the file. It is whole, or it is not there.

    Raises InvalidInputError where it cannot be written, is there already, or has a part that is too large.
    """
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            digest = _write(out, kind, parts, key)
            out.flush()
            os.fsync(out.fileno())
        os.link(aside, file)  # refuses to replace a file, which a rename would do
        _sync_folder(file.parent)
    except OSError as error:
        raise InvalidInputError(_NAMES[kind], f"it cannot be written ({why_not(error)})") from None
    finally:
        aside.unlink(missing_ok=True)
    return digest


def sealed_with(file: Path) -> bytes | None:
    """Return the name of the key that opens a sealed file; None for what is none."""
    try:
        with file.open("rb") as given:
            head = given.read(_HEAD_BYTES)
    except OSError:
        return None
    place = len(_MAGIC) + 1
    return head[place : place + _NAME_BYTES] if head.startswith(_MAGIC) and len(head) == _HEAD_BYTES else None


def put_in_place(aside: Path, file: Path, kind: Sealed) -> None:
    """Give a whole file that is in the same folder its name. Raises InvalidInputError where one has it."""
    try:
        os.link(aside, file)  # refuses to replace a file, which a rename would do
        aside.unlink()
        _sync_folder(file.parent)
    except OSError as error:
        raise InvalidInputError(_NAMES[kind], f"it cannot be written ({why_not(error)})") from None


def _write(out: BinaryIO, kind: Sealed, parts: Iterable[bytes], key: SealingKey) -> str:
    salt = secrets.token_bytes(_SALT_BYTES)
    head = _MAGIC + bytes([kind]) + key.name + salt
    cipher, digest = key.cipher(salt), hashlib.sha256(head)
    out.write(head)
    waiting: bytes | None = None
    number = 0
    for part in _then_none(parts):
        if waiting is not None:
            sealed = cipher.encrypt(_nonce(number, is_last=part is None), waiting, head)
            if len(sealed) > _LONGEST_PART:
                raise InvalidInputError(
                    _NAMES[kind], f"a part is larger than {_LONGEST_PART // 1024**2} MiB; nothing was written"
                )
            framed = len(sealed).to_bytes(_LENGTH_BYTES) + sealed
            out.write(framed)
            digest.update(framed)
            number += 1
        waiting = part
    return digest.hexdigest()


def read_sealed(file: Path, kind: Sealed, key: SealingKey) -> Iterator[bytes]:
    """Yield the parts of a file. Raises InvalidInputError at the first that is not as it was written.

    The caller acts on nothing of it before the last part came: only then is it known to be whole.
    """
    name = _NAMES[kind]
    try:
        with file.open("rb") as given:
            head = given.read(_HEAD_BYTES)
            _require_head(head, kind, key)
            cipher = key.cipher(head[-_SALT_BYTES:])
            number, length = 0, given.read(_LENGTH_BYTES)
            while True:
                sealed = given.read(_size(length, name))
                length = given.read(_LENGTH_BYTES)
                yield _opened(cipher, sealed, head, number, is_last=not length, name=name)
                number += 1
                if not length:
                    return
    except OSError as error:
        raise InvalidInputError(name, f"the file cannot be read ({why_not(error)})") from None


def _then_none(parts: Iterable[bytes]) -> Iterator[bytes | None]:
    yield from parts
    yield None


def _require_head(head: bytes, kind: Sealed, key: SealingKey) -> None:
    place = len(_MAGIC)
    if len(head) != _HEAD_BYTES or head[:place] != _MAGIC:
        raise InvalidInputError(_NAMES[kind], "the file is not one of this program's")
    if head[place] != kind:
        raise InvalidInputError(_NAMES[kind], "the file is of the other kind: backup and keys are two files")
    if head[place + 1 : place + 1 + _NAME_BYTES] != key.name:
        raise InvalidInputError(_NAMES[kind], "the file was made with another backup key; give that key")


def _size(length: bytes, name: str) -> int:
    size = int.from_bytes(length)
    if len(length) != _LENGTH_BYTES or not _TAG_BYTES <= size <= _LONGEST_PART:
        raise InvalidInputError(name, _NOT_WHOLE)
    return size


_NOT_WHOLE = "the file is incomplete or was changed; nothing was restored from it, so use another one"


def _opened(cipher: AESGCM, sealed: bytes, head: bytes, number: int, *, is_last: bool, name: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(_nonce(number, is_last=is_last), sealed, head)
    except (InvalidTag, ValueError):
        raise InvalidInputError(name, _NOT_WHOLE) from None


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11) + bytes([is_last])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

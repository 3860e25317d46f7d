"""Files of the home folder that are sealed under a key of their own (AES-256-GCM). Knows no content.

The key is in no file: without the key, which is stored elsewhere, the file cannot be read.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.domain.errors import InvalidInputError
from engine.domain.file_faults import why_not
from engine.domain.vault.sealing import SealBrokenError

KEY_BYTES, _NONCE_BYTES = 32, 12
MOST_BYTES = 1024 * 1024 * 1024


def new_file_key() -> bytes:
    """Return a key for one file."""
    return secrets.token_bytes(KEY_BYTES)


def write_sealed(path: Path, content: bytes, *, key: bytes, bound_to: str) -> None:
    """Write it whole or not at all, readable by its owner only. Raises InvalidInputError if it is too large.

    ``bound_to`` is what it must be opened as.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # what reads no case need not wait

    if len(content) > MOST_BYTES:
        raise InvalidInputError("file", f"larger than {MOST_BYTES // 1024**2:,} MiB; divide it")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    nonce = os.urandom(_NONCE_BYTES)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(nonce)
            file.write(AESGCM(key).encrypt(nonce, content, bound_to.encode()))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise InvalidInputError("file", f"cannot be stored ({why_not(error)})") from None
    finally:
        beside.unlink(missing_ok=True)


def read_sealed(path: Path, *, key: bytes, bound_to: str) -> bytes:
    """Return the content again. Raises SealBrokenError if it is gone or is not what was sealed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise SealBrokenError(bound_to, f"its file cannot be read ({why_not(error)})") from None
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise SealBrokenError(bound_to, "its file was changed") from None

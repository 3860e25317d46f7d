"""The file of the digests' keys: one key after the other, the newest first. Knows no table and no person.

No key is dropped: the audit log's older entries are verified with the retired ones. While the key is
changed, the file that comes next is beside it. Once it is put in place, the former key is retired, whatever
a database says.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.access.digests import VaultKey
from engine.access.sealing import KEY_BYTES, Stamp, stamp_of
from engine.domain.errors import SetupError
from engine.domain.file_faults import why_not
from engine.key_files import is_from_command, read_key_file

MISSING = (
    "the key of the protected details is missing from the home folder; restore it from your copy of the keys"
)
_DAMAGED = "the key of the protected details is damaged; restore it from your copy of the keys"
_OTHERS = (
    "digest.key.new in the folder of keys is not of this digest.key; nothing was changed: move it away, or "
    "restore digest.key from your copy of the keys"
)


def read_digest_key(file: Path) -> VaultKey:
    """Read the key of the protected digests. Raises SetupError."""
    try:
        content = read_key_file(file)
    except FileNotFoundError:
        raise SetupError(MISSING) from None
    except OSError as error:
        raise SetupError(f"the key of the protected details cannot be read ({why_not(error)})") from None
    if not content or len(content) % KEY_BYTES:
        raise SetupError(_DAMAGED)
    return VaultKey(content)


def next_file(file: Path) -> Path:
    """Return the place of the file that comes next, while the key is changed."""
    return file.with_name(f"{file.name}.new")


class DigestKeys:
    """The keys of one home, read again whenever the file is another: a rotation may change it meanwhile."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: Stamp | None = None
        self._key: VaultKey | None = None

    def now(self) -> VaultKey:
        """Return the newest key, with the retired ones. Raises SetupError."""
        stamp = stamp_of(self._file)
        if self._key is None or stamp is None or stamp != self._seen:
            self._key, self._seen = read_digest_key(self._file), stamp
        return self._key

    def next(self) -> VaultKey | None:
        """Return the keys as they will be, while the key is changed, else None. Raises SetupError."""
        if is_from_command(self._file) or not next_file(self._file).exists():
            return None
        follows = read_digest_key(next_file(self._file))
        now = self.now().content
        if follows.content == now or not follows.content.endswith(now):
            raise SetupError(_OTHERS)
        return follows

    def for_register(self) -> tuple[bytes, ...]:
        """Return the keys that may sign the register: while the key is changed, the next one too."""
        now, follows = self.now(), self.next()
        return (now.for_register,) if follows is None else (now.for_register, follows.for_register)

    def require_file(self) -> None:
        """Raise SetupError where a command prints the keys: a new one would be in memory only."""
        if is_from_command(self._file):
            raise SetupError(
                "the keys come from 'keys_command', so no other one can be stored; nothing was changed: put "
                "both keys into files in the folder of keys, take 'keys_command' out of settings.toml, "
                "change the key, and put digest.key where the command reads it (base64 -w0 digest.key)"
            )

    def make_next(self) -> VaultKey:
        """Make a new key, in the file that comes next; one that is there stays."""
        there = self.next()
        if there is None:
            content = secrets.token_bytes(KEY_BYTES) + self.now().content
            place = next_file(self._file)
            part = place.with_name(f"{place.name}.part")
            part.unlink(missing_ok=True)  # of a change that was killed
            handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.replace(part, place)
            self._wait_for_disk()
            there = VaultKey(content)
        return there

    def put_next_in_use(self) -> None:
        """Put the file that comes next in place: from now on the former key only verifies."""
        os.replace(next_file(self._file), self._file)
        self._wait_for_disk()

    def _wait_for_disk(self) -> None:
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

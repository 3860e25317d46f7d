"""The store's requirements of a sealer of the protected tables. Knows no key, no cipher and no file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from engine.domain.errors import SetupError


class SealBrokenError(SetupError):
    """A protected row that does not open: changed, moved, never sealed, or sealed under a missing key."""

    def __init__(self, row: str, why: str) -> None:
        self.row, self.why = row, why
        super().__init__(
            f"protected row {row} cannot be opened: {why}; stop work on this record, keep a copy of it, "
            "and run 'stac doctor'"
        )


class Seals(Protocol):
    """A sealer of contents, each for its own row, so that no row can be read as another's."""

    def seal(self, content: bytes, *, row: str) -> bytes:
        """Return the content as it is stored, bound to this row."""
        ...

    def seal_all(self, contents: Iterable[tuple[bytes, str]]) -> list[bytes]:
        """Return each of these contents as it is stored, bound to its row."""
        ...

    def unsealed(self, sealed: bytes, *, row: str) -> bytes:
        """Return the content again. Raises SealBrokenError when it is not what was sealed for this row."""
        ...

    def unsealed_all(self, sealed: Iterable[tuple[bytes, str]]) -> list[bytes]:
        """Return the content of each of these again. Raises SealBrokenError as ``unsealed`` does."""
        ...

    def is_newest(self, content: bytes) -> bool:
        """Return whether it is sealed under the newest key."""
        ...

    @property
    def newest(self) -> bytes:
        """The beginning of everything sealed under the newest key."""
        ...

"""An agency's extract tried before a case depends on it. Has counts, lines and reasons, and no person."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.domain.agencies.files import ExtractRead, TableSealed
from engine.domain.base import Frozen, Sentence

MOST_KNOWN = 200
"""People who may be named as known at once: a rehearsal does not replace a search of the records."""


class KnownAsked(Frozen):
    """The answer about a person who is known to be in the records, by the row that names them."""

    line: Annotated[int, Field(ge=1)]
    answer: str = Field(description="contribution, nil return, refused or failed")
    confirmed: bool = False
    says: Sentence
    gaps: tuple[Sentence, ...] = ()

    @property
    def is_lost(self) -> bool:
        """True if a panel would not learn that the agency knows the person."""
        return self.answer in {"nil return", "failed"}


class Rehearsal(Frozen):
    """Everything that a rehearsal found. ``read`` None: the agency has code of its own and no mapping."""

    agency: str
    sealed: bool
    not_sealed_because: Sentence | None = None
    files: tuple[TableSealed, ...] = ()
    read: ExtractRead | None = None
    unreadable: Sentence | None = None
    known: tuple[KnownAsked, ...] = ()

    @property
    def passes(self) -> bool:
        """True if it could be read, and no person who is in it was lost."""
        own = self.read.own_rows if self.read else None
        lost = own is not None and bool(own.not_found or own.other_row)
        return self.unreadable is None and not lost and not any(each.is_lost for each in self.known)

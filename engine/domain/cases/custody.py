"""Changes of custody of the alleged perpetrator, as a person records them. Knows no storage."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from engine.domain.base import Frozen, Instant


class CustodyChange(StrEnum):
    """A change of custody. That none is recorded does not mean that the person is at liberty."""

    TAKEN = "taken into custody"
    RELEASE_PLANNED = "release planned"
    RELEASED = "released from custody"


class StoredCustodyChange(Frozen):
    """One change as recorded; a correction is a later record."""

    change: CustodyChange
    on: date
    by: str
    at: Instant

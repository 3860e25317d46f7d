"""Saved searches and maps that one user shares with another: what each of the two may read of it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from engine.domain.accounts.acting import Role
from engine.domain.base import Frozen, Instant
from engine.domain.links.maps import MapAsked


class ShareAct(StrEnum):
    """A step of a share. The newest applies; that it was opened changes only whether it is new."""

    SHARED = "shared"
    OPENED = "opened"
    """Its recipient has opened it."""
    REMOVED = "removed"
    """Its recipient removed it from their list."""
    ENDED = "ended"
    """Its owner shares it no more."""

    @property
    def is_shared(self) -> bool:
        """Return whether the recipient may read it."""
        return self in (ShareAct.SHARED, ShareAct.OPENED)


class LinkShare(Frozen):
    """A saved search or map with its owner and a recipient, by the newest step."""

    item: str
    act: ShareAct
    owner: str
    owner_role: Role
    owner_agency: str | None
    recipient: str
    at: Instant


class SharedItem(Frozen):
    """An item that another user shares, worked out by its recipient's access at this moment."""

    reference: str
    owner: str
    at: Instant = Field(description="when it was shared")
    title: str
    begin_at: str | None = Field(description="where a map of it begins; None: a pattern without a finding")
    matches: int | None = Field(
        description="results of a search, or items within the distance of a map; None: the whole record is "
        "searched for it, and only when it is opened"
    )
    read_at: Instant
    is_new: bool
    asked: MapAsked | None = None
    """Of a map: what to draw, without items that do not exist for the recipient."""

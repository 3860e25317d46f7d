"""Maps of links that leave as files, each with its author and reason."""

from __future__ import annotations

from engine.domain.base import Frozen, Instant
from engine.domain.links.maps import MapAsked, PathAsked


class ExportedMap(Frozen):
    """A file of what a map shows."""

    file_name: str
    media_type: str
    content: bytes


class MapTakenOut(Frozen):
    """An export of a map or a path as a file, its author and reason. A path begins at its middle."""

    ref: str
    user: str
    middle: str
    asked: MapAsked | PathAsked
    form: str
    nodes: int
    links: int
    why: str
    at: Instant

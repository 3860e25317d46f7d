"""Maps of links that leave as files, each with its author and reason."""

from __future__ import annotations

from engine.domain.base import Frozen, Instant
from engine.domain.links.maps import MapAsked


class ExportedMap(Frozen):
    """A file of what a map shows."""

    file_name: str
    media_type: str
    content: bytes


class MapTakenOut(Frozen):
    """An export of a map as a file, its author and reason."""

    ref: str
    user: str
    middle: str
    asked: MapAsked
    form: str
    nodes: int
    links: int
    why: str
    at: Instant

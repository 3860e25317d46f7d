"""The answer to what was typed into the box of the Links page, as the asker may see it. No storage."""

from __future__ import annotations

from engine.domain.base import Frozen
from engine.domain.links.maps import PathOnMap
from engine.domain.links.views import NodeKind
from engine.domain.people.search import SeenHit


class LinkResult(Frozen):
    """An item of the record that may be meant: where a map or a path begins."""

    reference: str
    kind: NodeKind
    label: str
    on: tuple[str, ...] = ()
    """On what it matched; none for a reference."""
    cases: tuple[str, ...] = ()
    """The cases that it matched on and that the asker can open."""


class LinkEnd(Frozen):
    """The answer to one name, number or reference of a question."""

    results: tuple[LinkResult, ...]
    elsewhere: tuple[SeenHit, ...] = ()
    """Referrals that matched and whose links the asker may not see: whom to ask."""
    more: bool = False
    too_common: bool = False

    @property
    def sole(self) -> LinkResult | None:
        """The only item that can be meant; None where a person must choose."""
        is_sole = len(self.results) == 1 and not (self.elsewhere or self.more or self.too_common)
        return self.results[0] if is_sole else None


class LinksAnswer(Frozen):
    """One end, or the two of a path; with the path where each end is only one item."""

    ends: tuple[LinkEnd, ...]
    path: PathOnMap | None = None
    sent: str | None = None
    """The same sentence after every search by name or number; None where only references were typed."""
    left_today: int | None = None

    @property
    def is_path(self) -> bool:
        """Return whether a path between two was asked for."""
        return len(self.ends) == 2

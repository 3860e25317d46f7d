"""Patterns about the items of a map, and what is beyond its distance. Finds nothing."""

from __future__ import annotations

from engine.domain.base import Frozen


class PatternOnMap(Frozen):
    """A pattern found in the neighbourhood, with the path to it and the counter-evidence."""

    key: str
    says: str
    path: tuple[str, ...]
    persons: tuple[str, ...]
    counter_evidence: tuple[str, ...]
    beyond: int = 0
    """The number of people, incidents and other items of it that are not in the neighbourhood."""

    @property
    def beyond_in_words(self) -> str | None:
        """The same in a sentence; None if all of it is there."""
        if not self.beyond:
            return None
        items, are = ("item", "is") if self.beyond == 1 else ("items", "are")
        return f"{self.beyond:,} {items} of this pattern {are} beyond the distance of this map."


class PatternsOnMap(Frozen):
    """The detectors' findings in what this viewer may see here, and what could not be judged."""

    found: tuple[PatternOnMap, ...] = ()
    as_one: int = 0
    """The number still found where those who may be one person are read as one."""
    not_judged: tuple[str, ...] = ()
    further: int | None = None
    """The number of items one link further than what was drawn; None: not counted."""

    @property
    def further_in_words(self) -> str | None:
        """The same in a sentence; None if there are none, or they were not counted."""
        if not self.further:
            return None
        items, are = ("item", "is") if self.further == 1 else ("items", "are")
        return (
            f"{self.further:,} more {items} {are} one link further. "
            "A pattern about one of them is not named here."
        )

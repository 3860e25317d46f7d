"""The names of absence. ``None`` means "not recorded" and nothing else; silence is not safety."""

from __future__ import annotations

from enum import StrEnum


class YesNo(StrEnum):
    """An answer to a yes-or-no question, with its absences distinct."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"
    NOT_ASKED = "not asked"

    @property
    def in_words(self) -> str:
        """Its text on a page."""
        return self.value


class ItemState(StrEnum):
    """The state of an instrument's item; unknown and not asked are different things."""

    PRESENT = "present"
    POSSIBLE = "possible"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"

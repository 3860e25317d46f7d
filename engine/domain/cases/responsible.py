"""People responsible for a case: officer in the case, lead agency, case holder. None of them gives access."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.base import Code, Frozen, Instant

_LINE = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"
Line = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_LINE)]
OfficerName = Annotated[str, StringConstraints(min_length=2, max_length=120, pattern=_LINE)]
Contact = Annotated[str, StringConstraints(min_length=3, max_length=200, pattern=_LINE)]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=600, pattern=_LINE)]


class ResponsiblePart(StrEnum):
    """A part that may be recorded, or missing."""

    OFFICER = "officer in the case"
    HOLDER = "case holder"
    LEAD = "lead agency"


class Officer(Frozen):
    """The officer in the case as described: no user, without access, and no investigation lead by it."""

    name: OfficerName
    rank: Line | None = None
    """The rank or role."""
    force: Line | None = None
    unit: Line | None = None
    contact: Contact | None = None
    """The work contact."""

    @property
    def in_words(self) -> str:
        """Rank, name, unit, force and contact in one phrase; what is not recorded is left out."""
        name = f"{self.rank} {self.name}" if self.rank else self.name
        return ", ".join(each for each in (name, self.unit, self.force, self.contact) if each)


class ResponsibleChange(Frozen):
    """The parts that a person records; a part without a value stays.

    ``base_version`` is the version on the screen. It is 0 where none was recorded, and None without a screen.
    """

    officer: Officer | None = None
    holder: Code | None = None
    lead_agency: Code | None = None
    reason: Reason | None = None
    base_version: Annotated[int, Field(ge=0)] | None = None

    @property
    def parts(self) -> tuple[ResponsiblePart, ...]:
        """The parts that it names."""
        return tuple(part for part, value in _by_part(self.officer, self.holder, self.lead_agency) if value)


class Responsible(Frozen):
    """One version of who is responsible for a case; version 0 is that nothing is recorded."""

    version: int = 0
    officer: Officer | None = None
    holder: str | None = None
    lead_agency: str | None = None
    reason: str | None = None
    by: str | None = None
    at: Instant | None = None

    @property
    def missing(self) -> tuple[ResponsiblePart, ...]:
        """The parts that are not recorded."""
        return tuple(
            part for part, value in _by_part(self.officer, self.holder, self.lead_agency) if not value
        )

    def differs_in(self, change: ResponsibleChange) -> tuple[ResponsiblePart, ...]:
        """Return the parts that a change would replace by another: they need a reason."""
        ours = dict(_by_part(self.officer, self.holder, self.lead_agency))
        theirs = dict(_by_part(change.officer, change.holder, change.lead_agency))
        return tuple(part for part in change.parts if ours[part] and ours[part] != theirs[part])

    def changed_by(self, change: ResponsibleChange) -> Responsible:
        """Return it with what a change names; the rest stays."""
        named = {
            "officer": change.officer,
            "holder": change.holder,
            "lead_agency": change.lead_agency,
        }
        return self.model_copy(update={name: value for name, value in named.items() if value is not None})


def _by_part(
    officer: Officer | None, holder: str | None, lead_agency: str | None
) -> tuple[tuple[ResponsiblePart, object], ...]:
    return (
        (ResponsiblePart.OFFICER, officer),
        (ResponsiblePart.HOLDER, holder),
        (ResponsiblePart.LEAD, lead_agency),
    )

"""Complaints about the victim, and what a court or the panel found one to be. Knows no storage.

A complaint is alleged until then: nothing says that it is vexatious, malicious or false but such a finding.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.asked import Asked
from engine.domain.base import Frozen, Instant

IN_RESPONSES = "counter-complaints"
"""The key of a finding in a response whose records are complaints about the victim."""


class FoundBy(StrEnum):
    """The court or the panel: no one else finds it."""

    COURT = "a court"
    PANEL = "the panel"


class ComplaintFound(StrEnum):
    """A result of a finding on a complaint."""

    VEXATIOUS = "vexatious"
    MALICIOUS = "malicious"
    FALSE = "false"


class ComplaintFindingGiven(Frozen):
    """A finding of a court or of the panel on one complaint. ``source`` is where it is recorded."""

    found: Annotated[ComplaintFound, Asked("It was found")]
    found_by: Annotated[FoundBy, Asked("By", code="by")]
    found_on: Annotated[date, Asked("Date of the finding", code="on")]
    source: Annotated[
        str,
        StringConstraints(min_length=3, max_length=600, pattern=r"^[^\n\r]*$"),
        Asked("Record of the finding"),
    ]


class ComplaintFinding(ComplaintFindingGiven):
    """The same as recorded on an incident; the newest applies."""

    incident: str
    by: str
    at: Instant

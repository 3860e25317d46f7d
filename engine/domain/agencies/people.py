"""People in an agency's own records, for its staff or for the person themselves. Knows no agency's format."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.base import Frozen, Sentence
from engine.domain.dates import PartialDate
from engine.domain.responses.answers import MatchBasis

RecordName = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class PersonHeld(Frozen):
    """One record that answers to the person asked about, and on what it was found."""

    record: RecordName
    matched_on: MatchBasis


class PeopleFound(Frozen):
    """Every record that could be the person's; none when the search found nothing."""

    found: tuple[PersonHeld, ...] = ()


class SubjectAccessItem(Frozen):
    """One item held about a person, in words that may be given to them."""

    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    says: Sentence
    record: RecordName
    dated: PartialDate | None = None


class SubjectAccessResult(Frozen):
    """All that an agency holds about the requester, and where it searched.

    No item means that it searched and holds nothing. ``gaps`` names what it could not give: records that may
    or may not be this person's are counted there and shown to no one.
    """

    items: tuple[SubjectAccessItem, ...] = ()
    looked_in: Annotated[tuple[str, ...], Field(min_length=1)]
    gaps: tuple[Sentence, ...] = ()

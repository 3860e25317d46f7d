"""Whom an agency's own records hold, told to its staff or to the person. Knows no agency's format."""

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
    """Every record that could be the person's; none when the records were looked through in vain."""

    found: tuple[PersonHeld, ...] = ()


class SubjectAccessItem(Frozen):
    """One thing that is held about a person, in the words in which they may be told it."""

    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    says: Sentence
    record: RecordName
    dated: PartialDate | None = None


class SubjectAccessResult(Frozen):
    """All that an agency holds about the person who asks, and where it looked.

    No item means that it looked and holds nothing. ``gaps`` says what it could not tell: records that may or
    may not be this person's are counted there and told to nobody.
    """

    items: tuple[SubjectAccessItem, ...] = ()
    looked_in: Annotated[tuple[str, ...], Field(min_length=1)]
    gaps: tuple[Sentence, ...] = ()

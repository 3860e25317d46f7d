"""Formal classifications and facts of record: they travel when they are released. Compared by equality only.

An agency's own present judgement is another thing: a view, an opinion, the conclusion of a form. It waits for
the item of the conference, so that no view influences another.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from engine.domain.base import Frozen
from engine.domain.dates import PartialDate


class FormalKind(StrEnum):
    """The kinds of formal classifications and facts of record."""

    ROSH = "risk of serious harm"
    LICENCE = "licence"
    RECALL = "recall"
    MAPPA = "MAPPA level"
    HOMICIDE = "homicide"
    ATTEMPTED_HOMICIDE = "attempted homicide"
    WEAPON = "weapon"
    PREVIOUS_ORDER = "previous order"
    BREACH = "breach of an order or condition"


RELEASED_BY_HAND = frozenset({FormalKind.ROSH})
"""The kinds that a named practitioner releases, and no manifest: a level that a professional decided."""


class Formal(Frozen):
    """The formal part of a finding: its kind, its value in the owner's own words, its date and its owner.

    ``value`` is compared by equality with a table and with nothing else: it has no order. ``owner`` is who
    decided it, such as "the MAPPA panel"; None is the agency itself.
    """

    kind: FormalKind
    value: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    on: PartialDate | None = None
    owner: Annotated[str, StringConstraints(min_length=2, max_length=80)] | None = None

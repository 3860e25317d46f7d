"""Views on the four domains as professionals recorded them: carried, never formed. Knows no agency."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.domain.base import Sentence
from engine.domain.conference.risk import Domain, HowSoon, Level
from engine.domain.responses.answers import DomainView, Professional
from engine.hooks.extract_files import Recorded, Short


class RecordedView(Recorded):
    """One view in an agency's records: who recorded it, in which post, and when."""

    view_id: Short
    person_id: Short
    domain: Domain
    level: Level
    reasons: Sentence
    horizon_weeks: Annotated[int, Field(ge=1, le=520)] | None = None
    how_soon: HowSoon | None = None
    recorded_by: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    post: Annotated[str, StringConstraints(min_length=2, max_length=120)]
    recorded_on: date


def newest_views(recorded: Iterable[RecordedView], *, on: date) -> tuple[DomainView, ...]:
    """Return, for each domain, the newest view recorded by that day, unchanged.

    A later one is not yet there.
    """
    newest: dict[Domain, RecordedView] = {}
    for view in sorted(recorded, key=lambda each: (each.recorded_on, each.view_id)):
        if view.recorded_on <= on:
            newest[view.domain] = view
    return tuple(_carried(newest[domain]) for domain in Domain if domain in newest)


def _carried(view: RecordedView) -> DomainView:
    return DomainView(
        domain=view.domain,
        level=view.level,
        reasons=view.reasons,
        horizon_weeks=view.horizon_weeks,
        how_soon=view.how_soon,
        recorded_by=Professional(name=view.recorded_by, post=view.post),
        recorded_on=view.recorded_on,
    )

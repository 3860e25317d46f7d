"""Views on the four domains that a named professional recorded for the panel in a RiskAssessment. Forms none.

Only a RiskAssessment that is coded as one for the threat assessment centre holds such views. Any other is a
clinical instrument: its outcome, its probability and its reasons are not imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TypeVar

from pydantic import ValidationError

from engine.hooks.v1 import Domain, HowSoon, Level, RecordedView
from plugins.health.shapes import Coding, Named, Period, Prediction, RiskAssessmentTaken, RoleHeld
from plugins.health.words import words

_E = TypeVar("_E", bound=Enum)
_FOR_THE_PANEL = "structured-judgement"
_LONGEST_HORIZON = 520


def views_recorded(taken: RiskAssessmentTaken, pointer: str, notes: list[str]) -> tuple[RecordedView, ...]:
    """Return the views; a note says which were left out, and why."""
    system = words().systems.assessment
    if not any(each.system == system and each.code == _FOR_THE_PANEL for each in taken.code.coding):
        return ()
    if taken.status not in ("final", "amended", "corrected"):
        notes.append("It is not a final assessment; the views in it are not carried.")
        return ()
    by = _professional(taken.performer, taken.contained)
    if by is None:
        notes.append("It names no professional with a post; the views in it are not carried.")
        return ()
    if taken.on is None or not taken.on.is_whole_day:
        notes.append("It has no date of assessment; the views in it are not carried.")
        return ()
    views = []
    for prediction in taken.prediction:
        try:
            views += list(_views(prediction, taken, by, pointer))
        except ValidationError:
            notes.append(
                "A view in it lacks a level, reasons of one sentence, or a horizon; it is not carried."
            )
    return tuple(views)


def _views(
    prediction: Prediction, taken: RiskAssessmentTaken, by: tuple[str, str], pointer: str
) -> Iterator[RecordedView]:
    systems = words().systems
    domain = _coded(prediction.outcome.coding, systems.domain, Domain)
    if domain is None:
        return
    assert taken.on is not None
    yield RecordedView.model_validate(
        {
            "view_id": f"{pointer}-{_code(domain)}"[:80],
            "person_id": pointer,
            "domain": domain,
            "level": _coded(prediction.level.coding, systems.level, Level),
            "reasons": prediction.rationale,
            "horizon_weeks": _weeks(prediction.horizon),
            "how_soon": _coded(prediction.level.coding, systems.how_soon, HowSoon)
            if domain is Domain.VIOLENCE
            else None,
            "recorded_by": by[0],
            "post": by[1],
            "recorded_on": taken.on.earliest,
        }
    )


def _professional(performer: Named | None, roles: Iterable[RoleHeld]) -> tuple[str, str] | None:
    """Return a name and a post, from the role within the resource."""
    if performer is None or not (performer.reference or "").startswith("#"):
        return None
    for role in roles:
        named = role.practitioner.display if role.practitioner else None
        posts = [post.text for post in role.code if post.text]
        if f"#{role.id}" == performer.reference and named and posts:
            return named, posts[0]
    return None


def _coded(codings: Iterable[Coding], system: str, words_: type[_E]) -> _E | None:
    by_code = {_code(each): each for each in words_}
    return next((by_code[c.code] for c in codings if c.system == system and c.code in by_code), None)


def _code(enum: Enum) -> str:
    return str(enum.value).replace(" ", "-")


def _weeks(horizon: Period) -> int | None:
    if horizon.start is None or horizon.end is None:
        return None
    weeks = (horizon.end.earliest - horizon.start.earliest).days // 7
    return weeks if 1 <= weeks <= _LONGEST_HORIZON else None

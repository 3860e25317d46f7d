"""Agreement of two agencies' views on one domain of risk. Agreement is not accuracy, and not a target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.domain.base import Frozen
from engine.domain.conference.risk import Domain, Level


@dataclass(frozen=True, slots=True)
class Rating:
    """An agency's view on one domain of one case, with the professional who formed it."""

    case: str
    domain: Domain
    agency: str
    level: Level
    rater: str
    recorded_on: date


class LevelCount(Frozen):
    """The cases that an agency viewed at one level; None is hidden."""

    agency: str
    level: Level
    count: int | None


class AgreementFigure(Frozen):
    """Two agencies on one domain. ``why_not`` says why there is no figure, and then everything is None.

    ``not_compared`` are cases where one of them was unable to say, or the domain did not apply.
    """

    domain: Domain
    agencies: tuple[str, str]
    cases: int | None
    not_compared: int | None
    agreed: int | None
    kappa: float | None
    low: float | None
    high: float | None
    base_rates: tuple[LevelCount, ...]
    why_not: str | None

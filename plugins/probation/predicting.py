"""Predictors on a case: only at probation's own asking, for a person with a sanction, each with its caveat.

Computes by the pure functions of ``predictors``; forms no view and compares no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from engine.hooks.v1 import PredictorShown, ScoreResult, sentence
from engine.instruments.reading import read_instrument
from plugins.probation.predictors import ogrs3, ogrs4, ovp
from plugins.probation.records import PredictorAskedFor

_INSTRUMENTS = Path(__file__).parent / "instruments"


@dataclass(frozen=True, kw_only=True)
class _Predictor:
    score: Callable[[dict[str, object]], ScoreResult]
    predicts: str
    percent: str
    within_years: int = 2


_PREDICTORS = {
    "ogrs3": _Predictor(score=ogrs3.score, predicts="OGRS3, any reoffending", percent="percent_2y"),
    "ogrs4-arp": _Predictor(score=ogrs4.score_arp, predicts="OGRS4 ARP, any reoffending", percent="percent"),
    "ogrs4-vrp": _Predictor(
        score=ogrs4.score_vrp, predicts="OGRS4 VRP, violent reoffending", percent="percent"
    ),
    "ogrs4-svrp": _Predictor(
        score=ogrs4.score_svrp, predicts="OGRS4 SVRP, serious violent reoffending", percent="percent"
    ),
    "ovp": _Predictor(score=ovp.score, predicts="OVP, violent reoffending", percent="percent_2y"),
}
"""The screens for learning and maturity are not among them: they are about support, and not for a panel."""


def predictors_asked_for(
    asked_for: Iterable[PredictorAskedFor], *, sanctioned: bool, on: date
) -> tuple[PredictorShown, ...]:
    """Return what was asked for by that date, the newest asking of each predictor: its figure,
    or why there is none.

    Without a sanction nothing is computed. A predictor that is not for a case is left out.
    """
    newest: dict[str, PredictorAskedFor] = {}
    for asked in sorted(asked_for, key=lambda each: (each.asked_on, each.asked_id)):
        if asked.asked_on <= on and asked.predictor in _PREDICTORS:
            newest[asked.predictor] = asked
    return tuple(_shown(newest[name], sanctioned=sanctioned) for name in sorted(newest))


def unknown_asked_for(asked_for: Iterable[PredictorAskedFor], *, on: date) -> int:
    """Return how many askings by that date name a predictor that is not for a case."""
    return sum(asked.asked_on <= on and asked.predictor not in _PREDICTORS for asked in asked_for)


def _shown(asked: PredictorAskedFor, *, sanctioned: bool) -> PredictorShown:
    predictor = _PREDICTORS[asked.predictor]
    common: dict[str, object] = {
        "instrument": asked.predictor,
        "version": _version(asked.predictor),
        "predicts": predictor.predicts,
        "within_years": predictor.within_years,
        "asked_by": f"{asked.asked_by}, {asked.post}",
        "computed_on": asked.asked_on,
    }
    score = predictor.score(dict(asked.inputs)) if sanctioned else None
    if score is None or score.result is None:
        why = "No sanction is recorded here." if score is None else sentence(str(score.error))
        return PredictorShown.model_validate({**common, "not_computed": why[:600]})
    return PredictorShown.model_validate(
        {
            **common,
            "percent": score.result[predictor.percent],
            "band": score.result["band"],
            "from_history_alone": score.result.get("static"),
            "reasons": score.reasons,
        }
    )


@cache
def _version(name: str) -> str:
    return read_instrument(_INSTRUMENTS / f"{name}.toml").version

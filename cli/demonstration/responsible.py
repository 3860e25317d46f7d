"""Officer in the case and lead agency of an invented case; some cases lack them, as in a real centre."""

from __future__ import annotations

from cli.demonstration.stage import Stage, StagedReferral
from cli.demonstration.victims import voice_of
from engine.domain.cases.responsible import Officer, ResponsibleChange
from engine.services.cases.responsible import change_responsible
from engine.services.system.invented_city import professional_of

_LACKS_ONE_IN = 6
_RANKS = ("PC", "DC", "DS")
_UNITS = ("Stalking unit", "Public protection", "Response team")


def record_responsible(stage: Stage, referral: StagedReferral) -> None:
    """Record them as the coordinator, but of every sixth case; the person who screened it holds it."""
    key = referral.key
    if stage.drawn(key, "without an officer in the case", _LACKS_ONE_IN) == 0:
        return
    leads = [code for code in stage.codes if code != voice_of(stage)]
    officer = Officer(
        name=professional_of(stage.seed, f"officer in the case {key}").name,
        rank=_RANKS[stage.drawn(key, "rank of the officer", len(_RANKS))],
        force="Invented City Police",
        unit=_UNITS[stage.drawn(key, "unit of the officer", len(_UNITS))],
        contact=f"extension {4000 + stage.drawn(key, 'extension of the officer', 1000)}",
    )
    change_responsible(
        stage.runtime.context(stage.cast.coordinator),
        reference=referral.reference,
        change=ResponsibleChange(
            officer=officer,
            lead_agency=leads[stage.drawn(key, "lead agency", len(leads))] if leads else None,
        ),
    )

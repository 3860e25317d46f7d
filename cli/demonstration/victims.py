"""Invented victims' outcomes and own descriptions, and an invented price list of agencies' time."""

from __future__ import annotations

from decimal import Decimal

from cli.demonstration.stage import Stage, StagedReferral
from engine.domain.agencies.directory import VICTIM_VOICE
from engine.domain.outcomes.prices import Price, PriceList
from engine.domain.outcomes.victims import Moment
from engine.services.outcomes import costs, victims
from engine.services.system.invented_city import account_of, description_of

_POUNDS = (Decimal("38.50"), Decimal("41.25"), Decimal("46.00"), Decimal("29.75"))
"""Invented, and not those of any agency."""


def record_prices(stage: Stage) -> None:
    """Record a price for each agency, from before the invented past."""
    prices = tuple(
        Price(agency=code, begins=stage.clock.today(), pounds_per_hour=_POUNDS[place % len(_POUNDS)])
        for place, code in enumerate(stage.codes)
    )
    costs.set_prices(stage.runtime.context(stage.cast.coordinator), given=PriceList(prices=prices))


def voice_of(stage: Stage) -> str | None:
    """Return the code of the victim's advocate's agency, if one is installed."""
    return next((code for code, seat in stage.seats.items() if seat == VICTIM_VOICE), None)


def record_account(stage: Stage, referral: StagedReferral, moment: Moment) -> None:
    """Record, as the victim's advocate, what the victim gives now; at intake the own description too."""
    voice = voice_of(stage)
    if voice is None:
        return
    context = stage.runtime.context(referral.practitioner(stage, voice))
    today, seed = stage.clock.today(), stage.seed
    intake = account_of(referral.episode, Moment.INTAKE, seed=seed, on=today)
    given = (
        intake
        if moment is Moment.INTAKE
        else account_of(referral.episode, moment, seed=seed, on=today, before=intake)
    )
    victims.record_victim_outcome(context, reference=referral.reference, given=given)
    if moment is Moment.INTAKE:
        own = description_of(referral.episode, seed=seed, on=today)
        victims.describe_victim(context, reference=referral.reference, given=own)

"""Agreement between agencies' views over all cases. Which agencies differ on a case is on the case's page."""

from __future__ import annotations

from engine.access.policy import May, require
from engine.domain.outcomes.agreement import AgreementFigure, Rating
from engine.outcomes.agreement import agreement_figures
from engine.services.context import Context


def agreement_between_agencies(context: Context) -> tuple[AgreementFigure, ...]:
    """Return how far the newest released views of two agencies agree, for each domain. Restricted: left out.

    Raises
    ------
    NotPermittedError
        The role of the person who acts does not permit it.
    """
    require(May.SEE_AGGREGATES, context.acting)
    with context.reading("see agreement between agencies") as work:
        facts = work.process_figures.requests()
        ratings = [
            Rating(fact.case, view.domain, fact.agency, view.level, view.recorded_by.name, view.recorded_on)
            for fact in facts
            for view in fact.views()
        ]
        work.notes(views=len(ratings))
    return agreement_figures(ratings)

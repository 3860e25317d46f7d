"""Facts for figures are alike on both databases: responses, accounts of victims, price lists."""

from __future__ import annotations

from datetime import date

from engine.domain.absence import ItemState
from engine.domain.conference.risk import Domain, Level
from engine.domain.outcomes.described import DescriptionGiven
from engine.domain.outcomes.prices import PriceList
from engine.domain.outcomes.process import Offered
from engine.domain.outcomes.victims import Moment, VictimOutcomeGiven
from engine.domain.responses.answers import Failed, FailureReason, InstrumentItem, InstrumentResult, Stage
from engine.domain.responses.voices import AdvocateOffer, OfferOutcome
from engine.store.repositories.process_figures import items_in, offer_in
from tests.builders import Desk, a_contribution, in_one_entry, with_toys
from tests.dashboard.visits import a_view, asked

ACCOUNT = VictimOutcomeGiven.model_validate(
    {"moment": "intake", "agreed": "agreed", "asked_on": "2026-03-01", "answers": {"safety": "safe"}}
)
OWN = DescriptionGiven.model_validate(
    {"agreed": "agreed", "asked_on": "2026-03-01", "characteristics": {"sex": "female"}}
)
PRICES = PriceList.model_validate(
    {"prices": [{"agency": "voice", "begins": "2026-01-01", "pounds_per_hour": "30.25"}]}
)


def test_facts_for_figures_are_the_same_on_both_databases(desk: Desk) -> None:
    with_toys(desk)
    reference = asked(desk)
    item = InstrumentItem(item="item-1", state=ItemState.UNKNOWN)
    answer = a_contribution(
        views=(a_view(Level.HIGH),),
        instruments=(InstrumentResult(instrument="a-form", version="1", items=(item,)),),
        advocate_offered=AdvocateOffer(came_to=OfferOutcome.DECLINED),
    )
    failed = Failed(reason=FailureReason.CRASHED, says="It stopped.")
    at = desk.clock.now()
    with in_one_entry(desk.runtime) as work:
        work.touches(reference)
        for given in (answer, failed):
            work.answers.add(
                reference, "voice", given, stage=Stage.RELEASED, author="x", plugin_version=None, at=at
            )
        for _ in range(2):
            work.victims_outcomes.add(reference, ACCOUNT, agency="voice", by="x", at=at)
        work.victims_outcomes.describe(reference, OWN, agency="voice", by="x", at=at)
        assert work.price_lists.add(PRICES, by="x", at=at) == 1
    with desk.runtime.uow.unrecorded() as work:
        facts = {fact.agency: fact for fact in work.process_figures.requests()}
        assert set(facts) == {"harbour", "lantern", "voice"}
        assert (facts["voice"].newest_kind, facts["voice"].first_good_at) == ("contribution", at)
        assert (facts["harbour"].newest_kind, facts["harbour"].first_good_at) == (None, None)
        assert [(view.domain, view.level) for view in facts["voice"].views()] == [
            (Domain.VIOLENCE, Level.HIGH)
        ]
        assert items_in(list(facts.values())) == {ItemState.UNKNOWN: 1}
        assert offer_in(list(facts.values())) is Offered.DECLINED
        (dates,) = work.process_figures.dates()
        assert (dates.case, dates.screened_at, dates.conference_at) == (reference, at, None)
        assert work.victims_outcomes.counted() == {reference: {Moment.INTAKE: ACCOUNT}}
        (stored,) = work.victims_outcomes.of(reference)
        assert (stored.version, stored.given) == (2, ACCOUNT)
        assert work.victims_outcomes.described() == {reference: OWN}
        newest = work.price_lists.newest()
        assert newest is not None
        assert newest.given == PRICES
        assert newest.given.price("voice", date(2026, 3, 1)) is not None
        assert work.process_figures.minutes() == ()
        assert work.process_figures.dissent() == {}

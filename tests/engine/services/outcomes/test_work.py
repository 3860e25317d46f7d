"""Figures of the work, of agreement and of costs: from the record, in few statements, none restricted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.domain.absence import ItemState
from engine.domain.accounts.acting import Acting
from engine.domain.conference.risk import Dissent, Domain, Level
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.outcomes.prices import Price, PriceList
from engine.domain.outcomes.process import Offered, ProcessCase, ResponseKind, Timing
from engine.domain.plans.actions import ActionStatus, Delivered
from engine.domain.plans.lists import Wishes
from engine.domain.responses.answers import InstrumentItem, InstrumentResult, NilReturn
from engine.domain.responses.voices import AdvocateOffer, OfferOutcome
from engine.services.access.restrictions import restrict
from engine.services.outcomes.costs import add_price, cost_figures, price_lists, set_prices
from engine.services.outcomes.process import process_cases, process_figures
from engine.services.outcomes.releases import work_read
from engine.services.plans.actions import act
from engine.services.responses.agency_answers import answer_by_hand
from tests.builders import Desk, with_toys
from tests.dashboard.visits import a_view, answers, asked, decided, opened, planned
from tests.differential import statements_of
from tests.engine.services.outcomes.forty import released_next_quarter


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def cases(desk: Desk) -> dict[str, ProcessCase]:
    with desk.runtime.uow.unrecorded() as work:
        return {
            each.reference: each
            for each in process_cases(work, at=desk.clock.now(), settings=desk.runtime.settings)
        }


def answered(desk: Desk, workers: dict[str, Acting], number: str = "1") -> str:
    """A case that two agencies have answered, one of them late; the third has not."""
    reference = asked(desk, number)
    items = tuple(
        InstrumentItem(item=f"item-{place}", state=state)
        for place, state in enumerate((ItemState.UNKNOWN, ItemState.UNKNOWN, ItemState.PRESENT))
    )
    answers(
        desk,
        workers["voice"],
        reference,
        a_view(Level.HIGH),
        instruments=(InstrumentResult(instrument="a-form", version="1", items=items),),
        advocate_offered=AdvocateOffer(came_to=OfferOutcome.ACCEPTED),
    )
    desk.clock.forward(timedelta(days=30))
    nil = NilReturn(looked_in=("cards",), says="Nothing was found.")
    answer_by_hand(desk.context(workers["harbour"]), reference=reference, agency="harbour", answer=nil)
    return reference


def test_a_case_is_read_with_its_times_responses_items_and_plan(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = answered(desk, workers)
    before = cases(desk)[reference]
    assert (before.screened_on, before.conference_on, before.has_dissent, before.wishes) == (
        before.received_on,
        None,
        None,
        None,
    )
    assert sorted((each.timing, each.kind) for each in before.requests) == [
        (Timing.IN_TIME, ResponseKind.CONTRIBUTION),
        (Timing.LATE, ResponseKind.NIL_RETURN),
        (Timing.OVERDUE, ResponseKind.NONE),
    ]
    assert before.items == {ItemState.UNKNOWN: 2, ItemState.PRESENT: 1}
    assert before.offered is Offered.ACCEPTED
    opened(desk, reference)
    decided(desk, reference, dissent=(Dissent(agency="harbour", who="A. B.", reasons="It asks too little."),))
    planned(desk, reference, due=(desk.clock.today() + timedelta(days=3)).isoformat())
    desk.clock.forward(timedelta(days=4))
    after = cases(desk)[reference]
    assert after.conference_on == before.received_on + timedelta(days=30)
    assert after.has_dissent is True
    assert after.wishes is Wishes.NOT_RECORDED
    assert after.actions == ((ActionStatus.NOT_STARTED, True),)


def test_a_restricted_case_is_in_no_figure_of_the_work(desk: Desk, workers: dict[str, Acting]) -> None:
    reference, other = answered(desk, workers), asked(desk, "2")
    restrict(desk.context(desk.chair), reference=reference, why="A party works here.")
    assert set(cases(desk)) == {other}
    with desk.runtime.uow.unrecorded() as work:
        assert {fact.case for fact in work.process_figures.requests()} == {other}
        assert {dates.case for dates in work.process_figures.dates()} == {other}


def test_more_cases_take_no_more_statements(desk: Desk, workers: dict[str, Acting]) -> None:
    def count() -> int:
        with statements_of(desk) as given:
            process_figures(desk.context(desk.chair))
            cost_figures(desk.context(desk.chair))
            with desk.runtime.uow.unrecorded() as work:
                work_read(
                    work, received_by=desk.clock.today(), at=desk.clock.now(), settings=desk.runtime.settings
                )
        return len(given)

    answered(desk, workers)
    one = count()
    for number in range(2, 6):
        asked(desk, str(number))
    assert count() == one


PRICES = PriceList.model_validate(
    {"prices": [{"agency": "harbour", "begins": "2026-01-01", "pounds_per_hour": 60}]}
)


def test_minutes_of_the_report_that_applies_are_priced(desk: Desk, workers: dict[str, Acting]) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    planned(desk, reference)
    with desk.runtime.uow.unrecorded() as work:
        (action,) = work.plans.of([reference])[reference].actions
    harbour = desk.context(workers["harbour"])
    chair = desk.context(desk.chair)
    assert cost_figures(chair).why_not == "Cannot be estimated: no agency has reported minutes."
    for minutes in (500, 90):
        act(harbour, action=action.reference, status=ActionStatus.DONE, delivered=Delivered(minutes=minutes))
    with desk.runtime.uow.unrecorded() as work:
        (spent,) = work.process_figures.minutes()
    assert (spent.agency, spent.minutes, spent.spent_on) == ("harbour", 90, desk.clock.today())
    assert cost_figures(chair).why_not == "Cannot be estimated: no price list is recorded."
    set_prices(desk.context(desk.coordinator), given=PRICES)
    view = cost_figures(chair)
    assert view.why_not is None
    assert (view.cases, view.minutes, str(view.pounds)) == (1, 90, "90")
    with pytest.raises(NotPermittedError, match="only a person who can open each of the cases"):
        cost_figures(harbour)
    with pytest.raises(NotPermittedError):
        process_figures(harbour)
    released = released_next_quarter(desk).work
    assert released is not None
    assert released.costs is not None
    assert {released.costs.view.cases, released.costs.view.minutes, released.costs.view.pounds} == {None}


def test_a_price_list_is_replaced_whole_and_stays_in_the_record(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    coordinator = desk.context(desk.coordinator)
    assert set_prices(coordinator, given=PRICES) == 1
    with pytest.raises(InvalidInputError, match="the same as version 1"):
        set_prices(coordinator, given=PRICES)
    later = Price.model_validate({"agency": "harbour", "begins": "2026-04-01", "pounds_per_hour": 62})
    assert add_price(coordinator, price=later) == 2
    with pytest.raises(InvalidInputError, match="the newest price is from 1 April 2026"):
        add_price(coordinator, price=later)
    newest, first = price_lists(coordinator)
    assert [str(each.ends) for each in newest.given.in_order()] == ["2026-03-31", "None"]
    assert first.given == PRICES
    unknown = PriceList.model_validate(
        {"prices": [{"agency": "fire", "begins": "2026-01-01", "pounds_per_hour": 1}]}
    )
    with pytest.raises(InvalidInputError, match="an agency is not installed"):
        set_prices(coordinator, given=unknown)
    with pytest.raises(NotPermittedError, match="manager"):
        set_prices(desk.context(desk.chair), given=PRICES)


def test_agreement_is_of_released_views_and_says_that_it_needs_twenty_cases(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    reference = asked(desk)
    for code, level in (("voice", Level.HIGH), ("harbour", Level.LOW)):
        answers(desk, workers[code], reference, a_view(level))
    released = released_next_quarter(desk).work
    assert released is not None
    figure = released.agreement[0].figure
    assert (figure.domain, figure.agencies) == (Domain.VIOLENCE, ("harbour", "voice"))
    assert figure.why_not is not None
    assert "20 cases" in figure.why_not

"""Parts of Outcomes: each has an address, hides small figures, and says what its figures are."""

from __future__ import annotations

from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.outcomes.described import Characteristic
from engine.domain.outcomes.victims import Agreed, LifeChange, Moment, Topic
from engine.services.outcomes.costs import price_lists
from tests.builders import Desk
from tests.dashboard.visits import Connection, Visit, Visits, screened

TITLES = {
    "victims": "Victims' outcomes",
    "process": "Process",
    "equity": "Equity",
    "agreement": "Agreement",
    "costs": "Costs",
}


@pytest.mark.parametrize("code", TITLES)
def test_each_part_has_an_address_and_figures_of_one_case_are_hidden(
    desk: Desk, workers: dict[str, Acting], visits: Visits, code: str
) -> None:
    reference = screened(desk)
    visit = visits(desk.add("max", Role.MANAGER), Place.OUTCOMES, codes={"part": code})
    assert f'<h1 class="page">{escape(TITLES[code])}</h1>' in visit.source
    assert 'aria-current="page"' in visit.source
    assert "Restricted cases are not counted." in visit.words
    assert reference not in visit.source
    assert "hidden" in visit.words.casefold()


def test_a_code_that_is_gone_shows_the_overview(desk: Desk, visits: Visits) -> None:
    assert (
        "Did stalking continue after the panel"
        in visits(desk.chair, Place.OUTCOMES, codes={"part": "gone"}).words
    )


def test_the_characteristic_is_a_closed_code_in_the_address(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    visit = visits(desk.chair, Place.OUTCOMES, codes={"part": "equity", "by": "age-band"})
    assert visit.app.selectbox(key="equity-by").value is Characteristic.AGE_BAND
    visit.app.selectbox(key="equity-by").set_value(Characteristic.RELIGION)
    visit.run()
    assert visit.app.query_params["by"] in ("religion", ["religion"])
    assert '<h2 class="sec" id="equity-religion">' in visit.source
    gone = visits(desk.chair, Place.OUTCOMES, codes={"part": "equity", "by": "surname"})
    assert gone.app.selectbox(key="equity-by").value is Characteristic.SEX


def figures_of_many() -> None:
    """Forty victims, thirty answers of agencies, and costs of twelve cases, drawn."""
    from datetime import date
    from decimal import Decimal

    from dashboard.views.outcomes import agreement, costs, process, victims
    from engine.domain.conference.risk import Domain, Level
    from engine.domain.outcomes.agreement import Rating
    from engine.domain.outcomes.prices import Price, PriceList
    from engine.domain.outcomes.tables import Spread
    from engine.domain.outcomes.victims import Moment, VictimOutcomeGiven
    from engine.outcomes.agreement import agreement_figures
    from engine.outcomes.costs import TimeReported, cost_view
    from engine.outcomes.figure_tables import shown
    from engine.outcomes.victims_figures import victims_tables
    from engine.services.outcomes.process import ProcessView

    def entry(moment: Moment, answer: str) -> VictimOutcomeGiven:
        given = {"moment": moment, "agreed": "agreed", "asked_on": "2026-03", "answers": {"safety": answer}}
        return VictimOutcomeGiven.model_validate(given)

    exits = ["safe"] * 10 + ["very unsafe"] * 11 + ["unsafe"] * 12 + ["not known"] * 13
    cases = [
        {Moment.INTAKE: entry(Moment.INTAKE, "unsafe"), Moment.EXIT: entry(Moment.EXIT, answer)}
        for answer in exits
    ]
    victims.draw(tuple(shown(table) for table in victims_tables(cases)))
    days = Spread(name="days", title="From referral", cases=40, median=3, lower_quartile=1, upper_quartile=9)
    process.draw(ProcessView(days=(days,), tables=()))
    levels = [(Level.LOW, Level.LOW)] * 15 + [(Level.HIGH, Level.HIGH)] * 15 + [(Level.LOW, Level.HIGH)] * 10
    ratings = [
        Rating(f"case {n}", Domain.VIOLENCE, agency, level, f"{agency} {n % 3}", date(2026, 3, 1))
        for n, pair in enumerate(levels)
        for agency, level in zip(("harbour", "voice"), pair, strict=True)
    ]
    agreement.draw(agreement_figures(ratings), {"harbour": "Harbour", "voice": "Voice"})
    price = Price(agency="voice", begins=date(2026, 1, 1), pounds_per_hour=Decimal(30))
    reported = [TimeReported(f"case {n}", "voice", date(2026, 3, 1), 120) for n in range(12)]
    costs.draw(cost_view(reported, PriceList(prices=(price,))), {"voice": "Voice"})
    costs.draw(cost_view(reported, None), {"voice": "Voice"})


def test_figures_of_many_are_shown_with_what_they_are() -> None:
    app = AppTest.from_function(figures_of_many).run(timeout=30)
    assert not app.exception
    answer = Visit(app, Connection(), token=None).words
    assert "Topic Worse Same Better No answer at both Safety 11 12 10 13" in answer
    assert "Of 46 victims who agreed at intake and at exit." in answer
    assert "From referral 40 3 1 and 9 days" in answer
    assert "Violence Harbour and Voice 30 of 40 0.53 (" in answer
    assert "Cost of each of them, on average £60" in answer
    assert "Cost in all £720" in answer
    assert "Cannot be estimated: no price list is recorded." in answer
    assert "Cost in all not shown" in answer
    assert "What is this figure?" in answer


def test_the_advocate_records_an_account_and_others_see_no_trace_of_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    key = f"victim-outcome-{reference}"
    visit = visits(workers["voice"], Place.CASE, reference)
    visit.open("victim-outcome")
    visit.press(f"{key}-save")
    assert "choose when, and what the victim agreed to" in visit.words
    visit.app.radio(key=f"{key}-moment").set_value(Moment.INTAKE)
    visit.app.radio(key=f"{key}-agreed").set_value(Agreed.GIVEN)
    visit.run()
    visit.press(f"{key}-save")
    assert "give the date when the victim was asked" in visit.words
    visit.app.text_input(key=f"{key}-on").set_value("1 March 2026")
    visit.press(f"{key}-save")
    assert "answers: give at least 1" in visit.words
    visit.app.selectbox(key=f"{key}-{Topic.FEAR.name}").set_value("often")
    visit.app.multiselect(key=f"{key}-changes").set_value([LifeChange.PHONE])
    visit.finish(f"{key}-save")
    assert "The victim's outcomes at intake are recorded." in visit.words
    assert "Fear in the last month often" in visit.words
    assert "phone, email or accounts" in visit.words
    for other in (desk.chair, workers["harbour"]):
        seen = visits(other, Place.CASE, reference)
        assert not seen.offers("victim-outcome")
        assert "Fear in the last month" not in seen.words


def test_without_agreement_the_form_has_no_questions(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    key = f"victim-description-{reference}"
    visit = visits(workers["voice"], Place.CASE, reference)
    visit.open("victim-description")
    visit.app.radio(key=f"{key}-agreed").set_value(Agreed.REFUSED)
    visit.run()
    assert not [each for each in visit.app.selectbox if str(each.key).startswith(key)]
    visit.app.text_input(key=f"{key}-on").set_value("01/03/2026")
    visit.finish(f"{key}-save")
    assert "The victim's own description is recorded." in visit.words
    assert "Refused" in visit.words


def test_a_price_ends_the_one_before_it_and_only_some_may_add_one(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    assert not visits(desk.chair, Place.OUTCOMES, codes={"part": "costs"}).offers("add-price")
    manager = desk.add("max", Role.MANAGER)
    shown = ""
    for begins, pounds in (("1 April 2025", "40"), ("1 April 2026", "42.50")):
        visit = visits(manager, Place.OUTCOMES, codes={"part": "costs"})
        visit.open("add-price")
        visit.press("price-save")
        assert "choose the agency, and give the date and the pounds an hour" in visit.words
        visit.app.selectbox(key="price-agency").set_value("voice")
        visit.app.text_input(key="price-begins").set_value(begins)
        visit.app.text_input(key="price-pounds").set_value("a lot")
        visit.press("price-save")
        assert "give a number such as 43.25" in visit.words
        visit.app.text_input(key="price-pounds").set_value(pounds)
        shown = visit.finish("price-save").words
    newest, first = price_lists(desk.context(manager))
    assert [str(each.ends) for each in newest.given.in_order()] == ["2026-03-31", "None"]
    assert len(first.given.prices) == 1
    assert "31 March 2026" in shown

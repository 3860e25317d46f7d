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
from tests.engine.services.outcomes.forty import released_next_quarter

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
    assert "No release yet." in visit.words
    released_next_quarter(desk)
    visit = visits(desk.add("mary", Role.MANAGER), Place.OUTCOMES, codes={"part": code})
    assert "Release of 31 March 2026, frozen." in visit.words
    assert "Restricted cases are not counted." in visit.words
    assert reference not in visit.source
    assert "hidden" in visit.words.casefold() or "No " in visit.words


def test_a_code_that_is_gone_shows_the_overview(desk: Desk, visits: Visits) -> None:
    assert (
        "Did stalking continue after the panel"
        in visits(desk.chair, Place.OUTCOMES, codes={"part": "gone"}).words
    )


def test_the_characteristic_is_a_closed_code_in_the_address(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    released_next_quarter(desk)
    visit = visits(desk.chair, Place.OUTCOMES, codes={"part": "equity", "by": "age-band"})
    assert visit.app.selectbox(key="equity-by").value is Characteristic.AGE_BAND
    visit.app.selectbox(key="equity-by").set_value(Characteristic.RELIGION)
    visit.run()
    assert visit.app.query_params["by"] in ("religion", ["religion"])
    assert '<h2 class="sec" id="equity-religion">' in visit.source
    assert '<h2 class="sec" id="equity-sex">' not in visit.source
    visit.app.selectbox(key="equity-by").set_value(Characteristic.SEX)
    visit.run()
    assert '<h2 class="sec" id="equity-sex">' in visit.source
    assert '<h2 class="sec" id="equity-sexual-orientation">' not in visit.source
    gone = visits(desk.chair, Place.OUTCOMES, codes={"part": "equity", "by": "surname"})
    assert gone.app.selectbox(key="equity-by").value is Characteristic.SEX


def figures_of_many() -> None:
    """The parts of a release of three hundred referrals, drawn."""
    from datetime import UTC, date, datetime

    from dashboard.views.outcomes import agreement, costs, equity, process, victims
    from engine.domain.outcomes.releases import Release
    from engine.outcomes.releases.work_releasing import make_work_figures
    from tests.engine.outcomes.releases.worked import a_centre

    day = date(2025, 12, 31)
    made = make_work_figures(
        a_centre(300),
        as_of=day,
        earlier=(),
        funnel=(),
        decided=(),
        limit=10,
        width=10,
        seconds_left=lambda: 600,
    )
    release = Release(
        as_of=day,
        made_at=datetime(2026, 1, 3, tzinfo=UTC),
        limit=10,
        width=10,
        decided_from=None,
        decided_until=None,
        dimensions=(),
        groups=(),
        work=made.figures,
    )
    assert release.work is not None
    assert release.work.costs is not None
    victims.draw(release, release.work)
    process.draw(release, release.work)
    equity.draw(release, release.work)
    agreement.draw(release.work, {"harbour": "Harbour", "voice": "Voice"})
    costs.draw(release.work.costs, release, {"voice": "Voice", "harbour": "Harbour"})


def test_figures_of_many_are_shown_with_what_they_are() -> None:
    app = AppTest.from_function(figures_of_many).run(timeout=60)
    assert not app.exception
    answer = Visit(app, Connection(), token=None).words
    assert "Topic Worse Same Better No answer at both Safety hidden hidden hidden hidden" in answer
    assert "Of 52 victims who agreed at intake and at exit." in answer
    assert "From referral to screening 281 2 1 and 4 days 31 December 2025" in answer
    assert "Of 300 referrals." in answer
    assert "Violence Harbour and Voice 240 of 300 0.69 (0.62 to 0.77)" in answer
    assert "Cost in all £10,194" in answer
    assert "What is this figure?" in answer
    assert answer.count("Table as CSV") > 10


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
        assert "Agency: choose one." in visit.words
        assert "From: give the date." in visit.words
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

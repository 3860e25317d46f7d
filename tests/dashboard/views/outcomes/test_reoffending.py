"""Outcomes over all cases, and of one: reported, recorded and proven apart, and what nobody knows yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import outcome_charts, outcome_series
from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.outcomes.follow_up import AgainstWhom, Measure, OutcomeFound
from engine.domain.outcomes.releases import Curve
from engine.services.outcomes.agency_outcomes import ask_outcomes
from engine.services.outcomes.releases import make_outcome_release
from tests.builders import Desk
from tests.dashboard.views.outcomes.released import A_RELEASE
from tests.dashboard.visits import Connection, Visit, Visits, asked, decided, deltas, opened
from tests.engine.services.outcomes.test_agency_outcomes import FOUND, let_find

pytestmark = pytest.mark.usefixtures("any_clock")


def test_before_the_first_release_the_page_says_when_a_quarter_ends(desk: Desk, visits: Visits) -> None:
    text = visits(desk.chair, Place.OUTCOMES).words
    assert "No release yet. A coordinator or manager can make one here for the last quarter." in text
    assert "The next quarter ends on" in text


def test_a_release_of_few_cases_shows_that_it_is_hidden(desk: Desk, visits: Visits) -> None:
    manager = desk.add("max", Role.MANAGER)
    make_outcome_release(desk.context(manager))
    text = visits(manager, Place.OUTCOMES).words
    assert "Hidden: the release counts fewer than 10 decided cases." in text


def drawn_page() -> None:
    """The page of a release, at the group that the address names."""
    import streamlit as st

    from dashboard.views.outcomes.reoffending import draw, draw_title
    from tests.dashboard.views.outcomes.released import A_RELEASE, TODAY

    if "borough" in st.session_state:
        st.query_params["borough"] = st.session_state["borough"]
    draw_title(A_RELEASE)
    draw(A_RELEASE, today=TODAY)


def drawn(borough: str | None = None) -> tuple[AppTest, str]:
    app = AppTest.from_function(drawn_page)
    if borough:
        app.session_state["borough"] = borough
    app.run(timeout=30)
    assert not app.exception
    return app, Visit(app, Connection(), token=None).words


def test_whether_how_often_how_soon_and_still_open_come_first() -> None:
    app, text = drawn()
    assert "Release of 30 September 2026, frozen" in text
    assert "161 of 387 cases (42%)" in text
    assert "1.7 reports a year" in text
    assert "Half within 13 weeks Half of the 161 first reports came within this number of weeks" in text
    assert "238 of 684 not yet known" in text
    assert "59 more ended early or were not checked. Neither group counts as “none”." in text
    assert text.index("Whether") < text.index("Time to the next reported stalking")
    reported, recorded, *_ = app.get("vega_lite_chart")
    assert "step-after" in reported.proto.spec
    assert "It falls to 60% at 12 months, 95% interval 56% to 64%." in reported.proto.alt
    assert "After 24 months it is 52%, 95% interval 47% to 57%, and 71 of 619 cases" in reported.proto.alt
    assert "20% had a recorded crime" in recorded.proto.alt
    assert "16% custody or death first" in recorded.proto.alt
    assert (
        "A new recorded crime is less likely during custody and not possible after death. "
        "Both are counted separately." in text
    )
    denied = text[text.index("Limits of these figures") :]
    for each in (
        "No figure shows that a plan caused or prevented something.",
        "“No further report” does not mean no stalking.",
        "More reports do not always mean more stalking.",
    ):
        assert each in denied


def test_the_numbers_under_a_curve_say_what_has_not_come_yet() -> None:
    figures = A_RELEASE.groups[0]
    for curve, competing, said in (
        (figures.reported, False, "Cases still followed, no further report yet"),
        (figures.recorded, True, "Cases still followed, none of these yet"),
    ):
        assert curve is not None
        assert said in str(outcome_charts.released_curve(curve, competing=competing, dark=False))


def test_each_group_has_its_own_small_curve_and_a_hidden_one_keeps_its_place() -> None:
    app, text = drawn()
    assert "Time to the next reported stalking, by year of the decision" in text
    hidden = "This group, or another one, has so few cases that this figure would reveal them."
    assert text.count(hidden) == 1  # of 2025
    _, _, small, _ = app.get("vega_lite_chart")
    assert small.proto.alt.startswith("2024. Share of cases without a further report")
    curve = A_RELEASE.groups[-1].reported
    assert curve is not None
    picture = outcome_series.small_curve(curve, last_month=24, dark=False)
    assert labels_in(picture) == {
        "70% at 6 months": 6,
        "42 followed": 6,
    }
    assert "2024 190 70% (63% to 76%) at 6 months 42" in text
    assert "by borough at referral" not in text
    _, text = drawn("Northmere")
    assert "by year of the decision" not in text


@pytest.mark.parametrize("until", [1, 2, 6, 11, 12, 13, 24])
def test_the_axis_of_every_curve_has_12_months_and_whole_numbers_of_them(until: int) -> None:
    given = A_RELEASE.groups[0].reported
    competing = A_RELEASE.groups[0].recorded
    assert given is not None
    assert competing is not None

    def cut(curve: Curve) -> Curve:
        return curve.model_copy(update={"steps": (curve.steps[0].model_copy(update={"until_month": until}),)})

    for picture in (
        outcome_series.small_curve(cut(given), last_month=until, dark=False),
        outcome_charts.released_curve(cut(given), competing=False, dark=False),
        outcome_charts.released_curve(cut(competing), competing=True, dark=True),
    ):
        layers: Any = picture["layer"]
        axes = [layer["encoding"]["x"] for layer in layers if "axis" in layer["encoding"]["x"]]
        for x in axes:
            assert x["scale"]["domain"][1] > 12
            assert {0, 6, 12} <= set(x["axis"]["values"])
            assert x["axis"]["format"] == "d"
        assert axes
        assert (f"at {until} months" in str(picture)) == (until < 12)


def test_a_change_of_recording_rules_is_drawn_on_the_series_or_named_at_its_beginning() -> None:
    app, text = drawn()
    *_, years = app.get("vega_lite_chart")
    picture = outcome_series.shares_by_year(
        [outcome_series.YearShare(2024, 0.21, 0.17, 0.25, 387)],
        changes=[each.when.earliest for each in A_RELEASE.recording_changes],
        dark=True,
    )
    assert labels_in(picture) == {
        "21% of 387": 2024.5,
        "April 2024: recording changed": 2024.25,
        "◀ Recording changed in April 2018, before this series": 2024,
    }
    assert "Recording rules of the police changed in April 2018 and April 2024." in years.proto.alt
    assert "Since April 2024 more is recorded." in text


def labels_in(spec: dict[str, Any]) -> dict[str, Any]:
    """The labels in a picture, with where each is from left to right."""
    rows = [row for each in spec["datasets"].values() for row in each]
    return {row["label"]: row.get("month", row.get("year")) for row in rows if "label" in row}


def test_what_is_hidden_is_hidden_and_is_not_nought() -> None:
    _, text = drawn()
    assert "Recorded crime by police 12 months 387 86 22% 18% to 27% 65 21 shown together" in text
    assert "Proven in court, or a caution 12 months, and 6 for proof hidden hidden" in text
    assert "Referrals received 4,812" in text
    assert "They appear in the release of 31 December 2026." in text
    assert "Corrections, restrictions and erasures since then change no figure here." in text


def test_a_group_without_figures_says_so_and_a_code_that_is_gone_shows_all() -> None:
    _, text = drawn("Southbrook")
    assert "Hidden: fewer than 10 cases, or a figure that would reveal so few. Choose a wider group." in text
    _, text = drawn("Nowhere")
    assert "This release does not have the group of your link (Borough at referral). All are shown." in text
    assert "161 of 387 cases (42%)" in text


def test_an_outcome_is_recorded_on_the_case(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    reference = asked(desk)
    key = f"outcome-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference)
    assert "Not yet known: no follow-up is recorded." in visit.words
    visit.open("record-outcome")
    visit.app.radio(key=f"{key}-measure").set_value(Measure.REPORTED)
    visit.app.radio(key=f"{key}-found").set_value(OutcomeFound.NONE_FOUND)
    visit.app.text_input(key=f"{key}-until").set_value("01/03/2026")
    visit.type(f"{key}-says", "Nothing further was reported.")
    visit.press(f"{key}-save")
    assert "'none found', give the records that were searched" in visit.words
    visit.app.text_input(key=f"{key}-in").set_value("harbour")
    visit.finish(f"{key}-save")
    assert "Nothing further was reported." in visit.words
    assert "1 March 2026" in visit.words


def test_further_stalking_is_recorded_with_its_agency_offence_and_proof(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    key = f"outcome-{reference}"
    visit = visits(desk.coordinator, Place.CASE, reference)
    visit.open("record-outcome")
    assert not [each for each in visit.app.text_input if each.key == f"{key}-happened"]
    visit.app.radio(key=f"{key}-measure").set_value(Measure.PROVEN)
    assert "Leave blank what was not asked" not in visit.words
    visit.app.radio(key=f"{key}-found").set_value(OutcomeFound.FURTHER_STALKING)
    visit.run()
    assert "Alarm topics Leave blank what was not asked. A yes raises an alarm." in visit.words
    visit.press(f"{key}-save")
    assert "still missing: give against whom, when it happened, the date followed up to" in visit.words
    visit.app.radio(key=f"{key}-against").set_value(AgainstWhom.NEW_VICTIM)
    visit.app.text_input(key=f"{key}-happened").set_value("9/1/26")
    visit.app.text_input(key=f"{key}-proved").set_value("01/02/2026")
    visit.app.text_input(key=f"{key}-offence").set_value("195/94")
    visit.app.radio(key=f"{key}-breach").set_value("No")
    visit.app.text_input(key=f"{key}-until").set_value("01/03/2026")
    visit.app.selectbox(key=f"{key}-agency").set_value("harbour")
    visit.type(f"{key}-says", "A conviction was found.")
    visit.press(f"{key}-save")
    assert "when it happened: a year of two digits can be read two ways" in visit.words
    visit.app.text_input(key=f"{key}-happened").set_value("09/01/2026")
    visit.finish(f"{key}-save")
    found = "new victim, found by harbour, offence 195/94 (10 days of harm), no breach of an order"
    assert found in visit.words
    assert "9 January 2026 (proved 1 February 2026)" in visit.words


def test_a_practitioner_records_what_their_agency_found_and_others_do_not_see_it_before(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    let_find(desk, "lantern", FOUND)
    desk.clock.forward(timedelta(days=60))
    ask_outcomes(desk.context(desk.coordinator), reference=reference)
    visit = visits(desk.coordinator, Place.CASE, reference)
    visit.open("agency-outcomes")
    assert "Responded: ask this agency" in visit.words
    assert "195/94" not in visit.words
    assert visit.offers(f"ask-outcomes-{reference}")
    visit = visits(workers["lantern"], Place.CASE, reference)
    visit.open("agency-outcomes")
    assert "recorded crime, same victim, 1 April 2026, offence 195/94" in visit.words
    visit.finish(f"release-outcomes-{reference}-lantern")
    assert "found by lantern, offence 195/94 (10 days of harm)" in visit.words


def test_fields_below_a_finding_keep_their_place_when_it_asks_for_more(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    """In another place a browser draws a field anew, without what is typed in it meanwhile."""
    reference = asked(desk)
    visit = visits(desk.coordinator, Place.CASE, reference).open("record-outcome")
    places = []
    for found in (OutcomeFound.NONE_FOUND, OutcomeFound.FURTHER_STALKING):
        visit.app.radio(key=f"outcome-{reference}-found").set_value(found)
        with deltas() as drawn:
            visit.run()
        places.append(
            [place for place, each in drawn if each.new_element.text_input.label == "Followed up to"]
        )
    assert places[0] == places[1]
    assert len(places[0]) == 1

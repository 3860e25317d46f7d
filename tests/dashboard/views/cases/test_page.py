"""The case page: what each person sees of it, and what nobody but its owner does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import streamlit as st

from dashboard.pages import Place
from dashboard.views.cases import header as case_header
from dashboard.views.cases import page as case_page
from dashboard.views.conference.formulation import HIDDEN
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import State, TriageOutcome
from engine.domain.cases.views import CaseView, DecisionView, IncidentView
from engine.domain.conference.risk import AgencyPosition, Dissent, Domain, Level, Position
from engine.domain.conference.victim_words import Manner, VictimWordsGiven
from engine.domain.dates import PartialDate
from engine.domain.errors import RecordError, RecordFault
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import Nature, NilReturn, RefusalGround, Refused
from engine.domain.responses.voices import EVERYONE
from engine.services.conference.victim_words import record_victim_words
from engine.services.referrals.screening import name_people
from engine.services.responses.agency_answers import answer_by_hand
from tests.builders import (
    SAFE_HOUSE,
    SAFE_PHONE,
    Desk,
    a_contribution,
    a_person,
    a_referral,
    an_incident,
    ask_all,
    let_answer,
)
from tests.dashboard.visits import (
    Visits,
    a_view,
    answers,
    asked,
    decided,
    opened,
    planned,
    referred,
    screened,
)

pytestmark = pytest.mark.whose_is_said

EVERYBODY = ("cora", "chair", "harbour-worker", "lantern-worker", "voice-worker")


def _locked() -> None:
    raise RecordError(RecordFault.BUSY, "OperationalError")


def everybody(desk: Desk, workers: dict[str, Acting]) -> dict[str, Acting]:
    people = [desk.coordinator, desk.chair, *workers.values()]
    return {acting.user: acting for acting in people}


def test_the_heading_says_who_and_how_firmly_it_is_claimed(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    words = visits(desk.chair, Place.CASE, asked(desk)).words
    assert "Stalking of Amira K., alleged: Daniel R." in words
    assert "Daniel R. and Amira K." not in words


def test_the_rooms_screen_shows_the_reference_and_initials_alone(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    visit = visits(desk.chair, Place.CASE, reference)
    visit.app.toggle(key="room_view").set_value(True)
    visit.run()
    assert f"{reference}: stalking of A.K., alleged: D.R." in visit.words
    assert "Amira" not in visit.words
    assert "Daniel" not in visit.words


def test_a_case_that_is_not_open_to_a_person_reads_as_if_it_were_not_there(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = referred(desk)
    real = visits(workers["harbour"], Place.CASE, reference).words
    assert f"you cannot view referral {reference}, or it does not exist" in real
    assert "Amira" not in real


@pytest.mark.parametrize("ended_by", [st.stop, _locked])
def test_a_run_that_ends_before_the_case_is_read_leaves_it_open(
    ended_by: Callable[[], None], desk: Desk, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = asked(desk)
    with monkeypatch.context() as instead:
        # a click that comes now ends the run as this does
        instead.setattr(case_page, "view_case", lambda *_, **__: ended_by())
        visit = visits(desk.chair, Place.CASE, reference)
        assert "Stalking of" not in visit.words
    assert visit.app.query_params["ref"] in (reference, [reference])
    del visit.app.query_params["ref"]
    visit.app.session_state["open_case"] = reference
    assert "Stalking of Amira K." in visit.run().words


def test_a_case_that_is_refused_is_no_longer_the_open_one(desk: Desk, visits: Visits) -> None:
    visit = visits(desk.chair, Place.CASE, asked(desk))
    visit.app.query_params["ref"] = "R-0000000"
    visit.run()
    assert "ref" not in visit.app.query_params
    assert "Choose a case from Worklist or Cases." in visit.run().words


def test_a_mistyped_reference_is_told_as_such(desk: Desk, visits: Visits) -> None:
    assert "not of the form" in visits(desk.chair, Place.CASE, "nonsense").words


def test_a_referral_that_nobody_screened_says_so_and_shows_no_agency(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = referred(desk)
    desk.clock.forward(timedelta(hours=3))
    visit = visits(desk.coordinator, Place.CASE, reference)
    assert "Not screened: not known to be safe. It arrived 3 hours ago." in visit.words
    assert "Harbour Office" not in visit.words
    assert visit.offers("to-screening")


def test_facts_stand_on_top_in_the_order_of_time_and_whole_in_a_table(desk: Desk, visits: Visits) -> None:
    days = [an_incident(f"2026-02-0{day}", kind=IncidentKind.CONTACTING, channel=None) for day in range(1, 5)]
    threat = an_incident("2026-02-20", kind=IncidentKind.THREAT)
    undated = an_incident(kind=IncidentKind.ASSAULT).model_copy(update={"happened": None})
    reference = desk.refer(a_referral(incidents=(*days, threat, undated))).referrals[0]
    words = visits(desk.coordinator, Place.CASE, reference).words
    line = words[: words.index("Panel judgement")]
    assert "first recorded threat 20 Feb" in line
    assert "latest act 20 Feb; victim last reached: not recorded; custody: not known" in line
    assert "have no full date" not in line
    table = words[words.index("Worked out again each time this page is opened") :]
    assert "1 reported act has no full date and may belong to any of these periods." in table
    assert "Incidents, last 28 days 4 to 5" in words
    assert "Incident trends" not in words, "tests are for analysts"


def test_the_strip_says_what_is_not_recorded_in_words(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    words = visits(desk.chair, Place.CASE, asked(desk)).words
    assert "Panel judgement Not yet" in words
    assert "Orders Not recorded One can exist." in words
    assert "Last contact with the victim Not recorded" in words
    assert "Agencies differ on Not yet shown" in words
    assert "Plan Not yet" in words


def test_the_strip_has_the_last_contact_that_this_viewer_may_know_of(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    name_people(desk.context(desk.coordinator), reference=reference, people=[workers["voice"].user])
    given = VictimWordsGiven(
        text="I am more afraid than it looks.",
        manner=Manner.OWN_WORDS,
        said_by="the victim",
        said_on=PartialDate("2026-03-01"),
        said_to="the advocate",
        with_whom=(EVERYONE,),
    )
    record_victim_words(desk.context(workers["voice"]), reference=reference, given=given)
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Last contact with the victim 1 Mar 2026" in words
    assert "victim last reached 1 March 2026" in words


def test_no_order_is_recorded_though_an_incident_breached_one(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    breach = an_incident(kind=IncidentKind.BREACH)
    words = visits(desk.chair, Place.CASE, asked(desk, incidents=(breach,))).words
    assert "Orders Not recorded An incident is recorded as a breach of an order." in words


def test_the_bar_says_when_the_review_is_until_it_is_due(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference, review_on="2026-03-30")
    assert "Review 30 Mar 2026" in visits(desk.chair, Place.CASE, reference).words
    desk.clock.forward(timedelta(days=30))
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Review due now planned for 30 March." in words
    assert "Review 30 Mar 2026" not in words, "the band says it"
    day = date(2026, 3, 30)
    assert case_header._review(day, today=day) == "Review 30 Mar 2026"
    assert case_header._review(day, today=day + timedelta(days=1)) == "Last planned review 30 Mar 2026"


@pytest.mark.parametrize("state", State)
def test_levels_that_no_conference_will_show_are_not_called_hidden(state: State) -> None:
    said, note = case_header._differ(CaseView.model_construct(conference_opened_at=None, state=state))
    has_none = state in {State.NOT_SCREENED, State.ADVICE_GIVEN, State.REDIRECTED, State.CLOSED}

    assert ("hidden" in str(note)) is not has_none
    assert (said == "Not yet shown") is not has_none


NOT_COUNTED = "The referral's own words are not counted: read them."
CELL = {
    (): ("None recorded", NOT_COUNTED),
    (None,): (
        "0 to 1",
        "1 recorded here. No line: none is recorded with a date in the last 8 months, and 1 without",
    ),
    ("2025-01-05",): (
        "0",
        "1 recorded here, latest 5 Jan 2025. No line: none is recorded with a date in the last 8",
    ),
    ("2026-02-20",): ("1", "1 recorded here, latest 20 Feb 2026. The line shows 8 months."),
    ("2026-02-20", None): (
        "1 to 2",
        "2 recorded here, latest 20 Feb 2026. The line shows 8 months; 1 without an exact month not on it.",
    ),
}
"""By dates of the incidents: the cell, and the beginning of its note."""


@pytest.mark.parametrize("happened", CELL)
def test_no_incident_has_a_flat_line_or_a_nought_where_none_is_recorded(
    happened: tuple[str | None, ...],
) -> None:
    incidents = tuple(
        IncidentView.model_construct(happened=PartialDate(day) if day else None) for day in happened
    )
    least = sum(day == "2026-02-20" for day in happened)
    view = CaseView.model_construct(
        incidents=incidents,
        answers=(),
        incidents_last_28_days=least,
        incidents_last_28_days_at_most=least + sum(day is None for day in happened),
    )
    said, note = case_header._incidents(view, date(2026, 3, 2))
    cell, begins = CELL[happened]
    assert str(said).split("<")[0].strip() == cell
    assert str(note).startswith(begins)
    assert ("<img" in str(said)) == ("2026-02-20" in happened)


def test_the_dissent_of_a_decision_says_of_how_many_no_position_is_recorded() -> None:
    def said(*positions: Position) -> str:
        given = (AgencyPosition(agency="harbour", position=position) for position in positions)
        return case_header._dissent(DecisionView.model_construct(dissent=(), positions=tuple(given)))

    assert said(Position.NO_DISSENT) == "no dissent recorded"
    assert (
        said(Position.NO_DISSENT, Position.NOT_ASKED)
        == "no dissent recorded (position of 1 agency not recorded)"
    )
    assert (
        said(Position.NOT_ASKED, Position.NOT_ASKED)
        == "no dissent recorded (position of 2 agencies not recorded)"
    )


@pytest.mark.parametrize("viewer", EVERYBODY)
def test_facts_are_seen_at_once_and_levels_by_their_own_agency_alone(
    desk: Desk, workers: dict[str, Acting], visits: Visits, viewer: str
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.HIGH))
    visit = visits(everybody(desk, workers)[viewer], Place.CASE, reference)
    assert "Two visits were recorded by harbour." in visit.words
    owner = viewer == "harbour-worker"
    assert ("Said to be high at the last review." in visit.words) is owner
    assert ("t-high" in visit.source) is owner
    assert (HIDDEN in visit.words.replace(f"{HIDDEN}. Released", "")) is not owner


@pytest.mark.parametrize("viewer", EVERYBODY)
def test_everybody_on_the_case_sees_the_levels_once_the_chair_opened_the_conference(
    desk: Desk, workers: dict[str, Acting], visits: Visits, viewer: str
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.HIGH))
    answers(desk, workers["lantern"], reference, a_view(Level.LOW))
    opened(desk, reference)
    words = visits(everybody(desk, workers)[viewer], Place.CASE, reference).words
    assert "Said to be high at the last review." in words
    assert "Differ by 2 levels" in words
    assert "Robin Marsh, 26 Feb 2026" in words
    assert "Robin Marsh, senior practitioner" in words
    assert HIDDEN not in words


def test_agencies_are_never_said_to_differ_before_the_conference(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.HIGH))
    answers(desk, workers["lantern"], reference, a_view(Level.LOW))
    for acting in everybody(desk, workers).values():
        assert "Differ by" not in visits(acting, Place.CASE, reference).words


def test_a_prepared_answer_is_seen_by_its_own_agency_alone(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution("He missed two appointments."))
    reference = screened(desk)
    ask_all(desk, reference)
    for name, acting in everybody(desk, workers).items():
        visit = visits(acting, Place.CASE, reference)
        own = name == "lantern-worker"
        assert ("Lantern House Awaiting your release" in visit.words) is own
        assert ("Lantern House Awaiting response" in visit.words) is not own
        assert "He missed two appointments." not in visit.words
        if own:
            assert "He missed two appointments." in visit.open("read-and-release").words


def test_a_struck_item_is_held_back_counted_and_shown_to_nobody(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution("He missed two appointments.", "He asked for help once."))
    reference = screened(desk)
    ask_all(desk, reference)
    visit = visits(workers["lantern"], Place.CASE, reference).open("read-and-release")
    box = next(box for box in visit.app.checkbox if str(box.key).endswith("finding-2"))
    box.check()
    visit.finish(f"release-{reference}")
    assert "1 item withheld" in visit.words
    for acting in everybody(desk, workers).values():
        words = visits(acting, Place.CASE, reference).words
        assert "He missed two appointments." in words
        assert "He asked for help once." not in words
        assert "1 item withheld by Lantern House. Ask lantern@example.invalid." in words


def test_an_opinion_waits_for_the_conference_like_a_level(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    finding = a_contribution("He seemed sure of her return.").findings[0]
    opinion = finding.model_copy(update={"nature": Nature.OPINION})
    answers(desk, workers["harbour"], reference, findings=(opinion,))
    assert "He seemed sure of her return." not in visits(desk.chair, Place.CASE, reference).words
    opened(desk, reference)
    assert "Opinion He seemed sure of her return." in visits(desk.chair, Place.CASE, reference).words


def test_the_states_of_answers_are_told_apart_in_words(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "harbour", a_contribution("Two visits were recorded."))
    let_answer(desk, "voice", None)
    reference = screened(desk)
    ask_all(desk, reference)
    common: dict[str, Any] = {"reference": reference}
    nil = NilReturn(looked_in=("register",), says="No record of the person was found.")
    answer_by_hand(desk.context(workers["lantern"]), **common, agency="lantern", answer=nil)
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Lantern House Nil return" in words
    assert "Her Voice Failed" in words
    assert "This is not a nil return." in words
    declines = Refused(ground=RefusalGround.CONFIDENTIAL, says="We may not say.")
    answer_by_hand(desk.context(workers["voice"]), **common, agency="voice", answer=declines)
    assert "Her Voice Refused" in visits(desk.chair, Place.CASE, reference).words


def test_an_agency_that_does_not_answer_in_time_is_overdue(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    assert "Harbour Office Awaiting response" in visits(desk.chair, Place.CASE, reference).words
    desk.clock.forward(timedelta(days=30))
    assert "Harbour Office Overdue" in visits(desk.chair, Place.CASE, reference).words


def test_a_domain_without_a_view_reads_not_assessed_and_is_never_blank(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.HIGH))
    opened(desk, reference)
    visit = visits(desk.chair, Place.CASE, reference)
    assert visit.words.count("Not assessed Not recorded") == len(Domain) - 1
    assert "<td></td>" not in visit.source
    assert "<dd></dd>" not in visit.source


def test_a_view_two_levels_from_the_panel_is_marked(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    answers(desk, workers["harbour"], reference, a_view(Level.LOW))
    answers(desk, workers["lantern"], reference, a_view(Level.MODERATE))
    opened(desk, reference)
    decided(desk, reference, low_despite_unknown=None)
    assert visits(desk.chair, Place.CASE, reference).source.count('<td class="out">') == 1


def test_the_strip_shows_the_four_words_side_by_side_and_counts_dissent(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    dissent = (Dissent(agency="voice", who="V. Worker", reasons="She is more afraid than this says."),)
    decided(desk, reference, dissent=dissent)
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Violence High Persistence High Recurrence High Psychosocial harm High" in words
    assert "1 dissent. First decision." in words
    assert "Her Voice, V. Worker: She is more afraid than this says." in words
    assert "Harbour Office: awaiting response" in words


def test_where_nobody_speaks_for_the_victim_the_page_says_so(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "voice", NilReturn(looked_in=("clients",), says="She is not known to us."))
    reference = screened(desk)
    ask_all(desk, reference)
    before = visits(desk.chair, Place.CASE, reference).words
    assert "No agency represents the victim here yet: awaiting response of Her Voice." in before
    assert "No advocate" not in before
    visits(workers["voice"], Place.CASE, reference).open("read-and-release").finish(f"release-{reference}")
    words = visits(desk.chair, Place.CASE, reference).words
    nobody = (
        "No advocate is recorded for the victim. Her Voice searched its records and has no record of the "
        "victim."
    )
    assert words.count(nobody) == 2
    assert "Not recorded: whether the victim was offered an advocate, when and by whom." in words


def test_nothing_that_finds_the_victim_reaches_any_browser(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    incident_reported = an_incident(what=f"Waited outside {SAFE_HOUSE} and rang {SAFE_PHONE}.")
    reference = asked(desk, incidents=(incident_reported,))
    answers(desk, workers["harbour"], reference, gaps=(f"Who else knows {SAFE_HOUSE}?",))
    for acting in everybody(desk, workers).values():
        if acting in (workers["harbour"], desk.coordinator):
            continue  # who typed it, or brought the file in, reads it as it was
        visit = visits(acting, Place.CASE, reference)
        assert "Larkfield" not in visit.source + visit.words
        assert "ZZ99" not in visit.source + visit.words
        assert "900417" not in visit.source + visit.words
        assert "[protected]" in visit.words


def test_text_of_others_cannot_become_markup(desk: Desk, workers: dict[str, Acting], visits: Visits) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    reference = asked(desk, reason=f"He wrote {nasty}", perpetrator=a_person("<b>Dan</b>", "<i>Roe</i>"))
    answers(desk, workers["harbour"], reference, gaps=(nasty,))
    visit = visits(desk.chair, Place.CASE, reference)
    assert "<img src=x" not in visit.source
    assert "<b>Dan" not in visit.source
    assert nasty in visit.words or "&lt;img" in visit.source


@pytest.mark.parametrize(
    ("viewer", "shown", "not_shown"),
    [
        ("chair", {"start-conference", "record-incident"}, {"answer-by-hand"}),
        ("cora", {"record-incident", "to-screening"}, {"start-conference", "answer-by-hand"}),
        (
            "voice-worker",
            {"record-incident", "answer-by-hand"},
            {"start-conference", "to-screening", "edit-plan"},
        ),
    ],
)
def test_each_role_is_offered_its_own_acts(
    desk: Desk,
    workers: dict[str, Acting],
    visits: Visits,
    viewer: str,
    shown: set[str],
    not_shown: set[str],
) -> None:
    visit = visits(everybody(desk, workers)[viewer], Place.CASE, asked(desk))
    assert {key for key in shown | not_shown if visit.offers(key)} == shown


def test_an_analyst_who_is_not_on_the_case_sees_nothing_of_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    analyst = desk.add("ana", Role.ANALYST)
    assert "Amira" not in visits(analyst, Place.CASE, reference).words
    assert reference not in visits(analyst, Place.CASES).words


def test_an_open_alarm_stands_on_the_case_until_somebody_takes_it_up(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = referred(desk, alarms=(AlarmTopic.BREACH,))
    visit = visits(desk.coordinator, Place.CASE, reference)
    assert "Alarm not acknowledged. It is due by" in visit.words
    visit.press(f"take-up-{reference}")
    assert "Acknowledged by Cora" in visit.words


def test_the_same_people_elsewhere_are_listed_with_how_they_are_linked(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    other = screened(desk, "1")
    reference = asked(desk, "2")
    words = visits(desk.chair, Place.CASE, reference).words
    assert other in words
    assert "the same person by " in words


def test_an_incident_without_a_date_stands_in_the_table_and_not_in_the_picture(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk, incidents=(an_incident(), an_incident(happened=None)))
    words = visits(desk.chair, Place.CASE, reference).words
    assert "Only in the table: 1 without a date." in words
    assert "no date recorded" in words


def test_urgent_safeguarding_is_recorded_on_the_case(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk, outcome=TriageOutcome.URGENT)
    visit = visits(desk.coordinator, Place.CASE, reference).press("safeguarding")
    visit.type(f"safeguarding-{reference}-done", "Locks changed at noon.")
    visit.press(f"safeguarding-{reference}-save").press(f"safeguarding-{reference}-record")
    assert "is now 'agencies asked'" in visit.words


def test_the_history_names_people_by_their_names(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    planned_first = visits(desk.chair, Place.CASE, reference).words
    assert "open conference" in planned_first
    assert "Cora" in planned_first


def test_a_plan_past_its_day_is_overdue_in_words(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    planned(desk, reference, due="2026-03-04")
    desk.clock.forward(timedelta(days=3))
    visit = visits(desk.chair, Place.CASE, reference)
    assert "1 open 1 overdue" in visit.words
    assert "Due 4 Mar 1 day overdue Not started" in visit.words
    assert '<li class="late" value="1">' in visit.source

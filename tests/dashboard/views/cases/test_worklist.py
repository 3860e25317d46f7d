"""The worklist: alarms first, the runner's absence first of all, and release in two clicks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.people import PersonHeld
from engine.domain.cases.worklists import (
    POLICE_DECISION,
    TELLS,
    WorkItem,
    WorklistPage,
    WorklistSection,
    line_of,
)
from engine.domain.referrals.arrival import ArrivalOutcome, LookedUp
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.responses.answers import MatchBasis
from engine.exchange.rows import RowFault
from engine.services.agencies import suspension
from engine.services.referrals.imports import import_referrals
from engine.services.referrals.incidents import record_incident
from engine.services.system.outbox import sign_of_life
from engine.services.vault.typed_texts import texts_to_see_to
from tests.builders import SAFE_HOUSE, Desk, a_contribution, an_incident, ask_all, in_one_entry, let_answer
from tests.dashboard.visits import Visits, asked, decided, opened, planned, referred, screened

pytestmark = pytest.mark.whose_is_said


def test_the_first_line_says_that_no_runner_is_alive(desk: Desk, visits: Visits) -> None:
    words = visits(desk.coordinator, Place.WORKLIST).words
    assert words.index("Requests and reminders") < words.index("Worklist")


def test_a_living_runner_is_not_missed(desk: Desk, visits: Visits) -> None:
    sign_of_life(**desk.common)
    assert "background service is not running" not in visits(desk.coordinator, Place.WORKLIST).words


def test_of_late_requests_it_does_not_say_that_nothing_is_running(desk: Desk, visits: Visits) -> None:
    screened(desk)
    desk.clock.forward(timedelta(minutes=11))
    sign_of_life(**desk.common)
    words = visits(desk.coordinator, Place.WORKLIST).words
    assert "Requests to agencies are late" in words
    assert "not running" not in words


def test_an_empty_day_says_so(desk: Desk, visits: Visits) -> None:
    assert "You have no tasks today." in visits(desk.coordinator, Place.WORKLIST).words


def test_an_alarm_comes_first_and_is_taken_up_with_one_button(desk: Desk, visits: Visits) -> None:
    plain = referred(desk, "1")
    reference = referred(desk, "2", alarms=(AlarmTopic.WEAPON,))
    visit = visits(desk.coordinator, Place.WORKLIST)
    assert visit.words.index(reference) < visit.words.index(plain)
    assert "Weapon." in visit.words
    visit.press(f"acknowledge-{reference}")
    assert f"You have acknowledged the alarm on {reference}." in visit.words
    assert "Weapon." not in visit.words


def test_the_chair_sees_an_alarm_once_nobody_took_it_up_in_time(desk: Desk, visits: Visits) -> None:
    referred(desk, alarms=(AlarmTopic.STRANGULATION,))
    assert "strangulation" not in visits(desk.chair, Place.WORKLIST).words
    desk.clock.forward(timedelta(minutes=61))
    assert "It was not acknowledged in time." in visits(desk.chair, Place.WORKLIST).words


def test_a_practitioner_releases_a_prepared_answer_in_two_clicks(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution("He missed two appointments.", "He asked for help once."))
    reference = screened(desk)
    ask_all(desk, reference)
    visit = visits(workers["lantern"], Place.WORKLIST)
    assert "Responses awaiting your release" in visit.words
    assert "He missed two appointments." not in visit.words
    visit.open(f"read-{reference}")
    assert "He missed two appointments." in visit.words
    visit.finish(f"release-{reference}")
    assert f"Released: {reference}" in visit.words
    assert "Responses awaiting your release" not in visit.words


def test_a_prepared_answer_is_on_nobody_elses_worklist(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    let_answer(desk, "lantern", a_contribution("He missed two appointments."))
    ask_all(desk, screened(desk))
    for other in (workers["harbour"], desk.coordinator, desk.chair):
        words = visits(other, Place.WORKLIST).words
        assert "Responses awaiting your release" not in words
        assert "prepared" not in words.replace("no response is prepared", "")


def test_an_agency_that_was_asked_and_prepared_nothing_is_told_to_answer_by_hand(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    words = visits(workers["harbour"], Place.WORKLIST).words
    assert "Your agency was asked and no response is prepared." in words
    assert reference in words


def test_a_practitioner_sees_nothing_of_a_case_on_which_nobody_named_them(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = referred(desk, alarms=(AlarmTopic.WEAPON,))
    assert reference not in visits(workers["harbour"], Place.WORKLIST).words


def test_an_agency_that_is_suspended_has_a_line_of_its_own_that_leads_to_its_page(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    suspension.suspend(desk.context(desk.chair), installed=("harbour",), agency="harbour", why="It moves.")
    visit = visits(desk.coordinator, Place.WORKLIST)
    assert "Agencies not responding" in visit.words
    assert "Review the agency: suspended" in visit.words
    assert 'href="./agencies"' in visit.source
    assert "Agencies not responding" not in visits(desk.chair, Place.WORKLIST).words


def test_the_coordinator_records_a_chase_and_the_agency_s_own_people_see_it(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    desk.clock.forward(timedelta(days=15))
    visit = visits(desk.coordinator, Place.WORKLIST)
    visit.app.selectbox(key="chase-which").select(f"{reference} lantern")
    visit.app.selectbox(key="chase-how").select("telephone")
    visit.press("chase-record")
    assert f"Reminder recorded: lantern, {reference}." in visit.words
    text = "Chased once on 17 March 2026 by cora, by phone."
    assert text in visit.words
    assert text in visits(workers["lantern"], Place.WORKLIST).words
    assert text not in visits(workers["harbour"], Place.WORKLIST).words


def test_what_stays_late_is_on_the_chair_s_worklist(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    asked(desk)
    desk.clock.forward(timedelta(days=15))
    assert "Follow up the response of" not in visits(desk.chair, Place.WORKLIST).words
    desk.clock.forward(timedelta(days=3))
    assert "Follow up the response of harbour" in visits(desk.chair, Place.WORKLIST).words


def test_what_an_agency_found_on_arrival_is_on_its_own_people_s_worklist_and_leads_nowhere(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = referred(desk)
    held = PersonHeld(record="HARBOUR-41", matched_on=MatchBasis(says="by PNC ID", confirmed=True))
    looked = LookedUp(
        involvement=reference,
        agency="harbour",
        outcome=ArrivalOutcome.FOUND,
        found=(held,),
        plugin_version="1.0",
        at=desk.clock.now(),
    )
    with in_one_entry(desk.runtime) as work:
        work.agencies_watched.store_look_up(looked)
    visit = visits(workers["harbour"], Place.WORKLIST)
    assert "Arrived, not screened: only your agency sees this" in visit.words
    assert "HARBOUR-41 (by PNC ID)" in visit.words
    assert f"case?ref={reference}" not in visit.source
    for other in (desk.coordinator, desk.chair, workers["lantern"]):
        for place in (Place.WORKLIST, Place.CASES, Place.AGENCIES):
            seen = visits(other, place).source
            assert "HARBOUR-41" not in seen
            assert "only your agency sees this" not in seen


def a_line(kind: str, what: str, **changes: object) -> WorkItem:
    given: dict[str, object] = {"reference": "searches", "why": "So.", "due_at": None, "is_overdue": False}
    return WorkItem.model_validate({**given, "is_alarm": False, "kind": kind, "what": what, **changes})


def a_page(*items: WorkItem, **changes: object) -> WorklistPage:
    sections: dict[str, list[WorkItem]] = {}
    for item in items:
        sections.setdefault(line_of(item).section, []).append(item)
    given: dict[str, object] = {
        "user": "chair",
        "role": Role.CHAIR,
        "first_line": None,
        "total": len(items),
        "overdue": 0,
        "sections": {name: WorklistSection(total=len(of), items=tuple(of)) for name, of in sections.items()},
        "to_chase": {},
        "shared": (),
    }
    return WorklistPage.model_validate({**given, **changes})


def test_lines_are_grouped_by_what_can_be_done_now_and_retention_is_one_line_that_opens(
    desk: Desk, visits: Visits
) -> None:
    lines = (
        a_line("retention", "Review retention", can_wait=True),
        a_line("look", "A case was viewed"),
        a_line("late answer", "Overdue response"),
        a_line("action", "Arrange a safety visit"),
        a_line("correction", "Answer correction"),
        a_line("chair", "Record the decision"),
    )
    visit = visits.show(desk.chair, _drawn, a_page(*lines))
    words = visit.words
    in_order = [
        "Decisions for you as chair",
        "Record the decision",
        "Tasks for you",
        "Answer correction",
        "Plan actions",
        "Arrange a safety visit",
        "Responses to chase",
        "Overdue response",
        "For your information",
        "A case was viewed",
        "Retention reviews",
        "1 review of what is stored. All other work comes first.",
        "Review retention",
    ]
    assert [words.index(each) for each in in_order] == sorted(words.index(each) for each in in_order)
    assert "You have 5 tasks, none overdue. 1 retention task can wait." in words
    before, _, after = visit.source.partition("<details>")
    assert "Review retention" not in before
    assert "Review retention" in after


def test_whoever_has_only_what_can_wait_has_no_task_today(desk: Desk, visits: Visits) -> None:
    lines = [a_line("retention", "Review retention", can_wait=True)] * 2
    words = visits.show(desk.chair, _drawn, a_page(*lines)).words
    assert "You have no tasks today. 2 retention tasks can wait." in words


@pytest.mark.parametrize("or_more", [False, True])
def test_a_count_that_stopped_is_said_to_be_the_least(desk: Desk, visits: Visits, or_more: bool) -> None:
    def section(name: str, total: int) -> WorklistSection:
        item = a_line(name, "So", can_wait=name == "retention", agency="lantern")
        return WorklistSection(total=total, or_more=or_more, items=(item,))

    sections = {"task": section("screen", 1_000), "chase": section("chase", 1_000)}
    sections["can_wait"] = section("retention", 50)
    view = a_page(
        total=2_050, overdue=7, or_more=or_more, sections=sections, to_chase={"lantern": 600, "harbour": 400}
    )
    words, least = visits.show(desk.chair, _drawn, view).words, " or more" if or_more else ""
    assert f"You have 2,000{least} tasks, 7{least} overdue. 50{least} retention tasks can wait." in words
    assert f"1,000{least} lines, most urgent first" in words
    assert f"1,000{least} responses to chase: lantern 600{least}, harbour 400{least}." in words
    assert f"50{least} reviews of what is stored." in words
    assert words.count("There may be more lines than these pages have.") == 3 * or_more


def test_only_what_can_wait_has_a_count_that_stopped(desk: Desk, visits: Visits) -> None:
    line = a_line("retention", "Review retention", can_wait=True)
    sections = {"can_wait": WorklistSection(total=50, or_more=True, items=(line,))}
    view = a_page(total=50, or_more=True, sections=sections)
    words = visits.show(desk.chair, _drawn, view).words
    assert "You have no tasks today. 50 or more retention tasks can wait." in words


def test_a_task_without_a_due_date_says_how_long_it_waits(desk: Desk, visits: Visits) -> None:
    since = datetime(2026, 3, 1, 5, tzinfo=UTC)
    lines = (
        a_line("chair", "Write the plan", since=since),
        a_line("screen", "Screen the referral", since=since),
    )
    words = visits.show(desk.chair, _drawn, a_page(*lines)).words
    assert "Write the plan waiting for 28 hours" in words
    assert "Screen the referral waiting for 28 hours" in words


def _drawn(view: object) -> None:
    from datetime import UTC, datetime

    from dashboard.views.cases import worklist

    worklist.draw(view, now=datetime(2026, 3, 2, 9, tzinfo=UTC))  # type: ignore[arg-type]


def test_an_action_is_shown_with_what_it_is_whose_and_how_late_and_opens_its_case(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = asked(desk)
    opened(desk, reference)
    decided(desk, reference)
    planned(desk, reference, due="2026-03-20")
    desk.clock.forward(timedelta(days=21))
    visit = visits(workers["harbour"], Place.WORKLIST)
    assert f"Amira K., alleged: Daniel R. {reference}" in visit.words
    assert "3 days overdue due 20 Mar" in visit.words
    assert "Harbour: not started." in visit.words
    assert "Action A-" not in visit.words


def test_a_text_that_tells_is_resolved_and_never_shown_and_what_is_typed_on_another_stays(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    incident = an_incident("2026-02-28", what=f"Waited outside {SAFE_HOUSE}.")
    record_incident(desk.context(workers["harbour"]), reference=reference, incident=incident)
    visit = visits(desk.coordinator, Place.WORKLIST)
    assert "Text entered by harbour-worker in an incident contains protected details" in visit.words
    assert "Acknowledge alarm" not in visit.words
    later = an_incident("2026-02-27", what=f"Rang at {SAFE_HOUSE}.")
    record_incident(desk.context(workers["harbour"]), reference=reference, incident=later)
    numbers = [each.number for each in texts_to_see_to(desk.context(desk.coordinator))]
    first, second = (f"text-how-{reference}-{number}" for number in numbers)
    visit.run().open("review-text-1").type(first, "Spoken with them.").type(second, "Rewritten.")
    visit.finish(f"text-{numbers[1]}")
    visit.open("review-text-0")
    assert not visit.offers(f"text-{numbers[1]}")
    assert visit.typed(first) == "Spoken with them."
    visit.finish(f"text-{numbers[0]}")
    assert "Protected details in text" not in visits(desk.coordinator, Place.WORKLIST).words
    assert SAFE_HOUSE not in visit.words


def test_a_rejected_row_is_reviewed_in_its_dialog_whether_it_is_an_alarm_or_not(
    desk: Desk, visits: Visits
) -> None:
    faults = [
        RowFault(
            row=row, column="referred_on", reason="this date does not exist", original="{}", alarms=alarms
        )
        for row, alarms in ((7, (AlarmTopic.ENTRY,)), (8, ()))
    ]
    import_referrals(desk.context(desk.coordinator), rows=faults, file_digest="1" * 64)
    visit = visits(desk.coordinator, Place.WORKLIST)
    assert visit.words.index("Entry.") < visit.words.index("No alarm topic in it is a yes.")
    visit.open("review-rejected-1")
    assert "Import 1, row 8, column 'referred_on'" in visit.words
    visit.finish("rejected-1-8")
    assert "Row 8 of import 1 is resolved." in visit.words
    assert "Entry." in visit.words
    assert "No alarm topic in it is a yes." not in visit.words


@pytest.mark.parametrize(
    ("hours", "is_overdue", "said"),
    [
        (-72, True, "3 days overdue due 27 Feb"),
        (-2, True, "Overdue due 2 Mar (today)"),
        (-72, False, "no new due date (was due 27 Feb)"),
        (48, False, "due 4 Mar (in 2 days)"),
    ],
)
def test_when_a_line_is_due_says_once_that_it_is_overdue(
    desk: Desk, visits: Visits, hours: int, is_overdue: bool, said: str
) -> None:
    due_at = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(hours=hours)
    for kind in ("action", "late answer", "release", "rejected"):
        view = a_page(a_line(kind, "So", due_at=due_at, is_overdue=is_overdue))
        words = visits.show(desk.chair, _drawn, view).words.partition(", none overdue.")[2]
        tag, _, due = said.rpartition("due ")
        assert tag in words
        assert f"due {due}" in words
        assert words.lower().count("overdue") == said.lower().count("overdue"), kind


def test_an_alarm_a_minute_late_after_midnight_is_not_a_day_overdue(desk: Desk, visits: Visits) -> None:
    due_at = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    view = a_page(a_line("alarm", "So", due_at=due_at, is_overdue=True, is_alarm=True))
    words = visits.show(desk.chair, _drawn, view).words
    assert "Overdue" in words
    assert "day overdue" not in words
    assert "due by 1 Mar, 23:59" in words


def test_a_long_section_of_any_kind_has_pages(desk: Desk, visits: Visits) -> None:
    for kind in ("release", "rejected", "arrival", "agency", POLICE_DECISION, TELLS, "chair"):
        item = a_line(kind, "So")
        for total, pages in ((50, 0), (51, 1)):
            section = WorklistSection(total=total, items=(item,))
            view = a_page(item, total=total, sections={line_of(item).section: section})
            visit = visits.show(desk.chair, _drawn, view)
            assert len(visit.app.get("pagination")) == pages, kind


@pytest.mark.parametrize(("reference", "leads"), [("R-1", True), ("N-1", False), ("audit log", False)])
def test_only_the_reference_of_a_referral_leads_to_a_case(
    desk: Desk, visits: Visits, reference: str, leads: bool
) -> None:
    for is_alarm in (True, False):
        view = a_page(a_line("vault opened", "A detail was opened", reference=reference, is_alarm=is_alarm))
        assert ("./case?ref=" in visits.show(desk.chair, _drawn, view).source) is leads


def test_what_is_urgent_and_no_referral_s_alarm_has_nothing_to_acknowledge(
    desk: Desk, visits: Visits
) -> None:
    alarm = a_line("alarm", "Acknowledge the alarm", reference="R-1", is_alarm=True)
    opened_for_life = a_line("vault opened", "A detail was opened", reference="R-1", is_alarm=True)
    for items in ((alarm, opened_for_life), (opened_for_life, opened_for_life)):
        visit = visits.show(desk.chair, _drawn, a_page(*items))
        assert visit.words.count("R-1") == 2
        assert len(visit.app.button) == items.count(alarm)


def test_reminders_say_how_many_wait_and_for_whom_and_offer_those_of_the_page(
    desk: Desk, visits: Visits
) -> None:
    items = tuple(a_line("chase", "Chase", reference=f"R-{n}", agency="lantern") for n in range(50))
    for to_chase, said in (
        ({"lantern": 120, "harbour": 80}, "lantern 120, harbour 80. The 50 on this page can be chosen."),
        ({"lantern": 50}, "lantern 50."),
    ):
        sections = {"chase": WorklistSection(total=sum(to_chase.values()), items=items)}
        view = a_page(total=200, sections=sections, to_chase=to_chase)
        visit = visits.show(desk.coordinator, _drawn, view)
        assert f"{sum(to_chase.values())} responses to chase: {said}" in visit.words
        assert len(visit.app.selectbox(key="chase-which").options) == 50
        assert ("can be chosen" in visit.words) is (len(to_chase) == 2)

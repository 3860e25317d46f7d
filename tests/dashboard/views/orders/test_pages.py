"""The Orders page and the orders of a case, as they are drawn: what shows and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cli.system.checks import NOTE, OK
from cli.system.doctor_alarms import number_checks
from dashboard.pages import Place
from dashboard.views.orders import overview
from dashboard.views.orders.fields import LASTS, field_labels
from dashboard.views.orders.gaps import NO_ORDER_APPLIES
from engine.domain.accounts.acting import Role
from engine.domain.errors import InvalidInputError
from engine.domain.orders.orders import OrderAct, OrderGiven, StepGiven
from engine.orders.rules import order_types
from engine.services.cases.views import view_case
from engine.services.cases.worklists import worklist
from engine.services.orders.recording import create_order, record_step
from tests.builders import Desk, a_referral
from tests.dashboard.visits import Visit, Visits

ZONE = "Marlow Crescent, ZZ99 4AB"


@pytest.fixture
def case(desk: Desk) -> str:
    (reference,) = desk.refer(a_referral()).referrals
    return reference


def an_order(desk: Desk, case: str, **changes: object) -> str:
    facts: dict[str, object] = {
        "type": "spo",
        "made": "2026-03-02",
        "years": 2,
        "court": "magistrates",
        "force": "Example Police",
        "protected": [{}, {"is_victim": False, "name": "Mia Farrow-Lane", "is_child": True}],
        "conditions": [
            {"code": "no-contact", "means": ["any means"]},
            {"code": "stay-out", "zone": {"description": ZONE}},
            {"code": "attend", "attends": "a mental health assessment", "times": 6},
            {"wording": "must not discuss the hearing online"},
        ],
        **changes,
    }
    given = OrderGiven.model_validate(facts)
    return create_order(desk.context(desk.chair), reference=case, given=given).reference


def serve(desk: Desk, order: str) -> None:
    serve_on(desk, order, "2026-03-02")


def serve_on(desk: Desk, order: str, day: str) -> None:
    step = StepGiven.model_validate({"act": "served", "on": day, "how": "in person"})
    record_step(desk.context(desk.chair), order=order, step=step)


def of_case(visits: Visits, desk: Desk, case: str) -> Visit:
    return visits(desk.chair, Place.ORDERS, codes={"of": case})


def test_without_an_order_the_page_says_that_one_can_exist(desk: Desk, case: str, visits: Visits) -> None:
    assert "No order is recorded. One can exist" in visits(desk.chair, Place.ORDERS).words
    words = of_case(visits, desk, case).words
    assert "No order is recorded on this case. One can exist: ask the police lead." in words
    assert "Orders of this case" in visits(desk.chair, Place.CASE, case).words


def test_an_order_that_is_not_served_is_awaited_and_served_it_is_counted(
    desk: Desk, case: str, visits: Visits
) -> None:
    order = an_order(desk, case)
    visit = visits(desk.chair, Place.ORDERS)
    words = visit.words
    (calendar,) = visit.app.get("vega_lite_chart")
    assert f"{order} no clock until it is served" in str(calendar.proto)
    assert f"{case} no clock" not in str(calendar.proto)
    assert "1 current order within your access, on 1 case." in words
    assert "Awaiting service, 0 days No clock yet" in words
    assert "1 date and 1 without a date yet, by kind." in words
    assert "Can be changed by" in words
    assert 'reads "awaiting". A duty may apply already.' in words
    assert "Each stage includes the orders that went further." in words
    assert "not due" not in words.replace('never "not due"', "").replace("the same as not due", "")
    serve(desk, order)
    words = visits(desk.chair, Place.ORDERS).words
    assert "Respondent must notify police: end of Wed 4 Mar (in 2 days) Due" in words
    assert "Monday 2 March 2026: day 1; Tuesday 3 March 2026: day 2; Wednesday 4 March 2026: day 3." in words
    assert "2 dates, by kind." in words
    assert "SPA 2019 s.9(1)" in words
    assert "Does not apply while sex offender notification runs (s.9(5))." in words


@pytest.mark.parametrize(
    ("gaps", "said"), [(1, "1 order ends before its hearing."), (2, "2 orders end before their hearing.")]
)
def test_an_order_that_ends_too_early_is_said_to_end_before_its_hearing(gaps: int, said: str) -> None:
    assert overview._ending(gaps, 0) == said
    assert "hearing" not in overview._ending(0, 1)


def test_the_case_shows_cards_clocks_and_the_card_for_police_without_a_place_or_a_name(
    desk: Desk, case: str, visits: Visits
) -> None:
    serve(desk, an_order(desk, case))
    visit = of_case(visits, desk, case)
    words = visit.words
    assert "If police are called now" in words
    assert "Contact any protected person, directly or indirectly, by any means." in words
    assert "Stalking protection order: offence, Stalking Protection Act 2019 s.8" in words
    assert "Do not read out an area, a place or another protected person's name." in words
    assert "Sealed Held by the safe-contact officer and the police lead" in words
    assert "4. Condition in the court's own words" in words
    assert "Not checked by software" in words
    assert "Attended 0, missed 0, not reported 0." in words
    assert "Ends: Wed 1 Mar 2028" in words
    for secret in ("Marlow", "ZZ99", "Mia", "Farrow"):
        assert secret not in visit.source


@pytest.mark.parametrize("has_order", [True, False])
@pytest.mark.parametrize("number", ["Control room, 020 7946 0001", None])
def test_the_card_for_police_always_has_a_number_that_answers(
    desk: Desk, case: str, visits: Visits, has_order: bool, number: str | None
) -> None:
    if has_order:
        serve(desk, an_order(desk, case))
    (asked,) = number_checks(desk.runtime)
    assert (asked.state, "always_answered" in str(asked.mend)) == (NOTE, True)
    settings = desk.runtime.settings.model_copy(update={"always_answered": number})
    desk.runtime.__dict__["settings"] = settings
    (answered,) = number_checks(desk.runtime)
    assert answered.state == (NOTE if number is None else OK)
    called = number or "999 in danger, 101 otherwise (no other number is set)"
    assert f"Call {called}. Police lead: no one is named on this case." in of_case(visits, desk, case).words


def test_a_case_that_is_closed_to_a_person_has_no_orders_for_them(
    desk: Desk, case: str, visits: Visits
) -> None:
    order = an_order(desk, case)
    outsider = desk.add("outsider", Role.PRACTITIONER, "harbour")
    words = visits(outsider, Place.ORDERS, codes={"of": case}).words
    assert "you cannot view referral" in words
    assert order not in visits(outsider, Place.ORDERS).source
    assert "No order is recorded." in visits(outsider, Place.ORDERS).words


def test_an_order_is_recorded_in_the_dialog_and_a_fault_keeps_what_was_typed(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = of_case(visits, desk, case).open("order-new")
    visit.press(f"order-{case}-save")
    assert "Date made: give the date when the order was made" in visit.words
    visit.app.text_input(key=f"order-{case}-on").set_value("2 March 2026")
    visit.app.number_input(key=f"order-{case}-number").set_value(1)
    visit.press(f"order-{case}-save")
    assert "at least 2 years" in visit.words
    assert visit.app.text_input(key=f"order-{case}-on").value == "2 March 2026"
    visit.app.number_input(key=f"order-{case}-number").set_value(2)
    visit.finish(f"order-{case}-save")
    assert "The order is recorded." in visit.words
    assert "Stalking protection order" in of_case(visits, desk, case).words


def test_the_form_of_each_type_offers_only_what_is_counted(desk: Desk, case: str, visits: Visits) -> None:
    visit = of_case(visits, desk, case).open("order-new")
    for kind in order_types():
        visit.app.selectbox(key=f"order-{case}-type").set_value(kind.code)
        visit.run()
        if kind.lasts_until_determined:
            assert visit.app.text_input(key=f"order-{case}-given").label.startswith("Given"), kind.code
            continue
        offered = [LASTS[unit] for unit in kind.term.units]
        unknown = [] if kind.term.is_required else ["Not recorded"]
        assert visit.app.selectbox(key=f"order-{case}-lasts-{kind.code}").options == [*offered, *unknown]
        has_arrest = any(each.key == f"order-{case}-arrested" for each in visit.app.text_input)
        assert has_arrest == (kind.term.starts == "arrested"), kind.code


def test_a_term_typed_in_years_in_the_form_is_the_end_of_the_order(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = of_case(visits, desk, case).open("order-new")
    visit.app.selectbox(key=f"order-{case}-type").set_value("restraining-conviction")
    visit.run()
    visit.app.text_input(key=f"order-{case}-on").set_value("2 March 2026")
    visit.app.number_input(key=f"order-{case}-number").set_value(3)
    visit.finish(f"order-{case}-save")
    words = of_case(visits, desk, case).words
    assert "As typed, not checked by software: 3 years beginning with Monday 2 March 2026" in words
    assert "Ends: Thu 1 Mar 2029" in words
    assert "end not recorded" not in words


def test_a_fault_of_an_order_names_its_fields_as_the_page_does(desk: Desk, case: str, visits: Visits) -> None:
    visit = of_case(visits, desk, case).open("order-new")
    visit.app.text_input(key=f"order-{case}-on").set_value("2 March 2026")
    visit.app.text_input(key=f"order-{case}-effect").set_value("1 March 2026")
    visit.press(f"order-{case}-save")
    fault = "In effect from, if later: it is in effect before it is made; check 'Date made' and"
    assert f"{fault} 'In effect from, if later'" in visit.words
    visit.app.selectbox(key=f"order-{case}-type").set_value("dapn")
    visit.run().press(f"order-{case}-save")
    assert "Given, in London time: give the date and time when the notice was given" in visit.words
    for typed in ("yesterday at eight", "2026-3-2T20:00", "2026-W10-1T20:00", "2026-03-02 20:00"):
        visit.app.text_input(key=f"order-{case}-given").set_value(typed)
        visit.press(f"order-{case}-save")
        assert "Given, in London time: write it as 2026-03-02T20:00" in visit.words, typed
    visit.app.text_input(key=f"order-{case}-given").set_value("2026-03-03T20:00")
    visit.press(f"order-{case}-save")
    assert "Given, in London time: this date is in the future" in visit.words
    visit.app.text_input(key=f"order-{case}-given").set_value("2026-03-02T20:00")
    assert visit.app.text_input(key=f"order-{case}-on").label == "Date of this step"
    visit.app.text_input(key=f"order-{case}-on").set_value("3 March 2026")
    visit.press(f"order-{case}-save")
    assert "Date of this step: this date is in the future" in visit.words
    visit.app.text_input(key=f"order-{case}-on").set_value("")
    visit.finish(f"order-{case}-save")
    assert "The order is recorded." in visit.words


def test_a_day_of_an_order_that_cannot_be_read_is_refused_under_the_label_of_its_field(
    desk: Desk, case: str, visits: Visits
) -> None:
    visit = of_case(visits, desk, case).open("order-new")
    visit.app.selectbox(key=f"order-{case}-lasts-spo").set_value("To a date")
    visit.run()
    for key, label in (("on", "Date made"), ("effect", "In effect from, if later"), ("ends", "End date")):
        assert visit.app.text_input(key=f"order-{case}-{key}").label == label
        visit.app.text_input(key=f"order-{case}-on").set_value("2 March 2026")
        visit.app.text_input(key=f"order-{case}-{key}").set_value("someday")
        visit.press(f"order-{case}-save")
        assert f"Problem. {label}: " in visit.words
        visit.app.text_input(key=f"order-{case}-{key}").set_value("")


def test_a_fault_of_a_step_names_its_field_as_the_page_does(desk: Desk, case: str, visits: Visits) -> None:
    order = an_order(desk, case)
    key = f"step-{case}-{order}-served"
    visit = of_case(visits, desk, case).open("order-step")
    visit.app.selectbox(key=f"step-{case}-act-{order}").set_value(OrderAct.SERVED)
    visit.run().press(f"{key}-save")
    assert "Date of this step: give the date of this step" in visit.words
    visit.app.text_input(key=f"{key}-on").set_value("3 March 2026")
    visit.press(f"{key}-save")
    assert "Date of this step: this date is in the future" in visit.words


@pytest.mark.parametrize(
    ("name", "label"),
    [("interim_to", "Interim to the application"), ("replaces_interim", "Replaces the interim order")],
)
def test_the_order_before_is_named_in_a_fault_by_the_label_of_its_choice(name: str, label: str) -> None:
    with pytest.raises(InvalidInputError) as caught, field_labels():
        raise InvalidInputError(name, f"it is not an interim order; see '{name}'")
    assert str(caught.value) == f"{label}: it is not an interim order; see '{label}'"


def test_an_event_that_was_not_told_in_time_stays_on_top(desk: Desk, case: str, visits: Visits) -> None:
    an_order(desk, case)
    assert "Victim not reached safely" not in of_case(visits, desk, case).words
    desk.clock.move_to(desk.clock.now().replace(day=4))
    words = of_case(visits, desk, case).words
    assert "Victim not reached safely about order made on 2 Mar 2026. No attempt recorded." in words
    on_case = visits(desk.chair, Place.CASE, case).words
    assert on_case.index("Victim not reached safely about order made") < on_case.index("Panel judgement")
    first = worklist(desk.context(desk.chair)).items[0]
    assert first.what == "Inform the victim (not reached safely): order made"


def test_the_strip_of_the_case_names_what_presses(desk: Desk, case: str, visits: Visits) -> None:
    assert view_case(desk.context(desk.chair), reference=case).orders_pressing is None
    order = an_order(desk, case, ends="2028-04-01", years=None)
    words = visits(desk.chair, Place.CASE, case).words
    assert "1 not served. Next: in effect, 2 Mar 2026." in words
    serve(desk, order)
    desk.clock.move_to(desk.clock.now().replace(day=5))
    words = visits(desk.chair, Place.CASE, case).words
    assert "not served" not in words
    assert "1 overdue. Next: ask whether to seek a renewal, 5 Feb 2028." in words


def test_two_other_protected_persons_are_counted_as_two(desk: Desk, case: str, visits: Visits) -> None:
    others = [{"is_victim": False, "name": name} for name in ("Mia Farrow-Lane", "Leo Farrow-Lane")]
    an_order(desk, case, protected=[{}, *others])
    assert "Protected persons 3 2 who are not the victim." in of_case(visits, desk, case).words
    an_order(desk, case, type="non-molestation", court=None, years=None, ends="2027-03-01")
    words = of_case(visits, desk, case).words
    assert "Protected persons 4 3 who are not the victim, counted in each order." in words
    assert "2 orders apply now." in words


def test_a_case_whose_orders_ended_says_when_and_not_that_none_is_recorded(
    desk: Desk, case: str, visits: Visits
) -> None:
    an_order(desk, case, type="interim-spo", years=None, days=14)
    desk.clock.forward(timedelta(days=20))
    words = visits(desk.chair, Place.ORDERS, codes={"of": case}).words
    assert "No recorded order applies today. The last one ended on 15 Mar 2026." in words
    assert "No order is recorded" not in words


def test_a_gap_is_before_all_else_on_the_page_and_leads_to_the_orders_of_its_case(
    desk: Desk, case: str, visits: Visits
) -> None:
    assert NO_ORDER_APPLIES not in visits(desk.chair, Place.ORDERS).words
    ended = an_order(desk, case, type="interim-spo", made="2026-02-02", years=None, ends="2026-02-28")
    serve_on(desk, ended, "2026-02-03")
    visit = visits(desk.chair, Place.ORDERS)
    first = visit.words.index("No order applies on 1 case.")
    assert f"{case} Since 1 March: no order on this record applies; others may exist: ask." in visit.words
    assert first < visit.words.index("Likely breaches to confirm")
    assert first < visit.source.index("All dates")
    assert visit.source.index(f"?of={case}") < visit.source.index("All dates")

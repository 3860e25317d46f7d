"""Orders that agencies report, on the page of the case's orders: one click opens the dialog filled in."""

from __future__ import annotations

from dashboard.pages import Place
from engine.domain.accounts.acting import Role
from engine.domain.drafts import DraftForm
from engine.services.drafts import open_draft
from engine.services.orders.reading import orders_on_case
from engine.services.referrals.screening import name_people
from tests.builders import Desk, with_toys
from tests.dashboard.visits import Visit, Visits
from tests.engine.services.orders.test_reported import asked

FULL = {
    "served": "2026-01-14",
    "ends": "2028-01-12",
    "conditions": [{"code": "no-publishing"}, {"wording": "To return the keys."}],
    "grade": "1A P",
}


def of_case(visits: Visits, desk: Desk, case: str) -> Visit:
    return visits(desk.chair, Place.ORDERS, codes={"of": case})


def test_one_click_opens_the_dialog_with_the_fields_filled_in_and_a_person_records_it(
    desk: Desk, visits: Visits
) -> None:
    with_toys(desk)
    case = asked(desk, **FULL)
    key = f"reported-{case}-harbour-order-1"
    visit = of_case(visits, desk, case)
    assert (
        "Reported by Harbour Office. Not recorded Stalking protection order: made 12 Jan 2026" in visit.words
    )
    assert "Source: police national computer, grade 1A P" in visit.words
    assert "To return the keys." in visit.words
    assert "1 reported by an agency, not recorded here." in visits(desk.chair, Place.CASE, case).words

    visit = visit.open(f"{key}-open")
    assert visit.app.text_input(key=f"{key}-on").value == "12 Jan 2026"
    assert visit.app.text_input(key=f"{key}-ends").value == "12 Jan 2028"
    assert visit.app.multiselect(key=f"{key}-conditions").value == ["no-publishing"]
    assert "Reported as served 14 Jan 2026: record this as a step afterwards." in visit.words
    visit.app.text_input(key=f"{key}-on").set_value("29/02/2027")
    visit.press(f"{key}-save")
    assert "February 2027 does not have a day 29 (SPA 2019 s.3(2))" in visit.words
    visit.app.text_input(key=f"{key}-on").set_value("12 January 2026")
    visit.press(f"{key}-save")
    assert "its slot 'means' is empty" in visit.words
    visit.app.multiselect(key=f"{key}-no-publishing-means").set_value(["ONLINE"])
    visit.finish(f"{key}-save")
    (order,) = orders_on_case(desk.context(desk.chair), reference=case).orders
    assert (order.type, str(order.made), len(order.conditions)) == ("spo", "2026-01-12", 2)
    assert order.court == "Magistrates' court"
    words = of_case(visits, desk, case).words
    assert f"Same type and date as {order.reference}: compare them." in words
    assert "Record it" not in words


def test_what_was_typed_and_not_recorded_comes_back_and_another_order_has_none_of_it(
    desk: Desk, visits: Visits
) -> None:
    with_toys(desk)
    case = asked(desk, **FULL)
    key = f"reported-{case}-harbour-order-1"
    visit = of_case(visits, desk, case).open(f"{key}-open")
    visit.app.text_input(key=f"{key}-force").set_value("Invented Force")
    visit.type(f"{key}-free", "To return both keys.")
    visit.app.multiselect(key=f"{key}-conditions").set_value(["no-publishing", "no-contact"])
    visit.run()

    again = of_case(visits, desk, case).open(f"{key}-open")
    assert again.app.text_input(key=f"{key}-force").value == "Invented Force"
    assert again.app.text_input(key=f"{key}-on").value == "12 Jan 2026"
    assert again.typed(f"{key}-free") == "To return both keys."
    assert again.app.multiselect(key=f"{key}-conditions").value == ["no-contact", "no-publishing"]
    own = of_case(visits, desk, case).open("order-new")
    assert own.app.text_input(key=f"order-{case}-force").value == ""
    assert own.typed(f"order-{case}-free") == ""
    own.type(f"order-{case}-free", "Mine.")

    for name in ("no-publishing", "no-contact"):
        again.app.multiselect(key=f"{key}-{name}-means").set_value(["ONLINE"])
    again.finish(f"{key}-save")
    assert len(orders_on_case(desk.context(desk.chair), reference=case).orders[0].conditions) == 3
    draft = open_draft(desk.context(desk.chair), form=DraftForm.ORDER, case=case)
    assert [each.text for code, each in draft.fields.items() if code.endswith("free")] == ["Mine."]


def test_whoever_may_not_record_an_order_reads_it_without_the_button(desk: Desk, visits: Visits) -> None:
    workers = with_toys(desk)
    case = asked(desk, **FULL)
    name_people(desk.context(desk.coordinator), reference=case, people=[workers["voice"].user])
    analyst = desk.add("ana", Role.ANALYST)
    name_people(desk.context(desk.coordinator), reference=case, people=["ana"])

    visit = visits(analyst, Place.ORDERS, codes={"of": case})
    assert f"reported-{case}-harbour-order-1-open" not in visit.source

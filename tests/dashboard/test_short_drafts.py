"""Dialogs that are written out, with short texts: what is typed comes back, and goes when it is recorded."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from dashboard.pages import Place
from engine.domain.accounts.acting import Acting
from engine.domain.drafts import DraftForm
from engine.domain.orders.orders import OrderAct, OrderGiven
from engine.services.drafts import open_draft
from engine.services.orders.recording import create_order
from tests.builders import Desk
from tests.dashboard.visits import Visit, Visits, asked


class Short(NamedTuple):
    """A dialog: who opens it, by which button, and one of its fields."""

    user: str
    button: str
    field: str
    form: DraftForm
    records: str = ""


DIALOGS = {
    "corrections": Short("chair", "corrections", "change-{}-what", DraftForm.CHANGE_ASKED, "change-ask"),
    "sharing rule": Short("chair", "shared", "rule-{}-why", DraftForm.SHARING_RULE, "rule-set"),
    "victim's outcomes": Short("voice", "victim-outcome", "victim-outcome-{}-on", DraftForm.VICTIM_OUTCOME),
    "own description": Short(
        "voice", "victim-description", "victim-description-{}-on", DraftForm.VICTIM_DESCRIPTION
    ),
    "victim request": Short("chair", "victim-rights", "rights-{}-what", DraftForm.VICTIM_REQUEST),
    "retention": Short(
        "chair", "retention", "retention-{}-why-desk", DraftForm.RETENTION, "retention-hold-desk"
    ),
}


@pytest.fixture
def reference(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case that was screened, and whose agencies are asked."""
    return asked(desk)


@pytest.mark.parametrize("name", DIALOGS)
def test_what_is_typed_comes_back_to_a_new_sign_in_and_goes_when_recorded(
    desk: Desk, workers: dict[str, Acting], visits: Visits, reference: str, name: str
) -> None:
    short, field = DIALOGS[name], DIALOGS[name].field.format(reference)
    acting = desk.chair if short.user == "chair" else workers[short.user]

    def opened() -> Visit:
        return visits(acting, Place.CASE, reference).open(short.button)

    visit = opened()
    visit.app.text_input(key=field).set_value("2 March 2026")
    visit.run()
    again = opened()
    assert again.app.text_input(key=field).value == "2 March 2026"
    if short.records:
        again.finish(short.records)
        assert open_draft(desk.context(acting), form=short.form, case=reference).fields == {}
        assert opened().app.text_input(key=field).value == ""


def test_a_step_of_an_order_comes_back(desk: Desk, visits: Visits, reference: str) -> None:
    given = OrderGiven.model_validate({"type": "spo", "made": "2026-02-02", "years": 2})
    order = create_order(desk.context(desk.chair), reference=reference, given=given).reference
    key = f"step-{reference}"

    def opened() -> Visit:
        return visits(desk.chair, Place.ORDERS, codes={"of": reference}).open("order-step")

    visit = opened()
    visit.app.selectbox(key=f"{key}-act-{order}").set_value(OrderAct.SERVED)
    visit.run().app.text_input(key=f"{key}-{order}-served-why").set_value("By hand.")
    visit.run()
    assert opened().app.text_input(key=f"{key}-{order}-served-why").value == "By hand."


def _right_to_know(reference: str) -> None:
    from dashboard import record, session
    from dashboard.views.rights import informing_victims as page
    from engine.services.rights.informing_victims import told_on_case

    acting = session.acting()
    there = told_on_case(record.runtime().context(acting), reference=reference)
    page._draw_right_to_know(there, acting)


def test_a_right_to_know_decision_comes_back(desk: Desk, visits: Visits, reference: str) -> None:
    field = f"know-{reference}-why"
    visit = visits.show(desk.chair, _right_to_know, reference)
    visit.app.text_input(key=field).set_value("It is necessary.")
    visit.run()
    assert visits.show(desk.chair, _right_to_know, reference).app.text_input(key=field).value == (
        "It is necessary."
    )

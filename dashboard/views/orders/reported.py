"""Orders that agencies report, each with a button that opens the dialog of an order filled in."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft, part_code
from dashboard.views.orders.fields import LASTS, LISTS, NOT_RECORDED, field_labels, order_fields
from dashboard.views.responses import pointers
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.orders.order_types import OrderType, Unit
from engine.domain.orders.orders import OrderAct, OrderGiven
from engine.domain.orders.views import OrdersOnCase
from engine.domain.responses.reported import ReportedOrder, source_in_words
from engine.services.orders.clocks import list_order_types
from engine.services.orders.recording import create_order
from engine.services.orders.reported import OrderReported, orders_reported

_NOTE = "From agencies' own records. A person compares each with the recorded orders, and records it."


def draw(view: CaseView, there: OrdersOnCase) -> None:
    """Draw each reported order with its source, and what is recorded that is like it."""
    reported = orders_reported(view.answers, there.known)
    if not reported:
        return
    markup.draw(markup.heading("Orders reported by agencies", at="reported", note=_NOTE))
    for each in reported:
        markup.draw(_card(each))
        if there.may_record and each.may_be_recorded:
            key = _key(there.reference, each)
            if st.button(
                "Record it", key=f"{key}-open", help=f"Record the order that {each.agency_name} reports"
            ):
                begin(there.reference, each)
                new_order(there.reference, each)


def begin(reference: str, each: OrderReported) -> None:
    """Fill in what this person typed before and did not record, and elsewhere what the agency reports."""
    draft = _draft(reference, each)
    draft.begin()
    reported = _fields(draft.key, each.reported.order)
    if draft.stored(LISTS).get("conditions"):
        del reported[f"{draft.key}-conditions"]
    session.type_where_empty(reported)


def _draft(reference: str, each: OrderReported) -> FormDraft:
    """Return the draft about this report as it is now: another report of the order has another one."""
    part = part_code(f"{each.agency} {each.reported.order.model_dump_json()}")
    return FormDraft(DraftForm.ORDER, reference, _key(reference, each), part)


@st.dialog("Record a reported order", width="large")
def new_order(reference: str, each: OrderReported) -> None:
    """Ask for the order with the fields that the agency reports filled in; a person checks and records it."""
    draft = _draft(reference, each)
    draft.top()
    markup.draw(_card(each))
    given = order_fields(draft.key, kind=each.reported.order.type, draft=draft)
    if each.reported.order.served is not None:
        day = words.day(each.reported.order.served, year=True)
        markup.draw(markup.element("p", f"Reported as served {day}: record this as a step afterwards."))
    draft.remember()
    with show_errors(), field_labels():
        if st.button("Record order", key=f"{draft.key}-save", type="primary"):
            create_order(
                record.runtime().context(session.acting()),
                reference=reference,
                given=OrderGiven.model_validate({**given(), "act": OrderAct.MADE}),
            )
            draft.end()
            session.say_after_rerun("The order is recorded.")
            st.rerun()


def _card(each: OrderReported) -> markup.Markup:
    order = each.reported.order
    tag = markup.tag("Compare", "t-info") if each.like else markup.tag("Not recorded", "t-todo")
    return markup.element(
        "section",
        markup.element(
            "p", markup.element("b", f"Reported by {each.agency_name}. "), tag, " ", each.reported.says
        ),
        markup.bullets(each.reported.conditions) if each.reported.conditions else None,
        markup.element(
            "p",
            f"{each.status} Source: {source_in_words(order.source, order.grade)} "
            f"{pointers.in_brackets(order.records)}",
            class_="sub",
        ),
        aria_label=f"Order reported by {each.agency_name}",
    )


def _key(reference: str, each: OrderReported) -> str:
    return f"reported-{reference}-{each.agency}-{each.reported.order.key}"


def _fields(key: str, order: ReportedOrder) -> dict[str, object]:
    """Return the fields of the dialog by their keys, each set: nothing typed for another order is left."""
    kind = next(each for each in list_order_types() if each.code == order.type)
    conditions = order.conditions or ()
    return {
        f"{key}-on": words.day(order.made, year=True) if order.made else "",
        f"{key}-court": order.court,
        f"{key}-court-name": order.court_name or "",
        **_lasts(f"{key}-lasts-{order.type}", order, kind),
        f"{key}-ends": words.day(order.ends, year=True) if order.ends else "",
        f"{key}-effect": words.day(order.in_effect, year=True) if order.in_effect else "",
        f"{key}-conditions": [each.code for each in conditions if each.code],
        f"{key}-free": "; ".join(each.wording for each in conditions if each.wording),
    }


def _lasts(key: str, order: ReportedOrder, kind: OrderType) -> dict[str, object]:
    """Return how long it is reported to last, if its type offers that: else a person chooses."""
    unit = Unit.OPEN if order.until_further_order else Unit.ENDS if order.ends else None
    if unit in kind.term.units:
        return {key: LASTS[unit]}
    return {} if kind.term.is_required else {key: NOT_RECORDED}

"""Dialogs that record an order, a step of one, a copy, and an attempt to inform the victim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

import streamlit as st

from dashboard import days, forms, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.form_model import Form
from dashboard.views.orders.fields import RELATION, STEP_DATE, field_labels, order_fields
from engine.domain.accounts.acting import Acting
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.orders.notices import AttemptGiven, NoticeGiven
from engine.domain.orders.orders import REQUIREMENT_ACTS, OrderAct, OrderGiven, ServedHow, StepGiven
from engine.domain.orders.views import OrdersOnCase, OrderView
from engine.domain.shown import shown
from engine.services.context import AgencyContext, Context
from engine.services.orders import notices
from engine.services.orders import recording as orders

_REASON = "Reason (do not write where the victim is)"
_TIME = "Time, such as 14:05"
_COPIES = {OrderAct.VARIED: "Vary", OrderAct.RENEWED: "Renew"}


def draw_buttons(view: CaseView, there: OrdersOnCase, acting: Acting) -> None:
    """Draw the buttons of the dialogs that this person may use."""
    with st.container(horizontal=True, horizontal_alignment="right", key="case-acts"):
        if there.may_record and st.button("Record order", key="order-new", type="primary"):
            begin_order(there)
        if there.may_record and there.orders and st.button("Record a step", key="order-step"):
            _step_draft(there.reference).begin()
            new_step(there)
        if there.may_record and there.orders:
            forms.button(new_case(there), "Record another case", key="order-join")
        if there.may_record:
            forms.button(new_notice(view.reference), "Record an event for the victim", key="notice-new")
        if any(each.may_record and not each.is_done for each in there.notices):
            forms.button(new_attempt(there), "Record an attempt", key="notice-try")


def begin_order(there: OrdersOnCase) -> None:
    """Open the dialog with what this person typed before and did not record."""
    _draft(there.reference).begin()
    new_order(there)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.ORDER, reference, f"order-{reference}")


@st.dialog("Record an order", width="large")
def new_order(there: OrdersOnCase) -> None:
    """Ask for an order: its terms, who is protected, and its conditions."""
    draft = _draft(there.reference)
    draft.top()
    given = order_fields(draft.key, draft=draft, others=there.orders)
    why = draft.text("why", _REASON, one_line=True)
    draft.remember(without=(f"-{RELATION}",))
    with show_errors(), field_labels():
        if st.button("Record order", key=f"{draft.key}-save", type="primary"):

            def record_it(context: AgencyContext) -> None:
                terms = OrderGiven.model_validate({**given(), "why": why.strip() or None})
                orders.create_order(context, reference=there.reference, given=terms)

            _end(record_it, "The order is recorded.", draft)


class _AnotherCase(Frozen):
    order: Annotated[str, Asked("Order", offered=True)]
    reference: Annotated[str, Asked("Reference of the other case", longest=12)]


def new_case(there: OrdersOnCase) -> Form[_AnotherCase, object]:
    """Return the form for a further case that an order serves; it must be open to this person."""
    return Form(
        _AnotherCase,
        draft=DraftForm.ORDER_CASE,
        case=there.reference,
        key=f"join-{there.reference}",
        title="Record another case of an order",
        is_large=True,
        offers={"order": _named(there)},
        begins={"order": there.orders[0].reference if there.orders else None},
        reviews="Review case",
        button="Record case",
        records=lambda context, given: orders.join_case(
            context, order=given.order, reference=given.reference
        ),
        done="The order serves this case too.",
        undone_by="",
    )


def _named(there: OrdersOnCase) -> dict[str, str]:
    return {each.reference: f"{each.name}, {each.state.value} ({each.reference})" for each in there.orders}


@st.dialog("Record a step of an order", width="large")
def new_step(there: OrdersOnCase) -> None:
    """Ask for a step: its date, and what it needs."""
    by_reference, named = {order.reference: order for order in there.orders}, _named(there)
    draft = _step_draft(there.reference)
    draft.top()
    chosen = st.selectbox(
        "Order", list(named), format_func=lambda ref: shown(named[ref]), key=f"{draft.key}-order"
    )
    order = by_reference[chosen]
    copies = tuple(_COPIES) if OrderAct.DISCHARGED in order.next_acts and not order.successors else ()
    acts = [act for act in order.next_acts if act is not OrderAct.INTERIM] + list(copies)
    act = st.selectbox(
        "Step",
        acts,
        index=None,
        format_func=lambda each: _COPIES.get(each, words.sentence(each.value)),
        key=f"{draft.key}-act-{chosen}",
        placeholder="Choose a step",
    )
    if act is None:
        return
    if act in _COPIES or act is OrderAct.MADE:
        _draw_with_terms(order, act, there.orders, draft)
    else:
        _draw_step(order, act, draft)


def _step_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.ORDER_STEP, reference, f"step-{reference}")


def _draw_step(order: OrderView, act: OrderAct, draft: FormDraft) -> None:
    key = f"{draft.key}-{order.reference}-{act.name.lower()}"
    on = days.field(STEP_DATE, key=f"{key}-on")
    needs = st.columns(2)
    given: dict[str, object] = {"act": act}
    with needs[0]:
        if act in (OrderAct.SERVED, OrderAct.SERVICE_TRIED):
            given["at_time"] = st.text_input(_TIME, key=f"{key}-at", max_chars=5) or None
            given["how"] = st.selectbox(
                "Way of service",
                list(ServedHow),
                index=None if act is OrderAct.SERVICE_TRIED else 0,
                format_func=lambda each: words.sentence(each.value),
                key=f"{key}-how",
            )
        if act in REQUIREMENT_ACTS:
            numbers = [each.number for each in order.conditions if each.is_requirement]
            given["condition"] = st.selectbox("Requirement number", numbers, key=f"{key}-condition")
    why = st.text_input(_REASON, key=f"{key}-why", max_chars=600)
    draft.remember(without=("-order", "-condition"))
    with show_errors(), field_labels():
        if st.button("Record step", key=f"{key}-save", type="primary"):
            day = days.read(STEP_DATE, on)
            if day is None:
                raise InvalidInputError(STEP_DATE, "give the date of this step")
            step = {**given, "on": day, "why": why.strip() or None}
            _end(
                lambda context: orders.record_step(
                    context, order=order.reference, step=StepGiven.model_validate(step)
                ),
                "The step is recorded.",
                draft,
            )


def _draw_with_terms(order: OrderView, act: OrderAct, others: Sequence[OrderView], draft: FormDraft) -> None:
    key = f"{draft.key}-terms-{order.reference}-{act.name.lower()}"
    given = order_fields(key, kind=order.type, others=others if act is OrderAct.MADE else ())
    why = "" if act is OrderAct.MADE else st.text_input(_REASON, key=f"{key}-why", max_chars=600)
    draft.remember(without=("-order", f"-{RELATION}"))
    with show_errors(), field_labels():
        if st.button("Record terms", key=f"{key}-save", type="primary"):
            terms = OrderGiven.model_validate({**given(), "act": OrderAct.MADE})
            if act is OrderAct.MADE:
                _end(
                    lambda context: orders.make_order(context, order=order.reference, given=terms),
                    "The making of the order is recorded.",
                    draft,
                )
            else:
                if not why.strip():
                    raise InvalidInputError("reason", "give the reason")
                _end(
                    lambda context: orders.vary_order(
                        context,
                        order=order.reference,
                        given=terms,
                        why=why.strip(),
                        is_renewal=act is OrderAct.RENEWED,
                    ),
                    "The copy is recorded. The order applies until the copy is in effect.",
                    draft,
                )


def new_notice(reference: str) -> Form[NoticeGiven, object]:
    """Return the form for an event that the victim is informed of."""
    return Form(
        NoticeGiven,
        draft=DraftForm.NOTICE,
        case=reference,
        key=f"event-{reference}",
        title="Record an event for the victim",
        is_large=True,
        button="Record event",
        records=lambda context, given: notices.record_notice(context, reference=reference, notice=given),
        done="The event is recorded. The safe-contact officer and the advocate see it on their worklists.",
        undone_by="",
    )


class _Attempt(AttemptGiven):
    number: Annotated[str, Asked("Event", offered=True, missing="choose the event")]


def new_attempt(there: OrdersOnCase) -> Form[_Attempt, object]:
    """Return the form for whether the victim was reached safely, by whom, and what comes next."""
    waiting = [each for each in there.notices if each.may_record and not each.is_done]
    events = {
        str(each.number): f"{words.sentence(each.event.value)}, {words.day(each.on)}" for each in waiting
    }

    def records(context: Context, given: _Attempt) -> object:
        attempt = AttemptGiven.model_validate(given.model_dump(exclude={"number"}))
        return notices.try_notice(
            context, reference=there.reference, number=int(given.number), attempt=attempt
        )

    return Form(
        _Attempt,
        draft=DraftForm.ATTEMPT,
        case=there.reference,
        key=f"attempt-{there.reference}",
        title="Record an attempt to inform the victim",
        is_large=True,
        first="number",
        offers={"number": events},
        begins={"number": next(iter(events), None)},
        button="Record attempt",
        records=records,
        done="The attempt is recorded.",
        undone_by="a further attempt",
    )


def _end(act: Callable[[AgencyContext], object], said: str, draft: FormDraft) -> None:
    act(record.runtime().context(session.acting()))
    draft.end()
    session.say_after_rerun(said)
    st.rerun()

"""The plan on its case: the victim's safety and others at risk on one side, the intervention on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import markup, session, words
from engine.domain.plans.actions import OPEN_STATUSES, Side
from engine.domain.plans.versions import PlanState
from engine.domain.plans.views import ActionView, PlanView

HEADINGS: Mapping[Side, str] = {
    Side.VICTIM_SAFETY: "Safety of the victim",
    Side.OTHERS_AT_RISK: "Others at risk",
    Side.INTERVENTION: "Intervention with the alleged perpetrator",
}
_LEFT, _RIGHT = (Side.VICTIM_SAFETY, Side.OTHERS_AT_RISK), (Side.INTERVENTION,)
_EMPTY = {
    Side.VICTIM_SAFETY: "No action yet for the safety of the victim.",
    Side.OTHERS_AT_RISK: "No action yet for others at risk.",
    Side.INTERVENTION: "No action yet with the alleged perpetrator.",
}


def draw(plan: PlanView, agencies: Mapping[str, str], today: date) -> None:
    """Draw the actions of the newest version, numbered, and what of an earlier one is still in delivery."""
    numbers = numbered(plan.actions)
    left, right = st.columns(2, gap="large")
    for cell, sides in ((left, _LEFT), (right, _RIGHT)):
        with cell:
            for side in sides:
                markup.draw(markup.heading(HEADINGS[side], at=f"side-{side.name.lower()}", level=3))
                there = [action for action in plan.actions if action.side is side]
                markup.draw(_lines(there, numbers, agencies, today) or markup.none_recorded(_EMPTY[side]))
    older = [action for action in plan.actions if action.side is None]
    if older:
        note = "Written before plans had sides."
        markup.draw(markup.heading("Side not recorded", at="side-none", level=3, note=note))
        markup.draw(_lines(older, numbers, agencies, today))
    if plan.in_delivery_version not in (None, plan.version):
        _draw_in_delivery(plan, agencies, today)


def numbered(actions: Iterable[ActionView]) -> dict[str, int]:
    """Return the number of each action in the plan: as a conflict names it."""
    return {action.reference: number for number, action in enumerate(actions, start=1)}


def title(plan: PlanView) -> str:
    """Return ``Plan, version 5: waiting for approval``."""
    return f"Plan, version {plan.version}: {plan.state.value}"


def caption(plan: PlanView) -> str:
    """Return who wrote the version, when and why, and that it departs from the victim's wishes."""
    said = f"{words.moment(plan.at)}, by {session.named(plan.by)}: {plan.reason}"
    if plan.departs_from_wishes:
        reason = f" ({plan.departure_reason.value})" if plan.departure_reason else ""
        said += f" Departs from the victim's wishes{reason}: {plan.departs_from_wishes}"
    if plan.approval is not None and plan.state is PlanState.IN_DELIVERY:
        said += f" Approved {words.moment(plan.approval.at)} by {session.named(plan.approval.by)}."
    return said


def _draw_in_delivery(plan: PlanView, agencies: Mapping[str, str], today: date) -> None:
    until = f"In delivery until this version is approved: version {plan.in_delivery_version}"
    with st.expander(until, key="plan-in-delivery"):
        markup.draw(_lines(plan.in_delivery, {}, agencies, today))


def _lines(
    actions: Sequence[ActionView], numbers: Mapping[str, int], agencies: Mapping[str, str], today: date
) -> markup.Markup | None:
    if not actions:
        return None
    lines = [
        markup.element(
            "li",
            line(action, agencies, today),
            class_="late" if action.is_overdue else None,
            value=numbers.get(action.reference),
        )
        for action in actions
    ]
    return markup.element("ol", *lines, class_="actions")


def line(action: ActionView, agencies: Mapping[str, str], today: date) -> markup.Markup:
    """Return one action: title, owner and due date, what it answers, and its status in words and shape."""
    agency = agencies.get(action.agency, action.agency)
    due = words.day(action.due)
    days = words.days_from(action.due, today)
    if action.status in OPEN_STATUSES and not action.is_overdue:
        due += f" ({days})"
    answers = words.domain_in_words(action.serves) if action.serves else "Risk domain not recorded"
    tags = [
        markup.tag(days, "t-late") if action.is_overdue else None,
        markup.status_tag(action.status),
        markup.tag("Urgent, started", "t-urgent") if action.is_urgent else None,
        markup.tag("Departs from wishes", "t-departed") if action.departs_from_wishes else None,
        markup.element("span", answers, class_="sub"),
    ]
    notes = [
        f"Done when: {action.evidence}" if action.evidence else None,
        f"Proposed by {agencies.get(action.proposed_by, action.proposed_by)}."
        if action.proposed_by
        else None,
        f"Not a Police Information Notice: {action.differs_from_notice}"
        if action.differs_from_notice
        else None,
        _reported(action),
    ]
    return markup.join(
        [
            markup.element("b", action.what),
            markup.element("div", f"{agency}, {action.owner}. Due {due}"),
            markup.element("div", markup.join([tag for tag in tags if tag is not None], " ")),
            *(markup.element("small", note) for note in notes if note),
        ]
    )


def _reported(action: ActionView) -> str | None:
    delivered = [
        f"on {words.day(action.done_on, year=True)}" if action.done_on else None,
        words.counted(action.sessions, "session") if action.sessions is not None else None,
        f"{action.sessions_offered} offered" if action.sessions_offered is not None else None,
        words.counted(action.minutes, "minute") if action.minutes is not None else None,
    ]
    said = [part for part in (action.status_note, words.sentence(", ".join(filter(None, delivered)))) if part]
    return " ".join(said) or None

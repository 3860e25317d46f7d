"""The Plans page: figures, the next weeks, every plan that the viewer may see, progress and wishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard import downloads, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.plan_codes import MINE, Picked
from dashboard.views.plans import filters, my_actions, tables
from engine.domain.accounts.acting import Acting, Role
from engine.domain.plans.figures import PlanFigures
from engine.domain.plans.lists import Wishes
from engine.domain.plans.versions import PlanState
from engine.services.plans.lists import PlanPage, list_plans

_PLANS_AT_ONCE, _ACTIONS_AT_ONCE = 10, 25


def page() -> None:
    """Draw the page, filtered by what the address and the fields say."""
    with show_errors():
        runtime = record.runtime()
        acting = session.acting()
        agencies = {agency.code: agency.name for agency in runtime.agencies_known}
        picked = filters.read(acting, agencies=agencies)
        today = runtime.clock.today()
        if picked.view == MINE:
            my_actions.draw(acting, agencies=agencies, today=today)
            return
        at_once = _at_once(picked)
        listed = list_plans(
            runtime.context(acting),
            wanted=picked.wanted(acting),
            listed_by=picked.listed_by,
            first=(picked.page - 1) * at_once,
            count=at_once,
        )
        draw(listed, picked, acting=acting, agencies=agencies, today=today)


def _at_once(picked: Picked) -> int:
    return _ACTIONS_AT_ONCE if picked.by_owner else _PLANS_AT_ONCE


def draw(
    listed: PlanPage, picked: Picked, *, acting: Acting, agencies: Mapping[str, str], today: date
) -> None:
    """Draw everything; what needs this person comes first."""
    figures = listed.figures
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        markup.draw(markup.page_title("Plans", note=_lead(figures, acting)))
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            codes = urlencode({name: code for name, code in picked.codes.items() if code})
            for words_, kind in (
                ("Download CSV", downloads.PLANS_CSV),
                ("Download XLSX", downloads.PLANS_XLSX),
            ):
                markup.draw(
                    markup.fetch(words_, downloads.ASK, kind=kind, reference=codes or None, look="second")
                )
    if not figures.plans and not picked.is_filtered:
        filters.draw(acting, agencies=agencies)
        markup.draw(markup.notice("info", "No plans yet. A plan is written after a case conference."))
        return
    markup.draw(_strip(figures, agencies=agencies, sees_causes=listed.sees_names))
    markup.draw(markup.heading("The next 8 weeks", at="weeks", note=_weeks_note(figures)))
    markup.draw(tables.weeks(figures, today=today))
    _draw_list(listed, picked, acting=acting, agencies=agencies, today=today)
    left, right = st.columns([7, 5], gap="large")
    with left:
        note = "Counts of actions, agencies from A to Z. Agencies have different kinds of action."
        markup.draw(markup.heading("Progress by agency", at="progress", note=note))
        markup.draw(tables.progress(figures, agencies=agencies))
    with right:
        note = f"Of {words.counted(figures.plans, 'plan')}. Each departure has a signed reason."
        markup.draw(markup.heading("Victim's wishes", at="wishes", note=note))
        markup.draw(tables.wishes(figures))


def _draw_list(
    listed: PlanPage, picked: Picked, *, acting: Acting, agencies: Mapping[str, str], today: date
) -> None:
    by_owner = picked.by_owner
    what = words.counted(listed.total, "action" if by_owner else "plan")
    markup.draw(
        markup.heading("Plans and actions", at="list", note=f"{what}, overdue first, then by due date.")
    )
    filters.draw(acting, agencies=agencies)
    if not _length(listed, by_owner=by_owner):
        clear = markup.go("Clear the filters", Place.PLANS)
        sentence = "This page is after the end of the list. " if listed.total else "No plans match. "
        markup.draw(markup.notice("info", sentence, clear, "."))
        return
    at_once = _at_once(picked)
    place = _place(listed, by_owner=by_owner)
    table = tables.by_owner if by_owner else tables.by_case
    markup.draw(
        table(
            listed.plans,
            agencies=agencies,
            today=today,
            sees_names=listed.sees_names,
            caption=f"{'Actions' if by_owner else 'Plans'} {place}",
        )
    )
    pages = -(-listed.total // at_once)
    if pages > 1:
        st.pagination(pages, default=picked.page, key=filters.page_key())


def _place(listed: PlanPage, *, by_owner: bool) -> str:
    last = listed.first + _length(listed, by_owner=by_owner)
    return f"{listed.first + 1:,} to {last:,} of {listed.total:,}"


def _length(listed: PlanPage, *, by_owner: bool) -> int:
    return sum(len(plan.actions) for plan in listed.plans) if by_owner else len(listed.plans)


def _lead(figures: PlanFigures, acting: Acting) -> markup.Content:
    late = (
        f"{words.counted(figures.overdue, 'action')} {'is' if figures.overdue == 1 else 'are'} overdue, "
        f"on {words.counted(figures.overdue_cases, 'case')}."
        if figures.overdue
        else "No action is overdue."
    )
    waiting = figures.by_state[PlanState.WAITING]
    if acting.role is not Role.CHAIR or not waiting:
        return late
    said = f"{words.counted(waiting, 'plan')} {'waits' if waiting == 1 else 'wait'} for your approval"
    return markup.join([late, markup.go(said, Place.PLANS, codes={"state": "waiting"})], " ")


def _strip(figures: PlanFigures, *, agencies: Mapping[str, str], sees_causes: bool) -> markup.Markup:
    week = figures.this_week
    states = [f"{figures.by_state[state]:,} {state.value}" for state in _STATES_SHOWN]
    due = [
        f"{agencies.get(each.agency, each.agency)} {each.due_this_week:,}"
        for each in figures.agencies
        if each.due_this_week
    ]
    reviews = f"{week.reviews:,}" + (
        f", and {figures.reviews_overdue:,} overdue" if figures.reviews_overdue else ""
    )
    wishes = figures.wishes
    departs, follow, unknown = (
        wishes[each] for each in (Wishes.DEPARTED, Wishes.FOLLOWED, Wishes.NOT_RECORDED)
    )
    cells: tuple[tuple[str, str, str], ...] = (
        ("Plans", f"{figures.plans:,}", _sentence(states)),
        (
            "Actions overdue",
            f"{figures.overdue:,}"
            + (f" on {words.counted(figures.overdue_cases, 'case')}" if figures.overdue else ""),
            f"The oldest was due on {words.day(figures.oldest_overdue)}."
            if figures.oldest_overdue
            else "None.",
        ),
        ("Actions due this week", f"{week.actions:,}", _sentence(due) or "None."),
        ("Reviews this week", reviews, _review_note(figures, sees_causes=sees_causes)),
        (
            "Victim's wishes",
            f"{words.counted(departs, 'plan')} {'departs' if departs == 1 else 'depart'} from them",
            f"{follow:,} {'follows' if follow == 1 else 'follow'} the wishes. "
            f"{unknown:,} {'has' if unknown == 1 else 'have'} no wishes recorded.",
        ),
    )
    return markup.element(
        "dl",
        *(
            markup.element(
                "div",
                markup.element("dt", name),
                markup.element("dd", figure),
                markup.element("dd", note, class_="s"),
            )
            for name, figure, note in cells
        ),
        class_="strip five",
    )


_STATES_SHOWN = (PlanState.IN_DELIVERY, PlanState.WAITING, PlanState.DRAFT)


def _sentence(parts: list[str]) -> str:
    return f"{', '.join(parts)}." if parts else ""


def _review_note(figures: PlanFigures, *, sees_causes: bool) -> str:
    undated = figures.plans - figures.reviews_dated
    said = [
        f"{words.counted(undated, 'plan')} without a review date." if undated else "Every plan has a date."
    ]
    if not sees_causes:
        said.append("The dates are as set: what brings a review forward is not shown here.")
    elif figures.brought_forward:
        by = [f"{number:,} by {trigger.value}" for trigger, number in figures.brought_forward_by.items()]
        said.insert(0, f"{figures.brought_forward:,} brought forward: {', '.join(by)}.")
    return " ".join(said)


def _weeks_note(figures: PlanFigures) -> str:
    said = "Choose a week to filter the list below. Each square is 1 action."
    days = [words.day(day, year=False) for day in figures.bank_holidays]
    return f"{said} Bank holidays: {words.listed(days)}." if days else said

"""A practitioner's own actions: overdue, due this week, later; each is reported on where it is listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import markup, record, words
from dashboard.pages import Place
from dashboard.plan_codes import OWN_AGENCY, VIEW
from dashboard.views.plans import filters, report, tables
from dashboard.views.responses import release
from engine.domain.accounts.acting import Acting
from engine.domain.cases.incidents import kinds_in_words
from engine.domain.cases.worklists import WorkGroup, WorkItem
from engine.domain.plans.lists import ListedPlan, sunday_of
from engine.domain.plans.recent import RecentChange, RecentKind
from engine.services.cases.worklists import worklist_page
from engine.services.plans.own_actions import OwnActions, own_actions

_RELEASES_AT_ONCE = 3
_ROWS_AT_ONCE = 40
"""So many actions are drawn, those that are due first: each has a button and may open."""


def draw(acting: Acting, *, agencies: Mapping[str, str], today: date) -> None:
    """Draw the actions of the person who is signed in."""
    runtime = record.runtime()
    own = own_actions(runtime.context(acting), most=_ROWS_AT_ONCE)
    agency = agencies.get(str(acting.agency), str(acting.agency))
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        markup.draw(markup.page_title("My actions", note=_lead(own)))
        with st.container(horizontal=True, horizontal_alignment="right", width="content"):
            filters.draw_views(acting)
    report.draw_last()
    left, right = st.columns([7, 3], gap="medium")
    with left:
        if not own.total:
            others = f"{words.counted(own.agency_open, 'action')} of {agency} {_is(own.agency_open)} open."
            markup.draw(markup.notice("info", f"You have no open actions. {others}"))
        for heading, at, rows in _groups(own.actions, today):
            if rows:
                markup.draw(markup.heading(heading, at=at))
                for row in rows:
                    _draw_row(row, today)
        more = own.total - _ROWS_AT_ONCE
        if more > 0:
            said = f"{words.counted(more, 'more action')} of yours, due later"
            markup.draw(markup.element("p", markup.go(said, Place.PLANS, codes={VIEW: OWN_AGENCY})))
    with right, st.container(key="beside"):
        _draw_changes(own, agencies)
        _draw_waiting(acting)


def _draw_changes(own: OwnActions, agencies: Mapping[str, str]) -> None:
    markup.draw(
        markup.heading("Changed since yesterday", at="changes", note="On your cases, by other people.")
    )
    if not own.changes:
        markup.draw(markup.none_recorded("No change was recorded."))
        return
    lines = [_change(change, own.victims[change.case], agencies) for change in own.changes]
    if own.more_changes:
        lines.append(markup.safe(f"{words.counted(own.more_changes, 'more change')} on your cases."))
    markup.draw(markup.bullets(lines, class_="lines"))


def _change(change: RecentChange, victim: str, agencies: Mapping[str, str]) -> markup.Markup:
    case = markup.join([markup.element("b", change.case), f", {victim}"])
    return markup.join([markup.element("div", case), _said(change, agencies)])


def _said(change: RecentChange, agencies: Mapping[str, str]) -> markup.Markup:
    def to(said: str) -> markup.Markup:
        return markup.go(said, Place.CASE, change.case)

    if change.kind is RecentKind.INCIDENT:
        when = f" of {change.happened.in_words()}" if change.happened else ", date not recorded"
        kind = kinds_in_words((change.incident, *change.also)) if change.incident else "incident"
        return markup.join([to(f"New incident: {kind}"), f"{when}."])
    if change.kind is RecentKind.REPORT:
        agency = agencies.get(str(change.agency), str(change.agency))
        status = change.status.value if change.status else "not recorded"
        return markup.join([to(f"Action of {agency} reported"), f" as {status}."])
    act = "saved" if change.kind is RecentKind.VERSION else "approved"
    return markup.join([to(f"Plan version {change.version}"), f" was {act}."])


def _draw_waiting(acting: Acting) -> None:
    """Draw what else the worklist has for this person; the actions are listed here already.

    The first responses to release are opened from here, so that two presses release one.
    """
    view = worklist_page(record.runtime().context(acting), at_once=_RELEASES_AT_ONCE, named=("release",))
    releases = view.section("release")
    others = view.total - releases.total - view.section(WorkGroup.ACTION).total
    markup.draw(markup.heading("Also waiting for you", at="waiting"))
    for number, item in enumerate(releases.items):
        _draw_release(item, number, acting)
    lines = []
    if releases.total > _RELEASES_AT_ONCE:
        rest = releases.total - _RELEASES_AT_ONCE
        more = words.counted(rest, "more response", or_more=releases.or_more)
        lines.append(markup.go(f"{more} to review and release", Place.WORKLIST))
    if others:
        lines.append(
            markup.go(
                f"{words.counted(others, 'other task', or_more=view.or_more)} on your worklist",
                Place.WORKLIST,
            )
        )
    if lines or not releases.total:
        markup.draw(
            markup.bullets(lines, class_="lines") if lines else markup.none_recorded("No other task.")
        )


def _draw_release(item: WorkItem, number: int, acting: Acting) -> None:
    with st.container(key=f"mine-row-{number}", gap="small"):
        case = markup.go(item.reference, Place.CASE, item.reference)
        about = markup.join([case, f", {item.names.victim}"]) if item.names else case
        markup.draw(markup.element("div", markup.element("b", "Response awaiting your release"), " ", about))
        if acting.agency and st.button("Review and release", key=f"read-{item.reference}"):
            release.ask(item.reference, acting.agency)


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _lead(own: OwnActions) -> str:
    said = f"{words.counted(own.total, 'open action')} on {words.counted(own.cases, 'case')}."
    due = f"{own.due_this_week:,} {_is(own.due_this_week)} due this week."
    return f"{said} {own.overdue:,} {_is(own.overdue)} overdue and {due}"


def _groups(rows: Sequence[ListedPlan], today: date) -> tuple[tuple[str, str, tuple[ListedPlan, ...]], ...]:
    sunday = sunday_of(today)
    late = tuple(row for row in rows if row.actions[0].due < today)
    this_week = tuple(row for row in rows if today <= row.actions[0].due <= sunday)
    later = tuple(row for row in rows if row.actions[0].due > sunday)
    return (
        ("Overdue", "overdue", late),
        ("Due this week", "this-week", this_week),
        ("Later", "later", later),
    )


def _draw_row(row: ListedPlan, today: date) -> None:
    (action,) = row.actions
    look = "late" if action.overdue else "due"
    with st.container(key=f"action-{look}-{action.reference}", gap="small"):
        line, button = st.columns([9, 1], vertical_alignment="top")
        with line:
            markup.draw(_line(row, today))
        with button:
            report.draw_button(action.reference, action.what)
        report.draw_open(row)


def _line(row: ListedPlan, today: date) -> markup.Markup:
    (action,) = row.actions
    about = [
        markup.element("b", action.what),
        markup.element("span", f"For {row.victim}"),
        markup.go(row.case, Place.CASE, row.case),
    ]
    done_when = f"Done when: {action.evidence}" if action.evidence else None
    return markup.element(
        "div",
        markup.element("div", tables.due(action, today), class_="when"),
        markup.element(
            "div",
            markup.element("div", markup.join(about, " ")),
            markup.element("small", done_when) if done_when else None,
        ),
        markup.element("div", markup.status_tag(action.status)),
        class_="own",
    )

"""The worklist: what needs whom today, and why. Alarms first; a practitioner's own answers next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.referrals import rejected_rows
from dashboard.views.responses import release
from dashboard.views.vault import protected_text
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.worklists import WorkItem, Worklist
from engine.domain.shown import shown
from engine.services.cases.worklists import worklist
from engine.services.referrals.screening import acknowledge_alarm
from engine.services.responses.reminders import chase

_AT_ONCE = 50
_REJECTED = "rejected"
_PLACE_OF = {
    "screen": Place.SCREENING,
    "alarm": Place.CASE,
    "subject access": Place.SUBJECT_ACCESS,
    "search": Place.SEARCH,
    "link alert": Place.LINKS,
}
_AGENCY, _CHASE, _ARRIVAL = "agency", "chase", "arrival"
_TELLS = "text that tells"
_ANCHOR = "anchor"


def page() -> None:
    """Draw the signed-in person's day."""
    with show_errors():
        runtime = record.runtime()
        view = worklist(runtime.context(session.acting()), snapshots=lambda: runtime.link_snapshots)
        draw(view, now=runtime.clock.now())


def draw(view: Worklist, *, now: datetime) -> None:
    """Draw everything that waits for one person."""
    if view.first_line:
        markup.draw(markup.notice("error", view.first_line, heading="Background work is not running"))
    rejected = [item for item in view.items if item.kind == _REJECTED]
    alarms = [item for item in view.items if item.is_alarm and item.kind not in (_REJECTED, _TELLS)]
    telling = [item for item in view.items if item.kind == _TELLS]
    mine = [item for item in view.items if item.kind == "release"]
    agencies = [item for item in view.items if item.kind == _AGENCY]
    arrived = [item for item in view.items if item.kind == _ARRIVAL]
    apart = ("release", _REJECTED, _AGENCY, _ARRIVAL, _TELLS)
    others = [item for item in view.items if not item.is_alarm and item.kind not in apart]
    markup.draw(markup.page_title("Worklist", note=_lead(view)))
    if alarms:
        markup.draw(
            markup.heading(
                "Alarms",
                at="alarms",
                note=(
                    "A named person must acknowledge each alarm. The first "
                    "acknowledgement is the one recorded."
                ),
            )
        )
        for number, item in enumerate(_page_of(alarms, key="alarms-page")):
            _draw_alarm(item, number, now)
    if rejected:
        note = "These rows were not stored as referrals. An alarm in one of them still needs a person."
        markup.draw(markup.heading("Rejected rows", at="rejected", note=note))
        for number, item in enumerate(rejected):
            _draw_rejected(item, number, now)
    if telling:
        _draw_telling(telling, now)
    if mine:
        markup.draw(
            markup.heading(
                "Responses awaiting your release",
                at="release",
                note=(
                    "No one outside your agency sees these until you release them. You can withhold items."
                ),
            )
        )
        for number, item in enumerate(mine):
            _draw_mine(item, number, now)
    if arrived:
        _draw_arrived(arrived, now)
    if agencies:
        _draw_agencies(agencies, now)
    if others:
        heading = "Other tasks" if alarms or mine else "Tasks by due date"
        markup.draw(markup.heading(heading, at="others"))
        _draw_others(others, now)
        _draw_chasing([item for item in others if item.kind == _CHASE])


def _lead(view: Worklist) -> str:
    if not view.items:
        return "You have no tasks today."
    late = sum(item.is_overdue for item in view.items)
    said = f"You have {words.counted(len(view.items), 'task')}"
    return f"{said}, {late} overdue." if late else f"{said}, none overdue."


def _draw_alarm(item: WorkItem, number: int, now: datetime) -> None:
    with st.container(
        key=f"alarm-row-{number}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        markup.draw(_line(item, now, markup.tag("Alarm", "t-alarm")))
        if st.button(
            "Acknowledge",
            key=f"acknowledge-{item.reference}",
            help=f"Acknowledge the alarm on {words.plain(item.reference)}",
        ):
            runtime = record.runtime()
            with show_errors():
                acknowledge_alarm(runtime.context(session.acting()), reference=item.reference)
                session.say_after_rerun(f"You have acknowledged the alarm on {item.reference}.")
                st.rerun()


def _draw_mine(item: WorkItem, number: int, now: datetime) -> None:
    with st.container(
        key=f"mine-row-{number}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        markup.draw(_line(item, now, None))
        acting = session.acting()
        if acting.agency and st.button("Review and release", key=f"read-{item.reference}"):
            release.ask(item.reference, acting.agency)


def _draw_rejected(item: WorkItem, number: int, now: datetime) -> None:
    look = "alarm" if item.is_alarm else "rejected"
    with st.container(
        key=f"{look}-row-rejected-{number}",
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
    ):
        tag = markup.tag("Alarm", "t-alarm") if item.is_alarm else None
        markup.draw(_line(item, now, tag))
        if st.button("Review", key=f"see-to-{number}"):
            rejected_rows.ask(item.reference)


def _draw_telling(items: Sequence[WorkItem], now: datetime) -> None:
    note = "Other users see these texts masked. Their authors have not been informed."
    markup.draw(markup.heading("Protected details in text", at="texts", note=note))
    for number, item in enumerate(items):
        look = "alarm" if item.is_alarm else "rejected"
        with st.container(
            key=f"{look}-row-text-{number}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            markup.draw(_line(item, now, markup.tag("Alarm", "t-alarm") if item.is_alarm else None))
            if st.button("Review", key=f"see-to-text-{number}"):
                protected_text.ask(item.reference)


def _line(item: WorkItem, now: datetime, tag: markup.Markup | None) -> markup.Markup:
    return markup.element(
        "div",
        tag,
        markup.tag("Overdue", "t-late") if item.is_overdue else None,
        markup.element("b", _name(item)),
        markup.element("span", item.why, class_="why"),
        markup.element("span", _when(item, now), class_="when"),
        class_="todo",
    )


def _draw_arrived(items: Sequence[WorkItem], now: datetime) -> None:
    """Draw new referrals without a link to the case:
    before screening only the STAC coordinator and chair may open it.
    """
    note = (
        "Your own records were searched when these referrals arrived. What they hold leaves "
        "your agency only in your response, after a person screens the referral and you are "
        "asked."
    )
    markup.draw(markup.heading("Arrived, not screened: only your agency sees this", at="arrived", note=note))
    markup.draw(
        markup.table(
            ("Referral", "Your records", "Waiting"),
            [(item.reference, item.why, _when(item, now)) for item in items],
            caption=words.counted(len(items), "referral"),
            marked=["wait"] * len(items),
        )
    )


def _draw_agencies(items: Sequence[WorkItem], now: datetime) -> None:
    note = (
        "Suspended, failing or silent. A missing response is not a nil return and shows nothing about risk."
    )
    markup.draw(markup.heading("Agencies not responding", at="agencies", note=note))
    markup.draw(
        markup.table(
            ("Agency", "Problem", "Reason", "Since"),
            [
                (
                    markup.go(item.reference, Place.AGENCIES),
                    markup.element("b", item.what),
                    item.why,
                    words.moment(item.since) if item.since else markup.none_recorded("not recorded"),
                )
                for item in items
            ],
            caption=words.counted(len(items), "problem"),
            marked=["wait"] * len(items),
        )
    )


def _draw_chasing(items: Sequence[WorkItem]) -> None:
    """Draw what was done by telephone or e-mail, to be recorded; the agency's own people see it."""
    if not items:
        return
    with st.container(key="chase-row", horizontal=True, vertical_alignment="bottom"):
        names = [f"{item.reference} {item.agency}" for item in items]
        chosen = st.selectbox("Reminder sent to an agency", names, key="chase-which", format_func=shown)
        how = st.selectbox(
            "Reminder method",
            [each.value for each in ChasedHow],
            key="chase-how",
            format_func=words.labelled,
        )
        if st.button("Record reminder", key="chase-record"):
            item = items[names.index(chosen)]
            runtime = record.runtime()
            with show_errors():
                done = chase(
                    runtime.context(session.acting()),
                    reference=item.reference,
                    agency=item.agency or "",
                    how=ChasedHow(how),
                )
                session.say_after_rerun(f"Reminder recorded: {done.agency}, {done.involvement}.")
                st.rerun()


def _page_of(items: Sequence[WorkItem], *, key: str) -> Sequence[WorkItem]:
    """Draw the choice of a page where there are several, and return what is on the chosen one."""
    pages = -(-len(items) // _AT_ONCE)
    chosen = st.pagination(pages, key=key) if pages > 1 else 1
    return items[(chosen - 1) * _AT_ONCE : chosen * _AT_ONCE]


def _draw_others(items: Sequence[WorkItem], now: datetime) -> None:
    shown = _page_of(items, key="worklist-page")
    rows = [
        (
            words.sentence(item.reference)
            if item.kind == _ANCHOR
            else markup.go(item.reference, _PLACE_OF.get(item.kind, Place.CASE), item.reference),
            markup.element("b", item.what),
            item.why,
            markup.join(
                [_when(item, now), markup.tag("Overdue", "t-late") if item.is_overdue else None], " "
            ),
        )
        for item in shown
    ]
    markup.draw(
        markup.table(
            ("Case", "Task", "Reason", "Due"),
            rows,
            caption=f"{words.counted(len(items), 'task')}, most urgent first",
            marked=["late" if item.is_overdue else None for item in shown],
        )
    )


def _name(item: WorkItem) -> markup.Content:
    """Return the name of an item; a rejected row has no case that could be opened."""
    if item.kind == _REJECTED:
        return words.sentence(item.reference)
    return markup.go(item.reference, Place.CASE, item.reference)


def _when(item: WorkItem, now: datetime) -> str:
    if item.due_at is None and item.since is not None:
        return f"waiting for {words.age((now - item.since).total_seconds() / 3600)}"
    if item.due_at is None:
        return "no due date"
    if item.is_alarm:
        return f"due by {words.moment(item.due_at)}"
    return f"due {words.day_of(item.due_at)}"

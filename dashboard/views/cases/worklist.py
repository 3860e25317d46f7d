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
    "subject access": Place.REQUESTS,
    "search": Place.SEEN_BEFORE,
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
        markup.draw(markup.notice("error", view.first_line, heading="No runner"))
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
                "Alarms", at="alarms", note="Somebody by name takes each one up. The first one stays."
            )
        )
        for number, item in enumerate(alarms):
            _draw_alarm(item, number, now)
    if rejected:
        note = "Nothing of these was kept as a referral. An alarm among them waits for a person all the same."
        markup.draw(markup.heading("Rows that were not taken in", at="rejected", note=note))
        for number, item in enumerate(rejected):
            _draw_rejected(item, number, now)
    if telling:
        _draw_telling(telling, now)
    if mine:
        markup.draw(
            markup.heading(
                "Answers prepared, waiting for my release",
                at="release",
                note="Nobody outside your agency sees these until you release them. You may strike items.",
            )
        )
        for number, item in enumerate(mine):
            _draw_mine(item, number, now)
    if arrived:
        _draw_arrived(arrived, now)
    if agencies:
        _draw_agencies(agencies, now)
    if others:
        heading = "Everything else, by the clock" if alarms or mine else "By the clock"
        markup.draw(markup.heading(heading, at="others"))
        _draw_others(others, now)
        _draw_chasing([item for item in others if item.kind == _CHASE])


def _lead(view: Worklist) -> str:
    if not view.items:
        return "Nothing needs you today."
    late = sum(item.is_overdue for item in view.items)
    said = f"{words.counted(len(view.items), 'thing needs', 'things need')} you"
    return f"{said}, {late} of them past the time." if late else f"{said}; none is past its time."


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
            help=f"I take up the alarm of {words.plain(item.reference)}",
        ):
            runtime = record.runtime()
            with show_errors():
                acknowledge_alarm(runtime.context(session.acting()), reference=item.reference)
                session.say_after_rerun(f"You have taken up the alarm of {item.reference}.")
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
        if acting.agency and st.button("Read and release", key=f"read-{item.reference}"):
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
        if st.button("See to it", key=f"see-to-{number}"):
            rejected_rows.ask(item.reference)


def _draw_telling(items: Sequence[WorkItem], now: datetime) -> None:
    note = "Others read them masked. Whoever typed one has been told nothing."
    markup.draw(markup.heading("Texts that repeat something protected", at="texts", note=note))
    for number, item in enumerate(items):
        look = "alarm" if item.is_alarm else "rejected"
        with st.container(
            key=f"{look}-row-text-{number}",
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
        ):
            markup.draw(_line(item, now, markup.tag("Alarm", "t-alarm") if item.is_alarm else None))
            if st.button("See to it", key=f"see-to-text-{number}"):
                protected_text.ask(item.reference)


def _line(item: WorkItem, now: datetime, tag: markup.Markup | None) -> markup.Markup:
    return markup.element(
        "div",
        tag,
        markup.tag("Past its time", "t-late") if item.is_overdue else None,
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
        "Your own records were looked through when these came. What they hold leaves your agency only by "
        "your answer, once a person has screened the referral and you are asked."
    )
    markup.draw(markup.heading("Arrived, not screened: for your agency alone", at="arrived", note=note))
    markup.draw(
        markup.table(
            ("Referral", "What your records say", "Waiting"),
            [(item.reference, item.why, _when(item, now)) for item in items],
            caption=words.counted(len(items), "referral"),
            marked=["wait"] * len(items),
        )
    )


def _draw_agencies(items: Sequence[WorkItem], now: datetime) -> None:
    note = "Suspended, failing or silent. Their answers are missing, which says nothing about a case."
    markup.draw(markup.heading("Agencies that do not answer", at="agencies", note=note))
    markup.draw(
        markup.table(
            ("Agency", "What", "Why", "Since"),
            [
                (
                    markup.go(item.reference, Place.AGENCIES),
                    markup.element("b", item.what),
                    item.why,
                    words.moment(item.since) if item.since else markup.none_recorded("not recorded"),
                )
                for item in items
            ],
            caption=words.counted(len(items), "line"),
            marked=["wait"] * len(items),
        )
    )


def _draw_chasing(items: Sequence[WorkItem]) -> None:
    """Draw what was done by telephone or e-mail, to be recorded; the agency's own people see it."""
    if not items:
        return
    with st.container(key="chase-row", horizontal=True, vertical_alignment="bottom"):
        names = [f"{item.reference} {item.agency}" for item in items]
        chosen = st.selectbox("I have reminded an agency about", names, key="chase-which", format_func=shown)
        how = st.selectbox("How", [each.value for each in ChasedHow], key="chase-how")
        if st.button("Record it", key="chase-record"):
            item = items[names.index(chosen)]
            runtime = record.runtime()
            with show_errors():
                done = chase(
                    runtime.context(session.acting()),
                    reference=item.reference,
                    agency=item.agency or "",
                    how=ChasedHow(how),
                )
                session.say_after_rerun(f"Recorded: {done.agency} was reminded about {done.involvement}.")
                st.rerun()


def _draw_others(items: Sequence[WorkItem], now: datetime) -> None:
    pages = -(-len(items) // _AT_ONCE)
    chosen = st.pagination(pages, key="worklist-page") if pages > 1 else 1
    shown = items[(chosen - 1) * _AT_ONCE : chosen * _AT_ONCE]
    rows = [
        (
            words.sentence(item.reference)
            if item.kind == _ANCHOR
            else markup.go(item.reference, _PLACE_OF.get(item.kind, Place.CASE), item.reference),
            markup.element("b", item.what),
            item.why,
            markup.join(
                [_when(item, now), markup.tag("Past its time", "t-late") if item.is_overdue else None], " "
            ),
        )
        for item in shown
    ]
    markup.draw(
        markup.table(
            ("Case", "What", "Why", "When"),
            rows,
            caption=f"{words.counted(len(items), 'line')}, the most pressing first",
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
        return "no time set"
    if item.is_alarm:
        return f"by {words.moment(item.due_at)}"
    return f"due {words.day_of(item.due_at)}"

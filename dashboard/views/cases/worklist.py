"""The worklist: who needs what today, grouped by what this person can do now. Alarms first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.links import alerts as link_alerts
from dashboard.views.referrals import rejected_rows
from dashboard.views.responses import release
from dashboard.views.vault import protected_text
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.worklists import WorkGroup, WorkItem, Worklist
from engine.domain.shown import shown
from engine.services.cases.names import name_items
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
    "record request": Place.LINKS,
}
_AGENCY, _CHASE, _ARRIVAL = "agency", "chase", "arrival"
_TELLS = "text that tells"
_NO_WAY = frozenset({"anchor", "unread record request"})
"""Kinds whose references lead to no page."""
_SHARED = "shared search"
_NO_MAP = frozenset({"associates request", _SHARED})
"""Kinds whose references are listed on the Links page, and no map begins there."""
_APART = frozenset({"release", _REJECTED, _AGENCY, _ARRIVAL, _TELLS})
"""Kinds with a section of their own."""
_NOTES = {
    WorkGroup.DECIDE: "These wait for the chair.",
    WorkGroup.ACTION: "The agency that owns an action is responsible for it.",
    WorkGroup.CHASE: "A missing response is not a nil return and shows nothing about risk.",
}

Names = Callable[[Sequence[WorkItem]], tuple[WorkItem, ...]]


def page() -> None:
    """Draw the signed-in person's day."""
    with show_errors():
        runtime = record.runtime()
        context = runtime.context(session.acting())
        view = worklist(context, snapshots=lambda: runtime.link_snapshots)
        link_alerts.read_if_missing({item.reference for item in view.items if item.kind == _SHARED})
        draw(_named(view, lambda items: name_items(context, items=items)), now=runtime.clock.now())


def draw(view: Worklist, *, now: datetime) -> None:
    """Draw everything that waits for one person."""
    if view.first_line:
        markup.draw(markup.notice("error", view.first_line, heading="Background work is not running"))
    sections = _sections(view)
    on_screen = {group: _page_of(items, group) for group, items in sections.items()}
    rejected = [item for item in view.items if item.kind == _REJECTED]
    telling = [item for item in view.items if item.kind == _TELLS]
    arrived = [item for item in view.items if item.kind == _ARRIVAL]
    markup.draw(markup.page_title("Worklist", note=_lead(view)))
    _draw_alarms(on_screen[WorkGroup.ALARM], sections[WorkGroup.ALARM], now)
    if rejected:
        note = "These rows were not stored as referrals. An alarm in one of them still needs a person."
        markup.draw(markup.heading("Rejected rows", at="rejected", note=note))
        for number, item in enumerate(rejected):
            _draw_rejected(item, number, now)
    if telling:
        _draw_telling(telling, now)
    _draw_group(sections, WorkGroup.DECIDE, on_screen, now)
    mine = [item for item in view.items if item.kind == "release"]
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
    _draw_group(sections, WorkGroup.TASK, on_screen, now)
    _draw_group(sections, WorkGroup.ACTION, on_screen, now)
    _draw_group(sections, WorkGroup.CHASE, on_screen, now)
    _draw_chasing([item for item in view.items if item.kind == _CHASE])
    agencies = [item for item in view.items if item.kind == _AGENCY]
    if agencies:
        _draw_agencies(agencies, now)
    if arrived:
        _draw_arrived(arrived, now)
    _draw_group(sections, WorkGroup.READ, on_screen, now)
    _draw_retention(sections, on_screen, now)


OnScreen = dict[WorkGroup, Sequence[WorkItem]]
Sections = Mapping[WorkGroup, Sequence[WorkItem]]


def _named(view: Worklist, names: Names) -> Worklist:
    """Return the list with names for the lines that are on the screen: they are read once for all."""
    pages = [_page_of(items, group) for group, items in _sections(view).items()]
    apart = [item for item in view.items if item.kind in ("release", _TELLS)]
    asked = [*apart, *(item for page_items in pages for item in page_items)]
    named = dict(zip(map(id, asked), names(asked), strict=True))
    return view.model_copy(update={"items": tuple(named.get(id(item), item) for item in view.items)})


def _sections(view: Worklist) -> Sections:
    """Return the lines of each group, in their order; the list is long after an import."""
    found: dict[WorkGroup, list[WorkItem]] = {group: [] for group in WorkGroup}
    for item in view.items:
        if item.kind not in _APART:
            found[item.group].append(item)
    return found


def _page_of(items: Sequence[WorkItem], group: WorkGroup) -> Sequence[WorkItem]:
    """Return the lines of the page that was chosen of a group."""
    page = min(session.number(_page_key(group), 1), max(1, -(-len(items) // _AT_ONCE)))
    return items[(page - 1) * _AT_ONCE : page * _AT_ONCE]


def _page_key(group: WorkGroup) -> str:
    return f"worklist-page-{group.name.lower()}"


def _turn(items: Sequence[WorkItem], group: WorkGroup) -> None:
    pages = -(-len(items) // _AT_ONCE)
    if pages > 1:
        st.pagination(pages, key=_page_key(group))


def _draw_alarms(shown_items: Sequence[WorkItem], items: Sequence[WorkItem], now: datetime) -> None:
    if not items:
        return
    markup.draw(
        markup.heading(
            "Alarms",
            at="alarms",
            note="A named person must acknowledge each alarm. The first acknowledgement is the one recorded.",
        )
    )
    for number, item in enumerate(shown_items):
        _draw_alarm(item, number, now)
    _turn(items, WorkGroup.ALARM)


def _draw_group(sections: Sections, group: WorkGroup, on_screen: OnScreen, now: datetime) -> None:
    items = sections[group]
    if not items:
        return
    markup.draw(markup.heading(words.sentence(group.value), at=group.name.lower(), note=_NOTES.get(group)))
    markup.draw(_table(on_screen[group], now, caption=words.counted(len(items), "line")))
    _turn(items, group)


def _draw_retention(sections: Sections, on_screen: OnScreen, now: datetime) -> None:
    """Draw, in one line that opens, the reviews that can wait."""
    items = sections[WorkGroup.CAN_WAIT]
    if not items:
        return
    markup.draw(markup.heading("Retention reviews", at="can_wait"))
    line = f"{words.counted(len(items), 'review')} of what is stored. They can wait for all other work."
    markup.draw(
        markup.details(
            line,
            _table(on_screen[WorkGroup.CAN_WAIT], now, caption=words.counted(len(items), "review")),
        )
    )
    _turn(items, WorkGroup.CAN_WAIT)


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


def _table(items: Sequence[WorkItem], now: datetime, *, caption: str) -> markup.Markup:
    rows = [
        (
            _case(item),
            markup.element("b", item.what),
            words.sentence(item.why),
            markup.join(
                [markup.tag("Overdue", "t-late") if item.is_overdue else None, _when(item, now)], " "
            ),
        )
        for item in items
    ]
    return markup.table(
        ("Case", "Task", "Reason", "Due"),
        rows,
        caption=f"{caption}, most urgent first",
        marked=["late" if item.is_overdue else None for item in items],
    )


def _case(item: WorkItem) -> markup.Content:
    """Return who the line is about, and the reference as the way to it."""
    if item.kind in _NO_WAY:
        return words.sentence(item.reference)
    if item.kind in _NO_MAP:
        return markup.go(item.reference, Place.LINKS)
    way = markup.go(item.reference, _PLACE_OF.get(item.kind, Place.CASE), item.reference)
    if item.names is None:
        return way
    about = f"{item.names.victim}, {item.names.perpetrator_status.value}: {item.names.perpetrator}"
    return markup.join([markup.element("span", about, class_="who-about"), way], " ")


def _name(item: WorkItem) -> markup.Content:
    """Return the name of an item; a rejected row has no case that could be opened."""
    if item.kind == _REJECTED:
        return words.sentence(item.reference)
    way = markup.go(item.reference, Place.CASE, item.reference)
    return markup.join([item.names.victim, way], " ") if item.names else way


def _when(item: WorkItem, now: datetime) -> str:
    if item.due_at is None and item.since is not None:
        return f"waiting for {words.age((now - item.since).total_seconds() / 3600)}"
    if item.due_at is None:
        return "no due date"
    if item.is_alarm:
        return f"due by {words.moment(item.due_at)}"
    due, today = item.due_at.astimezone(words.LONDON).date(), now.astimezone(words.LONDON).date()
    return f"due {words.day(due)} ({words.days_from(due, today)})"

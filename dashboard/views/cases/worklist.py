"""The worklist: who needs what today, grouped by what this person can do now. Alarms first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place
from dashboard.views.alarms import acknowledging
from dashboard.views.links import alerts as link_alerts
from dashboard.views.referrals import rejected_rows
from dashboard.views.responses import release
from dashboard.views.vault import many_places, protected_text
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR
from engine.domain.agencies.health import ChasedHow
from engine.domain.cases.worklists import (
    POLICE_DECISION,
    SHARED_ITEM,
    TELLS,
    WorkGroup,
    WorkItem,
    WorklistPage,
    WorklistSection,
    section_of,
)
from engine.domain.shown import shown
from engine.services.cases.worklists import worklist_page
from engine.services.responses.reminders import CHASE_ITEM, chase
from engine.services.vault.guesses import MANY_PLACES_TYPED

_AT_ONCE = 50
_REJECTED = "rejected"
_MORE = "There may be more lines than these pages have. They follow when some of these are done."
_PLACE_OF = {
    "screen": Place.SCREENING,
    "alarm": Place.CASE,
    "subject access": Place.SUBJECT_ACCESS,
    "search": Place.SEARCH,
    "link alert": Place.LINKS,
    "record request": Place.LINKS,
}
_AGENCY, _ALARM, _ARRIVAL, _RELEASE = "agency", "alarm", "arrival", "release"
_NO_MAP = frozenset({"associates request", SHARED_ITEM})
"""Kinds whose references are listed on the Links page, and no map begins there."""
_NAMED = (_RELEASE, TELLS, POLICE_DECISION, *map(section_of, WorkGroup))
"""The sections whose lines are about cases."""
_NOTES = {
    WorkGroup.ALARM: "A named person must acknowledge each alarm. The first acknowledgement is the one "
    "recorded.",
    WorkGroup.DECIDE: "These wait for the chair.",
    WorkGroup.ACTION: "The agency that owns an action is responsible for it.",
    WorkGroup.CHASE: "A missing response is not a nil return and shows nothing about risk.",
}
_HEADINGS = {
    **{section_of(group): (words.sentence(group.value), _NOTES.get(group)) for group in WorkGroup},
    _REJECTED: (
        "Rejected rows",
        "These rows were not stored as referrals. An alarm in one of them still needs a person.",
    ),
    TELLS: (
        "Protected details in text",
        "Other users see these texts masked. Their authors have not been informed.",
    ),
    _RELEASE: (
        "Responses awaiting your release",
        "No one outside your agency sees these until you release them. You can withhold items.",
    ),
    POLICE_DECISION: (
        "Police decisions awaited",
        "Crimes that your agency reported or can see, in every state of the case, not yet decided.",
    ),
    _AGENCY: (
        "Agencies not responding",
        "Suspended, failing or silent. A missing response is not a nil return and shows nothing about risk.",
    ),
    _ARRIVAL: (
        "Arrived, not screened: only your agency sees this",
        "Your own records were searched when these referrals arrived. What they hold leaves your agency only "
        "in your response, after a person screens the referral and you are asked.",
    ),
}
"""The heading and the note of each section."""

Draws = Callable[[WorklistSection, datetime], None]


def page() -> None:
    """Draw the signed-in person's day."""
    with show_errors():
        runtime = record.runtime()
        context = runtime.context(session.acting())
        view = worklist_page(
            context, pages=_page, at_once=_AT_ONCE, named=_NAMED, snapshots=lambda: runtime.link_snapshots
        )
        link_alerts.read_if_missing(set(view.shared))
        draw(view, now=runtime.clock.now())


def draw(view: WorklistPage, *, now: datetime) -> None:
    """Draw everything that waits for one person."""
    if view.first_line:
        markup.draw(markup.notice("error", view.first_line))
    markup.draw(markup.page_title("Worklist", note=_lead(view)))
    acknowledging.draw_refusal()
    for name, drawer in _BEFORE.items():
        _draw(view, name, drawer, now)
    _draw_chasing(view.section(WorkGroup.CHASE), view.to_chase)
    for name, drawer in _AFTER.items():
        _draw(view, name, drawer, now)


def _draw(view: WorklistPage, name: str, drawer: Draws, now: datetime) -> None:
    """Draw the page of a section: its heading, its lines by the drawer, and the way to its other pages."""
    section = view.section(name)
    if not section.total:
        return
    heading, note = _HEADINGS[name]
    markup.draw(markup.heading(heading, at=name.replace(" ", "-"), note=note))
    drawer(section, now)
    pages = -(-section.total // _AT_ONCE)
    if pages > 1:
        st.pagination(pages, key=_page_key(name))
    if section.or_more:
        markup.draw(markup.element("p", _MORE, class_="sub"))


def _page(section: str) -> int:
    """Return the page that was chosen of a section."""
    return session.number(_page_key(section), 1)


def _page_key(section: str) -> str:
    return f"worklist-page-{section.replace(' ', '-')}"


def _lead(view: WorklistPage) -> str:
    can_wait = view.section(WorkGroup.CAN_WAIT)
    said = "You have no tasks today."
    folded = view.section(WorkGroup.RESPONSIBLE)
    tasks, or_more = view.total - folded.total - can_wait.total, view.or_more_than_can_wait
    if tasks or or_more:
        least = " or more" if or_more else ""
        overdue = f"{view.overdue:,}{least} overdue" if view.overdue or or_more else "none overdue"
        said = f"You have {words.counted(tasks, 'task', or_more=or_more)}, {overdue}."
    if folded.total:
        said += f" {_counted(folded, 'case')} without an officer, a holder or a lead agency."
    if not can_wait.total:
        return said
    return f"{said} {words.counted(can_wait.total, 'retention task', or_more=can_wait.or_more)} can wait."


def _counted(section: WorklistSection, one: str) -> str:
    return words.counted(section.total, one, or_more=section.or_more)


def _row(key: str) -> DeltaGenerator:
    return st.container(
        key=key, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )


def _draw_alarms(section: WorklistSection, now: datetime) -> None:
    for number, item in enumerate(section.items):
        with _row(f"alarm-row-{number}"):
            markup.draw(_line(item, now))
            if item.kind == _ALARM and session.acting().role in COORDINATOR_AND_CHAIR:
                acknowledging.draw_button(
                    item.reference,
                    key=f"acknowledge-{item.reference}",
                    label="Acknowledge",
                    about=f"Acknowledge the alarm on {words.plain(item.reference)}",
                )
            if item.kind == MANY_PLACES_TYPED and st.button("Record what you found", key=f"places-{number}"):
                many_places.ask(item.reference)


def _draw_releases(section: WorklistSection, now: datetime) -> None:
    for number, item in enumerate(section.items):
        with _row(f"mine-row-{number}"):
            markup.draw(_line(item, now))
            acting = session.acting()
            if acting.agency and st.button("Review and release", key=f"read-{item.reference}"):
                release.ask(item.reference, acting.agency)


def _reviewed(kind: str, ask: Callable[[str], None], *, is_numbered: bool = False) -> Draws:
    """Return what draws lines of a kind that a dialog reviews.

    With ``is_numbered`` a case may have several, and the button says which.
    """

    def draw_lines(section: WorklistSection, now: datetime) -> None:
        for number, item in enumerate(section.items):
            with _row(f"{'alarm' if item.is_alarm else 'rejected'}-row-{kind}-{number}"):
                markup.draw(_line(item, now))
                if st.button(item.what if is_numbered else "Review", key=f"review-{kind}-{number}"):
                    ask(item.reference)

    return draw_lines


def _line(item: WorkItem, now: datetime) -> markup.Markup:
    return markup.element(
        "div",
        markup.tag("Alarm", "t-alarm") if item.is_alarm else None,
        _late(item, now),
        markup.element("b", _name(item)),
        markup.element("span", item.why, class_="why"),
        markup.element("span", _when(item, now), class_="when"),
        class_="todo",
    )


def _draw_group(section: WorklistSection, now: datetime) -> None:
    markup.draw(_table(section, now, caption=_counted(section, "line")))


def _folded(one: str, note: str) -> Draws:
    """Return what draws, in one line that opens, lines that can wait."""

    def draw_lines(section: WorklistSection, now: datetime) -> None:
        counted = _counted(section, one)
        markup.draw(markup.details(f"{counted} {note}", _table(section, now, caption=counted)))

    return draw_lines


def _draw_arrived(section: WorklistSection, now: datetime) -> None:
    """Draw new referrals without a link to the case:
    before screening only the STAC coordinator and chair may open it.
    """
    markup.draw(
        markup.table(
            ("Referral", "Your records", "Waiting"),
            [(item.reference, item.why, _when(item, now)) for item in section.items],
            caption=_counted(section, "referral"),
            marked=["wait"] * len(section.items),
            stacks=True,
        )
    )


def _draw_agencies(section: WorklistSection, _now: datetime) -> None:
    markup.draw(
        markup.table(
            ("Agency", "Problem", "Reason", "Time"),
            [
                (
                    markup.go(item.reference, Place.AGENCIES),
                    markup.element("b", item.what),
                    item.why,
                    f"since {words.moment(item.since)}"
                    if item.since
                    else markup.none_recorded("start not recorded"),
                )
                for item in section.items
            ],
            caption=_counted(section, "problem"),
            marked=["wait"] * len(section.items),
            stacks=True,
        )
    )


def _draw_chasing(section: WorklistSection, to_chase: Mapping[str, int]) -> None:
    """Draw what was done by telephone or e-mail, to be recorded; the agency's own people see it.

    The choice has the responses on the page of the table above: the pager leads to the others.
    """
    late = [(item.reference, item.agency or "") for item in section.items if item.kind == CHASE_ITEM]
    if not late:
        return
    whole = sum(to_chase.values())
    least = " or more" if section.or_more else ""
    by_agency = ", ".join(f"{agency} {number:,}{least}" for agency, number in to_chase.items())
    here = f" The {len(late):,} on this page can be chosen." if len(late) < whole else ""
    line = f"{words.counted(whole, 'response', or_more=section.or_more)} to chase: {by_agency}.{here}"
    markup.draw(markup.element("p", line, class_="sub"))
    with st.container(key="chase-row", horizontal=True, vertical_alignment="bottom"):
        names = [f"{reference} {agency}" for reference, agency in late]
        chosen = st.selectbox("Reminder sent to an agency", names, key="chase-which", format_func=shown)
        how = st.selectbox(
            "Reminder method",
            [each.value for each in ChasedHow],
            key="chase-how",
            format_func=words.labelled,
        )
        if st.button("Record reminder", key="chase-record"):
            reference, agency = late[names.index(chosen)]
            runtime = record.runtime()
            with show_errors():
                done = chase(
                    runtime.context(session.acting()),
                    reference=reference,
                    agency=agency,
                    how=ChasedHow(how),
                )
                session.say_after_rerun(f"Reminder recorded: {done.agency}, {done.involvement}.")
                st.rerun()


def _table(section: WorklistSection, now: datetime, *, caption: str) -> markup.Markup:
    rows = [
        (
            _case(item),
            markup.element("b", item.what),
            markup.join([_late(item, now), markup.element("span", _when(item, now), class_="due")], " "),
            words.sentence(item.why),
        )
        for item in section.items
    ]
    return markup.table(
        ("Case", "Task", "Due", "Reason"),
        rows,
        caption=f"{caption}, most urgent first",
        marked=["late" if item.is_overdue else None for item in section.items],
        stacks=True,
    )


def _case(item: WorkItem) -> markup.Content:
    """Return who the line is about, and the reference as the way to it."""
    if item.kind in _NO_MAP:
        return markup.go(item.reference, Place.LINKS)
    way = _way(item, _PLACE_OF.get(item.kind, Place.CASE))
    if item.names is None:
        return way
    about = f"{item.names.victim}, {item.names.perpetrator_status.value}: {item.names.perpetrator}"
    return markup.join([markup.element("span", about, class_="who-about"), way], " ")


def _name(item: WorkItem) -> markup.Content:
    """Return the name of an item in one line, and the way to its case."""
    way = _way(item, Place.CASE)
    return markup.join([item.names.victim, way], " ") if item.names else way


def _way(item: WorkItem, place: Place) -> markup.Content:
    """Return the reference as the way to its page; only that of a referral leads to a case."""
    if place is Place.CASE and not item.reference.startswith("R-"):
        return words.sentence(item.reference)
    return markup.go(item.reference, place, item.reference)


def _when(item: WorkItem, now: datetime) -> str:
    if item.due_at is None and item.since is not None:
        return f"waiting for {words.age((now - item.since).total_seconds() / 3600)}"
    if item.due_at is None:
        return "no due date"
    if item.is_alarm:
        return f"due by {words.moment(item.due_at)}"
    due, today = _days(item.due_at, now)
    said = f"due {words.day(due)}"
    if due < today:  # one that is not overdue was answered, and more waits
        return said if item.is_overdue else f"no new due date (was {said})"
    return f"{said} ({words.days_from(due, today)})"


def _late(item: WorkItem, now: datetime) -> markup.Markup | None:
    """Return the tag of a line that is overdue, with the number of days; ``_when`` does not repeat it.

    An alarm is due at a time: a minute after midnight says no number.
    """
    if not item.is_overdue:
        return None
    due, today = _days(item.due_at or now, now)
    in_days = due < today and not item.is_alarm
    return markup.tag(words.days_from(due, today) if in_days else "Overdue", "t-late")


def _days(due_at: datetime, now: datetime) -> tuple[date, date]:
    return due_at.astimezone(words.LONDON).date(), now.astimezone(words.LONDON).date()


_BEFORE: dict[str, Draws] = {
    section_of(WorkGroup.ALARM): _draw_alarms,
    _REJECTED: _reviewed("rejected", rejected_rows.ask),
    TELLS: _reviewed("text", protected_text.ask, is_numbered=True),
    section_of(WorkGroup.DECIDE): _draw_group,
    _RELEASE: _draw_releases,
    section_of(WorkGroup.TASK): _draw_group,
    POLICE_DECISION: _draw_group,
    section_of(WorkGroup.ACTION): _draw_group,
    section_of(WorkGroup.CHASE): _draw_group,
}
"""The sections before the record of a reminder, in their order, and what draws the lines of each."""
_AFTER: dict[str, Draws] = {
    _AGENCY: _draw_agencies,
    _ARRIVAL: _draw_arrived,
    section_of(WorkGroup.READ): _draw_group,
    section_of(WorkGroup.RESPONSIBLE): _folded("case", "to complete. All other work comes first."),
    section_of(WorkGroup.CAN_WAIT): _folded("review", "of what is stored. All other work comes first."),
}

"""Lists and tables for a terminal. Gets views and draws them; computes nothing and leaves nothing out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cli.output import MARKING, say, when
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.cases.lists import CasePage, CaseRow
from engine.domain.cases.views import AlarmView
from engine.domain.cases.worklists import (
    POLICE_DECISION,
    TELLS,
    WorkGroup,
    WorkItem,
    Worklist,
    WorklistPage,
    section_of,
)
from engine.domain.shown import shown

if TYPE_CHECKING:
    from rich.console import Console

WORKLIST_SECTIONS = {
    **{section_of(group): group.value for group in WorkGroup},
    "release": "responses awaiting your release",
    POLICE_DECISION: "police decisions awaited",
    TELLS: "protected details in text",
}
"""The sections of a worklist whose lines are about cases, with their titles; another has its own name."""

# rich is imported where a table is drawn: `stac case list` draws none and must be quick.


def console() -> Console:
    """Return standard output; wide enough for a table when it is not a terminal."""
    from rich.console import Console

    out = Console(highlight=False, emoji=False, markup=False)
    return out if out.is_terminal else Console(highlight=False, emoji=False, markup=False, width=160)


def marking(out: Console) -> None:
    """Print the protective marking, above everything that shows a case."""
    from rich.text import Text

    out.print(Text(MARKING, style="bold"))


def draw_table(
    out: Console, title: str | None, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Draw a plain table of text; its first column is a name and stays whole."""
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    if title:
        out.print(Text(shown(title), style="bold"))
    drawn = Table(box=SIMPLE, pad_edge=False)
    for place, column in enumerate(columns):
        drawn.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        drawn.add_row(*(Text(shown(cell)) for cell in row))
    out.print(drawn)


def age(hours: float) -> str:
    """Return how old, in the unit that a person would say."""
    if hours < 1:
        return f"{max(0, round(hours * 60))} min"
    return f"{round(hours)} h" if hours < 48 else f"{round(hours / 24)} days"


def alarm_in_words(alarm: AlarmView) -> str:
    """Return the alarm topics and the acknowledgement."""
    if not alarm.raised and not alarm.was_raised:
        return alarm.answers_in_words
    taken_back = [f"{topic.value} ({said})" for topic, said in alarm.taken_back.items()]
    topics = ", ".join([*(topic.value for topic in alarm.raised), *taken_back])
    if alarm.acknowledged_by:
        return f"{topics}; acknowledged by {alarm.acknowledged_by}"
    return (
        f"ALARM: {topics}; "
        + ("OVERDUE since " if alarm.is_past_due else "acknowledge by ")
        + when(alarm.due_at)
    )


def draw_cases(listed: CasePage, *, page: int, rows: int) -> None:
    """Draw a page of the list, a line for each referral, and how to read the next one."""
    say(MARKING)
    if not listed.total:
        say("You cannot view any referral.")
        return
    if not listed.rows:
        say(f"Page {page} is empty: the list has {listed.total:,} referrals, {rows} on a page.")
        return
    columns = ("reference", "state", "age", "outcome", "people", "actions", "answers", "alarms")
    lines = [columns, *(_case_line(row) for row in listed.rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:  # not by rich, which takes a second for a few hundred
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    last = listed.first + len(listed.rows)
    if listed.first or last < listed.total:
        after = f"; the next page: stac case list --page {page + 1}" if last < listed.total else ""
        say(f"Referrals {listed.first + 1:,} to {last:,} of {listed.total:,}{after}")


def _case_line(row: CaseRow) -> tuple[str, ...]:
    states = Counter(answer.state.value for answer in row.answers)
    return (
        row.reference,
        row.warning or row.state.value,
        age(row.age_hours),
        row.triage_outcome.value if row.triage_outcome else "not screened",
        f"{row.perpetrator} / {row.victim}",
        f"{row.open_actions:,} open, {row.overdue_actions:,} overdue" if row.plan else "no plan",
        ", ".join(f"{number} {state}" for state, number in states.items()) or "not asked",
        alarm_in_words(row.alarms),
    )


def _due(item: WorkItem) -> str:
    if item.due_at:
        return when(item.due_at)
    if item.since is None:
        return "no due date"
    return f"waiting since {when(item.since)}"


def draw_worklist(work: Worklist) -> None:
    """Draw a person's day."""
    from rich.text import Text

    out = console()
    marking(out)
    if work.first_line:
        out.print(Text(shown(work.first_line), style="bold"))
    if not work.items:
        out.print("Nothing needs you today.")
        return
    out.print(f"Worklist of {work.user} ({work.role.value})")
    for group in WorkGroup:
        if items := work.of(group):
            _draw_items(out, f"{group.value.capitalize()}: {len(items):,}", items)
    if work.or_more:
        out.print("There may be more lines: of a task that many wait for, the first are shown.")


def draw_worklist_page(view: WorklistPage, *, at_once: int) -> None:
    """Draw one page of each section of a person's day, with how many lines and pages there are."""
    from rich.text import Text

    out = console()
    marking(out)
    if view.first_line:
        out.print(Text(shown(view.first_line), style="bold"))
    if not view.total:
        out.print("Nothing needs you today.")
        return
    least = " or more" if view.or_more else ""
    counts = f"{view.total:,}{least} lines, {view.overdue:,}{least} overdue"
    out.print(f"Worklist of {view.user} ({view.role.value}): {counts}")
    for name, section in view.sections.items():
        pages = -(-section.total // at_once)
        title = WORKLIST_SECTIONS.get(name, name).capitalize()
        least = " or more" if section.or_more else ""
        counted = f"{title}: page {section.page} of {pages:,}, {section.total:,}{least} in all"
        _draw_items(out, counted, section.items)
    if view.to_chase:
        least = " or more" if view.section(WorkGroup.CHASE).or_more else ""
        by_agency = ", ".join(f"{agency} {count:,}{least}" for agency, count in view.to_chase.items())
        out.print(f"To chase: {by_agency}")


def _draw_items(out: Console, title: str, items: Sequence[WorkItem]) -> None:
    draw_table(
        out,
        title,
        ("case", "about", "task", "reason", "due"),
        (
            (
                item.reference,
                f"{item.names.victim} / {item.names.perpetrator}" if item.names else "",
                ("ALARM: " if item.is_alarm else "") + item.what,
                item.why,
                ("OVERDUE: " if item.is_overdue else "") + _due(item),
            )
            for item in items
        ),
    )


def draw_agencies(agencies: Sequence[AgencyKnown]) -> None:
    """Draw who is installed."""
    draw_table(
        console(),
        None,
        ("code", "name", "seat", "version", "contact", "asked"),
        (
            (
                agency.code,
                agency.name,
                agency.seat or "none",
                agency.version,
                agency.contact,
                "no: suspended" if agency.suspended else "no: misconfigured" if agency.fault else "yes",
            )
            for agency in agencies
        ),
    )

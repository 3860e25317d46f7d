"""Agencies that this STAC can ask: the status of each, in counts and times, and who may suspend one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

import streamlit as st

from dashboard import downloads, forms, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.agencies.health import AgencyHealth, Enforced, Trouble
from engine.domain.asked import Asked, Because
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.services.agencies import health as agency_health
from engine.services.agencies import suspension

_LOOK = {
    Trouble.SUSPENDED: "t-late",
    Trouble.MISCONFIGURED: "t-failed",
    Trouble.FAILING: "t-failed",
    Trouble.SILENT: "t-differ",
}


def page() -> None:
    """Draw the page."""
    with show_errors():
        runtime, acting = record.runtime(), session.acting()
        health = agency_health.health(runtime.context(acting))
        draw(
            runtime.agencies_known,
            {each.code: each for each in health},
            may_suspend=suspension.may_suspend(acting),
            suspended=sorted(suspension.suspensions(uow=runtime.uow)),
        )


def draw(
    agencies: Sequence[AgencyKnown],
    health: Mapping[str, AgencyHealth],
    *,
    may_suspend: bool,
    suspended: Sequence[str] = (),
) -> None:
    """Draw what needs attention, then a row for each agency, its limits,
    and the buttons of those who have them.
    """
    markup.draw(
        markup.page_title(
            "Agencies",
            note="Each agency responds in its own terms, from its own records and only for itself.",
        )
    )
    for code in sorted(set(suspended) - {agency.code for agency in agencies}):
        text = "It is no longer installed and receives no requests."
        markup.draw(markup.notice("warning", text, heading=f"{code} is suspended and not listed"))
    if not agencies:
        markup.draw(markup.notice("warning", "No agency is installed, so no requests can be sent."))
        return
    _draw_troubles(agencies, health)
    days = health[agencies[0].code].counted_over_days
    markup.draw(
        markup.table(
            (
                "Agency",
                "Status",
                "Plugin last responded",
                "Median response time",
                "Requests waiting",
                f"Failures, {days} days",
                "Records as of",
                "Conformance",
            ),
            [_cells(agency, health[agency.code]) for agency in agencies],
            caption=(
                f"{len(agencies)} installed. Response time is from request to release, over {days} days"
            ),
            marked=[_mark(health[agency.code]) for agency in agencies],
        )
    )
    markup.draw(
        markup.join(
            [
                markup.details("Information sent to each agency", _what_is_shown(agencies)),
                markup.details(
                    "Limits of each agency's process on this machine",
                    _limits(agencies, health),
                    _limits_here(),
                ),
            ]
        )
    )
    if may_suspend:
        _draw_buttons(agencies)
    _draw_download()


def _draw_troubles(agencies: Sequence[AgencyKnown], health: Mapping[str, AgencyHealth]) -> None:
    for agency in agencies:
        for problem in health[agency.code].troubles:
            entry = health[agency.code].suspension if problem.trouble is Trouble.SUSPENDED else None
            why = f" Reason: {entry.why}" if entry else ""
            heading = f"{agency.name} is {problem.trouble.value}"
            markup.draw(markup.notice("warning", problem.says + why, heading=heading))
    if not any(a.speaks_for_victim and not (a.suspended or a.fault) for a in agencies):
        markup.draw(
            markup.notice(
                "warning",
                ("No agency has the seat of the victim's voice, so no agency speaks for the victim here."),
            )
        )


def _mark(health: AgencyHealth) -> str | None:
    if any(problem.trouble is not Trouble.SILENT for problem in health.troubles):
        return "late"
    return "wait" if health.troubles else None


def _cells(agency: AgencyKnown, health: AgencyHealth) -> tuple[markup.Content, ...]:
    seat = "the victim's voice" if agency.speaks_for_victim else agency.seat
    figures = health.figures
    return (
        markup.join(
            [
                markup.element("b", agency.name),
                _small(f"{agency.code} {agency.version}, seat: {seat or 'no own seat'}"),
                _small(agency.contact),
            ]
        ),
        _standing(health),
        _moment(figures.last_success_at, "never"),
        _lag(health),
        _waiting(figures.waiting, figures.overdue),
        _failures(health),
        markup.join([health.extract, *(_small(each.in_words) for each in health.extract_tables)]),
        health.level,
    )


def _standing(health: AgencyHealth) -> markup.Content:
    if not health.troubles:
        return markup.tag("Available", "t-done")
    tags = [
        markup.tag(words.sentence(problem.trouble.value), _LOOK[problem.trouble])
        for problem in health.troubles
    ]
    return markup.join(tags, " ")


def _moment(at: datetime | None, otherwise: str) -> markup.Content:
    return f"{words.day_of(at, year=True)}, {words.time_of(at)}" if at else (markup.none_recorded(otherwise))


def _lag(health: AgencyHealth) -> markup.Content:
    if health.median_hours_to_release is None:
        return markup.none_recorded("no response released")
    last = health.figures.last_released_at
    said = words.age(health.median_hours_to_release)
    return markup.join([said, _small(f"last on {words.day_of(last)}") if last else None])


def _small(said: str) -> markup.Markup:
    return markup.element("div", markup.element("small", said))


def _waiting(waiting: int, overdue: int) -> markup.Content:
    if not waiting:
        return "none"
    late = markup.tag(f"{overdue:,} overdue", "t-late") if overdue else None
    return markup.join([f"{waiting:,}", late], " ")


def _failures(health: AgencyHealth) -> markup.Content:
    if not health.failures_by_reason:
        return "none"
    failed = health.failures_by_reason.items()
    return markup.bullets(f"{count:,} × {reason.value}" for reason, count in failed)


def _what_is_shown(agencies: Sequence[AgencyKnown]) -> markup.Markup:
    return markup.table(
        ("Agency", "Information sent to this agency"),
        [
            (agency.name, ", ".join(agency.was_shown) or markup.none_recorded("no information"))
            for agency in agencies
        ],
        caption="From each case, and nothing else",
    )


def _limits(agencies: Sequence[AgencyKnown], health: Mapping[str, AgencyHealth]) -> markup.Markup:
    return markup.table(
        ("Agency", "Limit", "Enforced here"),
        [
            (agency.name, words.sentence(limit.says), _enforced(limit.enforced))
            for agency in agencies
            for limit in health[agency.code].limits
        ],
        caption="Limits on an agency's process. A plugin that exceeds one is stopped.",
    )


def _enforced(enforced: Enforced) -> markup.Content:
    match enforced:
        case Enforced.YES:
            return markup.tag("Yes", "t-done")
        case Enforced.NO:
            return markup.tag("No", "t-late")
        case Enforced.NOT_KNOWN | Enforced.DOES_NOT_APPLY:
            return markup.none_recorded(enforced.value)
        case _:
            assert_never(enforced)


def _limits_here() -> markup.Markup:
    return markup.table(
        ("Limit", "Enforced here", "Method, or reason it is not enforced"),
        [
            (
                words.sentence(limit.name),
                _enforced(Enforced.YES if limit.enforced else Enforced.NO),
                limit.how if limit.enforced else limit.why_not or markup.none_recorded("not known"),
            )
            for limit in agency_health.limits_here()
        ],
        caption="Limits on every agency's process, each tested on this machine",
    )


def _draw_buttons(agencies: Sequence[AgencyKnown]) -> None:
    note = "We stop sending requests to a suspended agency. Its existing responses are kept."
    markup.draw(markup.heading("Suspend or resume", at="suspend", note=note))
    with st.container(key="suspend-row", horizontal=True):
        for agency in agencies:
            act = "Resume" if agency.suspended else "Suspend"
            form = suspending(agency.code, agency.name, is_suspended=agency.suspended)
            forms.button(form, f"{act} {words.plain(agency.name)}", key=f"{act.lower()}-{agency.code}")


def suspending(code: str, name: str, *, is_suspended: bool) -> Form[Because, str]:
    """Return the form for why an agency is suspended, or resumed."""
    text = (
        (f"{name} will receive requests again, also for every open case that lacks its response.")
        if is_suspended
        else (f"{name} will receive no requests until someone resumes it. Cases wait or continue without it.")
    )
    return Form(
        Because,
        draft=DraftForm.SUSPENSION,
        case=ABOUT_NO_CASE,
        key=f"why-{code}",
        part=part_code(code),
        title="Suspend or resume an agency",
        is_large=True,
        note=markup.element("p", text, class_="reason"),
        asks={"why": Asked("Reason, in one line and without names", part="reason", rows=1, longest=300)},
        button="Resume" if is_suspended else "Suspend",
        records=lambda _, given: _done(code, name, given.why, is_suspended=is_suspended),
        done=lambda _, said: said,
        undone_by="suspending it again" if is_suspended else "resuming it",
    )


def _done(code: str, name: str, why: str, *, is_suspended: bool) -> str:
    runtime, acting = record.runtime(), session.acting()
    if not is_suspended:
        suspension.suspend(runtime.context(acting), installed=runtime.agency_codes, agency=code, why=why)
        return f"{name} is suspended and receives no requests."
    resumed = suspension.resume(
        runtime.context(acting),
        installed=runtime.agency_codes,
        always_suspended=runtime.settings.suspended_agencies,
        agency=code,
        why=why,
    )
    return (
        f"{name} receives requests again, also for "
        f"{words.counted(resumed.cases_to_ask, 'open case')} that waited."
    )


def _draw_download() -> None:
    markup.draw(markup.heading("Diagnostics", at="diagnostics", note="For people who maintain a plugin."))
    markup.draw(markup.fetch("Download diagnostics (JSON)", downloads.ASK, kind=downloads.DIAGNOSTICS))
    about = "Counts, times and versions only: no cases, no people and no typed text."
    markup.draw(markup.element("p", about, class_="sub"))

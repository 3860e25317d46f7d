"""Incidents over time, as a picture and as a table, and the form for one that a person reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st
from pydantic import field_validator

from dashboard import charts, markup, session, theme, words
from dashboard.form_model import Form
from dashboard.views.alarms.topics import answered, ask
from engine.domain.alarms import topics_opened
from engine.domain.asked import NO_PLACES, Asked
from engine.domain.cases.incidents import IncidentKind, IncidentReported, kinds_in_words
from engine.domain.cases.plain_facts import FactKind
from engine.domain.cases.views import CaseView, IncidentView
from engine.domain.drafts import DraftForm
from engine.domain.links.grades import grade_in_words
from engine.domain.shown import shown
from engine.services.context import Context
from engine.services.referrals.incidents import record_incident


def draw(view: CaseView, *, today: date) -> None:
    """Draw the timeline with its key in words, and the same as a table."""
    points = charts.drawn(view.incidents, until=today)
    note = "Shape and colour show the kind. A bar means that only the month or the year is known."
    markup.draw(
        markup.heading("Incidents", at="incidents", note=f"{note} {_not_drawn(view, len(points), today)}")
    )
    for incidents_kept_back in view.incidents_kept_back:
        markup.draw(markup.notice("info", f"{incidents_kept_back.in_words}."))
    if not view.incidents:
        markup.draw(markup.none_recorded("No incident is recorded. Incidents may still have happened."))
        return
    if points:
        spec = charts.timeline(points, _events(view), until=today.isoformat(), dark=theme.is_dark())
        st.vega_lite_chart(spec, theme=None, key="timeline", alt=_alt(view, len(points)))
    with st.expander(f"Incidents as a table ({len(view.incidents):,})", key="incidents-table"):
        markup.draw(as_table(view.incidents))


def draw_numbered(incidents: Sequence[IncidentView]) -> None:
    """Draw the incidents by number: the boxes on the right name the same numbers."""
    markup.draw(markup.heading("Incidents", at="incidents"))
    if not incidents:
        markup.draw(markup.none_recorded("No incident is recorded on this referral."))
        return
    rows = [
        (
            str(number),
            incident.happened.in_words() if incident.happened else markup.none_recorded("no date recorded"),
            words.sentence(kinds_in_words(incident.kinds)),
            incident.reports[0].what or markup.none_recorded("no details recorded"),
        )
        for number, incident in enumerate(incidents, start=1)
    ]
    markup.draw(markup.table(("No.", "When", "Kind", "Details"), rows, caption="As given in the referral"))


def _not_drawn(view: CaseView, drawn: int, today: date) -> str:
    undated = sum(incident.happened is None for incident in view.incidents)
    earlier = len(view.incidents) - undated - drawn
    parts = [f"{undated:,} without a date"] if undated else []
    parts += [f"{earlier} before {words.day(charts.since(today), year=True)}"] if earlier else []
    return f"Only in the table: {words.listed(parts)}." if parts else ""


def as_table(incidents: tuple[IncidentView, ...], *, stacks: bool = False) -> markup.Markup:
    """Return every incident with each report of it, the newest first; ``stacks`` as for any table."""
    ordered = sorted(
        incidents, key=lambda each: each.happened.latest.isoformat() if each.happened else "", reverse=True
    )
    return markup.table(
        ("When", "Kind", "Contact method", "Source", "Details"),
        [_cells(incident) for incident in ordered],
        caption="2 reports of one incident count once",
        stacks=stacks,
    )


def named(incident: IncidentView) -> str:
    """Return a short name of an incident, for a choice."""
    when = incident.happened.in_words() if incident.happened else "date not recorded"
    return f"{incident.kind.in_words}, {when} ({shown(incident.reference)})"


def _cells(incident: IncidentView) -> tuple[markup.Content, ...]:
    texts = [
        f"{session.named(report.told_by)}, {words.day_of(report.received_at, year=True)}"
        + (f", crime reference {report.crime_reference}" if report.crime_reference else "")
        + f", {grade_in_words(report.grade)}"
        for report in incident.reports
    ]
    said = [report.what or "no details recorded" for report in incident.reports]
    return (
        incident.happened.in_words() if incident.happened else markup.none_recorded("no date recorded"),
        words.sentence(kinds_in_words(incident.kinds)),
        words.label(incident.channel) if incident.channel else markup.none_recorded("not recorded"),
        markup.bullets(texts) if len(texts) > 1 else texts[0],
        markup.bullets(said) if len(said) > 1 else said[0],
    )


def _events(view: CaseView) -> tuple[tuple[str, str], ...]:
    """Return the meaning of the dashed lines."""
    decisions = [*view.earlier_decisions, *([view.decision] if view.decision else [])]
    events = [(view.received_at, "Referred")]
    events += [(decision.at, f"Panel, version {decision.version}") for decision in decisions]
    if view.conference_opened_at and not decisions:
        events.append((view.conference_opened_at, "Conference"))
    texts = [(at.astimezone(words.LONDON).date().isoformat(), what) for at, what in events]
    changes = [fact.on for fact in view.facts if fact.kind is FactKind.RECORDING]
    return (*texts, *((day.isoformat(), "Recording rules changed") for day in changes))


def _alt(view: CaseView, drawn: int) -> str:
    dated = [incident.happened for incident in view.incidents if incident.happened]
    first, last = min(day.earliest for day in dated), max(day.latest for day in dated)
    kinds = words.listed([family.lower() for family in charts.families_shown(view.incidents)])
    return (
        f"Timeline of {drawn:,} of {words.counted(len(view.incidents), 'incident')} between "
        f"{words.day(first, year=True)} and {words.day(last, year=True)}, in rows by contact "
        f"method: {kinds}. {view.lately_in_words} in the last 28 days."
    )


class _Incident(IncidentReported):
    withheld: str | None = None

    @field_validator("grade", mode="before")
    @classmethod
    def _in_capitals(cls, grade: object) -> object:
        return grade.upper() if isinstance(grade, str) else grade


_ASKS = {
    "kind": Asked("Kind of incident"),
    "channel": Asked("Contact method"),
    "happened": Asked(
        "Date: full date, month or year (leave blank if not known)",
        code="when",
        example="09/03/2026, March 2026 or 2026",
    ),
    "what": Asked("What happened", rows=5, one_line=False, longest=2_000, hint=NO_PLACES),
    "crime_reference": Asked("Crime reference (if any)", code="crime", rows=1, longest=40),
    "grade": Asked(
        "Grade of the report in 3x5x2 (if any)",
        rows=1,
        hint=(
            "The source (1 reliable, 2 untested, 3 not reliable), the information (A to E) and the handling "
            "(P or C), such as 2B P. Information graded E is not counted as evidence in links."
        ),
    ),
    "withheld": Asked(
        "Reason to withhold it from others (if any)",
        code="kept",
        rows=1,
        hint=(
            "Leave blank to share with everyone on the case. If you give a reason, others "
            "see only that an incident is withheld."
        ),
    ),
}


def recording(reference: str) -> Form[_Incident, str]:
    """Return the form for what a person on the case reports, with the alarm topics that its kind opens."""
    key = f"incident-{reference}"

    def draw_topics(typed: Mapping[str, object]) -> None:
        kind = typed.get("kind")
        if isinstance(kind, IncidentKind):
            ask(topics_opened(kind), key)

    def records(context: Context, given: _Incident) -> str:
        return record_incident(
            context,
            reference=reference,
            incident=IncidentReported.model_validate(given.model_dump(exclude={"withheld"})),
            topics=answered(topics_opened(given.kind), key),
            kept_with_us=given.withheld,
        )

    return Form(
        _Incident,
        draft=DraftForm.INCIDENT,
        case=reference,
        key=key,
        title="Record an incident",
        is_large=True,
        first="kind",
        asks=_ASKS,
        also={"kind": draw_topics},
        button="Record incident",
        records=records,
        done=lambda _, added: f"Incident {added} is recorded.",
        undone_by="a further report",
    )

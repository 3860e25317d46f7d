"""The head of the case page: who, said by whom, and the six things that a panel asks first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from dashboard import charts, markup, session, words
from dashboard.pages import Place
from dashboard.views.conference import formulation
from dashboard.views.orders.gaps import NO_ORDER_APPLIES
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import State
from engine.domain.cases.views import NOT_COUNTED, NOT_RECORDED, CaseView, DecisionView
from engine.domain.conference.risk import Domain, Position
from engine.domain.dates import PartialDate
from engine.domain.plans.actions import OPEN_STATUSES

_MONTHS = 8


def heading(view: CaseView, *, room: bool) -> str:
    """Return ``Stalking of Amira K., alleged: Daniel R.``.

    The room's screen shows the reference and initials.
    """
    victim, perpetrator = view.victim.described, view.perpetrator.described
    if room:
        of = f"stalking of {victim.initials}, {view.perpetrator.status.value}: {perpetrator.initials}"
        return f"{view.reference}: {of}"
    return f"Stalking of {victim.short_name}, {view.perpetrator.status.value}: {perpetrator.short_name}"


def bar(view: CaseView, *, room: bool, today: date) -> markup.Markup:
    """Return the bar under the navigation: it stays while the page moves."""
    facts = [] if room else [view.reference]
    facts.append(words.sentence(view.relationship or "relationship not recorded"))
    if view.review.review_on and view.review.why_due is None:  # the band says that one is due
        facts.append(_review(view.review.review_on, today))
    places = [
        ("Plan", "plan", True),
        ("Decision", "decision", view.decision is not None),
        ("Formulation", "formulation", True),
        ("Facts", "facts", bool(view.answers)),
        ("Incidents, links and more", "more", True),
    ]
    links = [markup.link(name, f"#{at}") for name, at, is_there in places if is_there]
    links.append(markup.go("Orders", Place.ORDERS, codes={"of": view.reference}))
    return markup.element(
        "div",
        markup.element(
            "div",
            markup.element("h1", heading(view, room=room)),
            markup.tag(words.sentence(view.state.value), "t-info"),
            markup.element("nav", *links, aria_label="On this page"),
            class_="line",
        ),
        markup.element("p", ". ".join(facts), class_="ref"),
        class_="cb",
    )


def _review(planned: date, today: date) -> str:
    day = words.day(planned, year=True)
    return f"Review {day}" if planned >= today else f"Last planned review {day}"


def strip(view: CaseView, *, agencies: Mapping[str, str], today: date) -> markup.Markup:
    """Return six cells; what is not known is said, never left empty."""
    cells = (
        ("Panel judgement", *_judgement(view)),
        ("Incidents, last 28 days", *_incidents(view, today)),
        ("Orders", words.sentence(view.orders), _orders(view)),
        ("Agencies differ on", *_differ(view)),
        ("Plan", *_plan(view, agencies, today)),
        ("Last contact with the victim", _last_contact(view), _position_sentence(view)),
    )
    return markup.element(
        "dl",
        *(
            markup.element(
                "div",
                markup.element("dt", name),
                markup.element("dd", said),
                markup.element("dd", note, class_="s"),
            )
            for name, said, note in cells
        ),
        class_="strip",
    )


def _last_contact(view: CaseView) -> str:
    day = view.victim_last_reached
    return words.day(day, year=True) if day else words.sentence(NOT_RECORDED)


def _orders(view: CaseView) -> markup.Content:
    """Return the link to the orders of the case; that none is recorded does not mean that there is none."""
    link = markup.go("Orders of this case", Place.ORDERS, codes={"of": view.reference})
    said = ""
    if view.orders == NOT_RECORDED:
        said = "An incident is recorded as a breach of an order. " if _breaches(view) else "One can exist. "
    pressing = f"{view.orders_pressing} " if view.orders_pressing else ""
    unreached = "Victim not reached safely. " if view.not_reached else ""
    gap = [markup.tag(NO_ORDER_APPLIES, "t-gap"), f" {view.orders_gap} "] if view.orders_gap else []
    return markup.join([*gap, unreached, said, pressing, link])


def _breaches(view: CaseView) -> bool:
    return any(IncidentKind.BREACH in incident.kinds for incident in view.incidents)


def _judgement(view: CaseView) -> tuple[markup.Content, markup.Content]:
    decision = view.decision
    if decision is None:
        return "Not yet", "The panel has not decided. This does not show how dangerous the case is."
    pairs = [
        part
        for judgement in decision.judgements
        for part in (
            markup.element("span", words.domain_in_words(judgement.domain)),
            markup.level_tag(judgement.level),
        )
    ]
    said = f"{session.named(decision.by)}, {words.day_of(decision.at)}, {_dissent(decision)}."
    provisional = f"{decision.provisional} " if decision.provisional else ""
    note = f"{provisional}{said} {_changed(decision, view.earlier_decisions)}"
    return markup.element("span", *pairs, class_="four"), note


def _dissent(decision: DecisionView) -> str:
    """Return the dissent, and of how many who took part nothing is recorded: silence is not agreement."""
    said = words.counted(len(decision.dissent), "dissent") if decision.dissent else "no dissent recorded"
    not_asked = [each for each in decision.positions if each.position is Position.NOT_ASKED]
    if not not_asked:
        return said
    return f"{said} (position of {words.counted(len(not_asked), 'agency', 'agencies')} not recorded)"


def _changed(decision: DecisionView, earlier: tuple[DecisionView, ...]) -> str:
    if not earlier:
        return "First decision."
    before = {judgement.domain: judgement.level for judgement in earlier[-1].judgements}
    changes = [
        f"{judgement.domain.value} was {before[judgement.domain].value}"
        for judgement in decision.judgements
        if before[judgement.domain] is not judgement.level
    ]
    since = words.day_of(earlier[-1].at)
    return f"Changed since {since}: {words.listed(changes)}." if changes else f"Unchanged since {since}."


def _incidents(view: CaseView, today: date) -> tuple[markup.Content, markup.Content]:
    dated = [incident.happened for incident in view.incidents if incident.happened is not None]
    known = [
        day for day in dated if (day.earliest.year, day.earliest.month) == (day.latest.year, day.latest.month)
    ]
    months = Counter((day.earliest.year, day.earliest.month) for day in known)
    lately = [months[month] for month in _last_months(today)]
    line = markup.image(charts.sparkline(lately), width=78, height=24) if any(lately) else None
    said = markup.join([words.sentence(view.lately_in_words), line])
    if view.incidents:
        note = f"{len(view.incidents):,} recorded here"
        note += f", latest {_latest(dated)}." if dated else "."
    else:
        note = NOT_COUNTED
    held = [
        f"{answer.agency_name} shared {words.counted(len(answer.reports), 'report')}"
        for answer in view.answers
        if answer.reports
    ]
    note += f" {words.listed(held)}." if held else ""
    return said, note + _of_line(view, len(known), is_drawn=line is not None)


def _of_line(view: CaseView, known: int, *, is_drawn: bool) -> str:
    """Return what is on the line; a flat line would say that nothing happened, so there is none then."""
    if not view.incidents:
        return ""
    vague = len(view.incidents) - known
    if not is_drawn:
        undated = f", and {vague} without an exact month" if vague else ""
        return f" No line: none is recorded with a date in the last {_MONTHS} months{undated}."
    undated = f"; {vague} without an exact month not on it" if vague else ""
    return f" The line shows {_MONTHS} months{undated}."


def _latest(dated: Sequence[PartialDate]) -> str:
    latest = max(dated, key=lambda day: day.earliest)
    return words.day(latest.earliest, year=True) if latest.is_whole_day else latest.in_words()


def _last_months(today: date) -> list[tuple[int, int]]:
    whole = today.year * 12 + today.month - 1
    return [(month // 12, month % 12 + 1) for month in range(whole - _MONTHS + 1, whole + 1)]


_HIDDEN = ("Not yet shown", "Levels are hidden until the chair opens the conference.")
_NO_CONFERENCE = {
    State.NOT_SCREENED: ("Not screened", "Agencies are asked after the screening."),
    State.ADVICE_GIVEN: ("No conference", "Advice was given. Agencies' levels are not compared."),
    State.REDIRECTED: ("No conference", "The case was redirected. Agencies' levels are not compared."),
    State.CLOSED: ("No conference", "The case was closed without one. Agencies' levels are not compared."),
}
"""The cell about levels in a state without a conference: "hidden until" would promise one."""


def _differ(view: CaseView) -> tuple[markup.Content, markup.Content]:
    if view.conference_opened_at is None:
        return _NO_CONFERENCE.get(view.state, _HIDDEN)
    gaps = formulation.gaps(view.answers)
    apart = {domain: gap for domain, gap in gaps.items() if gap}
    said = f"{len(apart)} of {len(Domain)} domains"
    if not formulation.can_differ(view.answers):
        return "Not comparable", "No 2 agencies gave a level on the same domain."
    if not apart:
        return said, "Agencies that gave a level gave the same one."
    most = max(apart, key=lambda domain: apart[domain])
    return said, f"Largest difference: {most.value}, {words.counted(apart[most], 'level')}"


def _plan(view: CaseView, agencies: Mapping[str, str], today: date) -> tuple[markup.Content, markup.Content]:
    if view.plan is None:
        return "Not yet", "A plan has not been written."
    if not view.plan.in_delivery:
        written = words.counted(len(view.plan.actions), "action")
        return "Not approved", f"No action is in delivery. {written} written: {view.plan.state.value}."
    open_ones = [action for action in view.plan.in_delivery if action.status in OPEN_STATUSES]
    late = sum(action.is_overdue for action in open_ones)
    overdue = markup.tag(f"{late:,} overdue", "t-late") if late else None
    said = markup.join([f"{len(open_ones):,} open", overdue], " ")
    coming = [action for action in open_ones if not action.is_overdue]
    if not coming:
        return said, "No other action is due." if late else "All actions in delivery are closed."
    first = coming[0]
    who = agencies.get(first.agency, first.agency)
    return said, f"Next due {words.day(first.due)} ({words.days_from(first.due, today)}), {who}"


def _position_sentence(view: CaseView) -> str:
    position = view.victim_position
    return f"Informed of the referral: {position.told.in_words}. View: {position.view.value}."

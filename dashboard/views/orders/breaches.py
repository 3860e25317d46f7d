"""Likely breaches: the clause, the evidence, what would make each wrong, and the answer of a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated

import streamlit as st
from pydantic import Field

from dashboard import charts, forms, markup, order_charts, record, session, words
from dashboard.form_model import Form
from dashboard.pages import Place
from dashboard.views.alarms.topics import answered, ask
from engine.domain.asked import Asked, Because
from engine.domain.base import Frozen
from engine.domain.cases.views import IncidentView
from engine.domain.drafts import DraftForm
from engine.domain.orders.breaches import (
    Actor,
    BreachesSeen,
    BreachResult,
    BreachStatus,
    BreachView,
    DetailsGiven,
    ReviewAct,
    ReviewGiven,
)
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.shown import shown
from engine.services.context import Context, VaultContext
from engine.services.orders.breach_worklist import count_waiting
from engine.services.orders.breaches import decide_breach
from engine.services.referrals.incidents import record_details

_FIRST_SHOWN = 10
_WAITING = "orders-breaches-waiting"
_FRESH = timedelta(minutes=5)
_NOT_A_BREACH = "A likely breach is a proposal. A person confirms or rejects it."
_NONE_CONFIRMED = (
    "0 confirmed by a person. An incident recorded as a breach can still wait for a police decision."
)
_TITLES = {
    ReviewAct.CONFIRMED: "Confirm breach",
    ReviewAct.REJECTED: "Reject likely breach",
    ReviewAct.ASKED: "Ask about likely breach",
}
REASON_HINT = (
    "Give what was read, seen or asked, and by whom. Everyone who can view the case reads it. Name no "
    "address, workplace, school or safe contact."
)
_IS_ALARM = "It is an alarm, and a decision of police is awaited, on top of the case."
_TOPICS = tuple(each for each in AlarmTopic if each is not AlarmTopic.BREACH)
_TAGS = {
    BreachStatus.TO_CONFIRM: "t-late",
    BreachStatus.ASKED: "t-todo",
    BreachStatus.CONFIRMED: "t-late",
    BreachStatus.REJECTED: "t-done",
    BreachStatus.NO_LONGER: "t-none",
}


def waiting(*, most: int) -> int:
    """Return how many likely breaches wait for this person, up to ``most``, counted once in some minutes."""
    runtime, acting = record.runtime(), session.acting()
    now = runtime.clock.now()
    stored: tuple[str, datetime, int] | None = session.stored_value(_WAITING, tuple)
    if stored is not None and stored[0] == acting.user and now - stored[1] < _FRESH:
        return stored[2]
    found = count_waiting(runtime.context(acting), most=most)
    session.keep(_WAITING, (acting.user, now, found))
    return found


def cell(seen: BreachesSeen) -> tuple[str, str, str]:
    """Return the cell of a strip: likely breaches, and confirmed ones without a police decision."""
    awaited = sum(each.police_decision is None for each in seen.confirmed)
    missing = f", {awaited:,} without a police decision" if awaited else ""
    said = f"{words.counted(len(seen.confirmed), 'confirmed breach', 'confirmed breaches')}{missing}."
    unclear = len(seen.waiting) - len(seen.likely)
    more = f" {unclear:,} where a fact is missing." if unclear else ""
    return (
        "Likely breaches to confirm",
        f"{len(seen.likely):,}",
        f"{said if seen.confirmed else _NONE_CONFIRMED}{more}",
    )


def marks(
    seen: BreachesSeen, incidents: Sequence[IncidentView], *, since: date
) -> tuple[order_charts.BreachMark, ...]:
    """Return the marks over incidents of a case: confirmed breaches, and those that a person must answer."""
    by_reference = {incident.reference: incident for incident in incidents}
    found: dict[order_charts.BreachMark, None] = {}
    for view, sign in (*((each, "✚") for each in seen.confirmed), *((each, "?") for each in seen.waiting)):
        incident = by_reference.get(view.incident)
        if incident is None or incident.happened is None or incident.happened.latest < since:
            continue
        lane = incident.channel.value if incident.channel else charts.NO_CHANNEL
        first = max(incident.happened.earliest, since).isoformat()
        found[first, lane, sign, f"{view.order_name}, condition {view.condition}: {view.tag.lower()}"] = None
    return tuple(found)


def in_words(seen: BreachesSeen) -> list[str]:
    """Return the same as sentences; a likely breach is in no count of breaches."""
    counts = (
        (len({each.incident for each in seen.confirmed}), "with a confirmed breach"),
        (len({each.incident for each in seen.waiting}), "that a person must answer: likely or not clear"),
    )
    return [f"{words.counted(number, 'incident')} {what}." for number, what in counts if number]


def held_against(seen: BreachesSeen, order: str) -> dict[int, str]:
    """Return for each condition of an order what was held against it, in words."""
    found: dict[int, list[str]] = {}
    for each in seen.breaches:
        if each.order == order:
            found.setdefault(each.condition, []).append(each.tag.lower())
    return {
        condition: "; ".join(f"{tags.count(tag)} {tag}" for tag in dict.fromkeys(tags))
        for condition, tags in found.items()
    }


def stages(seen: BreachesSeen) -> tuple[tuple[str, int], ...]:
    """Return how many orders have a likely breach proposed, and how many a confirmed one."""
    proposed = {
        each.order
        for each in seen.breaches
        if each.result is BreachResult.LIKELY or each.status is BreachStatus.CONFIRMED
    }
    confirmed = {each.order for each in seen.confirmed}
    return ("Likely breach proposed", len(proposed)), ("Breach confirmed", len(confirmed))


def draw(seen: BreachesSeen, *, of_case: str | None = None, may_record: bool = False) -> None:
    """Draw those that wait for a person, each with its buttons, and those that were answered as a table."""
    if not seen.breaches:
        return
    waiting, answered = seen.waiting, [each for each in seen.breaches if not each.is_open]
    note = _NOT_A_BREACH
    markup.draw(markup.heading("Likely breaches", at="breaches", note=note))
    if not waiting:
        markup.draw(markup.none_recorded("None waits for a person. A condition can be broken unreported."))
    for view in waiting[:_FIRST_SHOWN]:
        markup.draw(_waiting(view, of_case=of_case))
        _draw_buttons(view, may_record=may_record)
    if len(waiting) > _FIRST_SHOWN:
        rest = words.counted(len(waiting) - _FIRST_SHOWN, "more")
        markup.draw(markup.element("p", f"{rest}: answer those above first.", class_="sub"))
    if answered:
        markup.draw(_answered(answered))


def _waiting(view: BreachView, *, of_case: str | None) -> markup.Markup:
    happened = view.happened.in_words() if view.happened else "date not recorded"
    case = f"on {view.case}" if of_case else markup.go(view.case, Place.ORDERS, codes={"of": view.case})
    is_likely = view.result is BreachResult.LIKELY
    columns = (
        ("Condition", [f"“{view.clause}”", f"{view.order_name}, condition {view.condition}."]),
        ("The order then", list(view.at_the_time)),
        ("Evidence", list(view.evidence)),
        (
            "Would make it wrong" if is_likely else "Missing facts",
            [*(() if is_likely else view.unclear), *view.against],
        ),
    )
    asked = [
        f"Asked by {session.named(each.by)}: {each.why or 'its content was erased'}"
        for each in view.reviews
        if each.act is ReviewAct.ASKED
    ]
    return markup.element(
        "section",
        markup.element(
            "h3",
            "Likely breach to confirm" if is_likely else "It cannot be said whether a condition was broken",
            markup.tag(view.tag, _TAGS[view.status]),
        ),
        markup.element(
            "p", f"{words.sentence(view.kind.in_words)}, {happened}, {view.incident} ", case, class_="sub"
        ),
        markup.element(
            "div",
            *(
                markup.element("section", markup.element("h4", name), markup.bullets(lines))
                for name, lines in columns
                if lines
            ),
            class_="cards",
        ),
        markup.bullets(asked) if asked else None,
        markup.element("p", f"{view.found_by} {view.consequence_in_words}".rstrip(), class_="sub"),
        class_="likely",
        aria_label=f"Likely breach {view.reference}",
    )


def _draw_buttons(view: BreachView, *, may_record: bool) -> None:
    """Draw the answers alike, so that the page does not lean to one of them."""
    key = f"breach-{view.reference}"
    with st.container(horizontal=True, key=key):
        if view.may_decide:
            forms.button(
                answering(view.case, view.reference, ReviewAct.CONFIRMED),
                "Confirm breach",
                key=f"{key}-confirm",
            )
            forms.button(
                answering(view.case, view.reference, ReviewAct.REJECTED),
                "Reject, with reason",
                key=f"{key}-reject",
            )
        forms.button(
            answering(view.case, view.reference, ReviewAct.ASKED), "Ask a question", key=f"{key}-ask"
        )
        if may_record:
            forms.button(
                details(view.case, view.incident), "Add details of the incident", key=f"{key}-details"
            )


def answering(case: str, breach: str, act: ReviewAct) -> Form[Because, object]:
    """Return the form for an answer to a likely breach, or a question about it."""
    key = f"breach-answer-{breach}-{act.name.lower()}"
    is_alarm = act is ReviewAct.CONFIRMED

    def records(context: Context, given: Because) -> None:
        topics = answered(_TOPICS, key) if is_alarm else {}
        decide_breach(context, breach=breach, given=ReviewGiven(act=act, why=given.why), topics=topics)
        session.keep(_WAITING, None)

    return Form(
        Because,
        draft=DraftForm.BREACH,
        case=case,
        key=key,
        part=f"{breach}-{act.name.lower()}",
        title=_TITLES[act],
        is_large=True,
        note=_IS_ALARM if is_alarm else None,
        asks={"why": Asked("Question" if act is ReviewAct.ASKED else "Reason", hint=REASON_HINT)},
        also={"why": lambda _: ask(_TOPICS, key)} if is_alarm else {},
        button=_TITLES[act],
        records=records,
        done=f"The answer is recorded: {act.value}.",
        undone_by="a newer answer",
    )


class _Details(Frozen):
    at: Annotated[time | None, Asked("Time, such as 21:40 (leave blank if not known)")] = None
    off: Annotated[
        int | None, Asked("Minutes that the time may be off", example="0"), Field(ge=0, le=720)
    ] = None
    actor: Annotated[Actor | None, Asked("Person who acted")] = None
    place: Annotated[str | None, Asked("Place, if it was in person (it is sealed)", rows=1, longest=400)] = (
        None
    )


def details(reference: str, incident: str) -> Form[_Details, object]:
    """Return the form for the time, who acted and the place of an incident; the place goes to the vault."""

    def records(context: VaultContext, given: _Details) -> object:
        at = given.at.strftime("%H:%M") if given.at else None
        there = {
            "details": {"time": at, "minutes_off": given.off or None, "actor": given.actor},
            "place": {"description": given.place} if given.place else None,
        }
        return record_details(
            context, reference=reference, incident=incident, given=DetailsGiven.model_validate(there)
        )

    return Form(
        _Details,
        draft=DraftForm.INCIDENT_DETAILS,
        case=reference,
        key=f"details-{incident}",
        part=incident,
        title="Add details of an incident",
        is_large=True,
        button="Record details",
        records=records,
        done="The details are recorded, and the incident was compared again.",
        undone_by="newer details",
    )


def _answered(views: Sequence[BreachView]) -> markup.Markup:
    rows = [
        (
            markup.join([view.incident, markup.element("small", view.case)]),
            f"{view.order_name}, condition {view.condition}",
            markup.join(
                [
                    markup.tag(view.tag, _TAGS[view.status]),
                    markup.element("small", "The facts changed since.") if view.has_changed else None,
                ]
            ),
            _last_answer(view),
            (view.police_decision or "Not recorded") if view.status is BreachStatus.CONFIRMED else "",
        )
        for view in views
    ]
    return markup.details(
        f"Answered or no longer likely: {len(rows):,}",
        markup.table(
            ("Incident", "Condition", "Status", "Answer", "Police decision"),
            rows,
            caption="Each answer stays; the newest applies",
        ),
    )


def _last_answer(view: BreachView) -> str:
    if not view.reviews:
        return view.because or "No answer"
    last = view.reviews[-1]
    return shown(f"{last.why or 'Its content was erased'}, {session.named(last.by)}")

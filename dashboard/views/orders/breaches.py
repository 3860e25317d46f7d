"""Likely breaches: the clause, the evidence, what would make each wrong, and the answer of a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from dashboard import charts, markup, order_charts, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.pages import Place
from dashboard.views.alarms.topics import ask
from engine.domain.cases.views import IncidentView
from engine.domain.drafts import SHORT_FIELDS, DraftForm
from engine.domain.errors import InvalidInputError
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
from engine.services.orders.breaches import count_waiting, decide_breach
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
        if view.may_decide and st.button("Confirm breach", key=f"{key}-confirm"):
            answer(view, ReviewAct.CONFIRMED)
        if view.may_decide and st.button("Reject, with reason", key=f"{key}-reject"):
            answer(view, ReviewAct.REJECTED)
        if st.button("Ask a question", key=f"{key}-ask"):
            answer(view, ReviewAct.ASKED)
        if may_record and st.button("Add details of the incident", key=f"{key}-details"):
            details(view.case, view.incident)


def answer(view: BreachView, act: ReviewAct) -> None:
    """Open the dialog for the reason or the question, with what this person typed before."""
    draft_of(view.case).begin()
    st.dialog(_TITLES[act], width="large")(_draw_answer)(view.case, view.reference, act)


def _draw_answer(case: str, breach: str, act: ReviewAct) -> None:
    draft, code = draft_of(case), f"{breach}-{act.name.lower()}"
    draft.top()
    label = "Question" if act is ReviewAct.ASKED else "Reason"
    why = reason(draft, code, label)
    topics = {}
    if act is ReviewAct.CONFIRMED:
        said = "It is an alarm, and a decision of police is awaited, on top of the case."
        markup.draw(markup.element("p", said, class_="sub"))
        topics = ask((each for each in AlarmTopic if each is not AlarmTopic.BREACH), f"{draft.key}-{code}")
        draft.remember()
    with show_errors():
        if st.button(_TITLES[act], key=f"{draft.key}-{code}-save", type="primary"):
            given = ReviewGiven(act=act, why=written(why, label))
            context = record.runtime().context(session.acting())
            decide_breach(context, breach=breach, given=given, topics=topics)
            draft.end(code, SHORT_FIELDS)
            session.keep(_WAITING, None)
            session.say_after_rerun(f"The answer is recorded: {act.value}.")
            st.rerun()


def draft_of(case: str) -> FormDraft:
    """Return what a person typed on the likely breaches of a case and did not record."""
    return FormDraft(DraftForm.BREACH, case, f"breach-answer-{case}")


def reason(draft: FormDraft, code: str, label: str, *, longest: int = 600) -> str:
    """Draw the field for a reason or a question: what it is for, and what stays out of it."""
    hint = (
        "Give what was read, seen or asked, and by whom. Everyone who can view the case reads it. Name no "
        "address, workplace, school or safe contact."
    )
    return draft.text(code, label, rows=3, longest=longest, hint=hint)


def written(why: str, label: str) -> str:
    """Return a reason in one line; raise InvalidInputError if it is missing."""
    said = " ".join(why.split())
    if len(said) < 3:
        raise InvalidInputError(label.lower(), "write it in one sentence")
    return said


@st.dialog("Add details of an incident", width="large")
def details(reference: str, incident: str) -> None:
    """Ask for the time, who acted and the place of an incident; the place goes to the vault."""
    key = f"details-{incident}"
    at = st.text_input("Time, such as 21:40 (leave blank if not known)", key=f"{key}-at", max_chars=5)
    off = st.number_input(
        "Minutes that the time may be off", min_value=0, max_value=720, value=0, key=f"{key}-off"
    )
    actor = st.selectbox(
        "Person who acted",
        list(Actor),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        key=f"{key}-actor",
        placeholder="Not recorded",
    )
    place = st.text_input("Place, if it was in person (it is sealed)", key=f"{key}-place", max_chars=400)
    with show_errors():
        if st.button("Record details", key=f"{key}-save", type="primary"):
            given = {
                "details": {"time": at.strip() or None, "minutes_off": int(off) or None, "actor": actor},
                "place": {"description": place.strip()} if place.strip() else None,
            }
            record_details(
                record.runtime().context(session.acting()),
                reference=reference,
                incident=incident,
                given=DetailsGiven.model_validate(given),
            )
            session.say_after_rerun("The details are recorded, and the incident was compared again.")
            st.rerun()


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

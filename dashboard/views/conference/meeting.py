"""The conference: the chair opens it and records what the panel decided, who was there, and who disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard import markup, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.views.conference import decision_form
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.risk import Attendance, Decision, Domain, Judgement
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import AnswerState
from engine.services.cases.views import view_case
from engine.services.conference.decisions import decide, open_conference

_MISSING = frozenset({AnswerState.AWAITED, AnswerState.OVERDUE, AnswerState.FAILED, AnswerState.NOT_ASKED})


@st.dialog("Open the conference?")
def start(reference: str, answers: Sequence[AgencyAnswerView]) -> None:
    """Draw what opening does, who has not answered, and the button."""
    missing = [answer for answer in answers if answer.state in _MISSING]
    markup.draw(
        markup.element(
            "p",
            (
                "Everyone on the case will see every agency's levels and reasons from now on. You "
                "cannot undo this."
            ),
        )
    )
    if missing:
        markup.draw(
            markup.notice(
                "warning",
                markup.bullets(answer.says for answer in missing),
                heading=f"{words.counted(len(missing), 'agency has', 'agencies have')} not responded",
            )
        )
    if st.button("Open conference", key="open-conference", type="primary"):
        runtime = record.runtime()
        with show_errors():
            open_conference(runtime.context(session.acting()), reference=reference)
            session.say_after_rerun("The conference is open. Levels and reasons are shown.")
            st.rerun()


def begin_decision(view: CaseView) -> None:
    """Open the dialog with what this person typed before and did not record."""
    reference = view.reference
    _draft(reference).begin()
    session.keep(_found_since(reference), None)
    drawn = partial(record_decision, view)
    review_step.begin(_key(reference), drawn, again=partial(_record_with_newest, reference))


def _record_with_newest(reference: str) -> None:
    """Draw the dialog again with what its author may see of the answers now."""
    view = view_case(record.runtime().context(session.acting()), reference=reference)
    session.keep(_found_since(reference), None)
    record_decision(view)


@st.dialog("Record the decision", width="large", dismissible=False)
def record_decision(view: CaseView) -> None:
    """Fill in the decision, read it through, record it. Typed text stays when it is refused."""
    _fill_in_and_record(view, attended=None)
    review_step.leave(_key(view.reference))


def decide_in_place(view: CaseView, *, attended: Sequence[Attendance]) -> None:
    """Draw the same form in the column of a conference's page, which has recorded who attended."""
    _fill_in_and_record(view, attended=attended)


def _fill_in_and_record(view: CaseView, *, attended: Sequence[Attendance] | None) -> None:
    key = _key(view.reference)
    view = session.stored_value(_found_since(view.reference), CaseView) or view
    review_step.fill_in_and_confirm(
        key,
        Decision,
        fields=lambda: decision_form.filled_in(_draft(view.reference), view, attended),
        review=lambda decision: _review(view, decision),
    )


def _key(reference: str) -> str:
    return f"decide-{reference}"


def _found_since(reference: str) -> str:
    return f"found-since-{reference}"


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.DECISION, reference, _key(reference))


def _review(view: CaseView, decision: Decision) -> None:
    """Draw everything that will be recorded, and the button that records it."""
    reference = view.reference
    key = _key(reference)
    if not review_step.confirmed(key, *_shown(decision, view), record="Record the decision"):
        return
    with show_errors():
        runtime = record.runtime()
        acting = session.acting()
        context = runtime.context(acting)
        try:
            done = decide(context, reference=reference, decision=decision)
        except InvalidInputError:
            # answers that came in since the page was drawn: "Change it" lists what is a gap now
            session.keep(_found_since(reference), view_case(context, reference=reference))
            raise
        review_step.end(key)
        _draft(reference).end()
        session.say_after_rerun(f"Decision {done.decision} is recorded, version {done.version}.")
        st.rerun()


def _shown(decision: Decision, view: CaseView) -> list[markup.Content]:
    answers = view.answers
    names = {answer.agency: answer.agency_name for answer in answers}
    missing = [answer.says for answer in answers if answer.state in _MISSING]
    judged = markup.table(
        ("Domain", "Judgement", "Reasons", "How soon", "For"),
        [
            (
                words.domain_in_words(each.domain),
                markup.level_tag(each.level),
                each.why,
                _how_soon(each),
                words.counted(each.horizon_weeks, "week")
                if each.horizon_weeks
                else markup.none_recorded("Not recorded"),
            )
            for each in decision.judgements
        ],
        caption="The panel's judgement on each domain",
    )
    facts: list[tuple[markup.Content, markup.Content]] = [
        ("Summary of the decision", decision.summary),
        (
            "Next review",
            words.day(date.fromisoformat(decision.review_on), year=True)
            if decision.review_on
            else markup.none_recorded("No date recorded"),
        ),
    ]
    closes = decision_form.review_closed(view)
    if closes is not None:
        facts.append(("Review that it closes", closes))
    if decision.confidence:
        facts.append(("Confidence of the panel", words.labelled(decision.confidence.value)))
    if decision.missing:
        matters = [f"{names.get(each.agency, each.agency)}: {each.says}" for each in decision.missing]
        facts.append(("Missing information that matters", markup.bullets(matters)))
    if decision.alternatives:
        facts.append(("Also considered", decision.alternatives))
    if decision.low_despite_unknown:
        facts.append(("Why low despite gaps", decision.low_despite_unknown))
    if decision.weighed:
        facts.append(
            (
                "Gaps and alarms weighed before low is recorded",
                markup.bullets(words.gap(name) for name in decision.weighed),
            )
        )
    attended = markup.table(
        ("Agency", "Attendance", "Dissent"),
        [
            (
                names.get(each.agency, each.agency),
                _attended(each),
                _disagreed(decision, each.agency),
            )
            for each in decision.attendance
        ],
        caption="Attendance and dissent",
    )
    warning = (
        markup.notice("warning", markup.bullets(missing), heading="Recorded without these responses")
        if missing
        else None
    )
    return [judged, markup.definitions(facts), attended, warning]


def _how_soon(judgement: Judgement) -> markup.Content:
    if judgement.domain is not Domain.VIOLENCE:
        return markup.none_recorded("Not asked for this domain")
    how_soon = judgement.how_soon
    return words.sentence(how_soon.value) if how_soon else markup.none_recorded("Not recorded")


def _attended(attended: Attendance) -> markup.Content:
    parts = [attended.who] if attended.who else []
    parts += ["apologies"] if attended.apologies else []
    parts += ["sent written contribution"] if attended.written_input else []
    return words.sentence(", ".join(parts)) if parts else markup.none_recorded("Not recorded as present")


def _disagreed(decision: Decision, agency: str) -> markup.Content:
    said = [f"{each.who}: {each.reasons}" for each in decision.dissent if each.agency == agency]
    return "; ".join(said) if said else markup.none_recorded("Position not recorded")

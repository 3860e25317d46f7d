"""The conference: the chair opens it and records what the panel decided, who was there, and who disagrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard import days, markup, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from dashboard.views.conference import formulation
from dashboard.views.conference import gaps as conference_gaps
from engine.domain.cases.views import AgencyAnswerView
from engine.domain.conference.gaps import Gap
from engine.domain.conference.risk import Attendance, Decision, Dissent, Domain, HowSoon, Judgement, Level
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.responses.answers import AnswerState
from engine.domain.typed_days import require_coming
from engine.services.cases.views import view_case
from engine.services.conference.decisions import decide, open_conference
from engine.services.conference.gaps import check_low

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


def begin_decision(reference: str, answers: Sequence[AgencyAnswerView], gaps: Sequence[Gap]) -> None:
    """Open the dialog with what this person typed before and did not record."""
    _draft(reference).begin()
    session.keep(_found_since(reference), None)
    drawn = partial(record_decision, reference, answers, gaps)
    review_step.begin(_key(reference), drawn, again=partial(_record_with_newest, reference))


def _record_with_newest(reference: str) -> None:
    """Draw the dialog again with what its author may see of the answers now."""
    view = view_case(record.runtime().context(session.acting()), reference=reference)
    session.keep(_found_since(reference), None)
    record_decision(reference, view.answers, view.gaps)


@st.dialog("Record the decision", width="large", dismissible=False)
def record_decision(reference: str, answers: Sequence[AgencyAnswerView], gaps: Sequence[Gap]) -> None:
    """Fill in the decision, read it through, record it. Typed text stays when it is refused."""
    _fill_in_and_record(reference, answers, gaps, attended=None)
    review_step.leave(_key(reference))


def decide_in_place(
    reference: str,
    answers: Sequence[AgencyAnswerView],
    gaps: Sequence[Gap],
    *,
    attended: Sequence[Attendance],
) -> None:
    """Draw the same form in the column of a conference's page, which has recorded who attended."""
    _fill_in_and_record(reference, answers, gaps, attended=attended)


def _fill_in_and_record(
    reference: str,
    answers: Sequence[AgencyAnswerView],
    gaps: Sequence[Gap],
    *,
    attended: Sequence[Attendance] | None,
) -> None:
    key = _key(reference)
    answers, gaps = session.stored_value(_found_since(reference), tuple) or (answers, gaps)
    place = st.empty()
    decision: Decision | None = review_step.waiting(key, Decision)
    if decision is None:
        with review_step.fields_in(place):
            decision = _filled_in(_draft(reference), answers, gaps, attended)
        if decision is not None:
            review_step.put(key, decision)
            place.empty()
    if decision is not None:
        with place.container():
            _review(reference, decision, answers)


def _key(reference: str) -> str:
    return f"decide-{reference}"


def _found_since(reference: str) -> str:
    return f"found-since-{reference}"


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.DECISION, reference, _key(reference))


def _filled_in(
    draft: FormDraft,
    answers: Sequence[AgencyAnswerView],
    gaps: Sequence[Gap],
    attended: Sequence[Attendance] | None,
) -> Decision | None:
    """Return the form: a level and reasons for each domain, attendance where it is not recorded yet, dissent.

    Return None until it is complete.
    """
    key = draft.key
    draft.top()
    is_narrow = attended is not None
    apart = formulation.gaps(answers)
    domains = sorted(Domain, key=lambda domain: -apart[domain]) if is_narrow else list(Domain)
    filled_in = {
        domain: _judgement(domain, answers, draft, apart=apart[domain] if is_narrow else None)
        for domain in domains
    }
    judgements = [filled_in[domain] for domain in Domain]
    summary = draft.text(
        "summary", "Summary of the decision, in a few sentences", longest=LONGEST_TEXT, rows=4
    )
    is_low = any(level in (Level.LOW, Level.DOES_NOT_APPLY) for level, *_ in judgements)
    weighed, low = conference_gaps.fields(gaps if is_low or not is_narrow else (), draft)
    review = days.field("Next review", key=f"{key}-review", width=220)
    if attended is not None:
        there = _noted_dissent(answers, draft, attended)
    else:
        markup.draw(markup.heading("Attendance and dissent", at="attendance", level=3))
        there = [_attendance(answer, draft) for answer in answers]
    draft.remember()
    saved = st.button("Review the decision", type="primary", key=f"{key}-save")
    decision: Decision | None = None
    if not saved:
        return decision
    with show_errors():
        lacking = [
            domain.value
            for domain, (level, reasons, _, _) in zip(Domain, judgements, strict=True)
            if level is None or not reasons.strip()
        ]
        if lacking or not summary.strip():
            lacking += [] if summary.strip() else ["summary of the decision"]
            raise InvalidInputError(
                "still missing", f"{words.listed(lacking)}; give each domain a judgement and reasons"
            )
        review_on = days.read("next review", review)
        require_coming("next review", review_on, on=record.runtime().clock.today())
        filled = Decision(
            judgements=tuple(
                Judgement(
                    domain=domain,
                    level=level or Level.UNABLE_TO_SAY,
                    reasons=reasons,
                    how_soon=soon,
                    horizon_weeks=weeks,
                )
                for domain, (level, reasons, soon, weeks) in zip(Domain, judgements, strict=True)
            ),
            summary=summary,
            attendance=tuple(attended for attended, _ in there),
            dissent=tuple(dissent for _, dissent in there if dissent is not None),
            review_on=review_on.isoformat() if review_on else None,
            low_despite_unknown=low.strip() or None,
            weighed=weighed,
        )
        check_low(filled, gaps)  # here the fields can still be changed; the service asks again
        decision = filled
    return decision


def _review(reference: str, decision: Decision, answers: Sequence[AgencyAnswerView]) -> None:
    """Draw everything that will be recorded, and the button that records it."""
    key = _key(reference)
    if not review_step.confirmed(key, *_shown(decision, answers), record="Record the decision"):
        return
    with show_errors():
        runtime = record.runtime()
        acting = session.acting()
        context = runtime.context(acting)
        try:
            done = decide(context, reference=reference, decision=decision)
        except InvalidInputError:
            # answers that came in since the page was drawn: "Change it" lists what is a gap now
            newest = view_case(context, reference=reference)
            session.keep(_found_since(reference), (newest.answers, newest.gaps))
            raise
        review_step.end(key)
        _draft(reference).end()
        session.say_after_rerun(f"Decision {done.decision} is recorded, version {done.version}.")
        st.rerun()


def _shown(decision: Decision, answers: Sequence[AgencyAnswerView]) -> list[markup.Content]:
    names = {answer.agency: answer.agency_name for answer in answers}
    missing = [answer.says for answer in answers if answer.state in _MISSING]
    judged = markup.table(
        ("Domain", "Judgement", "Reasons", "How soon", "For"),
        [
            (
                words.domain_in_words(each.domain),
                markup.level_tag(each.level),
                each.reasons,
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
    if decision.low_despite_unknown:
        facts.append(("Why low despite gaps", decision.low_despite_unknown))
    if decision.weighed:
        facts.append(
            (
                "Gaps weighed before low is recorded",
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
    return "; ".join(said) if said else markup.none_recorded("No dissent recorded")


def _judgement(
    domain: Domain, answers: Sequence[AgencyAnswerView], draft: FormDraft, *, apart: int | None
) -> tuple[Level | None, str, HowSoon | None, int | None]:
    name, key = words.domain_in_words(domain), draft.key
    said = [
        markup.join([f"{answer.agency_name} ", markup.level_tag(view.level)])
        for answer in answers
        for view in answer.views
        if view.domain is domain
    ]
    markup.draw(
        markup.join(
            [
                markup.element("h3", name, class_="sec"),
                markup.element("p", _given(said, apart), class_="sub"),
                markup.element("p", domain.meaning, class_="sub") if apart is None else None,
            ]
        )
    )
    level = st.radio(
        f"{name}: panel judgement",
        list(Level),
        index=None,
        horizontal=True,
        format_func=words.level_in_words,
        key=f"{key}-{domain.name}",
        label_visibility="collapsed",
    )
    wide, narrow = st.columns([3, 1]) if apart is None else (st.container(), st.container())
    with wide:
        reasons = draft.text(f"{domain.name}-reasons", f"{name}: reasons", rows=2, one_line=True)
    with narrow:
        weeks = st.number_input(
            f"{name}: for how many weeks", 1, 520, value=None, key=f"{key}-{domain.name}-weeks", step=1
        )
    soon: HowSoon | None = None
    if domain is Domain.VIOLENCE:
        soon = st.radio(
            "How soon violence is feared",
            list(HowSoon),
            index=None,
            horizontal=True,
            format_func=lambda each: words.sentence(each.value),
            key=f"{key}-soon",
        )
    return level, reasons, soon, weeks


def _given(said: Sequence[markup.Content], apart: int | None) -> markup.Content:
    """Return the levels that agencies gave, or only how far apart they are where the levels are beside it."""
    if not said:
        return "No agency gave a view."
    if apart is None:
        return markup.join(said, " · ")
    return f"Agencies differ by {words.counted(apart, 'level')}." if apart else "Agencies do not differ."


def _noted_dissent(
    answers: Sequence[AgencyAnswerView], draft: FormDraft, attended: Sequence[Attendance]
) -> list[tuple[Attendance, Dissent | None]]:
    """Draw the dissent that the chair notes for an agency. The agency enters or confirms its own."""
    names = {answer.agency: answer.agency_name for answer in answers}
    noted: list[tuple[Attendance, Dissent | None]] = []
    with st.expander("Note dissent for an agency", key=f"{draft.key}-dissent-noted"):
        for each in attended:
            name = names.get(each.agency, each.agency)
            reasons = draft.text(
                f"{each.agency}-dissent", f"{name}: reasons for dissent", rows=2, longest=2_000, one_line=True
            )
            who = each.who or name
            dissent = Dissent(agency=each.agency, who=who, reasons=reasons) if reasons.strip() else None
            noted.append((each, dissent))
    return noted


def _attendance(answer: AgencyAnswerView, draft: FormDraft) -> tuple[Attendance, Dissent | None]:
    name, key = words.plain(answer.agency_name), draft.key
    who_column, how_column, dissent_column = st.columns([3, 3, 5], vertical_alignment="bottom")
    with who_column:
        who = st.text_input(f"{name}: attended by", key=f"{key}-{answer.agency}-who", max_chars=120)
    with how_column, st.container(horizontal=True):
        apologies = st.checkbox("Apologies", key=f"{key}-{answer.agency}-apologies")
        written = st.checkbox("Sent written contribution", key=f"{key}-{answer.agency}-written")
    with dissent_column:
        reasons = draft.text(
            f"{answer.agency}-dissent",
            f"{answer.agency_name}: reasons for dissent",
            rows=2,
            longest=2_000,
            one_line=True,
        )
    attended = Attendance(
        agency=answer.agency, who=who.strip() or None, apologies=bool(apologies), written_input=bool(written)
    )
    if not reasons.strip():
        return attended, None
    dissent = Dissent(agency=answer.agency, who=who.strip() or answer.agency_name, reasons=reasons)
    return attended, dissent

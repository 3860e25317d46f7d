"""The fields of a decision. It asks for a text only where one is owed, and chooses nothing beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from dashboard.views.conference import gaps as conference_gaps
from engine.domain.cases.views import AgencyAnswerView, CaseView
from engine.domain.conference.differences import Compared, Why
from engine.domain.conference.risk import (
    AgencyGap,
    Attendance,
    Confidence,
    Decision,
    Dissent,
    Domain,
    HowSoon,
    Judgement,
    Level,
)
from engine.domain.errors import InvalidInputError
from engine.domain.plans.reviews import ReviewTrigger
from engine.domain.typed_days import require_coming
from engine.services.conference.gaps import check_decision, compared_on, may_matter


class _Chosen(NamedTuple):
    """The fields of one domain so far, and the text that it owes; None before there is a level."""

    level: Level | None
    reasons: str
    settled: str
    how_soon: HowSoon | None
    weeks: int | None
    owed: Why | None

    @property
    def lacks(self) -> str | None:
        """The part that it still needs, as the line above the button says it."""
        if self.level is None:
            return "level"
        if self.owed in (Why.SETTLED, Why.EITHER) and not self.settled.strip():
            return "how the difference was settled"
        return "reasons" if self.owed is Why.REASONS and not self.reasons.strip() else None


class Fields(NamedTuple):
    """The fields of a decision so far, apart from attendance and dissent."""

    chosen: dict[Domain, _Chosen]
    confidence: Confidence | None
    missing: tuple[AgencyGap, ...]
    departs: bool
    """A level of the panel is another than the one that all agencies share."""
    alternatives: str
    weighed: tuple[str, ...]
    low: str
    summary: str
    review: str

    @property
    def lacking(self) -> list[str]:
        """The parts that are still needed, as the line above the button names it."""
        lacking = [f"{domain.value}: {each.lacks}" for domain, each in self.chosen.items() if each.lacks]
        lacking += [] if self.confidence else ["confidence"]
        lacking += ["alternatives"] if self.departs and not self.alternatives.strip() else []
        return lacking + ([] if self.summary.strip() else ["summary of the decision"])


def filled_in(draft: FormDraft, view: CaseView, attended: Sequence[Attendance] | None) -> Decision | None:
    """Draw the fields and return the decision; None until it is complete.

    ``attended`` is who attended where the conference has recorded it; None asks for it here.
    """
    draft.top()
    fields = drawn(draft, view, is_narrow=attended is not None)
    if attended is not None:
        there = noted_dissent(view.answers, draft, attended)
    else:
        markup.draw(markup.heading("Attendance and dissent", at="attendance", level=3))
        there = [_attendance(answer, draft) for answer in view.answers]
    draft.remember()
    draw_lacking(fields.lacking)
    saved = st.button("Review the decision", type="primary", key=f"{draft.key}-save")
    decision: Decision | None = None
    if not saved:
        return decision
    with show_errors():
        require_nothing(fields.lacking)
        filled = as_decision(fields, there)
        coming = date.fromisoformat(filled.review_on) if filled.review_on else None
        require_coming("next review", coming, on=record.runtime().clock.today())
        # here the fields can still be changed; the service asks again
        check_decision(filled, view.answers, view.gaps, may_be_missing=_may_matter(view))
        decision = filled
    return decision


def drawn(draft: FormDraft, view: CaseView, *, is_narrow: bool) -> Fields:
    """Draw the fields and return what is in them. A narrow form is beside the views of the agencies.

    What appears with a choice is below all levels and the confidence: a late answer of the server moves
    nothing under the pointer of a person who chooses on.
    """
    answers = view.answers
    compared = {domain: compared_on(domain, answers) for domain in Domain}
    domains = sorted(Domain, key=lambda domain: -compared[domain].apart) if is_narrow else list(Domain)
    by_domain = {
        domain: _domain(domain, compared[domain], answers, draft, is_narrow=is_narrow) for domain in domains
    }
    if is_narrow:
        with st.expander("For how many weeks (optional)", key=f"{draft.key}-for-weeks"):
            by_domain = {
                domain: by_domain[domain]._replace(weeks=_weeks(domain, draft)) for domain in domains
            }
    levels = {domain: each.level for domain, each in by_domain.items() if each.level is not None}
    confidence = _confidence(draft)
    departs = any(compared[domain].is_departed_from_by(level) for domain, level in levels.items())
    is_safe = any(level in (Level.LOW, Level.DOES_NOT_APPLY) for level in levels.values())
    with st.container():  # one part, whatever is in it: the summary stays where it is while it is typed
        by_domain = {
            domain: by_domain[domain]._replace(reasons=_reasons(domain, by_domain[domain], draft))
            for domain in domains
        }
        missing = _missing(view, draft)
        alternatives = (
            draft.text("alternatives", "Alternatives that the panel considered", longest=LONGEST_TEXT, rows=2)
            if departs or _has_text(draft, "alternatives")
            else ""
        )
        weighed, low = conference_gaps.fields(view.gaps if is_safe or not is_narrow else (), draft)
    summary = draft.text(
        "summary", "Summary of the decision, in a few sentences", longest=LONGEST_TEXT, rows=3
    )
    return Fields(
        chosen={domain: by_domain[domain] for domain in Domain},
        confidence=confidence,
        missing=missing,
        departs=departs,
        alternatives=alternatives,
        weighed=weighed,
        low=low,
        summary=summary,
        review=_review_day(draft, view),
    )


def as_decision(
    fields: Fields, there: Sequence[tuple[Attendance, Dissent | None]], *, because: str | None = None
) -> Decision:
    """Return the decision; ``because`` is why it amends an earlier one. Raises InvalidInputError."""
    review_on = days.read("next review", fields.review)
    return Decision(
        judgements=tuple(
            Judgement(
                domain=domain,
                level=each.level or Level.UNABLE_TO_SAY,
                reasons=each.reasons.strip() or None,
                settled=each.settled.strip() or None,
                how_soon=each.how_soon,
                horizon_weeks=each.weeks,
            )
            for domain, each in fields.chosen.items()
        ),
        summary=fields.summary,
        attendance=tuple(each for each, _ in there),
        dissent=tuple(dissent for _, dissent in there if dissent is not None),
        review_on=review_on.isoformat() if review_on else None,
        low_despite_unknown=fields.low.strip() or None,
        weighed=fields.weighed,
        confidence=fields.confidence,
        missing=fields.missing,
        alternatives=fields.alternatives.strip() or None,
        amended_because=because,
    )


def draw_lacking(lacking: Sequence[str]) -> None:
    """Draw the line that names what is still needed."""
    if lacking:
        markup.draw(markup.element("p", f"Still needed: {words.listed(list(lacking))}.", class_="sub"))


def require_nothing(lacking: Sequence[str]) -> None:
    """Refuse a form that lacks something. Raises InvalidInputError."""
    if lacking:
        raise InvalidInputError("still missing", words.listed(list(lacking)))


def _has_text(draft: FormDraft, field: str) -> bool:
    """Return whether something is typed in a field: then it stays, whatever is chosen beside it."""
    return bool(session.stored_value(f"{draft.key}-{field}"))


def _domain(
    domain: Domain,
    compared: Compared,
    answers: Sequence[AgencyAnswerView],
    draft: FormDraft,
    *,
    is_narrow: bool,
) -> _Chosen:
    name, key = words.domain_in_words(domain), draft.key
    given = compared.in_words if is_narrow else _given(domain, answers)
    markup.draw(
        markup.join(
            [
                markup.element("h3", name, class_="sec"),
                markup.element("p", given, class_="sub"),
                markup.element("p", domain.meaning, class_="sub") if not is_narrow else None,
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
    owed = compared.owes(domain, level) if level is not None else None
    settled = ""
    weeks: int | None = None
    wide, narrow = (st.container(), None) if is_narrow else st.columns([3, 1])
    with wide:
        if compared.differ or _has_text(draft, f"{domain.name}-settled"):
            settled = draft.text(
                f"{domain.name}-settled", f"{name}: how the difference was settled", rows=2, one_line=True
            )
    if narrow is not None:
        with narrow:
            weeks = _weeks(domain, draft)
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
    return _Chosen(level, "", settled, soon, weeks, owed)


def _reasons(domain: Domain, chosen: _Chosen, draft: FormDraft) -> str:
    """Draw the field for the reasons where they are owed, or something is typed in it."""
    field = f"{domain.name}-reasons"
    if chosen.owed is not Why.REASONS and not _has_text(draft, field):
        return ""
    return draft.text(field, f"{words.domain_in_words(domain)}: reasons", rows=2, one_line=True)


def _weeks(domain: Domain, draft: FormDraft) -> int | None:
    return st.number_input(
        f"{words.domain_in_words(domain)}: for how many weeks",
        1,
        520,
        value=None,
        key=f"{draft.key}-{domain.name}-weeks",
        step=1,
    )


def _given(domain: Domain, answers: Sequence[AgencyAnswerView]) -> markup.Content:
    """Return the level that each agency gave, where the views are not beside the form."""
    given = [
        markup.join([f"{answer.agency_name} ", markup.level_tag(view.level)])
        for answer in answers
        for view in answer.views
        if view.domain is domain
    ]
    return markup.join(given, " · ") if given else "No agency gave a view."


def _confidence(draft: FormDraft) -> Confidence | None:
    return st.radio(
        "Confidence of the panel in this decision",
        list(Confidence),
        index=None,
        horizontal=True,
        format_func=lambda each: words.labelled(each.value),
        key=f"{draft.key}-confidence",
    )


def _may_matter(view: CaseView) -> tuple[AgencyGap, ...]:
    agencies = record.runtime().agencies_known
    return may_matter(view.answers, agencies, awaits_police=bool(view.review.not_decided))


def _missing(view: CaseView, draft: FormDraft) -> tuple[AgencyGap, ...]:
    """Draw a box for each thing that is recorded as missing; return those that matter."""
    recorded = _may_matter(view)
    if not recorded:
        return ()
    known = {agency.code: agency.name for agency in record.runtime().agencies_known}
    names = {**known, **{answer.agency: answer.agency_name for answer in view.answers}}
    markup.draw(markup.heading("Missing information that matters", at="missing", level=3))
    return tuple(
        gap
        for gap in recorded
        if st.checkbox(
            f"{words.plain(gap.says)} ({words.plain(names.get(gap.agency, gap.agency))})",
            key=f"{draft.key}-{missing_code(gap)}",
        )
    )


def missing_code(gap: AgencyGap) -> str:
    """Return the end of the key of the box for what an agency recorded as missing; it has no text of it."""
    return f"missing-{gap.agency}-{sha256(gap.says.encode()).hexdigest()[:8]}"


def _review_day(draft: FormDraft, view: CaseView) -> str:
    """Draw the field for the date, which holds the proposed one until another is typed."""
    key, proposed = f"{draft.key}-review", view.review_proposed
    if proposed is not None:
        session.type_where_empty({key: f"{proposed.on:%-d %B %Y}"})
    review = days.field("Next review", key=key, width=220)
    if proposed is not None:
        after = words.counted(proposed.days, "day")
        note = f"{after} from today, by the outcome of screening: {proposed.outcome.value}."
        markup.draw(markup.element("p", note, class_="sub"))
    closes = review_closed(view)
    if closes is not None:
        markup.draw(
            markup.element("p", f"The decision closes the review that is due. {closes}", class_="sub")
        )
    return review


def review_closed(view: CaseView) -> str | None:
    """Return why a review is due that a decision closes; None if none is.

    Reviews count from the newest decision, so each decision closes the review and there is nothing to
    choose. An action that is not done stays a reason.
    """
    why = view.review.why_due
    if why is None:
        return None
    open_action = any(each.trigger is ReviewTrigger.MISSED_ACTION for each in view.review.causes)
    return f"{why} An action that is still overdue stays a reason." if open_action else why


def noted_dissent(
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

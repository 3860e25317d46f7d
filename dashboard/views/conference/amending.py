"""Amending a decision on its case: the same fields as it was recorded with, a reason, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from dashboard import markup, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from dashboard.views.conference import decision_form
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.views import CaseView, DecisionView
from engine.domain.conference.risk import Attendance, Decision
from engine.domain.drafts import DraftForm
from engine.services.cases.views import view_case
from engine.services.conference.amending import AmendmentShown, amend_decision, show_amendment

_PLACES = {"low_despite_unknown": "why low despite gaps"}
_OF_AGENCIES = ("dissent of ", "missing of ")
"""These stay as they are: the form has no field for them."""
_STATES = (State.DECIDED, State.IN_DELIVERY, State.IN_FOLLOW_UP)


class _Waiting(NamedTuple):
    """An amendment that was read through by the engine and waits to be recorded."""

    decision: Decision
    shown: AmendmentShown


def draw_button(view: CaseView, *, attended: Sequence[Attendance] = ()) -> None:
    """Draw the button that opens the form, once the panel has decided. The service asks who presses it."""
    is_decided = view.decision is not None and view.state in _STATES
    may_open = is_decided and Act.DECIDE.value not in view.allowed_acts
    if may_open and st.button("Amend the decision", key="amend-decision"):
        begin(view, attended)


def begin(view: CaseView, attended: Sequence[Attendance]) -> None:
    """Open the form with the newest version, or with what this person typed before."""
    draft = _draft(view.reference)
    draft.begin()
    if view.decision is not None:
        _fill_with(draft, view.decision)
    reference = view.reference
    review_step.begin(
        draft.key, lambda: dialog(view, attended), again=lambda: dialog(_newest(reference), attended)
    )


@st.dialog("Amend the decision", width="large", dismissible=False)
def dialog(view: CaseView, attended: Sequence[Attendance]) -> None:
    """Draw the fields, then what would change and who is to be informed, then the button that records it.

    ``attended`` is who attends the conference in session; blank outside one.
    """
    key = _draft(view.reference).key
    review_step.fill_in_and_confirm(
        key,
        _Waiting,
        fields=lambda: _filled_in(view, attended),
        review=lambda waits: _review(view, waits),
    )
    review_step.leave(key)


def _filled_in(view: CaseView, attended: Sequence[Attendance]) -> _Waiting | None:
    draft, before = _draft(view.reference), view.decision
    waits: _Waiting | None = None
    if before is None:
        return waits
    draft.top()
    note = (
        f"This becomes version {before.version + 1}. Version {before.version} stays. A changed level "
        "needs a conference in session that has taken this case."
    )
    markup.draw(markup.element("p", note, class_="sub"))
    _draw_masked(before)
    because = draft.text("because", "Reason for the amendment", rows=2, longest=LONGEST_TEXT)
    fields = _with_masked(decision_form.drawn(draft, view, is_narrow=False), before)
    levels = {domain: (each.level, each.how_soon) for domain, each in fields.chosen.items()}
    is_slip = levels == {each.domain: (each.level, each.how_soon) for each in before.judgements}
    # attendance and dissent stay as they were
    there = [] if is_slip else decision_form.noted_dissent(view.answers, draft, attended or before.attendance)
    draft.remember()
    lacking = [] if because.strip() else ["reason for the amendment"]
    lacking += [] if is_slip else fields.lacking
    decision_form.draw_lacking(lacking)
    if not st.button("Review the amendment", type="primary", key=f"{draft.key}-save"):
        return waits
    with show_errors():
        decision_form.require_nothing(lacking)
        amended = decision_form.as_decision(fields, there, because=because)
        context = record.runtime().context(session.acting())
        waits = _Waiting(amended, show_amendment(context, reference=view.reference, decision=amended))
    return waits


def _draw_masked(before: DecisionView) -> None:
    """Draw which texts this person cannot read whole: none of them is in a field."""
    places = [_PLACES.get(place, place) for place in before.masked if not place.startswith(_OF_AGENCIES)]
    if places:
        said = f"It stays as it is unless you write another: {words.listed(places)}."
        markup.draw(markup.notice("info", said, heading="Text with a protected detail that you cannot read"))


def _with_masked(fields: decision_form.Fields, before: DecisionView) -> decision_form.Fields:
    """Return the fields with what this person left blank of a masked text, for the original to stay."""
    was: dict[str, str | None] = {
        "summary": before.summary,
        "low_despite_unknown": before.low_despite_unknown,
        "alternatives": before.alternatives,
    }
    for each in before.judgements:
        was |= {f"{each.domain.value}: reasons": each.reasons, f"{each.domain.value}: settled": each.settled}

    def unless_blank(place: str, typed: str) -> str:
        return typed if typed.strip() or place not in before.masked else was.get(place) or ""

    return fields._replace(
        chosen={
            domain: each._replace(
                reasons=unless_blank(f"{domain.value}: reasons", each.reasons),
                settled=unless_blank(f"{domain.value}: settled", each.settled),
            )
            for domain, each in fields.chosen.items()
        },
        summary=unless_blank("summary", fields.summary),
        low=unless_blank("low_despite_unknown", fields.low),
        alternatives=unless_blank("alternatives", fields.alternatives),
    )


def _review(view: CaseView, waits: _Waiting) -> None:
    key, before = _draft(view.reference).key, view.decision
    if before is None or not review_step.confirmed(
        key, *_shown(before, waits), record="Record the amendment"
    ):
        return
    with show_errors():
        done = amend_decision(
            record.runtime().context(session.acting()),
            reference=view.reference,
            decision=waits.decision,
            base_version=waits.shown.amends,
        )
        review_step.end(key)
        _draft(view.reference).end()
        session.say_after_rerun(f"Version {done.version} of the decision is recorded.")
        st.rerun()


def _shown(before: DecisionView, waits: _Waiting) -> list[markup.Content]:
    shown, levels = waits.shown, {each.domain: each.level for each in before.judgements}
    changes = [
        markup.join(
            [
                f"{words.domain_in_words(each.domain)}: from ",
                markup.level_tag(levels[each.domain]),
                " to ",
                markup.level_tag(each.level),
            ]
        )
        for each in waits.decision.judgements
        if each.domain in shown.changed
    ]
    informed = ", ".join(session.named(user) for user in shown.informs)
    pairs: list[tuple[markup.Content, markup.Content]] = [
        ("Reason for the amendment", waits.decision.amended_because or ""),
        ("Levels", markup.bullets(changes) if changes else "The levels stay. This corrects a slip."),
        ("To be informed", informed or markup.none_recorded("No person is named on this case")),
        ("Summary of the decision", waits.decision.summary),
    ]
    if shown.plan is not None:
        rests = [*shown.rests_in_words] or ["The levels that the plan rests on stay."]
        pairs.append((f"The plan, version {shown.plan}", markup.bullets(rests)))
    return [markup.definitions(pairs)]


def _fill_with(draft: FormDraft, before: DecisionView) -> None:
    """Put the newest version into the fields that a draft did not fill, but for what is masked in it."""
    key, masked = draft.key, before.masked
    short: dict[str, object] = {}
    texts: dict[str, str | None] = {}
    for each in before.judgements:
        short |= {
            f"{key}-{each.domain.name}": each.level,
            f"{key}-{each.domain.name}-weeks": each.horizon_weeks,
        }
        name, place = each.domain.name, each.domain.value
        texts |= {f"{name}-reasons": each.reasons if f"{place}: reasons" not in masked else None}
        texts |= {f"{name}-settled": each.settled if f"{place}: settled" not in masked else None}
        if each.how_soon is not None:
            short[f"{key}-soon"] = each.how_soon
    short |= {f"{key}-weighed-{name}": True for name in before.weighed}
    short |= {f"{key}-{decision_form.missing_code(gap)}": True for gap in before.missing}
    if before.confidence is not None:
        short[f"{key}-confidence"] = before.confidence
    if before.review_on is not None:
        short[f"{key}-review"] = f"{before.review_on:%-d %B %Y}"
    texts |= {
        "summary": before.summary if "summary" not in masked else None,
        "low": before.low_despite_unknown if "low_despite_unknown" not in masked else None,
        "alternatives": before.alternatives if "alternatives" not in masked else None,
    }
    session.type_where_empty(short)
    for field, text in texts.items():
        if text and not session.stored_value(f"{key}-{field}"):
            session.keep(f"{key}-{field}", text)


def _newest(reference: str) -> CaseView:
    return view_case(record.runtime().context(session.acting()), reference=reference)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.AMENDMENT, reference, f"amend-{reference}")

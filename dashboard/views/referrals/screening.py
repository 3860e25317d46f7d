"""Screening on one screen, by keyboard: only the referral, four answers, a reason, and what is to happen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from dashboard.pages import Place, go
from dashboard.views.cases import incidents
from dashboard.views.referrals import alarms
from dashboard.views.referrals import intake as referral_intake
from engine.domain.accounts.acting import Acting, User
from engine.domain.cases.lifecycle import Act, State, TriageOutcome
from engine.domain.cases.lists import CasePage
from engine.domain.cases.views import CaseView, IncidentView
from engine.domain.drafts import DraftForm
from engine.domain.referrals.screening import FourAnswer, FourItem, FourQuestion, RedirectTo, Screening
from engine.domain.shown import shown
from engine.services.accounts.users import list_users
from engine.services.cases.lists import list_page
from engine.services.cases.views import view_case
from engine.services.referrals.screening import Screened, screen

_ASKS = {
    FourQuestion.FIXATED: "Is the attention fixed on this person?",
    FourQuestion.OBSESSIVE: "Does it occupy much of the alleged perpetrator's life?",
    FourQuestion.UNWANTED: "Is it clear, or has it been made clear, that it is unwanted?",
    FourQuestion.REPEATED: "Has it happened 2 or more times?",
}
_LEADS_TO = {
    TriageOutcome.ADVICE: "no agency is asked",
    TriageOutcome.CONSULTATION: "agencies are asked, no panel",
    TriageOutcome.CONFERENCE: "agencies are asked, the panel meets",
    TriageOutcome.URGENT: "safeguarding today, then a conference",
    TriageOutcome.REDIRECT: "another service is more suitable",
}
_DONE = "screened"


def page() -> None:
    """Draw the referral that the address names, else the one that has waited longest, alarms first."""
    with show_errors():
        done = session.stored_value(_DONE, Screened)
        if done is not None:
            draw_done(done)
            return
        runtime = record.runtime()
        acting = session.acting()
        waiting, turn = _whose_turn(acting)
        reference = session.query("ref") or turn
        if reference is None:
            markup.draw(markup.page_title("Screening", note="No referrals to screen."))
            return
        view = view_case(runtime.context(acting), reference=reference)
        users = list_users(runtime.context(acting))
        draw(view, users=users, me=acting.user, waiting=waiting)


def _whose_turn(acting: Acting) -> tuple[int, str | None]:
    """Return how many wait, and whose turn it is: an open alarm first,
    then the one that has waited longest.
    """
    runtime = record.runtime()

    def waiting(first: int) -> CasePage:
        return list_page(runtime.context(acting), first=first, count=1, states=(State.NOT_SCREENED,))

    newest = waiting(0)
    if newest.total == 0 or newest.rows[0].alarms.is_open:
        return newest.total, newest.rows[0].reference if newest.rows else None
    return newest.total, waiting(newest.total - 1).rows[0].reference


def draw(view: CaseView, *, users: Sequence[User], me: str, waiting: int) -> None:
    """Draw the referral on the left, the answers on the right."""
    markup.draw(
        markup.page_title(
            f"Screen {view.reference}",
            note=(
                f"{words.counted(waiting, 'referral')} to screen. This one arrived "
                f"{words.age(view.age_hours)} ago from {view.source}."
            ),
        )
    )
    left, right = st.columns([5, 6], gap="large")
    with left:
        if view.warning:
            age = words.age(view.age_hours)
            markup.draw(markup.notice("warning", f"Waiting for {age}.", heading=words.sentence(view.warning)))
        alarms.draw(view.alarms, view.reference)
        referral_intake.draw_people(view)
        referral_intake.draw_reason(view)
        incidents.draw_numbered(view.incidents)
        referral_intake.draw_position(view)
    with right:
        if Act.SCREEN.value in view.allowed_acts:
            _form(view, users, me)
        else:
            markup.draw(
                markup.notice("info", f"This referral is '{view.state.value}' and cannot be screened again.")
            )


@st.fragment
def _form(view: CaseView, users: Sequence[User], me: str) -> None:
    draft = FormDraft(DraftForm.SCREENING, view.reference, f"screen-{view.reference}")
    key = draft.key
    draft.top()
    markup.draw(
        markup.heading(
            "Is it stalking?",
            at="four",
            note=(
                "FOUR helps to recognise stalking. It does not show how dangerous it is. "
                "Select the incidents that each answer is based on."
            ),
        )
    )
    four = [_four(question, view.incidents, key) for question in FourQuestion]
    markup.draw(markup.heading("What happens next?", at="outcome"))
    outcome = st.radio(
        "Outcome",
        list(TriageOutcome),
        index=None,
        format_func=lambda each: words.sentence(each.value),
        captions=[_LEADS_TO[each] for each in TriageOutcome],
        key=f"{key}-outcome",
        label_visibility="collapsed",
        horizontal=True,
        width="stretch",
    )
    redirect, safeguarding, advice = _what_the_outcome_needs(outcome, draft)
    reason = draft.text(
        "reason", "Reason, in one line", rows=2, one_line=True, hint="Others on the case can read this."
    )
    people = _people(users, me, key)
    joins = _joining(view, key)
    draft.remember(without=("-rests", "-people", "-joins"))
    # not Ctrl+Enter, with which a text area takes what was typed: a screening cannot be undone
    if st.button("Save screening", key=f"{key}-save", type="primary", shortcut="Ctrl+Shift+Enter"):
        missing = [item.value for item, answer in zip(FourQuestion, four, strict=True) if answer is None]
        if missing or outcome is None or not reason.strip():
            lacks = missing + ([] if outcome else ["outcome"])
            lacks += [] if reason.strip() else ["reason"]
            markup.draw(markup.notice("error", f"Still missing: {words.listed(lacks)}.", heading="Not saved"))
            return
        with show_errors():
            _save(
                draft,
                Screening(
                    four=tuple(item for item in four if item is not None),
                    outcome=outcome,
                    reason=reason,
                    people=tuple(people),
                    advice=advice or None,
                    redirect_to=redirect,
                    safeguarding=safeguarding or None,
                    same_episode_as=joins,
                    base_version=view.screening.version if view.screening else 0,
                ),
            )


def _four(question: FourQuestion, incidents: Sequence[IncidentView], key: str) -> FourItem | None:
    name = words.sentence(question.value)
    asks, answers, rests = st.columns([8, 7, 8], vertical_alignment="center", gap="small")
    with asks:
        markup.draw(markup.element("p", markup.element("b", f"{name}. "), _ASKS[question], class_="asks"))
    with answers:
        answer = st.radio(
            f"{name}: {_ASKS[question]}",
            list(FourAnswer),
            index=None,
            horizontal=True,
            format_func=lambda each: words.sentence(each.value),
            key=f"{key}-{question.value}",
            label_visibility="collapsed",
        )
    ticked: list[str] = []
    if incidents:
        numbers = {incident.reference: str(n) for n, incident in enumerate(incidents, start=1)}
        with rests:
            ticked = st.pills(
                f"Incidents for {name}",
                list(numbers),
                selection_mode="multi",
                format_func=lambda each: numbers[each],
                key=f"{key}-{question.value}-rests",
                label_visibility="collapsed",
                wrap=True,
            )
    return FourItem(question=question, answer=answer, incidents=tuple(ticked)) if answer else None


def _what_the_outcome_needs(
    outcome: TriageOutcome | None, draft: FormDraft
) -> tuple[RedirectTo | None, str | None, str | None]:
    redirect: RedirectTo | None = None
    safeguarding: str | None = None
    advice: str | None = None
    if outcome is TriageOutcome.REDIRECT:
        redirect = st.selectbox(
            "Redirect to",
            list(RedirectTo),
            index=None,
            format_func=lambda each: words.sentence(each.value),
            key=f"{draft.key}-redirect",
            placeholder="Choose a service",
        )
    if outcome is TriageOutcome.URGENT:
        safeguarding = draft.text(
            "safeguarding",
            "Safeguarding done today before anything else, and who does it",
            longest=LONGEST_TEXT,
            hint="Do not write where the victim is or how to reach the victim.",
        )
    if outcome is TriageOutcome.ADVICE:
        advice = draft.text(
            "advice", "Advice in your own words (leave blank for the standard text)", longest=LONGEST_TEXT
        )
    return redirect, safeguarding, advice


def _people(users: Sequence[User], me: str, key: str) -> list[str]:
    names = {
        user.name: f"{user.display_name} ({user.agency or words.label(user.role)})"
        for user in users
        if user.active and user.name != me
    }
    return st.multiselect(
        "Other people on the case",
        list(names),
        format_func=lambda each: shown(names[each]),
        key=f"{key}-people",
        help=("If an agency is asked and you choose none of its people, all its practitioners are added."),
        placeholder="Choose people by name",
    )


def _joining(view: CaseView, key: str) -> str | None:
    if not view.offers:
        return None
    episode_offers_by_name = {offer.episode: offer for offer in view.offers}
    chosen = st.radio(
        "Earlier episode that may be about the same 2 people",
        ["", *episode_offers_by_name],
        format_func=lambda each: (
            shown(f"Same episode as {', '.join(episode_offers_by_name[each].involvements)}")
            if each
            else "New episode"
        ),
        captions=[
            "Choose this if unsure. Episodes can be joined later.",
            *(words.plain(o.says) for o in view.offers),
        ],
        key=f"{key}-joins",
    )
    return chosen or None


def _save(draft: FormDraft, screening: Screening) -> None:
    runtime = record.runtime()
    done = screen(runtime.context(session.acting()), reference=draft.case, screening=screening)
    draft.end()
    session.keep(_DONE, done)
    st.rerun()


def draw_done(done: Screened) -> None:
    """Draw what became of it, with the advice to copy, and the way on."""
    markup.draw(markup.page_title(f"Screened: {done.reference}"))
    follows = " Agencies will now be asked." if done.agencies_will_be_asked else ""
    markup.draw(
        markup.notice("success", f"{words.sentence(done.outcome.value)}: now '{done.state.value}'.{follows}")
    )
    if done.advice:
        markup.draw(
            markup.heading("Advice for the case officer", at="advice", note="Copy it into your reply.")
        )
        st.code(shown(done.advice), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        if st.button("Next referral", key="screen-next", type="primary", shortcut="Ctrl+Enter"):
            session.keep(_DONE, None)
            go(Place.SCREENING)
        if st.button("Open the case", key="screen-open"):
            session.keep(_DONE, None)
            go(Place.CASE, done.reference)

"""Starting an urgent safety action: at once, before a conference and an approval, by its agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard import days, markup, plan_working, record, review_step, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.plan_working import Fields, Row, Working
from dashboard.views.plans import sides
from engine.domain.accounts.acting import CASE_WORKERS, Acting, Role, User
from engine.domain.cases.lifecycle import Act
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError
from engine.domain.plans.actions import Side
from engine.services.accounts.users import list_users
from engine.services.plans.urgent import start_urgent_action

_NOTE = "It starts when you save it, before any conference or approval. It stays in the plan that follows."
_LABELS = {
    "what": "Action",
    "agency": "Owner agency",
    "owner": "Owner",
    "due": "Due",
    "evidence": "Evidence",
    "side": "Part of the plan",
}


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button, for those who may start one in the state of the case."""
    if acting.role not in CASE_WORKERS or Act.START_URGENT.value not in view.allowed_acts:
        return
    if st.button("Start urgent safety action", key="start-urgent"):
        _draft(view.reference).begin()
        drawn = partial(_dialog, view.reference, view.people_on_case)
        review_step.begin(_draft(view.reference).key, drawn)


@st.dialog("Start an urgent safety action", width="large", dismissible=False)
def _dialog(reference: str, people_on_case: Sequence[str]) -> None:
    runtime, acting = record.runtime(), session.acting()
    agencies = {
        agency.code: agency.name
        for agency in runtime.agencies_known
        if acting.role is not Role.PRACTITIONER or acting.speaks_for(agency.code)
    }
    users = _owners(acting, people_on_case)
    draft = _draft(reference)
    draft.top()
    markup.draw(markup.element("p", _NOTE, class_="sub"))
    typed = _fields(draft, agencies, users)
    draft.remember(without=("-owner",))
    with st.container(horizontal=True):
        saved = st.button("Start the action", key=f"{draft.key}-save", type="primary")
        if st.button("Leave without saving", key=f"{draft.key}-leave"):
            review_step.end(draft.key)
            st.rerun()
    if saved:
        with show_errors():
            _save(reference, typed, agencies, users)
            review_step.end(draft.key)
            draft.end()
            session.say_after_rerun("The urgent safety action has started.")
            st.rerun()


def _fields(draft: FormDraft, agencies: Mapping[str, str], users: Sequence[User]) -> Fields:
    """Draw the fields and return what is typed in them; nothing is filled in."""
    key = draft.key
    what = draft.text("what", _LABELS["what"], rows=2, one_line=True)
    one, other = st.columns(2)
    with one:
        agency = st.selectbox(
            _LABELS["agency"],
            list(agencies),
            index=0 if len(agencies) == 1 else None,
            format_func=lambda code: agencies[code],
            key=f"{key}-agency",
            placeholder="Choose an agency",
        )
        due = days.field(_LABELS["due"], key=f"{key}-due")
    with other:
        names = {user.name: user.display_name for user in users}
        owner = st.selectbox(
            _LABELS["owner"],
            [user.name for user in users if user.agency == agency],
            index=None,
            format_func=lambda name: names.get(name, name),
            key=f"{key}-owner",
            accept_new_options=True,
            placeholder="Choose a person, or type a name",
        )
        serves = st.selectbox(
            "Risk domain",
            list(plan_working.DOMAINS),
            format_func=lambda domain: words.domain_in_words(domain) if domain else "Not recorded",
            key=f"{key}-serves",
        )
    side = st.radio(
        _LABELS["side"],
        list(Side),
        format_func=lambda side: sides.HEADINGS[side],
        index=None,
        horizontal=True,
        key=f"{key}-side",
    )
    evidence = draft.text("evidence", "Evidence that it was done (optional)", rows=1, one_line=True)
    return {
        **plan_working.empty(side),
        "what": what.strip(),
        "agency": agency,
        "owner": owner,
        "due": due,
        "serves": serves,
        "evidence": evidence.strip(),
        "is_urgent": True,
    }


def _save(reference: str, typed: Fields, agencies: Mapping[str, str], users: Sequence[User]) -> None:
    runtime = record.runtime()
    working = plan_working.checked(
        Working(version=0, rows=(Row("urgent", typed),)),
        agencies=agencies,
        users={user.name: str(user.agency) for user in users},
        today=runtime.clock.today(),
    )
    faults = {name: fault for row in working.faulty for name, fault in row.faults.items()}
    if typed["side"] is None:
        faults["side"] = "choose one"
    if faults:
        (part, first), *others = ((_LABELS.get(name, name), fault) for name, fault in faults.items())
        raise InvalidInputError(part, "; ".join([first, *(f"{name}: {fault}" for name, fault in others)]))
    names = {user.name: user.display_name for user in users}
    (action,) = plan_working.planned(working, names=names)
    context = runtime.context(session.acting())
    start_urgent_action(context, reference=reference, action=action, agencies=runtime.agencies.codes)


def _owners(acting: Acting, people_on_case: Sequence[str]) -> Sequence[User]:
    """Return the practitioners who may own it: for a practitioner, those who are on the case."""
    everyone = list_users(record.runtime().context(acting))
    there = [user for user in everyone if user.active and user.role is Role.PRACTITIONER]
    if acting.role is not Role.PRACTITIONER:
        return there
    return [user for user in there if user.name in people_on_case]


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.URGENT_ACTION, reference, f"urgent-{reference}")

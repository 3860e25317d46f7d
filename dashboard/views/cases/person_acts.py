"""Acts of an alleged perpetrator in other cases: what coordinators and chair may decide about them."""

from __future__ import annotations

import streamlit as st

from dashboard import forms, markup, record, session
from dashboard.errors import show_errors
from dashboard.form_model import Form
from dashboard.pages import Place, go
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.asked import Asked, Because
from engine.domain.cases.person_acts import ActsToShare
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.cases.acts_sharing import share_acts, view_acts_to_share, withdraw_acts

_WHAT = (
    "People on this case read only their own cases. If you share, they read how many acts there are, their "
    "kinds and dates, and how many people they were against. They read no name and no other case."
)
_WHY = Asked("Reason", part="reason", hint="Name no other person and no other case.")


def draw_buttons(view: CaseView, acting: Acting) -> None:
    """Draw, for coordinators and chair, what may be decided about other cases of the same person."""
    person = view.person
    if acting.role not in COORDINATOR_AND_CHAIR or not (
        person.may_be_same or person.has_others or person.shared
    ):
        return
    with st.container(horizontal=True, key="person-acts"):
        if person.may_be_same and st.button("Decide possible duplicates", key="person-duplicates"):
            go(Place.DUPLICATES)
        if person.has_others and st.button("Share acts of other cases", key="share-acts"):
            _begin_sharing(view.reference)
        if person.shared is not None:
            forms.button(withdrawing(view.reference), "Withdraw shared acts", key="withdraw-acts")


def _begin_sharing(reference: str) -> None:
    with show_errors():
        seen = view_acts_to_share(record.runtime().context(session.acting()), reference=reference)
        if seen.acts:
            forms.begin(sharing(reference, seen))
        else:
            markup.draw(markup.none_recorded("No act of another case can be shared."))


def sharing(reference: str, seen: ActsToShare) -> Form[Because, object]:
    """Return the form for why acts of other cases are shared with a panel."""
    will_read = markup.element("p", markup.element("b", "They will read: "), f"{seen.in_words}.")
    return Form(
        Because,
        draft=DraftForm.SHARED_ACTS,
        case=reference,
        key=f"shared-acts-{reference}",
        title="Share acts of other cases with this panel",
        note=markup.join([markup.element("p", _WHAT, class_="sub"), will_read]),
        asks={"why": _WHY},
        button="Share",
        records=lambda context, given: share_acts(context, reference=reference, why=given.why, seen=seen),
        done=f"Acts of other cases are shared with the panel of {reference}.",
        undone_by="withdrawing them",
    )


def withdrawing(reference: str) -> Form[Because, object]:
    """Return the form for why acts of other cases are no longer shared with a panel."""
    return Form(
        Because,
        draft=DraftForm.SHARED_ACTS,
        case=reference,
        key=f"shared-acts-{reference}",
        title="Withdraw shared acts",
        note="People who have read them may remember them. The audit log shows that they were shared.",
        asks={"why": _WHY},
        button="Withdraw",
        records=lambda context, given: withdraw_acts(context, reference=reference, why=given.why),
        done=f"No act of another case is shared with the panel of {reference}.",
        undone_by="sharing them again",
    )

"""Informing the victim, and the victim's pack: for the STAC coordinator and chair, the advocate,
and investigators.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import days, downloads, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.pages import Place
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.rights.informing_victims import (
    PackPrepared,
    RightToKnowDecided,
    VictimInformation,
)
from engine.domain.shown import shown
from engine.services.rights import informing_victims

_WAITS = (
    "Until the panel has assessed who the victim is, the Right to Know and the pack wait. "
    "Notices of events and orders are on the Orders page of the case."
)


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog, for the coordinator and chair, the advocate and investigators,
    on the case.
    """
    known = record.runtime().agencies_known
    seats = any((a.speaks_for_victim or a.investigates) and acting.speaks_for(a.code) for a in known)
    is_here = acting.role in COORDINATOR_AND_CHAIR or (seats and acting.user in view.people_on_case)
    if is_here and st.button("Informing the victim", key="victim-told"):
        _know_draft(view.reference).begin()
        dialog(view.reference)


@st.dialog("Informing the victim", width="large")
def dialog(reference: str) -> None:
    """Show the entries, and what this person may say."""
    draw(reference)


def draw(reference: str) -> None:
    """Draw the entries, then what may be recorded, then the pack."""
    with show_errors():
        acting = session.acting()
        there = informing_victims.told_on_case(record.runtime().context(acting), reference=reference)
        if not there.has_rights and there.sees_all:
            markup.draw(markup.notice("info", _WAITS))
        _draw_words(there)
        if there.sees_all:
            markup.draw(markup.element("p", _notices(there.reference)))
        if there.may_decide:
            _draw_right_to_know(there, acting)
        if there.may_prepare:
            _draw_preparing(there, acting)
        if there.may_take:
            _draw_pack(there)


def _know_draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.RIGHT_TO_KNOW, reference, f"know-{reference}")


def _notices(reference: str) -> markup.Content:
    """Return the link to the page where events, notices and attempts to reach the victim are recorded."""
    return markup.join(
        [
            "Arrest, release, bail, charge and orders: ",
            markup.go("Notices to the victim", Place.ORDERS, codes={"of": reference}),
        ]
    )


def _draw_words(there: VictimInformation) -> None:
    if not there.words:
        markup.draw(markup.none_recorded("No records that you can see."))
        return
    rows = [
        (words.moment(w.at), words.sentence(w.sentence), session.named(w.by)) for w in reversed(there.words)
    ]
    markup.draw(markup.table(("When", "Details", "By"), rows, caption="Newest first"))


def _draw_right_to_know(there: VictimInformation, acting: Acting) -> None:
    draft = _know_draft(there.reference)
    draft.top()
    with st.expander("Record a Right to Know decision", key="know-new"):
        markup.draw(
            markup.element(
                "p",
                (
                    "Right to Know: use this if the stalking is online or the victim does not know "
                    "who is responsible. If you inform the victim, give the name verbally. "
                    "Do not write it here."
                ),
                class_="sub",
            )
        )
        why = st.text_input("Why it is, or is not, necessary and proportionate", key=f"{draft.key}-why")
        told_on = days.field("Date the victim was informed", key=f"{draft.key}-told-on")
        how = st.text_input("How the victim was informed", key=f"{draft.key}-told-how")
        draft.remember()
        with st.container(horizontal=True):
            for label, tell in (("Inform the victim", True), ("Do not inform the victim", False)):
                if st.button(label, key=f"know-{tell}"):
                    _decide(there, acting, tell=tell, why=why, told_on=told_on, how=how)


def _decide(
    there: VictimInformation, acting: Acting, *, tell: bool, why: str, told_on: str, how: str
) -> None:
    given = {
        "is_told": tell,
        "why": why,
        "told_on": days.read("date the victim was informed", told_on),
        "told_how": how or None,
    }
    informing_victims.decide_right_to_know(
        record.runtime().context(acting),
        reference=there.reference,
        decision=RightToKnowDecided.model_validate(given),
    )
    _say(_know_draft(there.reference).end, "The decision is recorded.")


def _draw_preparing(there: VictimInformation, acting: Acting) -> None:
    values = {each.reference: each.what for each in there.actions}
    with st.expander("Approve what goes in the victim's information pack", key="pack-new"):
        markup.draw(
            markup.element(
                "p",
                (
                    "People the victim lives with may find this pack, and it may be read out in "
                    "court. Names, addresses and agencies are not added automatically. Do not type "
                    "any."
                ),
                class_="sub",
            )
        )
        actions = st.multiselect(
            "Plan actions that the victim can read",
            list(values),
            format_func=lambda reference: shown(values[reference]),
            key="pack-actions",
        )
        draft = FormDraft(DraftForm.VICTIM_PACK, there.reference, f"pack-{there.reference}")
        draft.top()
        typed = draft.text("words", "Text for the victim, one sentence on each line", rows=5, longest=3_000)
        if st.button("Approve pack", key="pack-prepare"):
            lines = [line.strip() for line in typed.splitlines() if line.strip()]
            informing_victims.prepare_pack(
                record.runtime().context(acting),
                reference=there.reference,
                pack=PackPrepared.model_validate({"actions": actions, "words": lines}),
            )
            _say(draft.end, "The pack is approved. The victim's advocate can download it.")


def _draw_pack(there: VictimInformation) -> None:
    markup.draw(
        markup.element(
            "p",
            (
                "Before you hand it over, ask the victim where they can keep it safely. The "
                "download link works once and expires after 1 minute."
            ),
            class_="sub",
        )
    )
    markup.draw(
        markup.fetch(
            "Download the victim's pack", downloads.ASK, kind=downloads.VICTIM_PACK, reference=there.reference
        )
    )


def _say(act: Callable[[], object], said: str) -> None:
    act()
    session.say_after_rerun(said)
    st.rerun()

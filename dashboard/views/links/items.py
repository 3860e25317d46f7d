"""Questions by conditions to the whole record: a form, its answer by reference, saved or exported."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard import days, downloads, forms, made_files, markup, offered_files, own_process, session, words
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.views.links import found_lists
from dashboard.views.links import saving as link_saving
from dashboard.views.links import searches as link_searches
from dashboard.views.links.saving import ExportAsked
from engine.domain.drafts import ABOUT_NO_CASE, DraftForm
from engine.domain.links.exported_maps import ExportedMap
from engine.domain.links.items_question import NO_ASSOCIATES, AskedRole, ItemsFound, ItemsQuestion, Listed
from engine.services.links import items as link_items

_FOUND = "links-items-found"
_FORMS = ("csv", "xlsx")


def draw() -> None:
    """Ask for items that meet conditions, and draw what was found a moment ago."""
    question = "One link of an item must meet all conditions."
    markup.draw(markup.element("p", f"{question} {NO_ASSOCIATES}", class_="sub"))
    given = _form()
    if given is not None:
        session.keep("links-items-page", None)
        found_lists.store(_FOUND, _ask(link_items.items_question(given)))
    found = found_lists.recent(_FOUND, ItemsFound)
    if found is not None:
        _draw_found(found)


def _form() -> dict[str, object] | None:
    """Draw the form; return what was submitted."""
    with st.form("links-items-form", border=False, enter_to_submit=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            find = st.selectbox(
                "List", list(Listed), format_func=words.sentence, key="links-items-find", width=180
            )
            role = st.selectbox(
                "Role claimed (optional)",
                list(AskedRole),
                index=None,
                format_func=words.sentence,
                placeholder="Any role",
                key="links-items-role",
                width=200,
            )
            link = st.selectbox(
                "Link (people only, optional)",
                link_items.kinds_of_links(),
                index=None,
                format_func=words.sentence,
                placeholder="Any link",
                key="links-items-link",
                width=220,
            )
            to = st.text_input(
                "Linked to (optional)",
                key="links-items-to",
                max_chars=12,
                placeholder="J-7K3M9QV",
                help="A reference of a place, phone, vehicle, order, incident or referral. "
                "For incidents and referrals also a person. "
                "The record links people to a place, so you get incidents of people at that place.",
                width=200,
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            since = days.field("Since (optional)", key="links-items-since", width=220)
            until = days.field("Until (optional)", key="links-items-until", width=220)
            grade = st.text_input(
                "Grade (optional)", key="links-items-grade", max_chars=3, placeholder="2B", width=160
            )
            asked = st.form_submit_button("Ask", type="primary", key="links-items-ask")
    if not asked:
        return None
    return {
        "find": find,
        "role": role,
        "link": link,
        "to": to,
        "since": days.read("since", since),
        "until": days.read("until", until),
        "grade": grade.strip(),
    }


def _ask(question: ItemsQuestion) -> ItemsFound:
    return own_process.ask(link_items.ask_items, question=question)


def _draw_found(found: ItemsFound) -> None:
    title = words.sentence(found.question.in_words())
    markup.draw(markup.heading(f"{title}: {found.number:,}", at="items-found", level=3))
    if found.items:
        rows = [
            (
                found_lists.way((each.reference,), {each.reference: each.label}),
                each.reference,
                "no count" if each.links is None else each.links,
            )
            for each in found_lists.page_of(found.items, "links-items-page")
        ]
        markup.draw(markup.table(("Item", "Reference", "Links"), rows, caption="In order of reference"))
    for sentence in found.notes:
        markup.draw(markup.element("p", sentence, class_="sub"))
    with st.container(horizontal=True):
        if st.button("Save search", key="links-save-search-items"):
            forms.begin(link_searches.saving((found.question,)))
        may_export = session.acting().role in link_saving.MAY_EXPORT
        if found.items and may_export and st.button("Export", key="links-items-export"):
            forms.begin(exporting(found.question))
    found_lists.draw_age(found.snapshot_at, found.changed_since)


def exporting(question: ItemsQuestion) -> Form[ExportAsked, ExportedMap]:
    """Return the form for a format and a reason; the file is offered once, to this person."""
    return Form(
        ExportAsked,
        draft=DraftForm.LINK_EXPORT,
        case=ABOUT_NO_CASE,
        key="export-items",
        part=part_code(question.in_words()),
        title="Export this list",
        note="Your reason is stored with your name. People who review exports can read it.",
        offers={"form": {each: each for each in _FORMS}},
        begins={"form": _FORMS[0]},
        button="Create file",
        records=lambda _, given: own_process.ask(
            link_items.export_items,
            may_be_recorded="it may be recorded: check the audit log before you export again",
            question=question,
            form="xlsx" if given.form == "xlsx" else "csv",
            why=given.why,
        ),
        done=_offer,
        undone_by="closing the offer of the file",
    )


def _offer(_: ExportAsked, made: ExportedMap) -> NoReturn:
    token = made_files.offer(session.acting().user, made)
    heading = "Recorded with your reason"
    offered_files.offer("Download file", kind=downloads.NETWORK_MAP, reference=token, heading=heading)

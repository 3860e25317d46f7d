"""Changing the plan on its case: one action is open at a time, as fields; a refused one stays as typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import streamlit as st

from dashboard import days, markup, plan_working, record, session, words
from dashboard.errors import show_errors
from dashboard.plan_working import Proposal, Row, Working
from dashboard.views.plans import offers, sides, typed_plan
from engine.domain.accounts.acting import Role, User
from engine.domain.errors import ConflictError, InvalidInputError
from engine.domain.plans.actions import DepartureReason, PlanGiven, Side
from engine.domain.plans.views import PlanView
from engine.services.accounts.users import list_users
from engine.services.cases.views import view_case
from engine.services.plans.versions import make_plan

_LEFT, _RIGHT = (Side.VICTIM_SAFETY, Side.OTHERS_AT_RISK, None), (Side.INTERVENTION,)


class _Saved(NamedTuple):
    """The version that another person saved first, by whom and when."""

    by: str
    at: str
    version: int


def is_open(reference: str) -> bool:
    """Return whether this person is changing the plan of this case."""
    return typed_plan.is_begun(reference)


def begin(reference: str, plan: PlanView | None) -> None:
    """Start to change the newest version, with what this person typed before and did not save."""
    typed_plan.keep(reference, typed_plan.begun(reference, plan))
    session.keep(_first(reference), None)


def draw(
    reference: str, agencies: Mapping[str, str], today: date, *, proposals: Sequence[Proposal] = ()
) -> None:
    """Draw the sides with their actions, what agencies propose, the reason, and the button that saves."""
    working = typed_plan.working_of(reference)
    _draw_problem(working)
    _draw_saved_first(reference)
    users = _users()
    left, right = st.columns(2, gap="large")
    for cell, of_cell in ((left, _LEFT), (right, _RIGHT)):
        with cell:
            for side in of_cell:
                _draw_side(reference, working, side, agencies, users)
    offers.draw_proposals(reference, proposals, agencies)
    typed_plan.remember(reference, typed_plan.working_of(reference))
    _draw_end(reference, agencies, users, today)


def _draw_side(
    reference: str,
    working: Working,
    side: Side | None,
    agencies: Mapping[str, str],
    users: Sequence[User],
) -> None:
    rows = [row for row in working.rows if row.side is side]
    if side is None and not rows:
        return
    heading = sides.HEADINGS[side] if side else "Side not recorded"
    code = side.name.lower() if side else "none"
    markup.draw(markup.heading(heading, at=f"side-{code}", level=3))
    for row in rows:
        look = "faulty" if row.faults else "plan"
        with st.container(key=f"{look}-row-{row.name}"):
            _draw_theirs(reference, row, agencies)
            if row.name == working.open_row:
                _draw_open(reference, working, row, agencies, users)
            else:
                _draw_closed(reference, working, row, agencies)
    if side is not None:
        with st.container(horizontal=True):
            offers.draw_button(reference, side)
            st.button("Write an action", key=f"write-{code}", on_click=_write, args=(reference, side))
        offers.draw_library(reference, side)


def _draw_theirs(reference: str, row: Row, agencies: Mapping[str, str]) -> None:
    """Draw what another person saved of this action, if both changed it."""
    first = session.stored_value(_first(reference))
    if not (row.saved_first and row.stored is not None and isinstance(first, _Saved)):
        return
    there = row.stored
    what = (
        f"{there.what} {agencies.get(there.agency, there.agency)}, {there.owner}. Due {words.day(there.due)}."
    )
    said = f"{first.by} saved this action in version {first.version}: {what} Yours is below."
    markup.draw(markup.element("p", said, class_="sub"))


def _draw_closed(reference: str, working: Working, row: Row, agencies: Mapping[str, str]) -> None:
    line, button = st.columns([6, 1], vertical_alignment="top")
    owner = str(row.typed["owner"] or "no owner")
    agency = str(row.typed["agency"] or "no agency")
    about = (
        f"{agencies.get(agency, agency)}, {session.named(owner)}. Due {row.typed['due'] or 'not recorded'}"
    )
    tags = [
        markup.tag("Urgent", "t-urgent") if row.typed["is_urgent"] else None,
        markup.tag("Departs from wishes", "t-departed") if row.typed["departs_from_wishes"] else None,
        markup.tag("Not saved", "t-missing") if row.is_changed else None,
    ]
    with line:
        title = markup.element("b", f"{working.number(row)}. {row.typed['what'] or 'New action'}")
        markup.draw(
            markup.join([title, markup.element("div", about), *(tag for tag in tags if tag is not None)], " ")
        )
    with button:
        st.button(
            "Edit",
            key=f"edit-{row.name}",
            help=f"Edit action {working.number(row)}",
            on_click=_open,
            args=(reference, row.name),
        )


def _draw_open(
    reference: str, working: Working, row: Row, agencies: Mapping[str, str], users: Sequence[User]
) -> None:
    key = typed_plan.key_of(row)
    session.type_again(
        {f"{key}-{name}": row.typed[name] for name in typed_plan.FIELDS if not _is_drawn(key, name)}
    )
    markup.draw(markup.element("b", f"Action {working.number(row)}"))
    st.text_input(_label("Action", row, "what"), key=f"{key}-what", max_chars=600)
    one, other = st.columns(2)
    with one:
        st.selectbox(
            _label("Owner agency", row, "agency"),
            list(agencies),
            format_func=lambda code: agencies.get(code, code),
            key=f"{key}-agency",
            placeholder="Choose an agency",
        )
        days.field(_label("Due", row, "due"), key=f"{key}-due")
        st.selectbox(
            "Side",
            list(Side),
            format_func=lambda side: sides.HEADINGS[side],
            key=f"{key}-side",
            placeholder="Choose a side",
        )
    with other:
        names = {user.name: user.display_name for user in users}
        st.selectbox(
            _label("Owner", row, "owner"),
            _owners(row, users),
            format_func=lambda name: names.get(name, name),
            key=f"{key}-owner",
            accept_new_options=True,
            placeholder="Choose a person, or type a name",
        )
        st.selectbox(
            "Risk domain",
            list(plan_working.DOMAINS),
            format_func=lambda domain: words.domain_in_words(domain) if domain else "Not recorded",
            key=f"{key}-serves",
        )
    st.text_input(_label("Evidence that it was done", row, "evidence"), key=f"{key}-evidence", max_chars=600)
    with st.container(horizontal=True):
        st.checkbox("Urgent safety action: starts at once", key=f"{key}-is_urgent", disabled=row.has_started)
        st.checkbox("Departs from the victim's wishes", key=f"{key}-departs_from_wishes")
    st.text_input(
        _label("If it resembles a Police Information Notice: the difference", row, "differs_from_notice"),
        key=f"{key}-differs_from_notice",
        max_chars=600,
    )
    with st.container(horizontal=True):
        st.button("Close", key=f"close-{row.name}", on_click=_open, args=(reference, None))
        if row.has_started:
            note = "Started: it stays in the plan until its agency reports that it is done or not possible."
            markup.draw(markup.element("p", note, class_="sub"))
        else:
            st.button("Remove", key=f"remove-{row.name}", on_click=_remove, args=(reference, row.name))


def _owners(row: Row, users: Sequence[User]) -> list[str]:
    """Return the people of the chosen agency, and a name that is typed."""
    agency = session.stored_value(f"{typed_plan.key_of(row)}-agency")
    there = [user.name for user in users if user.agency == agency and user.role is Role.PRACTITIONER]
    typed = session.stored_value(f"{typed_plan.key_of(row)}-owner")
    return there if not isinstance(typed, str) or typed in there else [*there, typed]


def _draw_end(reference: str, agencies: Mapping[str, str], users: Sequence[User], today: date) -> None:
    draft = typed_plan.draft_of(reference)
    key = draft.key
    markup.draw(markup.heading("This version", at="this-version", level=3))
    reason = draft.text("reason", "Reason for the change", one_line=True)
    one, other = st.columns([2, 3])
    with one:
        departs_for = st.selectbox(
            "Why the plan departs from the victim's wishes",
            [None, *DepartureReason],
            format_func=lambda why: words.labelled(why.value) if why else "It does not depart from them",
            key=f"{key}-departure",
        )
    with other:
        departs = draft.text("departs", "Departure from the wishes, in one sentence", rows=2, one_line=True)
    asks = st.checkbox("Ask the chair to approve this version", key=f"{key}-asks")
    draft.remember()
    with st.container(horizontal=True):
        saved = st.button("Save plan", key=f"{key}-save", type="primary", on_click=_take, args=(reference,))
        st.button("Leave without saving", key=f"{key}-leave", on_click=_leave, args=(reference,))
    if saved:
        with show_errors():
            if not reason.strip():
                raise InvalidInputError("reason", "give the reason for the change in one line")
            _save(
                reference, agencies, users, today, _Ending(reason, departs.strip() or None, departs_for, asks)
            )


class _Ending(NamedTuple):
    """The reason and the departure of the whole version."""

    reason: str
    departs: str | None
    departs_for: DepartureReason | None
    asks: bool


def _save(
    reference: str, agencies: Mapping[str, str], users: Sequence[User], today: date, ending: _Ending
) -> None:
    of_agency = {user.name: str(user.agency) for user in users if user.role is Role.PRACTITIONER}
    working = plan_working.checked(
        typed_plan.working_of(reference), agencies=agencies, users=of_agency, today=today
    )
    names = {user.name: user.display_name for user in users if user.role is Role.PRACTITIONER}
    actions = plan_working.planned(working, names=names)
    typed_plan.keep(reference, working)
    if not actions:
        if working.faulty:
            st.rerun()
        raise InvalidInputError("plan", "add at least one action")
    has_new = any(row.is_changed and not row.faults for row in working.rows) or working.removed
    if working.faulty and not has_new:
        st.rerun()
    given = PlanGiven(
        actions=actions,
        reason=ending.reason,
        base_version=working.version,
        departs_from_wishes=ending.departs,
        departure_reason=ending.departs_for,
        asks_approval=ending.asks and not working.faulty,
    )
    runtime = record.runtime()
    context = runtime.context(session.acting())
    try:
        done = make_plan(context, reference=reference, plan=given, agencies=tuple(agencies))
    except ConflictError:
        _meet(reference, working)
        st.rerun()
    session.keep(_first(reference), None)
    typed_plan.draft_of(reference).end()
    if working.faulty:
        newest = view_case(context, reference=reference).plan
        if newest is not None:
            typed_plan.keep(reference, plan_working.refused_on(working, newest))
        st.rerun()
    typed_plan.keep(reference, None)
    session.say_after_rerun(f"The plan is saved as version {done.version}.")
    st.rerun()


def _meet(reference: str, working: Working) -> None:
    """Put the changes onto what another person saved first, and say who it was."""
    context = record.runtime().context(session.acting())
    newest = view_case(context, reference=reference).plan
    if newest is not None:
        first = _Saved(session.named(newest.by), words.moment(newest.at), newest.version)
        session.keep(_first(reference), first)
        typed_plan.keep(reference, plan_working.onto(working, newest))


def _draw_problem(working: Working) -> None:
    if not working.faulty:
        return
    faults = [f"Action {working.number(row)}: {' and '.join(row.faults.values())}." for row in working.faulty]
    saved = len(working.rows) - len(working.faulty)
    others = f" The other {words.counted(saved, 'action')} can be saved." if saved else ""
    markup.draw(markup.notice("error", " ".join(faults) + others, heading="There is a problem"))


def _draw_saved_first(reference: str) -> None:
    first = session.stored_value(_first(reference))
    if isinstance(first, _Saved):
        said = f"{first.by} saved version {first.version} on {first.at}. Yours is below and not saved yet."
        markup.draw(
            markup.notice("warning", f"{said} Save again to add your changes to it.", heading="Saved first")
        )


def _label(label: str, row: Row, name: str) -> str:
    fault = row.faults.get(name)
    return f"{label}: {fault}" if fault else label


def _is_drawn(key: str, name: str) -> bool:
    return session.stored_value(f"{key}-{name}") is not None


def _take(reference: str) -> None:
    typed_plan.take(reference)


def _open(reference: str, name: str | None) -> None:
    typed_plan.keep(reference, replace(typed_plan.take(reference), open_row=name))


def _write(reference: str, side: Side) -> None:
    typed_plan.keep(reference, typed_plan.take(reference).with_new(plan_working.empty(side)))


def _remove(reference: str, name: str) -> None:
    typed_plan.keep(reference, typed_plan.working_of(reference).without(name))


def _leave(reference: str) -> None:
    typed_plan.keep(reference, None)
    session.keep(_first(reference), None)


def _users() -> Sequence[User]:
    runtime = record.runtime()
    return [user for user in list_users(runtime.context(session.acting())) if user.active]


def _first(reference: str) -> str:
    return f"plan-saved-first-{reference}"

"""Protected details of a case: which kinds are held, asking and agreeing, and one value for its time.

A value is drawn as text in one part of the page, which asks for it each time it draws and lets it go. It is
in no session, address, cache or file. When its time is over that part draws itself again without it.
"""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.vault import despair
from engine.clock import LONDON
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.domain.referrals.intake import ProtectedKind
from engine.domain.shown import shown
from engine.domain.vault.openings import ItemHeld, Opening, OpeningAsked, VaultOnCase, VaultTask
from engine.services.plans.protected_places import name_lead, record_place_check
from engine.services.vault import access_requests, openings
from engine.services.vault.notifications import vault_on_case


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog, for who may see what is held, and for the duty responder."""
    sees_held = view.is_worked_by(acting)
    is_duty = acting.user == record.runtime().settings.duty_responder
    if (sees_held or is_duty) and st.button("Protected details", key="protected-details"):
        dialog(view.reference, sees_held=sees_held)
    despair.draw_button(view, acting)


@st.dialog("Protected details", width="large")
def dialog(reference: str, *, sees_held: bool) -> None:
    """Show what is held, and what this person may do about it."""
    draw(reference, sees_held=sees_held)


def draw(reference: str, *, sees_held: bool) -> None:
    """Draw the open value first, then what is held by kind, what is asked, what was opened."""
    top = st.container(key="vault-open")
    with show_errors():
        there = _there(reference) if sees_held else None
        opening = there.in_force if there else None
        if there is not None:
            opening = _draw_items(there) or opening
            _draw_asks(there)
            _draw_officer(there)
            _draw_lead(there)
            _draw_check(there)
            _draw_openings(there)
        if session.acting().user == record.runtime().settings.duty_responder:
            opening = _draw_for_life(reference) or opening
        if opening is not None:
            with top:
                _draw_value(opening)


def _there(reference: str) -> VaultOnCase:
    runtime = record.runtime()
    return vault_on_case(runtime.context(session.acting()), reference=reference)


def _draw_value(opening: Opening) -> None:
    """Draw one value until its time is over; then only this part runs and draws nothing of it."""
    left = (opening.until - record.runtime().clock.now()).total_seconds()

    @st.fragment(run_every=timedelta(seconds=max(left + 1, 2)))
    def shown() -> None:
        runtime = record.runtime()
        if runtime.clock.now() >= opening.until:
            markup.draw(markup.notice("info", f"Access {opening.reference} has ended."))
            return
        with show_errors():
            opened = openings.shown_again(runtime.context(session.acting()), opening=opening.reference)
            until = f"{opening.until.astimezone(LONDON):%H:%M}"
            markup.draw(
                markup.notice(
                    "info",
                    markup.element("b", opened.value),
                    markup.element(
                        "p", f"Shown to you until {until}, to {opening.task}. Do not copy it anywhere."
                    ),
                    heading=f"{words.labelled(opening.kind)} ({opening.item})",
                )
            )

    shown()


def _draw_items(there: VaultOnCase) -> Opening | None:
    markup.draw(markup.heading("Details held", at="vault-held", level=3))
    if not there.items:
        markup.draw(markup.none_recorded("No protected details are held for this case."))
        return None
    task = st.selectbox("Task", there.tasks, key="vault-task")
    is_asking = not there.may_open_alone
    why = st.text_input("Reason, without any address or number", key="vault-why") if is_asking else ""
    opened = None
    for item in there.items:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            markup.draw(markup.element("div", f"{words.labelled(item.kind)} {item.reference}"))
            opened = _draw_item(there, item, task=task, why=why) or opened
    return opened


def _draw_item(there: VaultOnCase, item: ItemHeld, *, task: str, why: str) -> Opening | None:
    """Draw its one button: open it, or ask. What opening gives back is let go here.

    The part above draws it.
    """
    runtime = record.runtime()
    if there.may_open_alone or item.reference in there.may_open_agreed:
        if st.button("Open", key=f"vault-open-{item.reference}", help=f"Open {item.reference}"):
            return openings.open_item(
                runtime.context(session.acting()), reference=there.reference, item=item.reference, task=task
            ).opening
        return None
    if session.acting().user in there.people and st.button(
        "Request access", key=f"vault-ask-{item.reference}", help=f"Request access to {item.reference}"
    ):
        asked = access_requests.ask_to_open(
            runtime.context(session.acting()),
            reference=there.reference,
            item=item.reference,
            task=task,
            why=why,
        )
        sentence = (
            f"Request {asked.reference} is sent. A second person on the case, from "
            "another agency, must approve it."
        )
        markup.draw(markup.notice("success", sentence))
    return None


def _draw_asks(there: VaultOnCase) -> None:
    for ask in there.asks:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            markup.draw(markup.element("div", _asked(ask)))
            is_own = ask.user == session.acting().user
            if ask.reference in there.may_agree and st.button("Approve", key=f"vault-agree-{ask.reference}"):
                _say(ask, agrees=True)
            if (is_own or ask.reference in there.may_agree) and st.button(
                "Withdraw" if is_own else "Do not approve", key=f"vault-withdraw-{ask.reference}"
            ):
                _say(ask, agrees=False)


def _say(ask: OpeningAsked, *, agrees: bool) -> None:
    runtime = record.runtime()
    access_requests.agree(runtime.context(session.acting()), asked=ask.reference, agrees=agrees)
    markup.draw(markup.notice("success", f"Your response to {ask.reference} is recorded."))


def _asked(ask: OpeningAsked) -> str:
    of = f" of {ask.agency}" if ask.agency else ""
    agreed = [session.named(approval.user) for approval in ask.standing.values() if approval.agrees]
    said = f"approved by {', '.join(agreed)}" if agreed else "not approved yet"
    who = session.named(ask.user)
    return (
        f"{who}{of} requests access to {words.label(ask.kind)} {ask.item}, to {ask.task}: {ask.why} ({said})"
    )


def _draw_officer(there: VaultOnCase) -> None:
    officer = session.named(there.safe_contact_officer) if there.safe_contact_officer else "not named"
    markup.draw(markup.element("p", f"Safe-contact officer: {officer}", class_="sub"))
    if not (there.may_name_officer and there.people):
        return
    chosen = st.selectbox("Safe-contact officer", there.people, key="vault-officer")
    if st.button("Name officer", key="vault-name-officer"):
        runtime = record.runtime()
        named = access_requests.name_safe_contact(
            runtime.context(session.acting()), reference=there.reference, user=chosen
        )
        markup.draw(markup.notice("success", f"{session.named(named.user)} is the safe-contact officer."))


def _draw_lead(there: VaultOnCase) -> None:
    lead = session.named(there.investigation_lead) if there.investigation_lead else "not named"
    markup.draw(markup.element("p", f"Investigation lead: {lead}", class_="sub"))
    if not there.may_be_lead:
        return
    chosen = st.selectbox(
        "Investigation lead",
        there.may_be_lead,
        format_func=lambda name: shown(session.named(name)),
        key="vault-lead",
    )
    if st.button("Name lead", key="vault-name-lead"):
        context = record.runtime().context(session.acting())
        named = name_lead(context, reference=there.reference, user=chosen)
        markup.draw(markup.notice("success", f"{session.named(named)} is the investigation lead."))


def _draw_check(there: VaultOnCase) -> None:
    version = there.plan_to_check
    if version is None:
        return
    said = (
        f"You have not checked version {version} of the plan for protected places. The software finds only "
        "places that a text names, so read every action."
    )
    markup.draw(markup.notice("info", said))
    if st.button(f"Record that I checked version {version}", key="vault-check-places"):
        context = record.runtime().context(session.acting())
        record_place_check(context, reference=there.reference, version=version)
        markup.draw(markup.notice("success", f"Recorded: you checked version {version}."))


def _draw_openings(there: VaultOnCase) -> None:
    if not there.openings:
        return
    rows = [
        (
            words.moment(each.at),
            session.named(each.user) + (f" of {each.agency}" if each.agency else ""),
            f"{words.label(each.kind)} {each.item}",
            each.basis.value,
            f"{each.task}{': ' + each.why if each.why else ''}",
        )
        for each in there.openings
    ]
    headers = ("When", "User", "Detail", "Basis", "Task and reason")
    markup.draw(
        markup.table(
            headers, rows, caption=f"{words.counted(len(rows), 'access', 'accesses')} that you can see"
        )
    )


def _draw_for_life(reference: str) -> Opening | None:
    """Draw one single value, with a reason; chair, advocate and owner are notified at once."""
    markup.draw(markup.heading("Immediate threat to life", at="vault-life", level=3))
    kind = st.selectbox(
        "Kind of detail",
        [each.value for each in ProtectedKind],
        key="vault-life-kind",
        format_func=words.labelled,
    )
    why = st.text_input("Why it cannot wait", key="vault-life-why")
    if not st.button("Open for a threat to life", key="vault-life"):
        return None
    runtime = record.runtime()
    return openings.open_for_life(
        runtime.context(session.acting().model_copy(update={"purpose": VaultTask.RISK_NOW.value})),
        reference=reference,
        kind=ProtectedKind(kind),
        why=why,
    ).opening

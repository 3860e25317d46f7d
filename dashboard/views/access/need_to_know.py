"""Knowledge of a case: the question before it opens, restricting it, connections, emergency access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.pages import Place, go
from dashboard.views.access import log as access_log
from engine.domain.access.need_to_know import ConnectionQuestion, EmergencyAccess, WhoMayKnow
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.cases.views import CaseView
from engine.domain.shown import shown
from engine.services.access import conflicts, restrictions
from engine.services.access import emergency as emergency_access
from engine.services.access.reasons import reasons_given, say_why_opened
from engine.services.referrals.screening import name_people

RESTRICTED = markup.notice(
    "warning", "Only the chair and people named on this case can see it.", heading="Restricted case"
)


def ask(question: ConnectionQuestion) -> None:
    """Ask before the case opens for the first time: a yes shuts it at once."""
    note = "Conflict of interest check. Someone who knows one of the parties could put the other at risk."
    markup.draw(markup.page_title(f"Case {question.reference}", note=note))
    markup.draw(markup.heading("Are you connected to either party?", at="connected"))
    markup.draw(markup.bullets(question.parties))
    markup.draw(
        markup.element(
            "p",
            (
                "By family, friendship, a relationship, work or money, now or in the past. If you "
                "answer yes or not sure, you cannot open this case. The chair can see your answer."
            ),
            class_="sub",
        )
    )
    with st.container(horizontal=True):
        if st.button("No, I am not connected to either party", key="not-connected", type="primary"):
            _say_own(question.reference, is_connected=False)
        if st.button("Yes, or not sure", key="connected"):
            _say_own(question.reference, is_connected=True)


def ask_why(reference: str) -> None:
    """Ask before a restricted case opens, once for each task of a day."""
    markup.draw(
        markup.page_title(f"Case {reference}", note="Restricted case. Give your reason for opening it.")
    )
    markup.draw(RESTRICTED)
    why = st.text_input("Reason for opening it", key="opened-why", max_chars=restrictions.LONGEST_WHY)
    said = (
        "The chair and the advocate can read your reason. It applies to your task of today: "
        f"{session.acting().purpose}."
    )
    markup.draw(markup.element("p", said, class_="sub"))
    if st.button("Open case", key="opened-say", type="primary"):
        runtime = record.runtime()
        with show_errors():
            say_why_opened(runtime.context(session.acting()), reference=reference, why=why)
            st.rerun()


def draw_buttons(view: CaseView, acting: Acting) -> None:
    """Draw the buttons of the two dialogs; the second is only for the chair and the advocate."""
    if not view.is_worked_by(acting):
        return
    if st.button("Access", key="who-may-know"):
        dialog(view.reference)
    if access_log.is_offered(acting, record.runtime().agencies_known) and st.button(
        "Access log", key="who-has-looked"
    ):
        access_log.dialog(view.reference)


@st.dialog("Access", width="large")
def dialog(reference: str) -> None:
    """Show its status, and what this person may say."""
    draw(reference)


def draw(reference: str) -> None:
    """Draw named people, restriction, connections, emergency access."""
    runtime = record.runtime()
    with show_errors():
        acting = session.acting()
        access = restrictions.who_may_know(runtime.context(acting), reference=reference)
        named = ", ".join(session.named(user) for user in access.people) or "no one yet"
        markup.draw(markup.element("p", markup.element("b", "Named on this case: "), named))
        if acting.role in COORDINATOR_AND_CHAIR:
            _draw_naming(access)
        _draw_restriction(access)
        if access.may_see_looks:
            _draw_reasons(access, acting)
        _draw_connections(access, acting)
        _draw_urgent_looks(access.urgent_looks, acting)


def draw_urgent_look(acting: Acting) -> None:
    """Draw, for practitioners, under the list: emergency access to a case that is not in it."""
    if acting.role is not Role.PRACTITIONER:
        return
    with st.expander("Get emergency access to a case", key="urgent-look"):
        markup.draw(
            markup.element(
                "p",
                (
                    "Use this for a danger that cannot wait. The chair, the coordinators and the "
                    "people on the case see immediately who got access and why. Another person "
                    "reviews it."
                ),
                class_="sub",
            )
        )
        reference = st.text_input("Referral reference", key="urgent-reference", max_chars=12)
        why = st.text_input("Why it cannot wait", key="urgent-why", max_chars=restrictions.LONGEST_WHY)
        if st.button("Get emergency access", key="urgent-look-now"):
            _look_now(reference, why)


def _draw_naming(access: WhoMayKnow) -> None:
    """Choose people by name; the case opens for them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Add people to this case",
            [name for name in session.people() if name not in access.people],
            key="name-people",
            format_func=lambda user: shown(session.named(user)),
            placeholder="Choose people by name",
        )
        if st.button("Add people", key="name-people-now", disabled=not chosen):
            runtime = record.runtime()
            with show_errors():
                name_people(runtime.context(session.acting()), reference=access.reference, people=chosen)
                _after(
                    f"{access.reference} can now be opened by "
                    f"{words.listed([session.named(n) for n in chosen])}."
                )


def _draw_restriction(access: WhoMayKnow) -> None:
    if access.is_restricted:
        markup.draw(RESTRICTED)
    if access.restrictions:
        rows = [
            (
                words.moment(restriction.at),
                words.label(restriction.because),
                restriction.why,
                session.named(restriction.by),
            )
            for restriction in access.restrictions
        ]
        markup.draw(markup.table(("When", "Action", "Reason", "By"), rows, caption="Restrictions"))
    if access.may_restrict:
        _with_reason("Restrict this case", "restrict", lambda why: _restrict(access.reference, why))
    if access.may_lift:
        _with_reason("Lift the restriction", "lift", lambda why: _lift(access.reference, why))


def _draw_reasons(access: WhoMayKnow, acting: Acting) -> None:
    runtime = record.runtime()
    given = reasons_given(runtime.context(acting), reference=access.reference)
    if given:
        rows = [(words.moment(each.at), session.named(each.user), each.purpose, each.why) for each in given]
        markup.draw(markup.table(("When", "User", "Task", "Reason"), rows, caption="Reasons for opening"))


def _draw_connections(access: WhoMayKnow, acting: Acting) -> None:
    if access.connections:
        rows = [
            (
                words.moment(declaration.at),
                session.named(declaration.user),
                "conflict of interest" if declaration.is_connected else "no conflict of interest",
                declaration.said_by.value,
                declaration.why or markup.none_recorded("not recorded"),
            )
            for declaration in access.connections
        ]
        markup.draw(
            markup.table(
                ("When", "User", "Action", "Declared by", "Reason"), rows, caption="Conflicts of interest"
            )
        )
    if access.may_see_looks:
        others = [name for name in session.people() if name != acting.user]
        who = st.selectbox(
            "Declare a conflict of interest for another user",
            others,
            index=None,
            key="connected-who",
            format_func=lambda user: shown(session.named(user)),
        )
        by_victim = acting.role is Role.PRACTITIONER and st.checkbox(
            "Reported by the victim", key="by-victim"
        )
        if who is not None:
            _with_reason(
                "Remove their access",
                "shut-out",
                lambda why: _shut_out(access.reference, who, why, victim=by_victim),
            )
    if st.button("Declare my own conflict of interest", key="i-am-connected"):
        _say_own(access.reference, is_connected=True)


def _draw_urgent_looks(urgent: Sequence[EmergencyAccess], acting: Acting) -> None:
    for look in urgent:
        said = f"{session.named(look.user)} got emergency access on {words.moment(look.at)}: {look.why}"
        if look.reviewed is not None:
            right = "justified" if look.reviewed.was_right else "not justified"
            said += f" Reviewed by {session.named(look.reviewed.by)}: {right}. {look.reviewed.why}"
        markup.draw(markup.element("p", said))
        may = acting.role in COORDINATOR_AND_CHAIR and acting.user != look.user
        if look.reviewed is None and may:
            was_right = st.checkbox("The emergency access was justified", key=f"right-{look.reference}")
            record_it = partial(_review, look.reference, was_right)
            _with_reason("Record review", f"review-{look.reference}", record_it)


def _with_reason(label: str, key: str, do: Callable[[str], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        why = st.text_input(f"Reason ({label.lower()})", key=f"{key}-why", max_chars=restrictions.LONGEST_WHY)
        if st.button(label, key=key):
            with show_errors():
                do(why)


def _restrict(reference: str, why: str) -> None:
    runtime = record.runtime()
    restrictions.restrict(runtime.context(session.acting()), reference=reference, why=why)
    _after(f"{reference} is restricted.")


def _lift(reference: str, why: str) -> None:
    runtime = record.runtime()
    restrictions.lift(runtime.context(session.acting()), reference=reference, why=why)
    _after(f"{reference} is no longer restricted.")


def _shut_out(reference: str, user: str, why: str, *, victim: bool) -> None:
    runtime = record.runtime()
    conflicts.say_of(
        runtime.context(session.acting()),
        reference=reference,
        user=user,
        is_connected=True,
        why=why,
        victim_says=victim,
    )
    _after(f"{session.named(user)} can no longer see {reference}.")


def _review(look: str, was_right: bool, why: str) -> None:
    runtime = record.runtime()
    emergency_access.review(runtime.context(session.acting()), look=look, was_right=was_right, why=why)
    _after("The emergency access is reviewed.")


def _say_own(reference: str, *, is_connected: bool) -> None:
    runtime = record.runtime()
    with show_errors():
        conflicts.say_own(runtime.context(session.acting()), reference=reference, is_connected=is_connected)
        if is_connected:
            session.store_reference(None)
            session.say_after_rerun("Your conflict of interest is recorded. The case is closed for you.")
            go(Place.CASES)
        st.rerun()


def _look_now(reference: str, why: str) -> None:
    runtime = record.runtime()
    with show_errors():
        broken = emergency_access.break_glass(runtime.context(session.acting()), reference=reference, why=why)
        session.say_after_rerun(f"{broken.involvement} is open to you until {words.moment(broken.until)}.")
        go(Place.CASE, broken.involvement)


def _after(said: str) -> None:
    session.say_after_rerun(said)
    st.rerun()

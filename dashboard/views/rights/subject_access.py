"""Subject access: what waits for a controller's own people, and the officer's requests with their files."""

from __future__ import annotations

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.views.rights import subject_access_recording
from dashboard.views.sharing import figures as sharing_figures
from engine.domain.accounts.acting import CASE_WORKERS, COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.errors import InvalidInputError
from engine.domain.rights.subject_access import (
    OUR_RECORD,
    AccessForOfficer,
    AccessRequest,
    AccessToClear,
    ClearedByController,
    ItemDecided,
    ReplyReleased,
    StepKind,
)
from engine.domain.shown import shown
from engine.services.rights import subject_access, subject_access_collection, subject_access_decisions
from engine.services.rights.subject_access_erasure import erase_request

_RECORDS = COORDINATOR_AND_CHAIR | {Role.DATA_PROTECTION}
_NOTE = (
    "Requests from people for their own data. By default a reply neither confirms nor denies "
    "that data is held, and names no one."
)


def page() -> None:
    """Draw what this person may do about requests."""
    acting = session.acting()
    markup.draw(markup.page_title("Subject access requests", note=_NOTE))
    with show_errors():
        if acting.role in {Role.CHAIR, Role.PRACTITIONER}:
            _draw_safety(acting)
        if acting.role in CASE_WORKERS:
            _draw_clearing(acting)
        if acting.role is Role.DATA_PROTECTION:
            _draw_officer(acting)
            sharing_figures.draw(acting)
        if acting.role in _RECORDS:
            subject_access_recording.draw(acting)


def _draw_safety(acting: Acting) -> None:
    waiting = subject_access.safety_to_say(record.runtime().context(acting))
    if not waiting:
        return
    markup.draw(markup.heading("Is a reply safe?", at="safety"))
    for request, reference in waiting:
        sentence = f"A person named in case {reference} has asked for their own data ({request})."
        markup.draw(markup.element("p", sentence))
        conditions = st.text_input(
            "What makes it safe, or why it is not safe", key=f"safety-why-{request}-{reference}"
        )
        with st.container(horizontal=True):
            for label, is_safe in (("It is safe", True), ("It is not safe", False)):
                if st.button(label, key=f"safety-{request}-{reference}-{is_safe}"):
                    subject_access.say_safety(
                        record.runtime().context(acting),
                        request=request,
                        reference=reference,
                        is_safe=is_safe,
                        conditions=conditions or None,
                    )
                    _after(f"{request}: your safety check is recorded.")


def _draw_clearing(acting: Acting) -> None:
    markup.draw(markup.heading("To review before the data protection officer reads it", at="to-clear"))
    waiting = subject_access_decisions.to_clear(record.runtime().context(acting))
    if not waiting:
        markup.draw(markup.none_recorded("You have nothing to review."))
    for each in waiting:
        _draw_one_to_clear(each, acting)


def _draw_one_to_clear(each: AccessToClear, acting: Acting) -> None:
    due = f"due {each.due_on:%-d %B %Y}"
    markup.draw(markup.heading(f"{each.reference}, {due}", at=f"clear-{each.reference}", level=3))
    held: dict[int, str] = {}
    items = each.told.items if each.told else ()
    for number, item in enumerate(items):
        markup.draw(markup.element("p", f"{number}. {words.sentence(item.kind)} {item.record}: {item.says}"))
        why = st.text_input(
            f"Withhold item {number}: under which provision", key=f"hold-{each.reference}-{number}"
        )
        if why.strip():
            held[number] = why
    failed = "no answer, because the request to the agency's plugin failed. This is not a nil return."
    for gap in each.told.gaps if each.told else (failed,):
        markup.draw(markup.element("p", f"Not provided: {gap}", class_="sub"))
    itself = st.checkbox("We will reply to the person ourselves", key=f"itself-{each.reference}")
    if st.button("Send to the data protection officer", key=f"clear-{each.reference}"):
        subject_access_decisions.clear(
            record.runtime().context(acting),
            request=each.reference,
            controller=each.controller,
            held_back=held,
            answers_itself=itself,
        )
        _after(f"{each.reference}: the data protection officer can now read it.")


def _draw_officer(acting: Acting) -> None:
    requests = subject_access_decisions.list_requests(record.runtime().context(acting))
    markup.draw(markup.heading("Requests", at="requests"))
    if not requests:
        markup.draw(markup.none_recorded("No requests are recorded. Record one below."))
        return
    rows = [(r.reference, f"{r.due_on:%-d %B %Y}", _stands(r)) for r in requests]
    markup.draw(markup.table(("Request", "Due", "Status"), rows, caption=words.counted(len(rows), "request")))
    chosen = st.selectbox("Request", [r.reference for r in requests], key="request-chosen")
    view = subject_access_decisions.for_officer(record.runtime().context(acting), request=chosen)
    _draw_request(view, acting)


def _stands(request: AccessRequest) -> str:
    erased = request.newest(StepKind.ERASED)
    if erased is not None:
        return f"Erased by {session.named(erased.by)}, {words.moment(erased.at)}"
    step = request.newest(StepKind.RELEASED)
    if step is not None and isinstance(step.what, ReplyReleased):
        return f"Released by {session.named(step.by)}, {words.moment(step.at)}"
    lacks = request.lacks_before_collecting()
    return f"Still missing: {words.listed(list(lacks))}" if lacks else "Ready to collect"


def _draw_request(view: AccessForOfficer, acting: Acting) -> None:
    request = view.request
    if not view.lacks and view.not_asked:
        controller = st.selectbox("Controller", view.not_asked, key="request-controller")
        if st.button("Ask this controller", key="request-ask"):
            subject_access_collection.ask_controller(
                record.runtime().context(acting), request=request.reference, controller=controller
            )
            _after(f"{controller} is asked. Its own staff review the records first.")
    if view.not_cleared:
        sentence = f"Not yet reviewed by their own staff: {words.listed(list(view.not_cleared))}."
        markup.draw(markup.element("p", sentence))
    _draw_confirm(request, acting)
    for controller, result in sorted(request.newest_by_controller().items()):
        cleared = request.cleared().get(controller)
        if result.told is not None and cleared is not None and not cleared.answers_itself:
            _draw_items(request, controller, cleared, acting)
    _draw_ends(view, acting)


def _draw_confirm(request: AccessRequest, acting: Acting) -> None:
    confirmed = request.confirmed()
    sentence = (
        "confirms that data is held" if confirmed and confirmed.confirms else "neither confirms nor denies"
    )
    named = ", and names controllers" if confirmed and confirmed.names_controllers else ""
    markup.draw(markup.element("p", markup.element("b", f"This reply {sentence}{named}.")))
    why = st.text_input("Reason", key="request-confirm-why")
    names = st.checkbox("Name the controllers", key="request-names")
    with st.container(horizontal=True):
        for label, confirms in (("Confirm", True), ("Neither confirm nor deny", False)):
            if st.button(label, key=f"request-confirm-{confirms}"):
                subject_access_decisions.decide_confirm(
                    record.runtime().context(acting),
                    request=request.reference,
                    confirms=confirms,
                    names_controllers=names and confirms,
                    why=why,
                )
                _after(f"{request.reference}: decided.")


def _draw_items(
    request: AccessRequest, controller: str, cleared: ClearedByController, acting: Acting
) -> None:
    name = "Our own record" if controller == OUR_RECORD else controller
    markup.draw(markup.heading(name, at=f"items-{controller}", level=3))
    result = request.newest_by_controller()[controller].told
    for number, item in enumerate(result.items if result else ()):
        decided = request.decisions().get((controller, number))
        stands = "withheld: no decision yet"
        if number in cleared.held_back:
            stands = f"withheld by its controller: {cleared.held_back[number]}"
        elif decided is not None and isinstance(decided.what, ItemDecided):
            stands = f"{'in the reply' if decided.what.is_released else 'withheld'}: {decided.what.provision}"
        markup.draw(markup.element("p", f"{number}. {item.says} ", markup.element("small", stands)))
        if number in cleared.held_back:
            continue
        key = f"{controller}-{number}"
        provision = st.text_input(f"Provision for {name} {number}", key=f"provision-{key}")
        with st.container(horizontal=True):
            for label, release in (("Include in the reply", True), ("Withhold", False)):
                if st.button(label, key=f"decide-{key}-{release}"):
                    subject_access_decisions.decide_item(
                        record.runtime().context(acting),
                        request=request.reference,
                        controller=controller,
                        place=number,
                        release=release,
                        provision=provision,
                    )
                    _after(f"{name} {number}: decided.")


def _draw_erasing(request: AccessRequest, acting: Acting) -> None:
    """Draw, after the reply, the erasure of what is stored of it, in the officer's own time."""
    if request.newest(StepKind.ERASED) is not None:
        return
    with st.expander("Erase this request", key="request-erase"):
        sentence = (
            "This deletes the requester's details, the reply and all notes. We keep a record "
            "that a request was received and answered."
        )
        markup.draw(markup.element("p", sentence))
        why = st.text_input("Reason for erasure", key="request-erase-why")
        if st.button("Review erasure", key="request-erase-review"):
            if not why.strip():
                raise InvalidInputError("reason", "give the reason for erasure")
            _erase(request.reference, why)


@st.dialog("Erase this request?")
def _erase(request: str, why: str) -> None:
    """Draw what will be erased, and the button that erases it."""
    facts = [
        ("Request", request),
        ("Erased", "the requester's details, the reply and all notes"),
        ("Kept", "a record that the request was received and answered, and who erased it"),
        ("Reason", why),
    ]
    markup.draw(markup.definitions(facts))
    with show_errors():
        if st.button("Erase (cannot be undone)", key="request-erase-now", type="primary"):
            erase_request(record.runtime().context(session.acting()), request=request, why=why)
            _after(f"{request}: erased.")


@st.dialog("Release this reply?", width="large")
def _release(request: str, reply: str) -> None:
    """Draw the whole reply, and the button that releases it."""
    markup.draw(
        markup.element("p", f"The reply to {request} is released in your name, exactly as shown here.")
    )
    st.code(reply, language=None, wrap_lines=True)
    with show_errors():
        if st.button("Release reply in my name", key="request-release-now", type="primary"):
            subject_access_decisions.release_reply(
                record.runtime().context(session.acting()), request=request
            )
            _after(f"{request}: the reply is released in your name.")


def _draw_ends(view: AccessForOfficer, acting: Acting) -> None:
    files = subject_access_decisions.both_files(
        record.runtime().context(acting), request=view.request.reference
    )
    with st.expander("Draft reply", key="request-reply"):
        st.code(shown(files.reply), language=None, wrap_lines=True)
    with st.expander("Internal schedule (never for the requester)", key="request-schedule"):
        st.code(shown(files.schedule), language=None, wrap_lines=True)
    if view.request.newest(StepKind.RELEASED) is not None:
        _draw_erasing(view.request, acting)
        return
    if st.button("Show reply address", key="request-address"):
        where = subject_access_decisions.reply_address(
            record.runtime().context(acting), request=view.request.reference
        )
        markup.draw(markup.notice("info", where, heading="Reply address: do not copy it anywhere else"))
    if st.button("Review and release reply", key="request-release"):
        _release(view.request.reference, files.reply)


def _after(said: str) -> None:
    session.say_after_rerun(said)
    st.rerun()

"""Before a plan is approved: the victim's voice or who signed why not, and what the chair still needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import streamlit as st

from dashboard import forms, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from dashboard.form_model import Form
from dashboard.views.plans import conflict_check
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.drafts import DraftForm
from engine.domain.errors import InvalidInputError, StillNeededError
from engine.domain.plans.approval import (
    ApprovalGiven,
    Informs,
    Need,
    NeedRecorded,
    NeedSignedNot,
    SafetyResult,
    WhyNot,
)
from engine.domain.plans.versions import PlanState
from engine.domain.plans.views import NeedStatus, NeedView, PlanView, safety_result_in_words
from engine.domain.responses.voices import EVERYONE, Agreement
from engine.services.context import Context
from engine.services.plans.approval import approve_plan, record_need, sign_why_not

_STILL = "plan-still-needed"
_LOOKS = {
    NeedStatus.RECORDED: "t-done",
    NeedStatus.SIGNED_NOT: "t-missing",
    NeedStatus.NOT_RECORDED: "t-missing",
    NeedStatus.DOES_NOT_APPLY: "t-none",
}
_RESULT_LOOKS = {
    SafetyResult.SAFE: "t-done",
    SafetyResult.NOT_SAFE: "t-late",
    SafetyResult.NOT_DONE: "t-missing",
}
_BECAUSE = {
    SafetyResult.NOT_SAFE: "State what is not safe, in one sentence",
    SafetyResult.NOT_DONE: "Why it could not be done, in one sentence",
}
_DEPARTS = {"Not recorded": None, "It follows them": False, "It departs from them": True}


class _Answered(NamedTuple):
    """The answer to the chair's approval: what one version still needs."""

    reference: str
    version: int
    needed: tuple[str, ...]


def draw_approve(reference: str, plan: PlanView, acting: Acting) -> None:
    """Draw the chair's button; it answers with everything that is still needed."""
    if acting.role is not Role.CHAIR or plan.state not in (PlanState.DRAFT, PlanState.WAITING):
        return
    if st.button("Approve plan", key="approve-plan", type="primary"):
        session.keep(_STILL, None)
        with show_errors():
            if not plan.still_needed and conflict_check.conflicts_of(reference):
                conflict_check.accept(reference, plan.version)
            else:
                _approve(reference, plan)


def _approve(reference: str, plan: PlanView) -> None:
    runtime = record.runtime()
    try:
        approve_plan(
            runtime.context(session.acting()),
            reference=reference,
            approval=ApprovalGiven(version=plan.version),
        )
    except StillNeededError as error:
        session.keep(_STILL, _Answered(reference, plan.version, error.needed))
        return
    session.say_after_rerun(f"Version {plan.version} of the plan is approved and in delivery.")
    st.rerun()


def draw(
    reference: str,
    plan: PlanView,
    *,
    acting: Acting,
    agencies: Mapping[str, str],
    speaks_for_victim: bool,
    may_change: bool,
) -> None:
    """Draw the needs with what may be done about each; nothing once the version is approved.

    ``may_change`` is False where the state of the case allows no change of its plan: nothing is offered then.
    """
    if plan.state not in (PlanState.DRAFT, PlanState.WAITING):
        return
    missing = sum(need.status is NeedStatus.NOT_RECORDED for need in plan.gate)
    lacking = (
        f"{words.counted(missing, 'record')} of the victim's voice {'is' if missing == 1 else 'are'} missing."
    )
    not_safe = any(need.result is SafetyResult.NOT_SAFE for need in plan.gate)
    found = " The safety check found the plan not safe." if not_safe else ""
    note = f"{lacking}{found} Urgent safety actions do not wait for this."
    markup.draw(markup.heading("Before approval", at="before-approval", level=3, note=note))
    _draw_still_needed(reference, plan)
    for need in plan.gate:
        if need.status is not NeedStatus.DOES_NOT_APPLY:
            _draw_need(
                reference,
                plan,
                need,
                agencies,
                may_record=may_change and _may_record(need.need, acting, speaks_for_victim),
                may_sign=may_change and acting.role in COORDINATOR_AND_CHAIR and _may_sign(need),
            )
    if acting.role in COORDINATOR_AND_CHAIR:
        conflict_check.draw(reference)


def _draw_still_needed(reference: str, plan: PlanView) -> None:
    answered = session.stored_value(_STILL)
    if not isinstance(answered, _Answered) or answered[:2] != (reference, plan.version):
        return
    if not plan.still_needed:
        return
    markup.draw(
        markup.notice("error", markup.bullets(answered.needed), heading="The plan cannot be approved yet")
    )


def _draw_need(
    reference: str,
    plan: PlanView,
    need: NeedView,
    agencies: Mapping[str, str],
    *,
    may_record: bool,
    may_sign: bool,
) -> None:
    code = need.need.name.lower().replace("_", "-")
    with st.container(key=f"need-{code}"):
        name, said, act = st.columns([2.2, 5, 3], vertical_alignment="center")
        with name:
            tag = _tag(need)
            markup.draw(markup.join([markup.element("b", words.sentence(need.need.value)), tag], " "))
        with said:
            markup.draw(_said(need, agencies))
        with act, st.container(horizontal=True, horizontal_alignment="right"):
            label = words.plain(need.need.value)
            if may_record and need.need is Need.WHO_INFORMS:
                form = naming_informer(reference, plan.version, agencies)
                forms.button(form, f"Record {label}", key=f"record-{code}")
            elif may_record and st.button(f"Record {label}", key=f"record-{code}"):
                _record(reference, plan.version, need, dict(agencies))
            if may_sign and st.button("Sign why not", key=f"sign-{code}", help=f"Sign why not: {label}"):
                forms.begin(signing(reference, plan.version, need.need))


def _may_record(need: Need, acting: Acting, speaks_for_victim: bool) -> bool:
    return speaks_for_victim or (acting.role in COORDINATOR_AND_CHAIR and need is Need.WHO_INFORMS)


def _may_sign(need: NeedView) -> bool:
    """Return whether the service would take a signature: not over what is recorded."""
    lacks_result = need.need is Need.SAFETY_CHECK and need.result is None
    return need.status is not NeedStatus.RECORDED or lacks_result


def _tag(need: NeedView) -> markup.Markup:
    if need.result is not None:
        return markup.tag(words.sentence(need.result.value), _RESULT_LOOKS[need.result])
    return markup.tag(words.sentence(need.status.value), _LOOKS[need.status])


def _said(need: NeedView, agencies: Mapping[str, str]) -> markup.Content:
    if need.status is NeedStatus.NOT_RECORDED:
        return markup.none_recorded("Not recorded")
    who = session.named(need.by) if need.by else agencies.get(str(need.agency), str(need.agency))
    parts = [f"{who}, {words.day_of(need.at)}." if need.at else f"{who}."]
    if (result := safety_result_in_words(need)) is not None:
        parts.append(f"{words.sentence(result).removesuffix('.')}.")
    if need.not_safe_on is not None:
        parts.append(f"The check before it found version {need.not_safe_on} not safe.")
    if need.why_not is not None:
        parts.append(f"Signed why not: {need.why_not.value}.")
    if need.informs_person and need.informs_agency:
        parts.append(f"{agencies.get(need.informs_agency, need.informs_agency)}, {need.informs_person}.")
    if need.plan_departs is not None:
        parts.append("The plan departs from them." if need.plan_departs else "The plan follows them.")
    parts += [need.says] if need.says else []
    parts += [f"Text not shared with you. Ask {agencies.get(need.ask, need.ask)}."] if need.ask else []
    return " ".join(parts)


@st.dialog("Record the victim's voice", width="large", dismissible=False)
def _record(reference: str, version: int, shown: NeedView, agencies: dict[str, str]) -> None:
    """Record one need, as the victim's advocate. Its text leaves the agency only as the victim agreed."""
    need = shown.need
    key = f"need-{need.name.lower()}"
    replaces = shown.result is SafetyResult.NOT_SAFE or bool(shown.plan_departs)
    draft = _draft(reference)
    draft.top()
    note = "If the victim has not agreed to share the text, only that it is recorded is stored."
    markup.draw(markup.heading(words.sentence(need.value), at=key, level=3, note=note))
    if replaces:
        markup.draw(markup.notice("warning", _said(shown, agencies), heading="You replace this record"))
    agreed = st.radio(
        "Has the victim agreed to share the text?",
        [Agreement.YES, Agreement.NO, Agreement.NOT_ASKED],
        index=None,
        format_func=words.labelled,
        horizontal=True,
        key=f"{key}-agreed",
    )
    result, because = _ask_result(draft, key) if need is Need.SAFETY_CHECK else (None, "")
    text, with_whom = "", list[str]()
    if agreed is Agreement.YES:
        choices = {EVERYONE: EVERYONE, **agencies}
        with_whom = st.multiselect(
            "Shared with",
            list(choices),
            format_func=lambda code: words.sentence(choices[code]),
            key=f"{key}-whom",
        )
        text = draft.text(f"{key}-text", "In one sentence", one_line=True)
    departs: bool | None = None
    if need is Need.VICTIMS_WISHES:
        chosen = st.radio(
            "The plan and the victim's wishes", list(_DEPARTS), horizontal=True, key=f"{key}-departs"
        )
        departs = _DEPARTS[chosen]
    if _save_or_leave(key):
        with show_errors():
            if agreed is None:
                raise InvalidInputError("agreement", "choose whether the victim agreed to share the text")
            _require_result(need, result, because)
            given = NeedRecorded(
                need=need,
                plan_version=version,
                says=text.strip() or None,
                agreed_to_sharing=agreed,
                with_whom=tuple(with_whom),
                plan_departs=departs,
                result=result,
                because=because.strip() or None,
                replaces=replaces,
            )
            record_need(record.runtime().context(session.acting()), reference=reference, need=given)
            draft.end(f"{key}-text", f"{key}-because")  # also a reason of a result that was changed
            _done(f"Recorded: {need.value}.")


def _ask_result(draft: FormDraft, key: str) -> tuple[SafetyResult | None, str]:
    result = st.radio(
        "Is this version of the plan safe for the victim?",
        list(SafetyResult),
        index=None,
        format_func=words.labelled,
        horizontal=True,
        key=f"{key}-result",
    )
    if result not in _BECAUSE:
        return result, ""
    return result, draft.text(f"{key}-because", _BECAUSE[result], one_line=True)


def _require_result(need: Need, result: SafetyResult | None, because: str) -> None:
    if need is Need.SAFETY_CHECK and result is None:
        raise InvalidInputError("result", "choose safe, not safe or could not be done")
    if result in _BECAUSE and not because.strip():
        raise InvalidInputError("reason", f"{result.value}: say why in one sentence")


class _Informs(Frozen):
    agency: Annotated[str, Asked("Agency", offered=True)]
    person: Annotated[str, Asked("Person", missing="give the person's full name", rows=1, longest=120)]


def naming_informer(reference: str, version: int, agencies: Mapping[str, str]) -> Form[_Informs, object]:
    """Return the form for who informs the victim where the plan departs from the wishes."""

    def records(context: Context, given: _Informs) -> None:
        informs = Informs(agency=given.agency, person=given.person)
        need = NeedRecorded(need=Need.WHO_INFORMS, plan_version=version, informs=informs)
        record_need(context, reference=reference, need=need)

    return Form(
        _Informs,
        draft=DraftForm.APPROVAL,
        case=reference,
        key=f"need-who-informs-{reference}",
        part="need-who_informs",
        title="Name the person who informs the victim",
        offers={"agency": agencies},
        button="Save",
        records=records,
        done="Recorded: who informs the victim.",
        undone_by="naming another person",
        must_leave=True,
    )


class _Signed(Frozen):
    why: Annotated[WhyNot, Asked("Why it is not recorded", missing="choose a reason from the list")]
    text: Annotated[str, Asked("In one sentence", missing="add one sentence")]


def signing(reference: str, version: int, need: Need) -> Form[_Signed, object]:
    """Return the form for why a need is not met: a reason from the list and a sentence."""
    return Form(
        _Signed,
        draft=DraftForm.APPROVAL,
        case=reference,
        key=f"sign-{need.name.lower()}-{reference}",
        part=f"sign-{need.name.lower()}",
        title="Sign why not",
        note=markup.heading(words.sentence(need.value), at=f"sign-{need.name.lower()}", level=3),
        button="Save",
        records=lambda context, given: sign_why_not(
            context,
            reference=reference,
            need=NeedSignedNot(need=need, plan_version=version, why=given.why, says=given.text),
        ),
        done=f"Signed: {need.value} is not recorded.",
        undone_by="recording it",
        must_leave=True,
    )


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.APPROVAL, reference, f"approval-{reference}")


def _save_or_leave(key: str) -> bool:
    with st.container(horizontal=True):
        saved = st.button("Save", key=f"{key}-save", type="primary")
        if st.button("Leave without saving", key=f"{key}-leave"):
            st.rerun()
    return saved


def _done(said: str) -> None:
    session.say_after_rerun(said)
    st.rerun()

"""Retention of a case: each owner's part, its review, legal hold, erasure and certificates."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard import markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import FormDraft
from engine.domain.accounts.acting import Acting
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.domain.rights.retention import DESK_OWNER, Certificate, KeptFor, RetentionAct
from engine.services.rights import retention

_DESK_ERASED = (
    "the texts of the referral, people, incidents, screening, decisions, plans and outcomes, "
    "and with them identifiers, objects and protected details"
)
_AGENCY_ERASED = (
    "every version of this agency's responses, its sharing rules, and the protected details that it gave"
)


def draw_button(view: CaseView, acting: Acting) -> None:
    """Draw the button of the dialog, for those who work the case."""
    if view.is_worked_by(acting) and st.button("Retention", key="retention"):
        _draft(view.reference).begin()
        dialog(view.reference)


def _draft(reference: str) -> FormDraft:
    return FormDraft(DraftForm.RETENTION, reference, f"retention-{reference}")


@st.dialog("Retention", width="large")
def dialog(reference: str) -> None:
    """Show each owner's part, and what this person may decide."""
    draw(reference)


def draw(reference: str) -> None:
    """Draw what is stored by whom, what was erased, and the decision about one's own part."""
    runtime, draft = record.runtime(), _draft(reference)
    draft.top()
    with show_errors():
        acting = session.acting()
        parts = retention.list_kept(runtime.context(acting), reference=reference)
        made = retention.certificates(runtime.context(acting), reference=reference)
        rows = [(_named(part), part.stands, _status_sentence(part)) for part in parts]
        headers = ("Owner", "Status", "Latest decision")
        markup.draw(markup.table(headers, rows, caption=words.counted(len(rows), "part")))
        _draw_certificates(made)
        for part in parts:
            if part.may_review and not part.certificates:
                _draw_own(part, acting)
    draft.remember()


def _named(part: KeptFor) -> str:
    return _owner(part.owner)


def _owner(owner: str) -> str:
    return "STAC coordinator and chair" if owner == DESK_OWNER else owner


def _status_sentence(part: KeptFor) -> str:
    decision = part.held if part.is_held else part.decided
    if decision is None:
        return "No retention decision yet"
    return (
        f"{words.labelled(decision.act)}, {session.named(decision.by)}, "
        f"{words.moment(decision.at)}: {decision.why}"
    )


def _draw_certificates(made: tuple[Certificate, ...]) -> None:
    if not made:
        return
    rows = [
        (
            each.reference,
            words.moment(each.at),
            _owner(each.owner),
            f"{words.counted(len(each.rows), 'row')}, "
            f"{words.counted(each.protected_values, 'protected detail')}",
            f"{each.ground.value}: {each.why}",
            f"{session.named(each.decided_by)}; {session.named(each.by)}",
        )
        for each in made
    ]
    headers = ("Certificate", "When", "Owner", "Erased", "Reason", "Decided by, erased by")
    markup.draw(markup.table(headers, rows, caption=f"{words.counted(len(made), 'certificate')} of erasure"))
    for each in made:
        with st.expander(
            f"Not erased by {words.plain(each.reference)}", key=f"retention-stays-{each.reference}"
        ):
            stays = [(words.sentence(reason.why), reason.kinds) for reason in each.stays]
            caption = words.counted(len(stays), "reason")
            markup.draw(markup.table(("Why it stays", "Rows"), stays, caption=caption))


def _draw_own(part: KeptFor, acting: Acting) -> None:
    markup.draw(markup.heading(f"{_named(part)}: decision", at=f"retention-{part.owner}", level=3))
    why = st.text_input("Reason", key=f"{_draft(part.reference).key}-why-{part.owner}")
    to_erase = part.decided is not None and part.decided.act is RetentionAct.ERASE
    with st.container(horizontal=True):
        if part.ended_on is not None:
            if st.button("Keep until the next review", key=f"retention-keep-{part.owner}"):
                _review(part, erase=False, why=why)
            if (
                not part.is_held
                and not to_erase
                and st.button("Approve erasure", key=f"retention-mark-{part.owner}")
            ):
                _review(part, erase=True, why=why)
        label = "Lift the legal hold" if part.is_held else "Place a legal hold"
        if st.button(label, key=f"retention-hold-{part.owner}"):
            _hold(part, why)
    mine = part.decided is not None and part.decided.by == acting.user
    if to_erase and not mine and not part.is_held:
        _draw_erasing(part)


def _draw_erasing(part: KeptFor) -> None:
    """Draw what is erased and what stays, read through before the button can be reached."""
    with st.expander(
        f"Review the erasure: {words.plain(_named(part))}", key=f"retention-review-{part.owner}"
    ):
        facts = [
            ("Case", part.reference),
            ("Part", _named(part)),
            ("Decision", _status_sentence(part)),
            ("Schedule", part.schedule or "not recorded"),
            ("Erased", _DESK_ERASED if part.owner == DESK_OWNER else _AGENCY_ERASED),
            ("Kept", "references, kinds, dates, digests, this decision, and a certificate in your name"),
        ]
        markup.draw(markup.definitions(facts))
        if st.button("Erase now (cannot be undone)", key=f"retention-erase-{part.owner}"):
            _erase(part)


def _review(part: KeptFor, *, erase: bool, why: str, next_review: date | None = None) -> None:
    runtime = record.runtime()
    with show_errors():
        decision = retention.review(
            runtime.context(session.acting()),
            reference=part.reference,
            owner=part.owner,
            erase=erase,
            why=why,
            next_review=next_review,
        )
        _after(part, f"{_named(part)}: {words.label(decision.act)}.")


def _hold(part: KeptFor, why: str) -> None:
    runtime = record.runtime()
    with show_errors():
        decision = retention.hold(
            runtime.context(session.acting()),
            reference=part.reference,
            owner=part.owner,
            why=why,
            lift=part.is_held,
        )
        _after(part, f"{_named(part)}: {words.label(decision.act)}.")


def _erase(part: KeptFor) -> None:
    runtime = record.runtime()
    with show_errors():
        made = retention.erase(runtime.context(session.acting()), reference=part.reference, owner=part.owner)
        _after(part, f"{_named(part)}: erased. The certificate is {made.reference}.")


def _after(part: KeptFor, said: str) -> None:
    _draft(part.reference).end()
    session.say_after_rerun(said)
    st.rerun()

"""Minutes on their way to agreed: what this person may do about them. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import assert_never

import streamlit as st

from dashboard import days, markup, record, session, words
from dashboard.errors import show_errors
from dashboard.form_draft import LONGEST_TEXT, FormDraft
from engine.domain.accounts.acting import Acting
from engine.domain.conference.minutes import (
    CORRECTION_DAYS,
    CorrectionView,
    MinutedItem,
    Minutes,
    MinutesHeading,
    MinutesPhase,
)
from engine.domain.drafts import DraftForm
from engine.domain.shown import shown
from engine.services.conference.agreeing import answer_correction, move_minutes, propose_correction
from engine.services.context import Context

_LOOKS = {None: "t-todo", True: "t-done", False: "t-refused"}


def note(copy: Minutes, acting: Acting) -> str | None:
    """Return what this person may do about the minutes now, in a sentence."""
    match copy.phase:
        case MinutesPhase.IN_SESSION:
            return None
        case MinutesPhase.DRAFT:
            return "The minute taker, the chair or the deputy checks them and marks them as prepared."
        case MinutesPhase.PREPARED:
            return "They are not open for corrections yet."
        case MinutesPhase.AGREED:
            return f"Agreed on {words.day_of(copy.steps[-1].at, year=True)}. This text does not change."
        case MinutesPhase.CORRECTIONS:
            return _note_on_corrections(copy, acting)
        case _:
            assert_never(copy.phase)


def _note_on_corrections(copy: Minutes, acting: Acting) -> str:
    last = copy.corrections_until
    closes = f"Corrections close at the end of {words.day(last, year=True)}. " if last else ""
    if _has_closed(copy):
        return f"Corrections closed on {words.day(last, year=True)}." if last else "Corrections closed."
    if copy.next_phase_for(acting.user) is MinutesPhase.AGREED:
        closes += "You can agree the minutes after that. "
    if copy.was_attended_by(acting.user):
        return f"{closes}You attended, so you can propose one."
    return f"{closes}You did not attend, so you cannot propose one."


def draw(copy: Minutes, *, acting: Acting) -> None:
    """Draw the next phase, the proposal of a correction, and the corrections of this copy."""
    following = copy.next_phase_for(acting.user)
    if following is not None:
        _draw_next_phase(copy, following)
    is_open = copy.phase is MinutesPhase.CORRECTIONS and not _has_closed(copy)
    items = [item for item in copy.items if item.erased_by is None]
    if is_open and items and copy.was_attended_by(acting.user):
        _draw_proposal(copy, items)
    proposed = [(item, each) for item in items for each in item.corrections]
    if proposed or copy.phase in (MinutesPhase.CORRECTIONS, MinutesPhase.AGREED):
        markup.draw(
            markup.heading("Corrections", at="corrections", note="Only those on the items in this copy.")
        )
    if not proposed and copy.phase in (MinutesPhase.CORRECTIONS, MinutesPhase.AGREED):
        markup.draw(markup.none_recorded("None proposed"))
    answers = copy.phase is MinutesPhase.CORRECTIONS and copy.is_presided_by(acting.user)
    for item, correction in proposed:
        with st.container(key=f"correction-{correction.reference}", gap="small"):
            markup.draw(_correction(copy, item, correction))
            if answers and correction.accepted is None:
                _draw_answer(copy, item, correction)


def annexes(copy: Minutes) -> markup.Markup | None:
    """Return the corrections that are annexed whole, with the reason of the chair; None if there is none."""
    annexed = [
        markup.element(
            "section",
            markup.heading(
                f"Annex {number}, to {correction.about(item.number)}", at=f"annex-{number}", level=3
            ),
            markup.element("p", correction.says, class_="reason"),
            markup.element("p", _by(correction), class_="sub"),
        )
        for number, (item, correction) in enumerate(copy.annexed, start=1)
    ]
    return markup.join(annexed) if annexed else None


def _correction(copy: Minutes, item: MinutedItem, correction: CorrectionView) -> markup.Markup:
    """Return a correction as it is listed; the text of a refused one is in its annex."""
    status = words.sentence(copy.status_of(correction))
    tag = markup.tag(status, _LOOKS[correction.accepted])
    annexed = [each.reference for _, each in copy.annexed]
    if correction.reference in annexed:
        number = annexed.index(correction.reference) + 1
        said = markup.element("p", markup.link(f"Read annex {number}", f"#annex-{number}"))
    else:
        said = markup.element("p", correction.says, class_="reason")
    title = markup.element("b", f" {words.sentence(correction.about(item.number))}")
    by = markup.element("p", _by(correction), class_="sub")
    return markup.element("div", tag, title, said, by, class_="correction")


def _by(correction: CorrectionView) -> str:
    proposed = f"{session.named(correction.by)}, {words.day_of(correction.at)}."
    if correction.accepted is None or correction.answered_by is None or correction.answered_at is None:
        return proposed
    did = "Accepted" if correction.accepted else "Refused"
    when = words.day_of(correction.answered_at)
    why = f": {correction.why}" if correction.why else ""
    return f"{proposed} {did} by {session.named(correction.answered_by)}, {when}{why}"


def _draw_next_phase(copy: Minutes, following: MinutesPhase) -> None:
    key, conference = f"minutes-{copy.conference}", copy.conference
    match following:
        case MinutesPhase.PREPARED:
            if st.button("Mark as prepared", key=f"{key}-prepared", type="primary"):
                _record(lambda: _moved(conference, following), "The minutes are prepared.")
        case MinutesPhase.CORRECTIONS:
            markup.draw(markup.heading("Open for corrections", at="open-for-corrections"))
            until = days.field(f"Last date (blank: in {CORRECTION_DAYS} days)", key=f"{key}-until")
            if st.button("Open for corrections", key=f"{key}-corrections", type="primary"):
                _record(
                    lambda: _moved(conference, following, days.read("last date", until)),
                    "The minutes are open for corrections.",
                )
        case MinutesPhase.AGREED:
            if _has_closed(copy) and st.button("Agree the minutes", key=f"{key}-agree"):
                agree(conference)
        case MinutesPhase.IN_SESSION | MinutesPhase.DRAFT:
            pass  # they come with the conference itself
        case _:
            assert_never(following)


@st.dialog("Agree the minutes?")
def agree(conference: str) -> None:
    """Draw what agreeing does, and the button."""
    said = (
        "One copy is stored for each recipient. Its text does not change from then on. You cannot undo this."
    )
    markup.draw(markup.element("p", said))
    if st.button("Agree them now", key=f"minutes-{conference}-agree-now", type="primary"):
        _record(lambda: _moved(conference, MinutesPhase.AGREED), "The minutes are agreed.")


def _draw_proposal(copy: Minutes, items: list[MinutedItem]) -> None:
    about = "The chair accepts it, or refuses it and annexes your text whole."
    markup.draw(markup.heading("Propose a correction", at="propose", note=about))
    titles = {item.case: f"{item.number}. {item.names.title if item.names else item.case}" for item in items}
    case = st.selectbox(
        "Item",
        list(titles),
        key=f"correct-item-{copy.conference}",
        format_func=lambda each: shown(titles[each]),
    )
    headings: tuple[MinutesHeading, ...] = tuple(MinutesHeading)
    heading = st.selectbox(
        "Heading",
        headings,
        key=f"correct-heading-{copy.conference}",
        format_func=lambda each: words.sentence(each.value),
    )
    draft, field = _draft(case), f"says-{copy.conference}"
    draft.top()
    text = draft.text(field, "Corrected text", rows=4, longest=LONGEST_TEXT)
    if st.button("Propose correction", key=f"{draft.key}-{field}-save", type="primary"):

        def propose() -> None:
            propose_correction(_context(), conference=copy.conference, case=case, text=text, heading=heading)
            draft.end(field)

        _record(propose, "The correction is proposed. The chair accepts it, or annexes it whole.")


def _draw_answer(copy: Minutes, item: MinutedItem, correction: CorrectionView) -> None:
    """Draw the chair's two answers; only a refusal needs a reason."""
    draft, reference = _draft(item.case), correction.reference
    field = f"why-{reference}"
    why = draft.text(field, f"Item {item.number}: reason, if you refuse it", rows=1)

    def answer(*, accepted: bool) -> None:
        answer_correction(_context(), correction=reference, accepted=accepted, why=None if accepted else why)
        draft.end(field)

    with st.container(horizontal=True):
        if st.button("Accept", key=f"{draft.key}-{reference}-accept-save"):
            _record(lambda: answer(accepted=True), f"The correction of item {item.number} is accepted.")
        if st.button("Refuse and annex", key=f"{draft.key}-{reference}-refuse-save"):
            _record(lambda: answer(accepted=False), f"The correction of item {item.number} is annexed.")


def _draft(case: str) -> FormDraft:
    """Return the one draft of this person about corrections on a case; its fields name what each is about."""
    return FormDraft(DraftForm.CORRECTION, case, f"correct-{case}")


def _moved(conference: str, to: MinutesPhase, until: date | None = None) -> None:
    move_minutes(_context(), conference=conference, to=to, until=until)


def _record(act: Callable[[], None], said: str) -> None:
    with show_errors():
        act()
        session.say_after_rerun(said)
        st.rerun()


def _context() -> Context:
    return record.runtime().context(session.acting())


def _has_closed(copy: Minutes) -> bool:
    last = copy.corrections_until
    return last is not None and record.runtime().clock.today() > last

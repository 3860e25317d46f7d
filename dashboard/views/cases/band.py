"""The band on top of the case page: what is new, missing or late, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import streamlit as st

from dashboard import forms, markup, session, words
from dashboard.form_model import Form
from dashboard.views.alarms import acknowledging, since
from dashboard.views.cases import incidents, stepping_up
from dashboard.views.plans import changes
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.cases.band import LATE, NEW, BandPiece, PieceKind, status_of, tone_of
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.referrals.incidents import review_incident

_LOOKS = {PieceKind.ALARM: "t-alarm", PieceKind.INCIDENT: "t-older"}
_NUMBERS = {1: "it", 2: "both"}


def draw(view: CaseView, *, acting: Acting, agencies: Sequence[AgencyKnown], today: date) -> None:
    """Draw the band with its acts; nothing of it for a case that only waits to be screened."""
    acknowledging.draw_refusal()
    if not view.band:
        return
    tone = tone_of(view.band)
    with st.container(key=f"band-{tone.value}"):
        markup.draw(_lines(view, acting, today))
        with st.container(horizontal=True, key="band-acts"):
            since.draw(view, acting)
            _draw_acts(view, acting)
            if changes.may_record_decision(view, acting, agencies):
                form = changes.police_decision(view.reference, view.review.not_decided)
                forms.button(form, "Record police decision", key="record-police-decision")


def offers_step_up(view: CaseView) -> bool:
    """Return whether the band has the button to step up, which the page has only once."""
    return any(piece.kind in NEW for piece in view.band)


def _draw_acts(view: CaseView, acting: Acting) -> None:
    if acting.role not in COORDINATOR_AND_CHAIR:
        return
    if offers_step_up(view):
        stepping_up.draw_button(view)
    to_review = [incident for piece in view.band for incident in piece.to_review]
    if to_review:
        forms.button(noting(view, to_review), "Note why not", key="review-incident")


def _lines(view: CaseView, acting: Acting, today: date) -> markup.Markup:
    """Return two lines: what is new, then what is missing or late."""
    new = [piece for piece in view.band if piece.kind not in LATE]
    late = [piece for piece in view.band if piece.kind in LATE]
    lines = [
        markup.join(
            [*(piece_in_words(piece, view, acting, today) for piece in pieces), _read(pieces, view)], " "
        )
        for pieces in (new, late)
        if pieces
    ]
    role = "alert" if any(piece.kind in NEW for piece in new) else "status"
    return markup.element("div", markup.bullets(lines, class_="two"), class_="band", role=role)


def piece_in_words(piece: BandPiece, view: CaseView, acting: Acting, today: date) -> markup.Markup:
    """Return one piece with its tags, its date, the reported text and its status."""
    if piece.kind is PieceKind.SINCE:
        return markup.element("b", piece.status)
    tags = [markup.tag(each, _LOOKS.get(piece.kind, "t-late")) for each in piece.tags]
    said = _said(piece) if piece.when else None
    return markup.element("span", markup.join([*tags, said, _status(piece, view, acting, today)], " "))


def _said(piece: BandPiece) -> markup.Markup:
    """Return the date, which stays on one line, and the reported text, which no room's screen shows."""
    is_one = piece.kind in NEW and piece.counts is None
    when = markup.element("span", piece.when, class_="unbroken") if is_one else piece.when
    quote = f", “{piece.quote}”." if piece.quote and not session.room_view() else "."
    return markup.join([when, quote])


def _status(piece: BandPiece, view: CaseView, acting: Acting, today: date) -> str:
    """Return the status with the names of the people; that of several alarms names none."""
    if piece.kind is not PieceKind.ALARM or piece.counts is not None:
        return piece.status
    if piece.records == (view.reference,):
        by = view.alarms.acknowledged_by
        return f"{piece.status.removesuffix('.')}, {session.named(by)}." if by else piece.status
    alarm = next(each for each in view.alarms_since if each.reference == piece.records[0])
    own = alarm.is_open and alarm.by == acting.user and acting.role in COORDINATOR_AND_CHAIR
    another = " You recorded it: another person must acknowledge it." if own else ""
    return f"{status_of(alarm, today, session.named)}{another}"


def _read(pieces: Sequence[BandPiece], view: CaseView) -> markup.Markup | None:
    """Return what opens to the whole of the records that these pieces are about, within the band."""
    undecided = [each for each in view.review.not_decided if len(view.review.not_decided) > 1]
    if any(piece.kind is PieceKind.POLICE_DECISION for piece in pieces):
        if not undecided:
            return None
        return markup.details(
            f"Show the {len(undecided):,}",
            markup.bullets(changes.undecided_in_words(each) for each in undecided),
        )
    about = {record for piece in pieces for record in piece.records}
    there = tuple(incident for incident in view.incidents if incident.reference in about)
    if not there:
        return None
    return markup.details(
        f"Read {_NUMBERS.get(len(there), f'the {len(there):,}')}", incidents.as_table(there, stacks=True)
    )


class _NotSteppedUp(Frozen):
    incident: Annotated[str, Asked("Incident", offered=True)]
    why: Annotated[str, Asked("Reason", part="reason")]


def noting(view: CaseView, to_review: Sequence[str]) -> Form[_NotSteppedUp, object]:
    """Return the form for the reason why nothing changes for an incident."""
    reference = view.reference
    named = {each.reference: words.sentence(incidents.named(each)) for each in view.incidents}
    return Form(
        _NotSteppedUp,
        draft=DraftForm.ALARM,
        case=reference,
        key=f"review-incident-{reference}",
        part="review",
        title="Note why the case is not stepped up",
        offers={"incident": {each: named.get(each, each) for each in to_review}},
        begins={"incident": to_review[0]},
        button="Confirm",
        records=lambda context, given: review_incident(
            context, reference=reference, incident=given.incident, why=given.why
        ),
        done=lambda given, _: f"The reason is recorded for incident {given.incident}.",
        undone_by="stepping the case up",
    )

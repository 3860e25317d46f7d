"""Remains of each kind of row after an erasure, and with the mask in its texts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from engine.domain.links.arrangements import MapNotes
from engine.domain.people.persons import ERASED_NAME
from engine.domain.responses.answers import Failed, NilReturn, Refused
from engine.domain.sharing import LedgerAct
from engine.store.tables.base import Row
from engine.store.tables.cases.incidents import IncidentReportRow
from engine.store.tables.cases.involvements import ReferralVersionRow, ScreeningRow
from engine.store.tables.conference import (
    DecisionRow,
    DissentEntryRow,
    ItemPlanRow,
    MinutesCopyItemRow,
    MinutesCorrectionRow,
    RemarkRow,
    VictimWordsRow,
)
from engine.store.tables.links.maps import LinkMapExportRow, SavedLinkMapRow
from engine.store.tables.people.persons import PersonRecordRow
from engine.store.tables.plans import ActionVersionRow, PlanApprovalRow, PlanNeedRow, PlanRow
from engine.store.tables.responses.answers import AnswerRow
from engine.store.tables.reviews import PlanReviewRow, PoliceDecisionRow
from engine.store.tables.rights.subject_access import AccessStepRow
from engine.store.tables.rights.victim_rights import VictimRequestRow, VictimRequestWordRow
from engine.store.tables.sharing import LedgerRow
from engine.store.tables.victims_outcomes import VictimDescriptionRow, VictimOutcomeRow


class Reasoned(Protocol):
    """A row with a reason that a person typed."""

    @property
    def why(self) -> str | None:
        """The reason; None if there is none."""


class Ruled(Reasoned, Protocol):
    """A row with the grounds of a rule."""

    grounds: dict[str, object]


Columns = Mapping[str, object]
"""Columns as they are after the erasure."""
Emptied = Callable[[Row, str], Columns]
"""From a row and the certificate's reference: its columns after the erasure."""
_NOBODY: dict[str, object] = {
    "forename": None,
    "surname": None,
    "date_of_birth": None,
    "sex": None,
    "identifiers": [],
}
_WHO = frozenset({"perpetrator", "victim", "others_at_risk"})
"""The people of a referral, in its document."""

_RULED = frozenset({LedgerAct.RULE.value, LedgerAct.NARROWED.value})


def erased(certificate: str) -> str:
    """Return the text that replaces an erased one."""
    return f"Erased ({certificate})."


def why(row: Reasoned, certificate: str) -> dict[str, object]:
    """Return the row without its reason."""
    return {"why": None if row.why is None else erased(certificate)}


def outcome(_: Row, certificate: str) -> dict[str, object]:
    """Return an outcome without its sentence."""
    return {"says": erased(certificate)}


def acts_shared(row: Reasoned, certificate: str) -> dict[str, object]:
    """Return a step of sharing without what was shared and without its reason."""
    return {"content": None, "why": erased(certificate)}


def rule(row: Ruled, certificate: str) -> dict[str, object]:
    """Return a rule: with whom, on which basis, for which task and under which law stays; its text goes."""
    stored = dict(row.grounds)
    if stored.get("necessity"):
        stored["necessity"] = erased(certificate)
    return {"grounds": stored, **why(row, certificate)}


def access_request(*_: object) -> dict[str, object]:
    """Return the columns that erase who asked, and in which records they are."""
    return {"asked_by": {**_NOBODY, "surname": ERASED_NAME}, "persons": [], "involvements": []}


def access_step(row: AccessStepRow, certificate: str) -> dict[str, object]:
    """Return that the step was taken, by which controller, and its decision; no words of it."""
    stored = dict(row.content)
    stored |= {
        name: erased(certificate) for name in ("how", "conditions", "provision", "why") if stored.get(name)
    }
    if "held_back" in stored:
        stored["held_back"] = {place: erased(certificate) for place in stored["held_back"]}  # type: ignore[attr-defined]
    if stored.get("told"):
        stored |= {"told": None, "failed": erased(certificate)}
    return {"content": stored}


def report(row: IncidentReportRow, certificate: str) -> dict[str, object]:
    """Erase what was reported, which differs from nothing having been reported."""
    return {"what": None if row.what is None else erased(certificate), "crime_reference": None, "grade": None}


def ledger(row: LedgerRow, certificate: str) -> dict[str, object]:
    """Return a line of the ledger likewise; the ground of a refusal is a code, not text."""
    return {**rule(row, certificate), **({} if row.act in _RULED else {"why": row.why})}


def plan(_: PlanRow, certificate: str) -> Columns:
    """Return that there was this version, and its code of departure; none of its text."""
    return {"reason": erased(certificate), "departs_from_wishes": None}


def item_plan(row: ItemPlanRow, certificate: str) -> Columns:
    """Return the planned minutes and the end of a deferral; no guests, no note and no reason."""
    texts = ("chair_note", "deferred_because", "meanwhile")
    return {
        "guests": [erased(certificate)] if row.guests else [],
        **{name: erased(certificate) for name in texts if getattr(row, name) is not None},
    }


def dissent_entry(row: DissentEntryRow, certificate: str) -> Columns:
    """Return that the agency entered or confirmed its dissent, and when; not why."""
    return {"reasons": None if row.reasons is None else erased(certificate)}


def victim_words(row: VictimWordsRow, certificate: str) -> Columns:
    """Return that the victim's words were recorded, and when they were said; none of the text."""
    return {"content": {**row.content, "text": erased(certificate), "said_by": "erased", "said_to": "erased"}}


def victim_account(_: VictimOutcomeRow | VictimDescriptionRow, certificate: str) -> Columns:
    """Return that the victim was asked for outcomes or a description, and when it was entered; no answer."""
    return {"content": {"erased_by": certificate}}


def correction(_: MinutesCorrectionRow, certificate: str) -> Columns:
    """Return that a correction of the minutes was proposed, and when; not its text."""
    return {"says": erased(certificate)}


def remark(row: RemarkRow, certificate: str) -> Columns:
    """Return that something was said, its agency and nature, and when; not its text or source."""
    return {
        "text": erased(certificate),
        "source": None if row.source is None else erased(certificate),
    }


def minuted(row: MinutesCopyItemRow, certificate: str) -> Columns:
    """Return the number and the case of an item in agreed minutes; none of its content."""
    envelope = {name: row.content.get(name) for name in ("number", "case", "part")}
    return {"content": {**envelope, "erased_by": certificate}}


def plan_review(_: PlanReviewRow, certificate: str) -> Columns:
    """Return that there was this review, by whom, and the date of the next; not what was decided."""
    return {"decided": erased(certificate)}


def topics_asked(*_: object) -> Columns:
    """Return that topics were asked about something, by whom and when; no answer."""
    return {"answers": {"answers": {}}}


def police_decision(row: PoliceDecisionRow, certificate: str) -> Columns:
    """Return the decision, its incident and its time; not who decided, nor why."""
    return {"decided_by": "erased", **why(row, certificate)}


def plan_need(row: PlanNeedRow, certificate: str) -> Columns:
    """Return that the need was recorded or signed, its result, by whom and when; not what was said.

    Nor who informs the victim.
    """
    return {
        "says": None if row.says is None else erased(certificate),
        "informs_person": None if row.informs_person is None else "erased",
        "because": None if row.because is None else erased(certificate),
    }


def plan_approval(row: PlanApprovalRow, certificate: str) -> Columns:
    """Return which conflicts were accepted, without the reasons."""
    return {"accepted": dict.fromkeys(row.accepted, erased(certificate))}


def action(row: ActionVersionRow, certificate: str) -> Columns:
    """Return the action's agency, dates and status; not what it is, its owner, or what was reported."""
    return {
        "what": erased(certificate),
        "owner": "erased",
        "owner_user": None,
        "evidence": None if row.evidence is None else erased(certificate),
        "differs_from_notice": None if row.differs_from_notice is None else erased(certificate),
        "status_note": None,
    }


def masking(how: Emptied, masked: Callable[[str], str]) -> Emptied:
    """Return the columns that an erasure would empty,
    with the mask in their texts and nothing else changed.
    """

    def after(row: Row, certificate: str) -> Columns:
        return {column: _masked(getattr(row, column), masked) for column in how(row, certificate)}

    return after


def _masked(stored: object, masked: Callable[[str], str]) -> object:
    if isinstance(stored, str):
        return masked(stored)
    if isinstance(stored, list):
        return [_masked(each, masked) for each in stored]
    if isinstance(stored, dict):  # a person's identity stays as a source said it
        return {key: each if key in _WHO else _masked(each, masked) for key, each in stored.items()}
    return stored


def answer(row: AnswerRow, certificate: str) -> dict[str, object]:
    sentence = erased(certificate)
    content: dict[str, object] = {"kind": row.kind, "erased_by": certificate}
    if row.kind == NilReturn.model_fields["kind"].default:
        content |= {"looked_in": ["erased"], "says": sentence}
    elif row.kind in (Refused.model_fields["kind"].default, Failed.model_fields["kind"].default):
        ground: dict[str, object] = {
            name: row.content[name] for name in ("ground", "reason") if name in row.content
        }
        content |= {**ground, "says": sentence}
    else:
        content |= {"matched_on": {"says": sentence, "confirmed": False}}
    return {"content": content}


def referral(row: ReferralVersionRow, certificate: str) -> dict[str, object]:
    """Return what still reads as a referral: which it was, and that it is erased.

    Alarm answers are not text.
    """
    there = row.content
    stored: dict[str, object] = {
        name: there[name] for name in ("source", "source_reference", "referred_on", "alarms") if name in there
    }
    gone: dict[str, object] = {
        "reason": erased(certificate),
        "perpetrator": {**_NOBODY, "surname": ERASED_NAME},
    }
    return {"content": {**stored, **gone, "victim": _NOBODY}}


def person(row: PersonRecordRow, certificate: str) -> dict[str, object]:
    folded = ("surname_folded", "forename_folded", "born", "born_earliest", "born_latest")
    after: dict[str, object] = dict.fromkeys(folded)
    return {**after, "described": {**_NOBODY, "surname": ERASED_NAME}}


def screening(row: ScreeningRow, certificate: str) -> dict[str, object]:
    sentence = erased(certificate)
    words = {name: sentence for name in ("advice", "safeguarding") if row.content.get(name)}
    return {"content": {**row.content, "reason": sentence, **words}}


def decision(row: DecisionRow, certificate: str) -> dict[str, object]:
    sentence = erased(certificate)
    judged = [
        {**each, **{text: sentence for text in ("reasons", "settled") if each.get(text)}}
        for each in _listed(row.content.get("judgements"))
    ]
    dissent = [{**each, "who": "erased", "reasons": sentence} for each in _listed(row.content.get("dissent"))]
    low = sentence if row.content.get("low_despite_unknown") else None
    words: dict[str, object] = {"summary": sentence, "judgements": judged, "dissent": dissent}
    words |= {"attendance": [], "weighed": [], "missing": []}
    words |= {text: sentence for text in ("amended_because", "alternatives") if row.content.get(text)}
    return {"content": {**row.content, **words, "low_despite_unknown": low}}


def missing_from(agency: str) -> Callable[[DecisionRow, str], Columns]:
    """Return how a decision is emptied of what this agency had recorded as missing in its response."""

    def emptied(row: DecisionRow, certificate: str) -> Columns:
        missing = [
            {**each, "says": erased(certificate)} if each.get("agency") == agency else each
            for each in _listed(row.content.get("missing"))
        ]
        return {"content": {**row.content, "missing": missing} if missing else row.content}

    return emptied


def victim_request(row: VictimRequestRow, certificate: str) -> dict[str, object]:
    words = dict.fromkeys(("what", "why", "necessary", "handled"), erased(certificate))
    needed = words["why"] if row.content.get("is_counselling") else None
    return {"content": {**row.content, **words, "counselling_needed": needed}}


def victim_request_word(row: VictimRequestWordRow, certificate: str) -> dict[str, object]:
    sentence = erased(certificate)
    fields = {
        name: sentence
        for name in ("authorised_person", "notice_how", "no_notice_because")
        if row.content.get(name)
    }
    return {"content": {**row.content, "why": sentence, **fields}}


def _listed(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []


def notes_of(row: SavedLinkMapRow | LinkMapExportRow) -> MapNotes:
    """Return the caption and the notes of a map."""
    return MapNotes.model_validate(row.notes or {})


def names_any(row: LinkMapExportRow, names: Collection[str]) -> bool:
    """Return whether an exported map begins at one of these or has a note on one, or a path ends at one."""
    ends = {row.middle, row.asked.get("end")}
    return not ends.isdisjoint(names) or any(note.node in names for note in notes_of(row).on_items)


def exported_map(row: LinkMapExportRow, certificate: str) -> dict[str, object]:
    """Return an exported map without its reason, its caption and its notes."""
    notes = MapNotes(caption=erased(certificate)) if row.notes else None
    return {
        "notes": notes.model_dump(mode="json") if notes else None,
        **why(row, certificate),
    }

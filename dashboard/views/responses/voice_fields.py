"""Fields in which an advocate types the victim's voice: three headings, and what the victim agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from dashboard import markup, words
from dashboard.form_draft import FormDraft
from dashboard.views.responses.voices import HEADINGS
from engine.domain.dates import PartialDate, read_date
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.responses.answers import VoiceItem
from engine.domain.responses.reported import RecordPointer
from engine.domain.responses.voices import EVERYONE, AdvocateOffer, Agreement, OfferOutcome, VoiceTopic, Whose

_PROTECTED_ROWS = 2
PROTECTED = tuple(f"-protected-{number}" for number in range(1, _PROTECTED_ROWS + 1))
"""The ends of the keys of the protected details, which no draft stores: no page shows one again."""


@dataclass(frozen=True, kw_only=True)
class VoiceTyped:
    """One row as it was typed."""

    name: str
    key: str
    whose: Whose
    about: VoiceTopic | None
    sentence: str
    agreed: Agreement
    with_whom: tuple[str, ...]
    which: str
    what: str
    dated: str

    @property
    def is_filled_in(self) -> bool:
        """True if anything in it is more than the fields offer as they come."""
        typed = (self.sentence, self.which, self.what, self.dated)
        chosen = self.about is not None or self.agreed is not Agreement.NOT_ASKED or bool(self.with_whom)
        return chosen or any(each.strip() for each in typed)


def rows(draft: FormDraft, count: int, agencies: Mapping[str, str]) -> list[VoiceTyped]:
    """Return so many rows under each of the three headings."""
    typed = []
    markup.draw(
        markup.element(
            "p",
            (
                "If the victim has not agreed to share something, only the fact that it exists is "
                "stored, never its content."
            ),
            class_="sub",
        )
    )
    for whose, heading in HEADINGS.items():
        markup.draw(markup.heading(heading, at=f"{draft.key}-{whose.name.lower()}", level=3))
        typed += [_row(whose, number, draft, agencies) for number in range(1, count + 1)]
    return typed


def items(typed: list[VoiceTyped]) -> tuple[VoiceItem, ...]:
    """Return what was filled in; a row in which nothing was filled in is none."""
    return tuple(_item(row) for row in typed if row.is_filled_in)


ProtectedTyped = list[tuple[int, ProtectedKind | None, str]]
OfferTyped = tuple[str, str, OfferOutcome | None]


def protected_rows(key: str) -> ProtectedTyped:
    """Return the fields of what goes to the protected tables as soon as it is saved."""
    markup.draw(markup.heading("Safe contact, and where the victim is", at=f"{key}-safe", level=3))
    markup.draw(
        markup.element(
            "p",
            (
                "This is stored as a protected detail and no page shows it again. Do not write it "
                "anywhere else."
            ),
            class_="sub",
        )
    )
    found = []
    for number in range(1, _PROTECTED_ROWS + 1):
        left, right = st.columns([2, 5])
        with left:
            kind = st.selectbox(
                f"Protected detail {number}: kind",
                list(ProtectedKind),
                index=None,
                format_func=words.labelled,
                key=f"{key}-protected-kind-{number}",
            )
        with right:
            value = st.text_input(
                f"Protected detail {number}", key=f"{key}-protected-{number}", max_chars=500
            )
        found.append((number, kind, value.strip()))
    return found


def protected(typed: ProtectedTyped) -> tuple[ProtectedValue, ...]:
    """Return what was filled in."""
    return tuple(_protected(*row) for row in typed if row[1] is not None or row[2])


def offer_fields(key: str) -> OfferTyped:
    """Return the fields of whether the victim was offered an advocate."""
    markup.draw(markup.heading("Was the victim offered an advocate?", at=f"{key}-offer", level=3))
    on_column, by_column, outcome_column = st.columns(3)
    with on_column:
        on = st.text_input("Offered on", key=f"{key}-offered-on", placeholder="3 March 2026")
    with by_column:
        by = st.text_input("Offered by (a post, no name)", key=f"{key}-offered-by", max_chars=120)
    with outcome_column:
        came_to = st.selectbox(
            "Result of the offer",
            list(OfferOutcome),
            index=None,
            placeholder="Not recorded",
            format_func=lambda each: words.sentence(each.value),
            key=f"{key}-offered-came-to",
        )
    return on.strip(), by.strip(), came_to


def offer(typed: OfferTyped) -> AdvocateOffer | None:
    """Return what was filled in; nothing filled in is "not recorded"."""
    on, by, came_to = typed
    if not (on or by or came_to):
        return None
    return AdvocateOffer(offered_on=_day("offered on", on), by=by or None, came_to=came_to)


def _row(whose: Whose, number: int, draft: FormDraft, agencies: Mapping[str, str]) -> VoiceTyped:
    name, place = f"{HEADINGS[whose]} {number}", f"{whose.name.lower()}-{number}"
    key = f"{draft.key}-{place}"
    sentence = draft.text(f"{place}-says", name)
    about_column, agreed_column, whom_column = st.columns([2, 2, 3], vertical_alignment="bottom")
    with about_column:
        about = st.selectbox(
            f"{name}: about",
            list(VoiceTopic),
            index=None,
            format_func=words.labelled,
            key=f"{key}-about",
        )
    with agreed_column:
        agreed = st.selectbox(
            f"{name}: has the victim agreed to share it?",
            [Agreement.NOT_ASKED, Agreement.YES, Agreement.NO],
            format_func=lambda each: words.sentence(each.value),
            key=f"{key}-agreed",
        )
    with whom_column:
        whom = st.multiselect(
            f"{name}: share with",
            [EVERYONE, *agencies],
            format_func=lambda code: words.sentence(agencies.get(code, code)),
            key=f"{key}-whom",
        )
    which_column, what_column, dated_column = st.columns(3)
    with which_column:
        which = st.text_input(f"{name}: record", key=f"{key}-record", max_chars=80)
    with what_column:
        what = st.text_input(f"{name}: kind of record", key=f"{key}-kind", max_chars=60)
    with dated_column:
        dated = st.text_input(f"{name}: date of record", key=f"{key}-dated", placeholder="March 2026")
    return VoiceTyped(
        name=name,
        key=f"{whose.name.lower().replace('_', '-')}-{number}",
        whose=whose,
        about=about,
        sentence=sentence,
        agreed=agreed or Agreement.NOT_ASKED,
        with_whom=tuple(whom),
        which=which,
        what=what,
        dated=dated,
    )


def _item(row: VoiceTyped) -> VoiceItem:
    name = row.name.lower()
    if not row.sentence.strip():
        raise InvalidInputError(name, "write what was said, or clear the other fields")
    if row.about is None:
        raise InvalidInputError(name, "choose what it is about")
    if not row.which.strip() or not row.what.strip():
        raise InvalidInputError(name, "give the record it is based on, and its kind")
    if row.agreed is Agreement.YES and not row.with_whom:
        raise InvalidInputError(name, "choose who the victim agreed to share it with")
    if row.agreed is not Agreement.YES and row.with_whom:
        raise InvalidInputError(name, "the victim has not agreed to share it; leave 'share with' blank")
    if EVERYONE in row.with_whom and len(row.with_whom) > 1:
        raise InvalidInputError(name, f"choose either '{EVERYONE}' or named agencies")
    pointer = RecordPointer(record=row.which, kind=row.what, dated=_day(f"{name}: date of record", row.dated))
    return VoiceItem(
        key=row.key,
        whose=row.whose,
        about=row.about,
        says=row.sentence.strip(),
        records=(pointer,),
        agreed_to_sharing=row.agreed,
        with_whom=row.with_whom,
    )


def _protected(number: int, kind: ProtectedKind | None, value: str) -> ProtectedValue:
    if kind is None or not value:
        raise InvalidInputError(f"protected detail {number}", "give both its kind and the value")
    return ProtectedValue(kind=kind, value=value)


def _day(name: str, typed: str) -> PartialDate | None:
    try:
        return read_date(typed) if typed.strip() else None
    except ValueError as error:
        raise InvalidInputError(name, str(error)) from None
